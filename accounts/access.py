"""What a person may do where, read once a request."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace

from django.contrib.auth.models import AnonymousUser

from accounts.enums import Role
from accounts.models import Membership, Standing, User
from accounts.roles import DELEGABLE, ELEVATED, GRANTS, STAND_IN, Permission
from accounts.stand_ins import Post, positions_manned
from accounts.standing import ACCESS, standing_of
from common.errors import NotPermitted
from common.time import today


@dataclass(frozen=True)
class Access:
    """Permissions by unit and city-wide. ``unit_ids``: every unit the person belongs to, and those
    that are no more and whose files these keep: rights, and bars, go on there.

    ``positions``: those held and those of absent people whom the person stands in for. ``past``:
    those of ``unit_ids`` that are no more.
    """

    user_id: int | None = None
    by_unit: dict[Permission, frozenset[int]] = field(default_factory=dict)
    city: frozenset[Permission] = frozenset()
    unit_ids: frozenset[int] = frozenset()
    positions: frozenset[tuple[int, str]] = frozenset()
    past: frozenset[int] = frozenset()

    @property
    def actor_id(self) -> int:
        """The identifier of the signed-in person; nobody else gets as far as a service."""
        if self.user_id is None:
            raise NotPermitted
        return self.user_id

    def units(self, permission: Permission) -> frozenset[int]:
        """Identifiers of the units where the permission was granted by membership."""
        return self.by_unit.get(permission, frozenset())

    def standing(self, permission: Permission) -> frozenset[int]:
        """The same without the units that are no more: where something new can begin."""
        return self.units(permission) - self.past

    def has(self, permission: Permission, unit_id: int | None = None) -> bool:
        """Whether the permission holds city-wide, in that unit or (without a unit) anywhere."""
        if permission in self.city:
            return True
        units = self.units(permission)
        return bool(units) if unit_id is None else unit_id in units


NOBODY = Access()


def access_of(user: User | AnonymousUser) -> Access:
    """The access of a user today (Hà Nội date); one query the first time, then cached on it."""
    if not user.is_authenticated:
        return NOBODY
    cached: Access | None = getattr(user, ACCESS, None)
    if cached is None:
        cached = _read(user, today())
        setattr(user, ACCESS, cached)
    return cached


def _read(user: User, on: dt.date) -> Access:
    units = user.memberships.current(on).values("unit_id")
    posts = Membership.objects.filter(unit_id__in=units).posts(on)
    own = [post for post in posts if post.user_id == user.pk]
    acting = positions_manned(posts)
    stood_in = [position for position, people in acting.items() if user.pk in people]
    access = access_from(user.pk, own, stood_in)
    return _with_powers(access, standing_of(user))


def _with_powers(access: Access, standing: Standing) -> Access:
    """And what the person holds for a while: rights handed over by colleagues, an elevation.

    Rights are handed over inside a unit of both, and never more than the giver's position there
    holds.
    """
    by_unit = {permission: set(units) for permission, units in access.by_unit.items()}
    for unit_id, role, permissions in standing.delegated:
        grant = GRANTS[Role(role)]
        if unit_id in access.unit_ids:
            for permission in DELEGABLE & (grant.unit | grant.city) & frozenset(permissions):
                by_unit.setdefault(permission, set()).add(unit_id)
    city = set(access.city)
    if standing.elevated_until is not None and access.has(Permission.ELEVATE):
        city |= ELEVATED
    units = {permission: frozenset(units) for permission, units in by_unit.items()}
    return replace(access, by_unit=units, city=frozenset(city))


def access_from(
    user_id: int,
    memberships: Sequence[Membership | Post],
    stood_in: Collection[tuple[int, str]] = (),
) -> Access:
    """The access that a list of memberships gives, and the positions (unit, role) of absent
    people whom the person stands in for."""
    by_unit: dict[Permission, set[int]] = {}
    city: set[Permission] = set()
    reach = {m.unit_id: {m.unit_id, *m.keeps} for m in memberships}
    for membership in memberships:
        grant = GRANTS[Role(membership.role)]
        city |= grant.city
        for permission in grant.unit | grant.city:
            by_unit.setdefault(permission, set()).update(reach[membership.unit_id])
    for unit_id, role in stood_in:
        grant = GRANTS[Role(role)]
        for permission in STAND_IN & (grant.unit | grant.city):
            by_unit.setdefault(permission, set()).update(reach.get(unit_id, {unit_id}))
    return Access(
        user_id=user_id,
        by_unit={permission: frozenset(units) for permission, units in by_unit.items()},
        city=frozenset(city),
        unit_ids=frozenset().union(*reach.values()),
        past=frozenset(pk for m in memberships for pk in m.keeps),
        positions=frozenset((m.unit_id, m.role) for m in memberships) | frozenset(stood_in),
    )
