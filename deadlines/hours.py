"""Limits in hours, on Hà Nội wall-clock time (UTC+7, no summer time). No Django.

Working hours are counted inside the unit's working hours on working days only; hours of the law
on data breaches run through nights and days off (they are neither stopped nor moved).
"""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from deadlines.clock import Calendar
from deadlines.faults import HoursWrong
from deadlines.rules import WORKING_DAYS

HOURS_MAX = 24 * 366
_SPAN = re.compile(r"(\d\d):(\d\d)-(\d\d):(\d\d)", re.ASCII)
_DAY = dt.timedelta(days=1)
_ZERO = dt.timedelta()


def _span(found: re.Match[str], text: str) -> tuple[dt.time, dt.time]:
    first, second, third, fourth = map(int, found.groups())
    try:
        return dt.time(first, second), dt.time(third, fourth)
    except ValueError:
        raise HoursWrong(text) from None


@dataclass(frozen=True, slots=True)
class WorkingHours:
    """The spans of a working day in which a unit works, in order and apart."""

    spans: tuple[tuple[dt.time, dt.time], ...]

    @classmethod
    def parse(cls, text: str) -> "WorkingHours":
        """``08:00-12:00,13:00-17:00``. Raises HoursWrong."""
        spans: list[tuple[dt.time, dt.time]] = []
        for part in text.split(","):
            found = _SPAN.fullmatch(part.strip())
            if not found:
                raise HoursWrong(text)
            spans.append(_span(found, text))
        flat = [time for span in spans for time in span]
        if any(one >= other for one, other in pairwise(flat)):
            raise HoursWrong(text)
        return cls(tuple(spans))

    def on(self, date: dt.date) -> Iterator[tuple[dt.datetime, dt.datetime]]:
        """The spans as moments of a date."""
        for begin, end in self.spans:
            yield dt.datetime.combine(date, begin), dt.datetime.combine(date, end)


OFFICE = WorkingHours.parse("08:00-12:00,13:00-17:00")


class HourSpan(NamedTuple):
    """Hours counted without a break: wall-clock moments of Hà Nội, without an offset."""

    begin: dt.datetime
    end: dt.datetime


@dataclass(frozen=True, slots=True)
class HourLimit:
    """A limit in hours that ends at ``due_at``; ``spans`` are the hours counted, in order."""

    hours: float
    day_kind: str
    start: dt.datetime
    due_at: dt.datetime
    spans: tuple[HourSpan, ...]


def hours_compute(
    hours: float,
    day_kind: str,
    start: dt.datetime,
    calendar: Calendar,
    office: WorkingHours = OFFICE,
) -> HourLimit:
    """When a number of hours after an event at ``start`` is over.

    ``start``: Hà Nội wall-clock time without an offset. Working hours begin to run with the
    event, or with the next opening when it comes outside the working hours. Raises HoursWrong
    for a number that is none, CalendarMissing beyond the known years.
    """
    if not 0 < hours <= HOURS_MAX or start.tzinfo is not None:
        raise HoursWrong(f"{hours} {start}")
    left = dt.timedelta(hours=hours)
    if day_kind != WORKING_DAYS:
        spans = [HourSpan(start, start + left)]
    else:
        spans = list(_working(start, left, calendar, office))
    # Also hours that asked nothing of the calendar lie within the years that are known.
    calendar.rank(spans[-1].end.toordinal() + 1)
    return HourLimit(hours, day_kind, start, spans[-1].end, tuple(spans))


def hours_line(limit: HourLimit) -> str:
    """One Vietnamese sentence: what was counted, and when it is over."""
    unit = "giờ làm việc" if limit.day_kind == WORKING_DAYS else "giờ liên tục, không dời"
    amount = f"{limit.hours:g}".replace(".", ",")
    parts = [f"{amount} {unit} kể từ {_shown(limit.start)}"]
    if limit.spans[0].begin != limit.start:
        parts.append(f"nhận ngoài giờ làm việc nên tính từ {_shown(limit.spans[0].begin)}")
    return f"{'; '.join(parts)}: hạn cuối là {_shown(limit.due_at)}."


def _working(
    start: dt.datetime, left: dt.timedelta, calendar: Calendar, office: WorkingHours
) -> Iterator[HourSpan]:
    date = start.date()
    while left > _ZERO:
        for opens, closes in office.on(date) if calendar.is_working(date) else ():
            begin = max(opens, start)
            end = min(closes, begin + left)
            if begin < end:
                yield HourSpan(begin, end)
                left -= end - begin
        date += _DAY


def _shown(moment: dt.datetime) -> str:
    return f"{moment:%H:%M} ngày {moment:%d/%m/%Y}"
