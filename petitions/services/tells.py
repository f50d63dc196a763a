"""What must not stand in a published text, as HMACs: compared without opening an identity.

Each HMAC is bound to the party that it was made for, so that it ties no two letters. Its lowest
byte is the number of words it spans, 0 for the last nine digits of a number.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from common.blind import blind_index
from common.crypto import is_vaulted
from common.text import fold
from petitions.enums import PartyRole
from petitions.models import Case, SealedIdentity
from petitions.selectors import identity_unseal

TELLING = ("full_name", "identity_number", "phone", "email", "address")
DIGITS = 9  # a telephone number is written with 0 or with the country's code
WORDS_MAX = 40


def tells_of(data: Mapping[str, Any], party_id: int) -> list[int]:
    """HMACs of everything in an identity that tells who it is."""
    told = [str(data[name]) for name in TELLING if data.get(name)]
    return sorted({_tell(party_id, *_span(item)) for item in told if words(item)})


def betrays(text: str, tells: Iterable[int], party_id: int) -> bool:
    """Whether anything that these HMACs were made of stands in the text."""
    wanted = set(tells)
    spans = {tell & 0xFF for tell in wanted}
    return any(_tell(party_id, size, item) in wanted for size, item in _parts(text, spans))


def tells_in(text: str, data: Mapping[str, Any]) -> bool:
    """The same for an identity at hand."""
    return betrays(text, tells_of(data, 0), 0)


def letters_betray(case: Case, texts: Mapping[str, str]) -> list[str]:
    """Names of the texts in which anything of a petitioner's sealed identity stands, of the letters
    of the case and of those merged into it. Compared by HMACs, or with the identity itself where it
    is not sealed for the vault; nothing is opened there."""
    cases = [case.pk, *case.merged.values_list("pk", flat=True)]
    sealed = list(
        SealedIdentity.objects.filter(
            party__letter__case_id__in=cases, party__role=PartyRole.PETITIONER
        )
    )
    return [name for name, text in texts.items() if any(_is_told(one, text) for one in sealed)]


def words(text: str) -> list[str]:
    """Folded words, whatever stood between them."""
    return "".join(ch if ch.isalnum() else " " for ch in fold(text)).split()


def _is_told(identity: SealedIdentity, text: str) -> bool:
    if is_vaulted(identity.key_version):
        return betrays(text, identity.tells, identity.sealed_for)
    return tells_in(text, identity_unseal(identity))


def _span(item: str) -> tuple[int, str]:
    number = "".join(ch for ch in item if ch.isdigit())
    if len(number) >= DIGITS:
        return 0, number[-DIGITS:]
    found = words(item)[:WORDS_MAX]
    return len(found), " ".join(found)


def _parts(text: str, spans: set[int]) -> Iterator[tuple[int, str]]:
    found = words(text)
    for size in spans - {0}:
        for first in range(len(found) - size + 1):
            yield size, " ".join(found[first : first + size])
    if 0 in spans:
        digits = "".join(ch for ch in text if ch.isdigit())
        yield from ((0, digits[n : n + DIGITS]) for n in range(len(digits) - DIGITS + 1))


def _tell(party_id: int, size: int, item: str) -> int:
    """56 bits of the HMAC and the span, as PostgreSQL's bigint holds them."""
    raw = blind_index(f"tell:{party_id}", item)[:7] + bytes([size])
    return int.from_bytes(raw, "big", signed=True)
