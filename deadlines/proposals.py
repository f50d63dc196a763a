"""What the ``holidays`` package says about days off: a proposal and a cross-check, no source.

It knows the law's days and, with some delay, the swaps of past years; the official notice of the
year decides (Labour Code 45/2019, Articles 111 and 112).
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import holidays

from deadlines.clock import SWAPPED_WORKING, Day

BASIS = "gói holidays, chưa đối chiếu thông báo chính thức"
_SATURDAY = 5


class Difference(NamedTuple):
    """A date on which the stored days and the package disagree; a side is "" when it has none."""

    date: dt.date
    ours: str
    theirs: str


def days_propose(year: int) -> list[Day]:
    """The package's days off of a year as rows to compare and correct, never loaded by itself."""
    found = holidays.country_holidays("VN", years=year, language="vi")
    return [Day(date, _kind(name), name, BASIS, "expected") for date, name in sorted(found.items())]


def days_compare(days: Iterable[Day], years: Sequence[int]) -> list[Difference]:
    """Working days off by one side only; a day off on a weekend changes no limit."""
    ours = {day.date: day.name for day in days if day.kind != SWAPPED_WORKING}
    theirs = {day.date: day.name for year in years for day in days_propose(year)}
    dates = sorted(set(ours) ^ set(theirs))
    return [
        Difference(date, ours.get(date, ""), theirs.get(date, ""))
        for date in dates
        if date.year in years and date.weekday() < _SATURDAY
    ]


def _kind(name: str) -> str:
    if "nghỉ bù" in name:
        return "compensatory_off"
    return "swapped_off" if "thay cho" in name else "holiday"
