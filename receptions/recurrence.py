"""Which days a pattern names. No database here, no calendar of days off."""

import calendar
import datetime as dt
from collections.abc import Iterator, Sequence
from typing import NamedTuple, Protocol

from common.time import months_between

_DAY = dt.timedelta(days=1)


class Recurring(Protocol):
    """Numbers of the month, or a weekday (0 is Monday), between two local dates."""

    @property
    def days(self) -> Sequence[int]: ...
    @property
    def weekday(self) -> int | None: ...
    @property
    def valid_from(self) -> dt.date: ...
    @property
    def valid_to(self) -> dt.date | None: ...


class Named(NamedTuple):
    """A day that a pattern names. ``number``: the day of the month that a shorter month does not
    have, so that its last day stands for it; None otherwise."""

    on: dt.date
    number: int | None = None


def days_named(pattern: Recurring, first: dt.date, last: dt.date) -> list[Named]:
    """The days that a pattern names from ``first`` to ``last``, each once, by date."""
    begin = max(first, pattern.valid_from)
    end = min(last, pattern.valid_to) if pattern.valid_to else last
    if pattern.weekday is not None:
        return [Named(day) for day in _weekly(pattern.weekday, begin, end)]
    found: dict[dt.date, Named] = {}
    for month in months_between(begin, end):
        for number in sorted(pattern.days):
            named = _in_month(month, number)
            if begin <= named.on <= end:
                found.setdefault(named.on, named)
    return [found[day] for day in sorted(found)]


def _weekly(weekday: int, begin: dt.date, end: dt.date) -> Iterator[dt.date]:
    day = begin + _DAY * ((weekday - begin.weekday()) % 7)
    while day <= end:
        yield day
        day += 7 * _DAY


def _in_month(month: dt.date, number: int) -> Named:
    """Day ``number`` of a month, or its last day where it is shorter."""
    last = calendar.monthrange(month.year, month.month)[1]
    return Named(month.replace(day=min(number, last)), number if number > last else None)
