"""What people hold where, from when to when, and what they handed over."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from allauth.mfa.models import Authenticator
from django.db.models import Q
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.access import Access
from accounts.enums import ElevationGround, Role
from accounts.models import AccountEvent, Delegation, Elevation, Membership, User
from accounts.roles import PERMISSION_WORDS, Permission
from accounts.selectors import roles_with
from accounts.selectors_own import WORDS
from accounts.services_locks import NOBODY_NAME, sign_in_is_locked
from common.codes import page_key, page_token
from common.text import fold
from communes.models import Unit

PERSON, HELD = "person", "membership"
NAMED_MAX = 50


def token_of(what: str, key: int) -> str:
    """A person or a membership in an address: neither a name nor a key of the database."""
    return page_token(key, context=what)


def key_of(what: str, token: str) -> int:
    """The key behind a token. Raises NotVisible."""
    return page_key(token, context=what)


def person_of(token: str) -> int:
    """The key of a person. Raises NotVisible."""
    return key_of(PERSON, token)


@dataclass(frozen=True)
class PersonShown:
    token: str
    user: User
    memberships: list[Membership]


def permission_words(permissions: Sequence[str]) -> list[str]:
    """Rights in words."""
    return [capfirst(str(PERMISSION_WORDS[Permission(value)])) for value in permissions]


def people_of(unit: Unit) -> list[PersonShown]:
    """Everybody who holds or held a position in a unit, by name; one query."""
    rows = Membership.objects.filter(unit=unit).select_related("user", "unit")
    found: dict[int, PersonShown] = {}
    for row in rows.order_by("user__full_name", "user_id", "-valid_from", "id"):
        one = found.setdefault(
            row.user_id, PersonShown(token_of(PERSON, row.user_id), row.user, [])
        )
        one.memberships.append(row)
    return list(found.values())


class HeldShown(NamedTuple):
    token: str
    row: Membership
    is_open: bool


def roles_of(person: int, on: dt.date) -> list[HeldShown]:
    """Every role of a person, the latest first; one query."""
    rows = Membership.objects.filter(user_id=person).select_related("unit")
    return [
        HeldShown(token_of(HELD, row.pk), row, row.is_open(on))
        for row in rows.order_by("-valid_from", "-id")
    ]


def people_without_role() -> list[PersonShown]:
    """Accounts that never had a position: just opened, or forgotten; one query."""
    rows = User.objects.filter(memberships=None).exclude(username=NOBODY_NAME)
    return [
        PersonShown(token_of(PERSON, row.pk), row, []) for row in rows.order_by("full_name", "id")
    ]


def people_named(text: str) -> list[PersonShown]:
    """Accounts whose name or user name has every word of a text, with or without accents: the
    first by name; two queries. The city has some thousand accounts."""
    words = fold(text).split()
    every = User.objects.exclude(username=NOBODY_NAME).order_by("full_name", "id")
    keys = [
        key
        for key, *names in every.values_list("pk", "full_name", "username")
        if words and all(word in fold(" ".join(names)) for word in words)
    ]
    rows = every.filter(pk__in=keys[:NAMED_MAX]).prefetch_related("memberships__unit")
    return [PersonShown(token_of(PERSON, row.pk), row, list(row.memberships.all())) for row in rows]


class SignInState(NamedTuple):
    is_locked: bool
    has_second_factor: bool


def sign_in_state(user: User) -> SignInState:
    """What helps somebody who cannot sign in; two queries."""
    factors = Authenticator.objects.filter(user=user).exclude(type="recovery_codes")
    return SignInState(sign_in_is_locked(user.username), factors.exists())


@dataclass(frozen=True)
class EventShown:
    at: dt.datetime
    words: str
    detail: str
    by: str


_DAYS = ("from", "to")
_DETAILS = ("unit", "role", "from", "to", "ground", "text", "minutes")


def person_history(person: int, limit: int = 50) -> list[EventShown]:
    """What happened to an account, for who keeps it, the latest first; two queries."""
    rows = AccountEvent.objects.filter(user_id=person, action__in=WORDS).select_related("actor")
    found = list(rows.order_by("-sequence")[:limit])
    units = Unit.objects.in_bulk({row.data.get("unit", "") for row in found}, field_name="code")
    return [
        EventShown(row.at, str(WORDS[row.action]), event_detail(_named(row, units)), event_by(row))
        for row in found
    ]


def _named(row: AccountEvent, units: dict[str, Unit]) -> dict[str, Any]:
    """The data of an event with the name of its unit in place of the code."""
    unit = units.get(row.data.get("unit", ""))
    data: dict[str, Any] = row.data
    return data | {"unit": str(unit)} if unit else data


def event_detail(data: dict[str, Any], *without: str) -> str:
    """What an event says besides its name, as people read it."""
    names = [name for name in _DETAILS if data.get(name) and name not in without]
    return " · ".join(_value(name, data[name]) for name in names)


def _value(name: str, value: Any) -> str:
    if name == "role" and value in Role.values:
        return str(Role(value).label)
    if name == "ground" and value in ElevationGround.values:
        return str(ElevationGround(value).label)
    if name in _DAYS:
        day = f"{dt.date.fromisoformat(value):%d/%m/%Y}"
        return (_("from %(day)s") if name == "from" else _("to %(day)s")) % {"day": day}
    return ngettext("%d minute", "%d minutes", value) % value if name == "minutes" else str(value)


def event_by(row: AccountEvent) -> str:
    """Whoever else did it to the account."""
    return row.actor.full_name if row.actor is not None and row.actor_id != row.user_id else ""


@dataclass(frozen=True)
class DelegationShown:
    row: Delegation
    words: list[str]
    is_open: bool
    is_revocable: bool


def delegations_around(access: Access, on: dt.date) -> list[DelegationShown]:
    """Given and received, and those of units in which the reader decides; everything in force for
    who keeps accounts. One query."""
    if access.has(Permission.ACCOUNT_KEEP):
        return _delegations_in_force(on)
    units = access.units(Permission.CASE_DECIDE)
    near = Q(giver_id=access.actor_id) | Q(holder_id=access.actor_id) | Q(unit__in=units)
    rows = Delegation.objects.filter(near).select_related("giver", "holder", "unit")
    return [
        DelegationShown(
            row,
            permission_words(row.permissions),
            row.is_open(on),
            row.giver_id == access.user_id or row.unit_id in units,
        )
        for row in rows.order_by("-given_at", "-id")[:100]
    ]


def _delegations_in_force(on: dt.date) -> list[DelegationShown]:
    rows = Delegation.objects.filter(revoked_at=None, valid_to__gte=on)
    return [
        DelegationShown(row, permission_words(row.permissions), True, True)
        for row in rows.select_related("giver", "holder", "unit").order_by("-given_at", "-id")
    ]


def colleagues_in(unit: Unit, on: dt.date, me: int) -> list[tuple[str, str]]:
    """Whom rights may be handed to: user name and label; one query."""
    rows = Membership.objects.current(on).filter(unit=unit, user__is_active=True)
    found: dict[str, list[str]] = {}
    names: dict[str, str] = {}
    for row in rows.exclude(user_id=me).select_related("user").order_by("user__full_name", "id"):
        found.setdefault(row.user.username, []).append(str(row.get_role_display()))
        names[row.user.username] = row.user.full_name
    return [(name, f"{names[name]} ({', '.join(roles)})") for name, roles in found.items()]


def elevations_lately(limit: int) -> list[Elevation]:
    """The latest elevations of all administrators; one query."""
    return list(Elevation.objects.select_related("user").order_by("-begun_at", "-id")[:limit])


def giving_units(access: Access, on: dt.date) -> list[Unit]:
    """Units in which the reader decides by position, and may hand over; one query."""
    deciding = roles_with(Permission.CASE_DECIDE)
    held = Membership.objects.current(on).filter(user_id=access.actor_id, role__in=deciding)
    return list(Unit.objects.filter(pk__in=held.values("unit_id")).order_by("name"))
