"""Places of a session whose row is locked: what comes back, who moves up, which slot is free.

``places_taken`` counts registrations with a place, places held while somebody fills in the form,
and places on their way back. Everything here is called under the session's lock.
"""

import datetime as dt
import secrets
import uuid
from typing import Any

from django.db import connection, transaction
from django.db.models import BooleanField
from django.db.models.expressions import RawSQL

from common.time import now
from receptions.enums import RegistrationStatus, SessionStatus, TellReason
from receptions.models import PlaceReturn, ReceptionSession, Registration
from receptions.selectors_places import queue_order, sessions_due, slots_free
from receptions.services._change import Notes, keep, outbox_mark, session_locked
from receptions.services.tellings import calls_href, visitors_tell

# A freed place is offered again after so many minutes, to the second: nobody can give a place
# back and take it for a friend in the same moment.
RETURN_AFTER = (5, 40)
MOVED_UP = "receptions.registration.moved_up"
LAPSED = "receptions.registration.lapsed"
_IS_DUE = """
       EXISTS (SELECT 1 FROM receptions_placehold
               WHERE session_id = {session} AND (until <= %(at)s OR {begun}))
    OR EXISTS (SELECT 1 FROM receptions_placereturn
               WHERE session_id = {session} AND (due_at <= %(at)s OR {begun}))
    OR EXISTS (SELECT 1 FROM receptions_registration
               WHERE session_id = {session} AND status = 'unconfirmed' AND confirm_by <= %(at)s)
"""
_DUE = "SELECT " + _IS_DUE.format(session="%(session)s", begun="%(begun)s")
# The same of a row that is read.
_DUE_BESIDE = _IS_DUE.format(
    session="receptions_receptionsession.id",
    begun="receptions_receptionsession.starts_at <= %(at)s",
).replace("%(at)s", "%s")
_FULL = f"""
    SELECT NOT ({_IS_DUE.format(session="day.id", begun="false")})
    FROM receptions_receptionsession day
    WHERE public_id = %(public_id)s AND status = 'published' AND starts_at > %(at)s
      AND places_taken >= capacity
"""  # noqa: S608 -- constants of this module


def is_full(public_id: uuid.UUID, at: dt.datetime) -> bool:
    """Whether a session that is open has no place and none that is due to come back, read without
    a lock: whoever comes too late does not keep those waiting who register."""
    with connection.cursor() as cursor:
        cursor.execute(_FULL, {"public_id": public_id, "at": at})
        row = cursor.fetchone()
    return bool(row and row[0])


def session_settled(
    public_id: uuid.UUID, *, at: dt.datetime, quiet: bool = False, **only: Any
) -> ReceptionSession:
    """The session, locked, with everything that was due given back. Raises NotVisible."""
    # One statement: while the row is locked everybody else who registers waits.
    due = RawSQL(_DUE_BESIDE, [at] * _DUE_BESIDE.count("%s"), BooleanField())  # noqa: S611
    session = session_locked(public_id, {"is_due": due}, **only)
    if vars(session)["is_due"]:
        _give_back(session, at, quiet)
    return session


def places_settle(session: ReceptionSession, *, at: dt.datetime, quiet: bool = False) -> None:
    """Give back holds that ended, places due to return and registrations never confirmed.

    Once the session has begun nobody registers online: holds and returns end at once.
    """
    if _is_due(session, at):
        _give_back(session, at, quiet)


def _give_back(session: ReceptionSession, at: dt.datetime, quiet: bool) -> None:
    begun = session.starts_at <= at
    holds = session.holds.all() if begun else session.holds.filter(until__lte=at)
    returns = session.returns.all() if begun else session.returns.filter(due_at__lte=at)
    back = holds.delete()[0] + returns.delete()[0]
    place_free(session, at=at, count=back, at_once=True, quiet=quiet)
    lapsed = session.registrations.filter(
        status=RegistrationStatus.UNCONFIRMED, confirm_by__lte=at
    ).order_by("queue_number")
    for row in lapsed:
        row.status, row.has_place = RegistrationStatus.CANCELLED, False
        row.version += 1
        row.save(update_fields=["status", "has_place", "version"])
        keep(session, Notes(LAPSED, at, None, quiet, {"number": row.queue_number}))
        place_free(session, at=at, quiet=quiet)


def place_free(
    session: ReceptionSession,
    *,
    at: dt.datetime,
    count: int = 1,
    at_once: bool = False,
    quiet: bool = False,
) -> None:
    """Pass ``count`` taken places on to those who wait, else let them return after a while;
    ``at_once``: they are free now."""
    left = count - _move_up(session, count, at, quiet) if count else 0
    if not left:
        return
    closed = session.status != SessionStatus.PUBLISHED or session.starts_at <= at
    if at_once or closed:
        session.places_taken -= left
        session.save(update_fields=["places_taken"])
        return
    PlaceReturn.objects.bulk_create(
        PlaceReturn(session=session, due_at=at + return_delay()) for _ in range(left)
    )


def places_fill(
    session: ReceptionSession, *, at: dt.datetime, quiet: bool = False, tell: bool = True
) -> int:
    """Give free places to those who wait, after the capacity grew or others came; how many moved
    up. Not ``tell``: the caller tells them of more than the place."""
    moved = _move_up(session, session.capacity - session.places_taken, at, quiet, tell=tell)
    if moved:
        session.places_taken += moved
        session.save(update_fields=["places_taken"])
    return moved


def return_delay() -> dt.timedelta:
    """Between 5 and 40 minutes, not to be guessed."""
    first, last = (minutes * 60 for minutes in RETURN_AFTER)
    return dt.timedelta(seconds=first + secrets.randbelow(last - first + 1))


def places_settle_due(*, at: dt.datetime | None = None, batch: int = 500) -> int:
    """Settle every session where something is due, each in a transaction of its own; how many.

    May run twice, late or in parallel: what is settled already is not due any more.
    """
    moment = at or now()
    found = sessions_due(moment, batch)
    for public_id in found:
        with transaction.atomic():
            session_settled(public_id, at=moment)
    return len(found)


def _is_due(session: ReceptionSession, at: dt.datetime) -> bool:
    values: dict[str, Any] = {"session": session.pk, "at": at, "begun": session.starts_at <= at}
    with connection.cursor() as cursor:
        cursor.execute(_DUE, values)
        return bool(cursor.fetchone()[0])


def _move_up(
    session: ReceptionSession, count: int, at: dt.datetime, quiet: bool, *, tell: bool = True
) -> int:
    """Give ``count`` places that are counted already to those who wait longest, those with
    priority first (Article 26 of Decree 154/2026); how many took one."""
    if count < 1 or session.status != SessionStatus.PUBLISHED or session.ends_at <= at:
        return 0
    waiting = session.registrations.filter(status=RegistrationStatus.WAITING)
    rows = list(waiting.select_related("case").order_by(*queue_order())[:count])
    free = iter(slots_free(session, after=at) if rows else ())
    for row in rows:
        row.status, row.has_place, row.moved_up_at = RegistrationStatus.REGISTERED, True, at
        row.slot_at = next(free, None)
        row.version += 1
        row.save(update_fields=["status", "has_place", "moved_up_at", "slot_at", "version"])
        notes = Notes(MOVED_UP, at, None, quiet, {"number": row.queue_number})
        if tell and at < session.starts_at:
            _tell_place(session, row, notes)
        keep(session, notes)
    return len(rows)


def _tell_place(session: ReceptionSession, row: Registration, notes: Notes) -> None:
    """By e-mail, else the desk calls."""
    if visitors_tell(session, [row], TellReason.PLACE_FREE, notes, "registration_place"):
        # A visitor may come to the line again on another session, and move up there too.
        key = f"registration:{outbox_mark(row.code)}:{row.version}:moved_up"
        notes.tell(session, "registration_moved_up", key=key, href=calls_href(session))
    else:
        row.told_at = notes.at
        row.save(update_fields=["told_at"])
