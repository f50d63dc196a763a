"""Sessions whose leader left the post, or whose unit is no more."""

import datetime as dt
import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.access import Access
from accounts.models import User
from common.db import constraint_errors
from common.errors import DomainError, InvalidInput, allow
from common.text import clean
from common.time import local_date, now
from communes.models import Unit
from receptions.enums import SessionStatus, TellReason
from receptions.holders import holder_on, may_receive
from receptions.models import ReceptionSession
from receptions.policies import can_plan_sessions, can_rescue_sessions
from receptions.selectors_plan import COMING
from receptions.services._change import Notes, keep, session_for_change
from receptions.services._plan import CLASHES, PLACE_MAX, text_wrong
from receptions.services.sessions import REASON_MAX, state_require
from receptions.services.tellings import telling_ask


def session_hand_over(
    *,
    access: Access,
    public_id: uuid.UUID,
    version: int,
    at: dt.datetime | None = None,
    quiet: bool = False,
) -> ReceptionSession:
    """Give a session to whoever holds the duty on its day, when its leader no longer does, or the
    stand-in left the unit; until it was held, also when it has begun.

    The new holder receives in person: the day is not delegated. Desk and new holder are told;
    everybody registered is on the list of calls. Raises DomainError ``wrong_state``, ``vacant``,
    Conflict ``session_leader_in_one_place``.
    """
    moment = at or now()
    with constraint_errors(CLASHES), transaction.atomic():
        session = session_for_change(access, public_id, version)
        allow(can_plan_sessions(access, session.unit_id))
        state_require(session, *COMING)
        if session.status == SessionStatus.DRAFT:
            _require_coming(session, moment)
        day, delegated = local_date(session.starts_at), session.is_delegated
        if may_receive(
            session, session.leader_id, day, is_delegated=delegated, today=local_date(moment)
        ):
            message = _("Whoever receives still holds the post on that day.")
            raise DomainError(message, code="wrong_state")
        session.leader = _holder(session.unit, session.duty_holder, day)
        session.is_delegated = False
        session.change_reason = _("The post has a new holder.")
        fields = ["leader", "is_delegated"]
        _moved(session, access, moment, quiet, "receptions.session.handed_over", fields)
    return session


def session_to_successor(
    *,
    access: Access,
    public_id: uuid.UUID,
    version: int,
    unit: Unit,
    place: str,
    at: dt.datetime | None = None,
    quiet: bool = False,
) -> ReceptionSession:
    """Move a coming session of a unit that is no longer in force on its day to the unit that
    follows it; the holder of the same duty there receives, at ``place``.

    By whoever plans in both units, or plans in a body of the City. Numbers stay, everybody
    registered is on the list of calls. Raises InvalidInput, DomainError ``wrong_state``,
    ``vacant``, Conflict ``session_leader_in_one_place``.
    """
    moment = at or now()
    with constraint_errors(CLASHES), transaction.atomic():
        session = session_for_change(access, public_id, version)
        allow(can_rescue_sessions(access, session.unit_id, unit.pk))
        _require_coming(session, moment)
        day = local_date(session.starts_at)
        if session.unit.is_in_force(day):
            raise DomainError(_("The unit still exists on that day."), code="wrong_state")
        wrong = text_wrong("place", place, PLACE_MAX)
        if unit.pk == session.unit_id or not unit.is_in_force(day):
            wrong["unit"] = [_("Choose a unit that exists on that day.")]
        if wrong:
            raise InvalidInput(fields=wrong)
        values = {"old": session.unit.full_name, "new": unit.full_name}
        reason = _("%(old)s was merged; %(new)s receives.") % values
        session.change_reason = reason[:REASON_MAX]
        session.leader = _holder(unit, session.duty_holder, day)
        session.unit, session.place, session.is_delegated = unit, clean(place), False
        fields = ["unit", "leader", "place", "is_delegated"]
        _moved(session, access, moment, quiet, "receptions.session.to_successor", fields)
    return session


def _require_coming(session: ReceptionSession, at: dt.datetime) -> None:
    state_require(session, *COMING)
    if session.starts_at <= at:
        raise DomainError(_("The session has begun already."), code="in_the_past")


def _holder(unit: Unit, duty: str, day: dt.date) -> User:
    holder = holder_on(unit.pk, duty, day)
    if holder is None:
        message = _(
            "Nobody holds this post on that day. Move the session to a later day or call it off."
        )
        raise DomainError(message, code="vacant")
    return holder


def _moved(
    session: ReceptionSession,
    access: Access,
    at: dt.datetime,
    quiet: bool,
    action: str,
    fields: list[str],
) -> None:
    session.version += 1
    session.save(update_fields=[*fields, "change_reason", "version"])
    notes = Notes(action, at, access.user_id, quiet)
    notes.data = {"on": local_date(session.starts_at).isoformat()}
    if session.status == SessionStatus.PUBLISHED:
        telling_ask(session, TellReason.HANDED_OVER, notes, "session_handed_over")
    key = f"session:{session.public_id}:{session.version}:new_leader"
    notes.tell(session, "session_handed_over", key=key, recipient_id=session.leader_id)
    keep(session, notes)
