"""What must hold after units were reformed."""

from collections.abc import Iterator

from django.db.models import F, Q

from common.invariants import invariant
from common.time import today
from communes.models import Unit, UnitSuccession
from deadlines.models import OPEN_STATES, Clock
from directives.enums import OVER
from directives.models import Assignment
from petitions.models import Case

SHOWN = 20


@invariant("continuity.ended_units_hold_nothing_open")
def ended_units_hold_nothing_open() -> Iterator[str]:
    """A unit with a successor has no open case, task or running limit."""
    gone = UnitSuccession.objects.filter(unit__valid_to__lt=today()).values("unit_id")
    yield from Case.objects.filter(unit_id__in=gone, closed_at=None).values_list("code", flat=True)[
        :SHOWN
    ]
    tasks = Assignment.objects.filter(unit_id__in=gone).exclude(state__in=OVER)
    yield from map(str, tasks.values_list("public_id", flat=True)[:SHOWN])
    clocks = Clock.objects.filter(holder_unit_id__in=gone, state__in=OPEN_STATES)
    codes = clocks.values_list("holder_unit__code", flat=True)[:SHOWN]
    yield from (f"a limit of {code}" for code in codes)


@invariant("continuity.files_are_kept_by_successors")
def files_are_kept_by_successors() -> Iterator[str]:
    """``Unit.keeps`` is what ``UnitSuccession`` tells, all the way back."""
    direct: dict[int, set[int]] = {}
    for old, new in UnitSuccession.objects.filter(keeps_files=True).values_list(
        "unit", "successor"
    ):
        direct.setdefault(new, set()).add(old)
    for unit in Unit.objects.filter(Q(pk__in=direct) | ~Q(keeps=[])):
        if set(unit.keeps) != _all_before(unit.pk, direct):
            yield unit.code


def _all_before(pk: int, direct: dict[int, set[int]]) -> set[int]:
    found: set[int] = set()
    waiting = list(direct.get(pk, ()))
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.add(one)
            waiting += direct.get(one, ())
    return found


@invariant("continuity.successors_begin_when_units_end")
def successors_begin_when_units_end() -> Iterator[str]:
    """Who has a successor ended before it began."""
    rows = UnitSuccession.objects.filter(Q(unit__valid_to=None) | Q(unit__valid_to__gte=F("on")))
    yield from rows.values_list("unit__code", flat=True)[:SHOWN]
