"""Periods of the Party's and the State's reports and their cut-offs, as data (``periods.csv``).

Monthly, for the first quarter, six months, nine months and the year (Conclusion 215-KL/TW). The
cut-offs of Circular 06/2025 were not seen: those of Circular 01/2024 stand until a row replaces
them, with the dates from which each holds.
"""

import calendar
import datetime as dt
from functools import cache
from pathlib import Path
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.reference import csv_rows

FILE = Path(__file__).resolve().parent / "data" / "periods.csv"
END = "end"
LABELS: dict[str, Promise] = {
    "Q1": gettext_lazy("First quarter of %(year)s"),
    "Q2": gettext_lazy("Second quarter of %(year)s"),
    "Q3": gettext_lazy("Third quarter of %(year)s"),
    "Q4": gettext_lazy("Fourth quarter of %(year)s"),
    "H1": gettext_lazy("First six months of %(year)s"),
    "N9": gettext_lazy("First nine months of %(year)s"),
    "Y": gettext_lazy("Year %(year)s"),
}


class Period(NamedTuple):
    """Local dates of a report, both included."""

    code: str
    year: int
    first: dt.date
    last: dt.date
    basis: str

    @property
    def label(self) -> str:
        if self.code in LABELS:
            return str(LABELS[self.code]) % {"year": self.year}
        return _("Month %(month)s") % {"month": f"{self.last:%m/%Y}"}

    @property
    def months(self) -> list[dt.date]:
        """First days of the calendar months that end in the period: a minimum by the month is
        counted in one quarter only."""
        found, month = [], self.first.replace(day=1)
        while month <= self.last:
            if _end(month) <= self.last and _end(month) >= self.first:
                found.append(month)
            month = _end(month) + dt.timedelta(days=1)
        return found


def periods_of(year: int) -> list[Period]:
    """The periods of a year in the order of the file."""
    found = []
    for row in _rows():
        period = Period(
            row["code"],
            year,
            _date(year + int(row["from_year"]), row["from_day"]),
            _date(year + int(row["to_year"]), row["to_day"]),
            row["basis"],
        )
        if row["valid_from"] <= period.last.isoformat() <= (row["valid_to"] or "9999"):
            found.append(period)
    return found


def period_of(code: str, year: int) -> Period | None:
    return next((period for period in periods_of(year) if period.code == code), None)


def last_month(on: dt.date) -> tuple[str, int]:
    """Code and year of the month before a local date."""
    before = on.replace(day=1) - dt.timedelta(days=1)
    return f"M{before.month:02d}", before.year


@cache
def _rows() -> list[dict[str, str]]:
    return csv_rows(FILE)


def _date(year: int, day: str) -> dt.date:
    month, _dash, number = day.partition("-")
    first = dt.date(year, int(month), 1)
    return _end(first) if number == END else first.replace(day=int(number))


def _end(month: dt.date) -> dt.date:
    return month.replace(day=calendar.monthrange(month.year, month.month)[1])
