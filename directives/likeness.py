"""When the texts of two reports count as alike. Pure: the words and their signatures.

A text is compared as letters are (``petitions.similarity``): accents, case, spacing and numbers do
not count. ``digest`` tells whether not even the numbers differ.
"""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass

from common.text import fold
from petitions.similarity import likeness, signature

# Shorter texts are alike by habit ("Đã thực hiện đầy đủ"): only the very same words of several
# units say something, and of fewer than ``EQUAL_WORDS_MIN`` words not even these. One unit that
# says the very same again and again, for several periods or under several tasks, is pointed out
# from two words on.
WORDS_MIN = 15
EQUAL_WORDS_MIN = 5
EQUAL_UNITS_MIN = 3
REPEAT_WORDS_MIN = 2
REPEATS_MIN = 3
ALIKE_FROM = 0.9
_WORDS = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Print:
    """What a text is compared by. ``bands`` and ``minima``: ``petitions.similarity``."""

    words: int
    digest: str
    bands: tuple[int, ...]
    minima: bytes

    @property
    def is_compared(self) -> bool:
        """Whether the text is long enough to say anything."""
        return self.words >= REPEAT_WORDS_MIN

    @property
    def is_habit(self) -> bool:
        """Whether several units may well use the very same words; one unit repeats them."""
        return self.words < EQUAL_WORDS_MIN

    @property
    def is_short(self) -> bool:
        """Whether only the very same words and numbers count as alike."""
        return self.words < WORDS_MIN


def print_of(text: str) -> Print:
    """The fingerprint of a report's text; of a short one the digest alone."""
    words = _WORDS.findall(fold(text))
    digest = hashlib.sha256(" ".join(words).encode()).hexdigest()
    if len(words) < WORDS_MIN:
        return Print(len(words), digest, (), b"")
    made = signature(text)
    return Print(len(words), digest, made.bands, made.minima)


def share_alike(one: Print, digest: str, minima: bytes) -> float:
    """0 to 1: 1 for the same words and numbers."""
    return 1.0 if one.digest == digest else likeness(one.minima, minima)


def are_alike(one: Print, digest: str, minima: bytes) -> bool:
    return share_alike(one, digest, minima) >= ALIKE_FROM


@dataclass(frozen=True)
class Places:
    """Across what reports are alike: units, periods of one task of a unit, tasks of a unit."""

    units: bool = False
    periods: bool = False
    tasks: bool = False


def places_of(reports: Iterable[tuple[int, int, int]]) -> Places:
    """Of reports as ``(unit, task, period)``, 0 for a report on the whole task."""
    found = set(reports)
    works = {(unit, task) for unit, task, _period in found}
    units = {unit for unit, _task in works}
    return Places(len(units) > 1, len(found) > len(works), len(works) > len(units))
