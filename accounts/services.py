"""Changes to accounts: memberships and API tokens."""

import datetime as dt
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.enums import Scope
from accounts.models import AccountEvent, ApiToken, Membership, User
from accounts.tell import News, tell
from common.codes import token_hmac
from common.errors import InvalidInput, NotVisible
from common.history import NewEvent
from common.time import local_date, local_moment, now
from communes.models import Unit

TOKEN_PURPOSE = "api-token"  # noqa: S105 -- the name of a use, not a token
TOKEN_DAYS, TOKEN_DAYS_MAX = 90, 365
TOKEN_TOLD_BEFORE = dt.timedelta(days=14)


@transaction.atomic
def membership_add(
    *,
    user: User,
    unit: Unit,
    role: str,
    valid_from: dt.date,
    valid_to: dt.date | None = None,
    title: str = "",
    by: User | None = None,
) -> Membership:
    """Give a person a role in a unit between two local dates, both included, or without an end.
    The same membership is given once."""
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    membership, created = Membership.objects.get_or_create(
        user=user,
        unit=unit,
        role=role,
        valid_from=valid_from,
        defaults={"valid_to": valid_to, "title": title},
    )
    if created:
        data = {"unit": unit.code, "role": role, "from": valid_from.isoformat()}
        if valid_to is not None:
            data["to"] = valid_to.isoformat()
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
def account_note(
    user: User, action: str, data: dict[str, Any] | None = None, by: int | None = None
) -> None:
    """Something happened to an account; ``by`` is the person's own key unless another did it."""
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    AccountEvent.append(NewEvent(user.pk, action, data or {}, by or user.pk))


@dataclass(frozen=True)
class TokenPlan:
    """``days``: how long the token holds, between 1 and 365."""

    name: str = ""
    scopes: Collection[str] = tuple(Scope)
    days: int = TOKEN_DAYS


@transaction.atomic
def api_token_create(*, user: User, plan: TokenPlan | None = None, by: User | None = None) -> str:
    """A new token of 256 random bits with the rights of ``user`` inside its scopes; shown this
    once. Raises InvalidInput on ``scopes`` or ``days``."""
    wanted = plan or TokenPlan()
    scopes = sorted(Scope(scope).value for scope in wanted.scopes)
    if not scopes:
        raise InvalidInput(fields={"scopes": [_("Choose one.")]})
    if not 1 <= wanted.days <= TOKEN_DAYS_MAX:
        raise InvalidInput(fields={"days": [_("A token holds between 1 day and one year.")]})
    token = secrets.token_urlsafe(32)
    row = ApiToken.objects.create(
        user=user,
        name=wanted.name,
        scopes=scopes,
        token_hmac=token_hmac(TOKEN_PURPOSE, token),
        expires_at=now() + dt.timedelta(days=wanted.days),
    )
    data = {"token": str(row.public_id), "scopes": scopes, "days": wanted.days}
    account_note(user, "accounts.token.created", data, by.pk if by else None)
    return token


@transaction.atomic
def api_token_revoke(*, user: User, public_id: UUID, by: User | None = None) -> None:
    """A token opens nothing any more. Raises NotVisible for one that is not open or not theirs."""
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    rows = ApiToken.objects.filter(user=user, public_id=public_id, revoked_at=None)
    if not rows.update(revoked_at=now()):
        raise NotVisible
    data = {"token": str(public_id)}
    account_note(user, "accounts.token.revoked", data, by.pk if by else None)


@transaction.atomic
def api_tokens_revoke(*, user: User, by: int | None = None) -> int:
    """No token of a person opens anything any more; returns how many did not end before."""
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    rows = ApiToken.objects.filter(user=user, revoked_at=None)
    numbers = [str(number) for number in rows.order_by("id").values_list("public_id", flat=True)]
    rows.update(revoked_at=now())
    AccountEvent.append_many(
        [
            NewEvent(user.pk, "accounts.token.revoked", {"token": number}, by or user.pk)
            for number in numbers
        ]
    )
    return len(numbers)


def tokens_tell(on: dt.date) -> int:
    """Tell the owners of tokens that end within two weeks, once a token; returns how many."""
    soon = local_moment(on + TOKEN_TOLD_BEFORE)
    rows = ApiToken.objects.filter(revoked_at=None, expires_at__gt=now(), expires_at__lte=soon)
    told = 0
    for row in rows.order_by("id"):
        ends_on = local_date(row.expires_at).isoformat()
        params = {"name": row.name, "due_on": ends_on, "href": reverse("account_tokens")}
        key = f"token-ends:{row.public_id}"
        tell(News(key, "token_ends", people=[row.user_id], params=params))
        told += 1
    return told
