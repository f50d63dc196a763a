"""Tasks with a rhythm: the share done is of the periods due so far; the last one ends the task."""

import datetime as dt
from typing import Any

import pytest

from common.time import local_moment
from directives.models import Assignment
from directives.overview import Cell
from directives.presenters_overview import cell_shown, heat_json
from directives.selectors_brief import brief_read
from directives.selectors_overview import Scope, heat
from directives.services import report_review
from directives.services.periods import periods_open
from tests.directives.giving import DUE, actions, give, later, monthly, report, running, task_make
from tests.directives.overseeing import GROUP, cells
from tests.directives.stepping import whole
from tests.people import WARD, access_make

DECEMBER = dt.date(2026, 12, 1)
OPEN = Scope(directive="1699-cv-tu", group=GROUP)


def sent(row: Assignment, month: dt.date, at: dt.datetime) -> Any:
    period = row.periods.get(starts_on=month)
    report(row, state="in_progress", period=period.public_id, at=at)
    return period


def accepted(row: Assignment, month: dt.date, at: dt.datetime) -> Assignment:
    period = sent(row, month, at)
    return report_review(
        access=access_make("propaganda"),
        public_id=row.public_id,
        version=Assignment.objects.get(pk=row.pk).version,
        is_accepted=True,
        text="",
        period=period.public_id,
        at=at,
    )


def test_shares_are_pooled_over_tasks_and_reports() -> None:
    cell = Cell(total=3, done=1, late=0, going_on=1, due=4, accepted=3)
    assert (cell.parts, cell.share_done) == (6, 66)
    assert cell_shown(Cell(total=1, going_on=1), "done").text == "–"
    assert Cell(total=1, going_on=1, due=2, accepted=2).share_done == 100


@pytest.mark.django_db
def test_a_task_with_a_rhythm_counts_the_reports_due_so_far() -> None:
    row = give(monthly())
    before = cells(Scope())[WARD]
    assert (before.total, before.going_on, before.due) == (10, 1, 0)
    accepted(row, dt.date(2026, 11, 1), later(3))
    periods_open(at=local_moment(DECEMBER, 6))
    for scope in (OPEN, Scope(directive="1699-cv-tu"), Scope()):
        early = cells(scope, day=4)[WARD]
        assert (early.done, early.due, early.accepted) == (0, 1, 1)
        # The report of December was due on 5 January.
        after = cells(scope, day=55)[WARD]
        assert (after.due, after.accepted, after.late) == (2, 1, 1)
    table = heat(access_make("propaganda"), OPEN, later(55).date())
    rounds = table.tasks[row.unit_id, row.task_id].rounds
    assert rounds is not None
    assert (rounds.due, rounds.accepted) == (2, 1)
    ward = next(one for one in heat_json(table)["units"] if one["code"] == WARD)
    assert ward["cells"][row.task.code]["share_done"] == 50
    brief = brief_read(access_make("propaganda"), row.unit, later(55).date())
    assert (brief.total.due, brief.total.accepted) == (2, 1)


@pytest.mark.django_db
def test_an_early_report_lowers_no_share_while_the_city_has_not_read_it() -> None:
    row = give(monthly())
    sent(row, dt.date(2026, 11, 1), later(3))
    for scope in (OPEN, Scope(directive="1699-cv-tu"), Scope()):
        early, after = cells(scope, day=4)[WARD], cells(scope, day=25)[WARD]
        assert (early.due, early.accepted, early.late) == (0, 0, 0)
        assert (after.due, after.accepted, after.late) == (1, 0, 0)


@pytest.mark.django_db
def test_a_task_is_late_once_however_many_reports_it_owes() -> None:
    row = give(monthly())
    periods_open(at=local_moment(dt.date(2027, 1, 1), 6))
    for scope in (OPEN, Scope(directive="1699-cv-tu"), Scope()):
        cell = cells(scope, day=90)[WARD]
        assert (cell.late, cell.due) == (1, 3)
    row.state, row.due_on = "returned", DUE
    row.save()
    assert {cells(scope, day=90)[WARD].late for scope in (OPEN, Scope())} == {1}


@pytest.mark.django_db
def test_the_last_period_ends_the_task() -> None:
    row = give(monthly(ends_on=dt.date(2026, 12, 20)))
    assert accepted(row, dt.date(2026, 11, 1), later(3)).state == "in_progress"
    periods_open(at=local_moment(DECEMBER, 6))
    assert accepted(row, DECEMBER, local_moment(DECEMBER, 9)).state == "confirmed"
    assert running(row) == 0
    assert actions(row)[-1] == "period.confirmed"
    cell = cells(OPEN, day=55)[WARD]
    assert (cell.done, cell.going_on) == (1, 0)
    whole()


@pytest.mark.django_db
def test_a_period_that_was_not_accepted_keeps_the_task_open() -> None:
    row = give(monthly(ends_on=dt.date(2026, 12, 20)))
    sent(row, dt.date(2026, 11, 1), later(3))
    periods_open(at=local_moment(DECEMBER, 6))
    assert accepted(row, DECEMBER, local_moment(DECEMBER, 9)).state == "in_progress"


@pytest.mark.django_db
def test_a_task_without_an_end_goes_on() -> None:
    give(task_make())
    assert accepted(give(monthly()), dt.date(2026, 11, 1), later(3)).state == "in_progress"
