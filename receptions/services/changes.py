"""What changes on a published session besides its time."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.access import Access
from common.errors import DomainError, InvalidInput, allow
from common.text import clean
from common.time import now
from receptions.enums import OnlineStep, SessionMode, SessionStatus, TellReason
from receptions.models import EXPECTING, ReceptionSession
from receptions.policies import can_plan_sessions
from receptions.services._change import Notes, keep, session_for_change
from receptions.services._plan import (
    CONTENT_MAX,
    PARTICIPANTS_MAX,
    PLACE_MAX,
    Errors,
    capacity_wrong,
    invited_clean,
    invited_wrong,
    link_missing,
    link_wrong,
    slots_wrong,
    text_wrong,
)
from receptions.services.online_checks import BEFORE_THE_DAY, checks_reset
from receptions.services.places import places_fill, places_settle
from receptions.services.sessions import reason_clean, state_require
from receptions.services.tellings import telling_ask

# More or fewer places change nothing for those who have one.
TOLD = {
    "place",
    "mode",
    "meeting_link",
    "slot_minutes",
    "planned_content",
    "participants",
    "invited",
}


@dataclass(frozen=True)
class SessionChange:
    """The session as it shall be; ``capacity`` in places, ``slot_minutes`` a visit; ``invited``
    of a contact with the Front and organisations alone."""

    place: str
    mode: str
    meeting_link: str
    capacity: int
    slot_minutes: int | None
    planned_content: str
    participants: str
    invited: Sequence[str] = ()


def session_change(
    *,
    access: Access,
    public_id: uuid.UUID,
    version: int,
    change: SessionChange,
    reason: str,
    at: dt.datetime | None = None,
    quiet: bool = False,
) -> ReceptionSession:
    """Change place, link, places, participants or content of a published session.

    The reason is public; everybody registered is told unless only the number of places changed.
    More places go to the waiting list at once, in its order. Where nobody takes part online any
    more, everybody comes to the place. Raises InvalidInput (fewer places than are taken, online
    alone while somebody is registered, nothing changed), Stale, DomainError ``wrong_state``.
    """
    moment = at or now()
    with transaction.atomic():
        session = session_for_change(access, public_id, version)
        allow(can_plan_sessions(access, session.unit_id))
        state_require(session, SessionStatus.PUBLISHED)
        if session.ends_at <= moment:
            raise DomainError(_("The session is over."), code="in_the_past")
        places_settle(session, at=moment, quiet=quiet)
        _check(session, change)
        changed = _changed(session, change)
        session.change_reason = reason_clean(reason)
        for name, value in changed.items():
            setattr(session, name, value)
        session.version += 1
        session.save(update_fields=[*changed, "change_reason", "version"])
        notes = Notes("receptions.session.changed", moment, access.user_id, quiet)
        notes.data = {"fields": sorted(changed)} | _online_follows(session, changed)
        if TOLD & changed.keys():
            telling_ask(session, TellReason.CHANGED, notes, "session_changed")
        keep(session, notes)
        places_fill(session, at=moment, quiet=quiet)
    return session


def _changed(session: ReceptionSession, change: SessionChange) -> dict[str, Any]:
    values = {
        name: clean(value) if isinstance(value, str) else value
        for name, value in asdict(change).items()
    }
    values["invited"] = invited_clean(change.invited) if session.is_by_invitation else []
    changed = {name: value for name, value in values.items() if getattr(session, name) != value}
    if not changed:
        raise InvalidInput(fields={"reason": [_("Nothing was changed.")]})
    return changed


def _check(session: ReceptionSession, change: SessionChange) -> None:
    errors: Errors = {}
    if change.mode not in SessionMode.values:
        errors["mode"] = [_("Choose one of the values of the list.")]
    errors |= text_wrong("place", change.place, PLACE_MAX)
    errors |= text_wrong("planned_content", change.planned_content, CONTENT_MAX)
    errors |= text_wrong("participants", change.participants, PARTICIPANTS_MAX, least=0)
    errors |= link_missing(change.mode, change.meeting_link.strip())
    errors |= link_wrong(change.mode, change.meeting_link)
    length = session.ends_at - session.starts_at
    errors |= slots_wrong(change.slot_minutes, change.capacity, length)
    errors |= _slots_promised(session, change) | capacity_wrong(change.capacity)
    errors |= _places_promised(session, change) | _places_kept(session, change)
    errors |= invited_wrong(session.kind, change.invited)
    if errors:
        raise InvalidInput(fields=errors)


def _online_follows(session: ReceptionSession, changed: dict[str, Any]) -> dict[str, Any]:
    """What a changed way of receiving means for those registered and for the checklist, for the
    history: at the place alone nobody comes online; another link is to be tested again."""
    data: dict[str, Any] = {}
    if "mode" in changed:
        if session.mode == SessionMode.PLACE:
            rows = session.registrations.filter(status__in=EXPECTING, is_online=True)
            data["to_the_place"] = rows.update(is_online=False, invited_for=None)
        data |= checks_reset(session, BEFORE_THE_DAY)
    elif "meeting_link" in changed:
        data |= checks_reset(session, (OnlineStep.TEST,))
    return data


def _places_kept(session: ReceptionSession, change: SessionChange) -> Errors:
    """Whoever is registered keeps a way in at the place: what becomes of each is asked one by one.

    The rule is the same for everybody, also where all of them come online: whoever denounces is
    received at the place alone, and nothing may tell that there is such a visitor.
    """
    if change.mode != SessionMode.ONLINE or session.mode == SessionMode.ONLINE:
        return {}
    expected = session.registrations.filter(status__in=EXPECTING)
    count = expected.count()
    if not count:
        return {}
    message = _(
        "%(count)s registrations stand (%(place)s of them for the place): the session cannot be"
        " held online alone. Choose “at the reception place and online”, then ask each visitor and"
        " note in the queue who takes part online; the others are received at the place."
    )
    values = {"count": count, "place": expected.filter(is_online=False).count()}
    return {"mode": [message % values]}


def _slots_promised(session: ReceptionSession, change: SessionChange) -> Errors:
    if change.slot_minutes == session.slot_minutes or not session.last_number:
        return {}
    message = _("Visitors have been told their times already: the length of a visit stays.")
    return {"slot_minutes": [message]}


def _places_promised(session: ReceptionSession, change: SessionChange) -> Errors:
    """Nobody loses a place that was given."""
    if change.capacity >= session.places_taken:
        return {}
    message = _(
        "%(taken)s places are taken, so there cannot be fewer. Cancel registrations with the"
        " visitors' agreement first, or plan a second session and move the present one as it is."
    )
    return {"capacity": [message % {"taken": session.places_taken}]}
