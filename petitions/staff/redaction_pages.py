"""Where on a page somebody is, what was clicked, and how boxes are drawn on the picture."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy
from PIL import Image, ImageDraw

from attachments.pages import Box, PagesError, cover, page_ratios
from attachments.services import attachment_read
from attachments.shown import shown_as
from petitions.models import Letter, RedactedFile

WIDTHS = (320, 640, 960)
SIZES = (gettext_lazy("small"), gettext_lazy("medium"), gettext_lazy("large"))
Point = tuple[float, float]
_RED, _SHADE = (200, 0, 0), 110


@dataclass(frozen=True)
class PageView:
    """A page of a file in a width (pixels), perhaps with the first corner of a new box."""

    page: int
    pages: int
    width: int
    corner: Point | None = None

    @property
    def query(self) -> str:
        values: dict[str, Any] = {"trang": self.page, "rong": self.width}
        if self.corner is not None:
            values |= dict(zip("xy", self.corner_words, strict=True))
        return urlencode(values)

    @property
    def corner_words(self) -> list[str]:
        return [f"{part:.4f}" for part in self.corner or ()]

    @property
    def before(self) -> str:
        return replace(self, page=self.page - 1, corner=None).query if self.page > 1 else ""

    @property
    def behind(self) -> str:
        is_last = self.page >= self.pages
        return "" if is_last else replace(self, page=self.page + 1, corner=None).query

    @property
    def widths(self) -> list[tuple[int, Promise, str]]:
        """Every width with its word and its address."""
        return [
            (width, word, replace(self, width=width).query)
            for width, word in zip(WIDTHS, SIZES, strict=True)
        ]

    def at(self, point: Point) -> "PageView":
        return replace(self, corner=point)

    def without_corner(self) -> "PageView":
        return replace(self, corner=None)


def view_of(request: HttpRequest, pages: int) -> PageView:
    """From the address, or from the fields of a form; what is no number is the first page."""
    values = request.POST if "trang" in request.POST else request.GET
    page = _whole(values.get("trang", ""), 1)
    usual = WIDTHS[0] if request.headers.get("Sec-CH-UA-Mobile") == "?1" else WIDTHS[1]
    width = _whole(values.get("rong", ""), usual)
    corner = _part(values.get("x", "")), _part(values.get("y", ""))
    point = (corner[0], corner[1]) if corner[0] is not None and corner[1] is not None else None
    page = min(max(1, page), max(1, pages))
    return PageView(page, pages, width if width in WIDTHS else usual, point)


def point_of_click(request: HttpRequest) -> Point | None:
    """Where the picture was clicked; None for a press of the Enter key, which sends 0, 0."""
    x, y = _whole(request.POST.get("at.x", ""), 0), _whole(request.POST.get("at.y", ""), 0)
    width, height = _whole(request.POST.get("rong", ""), 0), _whole(request.POST.get("cao", ""), 0)
    if not (x or y) or not width or not height:
        return None
    return min(1.0, x / width), min(1.0, y / height)


def box_named(text: str) -> list[float]:
    """The box that a button names, "left top right bottom" as it is kept; [] for nonsense."""
    parts = [_part(part) for part in text.split(" ")]
    return [part for part in parts if part is not None] if len(parts) == 4 else []


@dataclass(frozen=True)
class Sheet:
    """A page of the copy as it will be released: its picture's address and height in pixels."""

    page: int
    href: str
    height: int


def ratios_of(file: RedactedFile) -> list[float]:
    """Height of every page of the file that is covered, for a width of 1; [] when it has none that
    can be shown here. The file is read once."""
    source = file.source
    if shown_as(source.content_type) != "pages":
        return []
    try:
        return page_ratios(attachment_read(source), source.content_type)
    except PagesError:
        return []


def sheets(file: RedactedFile, letter: Letter, width: int, seen: str) -> list[Sheet]:
    """Every page of a file that is in the copy, in a width (pixels); none where it has no pages or
    cannot be shown. ``seen`` changes the addresses with the draft."""
    name = [letter.case.code, letter.code, file.attachment.public_id]
    return [
        Sheet(
            page,
            f"{reverse('cases:redaction_page', args=[*name, page])}"
            f"?{urlencode({'rong': width, 'xem': 1, 'v': seen})}",
            max(1, round(width * ratio)),
        )
        for page, ratio in enumerate(ratios_of(file), start=1)
        if page not in file.left_pages
    ]


def box_of_numbers(values: Mapping[str, Decimal]) -> Box:
    """Percents of the form as fractions."""
    left, top = float(values["left"]) / 100, float(values["top"]) / 100
    return left, top, left + float(values["width"]) / 100, top + float(values["height"]) / 100


def numbers_of(one: Point, other: Point) -> dict[str, str]:
    """Two opposite corners as the form's percents."""
    left, top = min(one[0], other[0]), min(one[1], other[1])
    sides = {
        "left": left,
        "top": top,
        "width": max(one[0], other[0]) - left,
        "height": max(one[1], other[1]) - top,
    }
    return {name: f"{100 * side:.2f}" for name, side in sides.items()}


def drawing(
    boxes: Sequence[Any], view: PageView, *, is_final: bool
) -> Callable[[Image.Image], None]:
    """Paints the boxes: black as in the copy, or shaded with their numbers while working."""

    def draw(image: Image.Image) -> None:
        if is_final:
            cover(image, boxes)
            return
        for number, box in enumerate(boxes, start=1):
            _outlined(image, box, number)
        if view.corner is not None:
            _cross(image, view.corner)

    return draw


def _outlined(image: Image.Image, box: Sequence[float], number: int) -> None:
    """The officer still reads what lies under a box, to know that it is the right place."""
    wide, high = image.size
    corners = (
        int(box[0] * wide),
        int(box[1] * high),
        int(box[2] * wide) + 1,
        int(box[3] * high) + 1,
    )
    part = image.crop(corners)
    shade = Image.new("RGB", part.size, (0, 0, 0))
    image.paste(Image.blend(part, shade, _SHADE / 255), corners[:2])
    pen = ImageDraw.Draw(image)
    pen.rectangle(corners, outline=_RED, width=2)
    label = str(number)
    x, y = min(corners[0], wide - 20), min(corners[1], high - 16)
    pen.rectangle((x, y, x + 8 + 8 * len(label), y + 16), fill=_RED)
    pen.text((x + 4, y + 2), label, fill="white")


def _cross(image: Image.Image, point: Point) -> None:
    x, y = int(point[0] * image.width), int(point[1] * image.height)
    pen = ImageDraw.Draw(image)
    pen.line((x - 14, y, x + 14, y), fill=_RED, width=3)
    pen.line((x, y - 14, x, y + 14), fill=_RED, width=3)


def _whole(text: str, otherwise: int) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else otherwise


def _part(text: str) -> float | None:
    """A fraction from 0 to 1."""
    plain = text.replace(".", "", 1)
    if not plain.isascii() or not plain.isdecimal() or len(text) > 10:
        return None
    value = float(text)
    return value if 0 <= value <= 1 else None
