"""Sessions as calendar files (RFC 5545)."""

import datetime as dt
from collections.abc import Iterable
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from common.time import local_moment, today
from communes.models import Unit
from receptions.enums import SessionStatus
from receptions.models import ReceptionSession
from receptions.selectors import Window, session_announced_list

# A feed looks back a month and ahead half a year; programs fetch it again by themselves.
BACK = dt.timedelta(days=31)
AHEAD = dt.timedelta(days=183)
EVENTS_MAX = 2000


def feed_ics(unit: Unit | None) -> bytes:
    """Announced sessions around today, of one unit or of all."""
    window = Window(
        unit=unit.code if unit else "",
        since=local_moment(today() - BACK),
        until=local_moment(today() + AHEAD),
    )
    rows = session_announced_list(window).order_by("starts_at", "id")[:EVENTS_MAX]
    place = unit.full_name if unit else _("Hanoi")
    return sessions_ics(rows, name=f"{_('Reception schedule')} – {place}")


def sessions_ics(sessions: Iterable[ReceptionSession], *, name: str = "") -> bytes:
    """The sessions as one calendar file, UTF-8, moments in UTC."""
    calendar = Calendar()
    calendar.add("prodid", "-//Ha Noi//Tiep cong dan//VI")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    if name:
        calendar.add("x-wr-calname", name)
    for session in sessions:
        calendar.add_component(_event(session))
    return bytes(calendar.to_ical())


def _event(session: ReceptionSession) -> Event:
    event = Event()
    address = settings.PUBLIC_BASE_URL + reverse("receptions:session", args=[session.public_id])
    host = urlsplit(settings.PUBLIC_BASE_URL).hostname or "localhost"
    cancelled = session.status == SessionStatus.CANCELLED
    event.add("uid", f"{session.public_id}@{host}")
    event.add("dtstamp", (session.published_at or session.starts_at).astimezone(dt.UTC))
    event.add("dtstart", session.starts_at.astimezone(dt.UTC))
    event.add("dtend", session.ends_at.astimezone(dt.UTC))
    event.add("sequence", session.version)
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    summary = _("Citizen reception: %(leader)s, %(unit)s") % {
        "leader": session.leader.full_name,
        "unit": session.unit.full_name,
    }
    event.add("summary", summary)
    event.add("location", session.place)
    event.add("description", "\n".join(_words(session)))
    event.add("url", address)
    return event


def _words(session: ReceptionSession) -> list[str]:
    lines = [
        f"{session.get_kind_display()} – {session.get_duty_holder_display()}".capitalize(),
        session.planned_content,
        session.cancel_reason or session.move_reason or session.late_reason,
    ]
    return [line for line in lines if line]
