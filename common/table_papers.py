"""A table as a PDF to be printed and filed: landscape, its head on every page, page x of y."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

from django.utils.translation import gettext as _

from common.errors import InvalidInput
from common.papers import paper_pdf

# Laying out a thousand takes a second of a processor and some 180 MB for that while.
ROWS_MAX = 1000


@dataclass(frozen=True)
class TablePaper:
    """What stands above the rows: title, whose it is and of when, its legal basis; then the words
    of the columns and their shares of the width."""

    title: str
    unit: str
    period: str
    basis: str
    columns: Sequence[str]
    shares: Sequence[int]


def table_pdf(paper: TablePaper, rows: Iterable[Sequence[str]]) -> bytes:
    """The rows under the head of ``paper``. Raises InvalidInput on ``format`` for more than
    ``ROWS_MAX``; no more than one row over it is read."""
    found = [list(row) for row in islice(rows, ROWS_MAX + 1)]
    if len(found) > ROWS_MAX:
        words = _("A PDF holds at most %(n)s rows: choose a shorter period, or the XLSX file.")
        raise InvalidInput(fields={"format": [words % {"n": ROWS_MAX}]})
    facts = {
        "title": paper.title,
        "unit": paper.unit,
        "period": paper.period,
        "basis": paper.basis,
        "columns": list(paper.columns),
        "shares": list(paper.shares),
        "rows": found,
        "empty": _("No entry in this period."),
    }
    return paper_pdf("register", facts)
