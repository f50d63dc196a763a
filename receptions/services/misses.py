"""A leader who did not receive, and what becomes of those who had registered."""

import datetime as dt
import os
import uuid
from dataclasses import replace
from typing import Any, NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.access import Access
from common.codes import code_new, token_hmac
from common.crypto import seal
from common.db import constraint_errors
from common.errors import DomainError, InvalidInput, NotVisible, allow
from common.time import local_date, now
from receptions.enums import RegistrationStatus, SessionMode, SessionStatus, TellReason
from receptions.models import EXPECTING, ReceptionSession, Registration
from receptions.policies import can_hold_sessions, can_register_visitors
from receptions.selectors import CODE_PREFIX, SECRET_PURPOSE, seal_context
from receptions.selectors_places import queue_order
from receptions.services._change import Notes, keep, session_for_change
from receptions.services._plan import CLASHES
from receptions.services.places import places_fill, places_settle
from receptions.services.sessions import reason_clean, state_require
from receptions.services.tellings import expecting_count, telling_ask, visitors_tell

# What lies in the box of a number whose visitor went elsewhere.
NOBODY = {"full_name": "", "identity_number": "", "phone": ""}


VISITORS_LEFT = "receptions.session.visitors_left"


class Carried(NamedTuple):
    """Old numbers that were moved, old numbers of visitors who stood in the other session
    already, and registrations there to be told of."""

    numbers: list[int]
    stayed: list[int]
    to_tell: list[Registration]


def session_miss(
    *,
    access: Access,
    public_id: uuid.UUID,
    version: int,
    reason: str,
    at: dt.datetime | None = None,
    quiet: bool = False,
) -> ReceptionSession:
    """Say that the leader did not receive although the session was published and has begun.

    The day does not count for the minimum; the reason is public; everybody registered is on the
    list of calls and can be moved to another session. Raises DomainError ``too_early``, or
    ``wrong_state`` when somebody was received.
    """
    moment = at or now()
    with transaction.atomic():
        session = session_for_change(access, public_id, version)
        allow(can_hold_sessions(access, session.unit_id))
        state_require(session, SessionStatus.PUBLISHED)
        if moment < session.starts_at:
            raise DomainError(_("The session has not begun yet."), code="too_early")
        if session.registrations.filter(status=RegistrationStatus.RECEIVED).exists():
            raise DomainError(_("Somebody was received: the session was held."), code="wrong_state")
        session.missed_reason = reason_clean(reason)
        session.status = SessionStatus.MISSED
        session.version += 1
        session.save(update_fields=["status", "missed_reason", "version"])
        notes = Notes("receptions.session.missed", moment, access.user_id, quiet)
        notes.data = {"on": local_date(session.starts_at).isoformat()}
        notes.data["registered"] = expecting_count(session)
        telling_ask(session, TellReason.MISSED, notes, "session_missed")
        keep(session, notes)
    return session


def session_miss_undo(
    *,
    access: Access,
    public_id: uuid.UUID,
    version: int,
    reason: str,
    at: dt.datetime | None = None,
    quiet: bool = False,
) -> ReceptionSession:
    """Take back that the leader did not receive: it was the wrong session, or he came after all.

    The session is public as before and can be recorded as held; the reason is public, everybody
    registered is told. Raises DomainError ``wrong_state`` unless it is recorded as missed, or when
    its visitors were moved to another session; Conflict ``session_leader_in_one_place``.
    """
    moment = at or now()
    with constraint_errors(CLASHES), transaction.atomic():
        session = session_for_change(access, public_id, version)
        allow(can_hold_sessions(access, session.unit_id))
        state_require(session, SessionStatus.MISSED)
        if session.events.filter(action=VISITORS_LEFT).exists():
            message = _("Those registered were moved to another session already.")
            raise DomainError(message, code="wrong_state")
        session.change_reason, session.missed_reason = reason_clean(reason), ""
        session.status = SessionStatus.PUBLISHED
        session.version += 1
        session.save(update_fields=["status", "missed_reason", "change_reason", "version"])
        notes = Notes("receptions.session.miss_undone", moment, access.user_id, quiet)
        telling_ask(session, TellReason.CHANGED, notes, "session_changed")
        keep(session, notes)
    return session


def visitors_move(
    *,
    access: Access,
    public_id: uuid.UUID,
    version: int,
    to: uuid.UUID,
    at: dt.datetime | None = None,
    quiet: bool = False,
) -> list[Registration]:
    """Move everybody who still counts on a missed or called-off session to another one of the
    unit, in the order of the queue: a place while there are some, then its waiting list.

    Code and secret of the visitor stay; the number is the other session's. The old number stays
    behind as a cancelled registration that nobody can open. Who stands in the other session
    already keeps that registration alone and is told of it; the old one ends. Raises NotVisible,
    NotPermitted, InvalidInput on ``to``, DomainError ``wrong_state``.
    """
    moment = at or now()
    with transaction.atomic():
        source, target = _both(access, public_id, version, to)
        allow(can_register_visitors(access, source.unit_id))
        state_require(source, SessionStatus.MISSED, SessionStatus.CANCELLED)
        _target_check(source, target, moment)
        for session in (source, target):
            places_settle(session, at=moment, quiet=quiet)
        known, standing = _expecting(source), _standing(target)
        there = [row for row in known if same_visitor(row) in standing]
        numbers = [_carry(row, source, target) for row in known if row not in there]
        for row in there:
            _end(row, source)
        for session in (source, target):
            session.version += 1
            session.save(update_fields=["places_taken", "last_number", "version"])
        places_fill(target, at=moment, quiet=quiet, tell=False)
        came = target.registrations.filter(queue_number__gt=target.last_number - len(numbers))
        rows = list(came.select_related("case").order_by("queue_number"))
        kept = {standing[same_visitor(row)] for row in there}
        moved = Carried(numbers, [row.queue_number for row in there], [*rows, *kept])
        _keep_both(source, target, moved, Notes("", moment, access.user_id, quiet))
    return rows


def same_visitor(row: Registration) -> tuple[bytes, bytes]:
    """What tells the same visitor: identity number and telephone together."""
    return bytes(row.person_hmac), bytes(row.phone_hmac or b"")


def _standing(target: ReceptionSession) -> dict[tuple[bytes, bytes], Registration]:
    """Everybody who counts on the other session, by visitor; who has not confirmed may still lose
    the place there, and is not sure of it."""
    rows = target.registrations.filter(status__in=EXPECTING, phone_hmac__isnull=False)
    rows = rows.exclude(status=RegistrationStatus.UNCONFIRMED).select_related("case")
    return {same_visitor(row): row for row in rows.order_by("-queue_number")}


def _target_check(source: ReceptionSession, target: ReceptionSession, at: dt.datetime) -> None:
    """Raise InvalidInput unless visitors may be moved there. Nobody who counted on the place is
    moved to a session without one, whatever the matter."""
    is_fit = target.unit_id == source.unit_id and target.is_coming(at)
    if not is_fit or target.is_by_invitation != source.is_by_invitation:
        raise InvalidInput(fields={"to": [_("Choose a coming session of this unit.")]})
    if target.mode == SessionMode.ONLINE and source.mode != SessionMode.ONLINE:
        message = _(
            "That session is held online only, and these visitors count on a place. Choose one"
            " that is held at the place too."
        )
        raise InvalidInput(fields={"to": [message]})


def _expecting(source: ReceptionSession) -> list[Registration]:
    """Everybody who still counts, in the order of the queue."""
    rows = source.registrations.filter(status__in=EXPECTING).select_related("case")
    return list(rows.order_by(*queue_order()))


def _both(
    access: Access, public_id: uuid.UUID, version: int, to: uuid.UUID
) -> tuple[ReceptionSession, ReceptionSession]:
    """Both sessions locked, in one order for everybody."""
    if public_id == to:
        raise InvalidInput(fields={"to": [_("Choose a coming session of this unit.")]})
    versions = {public_id: version, to: None}
    locked = {}
    for key in sorted(versions):
        try:
            locked[key] = session_for_change(access, key, versions[key])
        except NotVisible:
            if key == public_id:
                raise
            message = _("Choose a coming session of this unit.")
            raise InvalidInput(fields={"to": [message]}) from None
    return locked[public_id], locked[to]


def _carry(row: Registration, source: ReceptionSession, target: ReceptionSession) -> int:
    """Put a registration at the end of the other session's line, under a new number."""
    stone = _stone(row)
    source.places_taken -= row.has_place
    target.last_number += 1
    row.status, row.has_place, row.slot_at = RegistrationStatus.WAITING, False, None
    row.session, row.queue_number = target, target.last_number
    row.arrived_at = row.called_at = row.confirm_by = None
    row.is_online = target.mode == SessionMode.ONLINE or (
        target.mode == SessionMode.BOTH and row.is_online
    )
    row.version += 1
    row.save()
    stone.save(force_insert=True)
    return stone.queue_number


def _end(row: Registration, source: ReceptionSession) -> None:
    """End a registration whose visitor stands in the other session already."""
    source.places_taken -= row.has_place
    row.status, row.has_place, row.slot_at = RegistrationStatus.CANCELLED, False, None
    row.version += 1
    row.save(update_fields=["status", "has_place", "slot_at", "version"])


def _stone(row: Registration) -> Registration:
    """What stays under the old number: nobody's words, under a code that nobody was given."""
    code = code_new(CODE_PREFIX)
    version, box = seal(NOBODY, context=seal_context(code))
    return Registration(
        session=row.session,
        queue_number=row.queue_number,
        code=code,
        secret_hmac=token_hmac(SECRET_PURPOSE, os.urandom(32).hex()),
        status=RegistrationStatus.CANCELLED,
        has_place=False,
        topic="",
        people=row.people,
        source=row.source,
        person_hmac=row.person_hmac,
        phone_hmac=row.phone_hmac,
        key_version=version,
        box=box,
        registered_at=row.registered_at,
    )


def _keep_both(
    source: ReceptionSession,
    target: ReceptionSession,
    moved: Carried,
    notes: Notes,
) -> None:
    """What both sessions remember, and telling everybody of the new one."""
    data: dict[str, Any] = {"to": str(target.public_id), "numbers": moved.numbers}
    if moved.stayed:
        data["there_already"] = moved.stayed
    keep(source, replace(notes, action=VISITORS_LEFT, data=data))
    came = replace(notes, action="receptions.session.visitors_came")
    came.data = {"from": str(source.public_id), "count": len(moved.numbers)}
    came.messages = []
    visitors_tell(target, moved.to_tell, TellReason.OTHER_SESSION, came)
    keep(target, came)
