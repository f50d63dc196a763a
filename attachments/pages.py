"""Files as pictures of their pages: shown to be covered, and burnt into a new file.

Pure: bytes in, bytes out; no model, no storage. A copy is made of pixels alone, so that nothing
of the original travels along: no text layer, no EXIF, no author, no earlier revision.
"""

import io
import threading
import warnings
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager

import pypdfium2
from PIL import Image, ImageDraw, ImageOps, UnidentifiedImageError

PDF = "application/pdf"
PICTURES = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}
WITH_PAGES = frozenset({PDF, *PICTURES})
PAGES_MAX = 200
DPI = 150
SIDE_MAX = 2400  # pixels of the longer side of a page, A4 at 150 dpi has 1754
PIXELS_MAX = 65_000_000  # of a picture that came in: the largest ordinary phone has 64 million
QUALITY = 82
# Left, top, right, bottom as fractions of the page, 0 to 1.
Box = tuple[float, float, float, float]
_ORIENTATION = 0x0112  # EXIF: 5 to 8 are turned by a quarter
WHOLE: Box = (0.0, 0.0, 1.0, 1.0)

# Pillow only warns between one and two times its limit; here a warning is a refusal.
warnings.simplefilter("error", Image.DecompressionBombWarning)
# PDFium may be used by one thread at a time.
_PDFIUM = threading.Lock()
_BROKEN = (
    OSError,
    SyntaxError,
    ValueError,
    UnidentifiedImageError,
    Image.DecompressionBombError,
    Image.DecompressionBombWarning,
    pypdfium2.PdfiumError,
)


class PagesError(Exception):
    """The file cannot be shown as pages: broken, locked, or too large to be opened safely."""


def page_count(data: bytes, content_type: str) -> int:
    """How many pages the file has. Raises PagesError, also above ``PAGES_MAX``."""
    if content_type in PICTURES:
        picture_check(data, content_type)
        return 1
    with _document(data) as document:
        return _counted(document)


def pages_joined(documents: Iterable[bytes]) -> bytes:
    """The pages of these PDFs as one PDF, in their order, each document let go before the next is
    asked for. Raises PagesError."""
    out = io.BytesIO()
    with _PDFIUM:
        target = pypdfium2.PdfDocument.new()
    try:
        for data in documents:
            with _document(data) as source:
                target.import_pages(source)
        with _PDFIUM:
            target.save(out)
    finally:
        with _PDFIUM:
            target.close()
    return out.getvalue()


def page_ratio(data: bytes, content_type: str, number: int) -> float:
    """Height of a page for a width of 1. Raises PagesError."""
    if content_type in PICTURES:
        with _reading():
            image = _open(data, content_type)
            is_turned = image.getexif().get(_ORIENTATION, 1) >= 5
            return image.width / image.height if is_turned else image.height / image.width
    with _document(data) as document:
        width, height = _size(document, number)
        return height / width


def page_ratios(data: bytes, content_type: str) -> list[float]:
    """The same of every page, the file opened once. Raises PagesError, also above ``PAGES_MAX``."""
    if content_type in PICTURES:
        return [page_ratio(data, content_type, 1)]
    with _document(data) as document:
        sizes = [_size(document, number) for number in range(1, _counted(document) + 1)]
    return [height / width for width, height in sizes]


def page_picture(
    data: bytes,
    content_type: str,
    number: int,
    *,
    width: int,
    draw: Callable[[Image.Image], None] | None = None,
) -> bytes:
    """Page ``number`` (from 1) as JPEG, ``width`` pixels wide. Raises PagesError."""
    image = _page(data, content_type, number)
    height = max(1, round(image.height * width / image.width))
    image = image.resize((width, height), Image.Resampling.LANCZOS)
    if draw is not None:
        draw(image)
    return _jpeg(image, 80)


def burn(
    data: bytes,
    content_type: str,
    boxes: Mapping[int, Sequence[Box]],
    left_out: Collection[int] = (),
) -> bytes:
    """A new PDF of the pages as pixels, black where a box lies; pages ``left_out`` are not in it.

    Page by page, so that memory holds one page. Raises PagesError, also when no page is left.
    """
    total = page_count(data, content_type)
    kept = [number for number in range(1, total + 1) if number not in left_out]
    if not kept:
        raise PagesError
    return pdf_of_pictures(_burnt(data, content_type, kept, boxes))


def picture_check(data: bytes, content_type: str) -> None:
    """Raises PagesError when the picture's head cannot be read or announces too many pixels."""
    with _reading():
        _open(data, content_type)


def picture_stripped(data: bytes, content_type: str) -> bytes:
    """The same picture from its pixels alone, upright, in its own format: no EXIF, no place, no
    comment, no thumbnail. Raises PagesError."""
    with _reading():
        image = ImageOps.exif_transpose(_open(data, content_type))
        plain = Image.new(_mode(image), image.size)
        plain.paste(image.convert(plain.mode))
    held = io.BytesIO()
    if content_type == "image/jpeg":
        plain.convert("RGB").save(held, "JPEG", quality=92)
    elif content_type == "image/webp":
        plain.save(held, "WEBP", quality=92)
    else:
        plain.save(held, "PNG")
    return held.getvalue()


def cover(image: Image.Image, boxes: Sequence[Box]) -> None:
    """Paint the boxes black, outwards to whole pixels."""
    pen = ImageDraw.Draw(image)
    for left, top, right, bottom in boxes:
        corner = (int(left * image.width), int(top * image.height))
        pen.rectangle((corner, (right * image.width + 1, bottom * image.height + 1)), fill=0)


def pdf_of_pictures(pictures: Iterator[tuple[bytes, int, int]]) -> bytes:
    """A PDF of JPEG pages ``(bytes, width, height)`` at ``DPI``, with no information dictionary:
    no title, author, producer, date or identifier, the same bytes for the same pages.
    """
    # Object 1 is the catalogue, 2 the list of pages; each page takes three more.
    parts: list[bytes] = []
    for index, (jpeg, width, height) in enumerate(pictures):
        first = 3 + 3 * index
        parts += _page_objects(first, jpeg, width, height)
    pages = len(parts) // 3
    kids = " ".join(f"{3 + 3 * index} 0 R" for index in range(pages))
    head = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Count {pages} /Kids [{kids}] >>".encode(),
    ]
    return _written(head + parts)


def _page_objects(first: int, jpeg: bytes, width: int, height: int) -> list[bytes]:
    wide, high = width * 72 / DPI, height * 72 / DPI
    page = (
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {wide:.2f} {high:.2f}]"
        f" /Resources << /XObject << /P {first + 1} 0 R >> >> /Contents {first + 2} 0 R >>"
    )
    picture = (
        f"<< /Type /XObject /Subtype /Image /Width {width} /Height {height} /BitsPerComponent 8"
        f" /ColorSpace /DeviceRGB /Filter /DCTDecode /Length {len(jpeg)} >>\nstream\n"
    )
    shown = f"q {wide:.2f} 0 0 {high:.2f} 0 0 cm /P Do Q".encode()
    drawn = f"<< /Length {len(shown)} >>\nstream\n".encode() + shown + b"\nendstream"
    return [page.encode(), picture.encode() + jpeg + b"\nendstream", drawn]


def _written(objects: Sequence[bytes]) -> bytes:
    held, places = io.BytesIO(), []
    held.write(b"%PDF-1.4\n")
    for number, body in enumerate(objects, start=1):
        places.append(held.tell())
        held.write(f"{number} 0 obj\n".encode() + body + b"\nendobj\n")
    start = held.tell()
    held.write(f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode())
    held.writelines(f"{place:010d} 00000 n \n".encode() for place in places)
    held.write(f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\n".encode())
    held.write(f"startxref\n{start}\n%%EOF\n".encode())
    return held.getvalue()


def _burnt(
    data: bytes, content_type: str, numbers: Sequence[int], boxes: Mapping[int, Sequence[Box]]
) -> Iterator[tuple[bytes, int, int]]:
    for number in numbers:
        image = _page(data, content_type, number)
        cover(image, boxes.get(number, ()))
        yield _jpeg(image, QUALITY), image.width, image.height


def _jpeg(image: Image.Image, quality: int) -> bytes:
    held = io.BytesIO()
    # A new picture from the pixels: what Pillow keeps beside them (EXIF, profiles) stays behind.
    plain = Image.new("RGB", image.size)
    plain.paste(image)
    plain.save(held, "JPEG", quality=quality)
    return held.getvalue()


def _page(data: bytes, content_type: str, number: int) -> Image.Image:
    """A page as RGB pixels on white, its longer side at most ``SIDE_MAX``."""
    if content_type in PICTURES:
        return _picture_page(data, content_type)
    with _document(data) as document:
        scale = min(DPI / 72, SIDE_MAX / max(_size(document, number)))
        bitmap = document[number - 1].render(scale=scale)
        image: Image.Image = bitmap.to_pil()
        return image.convert("RGB")


def _size(document: pypdfium2.PdfDocument, number: int) -> tuple[float, float]:
    """Width and height of a page in points, 72 an inch; a strip of paper is no page."""
    if not 1 <= number <= _counted(document):
        raise PagesError
    width, height = document[number - 1].get_size()
    if min(width, height) < 1 or max(width, height) > 100 * min(width, height):
        raise PagesError
    return width, height


def _picture_page(data: bytes, content_type: str) -> Image.Image:
    with _reading():
        image = _open(data, content_type)
        image.draft("RGB", (SIDE_MAX, SIDE_MAX))
        image = ImageOps.exif_transpose(image)
        image.thumbnail((SIDE_MAX, SIDE_MAX), Image.Resampling.LANCZOS)
        full = image.convert("RGBA")
    page = Image.new("RGB", full.size, "white")
    page.paste(full, mask=full.getchannel("A"))
    return page


def _open(data: bytes, content_type: str) -> Image.Image:
    image = Image.open(io.BytesIO(data), formats=[PICTURES[content_type]])
    if image.width * image.height > PIXELS_MAX:
        raise PagesError
    return image


def _mode(image: Image.Image) -> str:
    return "RGBA" if image.has_transparency_data else "RGB"


def _counted(document: pypdfium2.PdfDocument) -> int:
    count = len(document)
    if not 1 <= count <= PAGES_MAX:
        raise PagesError
    return count


@contextmanager
def _document(data: bytes) -> Iterator[pypdfium2.PdfDocument]:
    with _PDFIUM, _reading():
        document = pypdfium2.PdfDocument(data)
        try:
            yield document
        finally:
            document.close()


@contextmanager
def _reading() -> Iterator[None]:
    """Whatever a decoder stumbles over is one thing for the caller."""
    try:
        yield
    except _BROKEN as error:
        raise PagesError from error
