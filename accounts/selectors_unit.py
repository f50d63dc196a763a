"""Who holds what in a unit, for whoever decides there; read only."""

import datetime as dt
from dataclasses import dataclass
from typing import NamedTuple

from accounts.access import Access
from accounts.models import AccountEvent, Delegation, Membership
from accounts.roles import Permission
from accounts.selectors_own import WORDS
from accounts.selectors_powers import EventShown, event_by, event_detail, permission_words
from communes.models import Unit

_ROLE_EVENTS = ("accounts.membership.added", "accounts.membership.ended")
HISTORY = 50


class DelegationLine(NamedTuple):
    row: Delegation
    words: list[str]
    is_open: bool


class RoleEvent(NamedTuple):
    who: str
    event: EventShown


@dataclass(frozen=True)
class UnitShown:
    """``held``: roles of today and of days ahead; ``former``: those that are over."""

    unit: Unit
    held: list[Membership]
    former: list[Membership]
    delegations: list[DelegationLine]
    history: list[RoleEvent]


def units_shown(access: Access, on: dt.date) -> list[UnitShown]:
    """The units in which the reader decides; one query and three a unit."""
    units = Unit.objects.filter(pk__in=access.units(Permission.CASE_DECIDE))
    return [_shown(unit, on) for unit in units.order_by("name")]


def _shown(unit: Unit, on: dt.date) -> UnitShown:
    rows = Membership.objects.filter(unit=unit).select_related("user")
    found = list(rows.order_by("user__full_name", "user_id", "-valid_from", "id"))
    held = [row for row in found if row.is_open(on)]
    former = [row for row in found if not row.is_open(on)]
    return UnitShown(unit, held, former, _delegations(unit, on), _history(unit, found))


def _delegations(unit: Unit, on: dt.date) -> list[DelegationLine]:
    rows = Delegation.objects.filter(unit=unit).select_related("giver", "holder")
    return [
        DelegationLine(
            row,
            permission_words(row.permissions),
            row.is_open(on),
        )
        for row in rows.order_by("-given_at", "-id")[:HISTORY]
    ]


def _history(unit: Unit, memberships: list[Membership]) -> list[RoleEvent]:
    """Roles given and ended in the unit; what else happened to an account stays its own."""
    rows = AccountEvent.objects.filter(
        user_id__in={row.user_id for row in memberships},
        action__in=_ROLE_EVENTS,
        data__unit=unit.code,
    ).select_related("user", "actor")
    return [
        RoleEvent(
            row.user.full_name,
            EventShown(
                row.at, str(WORDS[row.action]), event_detail(row.data, "unit"), event_by(row)
            ),
        )
        for row in rows.order_by("-at", "-id")[:HISTORY]
    ]
