"""The written notice that a visitor is owed after a reception, and what meets it."""

import datetime as dt
import uuid
from functools import partial

from django.utils.translation import gettext as _

from accounts.access import Access
from accounts.models import User
from common.errors import Conflict, InvalidInput, allow
from common.text import clean
from common.time import local_date, now
from deadlines.models import ClockState
from deadlines.services import clock_cancel, clock_meet
from escalation.services import escalations_settle
from papers.selectors_proofs import file_of
from papers.services.proving import file_cover, file_issue, proved
from papers.subjects import SubjectKind, subject_of
from petitions.models import Case
from receptions.clocks import OWED, is_party, is_secret, notice_clock
from receptions.conclusion_papers import visit_notice_pdf
from receptions.enums import NoticeState, TaskState, VisitOutcome
from receptions.models import (
    ConclusionTask,
    ReceptionSession,
    SessionEvent,
    VisitClock,
    VisitRecord,
)
from receptions.policies import can_record_visits
from receptions.selectors_conclusions import visit_clock_of, visit_get
from receptions.services._change import Notes, keep, session_for_change
from receptions.services.numbering import NOTICES, number_take
from receptions.services.visitor_notices import visitor_tell

NUMBER_MAX = 60
CASE_MADE = "receptions.visit.case_made"


def visit_notice_send(
    *,
    access: Access,
    session_id: uuid.UUID,
    code: str,
    sent_on: dt.date,
    number: str = "",
    at: dt.datetime | None = None,
    quiet: bool = False,
) -> VisitClock:
    """Record that the written notice went out, with its number and Hà Nội date: the limit is met
    as of that date (Article 28(1) of the Law on Citizen Reception, Regulation 11-QĐi/TW).

    ``number``: that of a paper made elsewhere; without one the notice takes one of the unit's book
    and its file is kept. Raises NotVisible, NotPermitted, InvalidInput on ``number`` or
    ``sent_on``, Conflict when no notice is owed (any more), SigningFailed.
    """
    moment = at or now()
    with proved():
        session = session_for_change(access, session_id)
        allow(can_record_visits(access, session.unit_id))
        visit = visit_get(session, code)
        link = _owed(visit)
        link.paper_number = _number(number)
        _check_sent(sent_on, session, moment)
        link.sent_on = sent_on
        issued = _issue(access, session, visit, link, moment)
        _meet(link, sent_on)
        link.save(update_fields=["paper_number", "sent_on"])
        notes = Notes("receptions.visit.notice_sent", moment, access.user_id, quiet)
        notes.data = {
            "number": visit.registration.queue_number,
            "on": sent_on.isoformat(),
            "due": link.clock.due_on.isoformat(),
            **issued,
        }
        citizen_tell(session, visit, notes, "notice_sent")
        keep(session, notes)
    return link


def _issue(
    access: Access,
    session: ReceptionSession,
    visit: VisitRecord,
    link: VisitClock,
    at: dt.datetime,
) -> dict[str, str]:
    """Number and file of a notice without a typed number; returns what the history keeps of it."""
    if link.paper_number or link.sent_on is None:
        return {}
    link.paper_number = number_take(session, NOTICES[is_party(session)], link.sent_on, at)
    file = file_issue(
        subject=_subject(link),
        unit=session.unit,
        number=link.paper_number,
        by=User.objects.get(pk=access.actor_id),
        at=at,
        render=partial(visit_notice_pdf, session, visit, link),
    )
    return {"paper": link.paper_number, "sha256": bytes(file.sha256).hex()}


def visit_notice_files_cover(session: ReceptionSession, visit: VisitRecord) -> None:
    """The visit went under seal, in the caller's transaction (``proved``): its written notices get
    files in the words of the record."""
    for link in VisitClock.objects.filter(visit=visit, sent_on__isnull=False):
        old = file_of(_subject(link))
        if old is not None:
            file_cover(old, render=partial(visit_notice_pdf, session, visit, link))


def _subject(link: VisitClock) -> str:
    """Of one limit: where it runs anew, another notice goes out."""
    return subject_of(SubjectKind.VISIT_NOTICE, link.pk)


def visit_clock_follow(
    session: ReceptionSession, visit: VisitRecord, on: dt.date, *, changed: bool
) -> None:
    """Start or end the limit of the written notice as the outcome says; session locked.

    It runs from the session's day when the matter was taken in, forwarded or concluded on. What
    was answered, or explained by guiding to the competent body, is said and owed nothing more; what
    became a case is answered there.
    ``changed``: the conclusion is another one than before; where the notice that met the limit
    ends by that, the limit runs anew from the same day.
    """
    running = _running(visit)
    is_owed = visit.outcome in OWED and not _owed_by_case(session, visit)
    if running is not None and not is_owed:
        clock_cancel(clock=running.clock, on=on)
        escalations_settle(clock_ids=[running.clock_id])
    elif running is None and is_owed and not _answered(visit, changed=changed):
        clock = notice_clock(visit, session)
        clock.save()
        VisitClock.objects.create(visit=visit, clock=clock)


def visit_clock_hand_over(
    session: ReceptionSession, visit: VisitRecord, case: Case, on: dt.date
) -> None:
    """End the limit of the written notice when a case was made of the visit on a local date; session
    locked. The first limit of the case is the same duty, from the same day (Article 28(1) of the
    Law on Citizen Reception).

    What the Party secretary owes (Regulation 11-QĐi/TW) goes on: the case is the State's. Of a
    denunciation nothing changes where the visit stands.
    """
    running = _running(visit)
    if running is None or is_party(session) or case.is_denunciation:
        return
    clock_cancel(clock=running.clock, on=on)
    escalations_settle(clock_ids=[running.clock_id])


def _owed_by_case(session: ReceptionSession, visit: VisitRecord) -> bool:
    """Whether the case that was made of the visit owes the answer. One query; the history tells of
    no denunciation."""
    if is_party(session):
        return False
    made = SessionEvent.objects.filter(session=session, action=CASE_MADE)
    return made.filter(data__number=visit.registration.queue_number).exists()


def _answered(visit: VisitRecord, *, changed: bool) -> bool:
    """Whether the limit was met, by a paper or by a conclusion that still stands."""
    link = visit_clock_of(visit)
    if link is None or link.sent_on is not None or not changed:
        return link is not None
    live = ConclusionTask.objects.filter(notice__visit=visit, notice__state=NoticeState.ISSUED)
    stands = live.exclude(state=TaskState.CANCELLED).exists()
    return visit.outcome == VisitOutcome.CONCLUSION and stands


def visit_clock_meet(visit: VisitRecord, on: dt.date) -> None:
    """The issued conclusion is the written notice of this visit; session locked."""
    link = _running(visit)
    if link is not None:
        _meet(link, on)


def citizen_tell(session: ReceptionSession, visit: VisitRecord, notes: Notes, what: str) -> None:
    """Queue a mail that there is news, where the visitor confirmed an address. It says nothing of
    the matter: the page that it names asks for code and secret."""
    row = visit.registration
    visitor_tell(session, row, notes, "visit_news", what=what, is_secret=is_secret(visit))


def _running(visit: VisitRecord) -> VisitClock | None:
    links = VisitClock.objects.filter(visit=visit, clock__state=ClockState.RUNNING)
    return links.select_related("clock").select_for_update(of=("clock",), no_key=True).first()


def _owed(visit: VisitRecord) -> VisitClock:
    link = _running(visit)
    if link is None:
        raise Conflict(_("No written notice is owed for this visit, or it is recorded already."))
    return link


def _meet(link: VisitClock, on: dt.date) -> None:
    clock_meet(clock=link.clock, on=max(on, link.clock.started_on))
    escalations_settle(clock_ids=[link.clock_id])


def _number(typed: str) -> str:
    number = clean(typed)
    if len(number) > NUMBER_MAX:
        message = _("At most %(most)s characters.") % {"most": NUMBER_MAX}
        raise InvalidInput(fields={"number": [message]})
    return number


def _check_sent(sent_on: dt.date, session: ReceptionSession, at: dt.datetime) -> None:
    if not local_date(session.starts_at) <= sent_on <= local_date(at):
        message = _("A date from the day of the reception to today.")
        raise InvalidInput(fields={"sent_on": [message]})
