"""Exact signs that two letters belong together, as numbers that say nothing by themselves."""

import re
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Any

from common.codes import token_hmac
from common.text import fold
from petitions.similarity import document_numbers

PURPOSE = "letter-signal"


class Signal(StrEnum):
    PERSON = "person"
    ADDRESS = "address"
    RESPONDENT = "respondent"
    DOCUMENT = "document"


# Who wrote it: never used between letters of which one is a sealed denunciation.
OF_THE_WRITER = frozenset({Signal.PERSON, Signal.ADDRESS})
KINDS = tuple(Signal)


def signals_of(
    petitioners: Sequence[Mapping[str, Any]],
    respondent: Mapping[str, Any] | None,
    texts: Sequence[str],
) -> set[int]:
    """The signals of a letter; each number carries its kind (``kind_of``).

    A person is known by the identity number; without one by name and address together.
    """
    return {_number(kind, value) for kind, value in _all(petitioners, respondent, texts)}


def kind_of(signal: int) -> Signal:
    """What a stored number is a sign of."""
    return KINDS[signal & 3]


def documents_by_signal(*texts: str) -> dict[int, str]:
    """The document numbers named in the texts by their signals."""
    return {_number(Signal.DOCUMENT, number): number for number in document_numbers(*texts)}


def _all(
    petitioners: Sequence[Mapping[str, Any]],
    respondent: Mapping[str, Any] | None,
    texts: Sequence[str],
) -> Iterator[tuple[Signal, str]]:
    for person in petitioners:
        yield from _of_person(person)
    if respondent and respondent.get("name"):
        yield Signal.RESPONDENT, f"{_plain(respondent['name'])}|{respondent.get('unit') or ''}"
    for number in document_numbers(*texts):
        yield Signal.DOCUMENT, number


def _of_person(person: Mapping[str, Any]) -> Iterator[tuple[Signal, str]]:
    address = _plain(str(person.get("address") or ""))
    number = re.sub(r"\D", "", str(person.get("identity_number") or ""))
    if number:
        yield Signal.PERSON, number
    elif address:
        yield Signal.PERSON, f"{_plain(str(person.get('full_name') or ''))}|{address}"
    if address:
        yield Signal.ADDRESS, address


def _plain(text: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", fold(text)))


def _number(kind: Signal, value: str) -> int:
    digest = token_hmac(f"{PURPOSE}:{kind.value}", value)
    return int.from_bytes(digest[:8], "big", signed=True) & ~3 | KINDS.index(kind)
