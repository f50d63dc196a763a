"""A session as planned, and everything that may be wrong with one."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from common.errors import DomainError, InvalidInput
from common.text import clean
from common.time import local_date
from communes.models import Unit
from receptions.enums import (
    AdHocTrigger,
    DutyHolder,
    SessionKind,
    SessionMode,
    SessionStatus,
)
from receptions.holders import may_receive
from receptions.models import SEEN, ReceptionSession
from receptions.posting import day_off_words

CAPACITY_MAX = 500
PLACE_MAX = 200
CONTENT_MAX = 4000
PARTICIPANTS_MAX = 1000
LINK_MAX = 300
INVITED_MAX, INVITED_NAME_MAX = 40, 200
SLOT_MINUTES = (5, 240)
# A publication may be taken back so long, while nobody has registered.
UNDO_WITHIN = dt.timedelta(minutes=10)
CLASHES = {
    "session_leader_in_one_place": gettext_lazy("The leader has another session at this time."),
    "session_pattern_date_once": gettext_lazy("This date of the pattern is planned already."),
}
Errors = dict[str, list[str]]


@dataclass(frozen=True)
class SessionPlan:
    """A session as planned. Moments are aware; ``capacity`` in places, a group takes one.

    ``slot_minutes``: how long a visit lasts, None where visitors wait for their number.
    ``trigger``: why an ad hoc session is held, "" for every other kind. ``on_day_off``: whoever
    plans has said that a day off is meant. ``invited``: to a contact with the Front and
    organisations, nobody to every other kind.
    """

    leader: User
    duty_holder: str
    kind: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    place: str
    capacity: int
    planned_content: str
    is_delegated: bool = False
    mode: str = SessionMode.PLACE
    meeting_link: str = ""
    slot_minutes: int | None = None
    participants: str = ""
    trigger: str = ""
    on_day_off: bool = False
    invited: Sequence[str] = ()

    def fields(self) -> dict[str, Any]:
        """The values of the session's row."""
        return {
            "leader": self.leader,
            "duty_holder": self.duty_holder,
            "is_delegated": self.is_delegated,
            "kind": self.kind,
            "starts_at": self.starts_at,
            "ends_at": self.ends_at,
            "place": clean(self.place),
            "mode": self.mode,
            "meeting_link": self.meeting_link.strip(),
            "capacity": self.capacity,
            "slot_minutes": self.slot_minutes,
            "planned_content": clean(self.planned_content),
            "participants": clean(self.participants),
            "trigger": self.trigger if self.kind == SessionKind.AD_HOC else "",
            "on_day_off": self.on_day_off and bool(day_off_words(local_date(self.starts_at))),
            "invited": invited_clean(self.invited) if self.kind == SessionKind.CONTACT else [],
        }


def plan_check(unit: Unit, plan: SessionPlan, at: dt.datetime) -> None:
    """Raise InvalidInput naming every field that is wrong."""
    errors = _words_wrong(plan)
    errors |= capacity_wrong(plan.capacity) | link_wrong(plan.mode, plan.meeting_link)
    errors |= text_wrong("place", plan.place, PLACE_MAX)
    errors |= text_wrong("planned_content", plan.planned_content, CONTENT_MAX)
    errors |= text_wrong("participants", plan.participants, PARTICIPANTS_MAX, least=0)
    errors |= invited_wrong(plan.kind, plan.invited) | _receiver_wrong(unit, plan, at)
    if errors:
        raise InvalidInput(fields=errors)
    times_check(plan.starts_at, plan.ends_at, at, on_day_off=plan.on_day_off)
    wrong = slots_wrong(plan.slot_minutes, plan.capacity, plan.ends_at - plan.starts_at)
    if wrong:
        raise InvalidInput(fields=wrong)


def _words_wrong(plan: SessionPlan) -> Errors:
    unknown = [_("Choose one of the values of the list.")]
    errors: Errors = {}
    if plan.kind not in SessionKind.values:
        errors["kind"] = unknown
    if plan.duty_holder not in DutyHolder.values:
        errors["duty_holder"] = unknown
    if plan.mode not in SessionMode.values:
        errors["mode"] = unknown
    if plan.kind == SessionKind.AD_HOC and plan.trigger not in AdHocTrigger.values:
        message = _(
            "Say what asks for an ad hoc reception (Article 18(3) of the Law on Citizen Reception,"
            " Regulation 11-QĐi/TW)."
        )
        errors["trigger"] = [message]
    return errors


def text_wrong(name: str, text: str, most: int, *, least: int = 1) -> Errors:
    """An error under ``name`` unless the cleaned text has from ``least`` to ``most`` characters."""
    if least <= len(clean(text)) <= most:
        return {}
    return {name: [_("From 1 to %(most)s characters.") % {"most": most}]}


def capacity_wrong(capacity: int) -> Errors:
    if 1 <= capacity <= CAPACITY_MAX:
        return {}
    return {"capacity": [_("From 1 to %(most)s places.") % {"most": CAPACITY_MAX}]}


def link_wrong(mode: str, link: str) -> Errors:
    """The link of an online reception lies in the City's own video system (``VIDEO_HOSTS``), by
    https; where the setting is empty there is no such system and no link is taken (Article 24 of
    Decree 154/2026)."""
    link = link.strip()
    if mode == SessionMode.PLACE:
        refusal = _("A reception at the place alone has no meeting link.")
        return {"meeting_link": [refusal]} if link else {}
    if not settings.VIDEO_HOSTS:
        message = _("No video system of the City is set up; online receptions cannot be planned.")
        return {"mode": [message]}
    if not link:
        return {}
    if len(link) > LINK_MAX or not _is_ours(link):
        hosts = ", ".join(settings.VIDEO_HOSTS)
        message = _("Give a link that begins with https:// at %(hosts)s.") % {"hosts": hosts}
        return {"meeting_link": [message]}
    return {}


def _is_ours(link: str) -> bool:
    try:
        parts = urlsplit(link)
        port = parts.port
    except ValueError:
        return False
    host = (parts.hostname or "").lower()
    known = any(host == one or host.endswith(f".{one}") for one in settings.VIDEO_HOSTS)
    plain = link.isascii() and link.isprintable() and " " not in link and "\\" not in link
    return (
        plain and known and parts.scheme == "https" and port in (None, 443) and not parts.username
    )


def link_missing(mode: str, link: str) -> Errors:
    """Nobody is told of an online session without the way to it."""
    if mode == SessionMode.PLACE or link:
        return {}
    message = _("An online session needs its meeting link before it is published.")
    return {"meeting_link": [message]}


def slots_wrong(slot_minutes: int | None, capacity: int, length: dt.timedelta) -> Errors:
    """Every place has a slot of its own, and all slots lie inside the session."""
    if slot_minutes is None:
        return {}
    least, most = SLOT_MINUTES
    if not least <= slot_minutes <= most:
        message = _("From %(least)s to %(most)s minutes.") % {"least": least, "most": most}
        return {"slot_minutes": [message]}
    fitting = int(length.total_seconds() // 60) // slot_minutes
    if capacity > fitting:
        message = _("Only %(count)s visits of this length fit into the session.")
        return {"slot_minutes": [message % {"count": fitting}]}
    return {}


def times_check(
    starts_at: dt.datetime, ends_at: dt.datetime, at: dt.datetime, *, on_day_off: bool
) -> None:
    """Raise InvalidInput unless the session lies ahead, on one local date, on a working day or on
    a day off that is meant."""
    if starts_at <= at:
        raise InvalidInput(fields={"starts_at": [_("The beginning must be in the future.")]})
    day = local_date(starts_at)
    if ends_at <= starts_at or local_date(ends_at) != day:
        message = _("The end must be after the beginning, on the same day.")
        raise InvalidInput(fields={"ends_at": [message]})
    name = "" if on_day_off else day_off_words(day)
    if name:
        message = _("%(day)s is a day off (%(name)s). Choose another day, or confirm it.")
        values = {"day": f"{day:%d/%m/%Y}", "name": name}
        raise InvalidInput(fields={"on_day_off": [message % values]})


def _receiver_wrong(unit: Unit, plan: SessionPlan, at: dt.datetime) -> Errors:
    """Who holds the post on that day; a stand-in must at least work in the unit."""
    day = local_date(plan.starts_at)
    if not unit.is_in_force(day):
        return {"starts_at": [unit_gone_words(unit, day)]}
    planned = ReceptionSession(unit=unit, duty_holder=plan.duty_holder)
    delegated, today = plan.is_delegated, local_date(at)
    if may_receive(planned, plan.leader.pk, day, is_delegated=delegated, today=today):
        return {}
    return {"leader": [_("This person does not hold this post in the unit.")]}


def unit_gone_words(unit: Unit, day: dt.date) -> str:
    values = {"unit": unit.full_name, "day": f"{day:%d/%m/%Y}"}
    return _("%(unit)s does not exist on %(day)s: choose another day.") % values


def receiver_require(
    session: ReceptionSession, day: dt.date, at: dt.datetime, *, field: str = ""
) -> None:
    """Raise InvalidInput on ``field``, or DomainError ``not_holder`` without one, unless the unit
    of a session exists on a local date and its leader may receive on it."""
    today = local_date(at)
    if not session.unit.is_in_force(day):
        words = unit_gone_words(session.unit, day)
    elif not may_receive(
        session, session.leader_id, day, is_delegated=session.is_delegated, today=today
    ):
        values = {"leader": session.leader.full_name, "day": f"{day:%d/%m/%Y}"}
        words = _(
            "%(leader)s cannot receive on %(day)s: the post is not held on that day any more. Hand"
            " the session over, or choose another day."
        )
        words %= values
    else:
        return
    if field:
        raise InvalidInput(fields={field: [words]})
    raise DomainError(words, code="not_holder")


def invited_clean(invited: Sequence[str]) -> list[str]:
    """Names of whoever is invited, each once, in order."""
    return list(dict.fromkeys(name for name in map(clean, invited) if name))


def invited_wrong(kind: str, invited: Sequence[str]) -> Errors:
    """A contact with the Front and organisations says whom it is with (Decision 2200-QĐ/TU)."""
    names = invited_clean(invited)
    if kind != SessionKind.CONTACT:
        return {}
    if not names:
        return {"invited": [_("Say who is invited, one a line: nobody registers for it.")]}
    if len(names) > INVITED_MAX or any(len(name) > INVITED_NAME_MAX for name in names):
        values = {"most": INVITED_MAX, "length": INVITED_NAME_MAX}
        words = _("At most %(most)s lines of at most %(length)s characters.")
        return {"invited": [words % values]}
    return {}


def may_unpublish(session: ReceptionSession, at: dt.datetime) -> bool:
    published = session.published_at
    fresh = published is not None and at - published <= UNDO_WITHIN
    return fresh and not session.last_number and not session.places_taken


def may_cancel(session: ReceptionSession, at: dt.datetime) -> bool:
    """Whether a draft or published session can still be called off."""
    if session.status != SessionStatus.PUBLISHED:
        return session.status == SessionStatus.DRAFT
    return session.starts_at > at and not session.registrations.filter(status__in=SEEN).exists()


def may_hold(session: ReceptionSession, at: dt.datetime) -> bool:
    """Whether a published session has begun: by the clock, or earlier that day with a call."""
    if session.status != SessionStatus.PUBLISHED:
        return False
    is_day = local_date(at) >= local_date(session.starts_at)
    return session.starts_at <= at or (is_day and session.opened_at is not None)
