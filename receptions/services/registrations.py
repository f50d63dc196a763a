"""Places in a session: taking one, giving it back, moving up from the waiting list."""

import datetime as dt
import os
import uuid
from dataclasses import asdict, dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.access import Access
from common.codes import code_new, secret_clean, secret_from_salt, token_hmac
from common.crypto import seal
from common.errors import Conflict, DomainError, NotVisible
from common.text import clean
from common.time import now
from petitions.models import Case
from petitions.selectors_public import letter_track
from receptions.enums import RegistrationStatus, SessionStatus
from receptions.models import SHOWN_PUBLICLY, ReceptionSession, Registration
from receptions.policies import can_register_visitors
from receptions.selectors import (
    CODE_PREFIX,
    SECRET_PURPOSE,
    registration_track,
    seal_context,
)
from receptions.services._change import Notes, keep, permit, session_for_change, session_locked

PERSON_PURPOSE = "reception-person"
TOPIC_MAX = 2000
PEOPLE_MAX = 500
LIVE = (RegistrationStatus.REGISTERED, RegistrationStatus.WAITING)


@dataclass(frozen=True)
class Visitor:
    """Who comes, as checked by form or API; sealed at once."""

    full_name: str
    identity_number: str
    phone: str


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


@dataclass(frozen=True)
class _Wish:
    visitor: Visitor
    topic: str
    people: int
    case: Case | None
    waiting_list: bool
    salt: bytes | None


def registration_create(
    *,
    session_id: uuid.UUID,
    visitor: Visitor,
    topic: str,
    people: int = 1,
    petition: tuple[str, str] | None = None,
    waiting_list: bool = False,
    salt: bytes | None = None,
    at: dt.datetime | None = None,
    quiet: bool = False,
) -> Registered:
    """Register a citizen or a group (one place) for a published session.

    ``petition``: code and secret of a petition to talk about. The same ``salt`` gives the same
    secret. Raises NotVisible (session or petition; wrong code and wrong secret look the same),
    Conflict ``closed`` or ``full`` (unless ``waiting_list``). A second registration of the same
    person is taken: refusing it would tell anybody who holds the number that this person comes.
    The officers see it marked.
    """
    moment = at or now()
    wish = _Wish(visitor, clean(topic), people, _case_of(petition), waiting_list, salt)
    with transaction.atomic():
        session = session_locked(session_id, status__in=SHOWN_PUBLICLY)
        if not session.is_open(moment):
            raise Conflict(_("Registration for this session is closed."), code="closed")
        notes = Notes("receptions.registration.created", moment, None, quiet)
        return _take(session, wish, notes)


def registration_create_for(
    *,
    access: Access,
    session_id: uuid.UUID,
    visitor: Visitor,
    topic: str,
    people: int = 1,
    petition: tuple[str, str] | None = None,
    salt: bytes | None = None,
    at: dt.datetime | None = None,
    quiet: bool = False,
) -> Registered:
    """Register somebody at the counter, also on the day itself; when full, on the waiting list."""
    moment = at or now()
    wish = _Wish(visitor, clean(topic), people, _case_of(petition), True, salt)
    with transaction.atomic():
        session = session_for_change(access, session_id)
        permit(can_register_visitors(access, session.unit_id))
        if session.status != SessionStatus.PUBLISHED:
            raise Conflict(_("Registration for this session is closed."), code="closed")
        notes = Notes("receptions.registration.created", moment, access.user_id, quiet)
        return _take(session, wish, notes)


def registration_cancel(
    *, code: str, secret: str, at: dt.datetime | None = None, quiet: bool = False
) -> Registration:
    """Give the place back; the first on the waiting list moves up.

    Raises NotVisible for a wrong code or secret, DomainError ``wrong_state`` when the session
    has begun or the registration is no longer live.
    """
    moment = at or now()
    found = registration_track(code, secret)
    if found is None:
        raise NotVisible
    with transaction.atomic():
        session = session_locked(found.session.public_id)
        registration = Registration.objects.get(pk=found.pk)
        if registration.status not in LIVE or session.starts_at <= moment:
            raise DomainError(
                _("This registration can no longer be cancelled."), code="wrong_state"
            )
        had_place = registration.has_place
        registration.status = RegistrationStatus.CANCELLED
        registration.has_place = False
        registration.save(update_fields=["status", "has_place"])
        notes = Notes("receptions.registration.cancelled", moment, None, quiet)
        notes.data = {"number": registration.queue_number}
        if had_place:
            _move_up(session, notes)
        keep(session, notes)
    registration.session = session
    return registration


def _case_of(petition: tuple[str, str] | None) -> Case | None:
    if petition is None:
        return None
    letter = letter_track(*petition)
    if letter is None:
        raise NotVisible
    return letter.case


def _take(session: ReceptionSession, wish: _Wish, notes: Notes) -> Registered:
    """Take a place, or a number on the waiting list, of a locked session."""
    has_place = session.places_taken < session.capacity
    if not has_place and not wish.waiting_list:
        raise Conflict(_("All places of this session are taken."), code="full")
    person = token_hmac(PERSON_PURPOSE, wish.visitor.identity_number)
    session.last_number += 1
    session.places_taken += has_place
    session.save(update_fields=["last_number", "places_taken"])
    registration, secret = _registration(session, wish, has_place, person, notes.at)
    notes.data = {"number": session.last_number, "waiting": not has_place}
    code = registration.code
    notes.tell(session, "registration_arrived", key=f"registration:{code}:created")
    keep(session, notes)
    return Registered(session.last_number, code, secret, registration.status)


def _registration(
    session: ReceptionSession, wish: _Wish, has_place: bool, person: bytes, at: dt.datetime
) -> tuple[Registration, str]:
    code, secret = code_new(CODE_PREFIX), secret_from_salt(wish.salt or os.urandom(16))
    status = RegistrationStatus.REGISTERED if has_place else RegistrationStatus.WAITING
    version, box = seal(asdict(wish.visitor), context=seal_context(code))
    row = Registration.objects.create(
        session=session,
        queue_number=session.last_number,
        code=code,
        secret_hmac=token_hmac(SECRET_PURPOSE, secret_clean(secret)),
        status=status.value,
        has_place=has_place,
        topic=wish.topic,
        people=wish.people,
        case=wish.case,
        person_hmac=person,
        key_version=version,
        box=box,
        registered_at=at,
    )
    return row, secret


def _move_up(session: ReceptionSession, notes: Notes) -> None:
    """The freed place of a locked session goes to whoever waits longest, else back."""
    waiting = session.registrations.filter(status=RegistrationStatus.WAITING)
    first = waiting.order_by("queue_number").first()
    if first is None:
        session.places_taken -= 1
        session.save(update_fields=["places_taken"])
        return
    first.status = RegistrationStatus.REGISTERED
    first.has_place = True
    first.save(update_fields=["status", "has_place"])
    notes.data["moved_up"] = first.queue_number
    notes.tell(session, "registration_moved_up", key=f"registration:{first.code}:moved_up")
