"""What is hot in a unit before its leader receives. Denunciations take no part, whoever reads: the
brief is printed and handed on."""

import datetime as dt
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import Count, Q

from accounts.access import Access
from common.time import local_moment, today
from communes.models import Unit
from petitions.enums import Kind
from petitions.models import Case
from petitions.models.case import CaseQuerySet
from receptions.enums import NoticeState
from receptions.models import TASK_OVER, ConclusionTask
from receptions.policies import can_see_visitors
from receptions.sealing import tasks_cover

SPAN = dt.timedelta(days=30)
SHOWN, TASKS_SHOWN = 5, 12


class Rise(NamedTuple):
    """Petitions of the last 30 days and of the 30 before, in a subject field or a place."""

    name: str
    now: int
    before: int


@dataclass(frozen=True)
class HotSpots:
    """``places`` are units, of a city body's sight alone: a petition holds no finer place."""

    fields: list[Rise]
    places: list[Rise]
    overdue: int
    escalated: int
    worst: list[Case]


def hot_spots(access: Access, unit: Unit) -> HotSpots:
    """Where petitions rise and what is late, among the open petitions that the reader sees: of the
    unit, for a body of the city of all units. Five queries at most."""
    rows = Case.objects.held_for(access).exclude(kind=Kind.DENUNCIATION)
    if unit.is_commune_level:
        rows = rows.filter(unit=unit)
    late = rows.overdue(today())
    return HotSpots(
        _rises(rows, "field__label_vi"),
        [] if unit.is_commune_level else _rises(rows, "unit__full_name"),
        late.count(),
        rows.open().filter(escalation_level__gt=0).count(),
        list(late.with_list_data().order_by("due_on", "id")[:SHOWN]),
    )


def _rises(rows: CaseQuerySet, name: str) -> list[Rise]:
    """Those with more than in the month before, the largest rise first."""
    turn, start = local_moment(today() - SPAN), local_moment(today() - 2 * SPAN)
    counted: Any = (
        rows.filter(submitted_at__gte=start)
        .order_by()
        .values(name)
        .annotate(
            now=Count("id", filter=Q(submitted_at__gte=turn)),
            before=Count("id", filter=Q(submitted_at__lt=turn)),
        )
    )
    found = [Rise(str(row[name]), row["now"], row["before"]) for row in counted]
    rising = [rise for rise in found if rise.now > rise.before]
    return sorted(rising, key=lambda rise: (rise.before - rise.now, rise.name))[:SHOWN]


def conclusion_tasks_open(access: Access, unit: Unit) -> list[ConclusionTask]:
    """What earlier receptions of the unit, or of others, left to do, the nearest date first; for
    those who see the unit's visitors. The list stands before the visitors' names: of a visit that
    was about a denunciation it says what a sparse record says. One query."""
    if not can_see_visitors(access, unit.pk):
        return []
    own = Q(notice__session__unit=unit) | Q(unit=unit)
    rows = ConclusionTask.objects.filter(own, notice__state=NoticeState.ISSUED)
    rows = rows.exclude(state__in=TASK_OVER)
    rows = rows.select_related("unit", "notice__session", "notice__visit__case")
    return tasks_cover(access, rows.order_by("due_on", "id")[:TASKS_SHOWN], beside_names=True)
