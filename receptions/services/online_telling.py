"""Visitors who take part online are told how, at least 5 working days before (Article 23(1) of
Decree 154/2026); whoever registers later is told at once."""

import datetime as dt
import uuid
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import TruncDate

from common.time import HANOI, local_date, local_moment, now
from receptions.enums import OnlineStep, RegistrationStatus, SessionStatus, TellReason
from receptions.limits import ONLINE_NOTICE, ONLINE_TEST, legal_date_known
from receptions.models import ReceptionSession, Registration
from receptions.online import ONLINE_MODES
from receptions.services._change import Notes, keep, session_locked
from receptions.services.tellings import calls_href, visitors_tell
from receptions.services.visitor_notices import visitor_tell

TOLD = "receptions.online.told"
# On the last day of the limit, when offices open.
FROM_HOUR = 8
HORIZON = dt.timedelta(days=60)
BATCH = 500


def online_tell_due(*, at: dt.datetime | None = None) -> int:
    """Tell whoever takes part online in a session whose notice is due, each visitor once for each
    day of a session. Runs any number of times. Returns how many sessions had somebody to tell."""
    moment = at or now()
    done = 0
    for public_id in _sessions(moment):
        with transaction.atomic():
            session = session_locked(public_id)
            if _is_due(session, moment):
                done += online_tell(session, moment)
    return done


def online_tell(
    session: ReceptionSession,
    at: dt.datetime,
    by_id: int | None = None,
    *,
    quiet: bool = False,
) -> bool:
    """Tell visitors of a locked session who come online and were not told of its day: by e-mail,
    else from the list of calls. Whether there was anybody.

    Rows are told by what they chose, whatever their matter: a visitor left out would be known for
    a denouncer. The visitor's own page says that a denouncer is received at the place.
    """
    day = local_date(session.starts_at)
    rows = list(_untold(session.registrations.all(), day).select_related("case"))
    if not rows:
        return False
    Registration.objects.filter(pk__in=[row.pk for row in rows]).update(invited_for=day)
    notes = Notes(TOLD, at, by_id, quiet, {"on": day.isoformat()})
    since = _page_tells_since(session)
    known = [row for row in rows if since is not None and row.registered_at > since]
    facts = _facts(day)
    for row in known:
        visitor_tell(session, row, notes, "registration_online", facts=facts)
    rest = [row for row in rows if row not in known]
    if visitors_tell(session, rest, TellReason.ONLINE, notes, "registration_online", facts):
        key = f"session:{session.public_id}:{session.version}:{at.isoformat()}:online"
        notes.tell(session, "online_calls", key=key, href=calls_href(session))
    keep(session, notes)
    return True


def _facts(day: dt.date) -> dict[str, Any]:
    """The day of the test, where the calendar reaches."""
    test = legal_date_known(ONLINE_TEST, day)
    return {"first_on": test.due_on.isoformat()} if test else {}


def _untold(rows: QuerySet[Registration], day: Any) -> QuerySet[Registration]:
    """Who comes online and was not told of that local date."""
    untold = Q(invited_for=None) | ~Q(invited_for=day)
    rows = rows.filter(untold, is_online=True, status=RegistrationStatus.REGISTERED)
    return rows.order_by("queue_number")


def _sessions(at: dt.datetime) -> list[uuid.UUID]:
    """Online sessions to come with somebody who was not told of their day."""
    sessions = ReceptionSession.objects.filter(
        status=SessionStatus.PUBLISHED,
        mode__in=ONLINE_MODES,
        starts_at__gt=at,
        starts_at__lt=at + HORIZON,
    )
    sessions = sessions.annotate(day=TruncDate("starts_at", tzinfo=HANOI))
    rows = _untold(Registration.objects.filter(session=OuterRef("pk")), OuterRef("day"))
    found = sessions.filter(Exists(rows)).order_by("starts_at", "pk")
    return list(found.values_list("public_id", flat=True)[:BATCH])


def _is_due(session: ReceptionSession, at: dt.datetime) -> bool:
    """Whether the notice is noted as given, or its last day has come."""
    if session.status != SessionStatus.PUBLISHED or session.mode not in ONLINE_MODES:
        return False
    since = _due_since(session)
    return since is not None and at >= since


def _due_since(session: ReceptionSession) -> dt.datetime | None:
    limit = legal_date_known(ONLINE_NOTICE, local_date(session.starts_at))
    noted = session.online_checks.filter(step=OnlineStep.NOTICE).first()
    moments = [local_moment(limit.due_on, FROM_HOUR)] if limit else []
    moments += [noted.done_at] if noted else []
    return min(moments, default=None)


def _page_tells_since(session: ReceptionSession) -> dt.datetime | None:
    """From when on whoever registers reads everything on the page of the registration; of a moved
    session nobody did, since its page spoke of another day."""
    return None if session.move_reason else _due_since(session)
