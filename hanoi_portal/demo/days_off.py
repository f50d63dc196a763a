"""Days off of years that nobody has announced yet, so that the demo starts on any date.

A portal at work never guesses them (``docs/deadlines.md``); one that only shows itself may.
"""

import datetime as dt

from django.db import transaction

from common.time import local_date
from deadlines.calendars import calendar_cache_clear, calendar_current
from deadlines.models import CalendarDay
from deadlines.proposals import days_propose

# The longest limits with their extensions and the sessions that are planned reach less far.
AHEAD = dt.timedelta(days=200)


@transaction.atomic
def days_off_make(*, now: dt.datetime) -> int:
    """Add what the ``holidays`` package expects for each year without days off, up to the year of
    ``AHEAD`` after a UTC moment; returns how many days are new."""
    first, last = calendar_current().last.year + 1, (local_date(now) + AHEAD).year
    days = [day for year in range(first, last + 1) for day in days_propose(year)]
    rows = [CalendarDay(**day._asdict()) for day in days]
    CalendarDay.objects.bulk_create(rows, ignore_conflicts=True)
    calendar_cache_clear()
    return len(days)
