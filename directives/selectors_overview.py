"""Units × tasks for the overview, in a fixed number of queries however many units there are.

Columns are documents, or the groups of one, or the tasks of one group: 126 units and 200 tasks are
never read one by one unless a group is opened.
"""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import (
    Count,
    DateTimeField,
    Exists,
    ExpressionWrapper,
    F,
    Max,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Sum,
)
from django.db.models.lookups import GreaterThanOrEqual

from accounts.access import Access
from common.text import fold
from common.time import month_after
from communes.models import Unit
from communes.selectors import unit_groups, units_all
from directives.enums import (
    DONE,
    OPEN_WORK,
    OVER,
    OWED,
    TOLD,
    DirectiveState,
    PeriodState,
    Rhythm,
    Verdict,
)
from directives.models import Assignment, AssignmentPeriod, Directive, Task, TaskGroup
from directives.overview import Cell, summed
from directives.selectors_values import figures_of, verdict_of

# Reports of periods of an assignment that are still asked for: what is over owes none, though the
# period that had begun stays as it was.
OWING = Q(periods__state__in=OWED) & ~Q(state__in=OVER)
# What has a rhythm and is not over: it counts by its reports.
GOING_ON = ~Q(state__in=DONE) & ~Q(task__rhythm=Rhythm.ONCE)
# Sent after its date, which in Hà Nội is over at 17:00 UTC on every day of the year. Asking each of
# 300,000 moments for its local date took twice as long.
SENT_LATE = Q(
    GreaterThanOrEqual(
        F("periods__reported_at"),
        ExpressionWrapper(F("periods__due_on") + dt.timedelta(hours=17), DateTimeField()),
    )
)
_GROUP = "task__group"
_DIRECTIVE = "task__group__directive"
# What of an assignment a cell of a group that is open needs.
_SHOWN = (
    "public_id", "unit", "task", "state", "due_on", "periods_told", "periods_accepted",
)  # fmt: skip
SORTS = ("district", "late", "done", "name")


@dataclass(frozen=True)
class Scope:
    """What of the overview is looked at. ``directive`` a slug, ``group`` a code, ``kind`` a unit
    kind; "" for all. ``period``: the first day of a month, to look at reports of periods that
    began in it instead of how things stand now."""

    directive: str = ""
    group: str = ""
    addressee: str = ""
    district: str = ""
    kind: str = ""
    period: dt.date | None = None

    @property
    def column(self) -> str:
        """The path from an assignment to what the columns are."""
        if self.group:
            return "task"
        return _GROUP if self.directive else _DIRECTIVE


@dataclass(frozen=True)
class Column:
    """``key``: how the column is opened (a slug or a code); ``short``: its head."""

    pk: int
    key: str
    short: str
    title: str


@dataclass(frozen=True)
class OneTask:
    """What a single task of a unit is at."""

    public_id: uuid.UUID
    state: str
    is_late: bool
    # Of a task with a rhythm that goes on: what is known of its periods, else None.
    rounds: Cell | None = None
    # Done, with a figure that does not reach the target.
    is_below: bool = False


@dataclass
class HeatRow:
    unit: Unit
    cells: dict[int, Cell]
    total: Cell = field(default_factory=Cell)


@dataclass
class Heat:
    """The table: ``rows`` by unit, ``totals`` by column, ``tasks`` where one group is open."""

    columns: list[Column]
    rows: list[HeatRow]
    totals: dict[int, Cell]
    total: Cell
    tasks: dict[tuple[int, int], OneTask] = field(default_factory=dict)


def scoped(access: Access, scope: Scope, unit: Unit | None = None) -> QuerySet[Assignment]:
    """What the person may see of a scope, of one unit if it is named; without a document, of all
    that still ask something (``asking``). One query, for the tasks."""
    rows = Assignment.objects.visible_to(access).live().filter(task__in=_task_ids(scope))
    if unit is not None:
        rows = rows.filter(unit=unit)
    chosen = {
        "addressee": scope.addressee,
        "unit__former_district": scope.district,
        "unit__kind": scope.kind,
    }
    return rows.filter(**{name: value for name, value in chosen.items() if value})


def _task_ids(scope: Scope) -> list[int]:
    """The tasks of a scope: named one by one, so that the planner knows how many rows there are."""
    rows = Task.objects.all()
    if scope.directive:
        rows = rows.filter(group__directive__slug=scope.directive)
    else:
        rows = rows.filter(group__directive__in=asking())
    if scope.group:
        rows = rows.filter(group__code=scope.group)
    return list(rows.values_list("pk", flat=True))


def asking() -> QuerySet[Directive]:
    """The documents that count without one being chosen: those in force, and replaced ones on which
    something is still owed. What is late is of these, so that list and table hold the same."""
    owed = Assignment.objects.exclude(state__in=OVER)
    going_on = Q(state=DirectiveState.REPLACED, pk__in=owed.values("task__group__directive"))
    return Directive.objects.filter(Q(state=DirectiveState.IN_FORCE) | going_on)


def late_own(on: dt.date) -> Q:
    """Assignments past their own date."""
    return Q(state__in=OPEN_WORK, due_on__lt=on)


def periods_late(rows: QuerySet[Assignment], on: dt.date) -> QuerySet[AssignmentPeriod]:
    """Reports of periods that are owed past their date, of these assignments."""
    going_on = rows.exclude(state__in=OVER)
    return AssignmentPeriod.objects.filter(
        state__in=OWED, due_on__lt=on, assignment__in=going_on.values("pk")
    )


def heat(access: Access, scope: Scope, on: dt.date, sort: str = "district") -> Heat:
    """The table of a scope on a Hà Nội date, at most seven queries."""
    rows = scoped(access, scope)
    tasks = _tasks(rows, on) if scope.group and scope.period is None else {}
    keys = ("unit", scope.column)
    cells = _cells_of_tasks(tasks) if tasks else cells_by(rows, keys, on, scope.period)
    columns = _columns(scope, {column for _unit, column in cells})
    lines = rows_by_unit(cells)
    totals = {
        column.pk: summed(line.cells[column.pk] for line in lines if column.pk in line.cells)
        for column in columns
    }
    return Heat(columns, ordered(lines, sort), totals, summed(totals.values()), tasks)


def rows_by_unit(cells: Mapping[tuple[int, int], Cell]) -> list[HeatRow]:
    """Counts by unit and something else as a row a unit; units come from memory."""
    found: dict[int, dict[int, Cell]] = {}
    for (unit, column), cell in cells.items():
        found.setdefault(unit, {})[column] = cell
    units = {unit.pk: unit for unit in units_all()}
    return [HeatRow(units[pk], line, summed(line.values())) for pk, line in found.items()]


def cells_by(
    rows: QuerySet[Assignment], keys: tuple[str, str], on: dt.date, period: dt.date | None = None
) -> dict[tuple[int, int], Cell]:
    """Counts by two keys, which are paths from an assignment, such as ``unit``; three queries. None
    reads the periods that are over: of those every assignment keeps the numbers."""
    if period is not None:
        return _cells_of_period(rows, keys, on, period)
    counted = rows.values_list(*keys).annotate(
        total=Count("pk"),
        done=Count("pk", filter=Q(state__in=DONE)),
        late=Count("pk", filter=late_own(on)),
        going_on=Count("pk", filter=GOING_ON),
        told=Sum("periods_told", filter=GOING_ON, default=0),
        accepted=Sum("periods_accepted", filter=GOING_ON, default=0),
    )
    found = {(a, b): Cell(*counts) for a, b, *counts in counted}
    for key, cell in _apart(rows, keys, on).items():
        found.setdefault((key[0], key[1]), Cell()).add(cell)
    return found


def _apart(
    rows: QuerySet[Assignment], keys: tuple[str, ...], on: dt.date
) -> dict[tuple[Any, ...], Cell]:
    """What the numbers of assignments do not say, by keys: those late by a report of a period alone,
    and how many reports are due that were not sent, less those sent before their date that wait for
    the City: nothing is held against a unit for being early. Two queries, of few periods; counted
    apart, since in one PostgreSQL would sort every period to tell the assignments."""
    found: dict[tuple[Any, ...], Cell] = defaultdict(Cell)
    late = rows.exclude(late_own(on)).filter(owes_a_period(on)).values_list(*keys).order_by()
    for *key, n in late.annotate(n=Count("pk")):
        found[tuple(key)].late = n
    owed = OWING & Q(periods__due_on__lt=on)
    early = Q(periods__state=PeriodState.REPORTED, periods__due_on__gte=on)
    apart = rows.filter(GOING_ON).filter(owed | early).values_list(*keys, "periods__state")
    for *key, state, n in apart.order_by().annotate(n=Count("periods")):
        found[tuple(key)].due += -n if state == PeriodState.REPORTED else n
    return found


def owes_a_period(on: dt.date) -> Q:
    """Assignments that go on and of which a report of a period is owed past its date."""
    owed = AssignmentPeriod.objects.filter(assignment=OuterRef("pk"), state__in=OWED, due_on__lt=on)
    return ~Q(state__in=OVER) & Q(Exists(owed))


def _cells_of_period(
    rows: QuerySet[Assignment], keys: tuple[str, str], on: dt.date, month: dt.date
) -> dict[tuple[int, int], Cell]:
    """The reports of one month: sent is done, sent late or owed past the date is late."""
    periods = rows.filter(periods__starts_on__gte=month, periods__starts_on__lt=month_after(month))
    sent = Q(periods__state__in=TOLD)
    late = (OWING & Q(periods__due_on__lt=on)) | (sent & SENT_LATE)
    counted = periods.values_list(*keys).annotate(
        total=Count("periods", filter=sent | OWING),
        done=Count("periods", filter=sent),
        late=Count("periods", filter=late),
    )
    return {(a, b): Cell(total, done, n) for a, b, total, done, n in counted if total}


def _tasks(rows: QuerySet[Assignment], on: dt.date) -> dict[tuple[int, int], OneTask]:
    """Every assignment of a group that is open, by unit and task."""
    apart = _apart(rows, ("pk",), on)
    aims = {task.pk: task for task in Task.objects.filter(pk__in=rows.values("task_id"))}
    shown = list(rows.only(*_SHOWN))
    figures = figures_of([row.pk for row in shown if row.is_done])
    return {
        (row.unit_id, row.task_id): OneTask(
            row.public_id,
            row.state,
            _is_late(row.state, row.due_on, on) or apart.get((row.pk,), Cell()).late > 0,
            _rounds(row, aims[row.task_id], apart.get((row.pk,), Cell()).due),
            verdict_of(aims[row.task_id], figures.get(row.pk, "")) == Verdict.BELOW,
        )
        for row in shown
    }


def _rounds(row: Assignment, task: Task, apart: int) -> Cell | None:
    """The reports of a task that goes on; None of others."""
    if row.state in DONE or not task.is_periodic:
        return None
    return Cell(going_on=1, due=row.periods_told + apart, accepted=row.periods_accepted)


def _is_late(state: str, due_on: dt.date | None, on: dt.date) -> bool:
    return state in OPEN_WORK and due_on is not None and due_on < on


def _cells_of_tasks(tasks: dict[tuple[int, int], OneTask]) -> dict[tuple[int, int], Cell]:
    found = {}
    for key, one in tasks.items():
        found[key] = Cell(1, int(one.state in DONE), int(one.is_late))
        if one.rounds is not None:
            found[key].add(one.rounds)
    return found


def _columns(scope: Scope, pks: Iterable[int]) -> list[Column]:
    """What the columns are, in the order of the documents."""
    if scope.group:
        tasks = Task.objects.filter(pk__in=pks).select_related("group").order_by("position")
        return [
            Column(task.pk, task.code, f"{task.group.number}.{task.position}", task.title)
            for task in tasks
        ]
    if scope.directive:
        groups = TaskGroup.objects.filter(pk__in=pks).order_by("number")
        return [Column(row.pk, row.code, f"{row.number}", row.title) for row in groups]
    rows = Directive.objects.filter(pk__in=pks).order_by("-issued_on", "slug")
    return [Column(row.pk, row.slug, row.number, row.subject) for row in rows]


def ordered(rows: Sequence[HeatRow], sort: str) -> list[HeatRow]:
    """By former district and name, or with the highest share late (lowest share done) first."""
    named = sorted(rows, key=lambda row: fold(row.unit.name))
    if sort == "late":
        return sorted(named, key=lambda row: (-row.total.share_late, -row.total.late))
    if sort == "done":
        return sorted(named, key=lambda row: row.total.share_done)
    if sort == "name":
        return named
    by_unit = {row.unit.pk: row for row in named}
    groups = unit_groups(row.unit for row in named)
    return [by_unit[unit.pk] for group in groups for unit in group.units]


def groups_named(pks: Iterable[int]) -> list[TaskGroup]:
    """Groups of tasks with their documents, the newest document first; one query."""
    rows = TaskGroup.objects.filter(pk__in=set(pks)).select_related("directive")
    return list(rows.order_by("-directive__issued_on", "directive__slug", "number"))


def directives_asked(access: Access) -> list[Directive]:
    """The documents of which the person sees tasks that were given, newest first."""
    mine = Assignment.objects.visible_to(access).live().filter(task=OuterRef("pk"))
    tasks = Task.objects.filter(Exists(mine), group__directive=OuterRef("pk"))
    return list(Directive.objects.visible_to(access).filter(Exists(tasks)))


def months_reported() -> tuple[dt.date, dt.date] | None:
    """The first and the last month in which a period of any task began."""
    found = AssignmentPeriod.objects.aggregate(first=Min("starts_on"), last=Max("starts_on"))
    if found["first"] is None:
        return None
    return found["first"].replace(day=1), found["last"].replace(day=1)
