"""Periods of a rhythm on Hà Nội local dates: whole months, quarters and years. Pure."""

import datetime as dt
from collections.abc import Iterator
from typing import NamedTuple

from common.time import month_after
from directives.enums import Rhythm

MONTHS = {Rhythm.MONTHLY: 1, Rhythm.QUARTERLY: 3, Rhythm.YEARLY: 12}


class Period(NamedTuple):
    """Both days belong to it."""

    starts_on: dt.date
    ends_on: dt.date

    @property
    def words(self) -> str:
        """How it is called in notices: from which day to which."""
        return f"{self.starts_on:%d/%m/%Y} – {self.ends_on:%d/%m/%Y}"


def period_of(rhythm: str, day: dt.date) -> Period:
    """The period in which a date lies. Raises KeyError for a task without a rhythm."""
    months = MONTHS[Rhythm(rhythm)]
    first = (day.month - 1) // months * months + 1
    starts_on = day.replace(month=first, day=1)
    return Period(starts_on, month_after(starts_on, months) - dt.timedelta(days=1))


def periods_until(
    rhythm: str, begin: dt.date, until: dt.date, end: dt.date | None = None
) -> Iterator[Period]:
    """The periods from the one in which ``begin`` lies to the one in which ``until`` lies; none
    before ``begin`` itself.

    ``end``: the last day of the task; the period in which it lies ends with it, none comes after.
    """
    last = until if end is None else min(until, end)
    period = period_of(rhythm, begin)
    while begin <= last and period.starts_on <= last:
        yield period if end is None else period._replace(ends_on=min(period.ends_on, end))
        period = period_of(rhythm, period.ends_on + dt.timedelta(days=1))
