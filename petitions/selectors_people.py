"""Cases of a person, by whole name or identity number: never in an address, never denunciations."""

from functools import reduce
from operator import or_

from django.db.models import Q

from accounts.access import Access
from petitions.enums import Kind
from petitions.models import Case, LetterSignature
from petitions.services.signatures import identity_hash, name_hash

FOUND_MAX = 50


def cases_of_person(access: Access, *, name: str = "", identity_number: str = "") -> list[Case]:
    """The newest cases that the reader may see with a petitioner of this whole name or identity
    number, 50 at most.

    Denunciations are left out for everybody: finding one by the name would open the denouncer's
    identity without the recorded reason (Articles 47 to 49 of the Law on Denunciations). One
    query; nothing is decrypted.
    """
    asked = []
    if name.strip():
        asked.append(Q(name_hashes__overlap=[name_hash(name)]))
    if identity_number.strip():
        asked.append(Q(identity_hashes__overlap=[identity_hash(identity_number)]))
    if not asked:
        return []
    # One query: a cut before the reader's sight would lose own cases of a frequent name.
    letters = LetterSignature.objects.filter(reduce(or_, asked)).values("letter__case_id")
    seen = Case.objects.visible_to(access).exclude(kind=Kind.DENUNCIATION).filter(pk__in=letters)
    return list(seen.with_list_data().order_by("-submitted_at", "-id")[:FOUND_MAX])
