"""Writing what letters are compared by: at filing, and afterwards for letters without it."""

from collections.abc import Mapping, Sequence
from typing import Any

import structlog
from cryptography.exceptions import InvalidTag
from django.db import transaction
from django.db.models import Q, QuerySet

from common.blind import blind_index
from common.crypto import is_vaulted
from common.text import fold
from communes.models import Unit
from petitions.enums import Kind, PartyRole
from petitions.models import Letter, LetterSignature, Party
from petitions.selectors import identity_unseal
from petitions.similarity import document_numbers, signature

log = structlog.get_logger(__name__)
ADDRESS_WORDS = 3  # "Số 5" is many houses
DOCUMENTS_MAX, DOCUMENT_LENGTH = 20, 40
# What of a signature tells who sent the letter.
SENDER = ("identity_hashes", "phone_hashes", "address_hash")
RENEWED = ["bands", "minima", *SENDER, "name_hashes", "respondent_hash", "document_numbers"]
Person = Mapping[str, Any]


def signature_write(
    letter: Letter, petitioners: Sequence[Person], respondent: Person | None, unit: Unit | None
) -> None:
    """Store the signature of a letter being filed, in the caller's transaction."""
    _build(letter, petitioners, respondent, unit.pk if unit else None).save(force_insert=True)


def signature_copy(
    letter: Letter, source: Letter, respondent: Person | None, unit: Unit | None
) -> None:
    """The signature of a copied letter whose people are sealed for the vault: who sent it is
    taken over from the first letter, when both are denunciations, and left out otherwise."""
    new = _build(letter, [], respondent, unit.pk if unit else None)
    known = LetterSignature.objects.filter(letter=source).first()
    if known is not None and letter.kind == source.kind:
        for name in SENDER:
            setattr(new, name, getattr(known, name))
    new.save(force_insert=True)


def signatures_fill(batch: int = 200) -> int:
    """Sign the oldest ``batch`` letters whose signature is missing or was made before telephone
    numbers were in it; how many there were.

    Locked letters are left to whoever holds them, so several may run at once and the portal goes
    on. Identities of the first ring are unsealed here by the machine alone: only their HMACs leave
    this function. Those of the vault were signed when they were filed, or moved there.
    """
    with transaction.atomic():
        letters = list(_unsigned().select_for_update(skip_locked=True, of=("self",))[:batch])
        signatures_renew(letters)
    return len(letters)


def signatures_renew(letters: Sequence[Letter]) -> None:
    """Make the signatures of stored letters anew, in the caller's transaction."""
    rows = [_from_stored(letter) for letter in letters]
    LetterSignature.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["letter"], update_fields=RENEWED
    )


def signature_finish(letter_id: int) -> None:
    """Make a letter's signature whole before its people are sealed for the vault; it is made once,
    while all of them can be opened."""
    signatures_renew(list(_unsigned().filter(pk=letter_id)))


def _unsigned() -> QuerySet[Letter]:
    unfinished = LetterSignature.objects.filter(phone_hashes=None).values("letter_id")
    return (
        Letter.objects.filter(Q(signature=None) | Q(pk__in=unfinished))
        .order_by("id")
        .prefetch_related("parties__identity")
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
    if is_vaulted(party.identity.key_version):
        return {}
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
    purpose = _purpose(letter.kind == Kind.DENUNCIATION)
    return LetterSignature(
        letter=letter,
        bands=list(signed.bands),
        minima=signed.minima,
        identity_hashes=_identities(purpose, petitioners),
        phone_hashes=_phones(letter, petitioners),
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


def number_hashes(number: str, *, of_denouncers: bool) -> tuple[int, int]:
    """What a number is searched by: as an identity number, and as a telephone number."""
    purpose = _purpose(of_denouncers)
    return (
        _hash(f"{purpose}:identity", identity_plain(number)),
        _hash(f"{purpose}:phone", phone_plain(number)),
    )


def identity_plain(number: str) -> str:
    """An identity or passport number as it is compared: letters and digits alone."""
    return "".join(ch for ch in number if ch.isalnum()).lower()


def phone_plain(number: str) -> str:
    """A telephone number as it is compared: digits, the country's code as 0."""
    digits = "".join(ch for ch in number if ch.isdigit())
    return f"0{digits[2:]}" if digits.startswith("84") and len(digits) > 10 else digits


def _purpose(of_denouncers: bool) -> str:
    """A purpose of its own: what a denouncer wrote besides must not be found by comparing rows."""
    return "similar:denunciation" if of_denouncers else "similar"


def _identities(purpose: str, people: Sequence[Person]) -> list[int]:
    """Each petitioner by identity number, and by name with address for who gave no number."""
    found = set()
    for person in people:
        number = identity_plain(person.get("identity_number") or "")
        name, address = fold(person.get("full_name") or ""), fold(person.get("address") or "")
        if number:
            found.add(_hash(f"{purpose}:identity", number))
        if name and address:
            found.add(_hash(f"{purpose}:name", f"{name}|{address}"))
    return sorted(found)


def _phones(letter: Letter, people: Sequence[Person]) -> list[int]:
    purpose = _purpose(letter.kind == Kind.DENUNCIATION)
    phones = {phone_plain(person.get("phone") or "") for person in people} - {""}
    return sorted(_hash(f"{purpose}:phone", phone) for phone in phones)


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
    """64 bits of the blind index, as PostgreSQL's bigint holds them."""
    return int.from_bytes(blind_index(purpose, text)[:8], "big", signed=True)
