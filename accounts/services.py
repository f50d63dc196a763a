"""Changes to accounts: memberships and API tokens."""

import datetime as dt
import secrets

from django.db import transaction

from accounts.models import AccountEvent, ApiToken, Membership, User
from common.codes import token_hmac
from common.history import NewEvent
from communes.models import Unit

TOKEN_PURPOSE = "api-token"  # noqa: S105 -- the name of a use, not a token


@transaction.atomic
def membership_add(
    *, user: User, unit: Unit, role: str, valid_from: dt.date, by: User | None = None
) -> Membership:
    """Give a person a role in a unit from a local date on. The same membership is given once."""
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    membership, created = Membership.objects.get_or_create(
        user=user, unit=unit, role=role, valid_from=valid_from
    )
    if created:
        data = {"unit": unit.code, "role": role, "from": valid_from.isoformat()}
        AccountEvent.append(
            NewEvent(user.pk, "accounts.membership.added", data, by.pk if by else None)
        )
    return membership


@transaction.atomic
def membership_end(*, membership: Membership, valid_to: dt.date, by: User | None = None) -> None:
    """End a membership after a local date; the row stays, history needs it."""
    User.objects.select_for_update(no_key=True).get(pk=membership.user_id)
    membership.valid_to = valid_to
    membership.save(update_fields=["valid_to"])
    data = {
        "unit": membership.unit.code,
        "role": membership.role,
        "to": valid_to.isoformat(),
    }
    AccountEvent.append(
        NewEvent(membership.user_id, "accounts.membership.ended", data, by.pk if by else None)
    )


@transaction.atomic
def api_token_create(*, user: User) -> str:
    """A new token of 256 random bits with the whole right of ``user``; shown this once."""
    token = secrets.token_urlsafe(32)
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    ApiToken.objects.create(user=user, token_hmac=token_hmac(TOKEN_PURPOSE, token))
    AccountEvent.append(NewEvent(user.pk, "accounts.token.created", {}))
    return token
