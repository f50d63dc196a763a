"""Writing what letters are compared by: at filing, and afterwards for letters without it."""

from collections.abc import Mapping, Sequence
from typing import Any

import structlog
from cryptography.exceptions import InvalidTag
from django.db import transaction
from django.db.models import QuerySet

from common.codes import token_hmac
from common.text import fold
from communes.models import Unit
from petitions.enums import Kind, PartyRole
from petitions.models import Letter, LetterSignature, Party
from petitions.selectors import identity_unseal
from petitions.similarity import document_numbers, signature

log = structlog.get_logger(__name__)
ADDRESS_WORDS = 3  # "Số 5" is many houses
DOCUMENTS_MAX, DOCUMENT_LENGTH = 20, 40
Person = Mapping[str, Any]


def signature_write(
    letter: Letter, petitioners: Sequence[Person], respondent: Person | None, unit: Unit | None
) -> None:
    """Store the signature of a letter being filed, in the caller's transaction."""
    _build(letter, petitioners, respondent, unit.pk if unit else None).save(force_insert=True)


def signatures_fill(batch: int = 200) -> int:
    """Sign the oldest ``batch`` letters that have no signature; how many there were.

    Locked letters are left to whoever holds them, so several may run at once and the portal goes
    on. Identities are unsealed here by the machine alone: only their HMACs leave this function.
    """
    with transaction.atomic():
        letters = list(_unsigned().select_for_update(skip_locked=True, of=("self",))[:batch])
        rows = [_from_stored(letter) for letter in letters]
        LetterSignature.objects.bulk_create(rows, ignore_conflicts=True)
    return len(letters)


def _unsigned() -> QuerySet[Letter]:
    return (
        Letter.objects.filter(signature=None).order_by("id").prefetch_related("parties__identity")
    )


def _from_stored(letter: Letter) -> LetterSignature:
    people: dict[str, list[Person]] = {role: [] for role in PartyRole.values}
    unit_id = None
    for party in letter.parties.all():
        people[party.role].append(_opened(party))
        unit_id = unit_id or party.unit_id
    respondent = next(iter(people[PartyRole.RESPONDENT]), None)
    return _build(letter, people[PartyRole.PETITIONER], respondent, unit_id)


def _opened(party: Party) -> Person:
    """The party's data. One box that cannot be opened must not stop all letters after it."""
    try:
        return identity_unseal(party.identity)
    except (InvalidTag, KeyError):
        log.warning("petitions.signature.identity_unreadable", letter_id=party.letter_id)
        return {}


def _build(
    letter: Letter, petitioners: Sequence[Person], respondent: Person | None, unit_id: int | None
) -> LetterSignature:
    text = f"{letter.subject}\n{letter.content}\n{letter.request}"
    signed = signature(text)
    documents = [n for n in document_numbers(text) if len(n) <= DOCUMENT_LENGTH]
    # A purpose of its own: what a denouncer wrote besides must not be found by comparing rows.
    purpose = "similar:denunciation" if letter.kind == Kind.DENUNCIATION else "similar"
    return LetterSignature(
        letter=letter,
        bands=list(signed.bands),
        minima=signed.minima,
        identity_hashes=_identities(purpose, petitioners),
        name_hashes=_names(letter, petitioners),
        respondent_hash=_respondent(respondent, unit_id),
        address_hash=_address(purpose, petitioners),
        document_numbers=documents[:DOCUMENTS_MAX],
    )


def _names(letter: Letter, people: Sequence[Person]) -> list[int]:
    """A denouncer is found by nobody's search: that would open his identity unrecorded."""
    if letter.kind == Kind.DENUNCIATION:
        return []
    return sorted({name_hash(p["full_name"]) for p in people if p.get("full_name")})


def name_hash(name: str) -> int:
    """What a whole name is searched by, accents and case aside."""
    return _hash("search:name", " ".join(fold(name).split()))


def identity_hash(number: str) -> int:
    """What an identity number is searched by; those of denouncers are made otherwise."""
    plain = "".join(ch for ch in number if ch.isalnum())
    return _hash("similar:identity", plain.lower())


def _identities(purpose: str, people: Sequence[Person]) -> list[int]:
    """Each petitioner by identity number, and by name with address for who gave no number."""
    found = set()
    for person in people:
        number = "".join(ch for ch in person.get("identity_number") or "" if ch.isalnum())
        name, address = fold(person.get("full_name") or ""), fold(person.get("address") or "")
        if number:
            found.add(_hash(f"{purpose}:identity", number.lower()))
        if name and address:
            found.add(_hash(f"{purpose}:name", f"{name}|{address}"))
    return sorted(found)


def _respondent(respondent: Person | None, unit_id: int | None) -> int | None:
    name = fold((respondent or {}).get("name") or (respondent or {}).get("full_name") or "")
    return _hash("similar:respondent", f"{name}|{unit_id or ''}") if name else None


def _address(purpose: str, people: Sequence[Person]) -> int | None:
    """The address of the representative, or of the first petitioner, when it is a full one."""
    first = next((p for p in people if p.get("representative")), people[0] if people else {})
    address = fold(first.get("address") or "")
    exact = len(address.split()) >= ADDRESS_WORDS
    return _hash(f"{purpose}:address", address) if exact else None


def _hash(purpose: str, text: str) -> int:
    """64 bits of the HMAC, as PostgreSQL's bigint holds them."""
    return int.from_bytes(token_hmac(purpose, text)[:8], "big", signed=True)
