"""Periods of tasks with a rhythm: whole, made once, each with the clock of its report."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from common.errors import InvalidInput, NotPermitted, NotVisible
from common.models import JobState
from common.time import local_date, local_moment
from deadlines.calendars import COVERED_FROM, calendar_current
from deadlines.models import Clock
from directives import invariants
from directives.models import Assignment, AssignmentEvent, AssignmentPeriod, Directive, Task
from directives.overview import Told
from directives.selectors_overview import Scope, scoped
from directives.selectors_time import told_by_month
from directives.services import assignment_withdraw, assignments_give, periods_open, report_review
from directives.tasks import open_periods
from tests.directives.giving import (
    AT,
    MONDAY,
    actions,
    give,
    later,
    monthly,
    period_clocks,
    report,
    running,
    task_make,
    units,
)
from tests.people import OTHER_WARD, WARD, access_make

D = dt.date
NOVEMBER, DECEMBER = D(2026, 11, 1), D(2026, 12, 1)


pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _on_the_day(time_machine: Any) -> None:
    time_machine.move_to(later(1), tick=False)


def rows(row: Assignment) -> list[AssignmentPeriod]:
    return list(row.periods.order_by("starts_on"))


def whole() -> None:
    for check in (
        invariants.owed_period_has_one_running_clock,
        invariants.periods_belong_to_a_rhythm,
        invariants.reported_period_has_a_report,
        invariants.version_is_number_of_events,
        invariants.open_task_with_date_has_one_running_clock,
    ):
        assert list(check()) == [], check.__name__


def test_the_period_that_runs_is_there_with_the_task() -> None:
    row = give(monthly(report_days=7))
    (period,) = rows(row)
    assert (period.starts_on, period.ends_on, period.due_on) == (
        NOVEMBER, D(2026, 11, 30), D(2026, 12, 7),
    )  # fmt: skip
    assert period_clocks(period) == [("running", MONDAY, D(2026, 12, 7))]
    clock = Clock.objects.get(period_clock__period=period)
    assert (clock.rule_code, clock.ladder) == ("CD-BC", "directive_party")
    assert actions(row) == ["assignment.created", "period.opened"]
    whole()


def test_the_job_opens_what_has_begun_once() -> None:
    row = give(monthly())
    assert periods_open(at=later(1)) == 0
    assert periods_open(at=local_moment(DECEMBER, 0, 25)) == 1
    assert periods_open(at=local_moment(DECEMBER, 6, 25)) == 0
    assert [period.starts_on for period in rows(row)] == [NOVEMBER, DECEMBER]
    assert period_clocks(rows(row)[1]) == [("running", DECEMBER, D(2027, 1, 5))]
    row.refresh_from_db()
    assert row.version == 1
    whole()


def test_a_job_that_was_away_for_months_makes_up_for_it() -> None:
    row = give(monthly())
    assert periods_open(at=local_moment(D(2027, 3, 2), 6)) == 4
    assert [period.starts_on.month for period in rows(row)] == [11, 12, 1, 2, 3]
    whole()


def test_many_units_cost_no_more_queries() -> None:
    task = monthly()
    counts = []
    for month, codes in (
        (DECEMBER, (WARD,)),
        (D(2027, 1, 1), (OTHER_WARD, "00025", "00070", "00082")),
    ):
        give(task, *codes, at=local_moment(month - dt.timedelta(days=1), 9))
        with CaptureQueriesContext(connection) as caught:
            assert periods_open(at=local_moment(month, 6)) == task.assignments.count()
        counts.append(len(caught))
    assert counts[0] == counts[1]


def test_batches_go_through_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("directives.services.periods.BATCH", 2)
    task = monthly()
    give(task, WARD, OTHER_WARD, "00025", "00070")
    count = task.assignments.count()
    assert periods_open(at=local_moment(DECEMBER, 6)) == count
    assert AssignmentPeriod.objects.filter(starts_on=DECEMBER).count() == count


def test_a_rhythm_begins_with_the_task_or_with_being_given() -> None:
    late = give(task_make(rhythm="quarterly", starts_on=D(2026, 1, 1)))
    assert [period.starts_on for period in rows(late)] == [D(2026, 10, 1)]
    future = give(monthly_from(D(2027, 1, 15)))
    assert rows(future) == []
    assert periods_open(at=local_moment(D(2027, 1, 14), 9)) == 0 + late_periods(late)
    periods_open(at=local_moment(D(2027, 1, 15), 9))
    assert [period.starts_on for period in rows(future)] == [D(2027, 1, 1)]


def monthly_from(day: dt.date) -> Task:
    return task_make(rhythm="monthly", starts_on=day)


def late_periods(row: Assignment) -> int:
    """The quarter of January, which the run before opened for the other task."""
    return row.periods.filter(starts_on=D(2027, 1, 1)).count()


def test_a_task_that_ended_opens_nothing_more() -> None:
    row = give(monthly(ends_on=D(2026, 12, 20)))
    periods_open(at=local_moment(D(2027, 3, 1), 6))
    assert [(p.starts_on, p.ends_on) for p in rows(row)] == [
        (NOVEMBER, D(2026, 11, 30)), (DECEMBER, D(2026, 12, 20)),
    ]  # fmt: skip


@pytest.mark.parametrize("what", ["confirmed", "withdrawn task", "withdrawn directive"])
def test_what_is_over_opens_nothing(what: str) -> None:
    row = give(monthly())
    if what == "confirmed":
        Assignment.objects.filter(pk=row.pk).update(state="confirmed")
    elif what == "withdrawn task":
        Task.objects.filter(pk=row.task_id).update(withdrawn_at=AT)
    else:
        Directive.objects.filter(slug="1699-cv-tu").update(
            state="withdrawn", withdrawn_at=AT, withdrawn_reason="Hết hiệu lực."
        )
    assert periods_open(at=local_moment(DECEMBER, 6)) == 0


def test_beyond_the_known_calendar_the_clock_waits_for_it() -> None:
    last = calendar_current().last
    row = give(task_make(rhythm="yearly", starts_on=D(last.year, 1, 1)), at=local_moment(
        D(last.year, 1, 4), 9))  # fmt: skip
    (period,) = rows(row)
    assert period.due_on > last
    assert period_clocks(period) == []
    whole()


def test_time_before_the_calendar_is_not_counted() -> None:
    task = task_make(rhythm="monthly", starts_on=D(2025, 9, 1))
    assignments_give(tasks=[task], units=units(WARD), at=local_moment(D(2025, 9, 20), 8))
    row = Assignment.objects.get(task=task)
    periods_open(at=local_moment(D(2025, 12, 2), 6))
    by_month = {period.starts_on: period_clocks(period) for period in rows(row)}
    assert by_month[D(2025, 9, 1)] == []
    assert by_month[D(2025, 10, 1)] == [("running", COVERED_FROM, D(2025, 11, 5))]
    whole()


def test_the_job_leaves_its_trace() -> None:
    give(monthly())
    assert open_periods() == 0
    assert JobState.objects.get(name="directives.open_periods").last_succeeded_at is not None


# Reports of periods


def period_report(row: Assignment, period: AssignmentPeriod, **changes: Any) -> Assignment:
    values = {"state": "in_progress", "value": "3", "period": period.public_id}
    return report(row, **(values | changes))


def judge(row: Assignment, period: AssignmentPeriod, *, accepted: bool, **changes: Any) -> Any:
    version = Assignment.objects.get(pk=row.pk).version
    values: dict[str, Any] = {"at": later(2), "text": "Số liệu chưa khớp."} | changes
    return report_review(
        access=access_make("propaganda"),
        public_id=row.public_id,
        version=version,
        is_accepted=accepted,
        period=period.public_id,
        **values,
    )


def test_the_numbers_of_the_task_go_with_its_reports() -> None:
    row = give(monthly())
    (period,) = rows(row)
    seen = []
    for step in ("report", "return", "report", "accept"):
        if step == "report":
            period_report(row, period, at=later(3))
        else:
            judge(row, period, accepted=step == "accept", at=later(3))
        row.refresh_from_db()
        seen.append((row.periods_told, row.periods_accepted))
    assert seen == [(1, 0), (0, 0), (1, 0), (1, 1)]
    assert list(invariants.numbers_of_periods_are_right()) == []
    Assignment.objects.filter(pk=row.pk).update(periods_told=2)
    assert list(invariants.numbers_of_periods_are_right()) == [str(row.public_id)]


@pytest.mark.parametrize(("minute", "place"), [(-1, Told(on_time=1)), (0, Told(late=1))])
def test_a_report_is_late_from_midnight_in_hanoi_after_its_date(minute: int, place: Told) -> None:
    row = give(monthly())
    (period,) = rows(row)
    midnight = local_moment(period.due_on + dt.timedelta(days=1))
    at = midnight + dt.timedelta(minutes=minute)
    period_report(row, period, at=at)
    chosen = scoped(access_make("propaganda"), Scope(directive="1699-cv-tu"), row.unit)
    months = told_by_month(chosen, period.starts_on, period.starts_on, local_date(at))
    assert months == {period.starts_on: place}


def test_the_report_of_a_period_meets_its_clock_and_the_task_goes_on() -> None:
    row = give(monthly())
    (period,) = rows(row)
    found = period_report(row, period)
    assert found.state == "in_progress"
    period.refresh_from_db()
    assert (period.state, period.reported_at) == ("reported", later(1))
    assert period_clocks(period)[0][0] == "met"
    written = row.reports.get()
    assert (written.kind, written.period_id, written.value) == ("period", period.pk, "3")
    event = AssignmentEvent.objects.filter(assignment=row).latest("sequence")
    assert event.data["period"] == "2026-11-01"
    with pytest.raises(NotPermitted):
        period_report(row, period)
    whole()


def test_a_period_is_accepted_or_returned_with_the_time_that_was_left() -> None:
    row = give(monthly())
    (period,) = rows(row)
    period_report(row, period)
    judge(row, period, accepted=False)
    period.refresh_from_db()
    # Reported 18 days before the last day, returned a day later.
    assert (period.state, period.due_on) == ("returned", D(2026, 12, 6))
    assert period_clocks(period)[1] == ("running", MONDAY + dt.timedelta(days=2), D(2026, 12, 6))
    assert row.reports.get().review == "Số liệu chưa khớp."
    whole()
    period_report(row, period, at=later(3))
    judge(row, period, accepted=True, at=later(4))
    period.refresh_from_db()
    assert period.state == "accepted"
    assert running(row) == 0
    assert actions(row)[-4:] == [
        "assignment.reported", "period.returned", "assignment.reported", "period.confirmed",
    ]  # fmt: skip
    whole()


def test_a_period_returned_without_time_left_needs_a_date() -> None:
    row = give(monthly())
    (period,) = rows(row)
    period_report(row, period, at=local_moment(D(2026, 12, 5), 9))
    after = local_moment(D(2026, 12, 8), 9)
    with pytest.raises(InvalidInput) as caught:
        judge(row, period, accepted=False, at=after)
    assert list(caught.value.fields) == ["until"]
    judge(row, period, accepted=False, at=after, until=D(2026, 12, 10))
    period.refresh_from_db()
    assert period.due_on == D(2026, 12, 10)


def test_a_period_is_not_the_whole() -> None:
    row = give(monthly())
    (period,) = rows(row)
    with pytest.raises(InvalidInput) as caught:
        period_report(row, period, state="reported_done")
    assert list(caught.value.fields) == ["state"]
    with pytest.raises(NotPermitted):
        judge(row, period, accepted=True)


def test_a_period_of_another_unit_is_not_visible() -> None:
    task = monthly()
    row, other = give(task), give(task, OTHER_WARD)
    (foreign,) = rows(other)
    with pytest.raises(NotVisible):
        period_report(row, foreign)
    with pytest.raises(NotVisible):
        report(row, state="in_progress", period="khong-phai-ky")


def test_confirming_the_whole_ends_the_clocks_of_its_periods() -> None:
    row = give(monthly())
    report(row)
    assert running(row) == 1
    found = report_review(
        access=access_make("propaganda"), public_id=row.public_id, version=2, is_accepted=True
    )
    assert found.state == "confirmed"
    assert running(row) == 0
    whole()


def test_a_withdrawal_ends_the_clocks_of_periods() -> None:
    row = give(monthly())
    assignment_withdraw(
        access=access_make("propaganda"), public_id=row.public_id, version=1, reason="Giao nhầm."
    )
    assert running(row) == 0
    assert periods_open(at=local_moment(DECEMBER, 6)) == 0
    whole()


def test_a_report_of_a_period_does_not_take_back_that_all_is_done() -> None:
    row = give(monthly())
    (period,) = rows(row)
    assert period_report(row, period, at=later(1, 8)).reported_at == later(1, 8)
    judge(row, period, accepted=False)
    report(row, at=later(3))
    found = period_report(row, period, at=later(5))
    # The moment from which the time after a return is counted is that of the whole.
    assert (found.state, found.reported_at) == ("reported_done", later(3))
    period.refresh_from_db()
    assert (period.state, period.reported_at) == ("reported", later(5))
    whole()
