"""Working days of Viet Nam from ``CalendarDay`` rows, their only source.

Labour Code 45/2019 Articles 111-112; swaps by the Prime Minister's yearly decision. The days are
read at most every 30 seconds per process and laid out again only when they changed.
"""

import csv
import datetime as dt
import time
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings
from django.db import transaction

from common.reference import LoadReport, rows_sync
from common.time import today
from deadlines import clock
from deadlines.clock import Calendar, Day
from deadlines.faults import CalendarMissing
from deadlines.models import CalendarDay, DayKind

COLUMNS = ("date", "kind", "name_vi", "basis", "status")
STATUSES = ("verified", "expected")
KIND = "calendar days"
CACHE_SECONDS = 30
SOON_WORKING_DAYS = 3
# November and December 2025 hold no day off by law (Labour Code Article 112); earlier days are
# not kept.
COVERED_FROM = dt.date(2025, 11, 1)
# Tết always falls between 21 January and 20 February and gives five days off (Article 112).
_TET = ((1, 19), (2, 28))
_TET_DAYS = 5


class _Cache:
    rows: tuple[Day, ...] = ()
    calendar: Calendar | None = None
    read_at = 0.0


def calendar_current() -> Calendar:
    """The calendar as it is now; a query only when it was read more than 30 seconds ago.

    Covers ``COVERED_FROM`` to the end of the last year whose Tết is known. Raises
    CalendarMissing when no day is loaded.
    """
    if _Cache.calendar is None or time.monotonic() - _Cache.read_at > CACHE_SECONDS:
        _refresh()
    if _Cache.calendar is None:
        raise CalendarMissing("no calendar is loaded")
    return _Cache.calendar


def calendar_cache_clear() -> None:
    """Forget what was read: after a change, and between tests."""
    _Cache.calendar, _Cache.rows, _Cache.read_at = None, (), 0.0


def is_working_day(date: dt.date) -> bool:
    return calendar_current().is_working(date)


def add_working_days(date: dt.date, count: int) -> dt.date:
    """``clock.add_working_days`` with the current calendar."""
    return clock.add_working_days(date, count, calendar_current())


def calendar_build(days: Iterable[Day]) -> Calendar | None:
    """A calendar of the years that are known without a gap, None when there is none."""
    known = list(days)
    year = COVERED_FROM.year
    while has_tet(known, year + 1):
        year += 1
    if year == COVERED_FROM.year:
        return None
    return Calendar(COVERED_FROM, dt.date(year, 12, 31), known)


def calendar_file() -> list[Day]:
    """The days of the file that is kept with the site (``CALENDAR_DAYS_FILE``)."""
    with Path(settings.CALENDAR_DAYS_FILE).open(encoding="utf-8", newline="") as source:
        return calendar_read(source)


def calendar_read(source: Iterable[str]) -> list[Day]:
    """The days of a CSV with ``date, kind, name_vi, basis, status``. Raises ValueError naming the
    row that is wrong, KeyError for a missing column."""
    days: dict[dt.date, Day] = {}
    for row in csv.DictReader(source):
        given = [(row[name] or "").strip() for name in COLUMNS]
        day = Day(dt.date.fromisoformat(given[0]), *given[1:])
        if day.kind not in DayKind.values or day.status not in STATUSES or not day.name:
            raise ValueError(f"{day.date}: {day.kind} / {day.status}")
        if day.date in days:
            raise ValueError(f"{day.date}: twice")
        days[day.date] = day
    return list(days.values())


@transaction.atomic
def calendar_load(report: LoadReport, rows: Iterable[Day] | None = None) -> None:
    """Make the table hold exactly these days (the file's by default); twice changes nothing.

    The table alone: ``recalculation.calendar_change`` brings the open clocks along.
    """
    days = list(calendar_file() if rows is None else rows)
    removed = CalendarDay.objects.exclude(date__in=[day.date for day in days])
    report.end(KIND, [f"{date}" for date in removed.values_list("date", flat=True)])
    removed.delete()
    rows_sync(CalendarDay, [d._asdict() for d in days], key="date", kind=KIND, report=report)
    calendar_cache_clear()
    transaction.on_commit(calendar_cache_clear)


def calendar_rows() -> set[Day]:
    """The days of the table as they are stored now; one query."""
    return {_day(row) for row in CalendarDay.objects.all()}


def _day(row: CalendarDay) -> Day:
    return Day(row.date, row.kind, row.name, row.basis, row.status)


def _refresh() -> None:
    rows = tuple(_day(row) for row in CalendarDay.objects.order_by("date"))
    if rows != _Cache.rows or _Cache.calendar is None:
        _Cache.rows, _Cache.calendar = rows, calendar_build(rows)
    _Cache.read_at = time.monotonic()


def has_tet(days: Iterable[Day], year: int) -> bool:
    """Whether the days off of that year's Tết are known."""
    return len(tet_days(days, year)) >= _TET_DAYS


def tet_days(days: Iterable[Day], year: int) -> list[Day]:
    """The days off around that year's Tết, by date."""
    first, last = dt.date(year, *_TET[0]), dt.date(year, *_TET[1])
    return sorted(
        day for day in days if first <= day.date <= last and day.kind != clock.SWAPPED_WORKING
    )


def soon_period(working_days: int = SOON_WORKING_DAYS) -> tuple[dt.date, dt.date]:
    """Today and the third working day after it (or another), Hà Nội dates: due between them is
    due soon."""
    day = today()
    return day, add_working_days(day, working_days)
