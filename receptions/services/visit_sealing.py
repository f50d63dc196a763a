"""What stays of a visit that became a denunciation: the words of a sparse, usual record.

Whoever may not see the case reads here what he would read of any visit of which little was written
down (Articles 47 to 49 of the Law on Denunciations). The words themselves are in the letter.
"""

from petitions.models import Case
from petitions.references import field_by_code
from receptions.enums import NoticeState, VisitOutcome
from receptions.models import (
    ConclusionNotice,
    ConclusionTask,
    Minutes,
    ReceptionSession,
    Refusal,
    Registration,
    VisitPaper,
    VisitRecord,
)
from receptions.refusal_grounds import grounds
from receptions.sealed_papers import paper_kind
from receptions.sealing import concluded_sparsely, said_sparsely
from receptions.services._change import Notes, keep
from receptions.services.minutes import minutes_draft_text, minutes_file_cover
from receptions.services.notice_file import notice_files_cover
from receptions.services.papers_taken import receipt_file_cover
from receptions.services.visit_entry import version_keep
from receptions.services.visit_notices import visit_notice_files_cover

DISCARDED = "receptions.conclusion.discarded"


def visit_seal(visit: VisitRecord, case: Case, session: ReceptionSession, notes: Notes) -> None:
    """Put sparse words in the place of what was written of a visit, as a correction of its record;
    drafts of notices go, unsigned minutes are written anew.

    In Vietnamese whatever the officer's screen speaks. The visit and its registration are saved,
    with their versions; the caller holds the session and keeps the event of the record, inside
    ``proved``: what is kept in files gets covered ones, unless the record was one of a denunciation
    already: then they are there, and whoever printed one finds the same.
    """
    row, was_sealed = visit.registration, visit.sealed_at is not None
    had_words, visit.sealed_words = bool(visit.sealed_words), {}
    if not had_words:
        _words_set(visit, case)
    visit.sealed_at = visit.sealed_at or notes.at
    # One earlier version stands, as of every record that was corrected; it says no more than this.
    version_keep(visit, notes.at)
    visit.version += 1
    visit.save()
    row.topic = ""
    row.version += 1
    row.save(update_fields=["topic", "version"])
    for paper in VisitPaper.objects.filter(registration=row):
        VisitPaper.objects.filter(pk=paper.pk).update(name=paper_kind(paper.name))
    _refusal_set(row)
    _minutes_set(visit, session, notes)
    if not was_sealed:
        _files_cover(visit, session)
    _drafts_drop(visit, session, notes)


def papers_cover(visit: VisitRecord, session: ReceptionSession, notes: Notes) -> None:
    """What follows when a record becomes one of a denunciation: drafts of its notices are sealed,
    unsigned minutes written anew, what is kept in files gets covered ones. The caller holds the
    session, inside ``proved``."""
    drafts = ConclusionNotice.objects.filter(visit=visit, state=NoticeState.DRAFT)
    drafts.update(is_sealed=True)
    _minutes_set(visit, session, notes)
    _files_cover(visit, session)


def _files_cover(visit: VisitRecord, session: ReceptionSession) -> None:
    receipt_file_cover(visit.registration)
    minutes_file_cover(visit)
    notice_files_cover(visit)
    visit_notice_files_cover(session, visit)


def _words_set(visit: VisitRecord, case: Case) -> None:
    field = field_by_code(case.field.code)
    label = field.label_vi if field else case.field.label_vi
    # As of any record whose content is left as it was registered.
    visit.content = label
    visit.said = said_sparsely(visit.pk, label)
    visit.handled_before = visit.note = ""
    visit.conclusion = ""
    if visit.outcome == VisitOutcome.CONCLUSION and visit.responsible_unit is not None:
        # A conclusion cannot be without words.
        visit.conclusion = concluded_sparsely(visit.responsible_unit)


def _refusal_set(row: Registration) -> None:
    """An earlier refusal keeps its ground alone."""
    for refusal in Refusal.objects.filter(registration=row):
        ground = grounds().get(refusal.ground)
        refusal.explanation = ground.text if ground else "–"
        refusal.save(update_fields=["explanation"])


def _minutes_set(visit: VisitRecord, session: ReceptionSession, notes: Notes) -> None:
    """Minutes that both sides have not signed are those of the record as it stands now; a word
    that one side gave to the earlier text no longer holds."""
    minutes = Minutes.objects.filter(visit=visit).first()
    if minutes is None or minutes.is_signed:
        return
    minutes.text = minutes_draft_text(visit)
    minutes.receiver, minutes.receiver_signed_at = None, None
    minutes.visitor_signed, minutes.visitor_note, minutes.visitor_signed_at = "", "", None
    minutes.version += 1
    minutes.save()
    written = Notes("receptions.minutes.written", notes.at, notes.by_id, notes.quiet)
    written.data = {"number": visit.registration.queue_number}
    keep(session, written)


def _drafts_drop(visit: VisitRecord, session: ReceptionSession, notes: Notes) -> None:
    drafts = ConclusionNotice.objects.filter(visit=visit, state=NoticeState.DRAFT)
    count = drafts.count()
    ConclusionTask.objects.filter(notice__in=drafts).delete()
    drafts.delete()
    for _draft in range(count):
        keep(session, Notes(DISCARDED, notes.at, notes.by_id, notes.quiet))
