"""The papers of a unit: what waits for the head, whose drafts lie about, what was issued."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from accounts.access import Access
from accounts.roles import Permission
from common.api import Keyset
from common.errors import NotVisible
from common.time import local_moment
from communes.models import Unit
from papers.enums import PaperState
from papers.models import Paper
from papers.selectors import listed
from petitions.models import Case

WAITING, MINE, ISSUED = "waiting", "mine", "issued"
ORDERS = {
    WAITING: Keyset("id"),  # whoever waits longest comes first
    MINE: Keyset("-id"),
    ISSUED: Keyset("-issued_at", "-id"),
}
_SEES = (Permission.CASE_VIEW, Permission.DENUNCIATION_VIEW)
ONE = dt.timedelta(days=1)


@dataclass(frozen=True)
class Asked:
    """``since`` and ``until``: Hà Nội dates of the issue, or of the drafting before it.
    ``number``: of an issued paper, whole (12/TB-UBND-HS) or its first part (12)."""

    unit: Unit
    tab: str = WAITING
    kind: str = ""
    since: dt.date | None = None
    until: dt.date | None = None
    number: str = ""


def units_with_papers(access: Access) -> list[Unit]:
    """The units in which the person sees cases by membership, those that are no more last."""
    ids = frozenset[int]().union(*(access.units(permission) for permission in _SEES))
    units = sorted(Unit.objects.filter(pk__in=ids), key=lambda unit: unit.code)
    return sorted(units, key=lambda unit: unit.pk in access.past)


def unit_asked(units: Sequence[Unit], code: str) -> Unit:
    """The unit with the code among these, the first without one. Raises NotVisible."""
    unit = next((one for one in units if not code or one.code == code), None)
    if unit is None:
        raise NotVisible
    return unit


def papers_asked(access: Access, asked: Asked) -> QuerySet[Paper]:
    """Papers of cases that the person sees, without their words; order them by ``ORDERS``."""
    rows = listed(_tab(access, asked)).select_related("case", "case__unit")
    day = "issued_at" if asked.tab == ISSUED else "drafted_at"
    if asked.kind:
        rows = rows.filter(kind=asked.kind)
    if asked.since:
        rows = rows.filter(**{f"{day}__gte": local_moment(asked.since)})
    if asked.until:
        rows = rows.filter(**{f"{day}__lt": local_moment(asked.until + ONE)})
    return _numbered(rows, asked.number) if asked.number else rows


def _tab(access: Access, asked: Asked) -> QuerySet[Paper]:
    rows = Paper.objects.filter(case__in=Case.objects.visible_to(access))
    if asked.tab == ISSUED:
        return rows.filter(unit=asked.unit, number__isnull=False)
    rows = rows.filter(case__unit=asked.unit)
    if asked.tab == MINE:
        return rows.filter(state=PaperState.DRAFT, drafted_by=access.user_id)
    return rows.filter(state=PaperState.SUBMITTED)


def _numbered(rows: QuerySet[Paper], typed: str) -> QuerySet[Paper]:
    first, slash, _rest = typed.partition("/")
    if not slash and first.isascii() and first.isdecimal():
        # More digits than a number can have: of no paper.
        return rows.filter(number=int(first)) if len(first) <= 9 else rows.none()
    return rows.filter(shown_number__icontains=typed)


def papers_counted(access: Access, unit: Unit) -> dict[str, int]:
    """How many wait and how many drafts are one's own. Two queries."""
    tabs = (WAITING, MINE)
    return {tab: _tab(access, Asked(unit, tab)).order_by().count() for tab in tabs}


def papers_waiting(access: Access) -> int:
    """How many papers wait for the person to issue them; no query where none can."""
    units = access.units(Permission.CASE_DECIDE)
    if not units:
        return 0
    rows = Paper.objects.filter(state=PaperState.SUBMITTED, case__unit_id__in=units)
    return rows.filter(case__in=Case.objects.visible_to(access)).count()
