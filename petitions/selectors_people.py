"""Cases of a person, by whole name, telephone or identity number: never in an address."""

from functools import reduce
from operator import or_

from django.db.models import Q

from accounts.access import Access
from accounts.roles import Permission
from petitions.enums import Kind
from petitions.models import Case, LetterSignature
from petitions.models.case import CaseQuerySet
from petitions.services.signatures import name_hash, number_hashes

FOUND_MAX = 50


def cases_of_person(access: Access, *, name: str = "", number: str = "") -> list[Case]:
    """The newest cases that the reader may see with a petitioner of this whole name, telephone or
    identity number, 50 at most.

    Denunciations are left out: finding one would open the denouncer's identity without the record
    (Articles 47 to 49 of the Law on Denunciations). One query; nothing is decrypted.
    """
    asked = []
    if name.strip():
        asked.append(Q(name_hashes__overlap=[name_hash(name)]))
    if number.strip():
        asked.append(_has_number(number, of_denouncers=False))
    if not asked:
        return []
    seen = Case.objects.visible_to(access).exclude(kind=Kind.DENUNCIATION)
    return _newest(seen, reduce(or_, asked))


def denunciations_of_number(access: Access, number: str) -> list[Case]:
    """Denunciations by a petitioner with this number, in units where the reader may open
    identities; whoever shows one records it (``denunciations_find``). One query, for every number."""
    opens = access.units(Permission.IDENTITY_OPEN)
    seen = Case.objects.visible_to(access).filter(kind=Kind.DENUNCIATION, unit_id__in=opens)
    return _newest(seen, _has_number(number, of_denouncers=True))


def _has_number(number: str, *, of_denouncers: bool) -> Q:
    identity, phone = number_hashes(number, of_denouncers=of_denouncers)
    return Q(identity_hashes__overlap=[identity]) | Q(phone_hashes__overlap=[phone])


def _newest(seen: CaseQuerySet, asked: Q) -> list[Case]:
    # One query: a cut before the reader's sight would lose own cases of a frequent name.
    letters = LetterSignature.objects.filter(asked).values("letter__case_id")
    rows = seen.filter(pk__in=letters).with_list_data()
    return list(rows.order_by("-submitted_at", "-id")[:FOUND_MAX])
