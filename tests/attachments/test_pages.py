"""Pages as pixels: what a box covers is gone, and nothing else travels along."""

import io

import pypdfium2
import pytest
from PIL import Image

from attachments.pages import (
    SIDE_MAX,
    WHOLE,
    PagesError,
    burn,
    page_count,
    page_picture,
    picture_stripped,
)
from tests.attachments.papers import pdf, photo

PDF = "application/pdf"
LINE = (0.05, 0.1, 0.95, 0.25)  # where ``papers.pdf`` writes its line


def opened(data: bytes) -> pypdfium2.PdfDocument:
    return pypdfium2.PdfDocument(data)


def pixels(data: bytes, page: int = 0) -> Image.Image:
    document = opened(data)
    image: Image.Image = document[page].render(scale=150 / 72).to_pil().convert("RGB")
    document.close()
    return image


def text_of(data: bytes) -> str:
    document = opened(data)
    found = "".join(page.get_textpage().get_text_range() for page in document)
    document.close()
    return found


def test_text_under_a_box_is_nowhere_in_the_copy() -> None:
    source = pdf("Vu Thi Bi Mat", "Trang hai")
    assert "Bi Mat" in text_of(source)  # the check itself can see
    copy = burn(source, PDF, {1: [LINE]})
    assert text_of(copy) == ""
    assert b"Bi Mat" not in copy
    for word in (b"Author", b"Title", b"Producer", b"Info", b"CreationDate", b"/ID", b"Metadata"):
        assert word not in copy
    assert pixels(copy).crop((80, 200, 1100, 400)).getextrema() == ((0, 0),) * 3


def test_what_is_not_covered_stays_readable_as_a_picture() -> None:
    source = pdf("Vu Thi Bi Mat", "Trang hai")
    both = pixels(source, 1), pixels(burn(source, PDF, {1: [WHOLE]}), 1)
    dark = [sum(image.convert("L").histogram()[:100]) for image in both]
    assert dark[0] > 500
    assert abs(dark[0] - dark[1]) < dark[0] * 0.3


def test_a_whole_page_is_black_and_a_page_left_out_is_not_there() -> None:
    source = pdf("mot", "hai", "ba")
    copy = burn(source, PDF, {1: [WHOLE]}, left_out={2})
    assert page_count(copy, PDF) == 2
    assert pixels(copy).getextrema() == ((0, 0),) * 3
    with pytest.raises(PagesError):
        burn(source, PDF, {}, left_out={1, 2, 3})


def test_the_same_pages_make_the_same_bytes() -> None:
    assert burn(pdf(), PDF, {1: [LINE]}) == burn(pdf(), PDF, {1: [LINE]})


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photo_loses_place_and_owner(kind: str) -> None:
    source, content_type = photo(kind), f"image/{kind.lower()}"
    assert b"Bi Mat" in source
    copy = burn(source, content_type, {1: [(0.0, 0.0, 0.3, 0.3)]})
    for word in (b"Bi Mat", b"Exif", b"GPS", b"xmp", b"Photoshop"):
        assert word not in copy
    image = pixels(copy)
    assert image.getpixel((20, 20)) == (0, 0, 0)
    assert min(image.getpixel((300, 200))) > 240


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_the_ordinary_download_is_stripped_and_upright(kind: str) -> None:
    content_type = f"image/{kind.lower()}"
    plain = picture_stripped(photo(kind, rotation=6), content_type)
    image = Image.open(io.BytesIO(plain))
    assert (image.format, image.size) == (kind, (300, 400))
    assert dict(image.getexif()) == {}
    assert b"Bi Mat" not in plain
    red, green, _blue = image.convert("RGB").getpixel((290, 10))
    assert red > 150 > green


def test_boxes_lie_on_the_upright_picture() -> None:
    copy = burn(photo(rotation=6), "image/jpeg", {1: [(0.7, 0.0, 1.0, 0.3)]})
    image = pixels(copy)
    assert image.size[0] < image.size[1]
    assert image.getpixel((image.width - 10, 10)) == (0, 0, 0)


def test_a_page_is_shown_in_the_width_that_was_asked_for() -> None:
    shown = Image.open(io.BytesIO(page_picture(pdf(), PDF, 1, width=320)))
    assert (shown.format, shown.width) == ("JPEG", 320)


def test_a_huge_page_is_bounded() -> None:
    huge = pdf().replace(b"[0 0 595 842]", b"[0 0 14000 14000]")
    shown = burn(huge, PDF, {})
    document = opened(shown)
    assert max(document[0].get_size()) <= SIDE_MAX * 72 / 150 + 1
    document.close()


@pytest.mark.parametrize(
    "data", [b"%PDF-1.7\nnothing", b"", b"%PDF-1.7\n" + b"\xff" * 5000, pdf()[:200]]
)
def test_what_cannot_be_opened_is_one_error(data: bytes) -> None:
    with pytest.raises(PagesError):
        page_count(data, PDF)


@pytest.mark.parametrize("number", [0, 2, -1])
def test_a_page_that_is_not_there(number: int) -> None:
    with pytest.raises(PagesError):
        page_picture(pdf(), PDF, number, width=320)


def test_too_many_pages_and_too_many_pixels(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("attachments.pages.PAGES_MAX", 2)
    with pytest.raises(PagesError):
        page_count(pdf("1", "2", "3"), PDF)
    monkeypatch.setattr("attachments.pages.PIXELS_MAX", 1000)
    for show in (page_count, picture_stripped):
        with pytest.raises(PagesError):
            show(photo(), "image/jpeg")
