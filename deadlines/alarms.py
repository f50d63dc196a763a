"""Are the days off known early enough? Without next year's Tết no limit can reach into it."""

import datetime as dt
from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple

from deadlines.calendars import has_tet, tet_days
from deadlines.clock import Day

# The notice of Tết and the year's swaps is signed in autumn; a limit of 60 days that starts in
# November ends behind the New Year.
NEXT_YEAR_FROM = (11, 1)


class AlarmKind(StrEnum):
    MISSING = "missing"  # no day off of Tết is known: limits stop at New Year
    UNCONFIRMED = "unconfirmed"  # counted from the lunar calendar, no official notice yet


class CalendarAlarm(NamedTuple):
    """What is wrong with the days off of a year."""

    kind: AlarmKind
    year: int


def calendar_alarms(on: dt.date, days: Iterable[Day]) -> list[CalendarAlarm]:
    """What is missing on a Hà Nội date: of its year, from 1 November also of the next one."""
    known = list(days)
    years = [on.year, on.year + 1] if (on.month, on.day) >= NEXT_YEAR_FROM else [on.year]
    found: list[CalendarAlarm] = []
    for year in years:
        if not has_tet(known, year):
            found.append(CalendarAlarm(AlarmKind.MISSING, year))
        elif any(day.status != "verified" for day in tet_days(known, year)):
            found.append(CalendarAlarm(AlarmKind.UNCONFIRMED, year))
    return found
