"""What people see of their own account."""

import datetime as dt
from dataclasses import dataclass
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy

from accounts.enums import Device, Scope
from accounts.models import AccountEvent, ApiToken, SignIn, User
from common.time import now

NEWS = 30
WORDS: dict[str, str | Promise] = {
    "accounts.opened": gettext_lazy("Account opened"),
    "accounts.closed": gettext_lazy("Account closed"),
    "accounts.reopened": gettext_lazy("Account opened again"),
    "accounts.sign_in.begun": gettext_lazy("Signed in"),
    "accounts.sign_in.ended": gettext_lazy("Sign-in ended"),
    "accounts.sign_in.failed": gettext_lazy("Sign-in failed: wrong password"),
    "accounts.sign_in.locked": gettext_lazy("Sign-in locked after failures"),
    "accounts.sign_in.unlocked": gettext_lazy("Lock ended by an administrator"),
    "accounts.password.changed": gettext_lazy("Password changed"),
    "accounts.password.reset_asked": gettext_lazy("Link for a new password asked for"),
    "accounts.password.reset": gettext_lazy("New password set by link"),
    "accounts.second_factor.added": gettext_lazy("Second factor added"),
    "accounts.second_factor.removed": gettext_lazy("Second factor removed"),
    "accounts.second_factor.reset": gettext_lazy("New recovery codes made"),
    "accounts.second_factor.failed": gettext_lazy("Wrong code of the second factor"),
    "accounts.second_factor.cleared": gettext_lazy("Second factor removed by an administrator"),
    "accounts.token.created": gettext_lazy("API token made"),
    "accounts.token.revoked": gettext_lazy("API token revoked"),
    "accounts.membership.added": gettext_lazy("Role given"),
    "accounts.membership.ended": gettext_lazy("Role ended"),
    "accounts.elevation.begun": gettext_lazy("Elevated rights taken"),
    "accounts.elevation.ended": gettext_lazy("Elevated rights given back"),
    "accounts.delegation.given": gettext_lazy("Rights handed over to a colleague"),
    "accounts.delegation.received": gettext_lazy("Rights received from a colleague"),
    "accounts.delegation.revoked": gettext_lazy("Handed-over rights taken back"),
    "accounts.delegation.over": gettext_lazy("Received rights taken back"),
}


@dataclass(frozen=True)
class SignInShown:
    """``words``: the kind of device and the browser; the place is not known to us."""

    row: SignIn
    words: str
    is_this: bool


class NewsShown(NamedTuple):
    at: dt.datetime
    words: str


@dataclass(frozen=True)
class TokenShown:
    row: ApiToken
    scopes: list[str]
    is_over: bool


def sign_ins_open(user: User, this: int | None) -> list[SignInShown]:
    """Open sign-ins, this one first, then the last seen; one query."""
    rows = SignIn.objects.open(now()).filter(user=user).order_by("-seen_at", "-id")
    shown = [SignInShown(row, _device(row), row.pk == this) for row in rows]
    return sorted(shown, key=lambda one: not one.is_this)


def _device(row: SignIn) -> str:
    kind = capfirst(str(Device(row.device).label))
    return f"{kind}, {row.browser}" if row.browser else kind


def account_news(person: int, limit: int = NEWS) -> list[NewsShown]:
    """What happened to an account, the latest first; one query. What has no words is left out."""
    rows = AccountEvent.objects.filter(user_id=person, action__in=WORDS).order_by("-sequence")
    return [NewsShown(row.at, str(WORDS[row.action])) for row in rows[:limit]]


def tokens_of(user: User) -> list[TokenShown]:
    """Tokens of a person that are not revoked; one query."""
    moment = now()
    rows = ApiToken.objects.filter(user=user, revoked_at=None).order_by("-created_at", "-id")
    return [
        TokenShown(
            row,
            [capfirst(str(Scope(scope).label)) for scope in row.scopes],
            not row.is_open(moment),
        )
        for row in rows
    ]
