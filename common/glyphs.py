"""Which characters our fonts can print, and a text made of those alone. No Django."""

import struct
import unicodedata
from functools import cache
from pathlib import Path

FONTS = Path(__file__).resolve().parent / "fonts"
STAND_IN = "□"
# Marks that turn the direction of what follows, and other invisible ones: on paper they could
# only make a line read otherwise than it is stored.
_INVISIBLE = ("Cc", "Cf", "Cs", "Co", "Cn")
_BMP, _FULL = 4, 12  # formats of a character map


def printable(text: str) -> str:
    """NFC, without control and direction marks; what no font of ours has becomes ``□``."""
    known = characters()
    kept = (
        char
        for char in unicodedata.normalize("NFC", text)
        if char == "\n" or unicodedata.category(char) not in _INVISIBLE
    )
    return "".join(char if char == "\n" or ord(char) in known else STAND_IN for char in kept)


@cache
def characters() -> frozenset[int]:
    """The code points that every style of our family has."""
    maps = [_covered(path.read_bytes()) for path in sorted(FONTS.glob("*.ttf"))]
    return frozenset.intersection(*maps)


def _covered(font: bytes) -> frozenset[int]:
    """The code points of a TrueType file (tables ``cmap`` of formats 4 and 12)."""
    start = _table(font, b"cmap")
    (count,) = struct.unpack_from(">H", font, start + 2)
    found: set[int] = set()
    for index in range(count):
        (offset,) = struct.unpack_from(">I", font, start + 4 + 8 * index + 4)
        (kind,) = struct.unpack_from(">H", font, start + offset)
        if kind == _BMP:
            found |= _segments(font, start + offset)
        elif kind == _FULL:
            found |= _groups(font, start + offset)
    return frozenset(found)


def _table(font: bytes, name: bytes) -> int:
    (count,) = struct.unpack_from(">H", font, 4)
    for index in range(count):
        tag, _sum, offset, _length = struct.unpack_from(">4sIII", font, 12 + 16 * index)
        if tag == name:
            return int(offset)
    raise ValueError(name)


def _segments(font: bytes, at: int) -> set[int]:
    (double,) = struct.unpack_from(">H", font, at + 6)
    shape = f">{double // 2}H"
    ends = struct.unpack_from(shape, font, at + 14)
    starts = struct.unpack_from(shape, font, at + 16 + double)
    spans = zip(starts, ends, strict=True)
    return {code for first, last in spans for code in range(first, last + 1) if code < 0xFFFF}


def _groups(font: bytes, at: int) -> set[int]:
    (count,) = struct.unpack_from(">I", font, at + 12)
    spans = (struct.unpack_from(">III", font, at + 16 + 12 * index) for index in range(count))
    return {code for first, last, _glyph in spans for code in range(first, last + 1)}
