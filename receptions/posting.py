"""How early a session must be announced, and which days are days off."""

import datetime as dt

from deadlines.calendars import calendar_current
from deadlines.clock import OFF_KINDS, compute
from deadlines.errors import fault_answers
from deadlines.faults import CalendarMissing
from deadlines.rules import rule_get

RULE = "TCD-POST"


def latest_posting_on(day: dt.date) -> dt.date:
    """The last local date on which a session of ``day`` may be announced without a reason.

    5 working days before (Article 24(4) of the Law on Citizen Reception 2013, Article 29(1)(d)
    of Decree 154/2026). Raises DomainError ``calendar_missing`` beyond the known calendar.
    """
    rule = rule_get(RULE)
    with fault_answers():
        days = rule.limit(day)
        return compute(days, rule.day_kind, rule.rolls, day, calendar_current()).due_on


def days_off(first: dt.date, last: dt.date) -> dict[dt.date, str]:
    """Holidays and swapped days off of a range with their names; none when not known."""
    try:
        days = calendar_current().days_within(first, last)
    except CalendarMissing:
        return {}
    return {day.date: day.name for day in days if day.kind in OFF_KINDS}
