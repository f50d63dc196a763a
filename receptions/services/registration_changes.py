"""Changing a registration: by its visitor, or by an officer for somebody who calls."""

import datetime as dt
import uuid
from dataclasses import dataclass, replace

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.access import Access
from common.errors import DomainError, InvalidInput, NotVisible, Stale, allow
from common.text import clean
from common.time import now
from receptions.enums import AdHocTrigger, RegistrationStatus, SessionStatus
from receptions.models import ReceptionSession, Registration
from receptions.policies import can_register_visitors
from receptions.selectors import person_open, registration_track
from receptions.selectors_places import LIVE
from receptions.services._change import Notes, keep, session_for_change
from receptions.services.places import places_settle, session_settled
from receptions.services.registrations import (
    CANCELLED,
    CONFIRM_WITHIN,
    registration_end,
    slot_pick,
)
from receptions.services.sessions import reason_clean
from receptions.services.visitor_notices import code_send, visitor_tell
from receptions.services.wishes import (
    PEOPLE_MAX,
    TOPIC_MAX,
    Visitor,
    box_put,
    is_denunciation,
    online_wanted,
    visitor_clean,
    visitor_of,
)

CHANGED = "receptions.registration.changed"
PRIORITY = "receptions.registration.priority"


@dataclass(frozen=True)
class Change:
    """A registration as it is to be. ``email`` None leaves the address alone; ``slot_at``: UTC
    begin of a slot, None keeps the one there is."""

    topic: str
    people: int = 1
    representatives: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    email: str | None = None
    slot_at: dt.datetime | None = None
    is_online: bool | None = None


def registration_change(
    *,
    code: str,
    secret: str,
    version: int,
    change: Change,
    at: dt.datetime | None = None,
    quiet: bool = False,
) -> Registration:
    """Change one's own registration until the session begins.

    A new e-mail address gets a code and is written to only after it was typed; the place does not
    depend on it. Raises NotVisible, Stale, InvalidInput, Conflict ``slot_taken``, DomainError
    ``wrong_state``.
    """
    moment = at or now()
    found = registration_track(code, secret)
    if found is None:
        raise NotVisible
    with transaction.atomic():
        session = session_settled(found.session.public_id, at=moment, quiet=quiet)
        row = Registration.objects.select_related("case").get(pk=found.pk)
        if session.starts_at <= moment:
            raise DomainError(_("The session has begun."), code="wrong_state")
        _change(session, row, version, change, Notes(CHANGED, moment, None, quiet))
    row.session = session
    return row


def registration_change_for(
    *,
    access: Access,
    session_id: uuid.UUID,
    code: str,
    version: int,
    change: Change,
    at: dt.datetime | None = None,
    quiet: bool = False,
) -> Registration:
    """Change a registration for a visitor who called or came; the visitor is told by e-mail when
    there is a confirmed address. Raises as ``registration_change`` and NotPermitted."""
    moment = at or now()
    with transaction.atomic():
        session, row = _for_officer(access, session_id, code, moment, quiet)
        notes = Notes(CHANGED, moment, access.user_id, quiet)
        visitor_tell(session, row, notes, "registration_news")
        _change(session, row, version, change, notes)
    return row


def registration_cancel_for(
    *,
    access: Access,
    session_id: uuid.UUID,
    code: str,
    version: int,
    at: dt.datetime | None = None,
    quiet: bool = False,
) -> Registration:
    """Cancel for a visitor who called, or who declines the place that came up. Raises NotVisible,
    NotPermitted, Stale, DomainError ``wrong_state``."""
    moment = at or now()
    with transaction.atomic():
        session, row = _for_officer(access, session_id, code, moment, quiet)
        _fresh(row, version)
        notes = Notes(CANCELLED, moment, access.user_id, quiet)
        visitor_tell(session, row, notes, "registration_news")
        registration_end(session, row, notes)
    return row


def priority_set(
    *,
    access: Access,
    session_id: uuid.UUID,
    code: str,
    version: int,
    priority: list[str],
    reason: str,
    at: dt.datetime | None = None,
    quiet: bool = False,
) -> Registration:
    """Put a visitor first in the queue, or take that back (``priority`` empty), with a reason
    (Article 26 of Decree 154/2026).

    Only an officer's judgement, never a visitor's claim: values of ``AdHocTrigger``. Possible for
    every registration alike, so that neither a priority nor its absence tells of a denunciation.
    Raises NotVisible, NotPermitted, Stale, InvalidInput, DomainError ``wrong_state``.
    """
    moment, why = at or now(), reason_clean(reason)
    if not set(priority) <= set(AdHocTrigger.values):
        raise InvalidInput(fields={"priority": [_("Choose one of the values of the list.")]})
    with transaction.atomic():
        session, row = _for_officer(access, session_id, code, moment, quiet)
        _fresh(row, version)
        if row.status in (RegistrationStatus.CANCELLED, RegistrationStatus.RECEIVED):
            raise DomainError(_("This visitor is not in the queue any more."), code="wrong_state")
        row.priority = sorted(set(priority))
        row.version += 1
        row.save(update_fields=["priority", "version"])
        data = {"number": row.queue_number, "priority": row.priority, "reason": why}
        keep(session, Notes(PRIORITY, moment, access.user_id, quiet, data))
    return row


def _for_officer(
    access: Access, session_id: uuid.UUID, code: str, at: dt.datetime, quiet: bool
) -> tuple[ReceptionSession, Registration]:
    session = session_for_change(access, session_id)
    allow(can_register_visitors(access, session.unit_id))
    places_settle(session, at=at, quiet=quiet)
    row = session.registrations.select_related("case").filter(code=code).first()
    if row is None:
        raise NotVisible
    return session, row


def _fresh(row: Registration, version: int) -> None:
    if row.version != version:
        raise Stale(
            _("Somebody else has changed this registration since you opened it. Nothing was lost."),
            extra={"version": row.version},
        )


def _change(
    session: ReceptionSession, row: Registration, version: int, change: Change, notes: Notes
) -> None:
    _fresh(row, version)
    if row.status not in LIVE or session.status != SessionStatus.PUBLISHED:
        raise DomainError(_("This registration can no longer be changed."), code="wrong_state")
    _texts(change)
    before = _topic_sealed(row, visitor_of(person_open(row)))
    visitor = replace(before, representatives=change.representatives, needs=change.needs)
    if change.email is not None:
        visitor = replace(visitor, email=change.email)
    visitor = visitor_clean(visitor, change.people)
    names = _differences(row, before, visitor, change)
    row.people = change.people
    visitor = _topic_put(row, visitor, clean(change.topic), notes)
    row.is_online = online_wanted(session, change.is_online, None if notes.by_id else row.case)
    if row.has_place and change.slot_at not in (None, row.slot_at):
        row.slot_at = slot_pick(session, change.slot_at, notes.at, but=row)
    _address(session, row, before, visitor, notes)
    box_put(row, visitor)
    row.version += 1
    row.save()
    notes.data = {"number": row.queue_number, "fields": names}
    keep(session, notes)


def _topic_sealed(row: Registration, before: Visitor) -> Visitor:
    """What stands in clear of a matter that is linked to a denunciation goes into the box."""
    if not is_denunciation(row.case) or before.topic is not None:
        return before
    topic, row.topic = row.topic, ""
    return replace(before, topic=topic)


def _topic_put(row: Registration, visitor: Visitor, topic: str, notes: Notes) -> Visitor:
    """The citizen's words about a denunciation are sealed; an officer's stand where they always
    stand, since words that vanished would tell of the case."""
    if notes.by_id is None and visitor.topic is not None:
        row.topic = ""
        return replace(visitor, topic=topic)
    row.topic = topic
    return visitor


def _texts(change: Change) -> None:
    errors: dict[str, list[str]] = {}
    if len(clean(change.topic)) > TOPIC_MAX:
        errors["topic"] = [_("At most %(most)s characters.") % {"most": TOPIC_MAX}]
    if not 1 <= change.people <= PEOPLE_MAX:
        errors["people"] = [_("From 1 to %(most)s people.") % {"most": PEOPLE_MAX}]
    if errors:
        raise InvalidInput(fields=errors)


def _differences(row: Registration, before: Visitor, after: Visitor, change: Change) -> list[str]:
    """Names of what changes, for the history: never the words."""
    pairs = {
        "topic": clean(change.topic) not in {row.topic or before.topic or "", row.topic},
        "people": row.people != change.people,
        "representatives": before.representatives != after.representatives,
        "needs": before.needs != after.needs,
        "email": before.email != after.email,
        "slot": change.slot_at not in (None, row.slot_at),
        "online": change.is_online not in (None, row.is_online),
    }
    return [name for name, differs in pairs.items() if differs]


def _address(
    session: ReceptionSession, row: Registration, before: Visitor, after: Visitor, notes: Notes
) -> None:
    """A new address is confirmed anew; without one, code and secret are the confirmation. Who
    has not confirmed yet keeps the place no longer for it."""
    if after.email == before.email:
        return
    is_new = row.status == RegistrationStatus.UNCONFIRMED
    row.confirm_hmac, row.confirm_tries = None, 0
    if after.email:
        row.confirm_by = row.confirm_by if is_new else notes.at + CONFIRM_WITHIN
        code_send(session, row, after, notes)
    elif is_new:
        row.status = RegistrationStatus.REGISTERED
