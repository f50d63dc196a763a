"""A leader who did not receive, and what becomes of those who had registered."""

import datetime as dt
import os
import uuid
from dataclasses import replace

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.access import Access
from common.codes import code_new, token_hmac
from common.crypto import seal
from common.errors import DomainError, InvalidInput, NotVisible
from common.time import local_date, now
from receptions.enums import RegistrationStatus, SessionStatus, TellReason
from receptions.models import EXPECTING, ReceptionSession, Registration
from receptions.policies import can_hold_sessions, can_register_visitors
from receptions.selectors import CODE_PREFIX, SECRET_PURPOSE, seal_context
from receptions.selectors_places import queue_order
from receptions.services._change import Notes, keep, permit, session_for_change
from receptions.services.places import places_fill, places_settle
from receptions.services.sessions import reason_clean, state_require
from receptions.services.tellings import telling_ask, visitors_tell

# What lies in the box of a number whose visitor went elsewhere.
NOBODY = {"full_name": "", "identity_number": "", "phone": ""}


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
        permit(can_hold_sessions(access, session.unit_id))
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
        notes.data["registered"] = session.places_taken
        telling_ask(session, TellReason.MISSED, notes, "session_missed")
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
    behind as a cancelled registration that nobody can open. Raises NotVisible, NotPermitted,
    InvalidInput on ``to``, DomainError ``wrong_state``.
    """
    moment = at or now()
    with transaction.atomic():
        source, target = _both(access, public_id, version, to)
        permit(can_register_visitors(access, source.unit_id))
        state_require(source, SessionStatus.MISSED, SessionStatus.CANCELLED)
        if target.unit_id != source.unit_id or not target.is_open(moment):
            raise InvalidInput(fields={"to": [_("Choose a coming session of this unit.")]})
        for session in (source, target):
            places_settle(session, at=moment, quiet=quiet)
        numbers = [_carry(row, source, target) for row in _expecting(source)]
        for session in (source, target):
            session.version += 1
            session.save(update_fields=["places_taken", "last_number", "version"])
        places_fill(target, at=moment, quiet=quiet, tell=False)
        came = target.registrations.filter(queue_number__gt=target.last_number - len(numbers))
        rows = list(came.select_related("case").order_by("queue_number"))
        _keep_both(source, target, numbers, rows, Notes("", moment, access.user_id, quiet))
    return rows


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
    row.version += 1
    row.save()
    stone.save(force_insert=True)
    return stone.queue_number


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
    numbers: list[int],
    rows: list[Registration],
    notes: Notes,
) -> None:
    """What both sessions remember, and telling everybody of the new one."""
    data = {"to": str(target.public_id), "numbers": numbers}
    keep(source, replace(notes, action="receptions.session.visitors_left", data=data))
    came = replace(notes, action="receptions.session.visitors_came")
    came.data = {"from": str(source.public_id), "count": len(numbers)}
    came.messages = []
    visitors_tell(target, rows, TellReason.OTHER_SESSION, came)
    keep(target, came)
