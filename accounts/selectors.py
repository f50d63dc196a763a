"""Reading people and positions."""

import datetime as dt
from collections.abc import Iterable

from django.db.models import QuerySet

from accounts.enums import Role
from accounts.models import Membership, User
from accounts.roles import GRANTS, Permission
from accounts.stand_ins import Post, positions_manned
from accounts.standing import delegated
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


def units_manned(roles: Iterable[str], on: dt.date) -> QuerySet[Membership, int]:
    """Units in which an active person holds one of the positions on a local date, as a query of
    their keys."""
    held = Membership.objects.current(on).filter(role__in=sorted(roles), user__is_active=True)
    return held.order_by().values_list("unit_id", flat=True).distinct()


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


def holds_position(user_id: int, unit_id: int, role: str, on: dt.date) -> bool:
    """Whether a person holds (unit, role) on a local date by membership: neither by a right handed
    over nor for somebody absent. One query."""
    held = Membership.objects.current(on).filter(user_id=user_id, unit_id=unit_id, role=role)
    return held.exists()


def position_seers(
    positions: Iterable[tuple[int, str]], on: dt.date
) -> dict[tuple[int, str], list[int]]:
    """The same, but only people who see the denunciations of the unit, by their own position there
    or by a right handed over; two queries.

    An absence hands over no sight of denunciations: where nobody who stands in has it, the absent
    holders are named. A position whose people have none is left out.
    """
    wanted = set(positions)
    units = {unit for unit, _role in wanted}
    posts = Membership.objects.filter(unit_id__in=units).posts(on)
    seeing = {(post.unit_id, post.user_id) for post in posts if role_sees(post.role)}
    seeing |= _handed_sight(units, on)
    acting = positions_manned(posts)
    found = {}
    for pair in wanted:
        people = _seeing(pair[0], acting.get(pair, []), seeing)
        found[pair] = people or _seeing(pair[0], _holders(posts, pair), seeing)
    return {pair: people for pair, people in found.items() if people}


def role_sees(role: str) -> bool:
    """Whether a role sees the denunciations of its unit."""
    grant = GRANTS[Role(role)]
    return Permission.DENUNCIATION_VIEW in grant.unit | grant.city


def _handed_sight(units: Iterable[int], on: dt.date) -> set[tuple[int, int]]:
    """(unit, person) of rights to see denunciations that somebody who holds them handed over."""
    rows = delegated(on).filter(
        unit_id__in=list(units), permissions__contains=[Permission.DENUNCIATION_VIEW.value]
    )
    names = rows.values_list("unit_id", "holder_id", "giver__memberships__role")
    return {(unit, holder) for unit, holder, role in names if role_sees(role)}


def _holders(posts: Iterable[Post], pair: tuple[int, str]) -> list[int]:
    return [post.user_id for post in posts if (post.unit_id, post.role) == pair]


def _seeing(unit: int, people: Iterable[int], seeing: set[tuple[int, int]]) -> list[int]:
    """Each person once, in order."""
    return [user for user in dict.fromkeys(people) if (unit, user) in seeing]
