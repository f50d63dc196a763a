"""The figures that units report on a task: the latest of each that stands."""

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from accounts.access import Access
from common.errors import NotVisible
from directives.enums import AssignmentState, PeriodState, ReportKind, Verdict
from directives.indicators import COUNT, Together, is_met, together
from directives.models import Assignment, Directive, ProgressReport, Task

# Not returned: nobody has answered it, or it was confirmed.
STANDS = (
    Q(reviewed_at=None)
    | Q(kind=ReportKind.COMPLETION, assignment__state=AssignmentState.CONFIRMED)
    | Q(kind=ReportKind.PERIOD, period__state=PeriodState.ACCEPTED)
)


def standing_figures() -> QuerySet[ProgressReport]:
    """Reports with a figure that were not returned."""
    return ProgressReport.objects.filter(STANDS).exclude(value="")


def with_figure(rows: QuerySet[Assignment]) -> QuerySet[Any]:
    """With ``figure``: the latest that stands, in its stored form, "" for none; no query more."""
    latest = standing_figures().filter(assignment=OuterRef("pk")).order_by("-id")
    read = {"figure": Coalesce(Subquery(latest.values("value")[:1]), Value(""))}
    return rows.annotate(**read)


def figures_of(assignments: Collection[int]) -> dict[int, str]:
    """The latest figure that stands by assignment; one query."""
    rows = standing_figures().filter(assignment_id__in=assignments)
    newest = rows.order_by("assignment_id", "-id").distinct("assignment_id")
    return dict(newest.values_list("assignment_id", "value"))


def verdict_of(task: Task, figure: str) -> Verdict | None:
    """How a figure stands to the task's target, None without one of the two."""
    reached = is_met(task.indicator, figure, task.target)
    return None if reached is None else Verdict.MET if reached else Verdict.BELOW


@dataclass(frozen=True)
class UnitValue:
    """A unit's row of a task; ``report``: the latest with a figure that stands."""

    assignment: Assignment
    report: ProgressReport | None

    @property
    def value(self) -> str:
        return self.report.value if self.report is not None else ""

    @property
    def is_confirmed(self) -> bool:
        """Whether the City has confirmed the report; else the unit has only reported it."""
        return self.report is not None and self.report.reviewed_at is not None

    @property
    def verdict(self) -> str:
        """``met``, ``below``, or ``none`` without a figure; "" without a target."""
        if not self.value:
            return Verdict.NONE
        return verdict_of(self.assignment.task, self.value) or ""


@dataclass(frozen=True)
class TaskValues:
    """What units reported on a task."""

    task: Task
    rows: list[UnitValue]

    @cached_property
    def together(self) -> Together:
        return together(self.task.indicator, [row.value for row in self.rows])

    @cached_property
    def counts(self) -> dict[str, int]:
        """How many units by verdict."""
        said = [row.verdict for row in self.rows]
        return {name.value: said.count(name) for name in Verdict}

    @cached_property
    def most(self) -> Decimal:
        """The highest number of units or target; 0 where the indicator is none."""
        if self.task.indicator != COUNT:
            return Decimal(0)
        said = [row.value for row in self.rows] + [self.task.target]
        return max((Decimal(value) for value in said if value), default=Decimal(0))


@dataclass(frozen=True)
class ValuesFilter:
    """``district``: a former district; ``kind``: a unit kind; ``verdict``; "" for all."""

    district: str = ""
    kind: str = ""
    verdict: str = ""


def task_of(directive: Directive, code: str) -> Task:
    """A task of a document, also one that was withdrawn. Raises NotVisible."""
    found = Task.objects.filter(group__directive=directive, code=code).first()
    if found is None:
        raise NotVisible
    return found


def task_values(access: Access, task: Task, chosen: ValuesFilter) -> TaskValues:
    """Every visible unit that has the task and fits, by name; two queries."""
    mine = Assignment.objects.visible_to(access).live().filter(task=task)
    asked = {"unit__former_district": chosen.district, "unit__kind": chosen.kind}
    mine = mine.filter(**{name: value for name, value in asked.items() if value})
    found = list(mine.select_related("unit", "task").order_by("unit__name", "unit__code"))
    reports = standing_figures().filter(assignment__in=[row.pk for row in found])
    newest = reports.order_by("assignment_id", "-id").distinct("assignment_id")
    by_assignment = {row.assignment_id: row for row in newest.select_related("period")}
    rows = [UnitValue(row, by_assignment.get(row.pk)) for row in found]
    if chosen.verdict:
        rows = [row for row in rows if row.verdict == chosen.verdict]
    return TaskValues(task, rows)
