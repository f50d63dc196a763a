"""Visitors are reminded the working day before: fewer places stay empty."""

import datetime as dt
import uuid
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import TruncDate

from common.time import HANOI, local_date, local_moment, now
from receptions.enums import RegistrationStatus, SessionMode, SessionStatus
from receptions.models import ReceptionSession, Registration
from receptions.posting import last_working_day, next_working_day
from receptions.present import clock_time
from receptions.services._change import Notes, keep, session_locked
from receptions.services.visitor_notices import visitor_tell

REMINDED = "receptions.visitor.reminded"
FROM_HOUR = 8
BATCH = 1000


def visitors_remind(*, at: dt.datetime | None = None) -> int:
    """Remind whoever has a place and confirmed an address, once for each day of a session, from 8
    o'clock of the last working day before it. Returns how many mails were written.

    Runs any number of times, late too. Who registered after that hour has just read the same.
    Nobody is called: whoever left no address is told of changes alone.
    """
    moment = at or now()
    today = local_date(moment)
    if moment < local_moment(today, FROM_HOUR):
        return 0
    last = next_working_day(today)
    count = 0
    for public_id in _sessions(today, last):
        with transaction.atomic():
            count += _remind(session_locked(public_id), moment, last)
    return count


def _remind(session: ReceptionSession, at: dt.datetime, last: dt.date) -> int:
    """The session may have been moved or called off before its row was locked."""
    day = local_date(session.starts_at)
    if session.status != SessionStatus.PUBLISHED or not local_date(at) < day <= last:
        return 0
    rows = list(_due(session.registrations.all(), day).select_related("case"))
    since = local_moment(last_working_day(day), FROM_HOUR)
    notes = Notes(REMINDED, at, data={"on": day.isoformat()})
    for row in rows:
        if row.registered_at < since:
            what, facts = f"remind:{day}", _facts(session, row)
            visitor_tell(session, row, notes, "reception_reminder", what=what, facts=facts)
    Registration.objects.filter(pk__in=[row.pk for row in rows]).update(reminded_for=day)
    if notes.messages:
        keep(session, notes)
    return len(notes.messages)


def _facts(session: ReceptionSession, row: Registration) -> dict[str, Any]:
    """What the public calendar says. The number stands on the visitor's own page alone: beside the
    day it would name the registration, and one that lacks would name a denouncer's."""
    is_online = session.mode == SessionMode.ONLINE or row.is_online
    place = "" if is_online else session.place
    return {"place": place, "time": clock_time(session.starts_at)}


def _due(rows: QuerySet[Registration], day: Any) -> QuerySet[Registration]:
    """Who has a place, owes no code, and was not looked at for that local date."""
    unseen = Q(reminded_for=None) | ~Q(reminded_for=day)
    return rows.filter(unseen, status=RegistrationStatus.REGISTERED, confirm_hmac=None).order_by(
        "queue_number"
    )


def _sessions(today: dt.date, last: dt.date) -> list[uuid.UUID]:
    """Published sessions from tomorrow to the next working day with somebody to look at."""
    sessions = ReceptionSession.objects.filter(
        status=SessionStatus.PUBLISHED,
        starts_at__gte=local_moment(today + dt.timedelta(days=1)),
        starts_at__lt=local_moment(last + dt.timedelta(days=1)),
    ).annotate(day=TruncDate("starts_at", tzinfo=HANOI))
    rows = _due(Registration.objects.filter(session=OuterRef("pk")), OuterRef("day"))
    found = sessions.filter(Exists(rows)).order_by("starts_at", "pk")
    return list(found.values_list("public_id", flat=True)[:BATCH])
