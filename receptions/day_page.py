"""What the desk of the day shows, line by line."""

import secrets
from typing import Any, NamedTuple

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.access import Access
from common.time import local_date, today
from receptions import policies, selectors_day
from receptions.enums import (
    AdHocTrigger,
    Need,
    RegistrationSource,
    RegistrationStatus,
    SessionStatus,
)
from receptions.models import SHOWN_PUBLICLY, ReceptionSession, Refusal
from receptions.moves import REFUSABLE, Move, moves_of, priority_of
from receptions.online import is_online
from receptions.present import REGISTRATION_TONES, clock_time
from receptions.selectors import Visitor
from receptions.staff import case_href

S = RegistrationStatus


class DayLine(NamedTuple):
    """A visitor on the desk, with what may be done now."""

    visitor: Visitor
    state: str
    tone: str
    marks: list[str]
    moves: list[Move]
    move_href: str
    record_href: str
    refuse_href: str
    papers_href: str
    case_href: str


def day_context(access: Access, session: ReceptionSession) -> dict[str, Any]:
    """The desk; nine queries whatever the number of visitors."""
    queue = selectors_day.queue_of(access, session)
    day, now_on = local_date(session.starts_at), today()
    takes_place = session.status in SHOWN_PUBLICLY
    return {
        "session": session,
        "called": [day_line(session, seen) for seen in queue.called],
        "waiting": [day_line(session, seen) for seen in queue.waiting],
        "parked": [day_line(session, seen) for seen in queue.parked],
        "unconfirmed": [seen.registration for seen in queue.unconfirmed],
        "done": [day_line(session, seen) for seen in queue.done],
        "next_number": queue.next_number,
        "takes_place": takes_place,
        "is_day": takes_place and day <= now_on,
        "is_later": day < now_on,
        "key": secrets.token_hex(16),
        "owed": [
            owed_line(refusal) for refusal in selectors_day.refusals_owed(access, session.unit)
        ],
        "screen_href": screen_href(session) if takes_place and day >= now_on else "",
        "may_register": policies.can_register_visitors(access, session.unit_id) is None
        and session.status == SessionStatus.PUBLISHED,
    }


class OwedLine(NamedTuple):
    """A refusal in writing that has not been sent."""

    refusal: Refusal
    number: int
    href: str
    is_late: bool


def owed_line(refusal: Refusal) -> OwedLine:
    row = refusal.registration
    href = reverse("receptions_staff:refusal", args=[row.session.public_id, row.code])
    is_late = refusal.written_by is not None and refusal.written_by < today()
    return OwedLine(refusal, row.queue_number, href, is_late)


def screen_href(session: ReceptionSession) -> str:
    """The address of the hall's screen, without sign-in."""
    return reverse("receptions:screen", args=[selectors_day.screen_token(session)])


def day_line(session: ReceptionSession, seen: Visitor) -> DayLine:
    row = seen.registration
    args = [session.public_id, row.code]
    refused = row.status == S.REFUSED
    recordable = row.status in (S.CALLED, S.RECEIVED)
    return DayLine(
        seen,
        _("has come") if _is_there(seen) else row.get_status_display(),
        "success" if _is_there(seen) else REGISTRATION_TONES.get(S(row.status), "neutral"),
        _marks(session, seen),
        moves_of(row),
        reverse("receptions_staff:day_move", args=args),
        reverse("receptions_staff:record", args=args) if recordable else "",
        reverse("receptions_staff:refusal", args=args)
        if refused or row.status in REFUSABLE
        else "",
        "" if refused else reverse("receptions_staff:papers", args=args),
        case_href(seen.case_code),
    )


def _is_there(seen: Visitor) -> bool:
    row = seen.registration
    return row.arrived_at is not None and row.status == S.REGISTERED


def _marks(session: ReceptionSession, seen: Visitor) -> list[str]:
    """What helps to call in order and to make ready; nothing that tells of a denunciation."""
    row = seen.registration
    marks = [str(AdHocTrigger(value).label) for value in priority_of(row)]
    if row.slot_at is not None:
        marks.append(clock_time(row.slot_at))
    if row.source == RegistrationSource.WALK_IN:
        marks.append(_("walk-in"))
    if is_online(session):
        marks.append(_("online") if row.is_online else _("at the place"))
    needs = (seen.person or {}).get("needs") or []
    return marks + [str(Need(value).label) for value in needs if value in Need.values]
