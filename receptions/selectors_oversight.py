"""The oversight board: what duty holders owe and did, and what came of their conclusions."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from django.db.models import Case, Count, F, Max, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce

from accounts.access import Access
from accounts.roles import Permission
from common.errors import NotVisible
from common.text import fold
from common.time import local_date, local_moment, month_after, months_between, today
from communes.enums import UnitKind
from communes.models import Unit
from communes.selectors import unit_by_code
from receptions.enums import NoticeState, TaskState
from receptions.models import TASK_OVER, ConclusionClock, ConclusionTask, QuotaUrging
from receptions.policies import can_oversee
from receptions.quotas import State, month_span
from receptions.selectors_quota import Ledger, QuotaLine

BODY = "body"
URGINGS_SHOWN = 20


class TaskCounts(NamedTuple):
    """Tasks from conclusions: done in a span of dates; of those open at its end still running,
    or reported and waiting for the leader, and late: not reported by their date."""

    done: int = 0
    running: int = 0
    late: int = 0


class Sums(NamedTuple):
    """Days and sessions of a row, of months that have begun (of one month, also ahead)."""

    required: int = 0
    planned: int = 0
    published: int = 0
    held: int = 0
    missing: int = 0
    delegated: int = 0
    late: int = 0
    missed: int = 0
    unrecorded: int = 0


class Filters(NamedTuple):
    """What the board shows. ``kind``: of the unit, or ``body``; ``sort``: a name of ``SORTS``."""

    district: str = ""
    kind: str = ""
    duty: str = ""
    problems: bool = False
    sort: str = ""


@dataclass(frozen=True)
class BoardRow:
    """A duty of a unit, a line a month; None in months without a duty. ``tasks``: what the holder
    of the duty concluded; ``own_late``: what the unit itself must carry out and is late with."""

    unit: Unit
    duty_holder: str
    lines: Sequence[QuotaLine | None]
    tasks: TaskCounts
    urged_on: dt.date | None
    on: dt.date
    own_late: int = 0

    @cached_property
    def begun(self) -> list[QuotaLine]:
        """Lines of months that have begun; of a single month that one."""
        lines = [line for line in self.lines if line is not None]
        return lines if len(self.lines) == 1 else [one for one in lines if one.month <= self.on]

    @cached_property
    def sums(self) -> Sums:
        rows = [(*line.tally, *line.marks) for line in self.begun]
        return Sums(*map(sum, zip(*rows, strict=True))) if rows else Sums()

    @cached_property
    def state(self) -> State:
        """The worst of its months."""
        return max((line.outlook.state for line in self.begun), default=State.FINE)

    @property
    def is_problem(self) -> bool:
        sums = self.sums
        marked = sums.late or sums.missed or sums.unrecorded or self.tasks.late or self.own_late
        return bool(marked) or self.state != State.FINE


SORTS = {
    "missing": lambda row: -row.sums.missing,
    "late": lambda row: -row.sums.late,
    "missed": lambda row: -row.sums.missed - row.sums.unrecorded,
    "tasks": lambda row: -row.tasks.late - row.own_late,
}


def board(
    access: Access, first: dt.date, last: dt.date, filters: Filters, *, unit: Unit | None = None
) -> list[BoardRow]:
    """The rows of the months from ``first`` to ``last`` (their first days), by unit and duty.

    Six queries whatever the number of units and months. Raises NotVisible for whoever oversees
    nothing.
    """
    on = today()
    units = overseen(access)
    if unit is not None:
        units = units.filter(pk=unit.pk)
    ledger = Ledger.read(_narrowed(units, filters), first, last, on)
    months = months_between(first, last)
    tasks, urged = _tasks(ledger.units, first, last, on), _urged(first, last)
    rows = [
        BoardRow(
            each,
            duty,
            lines,
            tasks.given.get((each.pk, duty), TaskCounts()),
            urged.get((each.pk, duty)),
            on,
            tasks.own_late.get(each.pk, 0),
        )
        for each, duty, lines in _lines(ledger, months)
        if filters.duty in ("", duty)
    ]
    return _sorted([row for row in rows if row.is_problem or not filters.problems], filters.sort)


def overseen(access: Access) -> QuerySet[Unit]:
    """Units on a person's board: the city's, or those that the person leads. Raises NotVisible."""
    if not can_oversee(access):
        raise NotVisible
    rows = Unit.objects.exclude(kind=UnitKind.CITY)
    if Permission.RECEPTION_VIEW in access.city:
        return rows
    return rows.filter(pk__in=access.units(Permission.OVERVIEW_VIEW))


def unit_overseen(access: Access, code: str) -> Unit:
    """A unit of the person's board. Raises NotVisible."""
    unit = unit_by_code(code)
    if unit is None or not overseen(access).filter(pk=unit.pk).exists():
        raise NotVisible
    return unit


def tasks_late(on: dt.date) -> QuerySet[ConclusionTask]:
    """Tasks of issued conclusions that nobody reported although their local date passed, the oldest
    first; what waits for the leader's look is not the unit's delay."""
    rows = ConclusionTask.objects.filter(notice__state=NoticeState.ISSUED, due_on__lt=on)
    return rows.exclude(state__in=(*TASK_OVER, TaskState.REPORTED)).order_by("due_on", "pk")


def tasks_as_of(rows: QuerySet[ConclusionTask], day: dt.date) -> QuerySet[ConclusionTask]:
    """Tasks that were not called off by the end of a local date, with ``due_then``: the date that
    held on it, whatever was extended since."""
    clocks = ConclusionClock.objects.filter(task=OuterRef("pk"), clock__started_on__lte=day)
    held = Subquery(clocks.order_by("-pk").values("clock__due_on")[:1])
    moved = When(~Q(extension_reason=""), then=Coalesce(held, F("due_on")))
    rows = rows.exclude(state=TaskState.CANCELLED, closed_on__lte=day)
    return rows.annotate(due_then=Case(moved, default=F("due_on")))


def unreported_at(day: dt.date) -> Q:
    """Tasks of ``tasks_as_of`` whose date lay before it, not reported at its end."""
    end = local_moment(day + dt.timedelta(days=1))
    told = Q(reported_at__lt=end, state__in=(TaskState.REPORTED, TaskState.DONE))
    return Q(due_then__lt=day) & ~told


def urgings_of(unit: Unit, first: dt.date, last: dt.date) -> list[QuotaUrging]:
    """How a unit was urged about months from ``first`` to ``last``, the latest first."""
    rows = QuotaUrging.objects.filter(unit=unit, month__gte=first, month__lte=last)
    return list(rows.select_related("by", "unit")[:URGINGS_SHOWN])


def _narrowed(units: QuerySet[Unit], filters: Filters) -> QuerySet[Unit]:
    if filters.district:
        units = units.filter(former_district=filters.district)
    if filters.kind == BODY:
        return units.exclude(kind__in=(UnitKind.WARD, UnitKind.COMMUNE))
    return units.filter(kind=filters.kind) if filters.kind else units


def _lines(
    ledger: Ledger, months: Sequence[dt.date]
) -> Iterator[tuple[Unit, str, list[QuotaLine | None]]]:
    for unit in sorted(ledger.units.values(), key=lambda each: each.code):
        for duty in ledger.duties(unit):
            lines = [ledger.line(unit, duty, month) for month in months]
            if any(lines):
                yield unit, duty, lines


class _Tasks(NamedTuple):
    """``given``: by unit and duty that concluded; ``own_late``: by unit that must carry them out."""

    given: dict[tuple[int, str], TaskCounts]
    own_late: dict[int, int]


def _tasks(units: Iterable[int], first: dt.date, last: dt.date, on: dt.date) -> _Tasks:
    """As they stood at the end of the months, or stand today; one query."""
    until = min(month_span(last).last, on)
    wanted = list(units)
    issued = ConclusionTask.objects.filter(
        Q(unit__in=wanted) | Q(notice__session__unit__in=wanted),
        notice__state=NoticeState.ISSUED,
        notice__issued_at__lt=local_moment(until + dt.timedelta(days=1)),
    )
    rows = (
        tasks_as_of(issued, until)
        .order_by()
        .values_list("notice__session__unit_id", "notice__session__duty_holder", "unit_id")
        .annotate(**_task_counts(first, until))
    )
    tasks = _Tasks({}, {})
    for received, duty, doer, *counts in rows:
        before = tasks.given.get((received, duty), TaskCounts())
        tasks.given[received, duty] = TaskCounts(*map(sum, zip(before, counts, strict=True)))
        tasks.own_late[doer] = tasks.own_late.get(doer, 0) + counts[-1]
    return tasks


def _task_counts(first: dt.date, until: dt.date) -> dict[str, Count]:
    open_then = Q(closed_on=None) & ~Q(state__in=TASK_OVER) | Q(closed_on__gt=until)
    late = unreported_at(until)
    return {
        "done": Count("id", filter=Q(closed_on__gte=first, closed_on__lte=until)),
        "running": Count("id", filter=open_then & ~late),
        "late": Count("id", filter=open_then & late),
    }


def _urged(first: dt.date, last: dt.date) -> dict[tuple[int, str], dt.date]:
    rows = (
        QuotaUrging.objects.filter(month__gte=first, month__lt=month_after(last))
        .order_by()
        .annotate(unit_key=F("unit_id"))
        .values("unit_key", "duty_holder")
        .annotate(last=Max("at"))
    )
    columns = rows.values_list("unit_key", "duty_holder", "last")
    return {(unit_id, duty): local_date(at) for unit_id, duty, at in columns}


def _sorted(rows: list[BoardRow], sort: str) -> list[BoardRow]:
    key = SORTS.get(sort)
    if key is None:
        return rows
    return sorted(rows, key=lambda row: (key(row), fold(row.unit.name), row.duty_holder))
