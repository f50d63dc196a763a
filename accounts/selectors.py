"""Reading people and positions."""

import datetime as dt
from collections.abc import Iterable

from django.db.models import QuerySet

from accounts.models import Membership, User
from accounts.roles import GRANTS, Permission
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
    """Every (unit, role) with at least one active holder on a local date; one query."""
    current = Membership.objects.current(on).filter(user__is_active=True)
    return frozenset(current.values_list("unit_id", "role").distinct().order_by("unit_id", "role"))


def position_emails(
    positions: Iterable[tuple[int, str]], on: dt.date
) -> dict[tuple[int, str], list[str]]:
    """E-mail addresses of whoever holds each (unit, role) on a local date; one query."""
    wanted = set(positions)
    rows = (
        Membership.objects.current(on)
        .filter(
            user__is_active=True,
            unit_id__in={unit for unit, _role in wanted},
            role__in={role for _unit, role in wanted},
        )
        .exclude(user__email="")
        .order_by("user_id")
        .values_list("unit_id", "role", "user__email")
    )
    found: dict[tuple[int, str], list[str]] = {}
    for unit, role, email in rows:
        if (unit, role) in wanted:
            found.setdefault((unit, role), []).append(email)
    return found
