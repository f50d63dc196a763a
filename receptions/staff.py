"""What the officers' page of a session shows."""

import datetime as dt
from collections import defaultdict
from typing import Any, NamedTuple

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.access import Access
from common.time import local_date, now, today
from common.ui import SummaryRow, TimelineItem
from receptions import policies, present, selectors
from receptions.conclusion_papers import misnamed
from receptions.enums import RegistrationStatus, SessionKind, SessionStatus
from receptions.forms import CancelForm, PostponeForm, ReasonForm
from receptions.forms_plan import HoldForm
from receptions.models import SHOWN_PUBLICLY, ReceptionSession, SessionEvent, VisitRecord
from receptions.online import is_online, online_lines
from receptions.paper_subjects import notices_void
from receptions.selectors import Visitor
from receptions.selectors_conclusions import notices_of
from receptions.selectors_day import online_checks_of
from receptions.selectors_plan import receivers_of
from receptions.services.sessions import may_cancel, may_hold
from receptions.staff_plan import latest_or_none, plan_rows, plan_steps, proposed_time
from receptions.words_conclusions import CONCLUSION_EVENTS

EVENT_LABELS = {
    "receptions.session.planned": gettext_noop("Session planned"),
    "receptions.session.published": gettext_noop("Session published"),
    "receptions.session.postponed": gettext_noop("Session moved"),
    "receptions.session.cancelled": gettext_noop("Session called off"),
    "receptions.session.held": gettext_noop("Session held"),
    "receptions.session.replanned": gettext_noop("Draft changed"),
    "receptions.session.unpublished": gettext_noop("Publication taken back"),
    "receptions.session.changed": gettext_noop("Session changed"),
    "receptions.session.missed": gettext_noop("The leader did not receive"),
    "receptions.session.miss_undone": gettext_noop("Taken back that the leader did not receive"),
    "receptions.session.handed_over": gettext_noop("Handed over to the new holder of the post"),
    "receptions.session.stand_in": gettext_noop("Somebody else receives: %(reason)s"),
    "receptions.session.receiver_corrected": gettext_noop("Who received was put right: %(reason)s"),
    "receptions.session.to_successor": gettext_noop("Moved to the unit that follows"),
    "receptions.session.visitors_left": gettext_noop("Registrations moved to another session"),
    "receptions.session.visitors_came": gettext_noop("Registrations came from another session"),
    "receptions.registration.created": gettext_noop("Registration, number %(number)s"),
    "receptions.registration.cancelled": gettext_noop("Number %(number)s cancelled"),
    "receptions.registration.changed": gettext_noop("Registration changed, number %(number)s"),
    "receptions.registration.confirmed": gettext_noop("Number %(number)s confirmed"),
    "receptions.registration.code_sent": gettext_noop("Another code sent to number %(number)s"),
    "receptions.registration.lapsed": gettext_noop("Number %(number)s was never confirmed"),
    "receptions.registration.moved_up": gettext_noop("Number %(number)s moved up"),
    "receptions.registration.priority": gettext_noop("Order of number %(number)s decided"),
    "receptions.registration.told": gettext_noop("Number %(number)s told of the change"),
    "receptions.conclusion.urged": gettext_noop("Late tasks of the conclusion urged"),
    "receptions.visit.recorded": gettext_noop("Reception of number %(number)s recorded"),
    "receptions.visit.case_made": gettext_noop("A case was made of the visit of number %(number)s"),
    "receptions.visit.case_joined": gettext_noop("Number %(number)s was joined to a case"),
    "receptions.visit.absent": gettext_noop("Number %(number)s did not come"),
    "receptions.visitor.arrived": gettext_noop("Number %(number)s has come"),
    "receptions.visitor.called": gettext_noop("Number %(number)s called"),
    "receptions.visitor.called_again": gettext_noop("Number %(number)s called again"),
    "receptions.visitor.parked": gettext_noop("Number %(number)s put back"),
    "receptions.visitor.brought_back": gettext_noop("Number %(number)s back in the queue"),
    "receptions.visitor.absence_undone": gettext_noop("Number %(number)s came after all"),
    "receptions.visitor.refused": gettext_noop("Number %(number)s refused"),
    "receptions.refusal.undone": gettext_noop("Refusal of number %(number)s taken back"),
    "receptions.refusal.prepared": gettext_noop("Form 01/TCD of number %(number)s prepared"),
    "receptions.refusal.issued": gettext_noop("Form 01/TCD of number %(number)s issued"),
    "receptions.refusal.sent": gettext_noop("Form 01/TCD of number %(number)s sent"),
    "receptions.refusal.voided": gettext_noop("Form 01/TCD of number %(number)s declared void"),
    "receptions.paper.taken": gettext_noop("Paper taken from number %(number)s"),
    "receptions.paper.returned": gettext_noop("Paper of number %(number)s taken off the list"),
    "receptions.online.done": gettext_noop("Step of the online reception noted"),
    "receptions.online.told": gettext_noop("Those who take part online were told how"),
    "receptions.visitor.reminded": gettext_noop("Visitors were reminded of the session"),
    **CONCLUSION_EVENTS,
}


class Line(NamedTuple):
    """A visitor in the list, with where to go."""

    visitor: Visitor
    status: str
    tone: str
    case_href: str
    record_href: str
    visit: VisitRecord | None
    same_as: list[int]


def session_context(access: Access, session: ReceptionSession) -> dict[str, Any]:
    """The page's context; as many queries whatever the number of visitors."""
    may_plan = policies.can_plan_sessions(access, session.unit_id) is None
    may_record = policies.can_record_visits(access, session.unit_id) is None
    standing = session.status in (SessionStatus.DRAFT, SessionStatus.PUBLISHED)
    visitors = selectors.session_visitors(access, session)
    sees = policies.can_see_visitors(access, session.unit_id)
    same = _same_person(visitors) if sees else {}
    planning = plan_steps(access, session)
    posting = _posting(session, may_plan)
    steps = _forms(access, session, may_plan and standing)
    if steps["postpone_form"] and planning["trouble"]:
        steps["postpone_form"].initial |= proposed_time(planning["trouble"])
    if steps["publish_form"] and posting["needs_reason"]:
        steps["publish_form"].fields["reason"].required = True
    notices = notices_of(access, session) if sees else None
    online = online_lines(session, online_checks_of(session)) if is_online(session) else []
    return {
        "session": session,
        "rows": _rows(session, sees_link=may_plan or sees),
        "lines": [_line(session, visitor, may_record, same) for visitor in visitors],
        "sees_visitors": sees,
        "is_day": local_date(session.starts_at) <= today(),
        "may_desk": may_record and session.status in SHOWN_PUBLICLY,
        "online": online,
        "online_late": [x.step.value for x in online if x.check is None and x.is_late(now())],
        "notices": notices,
        "misnamed": misnamed(session, notices or ()),
        "void_notices": notices_void(notices or ()),
        "may_register": session.status == SessionStatus.PUBLISHED
        and policies.can_register_visitors(access, session.unit_id) is None,
        "history": [_item(event) for event in selectors.session_events(session)],
        **steps,
        **posting,
        **planning,
    }


def _forms(access: Access, session: ReceptionSession, may_change: bool) -> dict[str, Any]:
    initial = {"version": session.version}
    holds = policies.can_hold_sessions(access, session.unit_id) is None
    is_draft = session.status == SessionStatus.DRAFT
    moved = may_change and session.starts_at > now()

    def shown(form: Any, name: str, condition: bool) -> Any:
        return form(initial=initial, auto_id=f"{name}_%s") if condition else None

    return {
        "publish_form": shown(ReasonForm, "publish", moved and is_draft),
        "postpone_form": shown(PostponeForm, "postpone", moved),
        "cancel_form": shown(CancelForm, "cancel", may_change and may_cancel(session, now())),
        "hold_form": _hold_form(access, session) if holds and may_hold(session, now()) else None,
    }


def _hold_form(access: Access, session: ReceptionSession) -> HoldForm:
    initial: dict[str, Any] = {"version": session.version}
    if access.user_id == session.leader_id:
        initial["received_by"] = session.leader.username
    return HoldForm(people=receivers_of(session), initial=initial, auto_id="hold_%s")


def _posting(session: ReceptionSession, may_plan: bool) -> dict[str, Any]:
    """Until when it can be published without a reason; unknown beyond the known calendar."""
    latest: dt.date | None = None
    if may_plan and session.status == SessionStatus.DRAFT:
        latest = latest_or_none(local_date(session.starts_at))
    is_ad_hoc = session.kind == SessionKind.AD_HOC
    return {
        "latest_posting_on": latest,
        "needs_reason": is_ad_hoc or latest is None or today() > latest,
    }


def _rows(session: ReceptionSession, *, sees_link: bool) -> list[SummaryRow]:
    day = local_date(session.starts_at).strftime("%d/%m/%Y")
    begin, end = present.clock_time(session.starts_at), present.clock_time(session.ends_at)
    capacity = session.post
    if session.is_delegated:
        capacity = _("standing in for the %(post)s; does not count") % {"post": capacity}
    pairs = [
        (_("Time"), f"{day}, {begin} – {end}"),
        (_("Place"), session.place),
        (_("Who receives"), f"{session.leader.full_name} ({capacity})"),
        (_("Kind of reception"), capfirst(session.get_kind_display())),
        (_("Planned content"), session.planned_content),
        (_("Who is invited"), "\n".join(session.invited)),
        (_("Places taken"), f"{session.places_taken}/{session.capacity}"),
        (_("Reason for late or ad hoc publication"), session.late_reason),
        (_("Reason for moving"), session.move_reason),
        (_("Reason for calling off"), session.cancel_reason),
        *plan_rows(session, sees_link=sees_link),
    ]
    return [SummaryRow(label, value) for label, value in pairs if value]


def _same_person(visitors: list[Visitor]) -> dict[int, list[int]]:
    """By queue number, the other standing numbers with the same identity number."""
    numbers: dict[bytes, list[int]] = {}
    for visitor in visitors:
        row = visitor.registration
        if row.status != RegistrationStatus.CANCELLED:
            numbers.setdefault(bytes(row.person_hmac), []).append(row.queue_number)
    return {
        number: [other for other in group if other != number]
        for group in numbers.values()
        for number in group
    }


def _line(
    session: ReceptionSession, visitor: Visitor, may_record: bool, same: dict[int, list[int]]
) -> Line:
    row = visitor.registration
    open_row = row.status not in (RegistrationStatus.CANCELLED, RegistrationStatus.REFUSED)
    takes_place = session.status in (SessionStatus.PUBLISHED, SessionStatus.HELD)
    recorded = takes_place and local_date(session.starts_at) <= today()
    href = ""
    if may_record and open_row and recorded:
        href = reverse("receptions_staff:record", args=[session.public_id, row.code])
    return Line(
        visitor,
        row.get_status_display(),
        present.REGISTRATION_TONES[RegistrationStatus(row.status)],
        case_href(visitor.case_code),
        href,
        getattr(row, "visit", None),
        same.get(row.queue_number, []),
    )


def case_href(code: str) -> str:
    """The page of a linked case, "" when there is none to see."""
    return reverse("cases:case", args=[code]) if code else ""


def _item(event: SessionEvent) -> TimelineItem:
    label = _(EVENT_LABELS[event.action])
    return TimelineItem(
        title=label % defaultdict(str, event.data) if "%" in label else label,
        at=event.at,
        actor=event.actor.full_name if event.actor else "",
    )
