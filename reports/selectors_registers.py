"""Reading the registers of a unit: rows, counts, pages, all of them with flat memory.

A row stays in its book when the case has gone elsewhere; what became of it then is told only to
whoever sees the case. Of a sealed register such a row is its number, dates, kind and no word more;
and nobody of a unit that is barred from a case finds any row of it (Articles 12 and 49 of the Law
on Denunciations).
"""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import CharField, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce

from accounts.access import Access
from common.api import Keyset
from common.errors import NotVisible
from common.time import local_moment, today
from communes.models import Unit
from papers.models import Paper
from papers.selectors_issued import papers_issued
from petitions.enums import Kind
from petitions.models import Case, CaseEvent, Letter
from petitions.workflow import Action
from receptions import selectors_register as visits
from receptions.models import ConclusionNotice, Registration
from receptions.selectors_register import Entry
from reports.register_issued import IssuedDesk
from reports.register_lines import Desk
from reports.register_receptions import ReceptionDesk, conclusions_issued, visit_papers_issued
from reports.registers import Book, Source, may_read

EVENT = "petitions.case."
CHUNK = 1000  # rows that are held at once
ORDERS = {
    Source.LETTERS: Keyset("register_year", "register_number"),
    Source.ACCEPTED: Keyset("at", "id"),
    Source.ISSUED: Keyset("issued_at", "id"),
    # Within a day by book and number.
    Source.CONCLUSIONS: Keyset("issued_on", "is_party", "number", "id"),
    Source.VISIT_PAPERS: Keyset("paper_on", "book", "place", "id", "clock_key"),
}
# Of a letter and its case; making whole rows of both costs as much as all the rest.
SHOWN = (
    "register_number", "register_year", "kind", "channel", "subject", "people", "case__code",
    "case__kind", "case__status", "case__flags", "case__subject", "case__field_id",
)  # fmt: skip
PAPERS_SHOWN = (
    "public_id", "kind", "state", "key_version", "box", "shown_number", "issued_at", "void_reason",
    "issued_by__full_name", "drafted_by__full_name", "case__code", "case__subject",
)  # fmt: skip
OFFICER = F("case__assignee__full_name")
OPEN, LATE, CLOSED = "open", "late", "closed"


@dataclass(frozen=True)
class Asked:
    """A register of a unit between two Hà Nội dates, both included, narrowed by checked filters.

    ``state``: ``open``, ``late`` (open, past its limit) or ``closed``; of outgoing papers their own,
    as ``kind`` is their own kind. 03/TCD is narrowed by ``kind`` alone.
    """

    book: Book
    unit: Unit
    since: dt.date
    until: dt.date
    kind: str = ""
    field: str = ""
    state: str = ""

    @property
    def visits(self) -> visits.Asked:
        """The same as 03/TCD asks."""
        return visits.Asked(self.unit, self.since, self.until, self.kind)


def book_rows(access: Access, asked: Asked) -> QuerySet[Any]:
    """The rows of any register but 03/TCD. Raises NotVisible for whoever does not read it."""
    if not may_read(access, asked.book, asked.unit.pk):
        raise NotVisible
    return _ROWS[asked.book.source](access, asked)


def _letters(access: Access, asked: Asked) -> QuerySet[Letter]:
    """By the day on which they got their number, so that the numbers of a period are in line."""
    received = CaseEvent.objects.filter(
        case=OuterRef("case_id"), action=EVENT + Action.RECEIVE
    ).order_by("-sequence")
    rows = Letter.objects.filter(
        register_unit=asked.unit,
        register_year__gte=asked.since.year,
        register_year__lte=asked.until.year,
    )
    rows = rows.alias(of=F("kind")).annotate(
        on_book_at=Coalesce(Subquery(received.values("at")[:1]), F("submitted_at"))
    )
    rows = _between(rows, "on_book_at", asked).annotate(officer=OFFICER)
    return _narrowed(access, asked, rows.select_related("case").only(*SHOWN))


def _acts(access: Access, asked: Asked) -> QuerySet[CaseEvent]:
    """Acceptances by the unit that keeps the file, or from which a superior took it over later."""
    rows = CaseEvent.objects.filter(action=EVENT + Action.ACCEPT)
    if asked.book.is_sealed:  # only denunciations are taken over
        rows = rows.alias(taken_from=_taken_from()).filter(
            Q(taken_from=None, case__unit=asked.unit) | Q(taken_from=asked.unit.code)
        )
    else:
        rows = rows.filter(case__unit=asked.unit)
    rows = _between(rows.alias(of=F("case__kind")), "at", asked).annotate(officer=OFFICER)
    return _narrowed(access, asked, rows.select_related("case"))


def _taken_from() -> Subquery:
    """The unit from which the next superior took the case over after an acceptance, by its code."""
    later = CaseEvent.objects.filter(
        case=OuterRef("case_id"),
        action=EVENT + Action.TAKE_OVER,
        sequence__gt=OuterRef("sequence"),
    )
    named = later.order_by("sequence").annotate(unit_code=KeyTextTransform("from_unit", "data"))
    return Subquery(named.values("unit_code")[:1], output_field=CharField())


def _papers(access: Access, asked: Asked) -> QuerySet[Paper]:
    """By the moment of issue: in each book the numbers are in line."""
    rows = papers_issued(asked.unit, asked.since, asked.until, is_sealed=asked.book.is_sealed)
    if asked.book.is_sealed:
        rows = rows.filter(case__in=Case.objects.not_barred(access))
    if asked.kind:
        rows = rows.filter(kind=asked.kind)
    rows = _of_field(access, asked, rows)
    if asked.state:
        rows = rows.filter(state=asked.state)
    return rows.select_related("case", "issued_by", "drafted_by").only(*PAPERS_SHOWN)


def _conclusions(access: Access, asked: Asked) -> QuerySet[ConclusionNotice]:
    return conclusions_issued(
        asked.unit, asked.since, asked.until, kind=asked.kind, state=asked.state
    )


def _visit_papers(access: Access, asked: Asked) -> QuerySet[Registration]:
    return visit_papers_issued(
        asked.unit, asked.since, asked.until, kind=asked.kind, state=asked.state
    )


_ROWS: dict[Source, Callable[[Access, Asked], QuerySet[Any]]] = {
    Source.LETTERS: _letters,
    Source.ACCEPTED: _acts,
    Source.ISSUED: _papers,
    Source.CONCLUSIONS: _conclusions,
    Source.VISIT_PAPERS: _visit_papers,
}


def _between(rows: QuerySet[Any], name: str, asked: Asked) -> QuerySet[Any]:
    begins = local_moment(asked.since)
    ends = local_moment(asked.until + dt.timedelta(days=1))
    return rows.filter(**{f"{name}__gte": begins, f"{name}__lt": ends})


def _narrowed(access: Access, asked: Asked, rows: QuerySet[Any]) -> QuerySet[Any]:
    """``of`` is the kind of a row, in whose book it stands."""
    seen = Case.objects.visible_to(access)
    if asked.book.is_sealed:
        rows = rows.filter(of=Kind.DENUNCIATION, case__in=Case.objects.not_barred(access))
    else:
        rows = rows.exclude(of=Kind.DENUNCIATION)
    if asked.kind:
        rows = rows.filter(of=asked.kind)
    rows = _of_field(access, asked, rows)
    if asked.state:
        # Where the case is not seen, its state is not told by a filter either.
        rows = rows.filter(_STATES[asked.state](), case__in=seen)
    return rows


def _of_field(access: Access, asked: Asked, rows: QuerySet[Any]) -> QuerySet[Any]:
    """Of a sealed row whose case is not seen, the field is not told by a filter either."""
    if not asked.field:
        return rows
    cases = Case.objects.visible_to(access) if asked.book.is_sealed else Case.objects.all()
    return rows.filter(case__in=cases.filter(field__code=asked.field))


_STATES = {
    OPEN: lambda: Q(case__closed_at=None),
    LATE: lambda: Q(case__closed_at=None, case__due_on__lt=today()),
    CLOSED: lambda: Q(case__closed_at__isnull=False),
}


def wording_of(access: Access, book: Book) -> Desk | IssuedDesk | ReceptionDesk:
    """What puts the rows of a register into words."""
    if book.is_of_receptions:
        return ReceptionDesk(access, book)
    return (IssuedDesk if book.source is Source.ISSUED else Desk)(access, book)


def book_page(access: Access, asked: Asked, cursor: str, size: int) -> tuple[list[Entry], str, str]:
    """A page of a register with the cursors after and before it; a fixed number of queries."""
    if asked.book.source is Source.VISITS:
        return visits.register_page(access, asked.visits, cursor, size)
    found, after, before = ORDERS[asked.book.source].page(book_rows(access, asked), cursor, size)
    return wording_of(access, asked.book).entries(found), after, before


def book_all(access: Access, asked: Asked) -> Iterator[Entry]:
    """Every row in order, read in chunks: memory stays flat."""
    if asked.book.source is Source.VISITS:
        yield from visits.register_all(access, asked.visits)
        return
    order = ORDERS[asked.book.source]
    rows = book_rows(access, asked).order_by(*order.order())
    desk = wording_of(access, asked.book)
    chunk: list[Any] = []
    for row in rows.iterator(chunk_size=CHUNK):
        chunk.append(row)
        if len(chunk) == CHUNK:
            yield from desk.entries(chunk)
            chunk = []
    yield from desk.entries(chunk)


def book_count(access: Access, asked: Asked) -> int:
    """How many rows there are; of 03/TCD without the denunciations behind them."""
    if asked.book.source is Source.VISITS:
        return visits.register_rows(access, asked.visits).count()
    return book_rows(access, asked).count()


def entry_json(book: Book, entry: Entry) -> dict[str, str]:
    """A row for programs; ``case`` is the code of its case, "" where there is none to see."""
    cells = zip(book.columns, entry.cells, strict=True)
    return {column.key: cell for column, cell in cells} | {"case": entry.case_code}
