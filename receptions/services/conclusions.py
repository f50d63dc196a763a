"""The conclusion notice: drafted with its rows, issued under a number, replaced by another.

Article 25(2) of Decree 154/2026: what is to be done, by whom, until when.
"""

import datetime as dt
import uuid
from collections.abc import Sequence

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.access import Access
from common.errors import Conflict, NotVisible, Stale, allow
from common.text import clean
from common.time import local_date, now
from papers.heads import PAPER_LANGUAGE
from papers.services.proving import proved
from petitions.receivers import desk_of
from petitions.services.registers import register_number_take
from receptions.clocks import is_party, task_clock, visits_answered
from receptions.conclusion_papers import notice_facts
from receptions.enums import NoticeState, SessionStatus, VisitOutcome
from receptions.holders import follower_of
from receptions.models import (
    ConclusionClock,
    ConclusionNotice,
    ConclusionTask,
    ReceptionSession,
    VisitRecord,
)
from receptions.policies import can_conclude, can_record_visits
from receptions.sealing import concluded_on
from receptions.selectors_conclusions import notice_refuse, task_href, visit_get
from receptions.services._change import Notes, keep, session_for_change
from receptions.services.day import day_require
from receptions.services.notice_file import notice_file, notice_file_void
from receptions.services.notice_seal import is_of_record, notice_seal, seal_set, words_kept
from receptions.services.notice_text import NoticeText, Row, dates_check, text_check
from receptions.services.numbering import book_held
from receptions.services.sessions import state_require
from receptions.services.task_steps import tasks_cancel
from receptions.services.visit_notices import citizen_tell, visit_clock_meet

# Papers of the Party and of the State are numbered apart (Guidance 36-HD/VPTW, Decree 30/2020).
BOOKS = {True: "conclusion_party", False: "reception_conclusion"}
# The last number of each of the time when one book held both.
SHARED_BOOKS = {True: "conclusion_party:old", False: "conclusion:old"}


def notice_draft(
    *,
    access: Access,
    session_id: uuid.UUID,
    text: NoticeText,
    code: str = "",
    replaces: uuid.UUID | None = None,
    at: dt.datetime | None = None,
    quiet: bool = False,
) -> ConclusionNotice:
    """Draft a notice of one visit (``code``) or of the whole session.

    ``replaces``: an issued notice of the same session that holds a mistake; what is covered in it
    and comes back unchanged keeps its words, under seal. Raises NotVisible, NotPermitted, InvalidInput (``row0_due_on`` names row and field), Conflict (replaced already).
    """
    moment = at or now()
    with transaction.atomic():
        session = session_for_change(access, session_id)
        allow(can_record_visits(access, session.unit_id))
        state_require(session, SessionStatus.PUBLISHED, SessionStatus.HELD)
        notes = Notes("receptions.conclusion.drafted", moment, access.user_id, quiet)
        old = _replaceable(session, replaces)
        visit = old.visit if old else visit_get(session, code) if code else None
        notice_refuse(access, visit)
        words, is_kept = words_kept(access, old, text) if old else (text, False)
        notice = _drafted(session, visit, words, old, notes)
        notice_seal(access, notice, is_kept=is_kept)
        keep(session, notes)
    return notice


def notice_change(
    *,
    access: Access,
    public_id: uuid.UUID,
    version: int,
    text: NoticeText,
    at: dt.datetime | None = None,
) -> ConclusionNotice:
    """Write a draft anew. Raises NotVisible, NotPermitted, InvalidInput, Stale, Conflict when it
    is issued already."""
    moment = at or now()
    with transaction.atomic():
        session, notice = _for_change(access, public_id, version)
        allow(can_record_visits(access, session.unit_id))
        words, is_kept = words_kept(access, notice, text)
        _rewrite(notice, words, moment)
        notice_seal(access, notice, is_kept=is_kept)
        notes = Notes("receptions.conclusion.changed", moment, access.user_id)
        notes.data = {"rows": len(text.rows)}
        keep(session, notes)
    return notice


def notice_discard(
    *, access: Access, public_id: uuid.UUID, version: int, at: dt.datetime | None = None
) -> None:
    """Throw a draft away. Raises NotVisible, NotPermitted, Stale, Conflict."""
    with transaction.atomic():
        session, notice = _for_change(access, public_id, version)
        allow(can_record_visits(access, session.unit_id))
        keep(session, Notes("receptions.conclusion.discarded", at or now(), access.user_id))
        _remove(notice)


def notice_issue(
    *,
    access: Access,
    public_id: uuid.UUID,
    version: int,
    at: dt.datetime | None = None,
    quiet: bool = False,
) -> ConclusionNotice:
    """Give the notice its number, gapless in unit, year and book
    (Party or State, by the capacity in which the leader received); from then on it does not change. Every
    row becomes a task with its own clock and its unit is told; a notice that it replaces ends.

    Only who receives in the unit issues. Raises NotVisible, NotPermitted, InvalidInput (a date
    that has passed meanwhile), Stale, Conflict, SigningFailed.
    """
    with proved():
        session, notice = _for_change(access, public_id, version)
        allow(can_conclude(access, session.unit_id))
        moment = book_held(session.unit_id, BOOKS[notice.is_party], at)
        _issue(
            session, notice, Notes("receptions.conclusion.issued", moment, access.user_id, quiet)
        )
    return notice


def notice_of_record(
    *,
    access: Access,
    session: ReceptionSession,
    visit: VisitRecord,
    changed: bool,
    issue: bool,
    at: dt.datetime,
    quiet: bool,
) -> None:
    """Bring the notice of a visit to what its record says: one row, issued at once by whoever may
    and wants to, else left as a draft; session locked.

    A corrected record makes a notice that replaces the issued one; a record without a conclusion
    ends it. A draft that somebody wrote by hand stays as it is, and its drafter is told. What is
    under seal stands in the notice, which is sealed with it.
    """
    notices = ConclusionNotice.objects.filter(visit=visit).select_for_update(
        of=("self",), no_key=True
    )
    draft = notices.filter(state=NoticeState.DRAFT).first()
    issued = notices.filter(state=NoticeState.ISSUED, replaced_by=None).first()
    if draft is not None and changed and not is_of_record(draft, visit):
        _drafter_told(session, draft, visit, Notes("", at, access.user_id, quiet))
        if visit.outcome != VisitOutcome.CONCLUSION:
            _withdrawn(session, None, issued, access, at, quiet=quiet)
        return
    if visit.outcome != VisitOutcome.CONCLUSION:
        _withdrawn(session, draft, issued, access, at, quiet=quiet)
        return
    if not changed and (draft is not None or issued is not None):
        return
    notes = Notes("receptions.conclusion.drafted", at, access.user_id, quiet)
    draft = _of_record(session, visit, draft, issued, notes)
    if issue and can_conclude(access, session.unit_id) is None:
        keep(session, notes)
        _issue(session, draft, Notes("receptions.conclusion.issued", at, access.user_id, quiet))
        return
    _leader_told(session, draft, notes)
    keep(session, notes)


def _of_record(
    session: ReceptionSession,
    visit: VisitRecord,
    draft: ConclusionNotice | None,
    issued: ConclusionNotice | None,
    notes: Notes,
) -> ConclusionNotice:
    """The draft with the one row that the record says; ``notes`` say what was done to it."""
    words = concluded_on(visit)
    row = Row(words, visit.responsible_unit, visit.due_on, visit.responsible_person)
    if draft is None:
        draft = _drafted(session, visit, NoticeText([row]), issued, notes)
    else:
        notes.action = "receptions.conclusion.changed"
        notes.data = {"rows": 1}
        _rewrite(draft, NoticeText([row], draft.opening, draft.recipients), notes.at)
    seal_set(draft, is_sealed=words != visit.conclusion)
    return draft


def notice_adopt(session: ReceptionSession, visit: VisitRecord, notes: Notes) -> ConclusionNotice:
    """Issue the notice of a conclusion recorded before there were notices, as of its record, in the
    caller's transaction that holds the session."""
    words = concluded_on(visit)
    row = Row(words, visit.responsible_unit, visit.due_on, visit.responsible_person)
    notice = _drafted(session, visit, NoticeText([row]), None, notes)
    seal_set(notice, is_sealed=words != visit.conclusion)
    notes.data = {}
    _issue(session, notice, notes)
    return notice


def _drafted(
    session: ReceptionSession,
    visit: VisitRecord | None,
    text: NoticeText,
    replaces: ConclusionNotice | None,
    notes: Notes,
) -> ConclusionNotice:
    text_check(text, notes.at)
    assert notes.by_id is not None
    notice = ConclusionNotice.objects.create(
        session=session,
        visit=visit,
        replaces=replaces,
        is_party=is_party(session),
        opening=clean(text.opening),
        recipients=clean(text.recipients),
        drafted_by_id=notes.by_id,
    )
    _rows_write(notice, text.rows)
    notes.data |= {"rows": len(text.rows)}
    if visit is not None:
        notes.data |= {"number": visit.registration.queue_number}
    return notice


def _rewrite(notice: ConclusionNotice, text: NoticeText, at: dt.datetime) -> None:
    text_check(text, at)
    notice.opening, notice.recipients = clean(text.opening), clean(text.recipients)
    notice.version += 1
    notice.save(update_fields=["opening", "recipients", "version"])
    notice.tasks.all().delete()
    _rows_write(notice, text.rows)


def _rows_write(notice: ConclusionNotice, rows: Sequence[Row]) -> None:
    ConclusionTask.objects.bulk_create(
        ConclusionTask(
            notice=notice,
            position=place,
            what=clean(row.what),
            unit=row.unit,
            person=clean(row.person),
            due_on=due_on,
            is_internal=row.is_internal,
        )
        for place, row in enumerate(rows, start=1)
        if (due_on := row.due_on) is not None  # checked before
    )


def _remove(notice: ConclusionNotice) -> None:
    notice.tasks.all().delete()
    notice.delete()


def _issue(session: ReceptionSession, notice: ConclusionNotice, notes: Notes) -> None:
    """Number, facts, tasks, notices; session and draft locked. A conclusion is drawn from what was
    heard: not before the day of the session, not of one that fell out."""
    day_require(session, notes.at)
    on = local_date(notes.at)
    tasks = list(notice.tasks.select_related("unit", "notice"))
    dates_check(tasks, on)
    notice.unit, notice.year = session.unit, on.year
    notice.number = register_number_take(session.unit_id, on.year, BOOKS[notice.is_party])
    notice.state, notice.issued_at = NoticeState.ISSUED, notes.at
    notice.issued_by_id = notes.by_id
    notice.facts = notice_facts(session, notice, tasks)
    notice.version += 1
    notice.save()
    notice_file(notice)
    visits = visits_answered(notice)
    for task in tasks:
        _start(session, task, visits, notes)
    # Whether a notice of the whole session answers each of them cannot be told.
    if notice.visit is not None:
        visit_clock_meet(notice.visit, on)
    for visit in visits:
        citizen_tell(session, visit, notes, f"notice:{notice.number}")
    if notice.replaces is not None:
        reason = _("Replaced by notice %(number)s.") % {"number": notice.shown_number}
        tasks_cancel(notice.replaces, session, reason, notes)
    notes.data |= {
        "notice": notice.number,
        "year": notice.year,
        "rows": len(tasks),
        "replaces": notice.replaces.number if notice.replaces else None,
    }
    keep(session, notes)


def _start(
    session: ReceptionSession, task: ConclusionTask, visits: Sequence[VisitRecord], notes: Notes
) -> None:
    clock = task_clock(task, session, local_date(notes.at), visits)
    clock.save()
    ConclusionClock.objects.create(task=task, clock=clock)
    notes.tell(
        session,
        "reception_task",
        key=f"task:{task.public_id}:assigned",
        href=task_href(task),
        extra={"due_on": task.due_on.isoformat()},
        unit_id=task.unit_id,
        position=desk_of(task.unit),
    )


def _withdrawn(
    session: ReceptionSession,
    draft: ConclusionNotice | None,
    issued: ConclusionNotice | None,
    access: Access,
    at: dt.datetime,
    *,
    quiet: bool,
) -> None:
    """The record says now that there is no conclusion."""
    if draft is not None:
        keep(session, Notes("receptions.conclusion.discarded", at, access.user_id, quiet))
        _remove(draft)
    if issued is not None:
        notes = Notes("receptions.conclusion.withdrawn", at, access.user_id, quiet)
        notes.data = {"notice": issued.number}
        with translation.override(PAPER_LANGUAGE):  # as registers show it to everybody
            reason = _("The record of the visit was corrected.")
        if tasks_cancel(issued, session, reason, notes):
            notice_file_void(issued, reason)
            keep(session, notes)


def _drafter_told(
    session: ReceptionSession, draft: ConclusionNotice, visit: VisitRecord, notes: Notes
) -> None:
    notes.action = "receptions.conclusion.left"
    notes.data = {"number": visit.registration.queue_number}
    notes.tell(
        session,
        "conclusion_draft_left",
        key=f"conclusion:{draft.public_id}:{visit.version}:left",
        recipient_id=draft.drafted_by_id,
    )
    keep(session, notes)


def _leader_told(session: ReceptionSession, draft: ConclusionNotice, notes: Notes) -> None:
    notes.tell(
        session,
        "conclusion_waiting",
        key=f"conclusion:{draft.public_id}:{draft.version}:waiting",
        **follower_of(session, local_date(notes.at)),
    )


def _for_change(
    access: Access, public_id: uuid.UUID, version: int
) -> tuple[ReceptionSession, ConclusionNotice]:
    """Session and draft, locked in this order."""
    rows = ConclusionNotice.objects.filter(public_id=public_id)
    session_id = rows.values_list("session__public_id", flat=True).first()
    if session_id is None:
        raise NotVisible
    session = session_for_change(access, session_id)
    notice = (
        rows.select_related("session", "visit__case", "replaces")
        .select_for_update(of=("self",))
        .first()
    )
    if notice is None:
        raise NotVisible
    if notice.is_issued:
        raise Conflict(_("This notice is issued. A mistake is put right by a new one."))
    if notice.version != version:
        raise Stale(
            _("Somebody else has changed this notice since you opened it. Nothing was lost."),
            extra={"version": notice.version},
        )
    return session, notice


def _replaceable(session: ReceptionSession, public_id: uuid.UUID | None) -> ConclusionNotice | None:
    if public_id is None:
        return None
    old = ConclusionNotice.objects.filter(
        session=session, public_id=public_id, state=NoticeState.ISSUED
    ).first()
    if old is None:
        raise NotVisible
    if ConclusionNotice.objects.filter(replaces=old).exists():
        raise Conflict(_("Another notice replaces this one already."))
    return old
