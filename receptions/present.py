"""Sessions as pages show them: months, days, links."""

import datetime as dt
from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.time import HANOI, local_date, month_after, now, today
from common.ui import CalendarEntry, MonthGrid, month_grid
from receptions.enums import RegistrationStatus, SessionStatus
from receptions.forms import YEARS
from receptions.models import ReceptionSession
from receptions.posting import days_off

ENTRY_TONES = {"held": "success", "published": "info", "missed": "danger"}
REGISTRATION_TONES = {
    RegistrationStatus.UNCONFIRMED: "neutral",
    RegistrationStatus.REGISTERED: "info",
    RegistrationStatus.WAITING: "warning",
    RegistrationStatus.CANCELLED: "neutral",
    RegistrationStatus.RECEIVED: "success",
    RegistrationStatus.ABSENT: "danger",
    RegistrationStatus.CALLED: "progress",
    RegistrationStatus.PARKED: "warning",
    RegistrationStatus.REFUSED: "danger",
}


class Card(NamedTuple):
    """A session in a public list."""

    session: ReceptionSession
    href: str
    free: int
    is_open: bool
    is_cancelled: bool
    words: str
    moved_from: dt.date | None = None


class DayGroup(NamedTuple):
    day: dt.date
    cards: list[Card]


def card(
    session: ReceptionSession, at: dt.datetime | None = None, moved_from: dt.date | None = None
) -> Card:
    moment = at or now()
    free = session.free_places(moment)
    return Card(
        session,
        reverse("receptions:session", args=[session.public_id]),
        free,
        session.is_open(moment),
        session.status == SessionStatus.CANCELLED,
        places_words(free),
        moved_from,
    )


def by_day(
    sessions: Iterable[ReceptionSession], moved: Mapping[int, dt.date] | None = None
) -> list[DayGroup]:
    """Sessions in the order given, grouped by local date. ``moved``: the days that sessions (by
    key) left."""
    moment, left = now(), moved or {}
    days = groupby(sessions, key=lambda s: local_date(s.starts_at))
    return [DayGroup(day, [card(s, moment, left.get(s.pk)) for s in group]) for day, group in days]


def calendar_href(query: Mapping[str, str]) -> str:
    """The list of the public calendar with filters."""
    return f"{reverse('receptions:calendar')}?{urlencode(query)}#list"


def month_of(text: str | None) -> dt.date | None:
    """The first day of a month typed as ``2026-11``, or None."""
    try:
        month = dt.date.fromisoformat(f"{text}-01")
    except ValueError:
        return None
    return month if YEARS[0] <= month.year <= YEARS[1] else None


def clock_time(moment: dt.datetime) -> str:
    return moment.astimezone(HANOI).strftime("%H:%M")


def staff_entry(session: ReceptionSession) -> CalendarEntry:
    """A session in the unit's own month."""
    return CalendarEntry(
        label=session.leader.full_name,
        href=reverse("receptions_staff:session", args=[session.public_id]),
        time=clock_time(session.starts_at),
        note=session.get_status_display(),
        tone=ENTRY_TONES.get(session.status, "neutral"),
    )


def public_entry(session: ReceptionSession) -> CalendarEntry:
    """A session in the public month of one unit."""
    shown = card(session)
    if shown.is_cancelled:
        note = _("called off")
    elif session.status == SessionStatus.MISSED:
        note = session.get_status_display()
    elif shown.free:
        note = shown.words
    else:
        note = _("full") if shown.is_open else ""
    return CalendarEntry(
        label=session.leader.full_name,
        href=shown.href,
        time=clock_time(session.starts_at),
        note=note,
        tone="success" if shown.free else "neutral",
    )


def count_entries(
    counts: Mapping[dt.date, int], query: Mapping[str, str]
) -> dict[dt.date, list[CalendarEntry]]:
    """One entry a day with the number of sessions, leading to the list of that day."""
    entries = {}
    for day, count in counts.items():
        words = ngettext("%(n)d session", "%(n)d sessions", count) % {"n": count}
        address = urlencode({**query, "date": day.isoformat()})
        entries[day] = [CalendarEntry(label=words, href=f"?{address}#list", tone="info")]
    return entries


def places_words(count: int) -> str:
    return ngettext("%(n)d place free", "%(n)d places free", count) % {"n": count}


def grid(month: dt.date, entries: Mapping[dt.date, list[CalendarEntry]]) -> MonthGrid:
    """The month with its days off."""
    off = days_off(month, month_after(month) - dt.timedelta(days=1))
    return month_grid(
        year=month.year, month=month.month, entries=entries, today=today(), days_off=off
    )


def month_links(month: dt.date, query: Mapping[str, str]) -> dict[str, str]:
    """Addresses of the months beside this one, keeping the filters."""
    before = (month - dt.timedelta(days=1)).replace(day=1)
    return {
        name: "?" + urlencode({**query, "month": other.strftime("%Y-%m")})
        for name, other in (("previous_href", before), ("next_href", month_after(month)))
    }


def entries_by_day(
    sessions: Iterable[ReceptionSession], entry: Any
) -> dict[dt.date, list[CalendarEntry]]:
    found: dict[dt.date, list[CalendarEntry]] = {}
    for session in sessions:
        found.setdefault(local_date(session.starts_at), []).append(entry(session))
    return found
