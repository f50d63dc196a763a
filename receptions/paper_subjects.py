"""The kept files of papers of receptions: what is issued, what is void."""

from collections.abc import Iterable

from papers.enums import PaperState
from papers.models import IssuedFile
from papers.selectors_proofs import file_of
from papers.subjects import SubjectKind, subject_of
from receptions.models import ConclusionNotice, Refusal, VisitClock, VisitRecord


def refusal_subject(refusal: Refusal) -> str:
    return subject_of(SubjectKind.REFUSAL, refusal.pk)


def visit_notice_subject(link: VisitClock) -> str:
    """Of one limit: where it runs anew, another notice goes out."""
    return subject_of(SubjectKind.VISIT_NOTICE, link.pk)


def visit_notice_issued(visit: VisitRecord) -> tuple[VisitClock, IssuedFile] | None:
    """The written notice of a visit that is in force, sent or not, with its limit, which may have
    ended. Two queries."""
    links = {visit_notice_subject(link): link for link in VisitClock.objects.filter(visit=visit)}
    rows = IssuedFile.objects.filter(subject__in=links, state=PaperState.ISSUED)
    file = rows.select_related("file").order_by("-id").first()
    return (links[file.subject], file) if file is not None else None


def refusal_voided(refusal: Refusal) -> list[IssuedFile]:
    """Papers of a refusal that were declared void, the latest first. One query."""
    return _voided([refusal_subject(refusal)])


def visit_notices_voided(visit: VisitRecord) -> list[IssuedFile]:
    """Written notices of a visit that were declared void, the latest first. Two queries."""
    links = VisitClock.objects.filter(visit=visit)
    return _voided([visit_notice_subject(link) for link in links])


def is_void(link: VisitClock) -> bool:
    """Whether the written notice that was issued for a limit was declared void. One query."""
    rows = IssuedFile.objects.filter(subject=visit_notice_subject(link))
    last = rows.order_by("-id").values_list("state", flat=True).first()
    return last == PaperState.VOIDED


def notices_void(notices: Iterable[ConclusionNotice]) -> dict[int, str]:
    """Why issued conclusion notices are void, by notice; one query."""
    rows = {subject_of(SubjectKind.CONCLUSION, row.public_id): row.pk for row in notices}
    void = IssuedFile.objects.filter(subject__in=rows, state=PaperState.VOIDED)
    return {rows[subject]: reason for subject, reason in void.values_list("subject", "void_reason")}


def refusal_issued(refusal: Refusal) -> IssuedFile | None:
    """Form 01/TCD that is in force; None also of one made elsewhere. One query."""
    return file_of(refusal_subject(refusal))


def _voided(subjects: list[str]) -> list[IssuedFile]:
    rows = IssuedFile.objects.filter(subject__in=subjects, state=PaperState.VOIDED)
    return list(rows.order_by("-issued_at", "-id"))
