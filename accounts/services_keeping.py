"""What an elevated administrator does with accounts: roles with dates, locks, lost factors,
tokens, closing and opening again."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.access import Access
from accounts.enums import Role, SignInEnd
from accounts.models import Membership, User
from accounts.roles import Permission
from accounts.selectors_watchers import told_of_role
from accounts.services import (
    account_note,
    api_token_revoke,
    api_tokens_revoke,
    membership_add,
    membership_end,
)
from accounts.services_locks import NOBODY_NAME, sign_in_unlock
from accounts.services_sign_ins import sign_ins_revoke
from accounts.tell import News, tell
from common.errors import Conflict, InvalidInput, NotPermitted, NotVisible, Text
from common.time import now, today
from communes.models import Unit
from communes.selectors import unit_by_code


@dataclass(frozen=True)
class RolePlan:
    """A role in a unit (by code) from a local date on; ``valid_to`` None is without an end."""

    unit: str
    role: str
    valid_from: dt.date
    valid_to: dt.date | None = None
    title: str = ""


def account_for(access: Access, person: int) -> User:
    """An account that the caller keeps. Raises NotVisible (not elevated, unknown)."""
    if not access.has(Permission.ACCOUNT_KEEP):
        raise NotVisible
    found = User.objects.filter(pk=person).exclude(username=NOBODY_NAME).first()
    if found is None:
        raise NotVisible
    return found


@transaction.atomic
def role_give(*, access: Access, person: int, plan: RolePlan) -> Membership:
    """Give somebody else a role. Raises NotVisible, NotPermitted (the own account), InvalidInput
    on ``unit``, ``role``, ``valid_from`` or ``valid_to``."""
    user = _other(access, person)
    unit = unit_by_code(plan.unit)
    if unit is None:
        raise _no("unit", _("Choose one."))
    if plan.role not in Role.values:
        raise _no("role", _("Choose one."))
    if plan.role == Role.HEAD and not unit.is_commune_level:
        raise _no("role", _("Only a ward or commune has this position."))
    if plan.valid_to is not None and plan.valid_to < plan.valid_from:
        raise _no("valid_to", _("The last day lies before the first."))
    if _overlaps(user, unit, plan):
        raise _no("valid_from", _("The person holds this role in these days already."))
    by = User.objects.get(pk=access.actor_id)
    membership = membership_add(
        user=user,
        unit=unit,
        role=plan.role,
        valid_from=plan.valid_from,
        valid_to=plan.valid_to,
        title=plan.title,
        by=by,
    )
    _tell_of_role(membership, by.pk)
    return membership


@transaction.atomic
def role_end(*, access: Access, person: int, membership: int, valid_to: dt.date) -> None:
    """End a role after a local date. Raises NotVisible, NotPermitted, InvalidInput."""
    user = _other(access, person)
    found = Membership.objects.filter(pk=membership, user=user).first()
    if found is None:
        raise NotVisible
    if valid_to < max(found.valid_from, today() - dt.timedelta(days=1)):
        raise _no("valid_to", _("This day has passed already."))
    membership_end(membership=found, valid_to=valid_to, by=User.objects.get(pk=access.actor_id))


def lock_end(*, access: Access, person: int) -> bool:
    """End the lock after failures; returns whether there was one.

    Raises NotVisible, NotPermitted (the own account)."""
    return sign_in_unlock(user=_other(access, person), by=access.actor_id)


@transaction.atomic
def sign_ins_end(*, access: Access, person: int) -> int:
    """End every sign-in and every token of an account; returns how many sign-ins.

    Raises NotVisible, NotPermitted (the own account)."""
    return _put_out(_other(access, person), access)


def token_end(*, access: Access, person: int, public_id: UUID) -> None:
    """Revoke one token of somebody else. Raises NotVisible, NotPermitted (the own account)."""
    user = _other(access, person)
    by = User.objects.get(pk=access.actor_id)
    api_token_revoke(user=user, public_id=public_id, by=by)


@transaction.atomic
def account_close(*, access: Access, person: int, ground: str) -> None:
    """Nobody signs in with this account any more; sign-ins and tokens end. Its roles stay and are
    ended by themselves: who was who is history. Raises NotVisible, NotPermitted (the own
    account), InvalidInput on ``ground``, Conflict (closed already)."""
    user = _other(access, person)
    _active(user, False, ground)
    _put_out(user, access)
    account_note(user, "accounts.closed", {"ground": ground.strip()}, access.actor_id)


@transaction.atomic
def account_reopen(*, access: Access, person: int, ground: str) -> None:
    """A closed account signs in again, with its password and second factor. Raises NotVisible,
    NotPermitted (the own account), InvalidInput on ``ground``, Conflict (open already)."""
    user = _other(access, person)
    _active(user, True, ground)
    account_note(user, "accounts.reopened", {"ground": ground.strip()}, access.actor_id)


@transaction.atomic
def second_factor_clear(*, access: Access, person: int, ground: str) -> None:
    """Remove a lost second factor, after having made sure who asks: all sign-ins and tokens end,
    the next sign-in leads to the set-up.

    Raises NotVisible, NotPermitted (the own account), InvalidInput on ``ground``."""
    user = _other(access, person)
    if len(ground.strip()) < 10:
        raise _no("ground", _("Say how you made sure who it is."))
    Authenticator.objects.filter(user=user).delete()
    _put_out(user, access)
    data = {"ground": ground.strip()}
    account_note(user, "accounts.second_factor.cleared", data, access.actor_id)
    key = f"factor-cleared:{user.pk}:{now().isoformat()}"
    tell(News(key, "second_factor_cleared", people=[user.pk]))


def _tell_of_role(membership: Membership, by: int) -> None:
    """An administrator gives nobody a role untold: a second account would get around everything."""
    people = sorted(told_of_role(membership.unit, by, membership.user_id))
    params = {"unit": membership.unit.full_name, "role": membership.role}
    tell(News(f"role-given:{membership.pk}", "role_given", people=people, params=params))


def _put_out(user: User, access: Access) -> int:
    """Whoever is in with this account, by a screen or by a token, is out."""
    api_tokens_revoke(user=user, by=access.actor_id)
    return sign_ins_revoke(user=user, reason=SignInEnd.ADMIN, by=access.actor_id)


def _active(user: User, wanted: bool, ground: str) -> None:
    if len(ground.strip()) < 10:
        raise _no("ground", _("Say in a sentence why."))
    rows = User.objects.filter(pk=user.pk, is_active=not wanted)
    if not rows.update(is_active=wanted):
        raise Conflict(_("This was done already."))


def _other(access: Access, person: int) -> User:
    """Nobody keeps the own account: two people are needed."""
    user = account_for(access, person)
    if user.pk == access.actor_id:
        raise NotPermitted(_("Another administrator does this with your own account."))
    return user


def _overlaps(user: User, unit: Unit, plan: RolePlan) -> bool:
    last = plan.valid_to or dt.date.max
    rows = Membership.objects.filter(user=user, unit=unit, role=plan.role)
    return any(
        row.valid_from <= last and (row.valid_to or dt.date.max) >= plan.valid_from for row in rows
    )


def _no(field: str, text: Text) -> InvalidInput:
    return InvalidInput(fields={field: [text]})
