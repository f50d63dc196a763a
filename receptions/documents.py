"""Sessions as calendar files (RFC 5545), always in Vietnamese: an address gives one file."""

import datetime as dt
import hashlib
from collections.abc import Iterable
from typing import NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.core.cache import cache
from django.urls import reverse
from django.utils import translation
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, Timezone, TimezoneStandard
from icalendar.prop import vDuration

from common.time import HANOI, local_moment, today
from communes.models import Unit
from receptions.enums import DutyHolder, SessionMode, SessionStatus
from receptions.models import ReceptionSession
from receptions.posts import post_label
from receptions.selectors import Window, session_announced_list
from receptions.selectors_calendar import calendar_changed_at, calendar_mark, sessions_changed_at

# A feed looks back a month and ahead a year; programs fetch it again by themselves.
BACK = dt.timedelta(days=31)
AHEAD = dt.timedelta(days=366)
EVENTS_MAX = 2000
# Only a name of a unit or person may change unseen for so long.
KEPT_SECONDS = 900
REFRESH = dt.timedelta(hours=1)
LANGUAGE = "vi"
NOT_HELD = (SessionStatus.CANCELLED, SessionStatus.MISSED)


class Feed(NamedTuple):
    """A calendar file and when anything in it changed last (UTC), or None while it is empty."""

    body: bytes
    changed_at: dt.datetime | None


def feed_ics(unit: Unit | None, duty_holder: str = "") -> Feed:
    """Announced sessions around today, of all units, of one, or of one post of it."""
    window = Window(
        unit=unit.code if unit else "",
        duty_holder=duty_holder,
        since=local_moment(today() - BACK),
        until=local_moment(today() + AHEAD),
    )
    changed_at = calendar_changed_at(window)
    key = _feed_key(window, changed_at)
    body = cache.get(key)
    if body is None:
        rows = session_announced_list(window).order_by("starts_at", "id")[:EVENTS_MAX]
        with translation.override(LANGUAGE):
            body = _calendar(list(rows), _feed_name(unit, duty_holder))
        cache.set(key, body, KEPT_SECONDS)
    return Feed(body, changed_at)


def _feed_key(window: Window, changed_at: dt.datetime | None) -> str:
    """Names what a feed holds: writing 2,000 events takes a second, saying that they are the same
    a query."""
    parts = (*window, *calendar_mark(window), changed_at)
    return f"feed:{hashlib.sha256(repr(parts).encode()).hexdigest()}"


def sessions_ics(sessions: Iterable[ReceptionSession]) -> bytes:
    """The sessions as one calendar file without a name."""
    with translation.override(LANGUAGE):
        return _calendar(list(sessions))


def _feed_name(unit: Unit | None, duty_holder: str) -> str:
    words = [_("Reception schedule"), unit.full_name if unit else _("Hanoi")]
    if duty_holder:
        label = DutyHolder(duty_holder).label
        words.insert(1, post_label(unit, duty_holder) if unit else str(label))
    return " – ".join(words)


def _calendar(sessions: list[ReceptionSession], name: str = "") -> bytes:
    """UTF-8; hours of Hà Nội with their zone, so that each program shows its owner's hours."""
    calendar = Calendar()
    calendar.add("prodid", "-//Ha Noi//Tiep cong dan//VI")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    if name:
        calendar.add("name", name)
        calendar.add("x-wr-calname", name)
        calendar.add("x-wr-timezone", HANOI.key)
        calendar.add("refresh-interval", vDuration(REFRESH), parameters={"VALUE": "DURATION"})
        calendar.add("x-published-ttl", vDuration(REFRESH))
    calendar.add_component(_zone())
    changed = sessions_changed_at(sessions)
    for session in sessions:
        calendar.add_component(_event(session, changed.get(session.pk)))
    return bytes(calendar.to_ical())


def _zone() -> Timezone:
    """Hà Nội has kept one time since 1975, without daylight saving."""
    zone, always = Timezone(), TimezoneStandard()
    zone.add("tzid", HANOI.key)
    always.add("dtstart", dt.datetime(1975, 6, 13))  # noqa: DTZ001 -- local by definition
    always.add("tzoffsetfrom", dt.timedelta(hours=8))
    always.add("tzoffsetto", dt.timedelta(hours=7))
    always.add("tzname", "+07")
    zone.add_component(always)
    return zone


def _event(session: ReceptionSession, changed_at: dt.datetime | None) -> Event:
    """``SEQUENCE`` grows with every change, so that a moved or called-off session replaces what
    a program holds under the same ``UID``."""
    event = Event()
    address = settings.PUBLIC_BASE_URL + reverse("receptions:session", args=[session.public_id])
    host = urlsplit(settings.PUBLIC_BASE_URL).hostname or "localhost"
    changed = (changed_at or session.published_at or session.starts_at).astimezone(dt.UTC)
    event.add("uid", f"{session.public_id}@{host}")
    event.add("dtstamp", changed)
    event.add("last-modified", changed)
    event.add("dtstart", session.starts_at.astimezone(HANOI))
    event.add("dtend", session.ends_at.astimezone(HANOI))
    event.add("sequence", session.version)
    event.add("status", "CANCELLED" if session.status in NOT_HELD else "CONFIRMED")
    event.add("summary", _summary(session))
    event.add("location", _location(session))
    event.add("description", "\n".join(_words(session)))
    event.add("url", address)
    return event


def _summary(session: ReceptionSession) -> str:
    summary = _("Citizen reception: %(leader)s, %(unit)s") % {
        "leader": session.leader.full_name,
        "unit": session.unit.full_name,
    }
    if session.status == SessionStatus.CANCELLED:
        return _("Called off: %(what)s") % {"what": summary}
    return summary


def _location(session: ReceptionSession) -> str:
    if session.mode == SessionMode.PLACE:
        return session.place
    return f"{session.place} ({session.get_mode_display()})"


def _words(session: ReceptionSession) -> list[str]:
    lines = [
        capfirst(f"{session.get_kind_display()} – {session.post}"),
        session.planned_content,
        session.invited and _("Who is invited: %(who)s") % {"who": "; ".join(session.invited)},
        session.participants and _("Who takes part: %(who)s") % {"who": session.participants},
        *reasons(session),
    ]
    return [line for line in lines if line]


def reasons(session: ReceptionSession) -> list[str]:
    """What was said publicly about changes, the newest kind first."""
    given = (
        session.cancel_reason,
        session.missed_reason,
        session.move_reason,
        session.change_reason,
        session.late_reason,
    )
    return [reason for reason in given if reason]
