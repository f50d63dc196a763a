"""Periods of reports: cut-offs, and the months whose minimum they count."""

import datetime as dt
from itertools import pairwise

import pytest

from reports.periods import last_month, period_of, periods_of


@pytest.mark.parametrize(
    ("code", "first", "last", "months"),
    [
        ("M02", "2027-02-01", "2027-02-28", ["2027-02"]),
        ("M12", "2027-12-01", "2027-12-31", ["2027-12"]),
        ("Q1", "2026-12-15", "2027-03-14", ["2026-12", "2027-01", "2027-02"]),
        ("Q2", "2027-03-15", "2027-06-14", ["2027-03", "2027-04", "2027-05"]),
        ("Q4", "2027-09-15", "2027-12-14", ["2027-09", "2027-10", "2027-11"]),
        ("H1", "2026-12-15", "2027-06-14",
         ["2026-12", "2027-01", "2027-02", "2027-03", "2027-04", "2027-05"]),
    ],
)  # fmt: skip
def test_cut_offs(code: str, first: str, last: str, months: list[str]) -> None:
    period = period_of(code, 2027)
    assert period is not None
    assert (period.first.isoformat(), period.last.isoformat()) == (first, last)
    assert [f"{month:%Y-%m}" for month in period.months] == months


def test_quarters_make_the_year_without_gap_or_overlap() -> None:
    parts = [period_of(f"Q{n}", 2027) for n in range(1, 5)]
    year = period_of("Y", 2027)
    assert year is not None
    assert (parts[0].first, parts[-1].last) == (year.first, year.last)
    for before, after in pairwise(parts):
        assert after.first - before.last == dt.timedelta(days=1)
    assert [month for part in parts for month in part.months] == year.months
    assert len(year.months) == 12


def test_leap_years_names_and_the_last_month() -> None:
    assert period_of("M02", 2028).last == dt.date(2028, 2, 29)
    assert period_of("X", 2027) is None
    assert last_month(dt.date(2027, 1, 3)) == ("M12", 2026)
    labels = [period.label for period in periods_of(2027)]
    assert labels[0] == "Tháng 01/2027"
    assert len(set(labels)) == 19
