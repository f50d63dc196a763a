"""Reading people and positions."""

import datetime as dt
from collections.abc import Iterable

from django.db.models import QuerySet

from accounts.models import Membership, User
from accounts.roles import GRANTS, Permission
from accounts.stand_ins import positions_manned
from common.time import today


def roles_with(permission: Permission) -> list[str]:
    """Roles whose membership grants the permission in the unit itself."""
    return [role.value for role, grant in GRANTS.items() if permission in grant.unit]


def holders_of(permission: Permission, unit_id: int) -> QuerySet[User]:
    """Active people who hold a permission in a unit today, by name."""
    current = Membership.objects.current(today()).filter(
        unit_id=unit_id, role__in=roles_with(permission)
    )
    return User.objects.filter(is_active=True, pk__in=current.values("user_id")).order_by(
        "full_name", "id"
    )


def positions_held(on: dt.date) -> frozenset[tuple[int, str]]:
    """Every (unit, role) for which somebody is there on a local date: an active holder who is not
    absent, or a deputy who is there. One query."""
    return frozenset(positions_manned(Membership.objects.posts(on)))


def position_holders(
    positions: Iterable[tuple[int, str]], on: dt.date
) -> dict[tuple[int, str], list[int]]:
    """Keys of the people who act for each (unit, role) on a local date; one query.

    Deputies take the place of absent holders. When nobody is there at all the absent holders are
    named, so that what is told to a position is never lost. A position without any active holder
    is left out.
    """
    wanted = set(positions)
    posts = Membership.objects.filter(unit_id__in={unit for unit, _role in wanted}).posts(on)
    acting = positions_manned(posts)
    found: dict[tuple[int, str], list[int]] = {}
    for post in posts:
        pair = (post.unit_id, post.role)
        if pair in acting:
            found[pair] = acting[pair]
        elif post.user_id not in found.setdefault(pair, []):
            found[pair].append(post.user_id)
    return {pair: people for pair, people in found.items() if pair in wanted}
