"""Reading counted tasks with their figures on behalf of a person."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from accounts.access import Access
from common.errors import NotVisible
from directives.enums import TaskSource
from directives.models import Assignment, AssignmentPeriod, Directive, ProgressReport, Task
from directives.periods import Period
from directives.receptions_figures import (
    Counted,
    book_read,
    counted_kept,
    months_of,
    reports_kept,
    window_of,
)


@dataclass(frozen=True)
class UnitFigures:
    """A unit's row of a task: its figures, live or as they were confirmed."""

    assignment: Assignment
    counted: Counted


@dataclass(frozen=True)
class PeriodFigures:
    """A unit's figures of a period or month; ``is_running``: it has not ended."""

    period: Period
    counted: Counted
    is_running: bool


def counted_task_get(directive: Directive, code: str) -> Task:
    """A task whose figure the portal counts, also when it was withdrawn. Raises NotVisible."""
    found = Task.objects.filter(
        group__directive=directive, code=code, source=TaskSource.RECEPTIONS
    ).first()
    if found is None:
        raise NotVisible
    return found


def task_figures(access: Access, task: Task, period: Period, on: dt.date) -> list[UnitFigures]:
    """Every visible unit that has the task, by name, with its figures of a period; eight queries
    for any number of units. Where the report of exactly this period was confirmed, its figures."""
    rows = Assignment.objects.visible_to(access).live().filter(task=task)
    found = list(rows.select_related("unit").order_by("unit__name", "unit__code"))
    book = book_read({row.unit_id for row in found}, [period], on)
    kept = reports_kept(found, period)
    return [
        UnitFigures(row, counted_kept(kept.get(row.pk)) or book.of(row.unit_id, period))
        for row in found
    ]


def assignment_figures(
    assignment: Assignment,
    periods: Sequence[AssignmentPeriod],
    reports: Mapping[int, ProgressReport],
    on: dt.date,
) -> list[PeriodFigures]:
    """A unit's figures by period of the task, the latest first, confirmed ones as they were kept;
    of a task without a rhythm by month. Six queries.

    ``reports``: the newest report by period.
    """
    if not periods:
        months = months_of(window_of(assignment, on))
        book = book_read([assignment.unit_id], months, on)
        return [_figures(m, book.of(assignment.unit_id, m), on) for m in months]
    named = [(row, Period(row.starts_on, row.ends_on)) for row in reversed(periods)]
    book = book_read([assignment.unit_id], [period for _row, period in named], on)
    return [
        _figures(
            period, counted_kept(reports.get(row.pk)) or book.of(assignment.unit_id, period), on
        )
        for row, period in named
    ]


def _figures(period: Period, counted: Counted, on: dt.date) -> PeriodFigures:
    return PeriodFigures(period, counted, period.ends_on >= on)
