"""The kept file of an issued notice, and the one that whoever must not know of a denunciation reads
in its place."""

from papers.enums import PaperState
from papers.models import IssuedFile
from papers.selectors_proofs import file_last, file_of
from papers.services.proving import file_cover, file_issue, file_void
from papers.subjects import SubjectKind, covered, subject_of
from receptions.conclusion_papers import notice_pdf
from receptions.enums import NoticeState
from receptions.models import ConclusionNotice, VisitRecord
from receptions.sealing import is_of_denunciation, notice_covered


def notice_file(notice: ConclusionNotice) -> None:
    """Make and keep the file of a notice just issued, in the caller's transaction (``proved``); that
    of the notice it replaces ends. Raises SigningFailed."""
    assert notice.unit is not None
    assert notice.issued_at is not None
    file = file_issue(
        subject=_subject(notice),
        unit=notice.unit,
        number=notice.shown_number,
        by=notice.issued_by,
        at=notice.issued_at,
        render=lambda mark: notice_pdf(notice, mark=mark),
        is_party=notice.is_party,
        replaces=file_of(_subject(notice.replaces)) if notice.replaces else None,
    )
    old = file_of(covered(_subject(notice.replaces))) if notice.replaces else None
    if old is not None or is_of_denunciation(notice):
        _cover(notice, file, old)


def notice_files_cover(visit: VisitRecord) -> None:
    """The visit went under seal, in the caller's transaction (``proved``): its issued notices get
    their covered files."""
    issued = ConclusionNotice.objects.filter(visit=visit, state=NoticeState.ISSUED)
    for notice in issued.select_related("session__unit", "visit", "replaces").order_by("pk"):
        file = file_last(_subject(notice))
        if file is None:
            continue
        old = file_of(covered(_subject(notice.replaces))) if notice.replaces else None
        _cover(notice, file, old)
        if file.state == PaperState.VOIDED:
            file_void(covered(_subject(notice)), file.void_reason)


def notice_file_void(notice: ConclusionNotice, reason: str) -> None:
    """The record of the visit says now that nothing was concluded."""
    for subject in (_subject(notice), covered(_subject(notice))):
        file_void(subject, reason)


def _cover(notice: ConclusionNotice, file: IssuedFile, old: IssuedFile | None) -> None:
    file_cover(
        file,
        render=lambda mark: notice_pdf(notice_covered(notice), mark=mark),
        replaces=old,
    )


def _subject(notice: ConclusionNotice) -> str:
    return subject_of(SubjectKind.CONCLUSION, notice.public_id)
