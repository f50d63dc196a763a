"""Who learns of what administrators and heads do with the powers of others.

``without``: the person who did it and who got it. A second account of the same person tells nobody.
"""

from accounts.models import Membership, User
from accounts.roles import TOLD_OF_ELEVATION, Permission
from accounts.selectors import holders_of, roles_with
from common.time import today
from communes.models import Unit

SUPERIOR = "UBND"


def watchers(*without: int | None) -> set[int]:
    """The administrators and the bodies that watch over them; one query."""
    held = Membership.objects.current(today()).filter(
        role__in=TOLD_OF_ELEVATION, user__is_active=True
    )
    return set(held.values_list("user_id", flat=True)) - set(without)


def keepers(*without: int | None) -> set[int]:
    """The administrators; the bodies that watch over them when there is no other; two queries."""
    held = Membership.objects.current(today()).filter(
        role__in=roles_with(Permission.ELEVATE), user__is_active=True
    )
    found = set(held.values_list("user_id", flat=True)) - set(without)
    return found or watchers(*without)


def told_of_role(unit: Unit, *without: int) -> set[int]:
    """Of a role given in a unit: the other administrators and who decides there by position."""
    return keepers(*without) | _deciders(unit, *without)


def told_of_delegation(unit: Unit, *without: int) -> set[int]:
    """Of rights handed over in a unit: who decides at the superior; the bodies that watch over
    administrators when the superior itself hands over."""
    superior = Unit.objects.filter(code=SUPERIOR).exclude(pk=unit.pk).first()
    return (_deciders(superior, *without) if superior else set()) or watchers(*without)


def _deciders(unit: Unit, *without: int) -> set[int]:
    people: list[User] = list(holders_of(Permission.CASE_DECIDE, unit.pk))
    return {person.pk for person in people} - set(without)
