"""Opening a protected identity: recorded before anything is shown."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.access import Access
from common.errors import InvalidInput, NotPermitted, NotVisible
from common.history import NewEvent
from common.time import now
from petitions.models import Case, CaseEvent, IdentityOpening, SealedIdentity
from petitions.policies import may_open_identity
from petitions.selectors import identity_unseal

REASON_MIN = 10
REASON_MAX = 300


@transaction.atomic
def identity_open(
    *,
    access: Access,
    code: str,
    party_number: int,
    reason: str,
    at: dt.datetime | None = None,
) -> dict[str, Any]:
    """The personal data of a protected petitioner, after recording who looked and why.

    Article 49 of the Law on Denunciations. Raises NotVisible, NotPermitted, or InvalidInput when
    the reason is shorter than 10 or longer than 300 characters.
    """
    case = (
        Case.objects.visible_to(access)
        .select_for_update(of=("self",), no_key=True)
        .filter(code=code)
        .first()
    )
    identity = SealedIdentity.objects.filter(
        party__letter__case=case, party__number=party_number
    ).first()
    if case is None or identity is None:
        raise NotVisible
    refusal = may_open_identity(access, case, identity)
    if refusal is not None:
        raise NotPermitted(refusal)
    if not REASON_MIN <= len(reason.strip()) <= REASON_MAX:
        raise InvalidInput(fields={"reason": [_("Give the reason in 10 to 300 characters.")]})
    moment = at or now()
    IdentityOpening.objects.create(
        identity=identity, by_id=access.actor_id, at=moment, reason=reason.strip()
    )
    data = {"party": party_number}
    CaseEvent.append(NewEvent(case.pk, "petitions.identity.opened", data, access.user_id, moment))
    return identity_unseal(identity)
