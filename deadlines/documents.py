"""Dates ahead as a calendar file (RFC 5545)."""

import datetime as dt
from collections.abc import Iterable
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from common.time import now
from deadlines import sentences
from deadlines.forecast import Forecast, Milestone


def forecast_ics(found: Forecast) -> bytes:
    """Every date as an event of a whole day, UTF-8. The words do not say what was sent: the
    calendar of a shared device shows them."""
    calendar = Calendar()
    calendar.add("prodid", "-//Ha Noi//Thoi han//VI")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", _("Dates of a petition"))
    for event in _events(found):
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _events(found: Forecast) -> Iterable[Event]:
    stamp = now()
    for milestone in found.milestones:
        if milestone.due_on:
            yield _event(milestone, milestone.due_on, found.question.sent_on, stamp)


def _event(milestone: Milestone, due_on: dt.date, sent_on: dt.date, stamp: dt.datetime) -> Event:
    event = Event()
    host = urlsplit(settings.PUBLIC_BASE_URL).hostname or "localhost"
    event.add("uid", f"{milestone.key}-{sent_on:%Y%m%d}-{due_on:%Y%m%d}@{host}")
    event.add("dtstamp", stamp)
    event.add("dtstart", due_on)
    event.add("dtend", due_on + dt.timedelta(days=1))
    event.add("summary", sentences.short_title(milestone.key))
    event.add("transp", "TRANSPARENT")
    condition = sentences.certainty(milestone.certainty)
    event.add("description", condition)
    return event
