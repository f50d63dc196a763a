"""Likeness of letters, without a database: shingles, MinHash signatures, bands, a score.

No Django here. A text is folded, numbers count as one word (a neighbour's plot and sums differ),
and what is compared are pairs of neighbouring words. A signature estimates the Jaccard likeness of
two sets of pairs (Broder 1997); its bands find candidates (locality-sensitive hashing).
"""

import hashlib
import re
import struct
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from operator import eq

from common.text import fold

BANDS, ROWS = 30, 5
PERMUTATIONS = BANDS * ROWS
SHINGLE = 2
# Chance that two of the single bytes kept of each minimum are alike without reason.
_CHANCE = 1 / 256
_UNPACK = struct.Struct(f"<{PERMUTATIONS}I")
_ROW = struct.Struct(f"<{ROWS}I")
_WORDS = re.compile(r"[^\W_]+")
_NUMBER = re.compile(r"\d+")
# Decisions on one case, such as 12/QĐ-UBND. With a year inside (61/2024/QĐ-UBND) it is a rule for
# everybody, cited by people who have nothing to do with each other, and is left out.
_DOCUMENT = re.compile(
    r"(?<![\d/.,-])0*(\d{1,6}) ?(?:/ ?([a-z]{1,5}(?: ?- ?[a-z&]{1,12})+)|- ?([a-z]{2,3} ?/ ?[a-z]{2,8}))"
)
_ACCENTED = {"QD": "QĐ", "HDND": "HĐND", "GCND": "GCNĐ", "BD": "BĐ", "HD": "HĐ", "LDTBXH": "LĐTBXH"}


@dataclass(frozen=True)
class Signature:
    """``bands``: 32-bit keys, one a band, equal where a band agrees. ``minima``: bytes to count."""

    bands: tuple[int, ...]
    minima: bytes


def shingles(text: str) -> frozenset[str]:
    """Pairs of neighbouring words of the folded text; a shorter text is one shingle."""
    words = _WORDS.findall(_NUMBER.sub("0", fold(text)))
    if len(words) < SHINGLE:
        return frozenset([" ".join(words)])
    return frozenset(map(" ".join, zip(*(words[n:] for n in range(SHINGLE)), strict=False)))


def signature(text: str) -> Signature:
    """The same for the same text in other accents, case, spacing and with other numbers."""
    size = 4 * PERMUTATIONS
    rows = [_UNPACK.unpack(hashlib.shake_128(s.encode()).digest(size)) for s in shingles(text)]
    minima = [min(column) for column in zip(*rows, strict=True)]
    bands = tuple(_band(n, minima[n * ROWS : (n + 1) * ROWS]) for n in range(BANDS))
    return Signature(bands, bytes(value & 255 for value in minima))


def _band(number: int, values: Sequence[int]) -> int:
    """A signed 32-bit key, so that PostgreSQL's integer holds it."""
    raw = number.to_bytes(2, "little") + _ROW.pack(*values)
    return int.from_bytes(hashlib.blake2s(raw, digest_size=4).digest(), "little", signed=True)


def likeness(one: bytes, other: bytes) -> float:
    """Estimated Jaccard likeness of two texts, 0 to 1, from the minima of their signatures."""
    agree: float = sum(map(eq, one, other)) / PERMUTATIONS
    return max(0.0, (agree - _CHANCE) / (1 - _CHANCE))


def jaccard(one: frozenset[str], other: frozenset[str]) -> float:
    """The true likeness that ``likeness`` estimates."""
    return len(one & other) / len(one | other)


def document_numbers(text: str) -> list[str]:
    """Numbers of decisions and notices on one case, folded, without spaces: ``12/qd-ubnd``."""
    found = {
        f"{number}/{slash}" if slash else f"{number}-{dash}"
        for number, slash, dash in _DOCUMENT.findall(fold(text))
    }
    return sorted(name.replace(" ", "") for name in found)


def document_name(number: str) -> str:
    """A folded number as people write it: ``12/QĐ-UBND``."""
    return re.sub(r"[A-Z]+", lambda m: _ACCENTED.get(m[0], m[0]), number.upper())


class Signal(StrEnum):
    """What two letters have in common, apart from their words."""

    PERSON = "person"
    DOCUMENT = "document"
    ADDRESS = "address"
    RESPONDENT = "respondent"


# Below it the words say nothing: letters on one subject share that much by habit.
TEXT_FLOOR = 0.3
# What is shown. The words alone reach it from 0.5 on; the same sender reaches it alone; the same
# decision needs the same respondent or some likeness of words; address or respondent never do.
SHOWN = 0.5
WEIGHTS = {
    Signal.PERSON: 0.5,
    Signal.DOCUMENT: 0.4,
    Signal.ADDRESS: 0.2,
    Signal.RESPONDENT: 0.2,
}


def score(words: float, signals: Collection[Signal]) -> float:
    """0 to 1: likeness of the words and exact signals, each taking its share of what is left."""
    apart = 1 - (words if words >= TEXT_FLOOR else 0)
    for signal in signals:
        apart *= 1 - WEIGHTS[signal]
    return round(1 - apart, 3)
