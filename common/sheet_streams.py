"""Tables as files that are written while their rows are read: memory stays flat (``common.sheets``
holds a whole table). Cells are texts."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from zipfile import ZIP_DEFLATED, ZipFile

from common.sheets import BOM, Sheet, cell, plain, xlsx_bytes

Row = Sequence[str]
_PIECE = 64 * 1024  # bytes that are worth sending
_ROWS = "xl/worksheets/sheet1.xml"
_END = b"</sheetData>"


class _Line:
    """A file for ``csv`` that gives each line back."""

    def write(self, text: str) -> str:
        return text


def csv_lines(head: Row, rows: Iterable[Row]) -> Iterator[str]:
    """The table as lines of a CSV file; a cell that would run as a formula is text."""
    writer = csv.writer(_Line())
    yield BOM + writer.writerow(head)
    for row in rows:
        yield writer.writerow([plain(value) for value in row])


class _Pieces:
    """A file that cannot be wound back, as a network is."""

    def __init__(self) -> None:
        self._held = bytearray()

    def flush(self) -> None:
        """Nothing waits below."""

    def close(self) -> None:
        """What was written stays to be taken."""

    def write(self, data: bytes) -> int:
        self._held += data
        return len(data)

    def take(self, least: int = 0) -> bytes:
        """What has been written since, once it is more than so much."""
        if len(self._held) <= least:
            return b""
        held, self._held = bytes(self._held), bytearray()
        return held


def xlsx_pieces(name: str, head: Row, rows: Iterable[Row]) -> Iterator[bytes]:
    """The table as pieces of a workbook with one sheet of this name."""
    empty = ZipFile(io.BytesIO(xlsx_bytes(Sheet(name, head, []))))
    out = _Pieces()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for part in empty.namelist():
            if part != _ROWS:
                archive.writestr(part, empty.read(part))
        before, after = empty.read(_ROWS).split(_END)
        with archive.open(_ROWS, "w") as sheet:
            sheet.write(before)
            for number, row in enumerate(rows, start=2):
                sheet.write(_row(number, row).encode())
                yield out.take(_PIECE)
            sheet.write(_END + after)
    yield out.take()


def _row(number: int, row: Row) -> str:
    return f'<row r="{number}">{"".join(cell(value) for value in row)}</row>'
