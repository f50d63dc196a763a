"""The names that units bore when something happened, where a reform came in between."""

from collections.abc import Iterable

from common.time import local_date
from communes.selectors import unit_by_code
from petitions.models import Case, CaseEvent
from petitions.models.events import UNIT_MOVED


def formerly(case: Case, events: Iterable[CaseEvent]) -> str:
    """By which units, or under which names, an open case was held before; "" where that never
    changed. No query: ``events`` are those of the case, in any order."""
    if not case.is_open:
        return ""
    moved = sorted(
        (event for event in events if event.action == UNIT_MOVED), key=lambda e: e.sequence
    )
    found = [unit_by_code(str(event.data.get("from", ""))) for event in moved]
    names = [unit.full_name for unit in found if unit is not None]
    if not moved:
        names.append(case.unit.name_on(local_date(case.submitted_at)))
    return ", ".join(name for name in dict.fromkeys(names) if name != case.unit.full_name)
