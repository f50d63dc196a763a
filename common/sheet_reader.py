"""Reading a table out of an XLSX or CSV file that somebody else made. Pure: bytes in, rows out.

Only values are read, never what a formula would give. Whatever makes a row mean something else
than it shows (formulas, merged cells, hidden rows) is marked at its cell. Ask
``attachments.office.office_check`` first: it refuses bombs, macros and XML with entities.
"""

import csv
import io
import posixpath
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element, ParseError

from defusedxml import ElementTree as SafeTree
from defusedxml.common import DefusedXmlException

ROWS_MAX = 10_000  # rows of a table, without its head
COLUMNS_MAX = 30
CELL_MAX = 2_000  # characters; what is longer is cut and marked
STRINGS_MAX = 20_000_000  # characters of all shared texts of a workbook
_S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_REF = re.compile(r"([A-Z]{1,3})([0-9]{1,7})", re.ASCII)
_BROKEN = (zipfile.BadZipFile, ParseError, DefusedXmlException, KeyError, ValueError, OSError)


class SheetFault(Exception):
    """The file as a whole cannot be read; ``code``: broken, empty, long, hidden."""

    def __init__(self, code: str, name: str = "") -> None:
        super().__init__(code)
        self.code, self.name = code, name


@dataclass
class ReadCell:
    """A value as text. ``is_number``: it was stored as one (a date of Excel is); ``fault`` is
    formula, merged, hidden, long, error or ""."""

    text: str = ""
    is_number: bool = False
    fault: str = ""


@dataclass
class ReadTable:
    """The head and the rows that hold something, each with its number in the file; ``is_1904``:
    days are counted from 1904."""

    head: list[str]
    rows: list[tuple[int, list[ReadCell]]] = field(default_factory=list)
    is_1904: bool = False


def csv_read(data: bytes) -> ReadTable:
    """A table in UTF-8 with commas, semicolons or tabs. Raises SheetFault."""
    try:
        text = data.decode("utf-8-sig")
        first = text.partition("\n")[0]
        delimiter = max(",;\t", key=first.count)
        lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        rows = [
            (number, [_typed(value) for value in line[:COLUMNS_MAX]])
            for number, line in enumerate(_limited(lines), start=1)
        ]
    except (UnicodeDecodeError, csv.Error) as error:
        raise SheetFault("broken") from error
    return _table(rows, is_1904=False)


def _limited(lines: Iterator[list[str]]) -> Iterator[list[str]]:
    for number, line in enumerate(lines):
        if number > ROWS_MAX:
            raise SheetFault("long")
        yield line


def _typed(value: str) -> ReadCell:
    """A formula typed into CSV runs in a spreadsheet program; a quoted one is text."""
    text = value.strip()
    if text.startswith("'") and text[1:2] in tuple("=+-@"):
        text = text[1:]
    elif text.startswith("="):
        return ReadCell(text[:CELL_MAX], fault="formula")
    return _cut(ReadCell(text))


def xlsx_read(data: bytes) -> ReadTable:
    """The first sheet of a workbook that hides none. Raises SheetFault."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            book = SafeTree.fromstring(archive.read("xl/workbook.xml"), forbid_dtd=True)
            path = _sheet_path(archive, book)
            sheet = _Sheet(_shared(archive))
            with archive.open(path) as part:
                sheet.read(part)
    except _BROKEN as error:
        raise SheetFault("broken") from error
    properties = book.find(f"{_S}workbookPr")
    is_1904 = properties is not None and properties.get("date1904") in ("1", "true")
    return _table(sheet.rows, is_1904=is_1904)


def _sheet_path(archive: zipfile.ZipFile, book: Element) -> str:
    sheets = list(book.iter(f"{_S}sheet"))
    for one in sheets:
        if one.get("state", "visible") != "visible":
            raise SheetFault("hidden", one.get("name", "")[:80])
    relations = SafeTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"), forbid_dtd=True)
    targets = {one.get("Id"): one.get("Target", "") for one in relations}
    return posixpath.normpath(posixpath.join("/xl", targets[sheets[0].get(_R)])).lstrip("/")


def _shared(archive: zipfile.ZipFile) -> list[str]:
    if "xl/sharedStrings.xml" not in archive.namelist():
        return []
    found: list[str] = []
    room = STRINGS_MAX
    with archive.open("xl/sharedStrings.xml") as part:
        for _event, one in SafeTree.iterparse(part, forbid_dtd=True):
            if one.tag == f"{_S}si":
                text = "".join(t.text or "" for t in one.iter(f"{_S}t"))[: CELL_MAX + 1]
                room -= len(text)
                if room < 0:
                    raise SheetFault("long")
                found.append(text)
                one.clear()
    return found


class _Sheet:
    """One sheet, read row by row."""

    def __init__(self, shared: list[str]) -> None:
        self.shared = shared
        self.rows: list[tuple[int, list[ReadCell]]] = []
        self.hidden: set[int] = set()

    def read(self, part: object) -> None:
        merged: list[str] = []
        for _event, one in SafeTree.iterparse(part, forbid_dtd=True):
            if one.tag == f"{_S}row":
                self._row(one)
                one.clear()
            elif one.tag == f"{_S}col" and one.get("hidden") in ("1", "true"):
                first, last = int(one.get("min", "1")), int(one.get("max", "1"))
                self.hidden.update(range(first - 1, min(last, COLUMNS_MAX)))
            elif one.tag == f"{_S}mergeCell":
                merged.append(one.get("ref", ""))
        for ref in merged[:ROWS_MAX]:
            self._merge(ref)

    def _row(self, row: Element) -> None:
        number = int(row.get("r") or (self.rows[-1][0] + 1 if self.rows else 1))
        cells: list[ReadCell] = []
        for one in row.iter(f"{_S}c"):
            at = _column(one.get("r", ""), len(cells))
            if at >= COLUMNS_MAX:
                break
            cells.extend(ReadCell() for _ in range(at + 1 - len(cells)))
            cells[at] = self._cell(one)
        if not any(cell.text or cell.fault for cell in cells):
            return
        if row.get("hidden") in ("1", "true"):
            _mark(cells, range(len(cells)), "hidden")
        _mark(cells, self.hidden, "hidden")
        self.rows.append((number, cells))
        if len(self.rows) > ROWS_MAX + 1:
            raise SheetFault("long")

    def _cell(self, cell: Element) -> ReadCell:
        kind, value = cell.get("t", "n"), (cell.findtext(f"{_S}v") or "").strip()
        if cell.find(f"{_S}f") is not None:
            return ReadCell(value[:CELL_MAX], fault="formula")
        if kind == "e":
            return ReadCell(value[:CELL_MAX], fault="error")
        if kind == "s":
            value = self.shared[int(value)] if value else ""
        elif kind == "inlineStr":
            value = "".join(t.text or "" for t in cell.iter(f"{_S}t"))
        return _cut(ReadCell(value.strip(), is_number=kind == "n" and bool(value)))

    def _merge(self, ref: str) -> None:
        first, _colon, last = ref.partition(":")
        if not (start := _REF.fullmatch(first)) or not (end := _REF.fullmatch(last or first)):
            raise SheetFault("broken")
        top, bottom = int(start[2]), int(end[2])
        columns = range(_number(start[1]), min(_number(end[1]) + 1, COLUMNS_MAX))
        for number, cells in self.rows:
            if top <= number <= bottom:
                _mark(cells, columns, "merged")


def _mark(cells: list[ReadCell], columns: Sequence[int] | set[int], fault: str) -> None:
    for at in columns:
        if at < len(cells) and not cells[at].fault:
            cells[at].fault = fault


def _column(ref: str, following: int) -> int:
    found = _REF.fullmatch(ref)
    return _number(found[1]) if found else following


def _number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _cut(cell: ReadCell) -> ReadCell:
    if len(cell.text) > CELL_MAX:
        return ReadCell(cell.text[:CELL_MAX], cell.is_number, "long")
    return cell


def _table(rows: list[tuple[int, list[ReadCell]]], *, is_1904: bool) -> ReadTable:
    """The first row that holds something is the head."""
    full = [row for row in rows if any(cell.text or cell.fault for cell in row[1])]
    if not full:
        raise SheetFault("empty")
    return ReadTable([cell.text for cell in full[0][1]], full[1:], is_1904)
