"""Moments and local dates. A date is a Hà Nội date, a moment is UTC."""

import datetime as dt
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
# What anybody can mean. Beyond it, moments cannot be converted or stored.
DATE_MIN = dt.date(1900, 1, 1)
DATE_MAX = dt.date(2200, 12, 31)


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


def month_after(day: dt.date, count: int = 1) -> dt.date:
    """The first day of the month that lies so many months after that of a date (before it when
    negative)."""
    years, month = divmod(day.month - 1 + count, 12)
    return dt.date(day.year + years, month + 1, 1)


def months_between(first: dt.date, last: dt.date) -> list[dt.date]:
    """First days of the months from that of one date to that of another, both included."""
    found, month = [], first.replace(day=1)
    while month <= last:
        found.append(month)
        month = month_after(month)
    return found


def date_read(text: str) -> dt.date:
    """A date as typed or sent. Raises ValueError with the message to show."""
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        raise ValueError(_("Enter a date such as 2026-11-23.")) from None
    if not DATE_MIN <= day <= DATE_MAX:
        raise ValueError(_("Enter a date such as 2026-11-23."))
    return day


def moment_read(text: str) -> dt.datetime:
    """A moment with offset, in UTC. Raises ValueError with the message to show."""
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(_("Enter a date such as 2026-11-23.")) from None
    if moment.tzinfo is None:
        raise ValueError(_("A moment needs its offset, for example +07:00."))
    if not DATE_MIN <= moment.date() <= DATE_MAX:
        raise ValueError(_("Enter a date such as 2026-11-23."))
    return moment.astimezone(dt.UTC)


def iso(value: dt.date | None) -> str | None:
    """A date or moment as the API says it, None for none."""
    return value.isoformat() if value else None


def day_words(text: str) -> str:
    """A local date that a history keeps (``2026-11-23``) as screens show it."""
    return f"{dt.date.fromisoformat(text):%d/%m/%Y}"
