"""Arithmetic of legal limits on Hà Nội local dates. No Django, no database, no clock of the wall.

Civil Code 91/2015 Article 147: the day of the event is not counted. Article 148: a period ends at
the end of its last day; when that is a day off, at the end of the next working day. Suspended
days ``[from, to)`` are not counted.
"""

import datetime as dt
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import floor
from typing import NamedTuple

from deadlines.faults import CalendarMissing, WrongSuspension
from deadlines.rules import WORKING_DAYS

SWAPPED_WORKING = "swapped_working"
OFF_KINDS = ("holiday", "compensatory_off", "swapped_off")
_SATURDAY = 5
_ONE_DAY = dt.timedelta(days=1)

Amount = int | float
Suspension = tuple[dt.date, dt.date]


class Day(NamedTuple):
    """A day that is not what its weekday says: one of OFF_KINDS, or SWAPPED_WORKING."""

    date: dt.date
    kind: str
    name: str
    basis: str = ""
    status: str = ""


class Calendar:
    """Working days of a closed range of dates: Monday to Friday less days off plus swapped days.

    Immutable. Ranks of working days are laid out once, so adding days is two look-ups. Questions
    outside ``first..last`` raise CalendarMissing.
    """

    def __init__(self, first: dt.date, last: dt.date, days: Iterable[Day]) -> None:
        self.first = first
        self.last = last
        self.days = {day.date: day for day in sorted(days) if first <= day.date <= last}
        self._dates = list(self.days)
        self._start = first.toordinal()
        self._working = array("l")
        # Working days before the day at this offset; one more entry than there are days.
        self._before = array("l", [0])
        for ordinal in range(self._start, last.toordinal() + 1):
            if self._is_working(dt.date.fromordinal(ordinal)):
                self._working.append(ordinal)
            self._before.append(len(self._working))

    def _is_working(self, date: dt.date) -> bool:
        day = self.days.get(date)
        return day.kind == SWAPPED_WORKING if day else date.weekday() < _SATURDAY

    def rank(self, ordinal: int) -> int:
        """How many working days of the range lie before the day with that ordinal."""
        offset = ordinal - self._start
        if not 0 <= offset < len(self._before):
            raise CalendarMissing(f"{self.first}..{self.last}")
        return self._before[offset]

    def at_rank(self, rank: int) -> int:
        """The ordinal of the working day that has ``rank`` working days before it."""
        if not 0 <= rank < len(self._working):
            raise CalendarMissing(f"{self.first}..{self.last}")
        return self._working[rank]

    def is_working(self, date: dt.date) -> bool:
        ordinal = date.toordinal()
        return self.rank(ordinal + 1) > self.rank(ordinal)

    def days_within(self, start: dt.date, end: dt.date) -> list[Day]:
        """The special days of ``start..end``, both included, by date."""
        low, high = bisect_left(self._dates, start), bisect_right(self._dates, end)
        return [self.days[date] for date in self._dates[low:high]]


@dataclass(frozen=True, slots=True)
class Derivation:
    """A computed limit and everything it was computed from (``deadlines.derivation`` expands it).

    ``legal_due_on`` is the raw end, ``due_on`` the last day after moving off days off.
    """

    amount: Amount
    day_kind: str
    rolls: bool
    start: dt.date
    legal_due_on: dt.date
    due_on: dt.date
    suspensions: tuple[Suspension, ...]


def compute(
    amount: Amount,
    day_kind: str,
    rolls: bool,
    start: dt.date,
    calendar: Calendar,
    suspensions: Iterable[Suspension] = (),
) -> Derivation:
    """The last day of a limit of ``amount`` days that starts with an event on ``start``.

    A negative amount counts back from the event; its end in calendar days moves back to a working
    day, so that the act is never late. A fraction of a working day ends on the working day on
    which it starts (after the whole days), on the next one when that is a day off. Days off the
    end moves over are not suspended days either: a limit does not end while it stands still.
    Raises CalendarMissing and WrongSuspension.
    """
    pauses = suspensions_checked(suspensions)
    step = -1 if amount < 0 else 1
    spans = _spans(pauses, step)
    event = start.toordinal()
    whole = floor(abs(amount))
    if day_kind == WORKING_DAYS:
        raw = _count_working(event, whole, step, spans, calendar)
        if whole != abs(amount):
            raw = _settle(raw, step, spans, calendar)
    else:
        raw = _count_days(event, whole, step, spans)
    moves = rolls or (step < 0 and day_kind != WORKING_DAYS)
    end = _settle(raw, step, spans, calendar) if moves else raw
    # Also a limit that asked nothing of the calendar lies within the years that are known.
    calendar.rank(min(raw, end, event))
    calendar.rank(max(raw, end, event) + 1)
    legal_due_on = dt.date.fromordinal(raw)
    due_on = legal_due_on if end == raw else dt.date.fromordinal(end)
    return Derivation(amount, day_kind, rolls, start, legal_due_on, due_on, pauses)


class Leg(NamedTuple):
    """A stretch of a limit: the limit itself, or an extension that begins where it ended."""

    amount: Amount
    day_kind: str
    rolls: bool


def compute_chain(
    legs: Iterable[Leg],
    start: dt.date,
    calendar: Calendar,
    suspensions: Iterable[Suspension] = (),
) -> tuple[Derivation, ...]:
    """A limit and its extensions, each counted from the effective end of the one before.

    A suspension moves every stretch behind it (Article 30 of the Law on Denunciations: the
    extension is counted from the end of the limit). Raises CalendarMissing, WrongSuspension.
    """
    pauses = suspensions_checked(suspensions)
    found: list[Derivation] = []
    for leg in legs:
        begin = found[-1].due_on if found else start
        found.append(compute(leg.amount, leg.day_kind, leg.rolls, begin, calendar, pauses))
    return tuple(found)


def suspensions_checked(suspensions: Iterable[Suspension]) -> tuple[Suspension, ...]:
    """The suspensions by date. Raises WrongSuspension when one ends before it begins or two
    overlap; one of no length is allowed and counts for nothing."""
    ordered = tuple(sorted(suspensions))
    previous: dt.date | None = None
    for begin, end in ordered:
        if end < begin or (previous is not None and begin < previous):
            raise WrongSuspension(f"{begin}/{end}")
        previous = end
    return ordered


def working_days_between(start: dt.date, end: dt.date, calendar: Calendar) -> int:
    """Working days after ``start`` up to and with ``end``; negative when ``end`` is earlier."""
    if end < start:
        return -working_days_between(end, start, calendar)
    return calendar.rank(end.toordinal() + 1) - calendar.rank(start.toordinal() + 1)


def add_working_days(date: dt.date, count: int, calendar: Calendar) -> dt.date:
    """The ``count``-th working day after the date, before it when negative; 0 is the date."""
    step = -1 if count < 0 else 1
    ordinal = _count_working(date.toordinal(), abs(count), step, (), calendar)
    return dt.date.fromordinal(ordinal)


# Suspensions as (first, last) suspended ordinals in the direction of counting.
_Spans = Sequence[tuple[int, int]]


def _spans(pauses: Iterable[Suspension], step: int) -> _Spans:
    forward = [(a.toordinal(), b.toordinal() - 1) for a, b in pauses if a < b]
    return forward if step > 0 else [(last, first) for first, last in reversed(forward)]


def _count_days(event: int, count: int, step: int, spans: _Spans) -> int:
    """The ordinal of the ``count``-th day from the event that is not suspended."""
    position, left = event, count
    for first, last in spans:
        if (last - position) * step <= 0:
            continue
        free = max((first - position) * step - 1, 0)
        if left <= free:
            break
        left -= free
        position = last
    return position + left * step


def _count_working(event: int, count: int, step: int, spans: _Spans, calendar: Calendar) -> int:
    """The ordinal of the ``count``-th working day from the event that is not suspended."""
    if not count:
        return event
    position, left = event, count
    for first, last in spans:
        if (last - position) * step <= 0:
            continue
        free = _working_between(position, first, step, calendar)
        if left <= free:
            break
        left -= free
        position = last
    if step > 0:
        return calendar.at_rank(calendar.rank(position + 1) + left - 1)
    return calendar.at_rank(calendar.rank(position) - left)


def _working_between(position: int, border: int, step: int, calendar: Calendar) -> int:
    """Working days strictly between a day and a border ahead of it, 0 when it is not ahead.

    A border outside the calendar counts as its edge: whether that matters shows later.
    """
    if step > 0:
        low, high = position, min(border, calendar.last.toordinal() + 1)
    else:
        low, high = max(border, calendar.first.toordinal() - 1), position
    return calendar.rank(high) - calendar.rank(low + 1) if high > low else 0


def _settle(end: int, step: int, spans: _Spans, calendar: Calendar) -> int:
    """``end``, or the nearest working day ahead of it that is not suspended."""
    rank = calendar.rank(end)
    if calendar.rank(end + 1) > rank:
        return end
    return _count_working(end, 1, step, spans, calendar)


def each_day(start: dt.date, end: dt.date) -> Iterator[dt.date]:
    """Dates from ``start`` to ``end``, both included, also backwards."""
    step = _ONE_DAY if start <= end else -_ONE_DAY
    day = start
    while day != end:
        yield day
        day += step
    yield end
