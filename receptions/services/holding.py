"""Saying that a session was held, and who received."""

import datetime as dt
import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.access import Access
from accounts.models import User
from common.db import constraint_errors
from common.errors import DomainError, InvalidInput, allow
from common.time import local_date, now
from receptions.enums import SessionStatus
from receptions.holders import may_receive
from receptions.models import ReceptionSession
from receptions.policies import can_hold_sessions
from receptions.selectors_plan import receivers_of
from receptions.services._change import Notes, keep, session_for_change
from receptions.services._plan import CLASHES, may_hold
from receptions.services.sessions import state_require

_HELD = ["status", "leader", "is_delegated", "version"]


def session_hold(
    *,
    access: Access,
    public_id: uuid.UUID,
    version: int,
    received_by: str = "",
    at: dt.datetime | None = None,
    quiet: bool = False,
) -> ReceptionSession:
    """Say that a published session was held, and who received: it now counts as held.

    From its beginning on, or on its day once the first visitor was called. ``received_by``:
    account of whoever received; may be left out by the planned leader alone, who then received in
    person. Anybody but the holder of the post on that day stood in, and the day never counts for
    the minimum (Article 18 of the Law on Citizen Reception knows no delegation). Raises Stale,
    InvalidInput ``received_by``, Conflict ``session_leader_in_one_place``, DomainError
    ``wrong_state`` or ``too_early``.
    """
    moment = at or now()
    with constraint_errors(CLASHES), transaction.atomic():
        session = session_for_change(access, public_id, version)
        allow(can_hold_sessions(access, session.unit_id))
        state_require(session, SessionStatus.PUBLISHED)
        if not may_hold(session, moment):
            raise DomainError(_("The session has not begun yet."), code="too_early")
        planned_id = session.leader_id
        session.leader = _receiver(access, session, received_by)
        session.is_delegated = stands_in(session, moment)
        session.status = SessionStatus.HELD
        session.version += 1
        session.save(update_fields=_HELD)
        notes = Notes("receptions.session.held", moment, access.user_id, quiet)
        notes.data = {"on": local_date(session.starts_at).isoformat()}
        notes.data["delegated"] = session.is_delegated
        if planned_id != session.leader_id:
            notes.data["planned_leader"] = planned_id
        keep(session, notes)
    return session


def _receiver(access: Access, session: ReceptionSession, received_by: str) -> User:
    if not received_by and access.user_id == session.leader_id:
        return session.leader
    found = {person.username: person for person in receivers_of(session)}.get(received_by)
    if found is None:
        message = _("Say who received: somebody who worked in the unit on that day.")
        raise InvalidInput(fields={"received_by": [message]})
    return found


def stands_in(session: ReceptionSession, at: dt.datetime) -> bool:
    """Whether whoever received does not hold the post on the day of the session (a UTC moment
    says what today is). Raises InvalidInput for whoever did not even work in the unit then."""
    day, today = local_date(session.starts_at), local_date(at)
    who = session.leader_id
    if may_receive(session, who, day, is_delegated=False, today=today):
        return False
    if may_receive(session, who, day, is_delegated=True, today=today):
        return True
    message = _("This person did not work in the unit on that day: say who received.")
    raise InvalidInput(fields={"received_by": [message]})
