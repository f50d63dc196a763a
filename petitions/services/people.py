"""The people of a letter: parties that say somebody is there, and sealed who it is."""

from collections.abc import Mapping, Sequence
from typing import Any

from common.crypto import seal, seal_for_vault
from communes.models import Unit
from petitions.enums import Kind, PartyRole
from petitions.models import Letter, Party, SealedIdentity
from petitions.models.identity import identity_context
from petitions.services.tells import tells_of

KEPT = ("full_name", "name", "identity_number", "address", "phone", "email")
# A petitioner of a copied letter whose box is taken over as it is stands under this key.
SEALED = "sealed"
Person = Mapping[str, Any]


def people_save(
    letter: Letter,
    petitioners: Sequence[Person],
    respondent: Person | None,
    respondent_unit: Unit | None,
) -> None:
    """Parties and sealed identities of a letter being filed, in the caller's transaction."""
    people = [(PartyRole.PETITIONER, person) for person in petitioners]
    if respondent:
        people.append((PartyRole.RESPONDENT, respondent))
    parties = [
        Party(
            letter=letter,
            role=role,
            number=number,
            is_representative=bool(person.get("representative")),
            unit=respondent_unit if role == PartyRole.RESPONDENT else None,
            position=person.get("position") or "" if role == PartyRole.RESPONDENT else "",
        )
        for number, (role, person) in enumerate(people, start=1)
    ]
    Party.objects.bulk_create(parties)
    SealedIdentity.objects.bulk_create(
        [
            identity_sealed(party, person, is_denouncer=_is_denouncer(letter, role))
            for party, (role, person) in zip(parties, people, strict=True)
        ]
    )


def _is_denouncer(letter: Letter, role: str) -> bool:
    return letter.kind == Kind.DENUNCIATION and role == PartyRole.PETITIONER


def identity_sealed(party: Party, person: Person, *, is_denouncer: bool) -> SealedIdentity:
    """The unsaved box of a person: a denouncer's for the vault alone, a copied one as it is."""
    if SEALED in person:
        return _taken_over(party, person[SEALED])
    data = {key: person[key] for key in KEPT if person.get(key)}
    context = identity_context(party.pk)
    if not is_denouncer:
        version, box = seal(data, context=context)
        return SealedIdentity(party=party, key_version=version, box=box)
    version, box = seal_for_vault(data, context=context)
    tells = tells_of(data, party.pk)
    return SealedIdentity(party=party, is_protected=True, key_version=version, box=box, tells=tells)


def _taken_over(party: Party, source: SealedIdentity) -> SealedIdentity:
    """A denouncer stays one in whatever grows out of the letter: nobody here can open the box."""
    return SealedIdentity(
        party=party,
        is_protected=True,
        key_version=source.key_version,
        box=bytes(source.box),
        made_for_id=source.sealed_for,
        tells=source.tells,
    )
