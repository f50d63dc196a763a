"""Choose among the parts of a phrase book: ``[a|b]`` picks one, ``{slot}`` takes a fact."""

import random
import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

PHRASES = Path(__file__).parent / "phrases"
CHOICE = re.compile(r"\[([^\[\]]*)\]")


@cache
def frame() -> dict[str, Any]:
    """Parts that every letter may share: openings, earlier attempts, closings, slots."""
    return _load("frame.toml")


@cache
def officers() -> dict[str, Any]:
    """What officers write: proposals, notes, decisions, messages, minutes, progress."""
    return _load("officers.toml")


@cache
def situations(field: str) -> tuple[dict[str, Any], ...]:
    """The situations that letters about one field tell.

    Raises ``FileNotFoundError`` for a field without a phrase book.
    """
    return tuple(_load(f"letters/{field}.toml")["situation"])


def fields() -> list[str]:
    """Codes of all fields that have a phrase book, sorted."""
    return sorted(path.stem for path in (PHRASES / "letters").glob("*.toml"))


def choose(rng: random.Random, options: list[str]) -> str:
    """One of the options with its own inner choices made."""
    return settle(rng, rng.choice(options))


def settle(rng: random.Random, text: str) -> str:
    """Make the choices ``[a|b]`` inside a text, innermost first; slots stay open."""
    while CHOICE.search(text):
        text = CHOICE.sub(lambda found: rng.choice(found[1].split("|")), text)
    return text


def fill(text: str, facts: Mapping[str, str]) -> str:
    """Put the facts into the open slots and start every sentence with a capital."""
    filled = text.format_map(facts)
    return re.sub(r"(^|[.!?]\s+|\n)([a-zà-ỹđ])", lambda found: found[1] + found[2].upper(), filled)


def _load(name: str) -> dict[str, Any]:
    return tomllib.loads((PHRASES / name).read_text(encoding="utf-8"))
