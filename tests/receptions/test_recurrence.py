"""Which days a pattern names: no database."""

import datetime as dt
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from receptions.recurrence import Named, days_named

FROM = dt.date(2026, 1, 1)


class Pattern(NamedTuple):
    days: list[int]
    weekday: int | None = None
    valid_from: dt.date = FROM
    valid_to: dt.date | None = None


def named(pattern: Pattern, first: dt.date, last: dt.date) -> list[dt.date]:
    return [one.on for one in days_named(pattern, first, last)]


def test_days_of_the_month_across_the_year_end() -> None:
    found = named(Pattern([25, 10]), dt.date(2026, 12, 11), dt.date(2027, 1, 31))
    assert found == [dt.date(2026, 12, 25), dt.date(2027, 1, 10), dt.date(2027, 1, 25)]


@pytest.mark.parametrize(("year", "last"), [(2027, 28), (2028, 29)])
def test_a_short_month_takes_its_last_day_once(year: int, last: int) -> None:
    found = days_named(Pattern([30, 31]), dt.date(year, 2, 1), dt.date(year, 2, last))
    assert found == [Named(dt.date(year, 2, last), 30)]


def test_a_month_that_has_the_day_says_nothing_about_it() -> None:
    assert days_named(Pattern([31]), dt.date(2027, 1, 1), dt.date(2027, 1, 31)) == [
        Named(dt.date(2027, 1, 31))
    ]


def test_a_weekday_of_every_week_within_validity() -> None:
    pattern = Pattern([], 3, dt.date(2026, 12, 20), dt.date(2027, 1, 13))
    found = named(pattern, dt.date(2026, 12, 1), dt.date(2027, 3, 1))
    assert found == [dt.date(2026, 12, 24), dt.date(2026, 12, 31), dt.date(2027, 1, 7)]


@given(
    days=st.lists(st.integers(1, 31), min_size=1, max_size=8),
    start=st.integers(0, 7300).map(lambda n: dt.date(2020, 1, 1) + dt.timedelta(days=n)),
    length=st.integers(0, 400),
)
def test_every_month_has_each_number_at_most_once(
    days: list[int], start: dt.date, length: int
) -> None:
    last = start + dt.timedelta(days=length)
    pattern = Pattern(days, valid_from=dt.date(2019, 1, 1))
    found = named(pattern, start, last)
    assert found == sorted(set(found))
    assert all(start <= day <= last for day in found)
    months = {(day.year, day.month) for day in found}
    assert len(found) <= len(months) * len(set(days))
