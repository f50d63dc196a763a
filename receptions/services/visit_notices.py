"""The written notice that a visitor is owed after a reception, and what meets it."""

import datetime as dt
import uuid
from functools import partial

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.access import Access
from common.errors import Conflict, Stale, allow
from common.time import now
from deadlines.models import ClockState
from deadlines.services import clock_cancel, clock_meet
from escalation.services import escalations_settle
from papers.selectors_proofs import file_of
from papers.services.proving import file_cover, file_seal, proved
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
from receptions.paper_subjects import is_void, visit_notice_issued, visit_notice_subject
from receptions.policies import can_issue_papers, can_record_visits
from receptions.selectors_conclusions import visit_clock_of, visit_get
from receptions.services._change import Notes, keep, session_for_change
from receptions.services.numbering import (
    NOTICES,
    book_held,
    not_issued_require,
    number_take,
    paper_issue,
    paper_void,
    sent_check,
)
from receptions.services.visitor_notices import visitor_tell

CASE_MADE = "receptions.visit.case_made"


def visit_notice_issue(
    *,
    access: Access,
    session_id: uuid.UUID,
    code: str,
    version: int,
    at: dt.datetime | None = None,
) -> VisitClock:
    """Give the owed written notice its number of the unit's book and today's date, and keep its
    file; from then on it does not change. By who leads the reception or decides in the unit.

    ``version``: of the record whose words were looked at. Raises NotVisible, NotPermitted, Stale,
    Conflict when no notice is owed (any more), DomainError ``issued``, SigningFailed.
    """
    with proved():
        session, visit, notes = _begun(access, session_id, code, "notice_issued", at)
        allow(can_issue_papers(access, session.unit_id))
        _fresh(visit, version)
        link = _owed(visit)
        issued = visit_notice_issued(visit)
        if issued is not None:
            # Also of a limit that ended: two papers in force would say two things.
            not_issued_require(issued[1].subject)
        book = NOTICES[is_party(session)]
        notes.at = book_held(session.unit_id, book.name, at)
        link.paper_number = number_take(session, book, notes.at)
        link.save(update_fields=["paper_number"])
        render = partial(visit_notice_pdf, session, visit, link)
        notes.data |= paper_issue(
            session, visit_notice_subject(link), link.paper_number, access, notes.at, render,
            is_party=is_party(session),
        )  # fmt: skip
        keep(session, notes)
    return link


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
    """Record the Hà Nội date on which the written notice went out: the limit is met as of that date
    (Article 28(1) of the Law on Citizen Reception, Regulation 11-QĐi/TW).

    It is the issued one, or one made elsewhere under the typed ``number``. Raises NotVisible,
    NotPermitted, InvalidInput on ``number`` or ``sent_on`` (``numbering.sent_check``), Conflict
    when no notice is owed (any more).
    """
    with transaction.atomic():
        session, visit, notes = _begun(access, session_id, code, "notice_sent", at, quiet=quiet)
        link = _owed(visit)
        file = file_of(visit_notice_subject(link))
        link.paper_number = sent_check(file, session, number, sent_on, notes.at)
        link.sent_on = sent_on
        _meet(link, sent_on)
        link.save(update_fields=["paper_number", "sent_on"])
        notes.data |= {"on": sent_on.isoformat(), "due": link.clock.due_on.isoformat()}
        citizen_tell(session, visit, notes, f"notice_sent:{link.pk}")
        keep(session, notes)
    return link


def visit_notice_void(
    *,
    access: Access,
    session_id: uuid.UUID,
    code: str,
    reason: str,
    number: str = "",
    at: dt.datetime | None = None,
) -> VisitClock:
    """Declare the issued written notice void; its number stays, with the reason. Where it was sent
    and is still owed, the limit runs anew from the same day. By who may issue. ``number``: of the
    paper that was looked at.

    Raises NotVisible, NotPermitted, Conflict when none is in force, Stale when it is another one,
    InvalidInput on ``reason``.
    """
    with transaction.atomic():
        session, visit, notes = _begun(access, session_id, code, "notice_voided", at)
        allow(can_issue_papers(access, session.unit_id))
        issued = visit_notice_issued(visit)
        if issued is None:
            raise Conflict(_("Only an issued paper that is in force is declared void."))
        if number and number != issued[1].shown_number:
            raise Stale(_("Another paper was issued since you opened this. Nothing was lost."))
        link = issued[0]
        notes.data |= paper_void(issued[1].subject, reason, link.sent_on)
        if link.sent_on is None:
            link.paper_number = ""
            link.save(update_fields=["paper_number"])
        elif _running(visit) is None and _is_owed(session, visit) and not _is_concluded(visit):
            _start(session, visit)
        keep(session, notes)
    return link


def _begun(
    access: Access,
    session_id: uuid.UUID,
    code: str,
    action: str,
    at: dt.datetime | None,
    *,
    quiet: bool = False,
) -> tuple[ReceptionSession, VisitRecord, Notes]:
    """The locked session, the record and the notes of a step on its written notice."""
    session = session_for_change(access, session_id)
    allow(can_record_visits(access, session.unit_id))
    visit = visit_get(session, code)
    notes = Notes(f"receptions.visit.{action}", at or now(), access.user_id, quiet)
    notes.data["number"] = visit.registration.queue_number
    return session, visit, notes


def _fresh(visit: VisitRecord, version: int) -> None:
    if visit.version != version:
        raise Stale(
            _("Somebody else has changed this record since you opened it. Nothing was lost."),
            extra={"version": visit.version},
        )


def visit_notice_files_cover(session: ReceptionSession, visit: VisitRecord) -> None:
    """The visit went under seal, in the caller's transaction (``proved``): its written notices get
    files in the words of the record."""
    for link in VisitClock.objects.filter(visit=visit):
        old = file_of(visit_notice_subject(link))
        if old is not None:
            file_cover(old, render=partial(visit_notice_pdf, session, visit, link))
        file_seal(visit_notice_subject(link))  # also one that is void


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
    is_owed = _is_owed(session, visit)
    if running is not None and not is_owed:
        clock_cancel(clock=running.clock, on=on)
        escalations_settle(clock_ids=[running.clock_id])
    elif running is None and is_owed and not _answered(visit, changed=changed):
        _start(session, visit)


def _is_owed(session: ReceptionSession, visit: VisitRecord) -> bool:
    return visit.outcome in OWED and not _owed_by_case(session, visit)


def _start(session: ReceptionSession, visit: VisitRecord) -> None:
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
    if link is None:
        return False
    if link.sent_on is not None and is_void(link):
        return _is_concluded(visit)
    return link.sent_on is not None or not changed or _is_concluded(visit)


def _is_concluded(visit: VisitRecord) -> bool:
    """Whether an issued conclusion with open work is the written notice."""
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
