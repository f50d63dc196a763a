"""What stands behind reports that wait for the City's answer, read for many at once."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count

from directives.enums import ReportKind
from directives.models import (
    Assignment,
    AssignmentPeriod,
    ProgressReport,
    ReportFile,
    StudySession,
    UnitPlan,
)


@dataclass(frozen=True)
class Behind:
    """The report, the files sent so far on the same thing (the whole task or the period), study
    sessions of the task, the unit's plan for the document."""

    assignment: Assignment
    report: ProgressReport | None
    files: int
    studies: int
    plan: UnitPlan | None


def behind_of(
    rows: Sequence[Assignment | AssignmentPeriod],
) -> list[Behind]:
    """What stands behind assignments reported as done or reported periods (all of one kind), in
    their order; four queries, none for no rows."""
    if not rows:
        return []
    by_period = isinstance(rows[0], AssignmentPeriod)
    key = "period_id" if by_period else "assignment_id"
    keys = [row.pk for row in rows]
    asked = [row.assignment if isinstance(row, AssignmentPeriod) else row for row in rows]
    reports = _newest(key, keys)
    files = _files(key, keys)
    studies = _studies(asked)
    plans = _plans(asked)
    return [
        Behind(
            assignment=row,
            report=reports.get(pk),
            files=files.get(pk, 0),
            studies=studies.get(row.pk, 0),
            plan=plans.get((row.unit_id, row.task.group.directive_id)),
        )
        for pk, row in zip(keys, asked, strict=True)
    ]


def plan_is_missing(assignment: Assignment) -> bool:
    """Whether the task is to have a plan and the unit has recorded none."""
    if not assignment.task.is_plan:
        return False
    directive = assignment.task.group.directive_id
    return not UnitPlan.objects.filter(unit=assignment.unit_id, directive=directive).exists()


def _newest(key: str, keys: Sequence[int]) -> dict[int, ProgressReport]:
    kind = ReportKind.PERIOD if key == "period_id" else ReportKind.COMPLETION
    rows = ProgressReport.objects.filter(kind=kind, **{f"{key}__in": keys})
    return {getattr(row, key): row for row in rows.order_by(key, "-id").distinct(key)}


def _files(key: str, keys: Sequence[int]) -> dict[int, int]:
    """How many files were sent: of a whole task with any report on the whole."""
    path = f"report__{key}"
    rows = ReportFile.objects.filter(**{f"{path}__in": keys})
    if key == "assignment_id":
        rows = rows.filter(report__period=None)
    return dict(rows.values_list(path).annotate(n=Count("pk")))


def _studies(asked: Sequence[Assignment]) -> dict[int, int]:
    rows = StudySession.objects.live().filter(assignment__in={row.pk for row in asked})
    return dict(rows.order_by().values_list("assignment_id").annotate(n=Count("pk")))


def _plans(asked: Sequence[Assignment]) -> dict[tuple[int, int], UnitPlan]:
    pairs = {(row.unit_id, row.task.group.directive_id) for row in asked}
    rows = UnitPlan.objects.filter(
        unit__in={unit for unit, _directive in pairs},
        directive__in={directive for _unit, directive in pairs},
    )
    return {(row.unit_id, row.directive_id): row for row in rows}
