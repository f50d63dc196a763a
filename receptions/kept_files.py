"""The kept files of papers of receptions. Callers have checked that the person may read the paper;
None where it was made before files were kept."""

from accounts.access import Access
from papers.marks import mark_of
from papers.selectors_proofs import file_last, file_of, file_read
from papers.subjects import SubjectKind, covered, subject_of
from receptions.conclusion_papers import notice_pdf
from receptions.models import (
    ConclusionNotice,
    Refusal,
    Registration,
    VisitRecord,
)
from receptions.paper_subjects import refusal_issued, visit_notice_issued
from receptions.sealed_papers import originals_covered
from receptions.sealing import notice_is_covered


def notice_kept(access: Access, notice: ConclusionNotice) -> bytes | None:
    """The file of an issued notice as the person reads it. Three queries where the visit went under
    seal, else one."""
    is_covered = notice.is_issued and notice_is_covered(access, notice)
    subject = subject_of(SubjectKind.CONCLUSION, notice.public_id)
    return _kept(covered(subject) if is_covered else subject)


def notice_for_citizen(notice: ConclusionNotice) -> bytes:
    """The file of an issued notice for the visitor; where rows are internal an extract that bears
    the same code. One query."""
    found = file_last(subject_of(SubjectKind.CONCLUSION, notice.public_id))
    has_internal = any(row["internal"] for row in notice.facts["rows"])
    if found is not None and not has_internal:
        return file_read(found)
    return notice_pdf(notice, for_citizen=True, mark=mark_of(found.check_code if found else None))


def minutes_kept(access: Access, visit: VisitRecord) -> bytes | None:
    """The file of minutes that both sides signed, with their corrections."""
    return _kept_for(access, visit, subject_of(SubjectKind.MINUTES, visit.pk))


def receipt_kept(access: Access, row: Registration) -> bytes | None:
    """The receipt of papers, as of the last of them."""
    visit: VisitRecord | None = getattr(row, "visit", None)
    return _kept_for(access, visit, subject_of(SubjectKind.PAPERS_TAKEN, row.pk))


def refusal_kept(refusal: Refusal) -> bytes | None:
    """Form 01/TCD in force; None also of one whose number was typed."""
    file = refusal_issued(refusal)
    return file_read(file) if file is not None else None


def visit_notice_kept(access: Access, visit: VisitRecord) -> bytes | None:
    """The written notice in force, as form 01/TCD."""
    issued = visit_notice_issued(visit)
    if issued is None:
        return None
    file = issued[1]
    if originals_covered(access, visit):
        file = file_of(covered(file.subject)) or file
        return file_read(file) if file.file is not None else None
    return file_read(file)


def _kept_for(access: Access, visit: VisitRecord | None, subject: str) -> bytes | None:
    """The file, or its cover for whoever must not know. What was made once the visit was under seal
    has none: it never lay there, and says what everybody reads."""
    if not originals_covered(access, visit):
        return _kept(subject)
    found = file_last(covered(subject)) or file_last(subject)
    return file_read(found) if found is not None and found.file is not None else None


def _kept(subject: str) -> bytes | None:
    found = file_last(subject)
    return file_read(found) if found is not None else None
