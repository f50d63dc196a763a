"""Planning, publishing, moving, calling off and holding reception sessions."""

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.access import Access
from common.db import constraint_errors
from common.errors import DomainError, InvalidInput, allow
from common.text import clean
from common.time import local_date, now
from communes.models import Unit
from receptions.enums import SessionKind, SessionStatus, TellReason
from receptions.models import SEEN, ReceptionSession
from receptions.policies import can_plan_sessions
from receptions.posting import day_off_words, is_late
from receptions.services._change import Notes, keep, session_for_change
from receptions.services._plan import (
    CAPACITY_MAX,
    CLASHES,
    CONTENT_MAX,
    INVITED_MAX,
    INVITED_NAME_MAX,
    LINK_MAX,
    PARTICIPANTS_MAX,
    PLACE_MAX,
    SLOT_MINUTES,
    SessionPlan,
    link_missing,
    may_cancel,
    may_hold,
    may_unpublish,
    plan_check,
    receiver_require,
    slots_wrong,
    times_check,
)
from receptions.services.online_checks import BEFORE_THE_DAY, checks_reset
from receptions.services.slots import slots_move
from receptions.services.tellings import expecting_count, telling_ask

__all__ = [
    "CAPACITY_MAX", "CONTENT_MAX", "INVITED_MAX", "INVITED_NAME_MAX", "LINK_MAX", "PARTICIPANTS_MAX", "PLACE_MAX", "REASON_MAX",
    "SLOT_MINUTES", "SessionPlan", "may_cancel", "may_hold", "may_unpublish",
    "reason_clean", "session_cancel",
    "session_plan", "session_postpone", "session_publish", "session_replan", "session_unpublish",
    "sessions_publish", "state_require",
]  # fmt: skip

REASON_MAX = 300
PUBLISHED_AT_ONCE = 60  # drafts
_MOVED = [
    "starts_at", "ends_at", "opened_at", "move_reason", "late_reason", "announced_late", "on_day_off", "version",
]  # fmt: skip
_PUBLISHED = ["status", "published_at", "late_reason", "announced_late", "version"]


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
    allow(can_plan_sessions(access, unit.pk))
    plan_check(unit, plan, moment)
    session = ReceptionSession(unit=unit, **plan.fields())
    data = {"on": local_date(plan.starts_at).isoformat(), "kind": plan.kind}
    notes = Notes("receptions.session.planned", moment, access.user_id, quiet, data)
    with constraint_errors(CLASHES), transaction.atomic():
        session.save(force_insert=True)
        keep(session, notes)
    return session


def session_replan(
    *,
    access: Access,
    public_id: uuid.UUID,
    version: int,
    plan: SessionPlan,
    at: dt.datetime | None = None,
    quiet: bool = False,
) -> ReceptionSession:
    """Change a draft in every respect. Raises as ``session_plan``, Stale, ``wrong_state``."""
    moment = at or now()
    with constraint_errors(CLASHES), transaction.atomic():
        session = session_for_change(access, public_id, version)
        allow(can_plan_sessions(access, session.unit_id))
        state_require(session, SessionStatus.DRAFT)
        plan_check(session.unit, plan, moment)
        fields = plan.fields()
        for name, value in fields.items():
            setattr(session, name, value)
        session.version += 1
        session.save(update_fields=[*fields, "version"])
        notes = Notes("receptions.session.replanned", moment, access.user_id, quiet)
        notes.data = {"on": local_date(plan.starts_at).isoformat(), "kind": plan.kind}
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
    InvalidInput for a missing reason or meeting link, DomainError ``wrong_state``.
    """
    moment = at or now()
    with transaction.atomic():
        session = session_for_change(access, public_id, version)
        allow(can_plan_sessions(access, session.unit_id))
        _publish(session, reason, Notes("", moment, access.user_id, quiet))
    return session


def sessions_publish(
    *,
    access: Access,
    wanted: Sequence[tuple[uuid.UUID, int]],
    reason: str = "",
    at: dt.datetime | None = None,
    quiet: bool = False,
) -> list[ReceptionSession]:
    """Publish several drafts (key and version looked at), all or none.

    ``reason`` is kept with those alone that need one. Raises like ``session_publish``; what is
    wrong with a draft names its day.
    """
    moment = at or now()
    if not 1 <= len(wanted) <= PUBLISHED_AT_ONCE:
        raise InvalidInput(fields={"session": [_("Choose at least one draft.")]})
    done = []
    with transaction.atomic():
        for public_id, version in sorted(dict(wanted).items()):
            session = session_for_change(access, public_id, version)
            allow(can_plan_sessions(access, session.unit_id))
            try:
                _publish(session, reason, Notes("", moment, access.user_id, quiet))
            except DomainError as error:
                raise _of_day(session, error) from error
            done.append(session)
    return done


def _of_day(session: ReceptionSession, error: DomainError) -> DomainError:
    """The refusal with the day of the draft it is about."""
    words = [text for texts in error.fields.values() for text in texts] or [error.message]
    day = f"{local_date(session.starts_at):%d/%m/%Y}"
    name = "reason" if "reason" in error.fields else "session"
    return InvalidInput(fields={name: [f"{day}: {text}" for text in words]})


def _publish(session: ReceptionSession, reason: str, notes: Notes) -> None:
    """Publish a locked draft."""
    state_require(session, SessionStatus.DRAFT)
    if session.starts_at <= notes.at:
        raise DomainError(_("The session would have begun already."), code="in_the_past")
    receiver_require(session, local_date(session.starts_at), notes.at)
    missing = link_missing(session.mode, session.meeting_link)
    if missing:
        raise InvalidInput(fields=missing)
    late = is_late(local_date(session.starts_at), local_date(notes.at))
    needed = late or session.kind == SessionKind.AD_HOC
    session.late_reason = clean(reason)[:REASON_MAX] if needed else ""
    _reason_for_publishing(session, late)
    session.status = SessionStatus.PUBLISHED
    session.published_at, session.announced_late = notes.at, late
    session.version += 1
    session.save(update_fields=_PUBLISHED)
    notes.action = "receptions.session.published"
    notes.data = {"on": local_date(session.starts_at).isoformat(), "late": late}
    notes.tell(session, "session_published")
    keep(session, notes)


def session_unpublish(
    *,
    access: Access,
    public_id: uuid.UUID,
    version: int,
    at: dt.datetime | None = None,
    quiet: bool = False,
) -> ReceptionSession:
    """Take a mistaken publication back within 10 minutes, while nobody has registered or is
    filling in the form: the session is a draft again.

    Later it is called off with a reason that stays public. Raises DomainError ``too_late``.
    """
    moment = at or now()
    with transaction.atomic():
        session = session_for_change(access, public_id, version)
        allow(can_plan_sessions(access, session.unit_id))
        state_require(session, SessionStatus.PUBLISHED)
        if not may_unpublish(session, moment):
            message = _(
                "A publication can be taken back for 10 minutes and only while nobody has"
                " registered. Call the session off with a reason instead."
            )
            raise DomainError(message, code="too_late")
        session.status, session.published_at = SessionStatus.DRAFT, None
        session.late_reason, session.announced_late = "", None
        session.version += 1
        session.save(update_fields=_PUBLISHED)
        notes = Notes("receptions.session.unpublished", moment, access.user_id, quiet)
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
    late_reason: str = "",
    on_day_off: bool = False,
    at: dt.datetime | None = None,
    quiet: bool = False,
) -> ReceptionSession:
    """Move a session that has not begun; registrations keep their numbers, slots their distance
    from the beginning; what was done for an online reception of the old day is to be done again.

    The new date is public at once with the reason (Article 24(4) of the Law on Citizen
    Reception); everybody registered is on the list of calls. A new date less than 5 working days
    ahead needs ``late_reason``, but for ad hoc sessions. Raises InvalidInput (also where the leader
    does not hold the post on the new day), Conflict ``session_leader_in_one_place``, DomainError
    ``calendar_missing``, ``wrong_state`` once somebody was received or refused.
    """
    moment = at or now()
    with constraint_errors(CLASHES), transaction.atomic():
        session = session_for_change(access, public_id, version)
        allow(can_plan_sessions(access, session.unit_id))
        was_at, is_public = session.starts_at, session.status == SessionStatus.PUBLISHED
        _movable(session, starts_at, ends_at, moment, on_day_off=on_day_off)
        session.move_reason = reason_clean(reason)
        _time_put(session, starts_at, ends_at, on_day_off=on_day_off)
        if is_public:
            _explain_new_date(session, late_reason, was_at, moment)
        session.version += 1
        session.save(update_fields=_MOVED)
        notes = Notes("receptions.session.postponed", moment, access.user_id, quiet)
        notes.data = _follow(session, was_at)
        if is_public:
            telling_ask(session, TellReason.MOVED, notes, "session_postponed")
        keep(session, notes)
    return session


def _time_put(
    session: ReceptionSession, starts_at: dt.datetime, ends_at: dt.datetime, *, on_day_off: bool
) -> None:
    if local_date(session.starts_at) != local_date(starts_at):
        session.opened_at = None
    session.starts_at, session.ends_at = starts_at, ends_at
    session.on_day_off = on_day_off and bool(day_off_words(local_date(starts_at)))


def _follow(session: ReceptionSession, was_at: dt.datetime) -> dict[str, Any]:
    """Let slots and the checklist follow a moved session, and say what became of them."""
    was_on, on = local_date(was_at), local_date(session.starts_at)
    data = {"from": was_on.isoformat(), "to": on.isoformat()} | slots_move(session, was_at)
    return data if was_on == on else data | checks_reset(session, BEFORE_THE_DAY)


def _movable(
    session: ReceptionSession,
    starts_at: dt.datetime,
    ends_at: dt.datetime,
    at: dt.datetime,
    *,
    on_day_off: bool,
) -> None:
    """Raise unless a locked session may move to this time."""
    state_require(session, SessionStatus.DRAFT, SessionStatus.PUBLISHED)
    if session.starts_at <= at and session.status == SessionStatus.PUBLISHED:
        raise DomainError(_("The session has begun already."), code="in_the_past")
    if session.registrations.filter(status__in=SEEN).exists():
        raise DomainError(_("Somebody was received or refused already."), code="wrong_state")
    times_check(starts_at, ends_at, at, on_day_off=on_day_off)
    receiver_require(session, local_date(starts_at), at, field="starts_at")
    wrong = slots_wrong(session.slot_minutes, session.capacity, ends_at - starts_at)
    if wrong:
        raise InvalidInput(fields={"ends_at": wrong["slot_minutes"]})


def _explain_new_date(
    session: ReceptionSession, late_reason: str, was_at: dt.datetime, at: dt.datetime
) -> None:
    """Whether the new day is announced late, kept as of now, and why; other hours of the same day
    leave when that day was announced."""
    late = is_late(local_date(session.starts_at), local_date(at))
    if local_date(was_at) != local_date(session.starts_at):
        session.announced_late = late
    if session.kind == SessionKind.AD_HOC:
        return
    given = clean(late_reason)[:REASON_MAX]
    if late and not given:
        message = _(
            "The new date is less than 5 working days away (Article 24(4) of the Law on Citizen"
            " Reception). Say why it could not be published earlier; it is shown to the public."
        )
        raise InvalidInput(fields={"late_reason": [message]})
    session.late_reason = given if late else ""


def session_cancel(
    *,
    access: Access,
    public_id: uuid.UUID,
    version: int,
    reason: str,
    at: dt.datetime | None = None,
    quiet: bool = False,
) -> ReceptionSession:
    """Call a session off; a published one stays in the public calendar with the reason.

    Only before a published session begins and while nobody was received: later it was held or
    missed, which counts. Raises InvalidInput, Stale, DomainError ``wrong_state`` or
    ``in_the_past``.
    """
    moment = at or now()
    with transaction.atomic():
        session = session_for_change(access, public_id, version)
        allow(can_plan_sessions(access, session.unit_id))
        state_require(session, SessionStatus.DRAFT, SessionStatus.PUBLISHED)
        was_public = session.status == SessionStatus.PUBLISHED
        if not may_cancel(session, moment):
            message = _(
                "The session has begun or somebody was received already. Say that it was held, or"
                " that the leader did not receive."
            )
            raise DomainError(message, code="in_the_past")
        session.cancel_reason = reason_clean(reason)
        session.status = SessionStatus.CANCELLED
        session.version += 1
        session.save(update_fields=["status", "cancel_reason", "version"])
        notes = Notes("receptions.session.cancelled", moment, access.user_id, quiet)
        notes.data = {"registered": expecting_count(session), "was_public": was_public}
        if was_public:
            telling_ask(session, TellReason.CANCELLED, notes, "session_cancelled")
        keep(session, notes)
    return session


def state_require(session: ReceptionSession, *states: SessionStatus) -> None:
    """Raise DomainError ``wrong_state`` unless the session is in one of the states."""
    if session.status not in states:
        raise DomainError(
            _("This step is not possible in the present state of the session."),
            code="wrong_state",
        )


def _reason_for_publishing(session: ReceptionSession, late: bool) -> None:
    if session.late_reason:
        return
    if session.kind == SessionKind.AD_HOC:
        raise InvalidInput(fields={"reason": [_("Say why this ad hoc session is needed.")]})
    if late:
        message = _(
            "This is less than 5 working days before the session (Article 24(4) of the Law on"
            " Citizen Reception). Give the reason; it is shown to the public."
        )
        raise InvalidInput(fields={"reason": [message]})


def reason_clean(text: str) -> str:
    """The reason of a step. Raises InvalidInput when it is missing or too long."""
    reason = clean(text)
    if not 1 <= len(reason) <= REASON_MAX:
        message = _("Give the reason in 1 to %(most)s characters.") % {"most": REASON_MAX}
        raise InvalidInput(fields={"reason": [message]})
    return reason
