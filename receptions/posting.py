"""How early a session must be announced, and which days are days off."""

import datetime as dt

from django.utils.dates import WEEKDAYS

from common.errors import DomainError
from deadlines.calendars import add_working_days, calendar_current, is_working_day
from deadlines.clock import OFF_KINDS, SWAPPED_WORKING, compute
from deadlines.errors import fault_answers
from deadlines.faults import CalendarMissing
from deadlines.rules import rule_get
from receptions.quotas import Openings

RULE = "TCD-POST"
SATURDAY = 5


def latest_posting_on(day: dt.date) -> dt.date:
    """The last local date on which a session of ``day`` may be announced without a reason.

    5 working days before (Article 24(4) of the Law on Citizen Reception 2013, Article 29(1)(d)
    of Decree 154/2026). Raises DomainError ``calendar_missing`` beyond the known calendar.
    """
    rule = rule_get(RULE)
    with fault_answers():
        days = rule.limit(day)
        return compute(days, rule.day_kind, rule.rolls, day, calendar_current()).due_on


def is_late(day: dt.date, today: dt.date) -> bool:
    """Whether a session of ``day`` that is announced today is announced late. Raises DomainError
    ``calendar_missing``."""
    return today > latest_posting_on(day)


def days_off(first: dt.date, last: dt.date) -> dict[dt.date, str]:
    """Holidays and swapped days off of a range with their names; none when not known."""
    try:
        days = calendar_current().days_within(first, last)
    except CalendarMissing:
        return {}
    return {day.date: day.name for day in days if day.kind in OFF_KINDS}


def day_off_words(day: dt.date) -> str:
    """Which day off a local date is, "" for a working day. Beyond the known calendar only the
    week-end is known."""
    try:
        special = next(iter(calendar_current().days_within(day, day)), None)
    except CalendarMissing:
        special = None
    if special is not None:
        return "" if special.kind == SWAPPED_WORKING else special.name
    return str(WEEKDAYS[day.weekday()]) if day.weekday() >= SATURDAY else ""


def working_day_from(day: dt.date) -> dt.date:
    """The date itself, or the next working day. Raises CalendarMissing where it is not known."""
    return day if is_working_day(day) else add_working_days(day, 1)


def next_working_day(day: dt.date) -> dt.date:
    """The first working day after a local date; beyond the known calendar Monday to Friday."""
    return _walk(day, 1)


def last_working_day(day: dt.date) -> dt.date:
    """The last working day before a local date, likewise."""
    return _walk(day, -1)


def _walk(day: dt.date, step: int) -> dt.date:
    day += dt.timedelta(days=step)
    while not _works(day):
        day += dt.timedelta(days=step)
    return day


def openings(first: dt.date, last: dt.date, today: dt.date) -> Openings:
    """Working days of a range after ``today`` (local dates), and which of them can still be
    announced in time. Beyond the known calendar Monday to Friday counts as working, and the limit
    of the announcement as a week of calendar days.
    """
    begin = max(first, today + dt.timedelta(days=1))
    dates = [begin + dt.timedelta(days=n) for n in range((last - begin).days + 1)]
    working = [day for day in dates if _works(day)]
    return Openings(frozenset(d for d in working if _latest(d) >= today), frozenset(working))


def was_late(day: dt.date, posted_on: dt.date) -> bool:
    """Whether a session of ``day`` was announced too late, by local dates."""
    return posted_on > _latest(day)


def _works(day: dt.date) -> bool:
    try:
        return calendar_current().is_working(day)
    except CalendarMissing:
        return day.weekday() < SATURDAY


def _latest(day: dt.date) -> dt.date:
    try:
        return latest_posting_on(day)
    except (DomainError, CalendarMissing):
        return day - dt.timedelta(days=7)
