"""Folding of Vietnamese text, so that "dat dai" finds "đất đai"."""

import re
import unicodedata

_SPACES = re.compile(r"\s+")


def fold(text: str) -> str:
    """Lower case without accents, đ as d, one space between words."""
    spread = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    plain = "".join(ch for ch in spread if not unicodedata.combining(ch))
    return _SPACES.sub(" ", plain).strip()


def is_storable(text: str) -> bool:
    """Whether PostgreSQL and UTF-8 can hold the text: no NUL and no lone surrogate."""
    if text.isascii():
        return "\0" not in text
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return "\0" not in text


def storable(text: str) -> str:
    """``text`` itself, or "" when the database could not even compare it: it names nothing."""
    return text if is_storable(text) else ""


def clean(text: str) -> str:
    """NFC, unified line ends, no surrounding space. NUL cannot be stored and is refused before."""
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n")).strip()
