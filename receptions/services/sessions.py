"""Planning, publishing, moving, calling off and holding reception sessions."""

import datetime as dt
import uuid
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.access import Access
from accounts.models import User
from common.db import constraint_errors
from common.errors import DomainError, InvalidInput
from common.text import clean
from common.time import local_date, now
from communes.models import Unit
from receptions.enums import DutyHolder, SessionKind, SessionStatus
from receptions.models import ReceptionSession
from receptions.policies import can_hold_sessions, can_plan_sessions
from receptions.posting import latest_posting_on
from receptions.selectors import duties_of_unit, people_of_unit
from receptions.services._change import Notes, keep, permit, session_for_change

CAPACITY_MAX = 500
PLACE_MAX = 200
CONTENT_MAX = 4000
REASON_MAX = 300
CLASHES = {
    "session_leader_in_one_place": gettext_lazy("The leader has another session at this time.")
}


@dataclass(frozen=True)
class SessionPlan:
    """A session as planned. Moments are aware; ``capacity`` in places, a group takes one."""

    leader: User
    duty_holder: str
    kind: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    place: str
    capacity: int
    planned_content: str
    is_delegated: bool = False


def session_plan(
    *,
    access: Access,
    unit: Unit,
    plan: SessionPlan,
    at: dt.datetime | None = None,
    quiet: bool = False,
) -> ReceptionSession:
    """Plan a session as a draft that only the unit and the city see.

    Raises NotPermitted, InvalidInput, or Conflict ``session_leader_in_one_place``.
    """
    moment = at or now()
    permit(can_plan_sessions(access, unit.pk))
    _check(unit, plan, moment)
    session = ReceptionSession(
        unit=unit,
        leader=plan.leader,
        duty_holder=plan.duty_holder,
        is_delegated=plan.is_delegated,
        kind=plan.kind,
        starts_at=plan.starts_at,
        ends_at=plan.ends_at,
        place=clean(plan.place),
        capacity=plan.capacity,
        planned_content=clean(plan.planned_content),
    )
    data = {"on": local_date(plan.starts_at).isoformat(), "kind": plan.kind}
    notes = Notes("receptions.session.planned", moment, access.user_id, quiet, data)
    with constraint_errors(CLASHES), transaction.atomic():
        session.save(force_insert=True)
        keep(session, notes)
    return session


def session_publish(
    *,
    access: Access,
    public_id: uuid.UUID,
    version: int,
    reason: str = "",
    at: dt.datetime | None = None,
    quiet: bool = False,
) -> ReceptionSession:
    """Publish a draft.

    Less than 5 working days ahead, and for every ad hoc session, a reason is required and shown
    (Article 24(4) of the Law on Citizen Reception, Article 29(1)(d) of Decree 154/2026). Raises
    InvalidInput for a missing reason, DomainError ``wrong_state``.
    """
    moment = at or now()
    with transaction.atomic():
        session = session_for_change(access, public_id, version)
        permit(can_plan_sessions(access, session.unit_id))
        _require(session, SessionStatus.DRAFT)
        if session.starts_at <= moment:
            raise DomainError(_("The session would have begun already."), code="in_the_past")
        is_late = local_date(moment) > latest_posting_on(local_date(session.starts_at))
        session.late_reason = clean(reason)[:REASON_MAX]
        _reason_for_publishing(session, is_late)
        session.status = SessionStatus.PUBLISHED
        session.published_at = moment
        session.version += 1
        session.save(update_fields=["status", "published_at", "late_reason", "version"])
        notes = Notes("receptions.session.published", moment, access.user_id, quiet)
        notes.data = {"on": local_date(session.starts_at).isoformat(), "late": is_late}
        notes.tell(session, "session_published")
        keep(session, notes)
    return session


def session_postpone(
    *,
    access: Access,
    public_id: uuid.UUID,
    version: int,
    starts_at: dt.datetime,
    ends_at: dt.datetime,
    reason: str,
    at: dt.datetime | None = None,
    quiet: bool = False,
) -> ReceptionSession:
    """Move a session that has not begun; registrations keep their numbers.

    The new date is public at once with the reason (Article 24(4) of the Law on Citizen
    Reception); the desk is told to call everybody registered.
    """
    moment = at or now()
    with constraint_errors(CLASHES), transaction.atomic():
        session = session_for_change(access, public_id, version)
        permit(can_plan_sessions(access, session.unit_id))
        _require(session, SessionStatus.DRAFT, SessionStatus.PUBLISHED)
        _check_times(starts_at, ends_at, moment)
        before = local_date(session.starts_at)
        session.starts_at, session.ends_at = starts_at, ends_at
        session.move_reason = _reason(reason)
        session.version += 1
        session.save(update_fields=["starts_at", "ends_at", "move_reason", "version"])
        notes = Notes("receptions.session.postponed", moment, access.user_id, quiet)
        notes.data = {"from": before.isoformat(), "to": local_date(starts_at).isoformat()}
        if session.status == SessionStatus.PUBLISHED:
            notes.tell(session, "session_postponed")
        keep(session, notes)
    return session


def session_cancel(
    *,
    access: Access,
    public_id: uuid.UUID,
    version: int,
    reason: str,
    at: dt.datetime | None = None,
    quiet: bool = False,
) -> ReceptionSession:
    """Call a session off; a published one stays in the public calendar with the reason."""
    moment = at or now()
    with transaction.atomic():
        session = session_for_change(access, public_id, version)
        permit(can_plan_sessions(access, session.unit_id))
        _require(session, SessionStatus.DRAFT, SessionStatus.PUBLISHED)
        was_public = session.status == SessionStatus.PUBLISHED
        session.cancel_reason = _reason(reason)
        session.status = SessionStatus.CANCELLED
        session.version += 1
        session.save(update_fields=["status", "cancel_reason", "version"])
        notes = Notes("receptions.session.cancelled", moment, access.user_id, quiet)
        notes.data = {"registered": session.places_taken, "was_public": was_public}
        if was_public:
            notes.tell(session, "session_cancelled")
        keep(session, notes)
    return session


def session_hold(
    *,
    access: Access,
    public_id: uuid.UUID,
    version: int,
    at: dt.datetime | None = None,
    quiet: bool = False,
) -> ReceptionSession:
    """Say that a published session was held, on its day or later: it now counts as held."""
    moment = at or now()
    with transaction.atomic():
        session = session_for_change(access, public_id, version)
        permit(can_hold_sessions(access, session.unit_id))
        _require(session, SessionStatus.PUBLISHED)
        if local_date(moment) < local_date(session.starts_at):
            raise DomainError(_("The day of the session has not come yet."), code="too_early")
        session.status = SessionStatus.HELD
        session.version += 1
        session.save(update_fields=["status", "version"])
        notes = Notes("receptions.session.held", moment, access.user_id, quiet)
        notes.data = {"on": local_date(session.starts_at).isoformat()}
        keep(session, notes)
    return session


def _check(unit: Unit, plan: SessionPlan, at: dt.datetime) -> None:
    errors: dict[str, list[str]] = {}
    if plan.kind not in SessionKind.values:
        errors["kind"] = [_("Choose one of the values of the list.")]
    if plan.duty_holder not in DutyHolder.values:
        errors["duty_holder"] = [_("Choose one of the values of the list.")]
    if not 1 <= plan.capacity <= CAPACITY_MAX:
        errors["capacity"] = [_("From 1 to %(most)s places.") % {"most": CAPACITY_MAX}]
    for name, text, most in (
        ("place", plan.place, PLACE_MAX),
        ("planned_content", plan.planned_content, CONTENT_MAX),
    ):
        if not 1 <= len(clean(text)) <= most:
            errors[name] = [_("From 1 to %(most)s characters.") % {"most": most}]
    if not _may_receive(unit, plan):
        errors["leader"] = [_("This person does not hold this post in the unit.")]
    if errors:
        raise InvalidInput(fields=errors)
    _check_times(plan.starts_at, plan.ends_at, at)


def _may_receive(unit: Unit, plan: SessionPlan) -> bool:
    """The holder of the post; a stand-in must at least work in the unit."""
    if plan.is_delegated:
        return people_of_unit(unit.pk).filter(pk=plan.leader.pk).exists()
    return (plan.leader.pk, plan.duty_holder) in {
        (user.pk, duty) for user, duty in duties_of_unit(unit.pk)
    }


def _check_times(starts_at: dt.datetime, ends_at: dt.datetime, at: dt.datetime) -> None:
    if starts_at <= at:
        raise InvalidInput(fields={"starts_at": [_("The beginning must be in the future.")]})
    if ends_at <= starts_at or local_date(ends_at) != local_date(starts_at):
        message = _("The end must be after the beginning, on the same day.")
        raise InvalidInput(fields={"ends_at": [message]})


def _require(session: ReceptionSession, *states: SessionStatus) -> None:
    if session.status not in states:
        raise DomainError(
            _("This step is not possible in the present state of the session."),
            code="wrong_state",
        )


def _reason_for_publishing(session: ReceptionSession, is_late: bool) -> None:
    if session.late_reason:
        return
    if session.kind == SessionKind.AD_HOC:
        raise InvalidInput(fields={"reason": [_("Say why this ad hoc session is needed.")]})
    if is_late:
        message = _(
            "This is less than 5 working days before the session (Article 24(4) of the Law on"
            " Citizen Reception). Give the reason; it is shown to the public."
        )
        raise InvalidInput(fields={"reason": [message]})


def _reason(text: str) -> str:
    reason = clean(text)
    if not 1 <= len(reason) <= REASON_MAX:
        message = _("Give the reason in 1 to %(most)s characters.") % {"most": REASON_MAX}
        raise InvalidInput(fields={"reason": [message]})
    return reason
