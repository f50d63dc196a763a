"""A register as a table on paper."""

from common.table_papers import TablePaper
from reports.selectors_registers import Asked


def book_paper(asked: Asked) -> TablePaper:
    """What stands above the rows of a register."""
    return TablePaper(
        title=str(asked.book.title),
        unit=asked.unit.full_name,
        period=f"{asked.since:%d/%m/%Y} – {asked.until:%d/%m/%Y}",
        basis=asked.book.basis,
        columns=asked.book.labels,
        shares=asked.book.shares,
    )
