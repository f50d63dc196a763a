"""Opening a protected identity: recorded for good before the vault is asked for it."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.access import Access
from accounts.roles import Permission
from common.errors import InvalidInput, NotPermitted, NotVisible
from common.history import NewEvent
from common.time import now
from common.vault import vault_ask
from petitions.enums import OPENING_GROUNDS, OpeningGround, PartyRole
from petitions.models import Case, CaseEvent, IdentityOpening, SealedIdentity
from petitions.models.events import OPENED
from petitions.policies import may_open_identity
from petitions.selectors_people import denunciations_of_number
from petitions.services.locking import case_lock, case_locked
from petitions.services.telling import tell_overseer
from petitions.validators import REASON_MAX, REASON_MIN, reason_words

SEARCH_REASON_MAX = 200  # the words of the ground are kept before it


@dataclass(frozen=True)
class Why:
    """Ground from the list and the text that goes with it."""

    ground: str
    reason: str


def identity_open(
    *, access: Access, code: str, party_number: int, why: Why, at: dt.datetime | None = None
) -> dict[str, Any]:
    """The personal data of a protected petitioner, after recording who looked and why.

    Article 49 of the Law on Denunciations. The record is committed first: the vault reads it
    itself. Raises NotVisible, NotPermitted, InvalidInput, and VaultAway or VaultRefused with the
    record kept.
    """
    opening = _record(access, code, party_number, why, at or now())
    return dict(vault_ask("open", opening=opening.pk)["data"])


@transaction.atomic(durable=True)
def _record(
    access: Access, code: str, party_number: int, why: Why, at: dt.datetime
) -> IdentityOpening:
    return opening_record(access, code, party_number, why, at)


def opening_record(
    access: Access, code: str, party_number: int, why: Why, at: dt.datetime
) -> IdentityOpening:
    """Record an opening in the caller's transaction, with nothing opened (``at``: UTC moment)."""
    case = case_locked(access, code)
    identity = SealedIdentity.objects.filter(
        party__letter__case=case, party__number=party_number, is_protected=True
    ).first()
    if identity is None:
        raise NotVisible
    refusal = may_open_identity(access, case, identity)
    if refusal is not None:
        raise NotPermitted(refusal)
    _why_check(why)
    return _written(access, case, [identity], why, at)[0]


def _why_check(why: Why, longest: int = REASON_MAX) -> None:
    """Raises InvalidInput for a ground that is not in the list or a text of the wrong length."""
    fields = {}
    if why.ground not in OPENING_GROUNDS:
        fields["ground"] = [_("Choose one.")]
    if not REASON_MIN <= len(why.reason.strip()) <= longest:
        fields["reason"] = [reason_words(longest)]
    if fields:
        raise InvalidInput(fields=fields)


def _written(
    access: Access, case: Case, identities: Sequence[SealedIdentity], why: Why, at: dt.datetime
) -> list[IdentityOpening]:
    """Openings in a case whose row is locked, its history, and the notice to whoever oversees it."""
    rows = IdentityOpening.objects.bulk_create(
        IdentityOpening(
            identity=identity,
            by_id=access.actor_id,
            at=at,
            ground=why.ground,
            reason=why.reason.strip(),
            unit_id=case.unit_id,
        )
        for identity in identities
    )
    data = {
        "parties": [identity.party.number for identity in identities],
        "ground": why.ground,
        # The rows themselves stand in no chain: a removed or changed one is found by these.
        "openings": [row.digest for row in rows],
    }
    CaseEvent.append(NewEvent(case.pk, OPENED, data, access.user_id, at))
    tell_overseer(access, case, "identity_opened", f"opening:{rows[0].pk}", at)
    return rows


@transaction.atomic
def denunciations_find(*, access: Access, number: str, why: Why) -> list[Case]:
    """Denunciations by who has this telephone or identity number, where the reader may open
    identities. Finding one says who wrote it: it takes a ground and a text, and is recorded and
    told like an opening.

    The same steps are taken for a number nobody has and for one of cases that the reader may not
    see. Raises NotVisible for who opens no identity, InvalidInput.
    """
    if not access.units(Permission.IDENTITY_OPEN):
        raise NotVisible
    _why_check(why, SEARCH_REASON_MAX)
    label = str(OpeningGround(why.ground).label)
    # No ground on which the vault opens anything: what was found is opened by itself.
    told = Why(OpeningGround.COUNTER_SEARCH.value, f"{label}: {why.reason.strip()}")
    found = denunciations_of_number(access, number) if number.strip() else []
    for case in found:
        _record_found(access, case, told)
    return found


def _record_found(access: Access, case: Case, why: Why) -> None:
    case_lock(case.pk)
    identities = list(
        SealedIdentity.objects.select_related("party")
        .filter(party__letter__case=case, party__role=PartyRole.PETITIONER, is_protected=True)
        .order_by("party__number")
    )
    if identities:
        _written(access, case, identities, why, now())
