"""Plain values that the portal's components show. No domain word, no database."""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

Text = str | Promise


@dataclass(frozen=True)
class Crumb:
    """One step of the breadcrumb trail; the last one has no address."""

    label: Text
    href: str = ""


@dataclass(frozen=True)
class SummaryRow:
    """A line of a check-answers list; ``change_href`` shows a "Change" link."""

    label: Text
    value: Text
    change_href: str = ""


@dataclass(frozen=True)
class TimelineItem:
    """An entry of a timeline. ``state`` is ``done``, ``current`` or ``next``."""

    title: Text
    at: date | datetime | None = None
    text: Text = ""
    actor: Text = ""
    state: str = "done"
    href: str = ""
    href_label: Text = ""


@dataclass(frozen=True)
class CalendarEntry:
    """Something on a day of a month calendar."""

    label: Text
    href: str = ""
    time: str = ""
    note: Text = ""
    tone: str = "neutral"


@dataclass(frozen=True)
class CalendarCell:
    """A day of a month calendar."""

    day: date
    in_month: bool
    is_today: bool
    off_reason: Text = ""
    entries: Sequence[CalendarEntry] = ()


@dataclass(frozen=True)
class MonthGrid:
    """A month as weeks of seven days, Monday first."""

    first: date
    weeks: list[list[CalendarCell]] = field(default_factory=list)


def month_grid(
    *,
    year: int,
    month: int,
    entries: Mapping[date, Sequence[CalendarEntry]],
    today: date,
    days_off: Mapping[date, Text] | None = None,
) -> MonthGrid:
    """Lay the entries of a month on weeks from Monday to Sunday."""
    off = days_off or {}
    weeks = [
        [
            CalendarCell(
                day=day,
                in_month=day.month == month,
                is_today=day == today,
                off_reason=off.get(day, ""),
                entries=tuple(entries.get(day, ())),
            )
            for day in week
        ]
        for week in calendar.Calendar(firstweekday=0).monthdatescalendar(year, month)
    ]
    return MonthGrid(first=date(year, month, 1), weeks=weeks)


def days_words(days: int, *, working: bool = True) -> str:
    """Say a number of days left (negative: overdue) in words.

    ``working`` says whether working days or calendar days are meant.
    """
    if days == 0:
        return _("due today")
    count = abs(days)
    if days > 0 and working:
        words = ngettext("%(n)d working day left", "%(n)d working days left", count)
    elif days > 0:
        words = ngettext("%(n)d day left", "%(n)d days left", count)
    elif working:
        words = ngettext("overdue by %(n)d working day", "overdue by %(n)d working days", count)
    else:
        words = ngettext("overdue by %(n)d day", "overdue by %(n)d days", count)
    return words % {"n": count}


def span_words(span: timedelta) -> str:
    """A length of time in its largest whole unit (Django's own words have no Vietnamese): "2 minutes"."""
    seconds = max(int(span.total_seconds()), 0)
    if seconds < 60:
        return ngettext("%(n)d second", "%(n)d seconds", seconds) % {"n": seconds}
    if seconds < 3600:
        return ngettext("%(n)d minute", "%(n)d minutes", seconds // 60) % {"n": seconds // 60}
    if seconds < 86400:
        return ngettext("%(n)d hour", "%(n)d hours", seconds // 3600) % {"n": seconds // 3600}
    return ngettext("%(n)d day", "%(n)d days", seconds // 86400) % {"n": seconds // 86400}


@dataclass(frozen=True)
class DueSegment:
    """A stretch of a due bar in per cent of its length."""

    x: float
    width: float


@dataclass(frozen=True)
class DueBar:
    """A running clock as a bar of 100 units: elapsed part, pauses, the present, words."""

    elapsed: float
    pauses: Sequence[DueSegment]
    tone: str
    words: Text
    started_on: date
    due_on: date
    today_x: float

    @property
    def is_open(self) -> bool:
        """Whether the present still moves along the bar."""
        return self.tone in {"ok", "soon", "paused"}


def _share(day: date, start: date, days: int) -> float:
    return round(min(max((day - start).days / days, 0.0), 1.0) * 100, 2)


def _due_tone(state: str, days_left: int, soon: int) -> str:
    if state != "running":
        return state
    if days_left < 0:
        return "overdue"
    return "soon" if days_left <= soon else "ok"


def due_bar(
    *,
    started_on: date,
    due_on: date,
    today: date,
    days_left: int | None = None,
    working: bool = False,
    state: str = "running",
    pauses: Iterable[tuple[date, date | None]] = (),
    soon: int = 3,
) -> DueBar:
    """Model of a clock's bar.

    ``days_left`` is the count to say (working days when ``working``); without it calendar days
    are counted. ``state`` is ``running``, ``paused``, ``met``, ``missed`` or ``cancelled``.
    ``soon`` days before the end the bar changes its tone.
    """
    length = max((due_on - started_on).days, 1)
    left = (due_on - today).days if days_left is None else days_left
    words: dict[str, Text] = {
        "paused": _("paused"),
        "met": _("met"),
        "missed": _("missed"),
        "cancelled": _("no longer applies"),
    }
    now_x = _share(today, started_on, length)
    segments = [
        DueSegment(x=x, width=round(_share(end or today, started_on, length) - x, 2))
        for begin, end in pauses
        for x in [_share(begin, started_on, length)]
    ]
    return DueBar(
        elapsed=100.0 if state in {"met", "missed"} else now_x,
        pauses=[segment for segment in segments if segment.width > 0],
        tone=_due_tone(state, left, soon),
        words=words.get(state) or days_words(left, working=working),
        started_on=started_on,
        due_on=due_on,
        today_x=now_x,
    )


def page_href(request: HttpRequest, cursor: str) -> str:
    """The address of another page of the same list, with its filters, or ""."""
    if not cursor:
        return ""
    query = request.GET.copy()
    query["cursor"] = cursor
    return f"?{query.urlencode()}"
