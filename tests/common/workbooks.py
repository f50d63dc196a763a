"""Workbooks as spreadsheet programs write them, with what can be wrong in one."""

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"


@dataclass(frozen=True)
class Raw:
    """A cell written as it is: the attributes and the inside of ``<c>``."""

    inside: str
    attributes: str = ""


Cell = str | int | float | Raw
Rows = Sequence[Sequence[Cell]]


def formula(text: str, value: str = "") -> Raw:
    return Raw(f"<f>{escape(text)}</f><v>{escape(value)}</v>", ' t="str"')


def workbook(
    rows: Rows,
    *,
    after: str = "",
    before: str = "",
    row_attributes: dict[int, str] | None = None,
    sheets: Sequence[tuple[str, str]] = (("Giao việc", "visible"),),
    properties: str = "",
    shared: Sequence[str] = (),
) -> bytes:
    """``after``: XML behind the rows (merged cells); ``before``: in front of them (columns);
    ``sheets``: name and state, the first holds the rows."""
    named = "".join(
        f'<sheet name={quoteattr(name)} sheetId="{n}" state="{state}" r:id="rId{n}"/>'
        for n, (name, state) in enumerate(sheets, start=1)
    )
    related = "".join(
        f'<Relationship Id="rId{n}" Type="{REL}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in range(1, len(sheets) + 1)
    )
    lines = "".join(
        f'<row r="{n}"{(row_attributes or {}).get(n, "")}>{_cells(n, row)}</row>'
        for n, row in enumerate(rows, start=1)
    )
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"/>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{REL}">{properties}'
        f"<sheets>{named}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">{related}'
        "</Relationships>",
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{MAIN}">{before}'
        f"<sheetData>{lines}</sheetData>{after}</worksheet>",
    }
    for n in range(2, len(sheets) + 1):
        parts[f"xl/worksheets/sheet{n}.xml"] = f'<worksheet xmlns="{MAIN}"><sheetData/></worksheet>'
    if shared:
        items = "".join(f"<si><t>{escape(text)}</t></si>" for text in shared)
        parts["xl/sharedStrings.xml"] = f'<sst xmlns="{MAIN}">{items}</sst>'
    return _zipped(parts)


def _zipped(parts: dict[str, str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def _cells(number: int, row: Sequence[Cell]) -> str:
    return "".join(_cell(f"{chr(65 + at)}{number}", cell) for at, cell in enumerate(row))


def _cell(ref: str, cell: Cell) -> str:
    if isinstance(cell, Raw):
        return f'<c r="{ref}"{cell.attributes}>{cell.inside}</c>'
    if isinstance(cell, str):
        return f'<c r="{ref}" t="inlineStr"><is><t>{escape(cell)}</t></is></c>'
    return f'<c r="{ref}"><v>{cell}</v></c>'
