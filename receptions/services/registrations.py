"""Registering, by citizens and at the counter, and giving a place back."""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.access import Access
from common.codes import token_hmac
from common.db import advisory_wait
from common.errors import Conflict, DomainError, InvalidInput, NotVisible, allow
from common.time import local_date, now
from receptions.enums import RegistrationSource, RegistrationStatus, SessionStatus
from receptions.models import SHOWN_PUBLICLY, ReceptionSession, Registration
from receptions.policies import can_register_visitors
from receptions.selectors import registration_track
from receptions.selectors_places import HOLD_PURPOSE, LIVE, live_count, slots_free
from receptions.services._change import Notes, keep, outbox_mark, session_for_change
from receptions.services.places import is_full, place_free, places_settle, session_settled
from receptions.services.visitor_notices import code_send
from receptions.services.wishes import (
    PEOPLE_MAX,
    PLAIN,
    TOPIC_MAX,
    Options,
    Ticket,
    Visitor,
    Wish,
    case_of,
    online_wanted,
    ticket_make,
    wish_clean,
)

__all__ = ["PEOPLE_MAX", "TOPIC_MAX", "Options", "Registered", "Visitor"]

CONFIRM_WITHIN = dt.timedelta(minutes=15)
# Live registrations of one visitor: in the whole City, made within so many calendar days.
LIVE_MAX = 3
LIMIT_DAYS = 30
CREATED = "receptions.registration.created"
CANCELLED = "receptions.registration.cancelled"


@dataclass(frozen=True)
class Registered:
    """What the visitor is told. ``secret`` is shown now and never again."""

    queue_number: int
    code: str
    secret: str
    status: str

    @property
    def answer(self) -> dict[str, Any]:
        """Everything but the secret, as an idempotent request stores it."""
        return {"queue_number": self.queue_number, "code": self.code, "status": self.status}


def registration_create(
    *,
    session_id: uuid.UUID,
    visitor: Visitor,
    topic: str,
    people: int = 1,
    petition: tuple[str, str] | None = None,
    waiting_list: bool = False,
    options: Options = PLAIN,
    salt: bytes | None = None,
    at: dt.datetime | None = None,
    quiet: bool = False,
) -> Registered:
    """Register a citizen or a group (one place) for a published session.

    ``petition``: code and secret of a petition to talk about. The same ``salt`` gives the same secret. With an e-mail address the place
    is kept for 15 minutes until the code sent there is typed; without one, code and secret are
    the confirmation. Raises NotVisible (session or petition; wrong code and wrong secret look the
    same), InvalidInput, Conflict ``closed``, ``full`` (unless ``waiting_list``), ``slot_taken``,
    ``registered_already`` (one live registration a session) or ``too_many`` (three in the City).

    The same visitor is the same identity number and the same telephone together. Refusing by the
    identity number alone would tell anybody who holds the number that this person comes: with
    another telephone the registration is taken as if nothing were known, and the officers see the
    two marked.
    """
    moment = at or now()
    case = options.case or case_of(petition)
    wish = wish_clean(Wish(visitor, topic, people, case, waiting_list, salt, options))
    with transaction.atomic():
        if not (waiting_list or options.hold_key) and is_full(session_id, moment):
            raise _full()
        ticket = ticket_make(wish)
        _limit(ticket, session_id, moment)
        session = session_settled(session_id, at=moment, quiet=quiet, status__in=SHOWN_PUBLICLY)
        if not session.is_open(moment):
            raise Conflict(_("Registration for this session is closed."), code="closed")
        return _take(session, wish, ticket, Notes(CREATED, moment, None, quiet))


def registration_create_for(
    *,
    access: Access,
    session_id: uuid.UUID,
    visitor: Visitor,
    topic: str,
    people: int = 1,
    petition: tuple[str, str] | None = None,
    options: Options = PLAIN,
    salt: bytes | None = None,
    at: dt.datetime | None = None,
    quiet: bool = False,
) -> Registered:
    """Register somebody at the counter, also on the day itself; when full, on the waiting list.

    ``options.walk_in``: somebody who came today without registering joins the same queue; when all places
    are taken only if the leader agrees, after those who registered. Nobody is limited here: the
    officer sees the visitor and the marks. Raises NotVisible, NotPermitted, InvalidInput,
    Conflict ``closed`` or ``full``, DomainError ``not_today``.
    """
    moment = at or now()
    walk_in, may_wait = options.walk_in, options.leader_agrees or not options.walk_in
    source = RegistrationSource.WALK_IN if walk_in else RegistrationSource.OFFICER
    case = options.case or case_of(petition)
    wish = wish_clean(Wish(visitor, topic, people, case, may_wait, salt, options, source.value))
    with transaction.atomic():
        ticket = ticket_make(wish)
        session = session_for_change(access, session_id)
        allow(can_register_visitors(access, session.unit_id))
        on, today = local_date(session.starts_at), local_date(moment)
        if session.status != SessionStatus.PUBLISHED or on < today:
            raise Conflict(_("Registration for this session is closed."), code="closed")
        if walk_in and on != today:
            raise DomainError(_("The session is not today."), code="not_today")
        places_settle(session, at=moment, quiet=quiet)
        notes = Notes(CREATED, moment, access.user_id, quiet)
        return _take(session, wish, ticket, notes)


def registration_cancel(
    *, code: str, secret: str, at: dt.datetime | None = None, quiet: bool = False
) -> Registration:
    """Give the place back: at once to the first in line, else it returns after 5 to 40 minutes.

    Raises NotVisible for a wrong code or secret, DomainError ``wrong_state`` when the session
    has begun or the registration is no longer live.
    """
    moment = at or now()
    found = registration_track(code, secret)
    if found is None:
        raise NotVisible
    with transaction.atomic():
        session = session_settled(found.session.public_id, at=moment, quiet=quiet)
        row = Registration.objects.get(pk=found.pk)
        if session.starts_at <= moment:
            raise DomainError(
                _("This registration can no longer be cancelled."), code="wrong_state"
            )
        registration_end(session, row, Notes(CANCELLED, moment, None, quiet))
    row.session = session
    return row


def registration_end(session: ReceptionSession, row: Registration, notes: Notes) -> None:
    """End a live registration of a locked, settled session and pass its place on. Raises
    DomainError ``wrong_state``."""
    if row.status not in LIVE:
        raise DomainError(_("This registration can no longer be cancelled."), code="wrong_state")
    had_place = row.has_place
    row.status, row.has_place = RegistrationStatus.CANCELLED, False
    row.version += 1
    row.save(update_fields=["status", "has_place", "version"])
    notes.data |= {"number": row.queue_number}
    keep(session, notes)
    if had_place:
        place_free(session, at=notes.at, quiet=notes.quiet)


def _limit(ticket: Ticket, session_id: uuid.UUID, at: dt.datetime) -> None:
    """One live registration a session and three in the City; two requests of one visitor wait
    for each other, whichever sessions they name."""
    person, phone = ticket.fields["person_hmac"], ticket.fields["phone_hmac"]
    advisory_wait(f"reception-visitor:{person.hex()}:{phone.hex()}")
    count = live_count(person, phone, session_id, at, LIMIT_DAYS)
    if count.here:
        raise Conflict(
            _(
                "You are registered for this session already. See, change or cancel that"
                " registration with its code and secret."
            ),
            code="registered_already",
        )
    if count.anywhere >= LIVE_MAX:
        words = _(
            "You have %(most)s registrations whose sessions are still to come. Cancel one of them"
            " first, or register again when one has taken place."
        )
        raise Conflict(words % {"most": LIVE_MAX}, code="too_many")


def _take(session: ReceptionSession, wish: Wish, ticket: Ticket, notes: Notes) -> Registered:
    """Take a place, or a number on the waiting list, of a locked and settled session."""
    is_online = online_wanted(session, wish.options.is_online, None if notes.by_id else wish.case)
    held = _held(session, wish)
    has_place = held or session.places_taken < session.capacity
    if not has_place and not wish.waiting_list:
        raise _full()
    slot_at = slot_pick(session, wish.options.slot_at, notes.at) if has_place else None
    session.last_number += 1
    session.places_taken += has_place and not held
    session.save(update_fields=["last_number", "places_taken"])
    row = Registration(
        session=session,
        queue_number=session.last_number,
        has_place=has_place,
        slot_at=slot_at,
        is_online=is_online,
        registered_at=notes.at,
        **ticket.fields,
    )
    _begin(session, row, wish, notes)
    return Registered(row.queue_number, row.code, ticket.secret, row.status)


def _begin(session: ReceptionSession, row: Registration, wish: Wish, notes: Notes) -> None:
    """The first state of a registration, its event and its notices."""
    is_waiting = not row.has_place
    row.status = (RegistrationStatus.WAITING if is_waiting else RegistrationStatus.REGISTERED).value
    if wish.source == RegistrationSource.WALK_IN:
        row.arrived_at = notes.at
    if wish.visitor.email:
        row.confirm_by = notes.at + CONFIRM_WITHIN
        # Who stands at the counter is there: the digits confirm the address only.
        if not is_waiting and wish.source == RegistrationSource.CITIZEN:
            row.status = RegistrationStatus.UNCONFIRMED.value
        code_send(session, row, wish.visitor, notes)
    row.save(force_insert=True)
    notes.data = {"number": row.queue_number, "waiting": is_waiting}
    if wish.source == RegistrationSource.WALK_IN:
        notes.data["walk_in"] = True
    key = f"registration:{outbox_mark(row.code)}:created"
    notes.tell(session, "registration_arrived", key=key)
    keep(session, notes)


def _full() -> Conflict:
    return Conflict(_("All places of this session are taken."), code="full")


def _held(session: ReceptionSession, wish: Wish) -> bool:
    """Whether this browser holds a place, which it takes now."""
    if not wish.options.hold_key:
        return False
    digest = token_hmac(HOLD_PURPOSE, wish.options.hold_key)
    return bool(session.holds.filter(key_hmac=digest).delete()[0])


def slot_pick(
    session: ReceptionSession,
    wanted: dt.datetime | None,
    at: dt.datetime,
    but: Registration | None = None,
) -> dt.datetime | None:
    """The wanted slot, or the first free one to come; None where there are no slots (left). Raises
    InvalidInput for a slot the session does not have, Conflict ``slot_taken``."""
    if not session.slot_minutes:
        if wanted is not None:
            raise InvalidInput(fields={"slot_at": [_("This session has no turns by the clock.")]})
        return None
    free = slots_free(session, but=but, after=at)
    if wanted is None:
        return free[0] if free else None
    if wanted not in free:
        raise Conflict(
            _("Somebody else has just taken this turn. Choose another one."), code="slot_taken"
        )
    return wanted
