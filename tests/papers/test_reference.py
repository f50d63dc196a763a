"""Every kind of paper as it prints for one invented case, kept in ``reference/``; only our font is
embedded, and the marks of PDF/A-2a and of tagged PDF stand in each file.

``PAPERS_RENEW=1`` writes the references anew, ``PICTURES=folder`` draws the pages there
(CONTRIBUTING.md).
"""

import datetime as dt
import os
import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

import pypdfium2
import pytest
import time_machine
from django.utils import translation

from papers.catalogue import KINDS
from papers.content import Content
from papers.documents import paper_file
from papers.facts import content_begun
from papers.heads import number_shown
from papers.kinds import PaperKind
from papers.models import Paper
from papers.services.issuing import book_mark
from petitions.enums import Kind
from petitions.models import Case
from tests.papers.making import case_of
from tests.people import PERSON, person_make
from tests.receptions.test_papers_pdf import fonts_of

pytestmark = pytest.mark.django_db
REFERENCES = Path(__file__).parent / "reference"
FILED = dt.datetime(2026, 11, 23, 2, tzinfo=dt.UTC)
ISSUED = dt.datetime(2026, 12, 4, 3, tzinfo=dt.UTC)
CODE = "HN-00000-00000-00"
# What an officer writes into the fields of a kind, by name of the field.
TYPED = {
    "time": "08 giờ 00 ngày 10 tháng 12 năm 2026",
    "place": "Phòng họp Ủy ban nhân dân phường, số 1 phố Tưởng Tượng",
    "until": "2026-12-20",
    "days": "30 ngày",
    "reason": "Quyết định bị khiếu nại đã có quyết định giải quyết lần hai",
    "body_to": "Ủy ban nhân dân phường Thử Nghiệm",
    "team": "Ông Nguyễn Văn Xác Minh, cán bộ địa chính\nBà Trần Thị Kiểm Tra, cán bộ tư pháp",
}
DENUNCIATION = Kind.DENUNCIATION.value
NAMES = [
    *KINDS,
    *(f"{kind.code}.denunciation" for kind in KINDS.values()
      if DENUNCIATION in kind.case_kinds and len(kind.case_kinds) > 1),
]  # fmt: skip


@pytest.fixture(autouse=True)
def _filed() -> Iterator[None]:
    with time_machine.travel(FILED, tick=False):
        yield


def kind_of(name: str) -> tuple[PaperKind, str]:
    """The kind, and of what petition: of a denunciation only where it is said, or none else is."""
    code, _dot, said = name.partition(".")
    kind = KINDS[code]
    return kind, said or min(kind.case_kinds - {DENUNCIATION}, default=DENUNCIATION)


def printed(name: str) -> bytes:
    """The paper as it is issued under number 5."""
    kind, petition = kind_of(name)
    case = case_of(petition)
    case.code = CODE
    return paper_file(as_issued(case, kind), case, written(kind, content_begun(kind, case)))


def as_issued(case: Case, kind: PaperKind) -> Paper:
    return Paper(
        case=case, kind=kind.code, unit=case.unit, number=5, year=2026, state="issued",
        check_code="VB-00000-00000-00", issued_at=ISSUED,
        shown_number=number_shown(5, kind.sign, case.unit, book_mark(case)),
        issued_by=person_make("chair"), drafted_by=person_make("handler"),
    )  # fmt: skip


def written(kind: PaperKind, content: Content) -> Content:
    fields = {one.name: TYPED.get(one.name) or content.fields[one.name] for one in kind.fields}
    return Content(
        content.about, content.addressee, content.grounds, content.body, content.recipients, fields
    )


def lines_of(pdf: bytes) -> str:
    """The words as a reader gets them, page by page."""
    document = pypdfium2.PdfDocument(pdf)
    pages = (page.get_textpage().get_text_range() for page in document)
    text = "\n".join(pages).replace("\u200b", "").replace("\ufffe", "-")
    return "\n".join(line.strip() for line in text.splitlines() if line.strip()) + "\n"


def drawn(name: str, pdf: bytes) -> None:
    folder = os.environ.get("PICTURES")
    if folder:
        for number, page in enumerate(pypdfium2.PdfDocument(pdf), start=1):
            page.render(scale=1.4).to_pil().save(Path(folder) / f"{name}-{number}.png")


@pytest.mark.parametrize("name", NAMES)
def test_a_paper_prints_as_its_reference(name: str) -> None:
    with translation.override("en"):
        pdf = printed(name)
    drawn(name, pdf)
    file, text = REFERENCES / f"{name}.txt", lines_of(pdf)
    if "PAPERS_RENEW" in os.environ:
        file.write_text(text, encoding="utf-8")
    # Where lines break may change; words may not.
    assert text.split() == file.read_text(encoding="utf-8").split()
    if kind_of(name)[1] == DENUNCIATION:
        assert not [word for word in (PERSON["full_name"], PERSON["address"]) if word in text]
    check_fonts(pdf)
    check_marks(pdf, KINDS[name.partition(".")[0]])


def check_fonts(pdf: bytes) -> None:
    """Ours alone, each with its file inside."""
    assert {font.partition("-")[0] for font in fonts_of(pdf)} == {"LiberationSerif"}
    described = re.findall(rb"/Type/FontDescriptor", pdf)
    assert described
    assert len(described) == len(re.findall(rb"/FontFile[23]? \d+ 0 R", pdf))


def check_marks(pdf: bytes, kind: PaperKind) -> None:
    """What can be read of PDF/A-2a (ISO 19005-2) and of a tagged file without a checker of it."""
    packet = re.search(rb"<x:xmpmeta.*?</x:xmpmeta>", pdf, re.DOTALL)
    assert packet
    told = {
        tag.tag.rpartition("}")[2]: "".join(tag.itertext()).strip()
        for tag in ET.fromstring(packet[0]).iter()
    }
    assert (told["part"], told["conformance"]) == ("2", "A")
    assert told["title"].startswith(kind.title)
    assert told["language"] == "vi"
    root = re.search(rb"/Type/Catalog.*?endobj", pdf, re.DOTALL)
    assert root
    for mark in (rb"/MarkInfo<</Marked true", rb"/StructTreeRoot \d+ 0 R", rb"/Lang\(vi\)",
                 rb"/Metadata \d+ 0 R", rb"/OutputIntents \d+ 0 R"):  # fmt: skip
        assert re.search(mark, root[0]), mark
    assert b"/S/GTS_PDFA1" in pdf
    assert b"/S/H1" in pdf  # the title is a heading
    assert re.search(rb"/S/Figure", pdf)
    assert b"/Alt" in pdf  # what the QR is
    for never in (b"/Encrypt", b"/JavaScript", b"/Launch", b"/EmbeddedFile", b"/AcroForm"):
        assert never not in pdf


def test_no_reference_is_left_over() -> None:
    assert {file.stem for file in REFERENCES.glob("*.txt")} == set(NAMES)
