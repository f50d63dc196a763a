"""A task confirmed in the middle of a period owes nothing more: no page counts its reports."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from common.time import local_moment
from directives.models import Assignment, AssignmentPeriod
from directives.overview import Cell, Told
from directives.selectors_brief import brief_read
from directives.selectors_overview import Scope, heat, scoped
from directives.selectors_time import told_by, told_by_month
from directives.services import periods_open, report_review
from tests.directives.giving import give, later, monthly, report
from tests.people import OTHER_WARD, WARD, access_make, person_make

pytestmark = pytest.mark.django_db
NOVEMBER, DECEMBER = dt.date(2026, 11, 1), dt.date(2026, 12, 1)
# After 5 December the reports on November are late.
AFTER = dt.date(2026, 12, 8)


@pytest.fixture(autouse=True)
def _on_the_day(time_machine: Any) -> None:
    time_machine.move_to(later(1), tick=False)


def judge(row: Assignment, *, accepted: bool = True, **changes: Any) -> Assignment:
    values = {"is_accepted": accepted, "at": later(3)} | changes
    version = Assignment.objects.get(pk=row.pk).version
    access = access_make("propaganda")
    return report_review(access=access, public_id=row.public_id, version=version, **values)


def confirmed(row: Assignment) -> Assignment:
    report(row, at=later(2))
    return judge(row)


def period_of(row: Assignment, month: dt.date = NOVEMBER) -> AssignmentPeriod:
    return row.periods.get(starts_on=month)


def told(month: dt.date = NOVEMBER, on: dt.date = AFTER) -> Told:
    found = told_by_month(scoped(access_make("propaganda"), Scope()), month, month, on)
    return found.get(month, Told())


def cells(month: dt.date = NOVEMBER, on: dt.date = AFTER) -> dict[str, Cell]:
    table = heat(access_make("propaganda"), Scope(period=month), on)
    return {row.unit.code: row.total for row in table.rows}


def test_the_period_that_had_begun_is_owed_no_more() -> None:
    task = monthly()
    going_on, over = give(task, OTHER_WARD), give(task)
    assert told() == Told(missing=2)
    confirmed(over)
    assert period_of(over).state == "open"
    assert told() == told(on=AFTER + dt.timedelta(days=400)) == Told(missing=1)
    assert cells() == {OTHER_WARD: Cell(total=1, done=0, late=1)}
    by_unit = told_by(scoped(access_make("propaganda"), Scope()), NOVEMBER, AFTER, "unit")
    assert by_unit == {going_on.unit_id: Told(missing=1)}
    # Nor is it still to come.
    assert told(on=later(4).date()) == Told(pending=1)


def test_a_report_that_was_returned_is_owed_no_more_either() -> None:
    row = give(monthly())
    report(row, state="in_progress", period=period_of(row).public_id)
    judge(row, accepted=False, period=period_of(row).public_id, text="Thiếu.", at=later(1, 15))
    confirmed(row)
    assert period_of(row).state == "returned"
    assert told() == Told()
    assert cells() == {}


def test_what_was_sent_before_still_counts() -> None:
    row = give(monthly())
    report(row, state="in_progress", period=period_of(row).public_id)
    periods_open(at=local_moment(DECEMBER, 6))
    confirmed(row)
    assert told() == Told(on_time=1)
    assert told(DECEMBER) == Told()
    assert cells() == {WARD: Cell(total=1, done=1, late=0)}


def test_its_page_calls_no_period_late(client: Client, time_machine: Any) -> None:
    row = give(monthly())
    time_machine.move_to(local_moment(AFTER, 9), tick=False)
    client.force_login(person_make("secretary"))
    page = f"/can-bo/chi-dao/viec/{row.public_id}/"

    def late() -> list[bool]:
        return [line["is_late"] for line in client.get(page).context["periods"]]

    assert late() == [True]
    confirmed(row)
    assert late() == [False]


def test_the_brief_waits_for_no_answer_that_nobody_can_give() -> None:
    task = monthly()
    rows = {"secretary": give(task), "other_chair": give(task, OTHER_WARD)}
    for who, row in rows.items():
        report(row, who, state="in_progress", period=period_of(row).public_id)
    city = access_make("propaganda")
    assert brief_read(city, None, AFTER).waiting == 2
    confirmed(rows["secretary"])
    assert brief_read(city, None, AFTER).waiting == 1
    assert brief_read(city, rows["secretary"].unit, AFTER).waiting == 0
