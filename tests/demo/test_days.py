"""The demo starts on any date: at Tết, at the end of a year, beyond the days off that are known."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest

from common.time import local_moment
from deadlines.calendars import calendar_cache_clear, calendar_current, is_working_day
from deadlines.models import CalendarDay, Clock, ClockState
from hanoi_portal.demo.absences import absences_make
from hanoi_portal.demo.accounts import Cast, accounts_make
from hanoi_portal.demo.days_off import days_off_make
from hanoi_portal.demo.exemplars import exemplars_make
from hanoi_portal.demo.reception_days import ReceptionDays
from hanoi_portal.demo.reception_story import STORY_UNIT
from hanoi_portal.demo.reforms import reforms_make
from hanoi_portal.demo.registers import registers_make
from hanoi_portal.demo.sealed_work import sealed_work_make
from hanoi_portal.demo.warnings import warnings_make

pytestmark = pytest.mark.django_db
NIGHT, LATE = (0, 20), (23, 40)


@pytest.fixture(autouse=True)
def _days_off_of_this_test() -> Iterator[None]:
    calendar_cache_clear()
    yield
    calendar_cache_clear()


@pytest.mark.parametrize(
    ("day", "hour"),
    [
        (dt.date(2027, 2, 6), NIGHT),  # Tết
        (dt.date(2027, 12, 31), LATE),  # the last day of the years that are known
        (dt.date(2028, 2, 29), NIGHT),
    ],
)
def test_the_quick_parts_are_made_on_a_day_at_an_edge(
    day: dt.date, hour: tuple[int, int], time_machine: Any
) -> None:
    now = local_moment(day, *hour)
    time_machine.move_to(now, tick=False)
    days_off_make(now=now)
    accounts_make(seed=1, password="hanoi-demo-2026", now=now)
    cast = Cast.read()
    unit = cast.units[STORY_UNIT]
    made = {
        "absences": absences_make(cast, now=now),
        "sessions": ReceptionDays(cast, seed=1, now=now).make(unit, ()),
        "sealed": sealed_work_make(cast, seed=1, now=now),
        "models": exemplars_make(cast, seed=1, now=now),
        "projects": warnings_make(cast, seed=1, now=now),
        "reforms": reforms_make(cast, now=now),
        "registers": registers_make(cast, seed=1, now=now),
    }
    assert all(made.values()), made
    due = Clock.objects.filter(state=ClockState.RUNNING, next_action_at__lte=now)
    assert not due.exists()


def test_days_off_are_added_once_and_only_for_years_that_come_near() -> None:
    known = CalendarDay.objects.count()
    assert days_off_make(now=local_moment(dt.date(2027, 5, 1))) == 0
    made = days_off_make(now=local_moment(dt.date(2029, 8, 1)))
    assert made == CalendarDay.objects.count() - known > 30
    assert calendar_current().last == dt.date(2030, 12, 31)
    assert not is_working_day(dt.date(2028, 1, 26))
    assert set(CalendarDay.objects.filter(date__year__gte=2028).values_list("status")) == {
        ("expected",)
    }
    assert days_off_make(now=local_moment(dt.date(2029, 8, 1))) == 0
