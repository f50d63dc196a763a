"""Writing the signatures by which letters find each other."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from petitions.enums import PartyRole
from petitions.models import Letter, LetterSignature, Party
from petitions.selectors import identity_unseal
from petitions.signals import signals_of
from petitions.similarity import bands, pack, signature

BATCH = 500


def signature_build(
    letter: Letter,
    petitioners: Sequence[Mapping[str, Any]],
    respondent: Mapping[str, Any] | None,
) -> LetterSignature:
    """The unsaved signature of a letter, from the personal data that is about to be sealed."""
    texts = (letter.subject, letter.content, letter.request)
    bins = signature("\n".join(texts))
    return LetterSignature(
        letter=letter,
        bins=pack(bins),
        bands=bands(bins),
        signals=sorted(signals_of(petitioners, respondent, texts)),
    )


def signatures_backfill(*, after: int = 0, batch: int = BATCH) -> int | None:
    """Write the missing signatures of the next letters behind a key, in one transaction.

    Returns the key to go on from, None at the end. May be stopped and run again, also while
    letters come in.
    """
    with transaction.atomic():
        letters = list(Letter.objects.filter(pk__gt=after, signature=None).order_by("pk")[:batch])
        people = _people([letter.pk for letter in letters])
        LetterSignature.objects.bulk_create(
            [signature_build(letter, *people.get(letter.pk, ([], None))) for letter in letters],
            ignore_conflicts=True,
        )
    return letters[-1].pk if letters else None


def _people(letter_ids: list[int]) -> dict[int, tuple[list[dict[str, Any]], dict[str, Any] | None]]:
    """Opened in memory only, as on filing; nothing but HMACs is kept."""
    found: dict[int, tuple[list[dict[str, Any]], dict[str, Any] | None]] = {}
    rows = Party.objects.filter(letter_id__in=letter_ids).select_related("identity", "unit")
    for party in rows.order_by("letter_id", "number"):
        writers, respondent = found.get(party.letter_id, ([], None))
        data = identity_unseal(party.identity)
        if party.role == PartyRole.PETITIONER:
            writers = [*writers, data]
        else:
            respondent = {**data, "unit": party.unit.code if party.unit else ""}
        found[party.letter_id] = (writers, respondent)
    return found
