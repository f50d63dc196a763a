"""``templates/papers/case_paper.docx``: what Word files of papers are filled from (docxtpl).

    python scripts/paper_template.py

Decree 30/2020, annex I, as ``case_paper.typ`` sets it for the PDF; a test holds the file equal to this.
"""

import sys
from pathlib import Path
from typing import Any

from docx import Document
from docx.document import Document as Word
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Length, Mm, Pt
from docx.styles.style import ParagraphStyle
from docx.table import _Cell
from docx.text.paragraph import Paragraph

OUT = Path(__file__).resolve().parents[1] / "templates/papers/case_paper.docx"
FONT = "Times New Roman"
CENTRE, RIGHT, BOTH = (
    WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT, WD_ALIGN_PARAGRAPH.JUSTIFY,
)  # fmt: skip
Place = Word | _Cell
SIGN, SIGN_AND_SEAL = "(Ký, ghi rõ họ tên)", "(Ký, ghi rõ họ tên, đóng dấu)"


def main(out: Path = OUT) -> int:
    document = Document()
    _page(document)
    _top(document)
    _begin(document)
    _body(document)
    _end(document)
    core = document.core_properties
    core.author = core.comments = core.last_modified_by = core.title = ""
    core.language = "vi-VN"
    document.save(str(out))
    return 0


def _page(document: Word) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin = section.bottom_margin = Mm(20)
    section.left_margin, section.right_margin = Mm(30), Mm(18)
    for name in ("Normal", "Heading 1", "List Bullet"):
        style = document.styles[name]
        assert isinstance(style, ParagraphStyle)
        _style(style, bold=name == "Heading 1")
    number = OxmlElement("w:fldSimple")
    number.set(qn("w:instr"), "PAGE")
    foot = section.footer.paragraphs[0]
    foot.alignment = CENTRE
    foot._p.append(number)


def _style(style: ParagraphStyle, *, bold: bool) -> None:
    """One family for every script, black, the language of the spelling checker."""
    style.font.name, style.font.size, style.font.bold = FONT, Pt(14 if bold else 13), bold
    style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(0), Pt(6)
    properties = style.element.get_or_add_rPr()
    fonts = properties.get_or_add_rFonts()
    for name in list(fonts.attrib):
        del fonts.attrib[name]
    for script in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{script}"), FONT)
    for colour in properties.findall(qn("w:color")):
        properties.remove(colour)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "vi-VN")
    properties.append(language)


def _line(
    place: Place,
    text: str,
    *,
    align: WD_ALIGN_PARAGRAPH | None = None,
    bold: bool = False,
    italic: bool = False,
    size: int = 13,
    style: str | None = None,
    indent: Length | None = None,
) -> Paragraph:
    line = place.add_paragraph(style=style)
    run = line.add_run(text)
    run.bold, run.italic, run.font.size = bold or None, italic or None, Pt(size)
    line.alignment, line.paragraph_format.first_line_indent = align, indent
    return line


def _tag(place: Place, words: str) -> None:
    """A line that is nothing but a tag: it goes when the file is filled."""
    place.add_paragraph(f"{{%p {words} %}}")


def _maybe(place: Place, name: str, text: str, **how: Any) -> None:
    """A line that stands only where there is something to say."""
    _tag(place, f"if {name}")
    _line(place, text, **how)
    _tag(place, "endif")


def _rule(place: Place, indent: Length) -> None:
    """The line below a head."""
    line = _line(place, "", size=4)
    line.paragraph_format.left_indent = line.paragraph_format.right_indent = indent
    borders, below = OxmlElement("w:pBdr"), OxmlElement("w:top")
    for name, value in (("val", "single"), ("sz", "4"), ("space", "1"), ("color", "auto")):
        below.set(qn(f"w:{name}"), value)
    borders.append(below)
    properties = line._p.get_or_add_pPr()
    properties.insert_element_before(borders, "w:spacing", "w:ind", "w:jc", "w:rPr")


def _columns(document: Word, *widths: Length) -> list[_Cell]:
    """One row of cells without lines, each beginning with what is added first."""
    table = document.add_table(1, len(widths))
    table.autofit = False
    for column, cell, width in zip(table.columns, table.rows[0].cells, widths, strict=True):
        column.width = cell.width = width
        cell._tc.remove(cell.paragraphs[0]._p)
    return list(table.rows[0].cells)


def _top(document: Word) -> None:
    _maybe(document, "mark", "{{ mark }}", align=RIGHT, bold=True, size=12)
    _maybe(document, "form_number", "{{ form_number }}", align=RIGHT, size=11)
    issuer, nation = _columns(document, Mm(68), Mm(94))
    _maybe(issuer, "parent", "{{ parent }}", align=CENTRE, size=12)
    _line(issuer, "{{ issuer }}", align=CENTRE, bold=True, size=12)
    _rule(issuer, Mm(22))
    _line(issuer, "Số: {{ number }}", align=CENTRE)
    _maybe(issuer, "subject", "V/v {{ subject }}", align=CENTRE, size=12)
    _line(nation, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", align=CENTRE, bold=True, size=12)
    _line(nation, "Độc lập - Tự do - Hạnh phúc", align=CENTRE, bold=True)
    _rule(nation, Mm(18))
    _line(nation, "{{ dated }}", align=CENTRE, italic=True)


def _begin(document: Word) -> None:
    _tag(document, "if title")
    title = _line(document, "{{ title }}", align=CENTRE, bold=True, size=14, style="Heading 1")
    title.paragraph_format.space_before = Pt(14)
    _tag(document, "endif")
    _maybe(document, "about", "{{ about }}", align=CENTRE, bold=True, size=14)
    _maybe(document, "authority", "{{ authority }}", align=CENTRE, bold=True)
    _tag(document, "for line in grounds")
    _line(document, "{{ line }}", align=BOTH, italic=True, indent=Mm(10))
    _tag(document, "endfor")
    _blocks(document, "findings")
    _maybe(document, "authority", "QUYẾT ĐỊNH:", align=CENTRE, bold=True)
    _maybe(document, "addressee", "Kính gửi: {{ addressee }}", align=CENTRE)


def _body(document: Word) -> None:
    _tag(document, "for line in lines")
    _line(document, "{{ line }}", align=BOTH, indent=Mm(10))
    _tag(document, "endfor")
    _blocks(document, "blocks")


def _blocks(document: Word, name: str) -> None:
    _tag(document, f"for block in {name}")
    _tag(document, "for line in block.lines")
    _line(document, "{{ line }}", align=BOTH, indent=Mm(10))
    _tag(document, "endfor")
    _tag(document, "for entry in block.entries")
    _line(document, "{{ entry }}", style="List Bullet", align=BOTH)
    _tag(document, "endfor")
    _tag(document, "if block.head")
    _table(document)
    _tag(document, "endif")
    _tag(document, "endfor")


def _widen(cell: _Cell) -> None:
    """As wide as there is room: how many stand beside it is known when the file is filled."""
    properties = cell._tc.get_or_add_tcPr()
    properties.remove(properties.tcW)


def _table(document: Word) -> None:
    """Cells and rows repeat; the head stands on every page."""
    table = document.add_table(4, 3, style="Table Grid")
    table.cell(1, 0).text = "{%tr for row in block.rows %}"
    table.cell(3, 0).text = "{%tr endfor %}"
    for index, cells in ((0, "block.head"), (2, "row")):
        words = (f"{{%tc for cell in {cells} %}}", "{{ cell }}", "{%tc endfor %}")
        for cell, text in zip(table.rows[index].cells, words, strict=True):
            cell.paragraphs[0].add_run(text).bold = index == 0 or None
            _widen(cell)
    repeated = table.rows[0]._tr.get_or_add_trPr()
    repeated.append(OxmlElement("w:tblHeader"))
    _line(document, "", size=6)


def _signatures(document: Word) -> None:
    """Who signs beside the unit, side by side."""
    first, who, last = _columns(document, Mm(54), Mm(54), Mm(54))
    _line(first, "{%tc for who in signatures %}")
    _line(who, "{{ who }}", align=CENTRE, bold=True)
    _line(who, SIGN, align=CENTRE, italic=True)
    _line(who, "", size=40)
    _line(last, "{%tc endfor %}")
    _widen(who)


def _end(document: Word) -> None:
    _tag(document, "if signatures")
    _signatures(document)
    _tag(document, "endif")
    _line(document, "", size=6)
    receivers, signing = _columns(document, Mm(81), Mm(81))
    _line(receivers, "Nơi nhận:", bold=True, italic=True, size=12)
    _tag(receivers, "for line in recipients")
    _line(receivers, "{{ line }}", size=11)
    _tag(receivers, "endfor")
    _tag(signing, "for line in signing")
    _line(signing, "{{ line }}", align=CENTRE, bold=True)
    _tag(signing, "endfor")
    _maybe(signing, "by_hand and opinion", SIGN, align=CENTRE, italic=True)
    _maybe(signing, "by_hand and not opinion", SIGN_AND_SEAL, align=CENTRE, italic=True)
    _line(signing, "", size=40)
    _line(signing, "{{ signer }}", align=CENTRE, bold=True)
    _tag(document, "if opinion")
    _opinion(document)
    _tag(document, "endif")


def _opinion(document: Word) -> None:
    """Below an officer's own work: room for the opinion of whoever decides, who signs there."""
    _line(document, "", size=6)
    table = document.add_table(1, 1, style="Table Grid")
    room = table.cell(0, 0)
    room._tc.remove(room.paragraphs[0]._p)
    _line(room, "Ý KIẾN CỦA NGƯỜI CÓ THẨM QUYỀN", align=CENTRE, bold=True)
    _line(room, "", size=40)
    _tag(room, "for line in opinion")
    _line(room, "{{ line }}", align=CENTRE, bold=True)
    _tag(room, "endfor")
    _maybe(room, "by_hand", SIGN_AND_SEAL, align=CENTRE, italic=True)
    _line(room, "", size=40)
    _line(room, "{{ approver }}", align=CENTRE, bold=True)


if __name__ == "__main__":
    sys.exit(main())
