"""The project's calendar without a database, and a slow, obviously right way to count."""

import datetime as dt
from collections.abc import Sequence

from deadlines.calendars import calendar_build, calendar_file
from deadlines.clock import SWAPPED_WORKING, Amount, Calendar, Day, Derivation, compute
from deadlines.rules import rule_get

_built = calendar_build(calendar_file())
assert _built is not None
CALENDAR = _built
DAY = dt.timedelta(days=1)
Span = tuple[dt.date, dt.date]


def on(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def spans(*texts: str) -> list[Span]:
    return [(on(text[:10]), on(text[11:])) for text in texts]


def limit(code: str, start: str, *suspended: str, calendar: Calendar = CALENDAR) -> Derivation:
    """The limit of a rule of the table that starts on a date."""
    rule = rule_get(code)
    days = rule.limit(on(start))
    return compute(days, rule.day_kind, rule.rolls, on(start), calendar, spans(*suspended))


def calendar_with(*days: Day) -> Calendar:
    known = {day.date: day for day in CALENDAR.days.values()} | {day.date: day for day in days}
    return Calendar(CALENDAR.first, CALENDAR.last, known.values())


def holiday(text: str) -> Day:
    return Day(on(text), "holiday", "Ngày nghỉ thử")


def slow(
    amount: Amount,
    day_kind: str,
    rolls: bool,
    start: dt.date,
    calendar: Calendar,
    suspended: Sequence[Span],
) -> tuple[dt.date, dt.date]:
    """Raw and effective end, one day after the other."""

    def works(date: dt.date) -> bool:
        special = calendar.days.get(date)
        return special.kind == SWAPPED_WORKING if special else date.weekday() < 5

    def stands(date: dt.date) -> bool:
        return any(begin <= date < end for begin, end in suspended)

    step = DAY if amount >= 0 else -DAY
    date, left = start, abs(amount)
    while left > 0:
        date += step
        if not stands(date) and (day_kind == "calendar" or works(date)):
            left -= 1
    raw = date
    if rolls or (amount < 0 and day_kind == "calendar"):
        while not works(date) or (date != raw and stands(date)):
            date += step
    return raw, date
