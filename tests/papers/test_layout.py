"""Where things stand on an issued paper: margins, heading, number, signature, proof (Decree 30/2020,
annex I). Texts are compared in ``test_reference.py``; these are their places, in millimetres."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass

import pypdfium2
import pytest
import time_machine

from papers.kinds import Signer
from tests.papers.test_reference import FILED, NAMES, kind_of, printed

pytestmark = pytest.mark.django_db
WIDE, HIGH = 210.0, 297.0
POINT = 25.4 / 72
LEFT, RIGHT, TOP, BOTTOM = 30.0, WIDE - 18.0, 20.0, HIGH - 20.0
HEAD, OFFICER = "Cán bộ chair", "Cán bộ handler"
SLACK = 2.0  # the accent of a capital hangs over its line
FOOTER = HIGH - 15.0


@dataclass(frozen=True)
class Box:
    """From the left and from the top of a page, which is counted from 0."""

    page: int
    left: float
    top: float
    right: float
    bottom: float


@pytest.fixture(autouse=True)
def _filed() -> Iterator[None]:
    with time_machine.travel(FILED, tick=False):
        yield


def box(page: int, found: tuple[float, float, float, float]) -> Box:
    left, bottom, right, top = (value * POINT for value in found)
    return Box(page, left, HIGH - top, right, HIGH - bottom)


def letters(document: pypdfium2.PdfDocument) -> Iterator[Box]:
    for number, page in enumerate(document):
        text = page.get_textpage()
        for place in range(text.count_chars()):
            if text.get_text_range(place, 1).strip():
                yield box(number, text.get_charbox(place))


def place_of(document: pypdfium2.PdfDocument, words: str) -> Box:
    """The first letter of these words."""
    for number, page in enumerate(document):
        text = page.get_textpage()
        found = text.search(words, match_case=True).get_next()
        if found:
            return box(number, text.get_charbox(found[0]))
    raise AssertionError(words)


@pytest.mark.parametrize("name", NAMES)
def test_places(name: str) -> None:
    with closing(pypdfium2.PdfDocument(printed(name))) as document:
        _page(document)
        _head(document)
        _ends(document, kind_of(name)[0].signer)


def _page(document: pypdfium2.PdfDocument) -> None:
    """A4, and nothing outside of the margins but the number of the page."""
    for page in document:
        assert [round(side * POINT) for side in page.get_size()] == [WIDE, HIGH]
    for letter in letters(document):
        assert letter.left >= LEFT - SLACK, letter
        assert letter.right <= RIGHT + SLACK, letter
        assert letter.top >= TOP - SLACK, letter
        assert letter.bottom <= BOTTOM + SLACK or letter.top >= FOOTER - 5, letter


def _head(document: pypdfium2.PdfDocument) -> None:
    """The body and its number on the left, the country and the day on the right, in one band."""
    heading, issuer = place_of(document, "CỘNG HÒA"), place_of(document, "PHƯỜNG")
    assert (heading.page, issuer.page) == (0, 0)
    assert heading.left > WIDE / 2 - 10 > issuer.left
    assert heading.top < 35 > issuer.top - 10
    number, dated = place_of(document, "Số: "), place_of(document, ", ngày 04 tháng 12")
    assert number.left < WIDE / 2 < dated.left
    assert heading.top < number.top < 60 > dated.top > heading.top


def _ends(document: pypdfium2.PdfDocument, signer: Signer) -> None:
    """To whom it goes stands left of who signs, both on one page and the name below; the head's
    opinion on an officer's own work below that; the proof comes last, within the margins."""
    to, head = place_of(document, "Nơi nhận:"), place_of(document, HEAD)
    name = head if signer is Signer.HEAD else place_of(document, OFFICER)
    assert to.left < WIDE / 2 < name.left
    assert to.page == name.page
    assert 20 < name.top - to.top < 60
    proof = place_of(document, "Kiểm tra văn bản")
    place_of(document, "/xac-thuc/VB-00000-00000-00/")  # copied, it leads there
    assert (proof.page, proof.top) > (head.page, head.top) >= (name.page, name.top)
