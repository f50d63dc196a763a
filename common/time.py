"""Moments and local dates. A date is a Hà Nội date, a moment is UTC."""

import datetime as dt
from zoneinfo import ZoneInfo

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")


def now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def local_date(moment: dt.datetime) -> dt.date:
    """The Hà Nội date of a moment."""
    return moment.astimezone(HANOI).date()


def today() -> dt.date:
    return local_date(now())


def local_moment(day: dt.date, hour: int = 0, minute: int = 0) -> dt.datetime:
    """The UTC moment of a Hà Nội wall-clock time."""
    return dt.datetime.combine(day, dt.time(hour, minute), HANOI).astimezone(dt.UTC)
