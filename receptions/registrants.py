"""Who registered, as officers see it: the queue, who is to be called, what is proposed."""

import datetime as dt
from typing import Any, NamedTuple

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts.access import Access
from common.time import local_date
from common.ui import SummaryRow
from petitions.enums import Flag, Kind
from petitions.flags import COLLECTIVE_FROM, ComputedFlag, marks
from petitions.models import Case
from petitions.selectors_flags import facts_of
from receptions import policies, present, selectors
from receptions.enums import (
    AdHocTrigger,
    Need,
    RegistrationSource,
    RegistrationStatus,
    SessionStatus,
)
from receptions.models import ReceptionSession, Registration, SessionEvent
from receptions.moves import priority_words
from receptions.selectors import Visitor, person_open, topic_clear
from receptions.selectors_places import LIVE, queue_order
from receptions.selectors_plan import call_waits
from receptions.services.wishes import visitor_of
from receptions.staff import case_href

_COMPLEX = (Flag.COMPLEX, Flag.VERY_COMPLEX)


class Entry(NamedTuple):
    """A registration in the queue. ``visitor`` None: for who may see numbers only."""

    registration: Registration
    visitor: Visitor | None
    tone: str
    marks: list[str]
    href: str


def queue_of(access: Access, session: ReceptionSession) -> list[Entry]:
    """Everybody of a session in the order of the queue; three queries. Names and marks only for
    those who receive or register in the unit."""
    rows = session.registrations.select_related("case").order_by(*queue_order())
    seen = {v.registration.pk: v for v in selectors.session_visitors(access, session)}
    sees = policies.can_see_visitors(access, session.unit_id)
    return [_entry(session, row, seen[row.pk] if sees else None) for row in rows]


def _entry(session: ReceptionSession, row: Registration, visitor: Visitor | None) -> Entry:
    href = reverse("receptions_staff:registrant", args=[session.public_id, row.code])
    return Entry(
        registration=row,
        visitor=visitor,
        tone=present.REGISTRATION_TONES.get(RegistrationStatus(row.status), "neutral"),
        marks=_marks(row, visitor) if visitor else [],
        href=href if visitor else "",
    )


def _marks(row: Registration, visitor: Visitor) -> list[str]:
    why = priority_words(row)
    found = [_("priority: %(why)s") % {"why": why}] if why else []
    if row.source != RegistrationSource.CITIZEN:
        found.append(row.get_source_display())
    if row.is_online:
        found.append(_("online"))
    needs = visitor.person.get("needs", ()) if visitor.person else ()
    return found + needs_words(needs)


def needs_words(needs: Any) -> list[str]:
    """Needs by name; for those who receive or register only."""
    return [str(Need(need).label) for need in needs]


def registrant_rows(visitor: Visitor) -> list[SummaryRow]:
    """What was registered, to be compared with the words of who calls. Callers have checked the
    right to see visitors."""
    row, who = visitor.registration, visitor_of(visitor.person or {})
    pairs = [
        (_("Full name"), who.full_name),
        (_("Identity number"), who.identity_number),
        (_("Telephone"), who.phone),
        (_("Address"), who.address),
        (_("What it is about"), visitor.topic),
        (_("Number of people"), str(row.people)),
        (_("Representatives"), ", ".join(who.representatives)),
        (_("Needs"), capfirst(", ".join(needs_words(who.needs)))),
        (_("Turn"), present.clock_time(row.slot_at) if row.slot_at else ""),
        (_("How"), _("online") if row.is_online else _("at the place")),
        (_("E-mail"), who.email and _email_words(who.email, row)),
        (_("Registered"), capfirst(row.get_source_display())),
        (_("Priority"), capfirst(priority_words(row))),
        (_("Told of the place"), _moment(row.told_at) if row.told_at else ""),
    ]
    return [SummaryRow(label, value) for label, value in pairs if value]


def _moment(at: dt.datetime) -> str:
    return f"{present.clock_time(at)} {local_date(at):%d/%m/%Y}"


def _email_words(email: str, row: Registration) -> str:
    if row.confirm_hmac is None:
        return email
    return _("%(email)s (not confirmed: please call)") % {"email": email}


def priority_history(session: ReceptionSession, row: Registration) -> list[SessionEvent]:
    """When priority was given or taken back, by whom and why."""
    rows = SessionEvent.objects.filter(
        session=session,
        action="receptions.registration.priority",
        data__number=row.queue_number,
    )
    return list(rows.select_related("actor").order_by("sequence"))


def proposals(access: Access, row: Registration) -> list[AdHocTrigger]:
    """What speaks for priority, from the people who come and from the linked case as far as the
    officer sees it (Article 26 of Decree 154/2026). A denunciation proposes nothing: what is
    shown beside it must look as if there were no case."""
    found = {AdHocTrigger.MASS} if row.people >= COLLECTIVE_FROM else set()
    case = None
    if row.case_id:
        case = Case.objects.visible_to(access).filter(pk=row.case_id).first()
    if case is not None and case.kind != Kind.DENUNCIATION:
        found |= _of_case(access, case)
    return [trigger for trigger in AdHocTrigger if trigger in found]


def _of_case(access: Access, case: Case) -> set[AdHocTrigger]:
    letters, outcomes = list(case.letters.order_by("id")), list(case.outcomes.all())
    computed = {mark.flag for mark in marks(facts_of(access, case, letters, outcomes, ()))}
    pairs = {
        AdHocTrigger.MASS: ComputedFlag.COLLECTIVE in computed or Flag.COLLECTIVE in case.flags,
        AdHocTrigger.COMPLEX: any(flag in case.flags for flag in _COMPLEX),
        AdHocTrigger.PROLONGED: ComputedFlag.PROLONGED in computed,
    }
    return {trigger for trigger, holds in pairs.items() if holds}


def matter_initial(row: Registration, *, own: bool = False) -> dict[str, Any]:
    """What a form of changing begins with, with the words that are sealed in one's ``own``.
    Callers have checked the right."""
    who = visitor_of(person_open(row))
    return {
        "topic": (own and who.topic) or (row.topic if own else topic_clear(row)),
        "people": row.people,
        "representatives": "\n".join(who.representatives),
        "needs": list(who.needs),
        "email": who.email,
        "slot": row.slot_at.isoformat() if row.slot_at and row.has_place else "",
        "attend": "online" if row.is_online else "place",
        "version": row.version,
    }


def registrant_context(
    access: Access, session: ReceptionSession, visitor: Visitor
) -> dict[str, Any]:
    """The page of one registration."""
    row = visitor.registration
    may = policies.can_register_visitors(access, session.unit_id) is None
    standing = session.status == SessionStatus.PUBLISHED
    return {
        "session": session,
        "visitor": visitor,
        "registration": row,
        "tone": present.REGISTRATION_TONES.get(RegistrationStatus(row.status), "neutral"),
        "rows": registrant_rows(visitor),
        "case_href": case_href(visitor.case_code),
        "may_change": may and standing and row.status in LIVE,
        "may_rank": may and standing and row.status not in ("cancelled", "received"),
        "to_call": may and call_waits(row),
        "proposals": [capfirst(str(one.label)) for one in proposals(access, row)],
        "priority_events": priority_history(session, row),
    }
