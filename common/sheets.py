"""Tables as files for spreadsheet programs: CSV, and XLSX (ECMA-376) of one sheet.

Only what a table needs: a bold head that stays in view, text and whole numbers. Texts are written
as texts, so that no cell is ever run as a formula.
"""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

BOM = "\ufeff"  # else a spreadsheet program takes Vietnamese for Latin-1
FORMULA = ("=", "+", "-", "@", "\t", "\r")
CSV_TYPE = "text/csv; charset=utf-8"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
NAME_MAX = 31  # characters of a sheet's name
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_NO_NAME = re.compile(r"[\[\]:*?/\\']")
_MOMENT = (1980, 1, 1, 0, 0, 0)  # the same table gives the same file
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_KIND}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_KIND}.worksheet+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{_KIND}.styles+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
    f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="rId2" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>',
    "xl/styles.xml": f'<styleSheet xmlns="{_MAIN}"><fonts count="2">'
    '<font><sz val="11"/><name val="Times New Roman"/></font>'
    '<font><b/><sz val="11"/><name val="Times New Roman"/></font></fonts>'
    '<fills count="1"><fill><patternFill patternType="none"/></fill></fills>'
    '<borders count="1"><border/></borders>'
    '<cellStyleXfs count="1"><xf/></cellStyleXfs>'
    '<cellXfs count="2"><xf fontId="0" applyAlignment="1"><alignment wrapText="1" vertical="top"/>'
    '</xf><xf fontId="1" applyFont="1" applyAlignment="1"><alignment wrapText="1" vertical="top"/>'
    "</xf></cellXfs></styleSheet>",
}
Value = str | int | None


@dataclass(frozen=True)
class Sheet:
    """A table: its name, the words of its head, and rows of texts and whole numbers."""

    name: str
    head: Sequence[str]
    rows: Sequence[Sequence[Value]]


def plain(value: str) -> str:
    """A cell that a spreadsheet program would run as a formula is text."""
    return f"'{value}" if value.startswith(FORMULA) else value


def csv_bytes(sheet: Sheet) -> bytes:
    """The table as CSV in UTF-8 with a mark of it."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    for row in (sheet.head, *sheet.rows):
        writer.writerow([plain(v) if isinstance(v, str) else v for v in row])
    return (BOM + text.getvalue()).encode()


def xlsx_bytes(sheet: Sheet) -> bytes:
    """The table as a workbook; the same table gives the same bytes."""
    name = _NO_NAME.sub(" ", _NO_XML.sub("", sheet.name))[:NAME_MAX].strip() or "1"
    parts = _PARTS | {
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets><sheet '
        f'name="{escape(name, {chr(34): "&quot;"})}" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/worksheets/sheet1.xml": "".join(_sheet(sheet)),
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in parts.items():
            archive.writestr(zipfile.ZipInfo(path, _MOMENT), _HEAD + content)
    return out.getvalue()


def _sheet(sheet: Sheet) -> Iterable[str]:
    yield f'<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">'
    yield '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
    yield '</sheetView></sheetViews><sheetFormatPr defaultRowHeight="15"/>'
    yield f'<cols><col min="1" max="{max(len(sheet.head), 1)}" width="18" customWidth="1"/></cols>'
    yield "<sheetData>"
    for number, row in enumerate((sheet.head, *sheet.rows)):
        style = "0" if number else "1"
        yield f'<row r="{number + 1}">{"".join(cell(value, style) for value in row)}</row>'
    yield "</sheetData></worksheet>"


def cell(value: Value, style: str = "0") -> str:
    """A cell of a workbook; what XML cannot hold is left out."""
    if value is None or value == "":
        return f'<c s="{style}"/>'
    if isinstance(value, int):
        return f'<c s="{style}"><v>{value}</v></c>'
    text = escape(_NO_XML.sub("", value))
    return f'<c s="{style}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'
