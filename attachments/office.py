"""Word and Excel files: what is refused in them, and the text that they hold.

They are archives of XML parts. Nothing is unpacked to disk; sizes are believed only as an upper
bound, which ``zipfile`` itself keeps to when it reads.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError

from defusedxml import ElementTree as SafeTree
from defusedxml.common import DefusedXmlException

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
OFFICE = {"word/document.xml": WORD, "xl/workbook.xml": EXCEL}
ENTRIES_MAX = 2_000
UNPACKED_MAX = 120 * 1024 * 1024  # bytes of all parts together
RATIO_MAX = 150  # unpacked to packed; XML of a long table reaches about 30
RATIO_FROM = 1024 * 1024  # bytes: below that a part is too small to harm
TEXT_MAX = 200_000  # characters of text that can be covered on one page
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_PROGRAM = re.compile(
    r"vbaproject|vbadata|/activex|macrosheets/|/embeddings/[^/]+\.bin$|customui|\.(exe|dll|js|vbs|hta|ps1|bat)$",
    re.IGNORECASE,
)
_MACRO_TYPE = re.compile(rb"macroEnabled|vbaProject|ms-office\.activeX", re.IGNORECASE)
# Parts that are fetched or run from elsewhere when the file is opened; a link is not.
_FETCHED = re.compile(
    r"/(attachedTemplate|oleObject|frame|subDocument|externalLinkPath|package|control)$"
)
_FIELD_RUN = re.compile(rb"(?:instrText[^>]*>|instr=\")[^<\"]*\bDDE(?:AUTO)?\b|<ddeLink")
_BROKEN = (
    zipfile.BadZipFile,
    ValueError,
    NotImplementedError,
    OSError,
    EOFError,
    RuntimeError,
    zlib.error,
)


class OfficeError(Exception):
    """The archive may not be taken in; ``code`` says why in one word."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def office_type(data: bytes) -> str | None:
    """Word or Excel by the parts of the archive, or None for any other archive."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
    except _BROKEN:
        return None
    if "[Content_Types].xml" not in names:
        return None
    return next((found for part, found in OFFICE.items() if part in names), None)


def office_check(data: bytes) -> None:
    """Raises OfficeError: bomb, name, locked, macro, external, xml or broken."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _sizes(archive.infolist())
            for entry in archive.infolist():
                _entry_name(entry)
                if entry.filename.lower().endswith((".xml", ".rels", ".vml")):
                    _part(entry.filename, archive.read(entry))
    except _BROKEN as error:
        raise OfficeError("broken") from error


def _sizes(entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > ENTRIES_MAX or sum(one.file_size for one in entries) > UNPACKED_MAX:
        raise OfficeError("bomb")
    for one in entries:
        if one.file_size > RATIO_FROM and one.file_size > RATIO_MAX * max(1, one.compress_size):
            raise OfficeError("bomb")
    if len({one.filename.lower() for one in entries}) != len(entries):
        raise OfficeError("name")


def _entry_name(entry: zipfile.ZipInfo) -> None:
    name = entry.filename
    if entry.flag_bits & 0x1:
        raise OfficeError("locked")
    if name.startswith("/") or "\\" in name or "\0" in name or ":" in name:
        raise OfficeError("name")
    if ".." in name.split("/"):
        raise OfficeError("name")
    if _PROGRAM.search("/" + name):
        raise OfficeError("macro")


def _part(name: str, body: bytes) -> None:
    # UTF-16 hides words from a search; without its zeros they are found in every encoding.
    plain = body.replace(b"\0", b"")
    if b"<!DOCTYPE" in plain or b"<!ENTITY" in plain:
        raise OfficeError("xml")
    if name == "[Content_Types].xml" and _MACRO_TYPE.search(plain):
        raise OfficeError("macro")
    if _FIELD_RUN.search(plain):
        raise OfficeError("external")
    if name.endswith(".rels"):
        _relations(body)


def _relations(body: bytes) -> None:
    for one in _tree(body):
        if one.get("TargetMode") == "External" and _FETCHED.search(one.get("Type", "")):
            raise OfficeError("external")


def _tree(body: bytes) -> Element:
    try:
        tree: Element = SafeTree.fromstring(body, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise OfficeError("xml") from error
    return tree


def office_text(data: bytes, content_type: str) -> str:
    """The text of a Word or Excel file, a line a paragraph or row; no comments, no properties, no
    deleted revisions. Raises OfficeError, also ``long`` above ``TEXT_MAX`` characters."""
    office_check(data)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        lines = _word(archive) if content_type == WORD else _excel(archive)
        text = "\n".join(lines).strip()
    if len(text) > TEXT_MAX:
        raise OfficeError("long")
    return text


def _word(archive: zipfile.ZipFile) -> Iterator[str]:
    notes = ("word/footnotes.xml", "word/endnotes.xml")
    heads = [
        one for one in archive.namelist() if re.fullmatch(r"word/(header|footer)\d*\.xml", one)
    ]
    for name in ("word/document.xml", *notes, *sorted(heads)):
        if name in archive.namelist():
            for paragraph in _tree(archive.read(name)).iter(f"{_W}p"):
                yield "".join(_word_pieces(paragraph))


def _word_pieces(paragraph: Element) -> Iterator[str]:
    for piece in paragraph.iter():
        if piece.tag == f"{_W}t":
            yield piece.text or ""
        elif piece.tag in (f"{_W}tab", f"{_W}br", f"{_W}cr"):
            yield " "


def _excel(archive: zipfile.ZipFile) -> Iterator[str]:
    shared = _shared(archive)
    sheets = [one for one in archive.namelist() if one.startswith("xl/worksheets/sheet")]
    for name in sorted(sheets):
        for row in _tree(archive.read(name)).iter(f"{_S}row"):
            yield "\t".join(_cell(cell, shared) for cell in row.iter(f"{_S}c"))


def _shared(archive: zipfile.ZipFile) -> list[str]:
    if "xl/sharedStrings.xml" not in archive.namelist():
        return []
    tree = _tree(archive.read("xl/sharedStrings.xml"))
    return ["".join(t.text or "" for t in one.iter(f"{_S}t")) for one in tree.iter(f"{_S}si")]


def _cell(cell: Element, shared: list[str]) -> str:
    value = cell.findtext(f"{_S}v", "")
    if cell.get("t") == "s":
        return shared[int(value)] if value.isdecimal() and int(value) < len(shared) else ""
    return value or "".join(t.text or "" for t in cell.iter(f"{_S}t"))
