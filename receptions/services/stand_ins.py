"""Who receives instead of the leader: named before a published session is held, and put right after
it was."""

import datetime as dt
import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.access import Access
from accounts.models import User
from common.db import constraint_errors
from common.errors import DomainError, InvalidInput, allow
from common.time import local_date, now
from receptions.enums import SessionStatus, TellReason
from receptions.models import ReceptionSession
from receptions.policies import can_hold_sessions, can_plan_sessions
from receptions.selectors_plan import receivers_of
from receptions.services._change import Notes, keep, session_for_change
from receptions.services._plan import CLASHES
from receptions.services.holding import stands_in
from receptions.services.sessions import reason_clean, state_require
from receptions.services.tellings import telling_ask

FIELD = "received_by"
_FIELDS = ["leader", "is_delegated", "change_reason", "version"]


def session_stand_in(
    *,
    access: Access,
    public_id: uuid.UUID,
    version: int,
    received_by: str,
    reason: str,
    at: dt.datetime | None = None,
    quiet: bool = False,
) -> ReceptionSession:
    """Name who receives a published session instead of its leader, until it is held.

    ``received_by``: account of somebody who works in the unit on the day of the session. Anybody
    but the holder of the post stands in and the day does not count for the minimum; naming the
    holder again ends that. The reason is public; everybody registered is told, so are the desk,
    the leader and who receives now. Raises InvalidInput on ``received_by`` or ``reason``, Stale,
    Conflict ``session_leader_in_one_place``, DomainError ``wrong_state``.
    """
    moment = at or now()
    with constraint_errors(CLASHES), transaction.atomic():
        session = session_for_change(access, public_id, version)
        allow(can_plan_sessions(access, session.unit_id))
        state_require(session, SessionStatus.PUBLISHED)
        if session.ends_at <= moment:
            message = _("The session is over: say who received when you record it as held.")
            raise DomainError(message, code="in_the_past")
        notes = _put(session, received_by, reason, Notes("", moment, access.user_id, quiet))
        notes.action = "receptions.session.stand_in"
        telling_ask(session, TellReason.HANDED_OVER, notes, "session_stand_in")
        _tell_both(session, notes)
        keep(session, notes)
    return session


def session_receiver_correct(
    *,
    access: Access,
    public_id: uuid.UUID,
    version: int,
    received_by: str,
    reason: str,
    at: dt.datetime | None = None,
    quiet: bool = False,
) -> ReceptionSession:
    """Put right who received a session that was recorded as held.

    Whether the day counts follows from who received, as when it was held. The reason is public,
    who stood there before stays in the history; both are told. Notices issued before are marked
    until they are replaced. Raises as ``session_stand_in``.
    """
    moment = at or now()
    with constraint_errors(CLASHES), transaction.atomic():
        session = session_for_change(access, public_id, version)
        allow(can_hold_sessions(access, session.unit_id))
        state_require(session, SessionStatus.HELD)
        notes = _put(session, received_by, reason, Notes("", moment, access.user_id, quiet))
        notes.action = "receptions.session.receiver_corrected"
        notes.tell(session, "session_receiver_corrected")
        _tell_both(session, notes)
        keep(session, notes)
    return session


def _put(session: ReceptionSession, received_by: str, reason: str, notes: Notes) -> Notes:
    """Put somebody else in a locked session; what the history keeps of it."""
    before = session.leader
    session.leader = _other(session, received_by)
    session.is_delegated = stands_in(session, notes.at)
    session.change_reason = reason_clean(reason)
    session.version += 1
    session.save(update_fields=_FIELDS)
    notes.data = {
        "on": local_date(session.starts_at).isoformat(),
        "delegated": session.is_delegated,
        "before": before.pk,
        "now": session.leader_id,
        "reason": session.change_reason,
    }
    return notes


def _other(session: ReceptionSession, received_by: str) -> User:
    found = {person.username: person for person in receivers_of(session)}.get(received_by)
    if found is None:
        message = _("Choose somebody who works in the unit on the day of the session.")
        raise InvalidInput(fields={FIELD: [message]})
    if found.pk == session.leader_id:
        raise InvalidInput(fields={FIELD: [_("This is who receives already.")]})
    return found


def _tell_both(session: ReceptionSession, notes: Notes) -> None:
    """Who receives now and who did before, each in person."""
    template = notes.action.rpartition(".")[2]
    for person in (notes.data["before"], notes.data["now"]):
        key = f"session:{session.public_id}:{session.version}:{template}:{person}"
        notes.tell(session, f"session_{template}", key=key, recipient_id=person)
