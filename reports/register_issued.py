"""Rows of the register of outgoing papers in words."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from accounts.access import Access
from common.time import local_date
from papers.catalogue import KINDS
from papers.content import content_read
from papers.documents import recipients_of
from papers.models import Paper
from papers.selectors_issued import papers_replaced_by, signer_name, standing
from petitions.models import Case
from receptions.selectors_register import Entry
from reports.registers import Book


class IssuedDesk:
    """Papers of one page as entries; two queries a page."""

    def __init__(self, access: Access, book: Book) -> None:
        self.access = access
        self.book = book

    def entries(self, rows: Sequence[Paper]) -> list[Entry]:
        """The papers as entries of the book."""
        if not rows:
            return []
        seen = Case.objects.visible_to(self.access).filter(pk__in={row.case_id for row in rows})
        codes = dict(seen.values_list("pk", "code"))
        later = papers_replaced_by(rows)
        return [
            Entry(
                self._cells(row, later.get(row.pk, ""), is_seen=row.case_id in codes),
                codes.get(row.case_id, ""),
            )
            for row in rows
        ]

    def _cells(self, paper: Paper, replaced_by: str, *, is_seen: bool) -> tuple[str, ...]:
        assert paper.issued_at is not None
        is_told = is_seen or not self.book.is_sealed
        summary, recipients = self._words(paper) if is_told else ("", "")
        return (
            paper.shown_number,
            f"{local_date(paper.issued_at):%d/%m/%Y}",
            KINDS[paper.kind].title,
            summary,
            recipients,
            signer_name(paper),
            standing(paper, replaced_by, with_reason=is_told),
            paper.case.code if is_told else "",
        )

    def _words(self, paper: Paper) -> tuple[str, str]:
        """What it is about and to whom it went. Of a denunciation the words of its kind alone:
        nothing is opened for a register (Articles 47 and 49 of the Law on Denunciations)."""
        if self.book.is_sealed:
            return KINDS[paper.kind].about, _("Sealed like the letters of the case.")
        content = content_read(paper)
        return content.about or paper.case.subject, "; ".join(recipients_of(content))
