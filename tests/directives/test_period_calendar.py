"""Which periods a rhythm has: pure arithmetic on local dates."""

import datetime as dt
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directives.periods import Period, period_of, periods_until

D = dt.date


@pytest.mark.parametrize(
    ("rhythm", "day", "first", "last"),
    [
        ("monthly", D(2028, 2, 29), D(2028, 2, 1), D(2028, 2, 29)),
        ("monthly", D(2026, 12, 31), D(2026, 12, 1), D(2026, 12, 31)),
        ("quarterly", D(2026, 11, 16), D(2026, 10, 1), D(2026, 12, 31)),
        ("quarterly", D(2026, 4, 1), D(2026, 4, 1), D(2026, 6, 30)),
        ("yearly", D(2026, 6, 15), D(2026, 1, 1), D(2026, 12, 31)),
    ],
)
def test_a_period_is_a_whole_month_quarter_or_year(
    rhythm: str, day: dt.date, first: dt.date, last: dt.date
) -> None:
    assert period_of(rhythm, day) == Period(first, last)


@given(
    rhythm=st.sampled_from(["monthly", "quarterly", "yearly"]),
    begin=st.dates(D(2020, 1, 1), D(2030, 12, 31)),
    days=st.integers(0, 1500),
)
def test_periods_follow_one_another_without_gap(rhythm: str, begin: dt.date, days: int) -> None:
    until = begin + dt.timedelta(days=days)
    found = list(periods_until(rhythm, begin, until))
    assert found[0].starts_on <= begin <= found[0].ends_on
    assert found[-1].starts_on <= until <= found[-1].ends_on
    for one, following in itertools.pairwise(found):
        assert following.starts_on == one.ends_on + dt.timedelta(days=1)


def test_the_last_period_ends_with_the_task() -> None:
    found = list(periods_until("monthly", D(2026, 11, 16), D(2027, 5, 1), D(2026, 12, 20)))
    assert found == [
        Period(D(2026, 11, 1), D(2026, 11, 30)), Period(D(2026, 12, 1), D(2026, 12, 20)),
    ]  # fmt: skip
    assert list(periods_until("monthly", D(2027, 1, 5), D(2027, 5, 1), D(2026, 12, 20))) == []
    assert list(periods_until("monthly", D(2027, 1, 15), D(2027, 1, 14))) == []
