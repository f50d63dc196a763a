"""The calendar in the database: loaded, cached, and never longer than what is known."""

import datetime as dt
import math

import pytest
from pytest_django import DjangoAssertNumQueries

from common.reference import LoadReport
from deadlines import calendars
from deadlines.calendars import calendar_build, calendar_current, calendar_file, calendar_load
from deadlines.clock import Day
from deadlines.faults import CalendarMissing
from deadlines.models import CalendarDay
from tests.deadlines.days import on

pytestmark = pytest.mark.django_db


def load(days: list[Day]) -> LoadReport:
    report = LoadReport()
    calendar_load(report, days)
    return report


@pytest.fixture
def _no_days() -> None:
    CalendarDay.objects.all().delete()


@pytest.mark.usefixtures("_no_days")
def test_without_days_there_is_no_calendar() -> None:
    with pytest.raises(CalendarMissing):
        calendar_current()


@pytest.mark.usefixtures("_no_days")
def test_a_second_load_changes_nothing() -> None:
    first, second = load(calendar_file()), load(calendar_file())
    assert len(first.added["calendar days"]) == CalendarDay.objects.count() == 32
    assert not second.has_changes


def test_a_load_says_what_it_added_changed_and_removed() -> None:
    load(calendar_file())
    days = {day.date: day for day in calendar_file()}
    gone = days.pop(on("2026-11-24"))
    old = days[on("2027-01-01")]
    days[old.date] = old._replace(status="verified")
    new = Day(on("2026-11-23"), "swapped_off", "Nghỉ hoán đổi với 28/11", "Công văn", "verified")
    report = load([*days.values(), new])
    assert report.added["calendar days"] == ["2026-11-23"]
    assert report.changed["calendar days"] == ["2027-01-01 (status)"]
    assert report.ended["calendar days"] == [gone.date.isoformat()]
    assert not calendar_current().is_working(on("2026-11-23"))
    assert calendar_current().is_working(on("2026-11-24"))


def test_covers_the_years_whose_tet_is_known(calendar: None) -> None:
    found = calendar_current()
    assert (found.first, found.last) == (on("2025-11-01"), on("2027-12-31"))
    until_2026 = [day for day in calendar_file() if day.date.year == 2026]
    some_of_2028 = [Day(on("2028-01-01"), "holiday", "Tết Dương lịch")]
    short = calendar_build([*until_2026, *some_of_2028])
    assert short is not None
    assert short.last == on("2026-12-31")


def test_the_hot_path_asks_the_database_once(
    calendar: None, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        calendar_current()
    with django_assert_num_queries(0):
        assert calendars.add_working_days(on("2026-11-23"), 1) == on("2026-11-25")
        assert not calendars.is_working_day(on("2026-11-24"))


def test_a_change_by_another_process_is_seen_after_half_a_minute(
    calendar: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = calendar_current()
    CalendarDay.objects.filter(date=on("2026-11-24")).delete()
    assert calendar_current() is before
    monkeypatch.setattr(calendars._Cache, "read_at", -math.inf)
    assert calendar_current().is_working(on("2026-11-24"))
    same = calendar_current()
    monkeypatch.setattr(calendars._Cache, "read_at", -math.inf)
    assert calendar_current() is same


def test_every_swap_has_both_directions() -> None:
    days = calendar_file()
    off = [day.date for day in days if day.kind == "swapped_off"]
    working = [day.date for day in days if day.kind == "swapped_working"]
    assert len(off) == len(working)
    assert all(date.weekday() < 5 for date in off)
    assert all(date.weekday() >= 5 for date in working)


def test_every_day_has_its_basis() -> None:
    assert all(day.basis and day.name for day in calendar_file())
    assert dt.date(2026, 11, 24) in {day.date for day in calendar_file()}
