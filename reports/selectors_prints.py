"""What a unit issued on a day, to be printed: papers of cases, and the kept files of receptions.

Joined files lie open for a week, so of what went under seal the cover is printed, whoever asks: the
original lies in no open file then.
"""

import datetime as dt
from collections.abc import Collection, Sequence

from django.db.models import Q, QuerySet
from django.urls import reverse

from accounts.access import Access
from common.time import local_moment
from communes.models import Unit
from papers.catalogue import KINDS as PAPER_KINDS
from papers.catalogue import kind_title
from papers.enums import PaperState
from papers.models import IssuedFile, Paper
from papers.selectors_issued import papers_issued, papers_printable
from papers.subjects import SubjectKind, covered
from receptions.policies import can_see_visitors
from reports.models import RegisterBatch
from reports.register_receptions import KINDS, NOTICE, REFUSAL, STATE
from reports.registers import BY_CODE, Book, Source, may_read, readable

Printed = Paper | IssuedFile
_OF = {
    SubjectKind.CONCLUSION: (Source.CONCLUSIONS, STATE),
    SubjectKind.REFUSAL: (Source.VISIT_PAPERS, REFUSAL),
    SubjectKind.VISIT_NOTICE: (Source.VISIT_PAPERS, NOTICE),
}
_SOURCES = {source for source, _kind in _OF.values()}


def may_print(access: Access, book: Book, unit_id: int) -> bool:
    """Papers of receptions name visitors: for whoever receives or registers in the unit."""
    if book.source in _SOURCES:
        return can_see_visitors(access, unit_id)
    return book.source is Source.ISSUED and may_read(access, book, unit_id)


def printed_books(access: Access, unit_id: int) -> list[Book]:
    """The books of which the person prints papers, in order."""
    return [book for book in readable(access, unit_id) if may_print(access, book, unit_id)]


def issued_on(access: Access, book: Book, unit: Unit, day: dt.date) -> Sequence[Printed]:
    """What can be printed of a Hà Nội day, in the order of the issue; the caller has asked
    ``may_print``. One query."""
    if book.source is Source.ISSUED:
        return papers_printable(access, papers_issued(unit, day, day, is_sealed=book.is_sealed))
    of_book = Q()
    for kind, (source, _name) in _OF.items():
        if source is book.source:
            subject = f"{kind}:"
            of_book |= Q(subject__startswith=subject) | Q(subject__startswith=covered(subject))
    rows = IssuedFile.objects.filter(
        of_book,
        unit=unit,
        issued_at__gte=local_moment(day),
        issued_at__lt=local_moment(day + dt.timedelta(days=1)),
    )
    return _in_force(rows)


def book_of(batch: RegisterBatch) -> Book:
    """The book whose papers a batch joins. One query."""
    return BY_CODE[batch.files.get().book]


def printed_again(access: Access, batch: RegisterBatch) -> Sequence[Printed]:
    """What is in force of the papers of a batch. Two queries."""
    if book_of(batch).source is Source.ISSUED:
        return papers_printable(access, Paper.objects.filter(pk__in=batch.papers))
    return _in_force(IssuedFile.objects.filter(pk__in=batch.papers))


def outdated(batch: RegisterBatch) -> bool:
    """Whether a paper of a batch is void, was replaced or went under seal. Two queries."""
    is_of_case = book_of(batch).source is Source.ISSUED
    rows: QuerySet[Paper] | QuerySet[IssuedFile] = (
        Paper.objects.all() if is_of_case else IssuedFile.objects.all()
    )
    found = rows.filter(pk__in=batch.papers)
    return found.exclude(state=PaperState.ISSUED, file__isnull=False).exists()


def names_now(batch: RegisterBatch) -> Collection[str]:
    """Names of the papers of a batch, of those that replace them and of their covers."""
    of_batch = Q(pk__in=batch.papers) | Q(replaces__in=batch.papers)
    if book_of(batch).source is Source.ISSUED:
        return {name_of(paper) for paper in Paper.objects.filter(of_batch).defer("box")}
    rows = IssuedFile.objects.defer("box")
    found = list(rows.filter(of_batch))
    covers = rows.filter(subject__in=[covered(file.subject) for file in found])
    return {name_of(file) for file in (*found, *covers)}


def name_of(paper: Printed) -> str:
    """What a form calls it."""
    return paper.check_code if isinstance(paper, IssuedFile) else str(paper.public_id)


def printed_line(paper: Printed) -> dict[str, str]:
    """A paper in a list: its number, kind, case where it has one, and page."""
    line = {"name": name_of(paper), "number": paper.shown_number}
    if isinstance(paper, Paper):
        page = reverse("papers_staff:paper", args=[paper.case.code, paper.public_id])
        title = kind_title(PAPER_KINDS[paper.kind])
        return line | {"title": title, "code": paper.case.code, "href": page}
    kind = next(kind for kind in _OF if paper.subject.startswith((f"{kind}:", covered(f"{kind}:"))))
    source, name = _OF[kind]
    page = reverse("papers:verify", args=[paper.check_code])
    return line | {"title": str(KINDS[source][name]), "code": "", "href": page}


def _in_force(rows: QuerySet[IssuedFile]) -> list[IssuedFile]:
    found = rows.filter(state=PaperState.ISSUED, file__isnull=False).defer("box")
    return list(found.select_related("file").order_by("issued_at", "id"))
