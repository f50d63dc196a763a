"""The day: visitors arrive, are called, put back, brought back, or do not come.

Every step holds the lock on the session's row, so that two officers who call at one moment call
two numbers; a step on a number also holds the number's version.
"""

import datetime as dt
import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.access import Access
from common.errors import Conflict, DomainError, NotVisible, Stale, allow
from common.time import HANOI, local_date, now
from receptions.enums import RegistrationStatus, SessionStatus
from receptions.models import ReceptionSession, Registration, SessionEvent
from receptions.moves import MOVES, Move, call_order, moves_of, target_of
from receptions.policies import can_record_visits
from receptions.selectors_places import queue_order
from receptions.services._change import Notes, keep, session_for_change


def visitor_call_next(
    *,
    access: Access,
    session_id: uuid.UUID,
    at: dt.datetime | None = None,
    quiet: bool = False,
) -> Registration:
    """Call the first of the queue. The first call of a session opens it.

    Raises NotVisible, NotPermitted, Conflict ``nobody_waits``, DomainError ``too_early`` or
    ``wrong_state``.
    """
    moment = at or now()
    with transaction.atomic():
        session, notes = day_begin(access, session_id, MOVES[Move.CALL].action, moment, quiet)
        queue = call_order(session.registrations.select_related("case").order_by(*queue_order()))
        if not queue:
            raise Conflict(_("Nobody waits any more."), code="nobody_waits")
        _move(session, queue[0], Move.CALL, notes)
    return queue[0]


def visitor_move(
    *,
    access: Access,
    session_id: uuid.UUID,
    code: str,
    version: int,
    move: Move,
    at: dt.datetime | None = None,
    quiet: bool = False,
) -> Registration:
    """One step of one visitor, from the table ``MOVES``.

    Raises NotVisible, NotPermitted, Conflict ``called`` (the number is called already), Stale,
    DomainError ``too_early``, ``too_late`` (a no-show is undone on its own day) or
    ``wrong_state``.
    """
    moment = at or now()
    with transaction.atomic():
        session, notes = day_begin(access, session_id, MOVES[move].action, moment, quiet)
        row = visitor_of(session, code)
        if move == Move.CALL:
            _not_called_yet(row)
        visitor_fresh(row, version)
        if move not in moves_of(row):
            raise wrong_state()
        if move == Move.UNDO_NO_SHOW:
            _on_its_day(session, row, moment)
        _move(session, row, move, notes)
    return row


def day_begin(
    access: Access,
    session_id: uuid.UUID,
    action: str,
    at: dt.datetime,
    quiet: bool,
    *,
    over: tuple[SessionStatus, ...] = (),
) -> tuple[ReceptionSession, Notes]:
    """The locked session and the notes of a step on its day, or later and recorded as such;
    ``over``: states besides published and held in which the step is possible."""
    session = session_for_change(access, session_id)
    allow(can_record_visits(access, session.unit_id))
    if session.status not in over:
        day_require(session, at)
    notes = Notes(action, at, access.user_id, quiet)
    if local_date(at) > local_date(session.starts_at):
        notes.data["later_on"] = local_date(at).isoformat()
    return session, notes


def day_require(session: ReceptionSession, at: dt.datetime) -> None:
    """Raise DomainError before the session's local date, or when it does not take place."""
    if session.status not in (SessionStatus.PUBLISHED, SessionStatus.HELD):
        raise wrong_state()
    if local_date(at) < local_date(session.starts_at):
        raise DomainError(_("The day of the session has not come yet."), code="too_early")


def visitor_of(session: ReceptionSession, code: str) -> Registration:
    """A visitor of a locked session. Raises NotVisible."""
    row = session.registrations.select_related("case").filter(code=code).first()
    if row is None:
        raise NotVisible
    row.session = session
    return row


def visitor_fresh(row: Registration, version: int) -> None:
    """Raise Stale when the page showed another version of the visitor."""
    if row.version != version:
        raise Stale(
            _("Somebody else has changed this number since you opened the page. Nothing was lost."),
            extra={"version": row.version, "status": row.status},
        )


def visitor_set(row: Registration, status: RegistrationStatus, *fields: str) -> None:
    """Save a new state and ``fields`` with the next version."""
    row.status = status.value
    row.version += 1
    row.save(update_fields=["status", "version", *fields])


def wrong_state() -> DomainError:
    message = _("This step is not possible in the present state of the visitor or the session.")
    return DomainError(message, code="wrong_state")


def _not_called_yet(row: Registration) -> None:
    if row.status == RegistrationStatus.CALLED and row.called_at is not None:
        since = {"number": row.queue_number, "time": f"{row.called_at.astimezone(HANOI):%H:%M}"}
        raise Conflict(
            _("Number %(number)s was called already, at %(time)s.") % since, code="called"
        )


def _on_its_day(session: ReceptionSession, row: Registration, at: dt.datetime) -> None:
    said = SessionEvent.objects.filter(
        session=session,
        action=MOVES[Move.NO_SHOW].action,
        data__number=row.queue_number,
    )
    last = said.order_by("-sequence").first()
    if last is None or local_date(last.at) != local_date(at):
        message = _("This can be undone only on the day on which it was recorded.")
        raise DomainError(message, code="too_late")


def _move(session: ReceptionSession, row: Registration, move: Move, notes: Notes) -> None:
    fields: list[str] = []
    status = target_of(move, row)
    if status == RegistrationStatus.CALLED:
        row.called_at = notes.at
        fields.append("called_at")
        _open(session, notes.at)
    if move in (Move.ARRIVE, Move.BRING_BACK, Move.UNDO_NO_SHOW) and row.arrived_at is None:
        row.arrived_at = notes.at
        fields.append("arrived_at")
    visitor_set(row, status, *fields)
    notes.data["number"] = row.queue_number
    keep(session, notes)


def _open(session: ReceptionSession, at: dt.datetime) -> None:
    if session.opened_at is None:
        session.opened_at = at
        session.save(update_fields=["opened_at"])
