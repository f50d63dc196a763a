"""What the frame of the officers' pages shows: who is signed in and where they may go."""

import math
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from accounts.access import Access, access_of
from accounts.policies import needs_second_factor
from accounts.roles import Permission
from accounts.standing import standing_of
from common.time import now, today
from continuity.policies import may_see_board
from directives.policies import sees_desk
from early_warning.policies import sees_projects, sees_rules
from hanoi_portal.changes import kinds_for

PAGES: dict[str, Permission | tuple[Permission, ...]] = {
    "cases:inbox": Permission.CASE_VIEW,
    "papers_unit:list": (Permission.CASE_VIEW, Permission.DENUNCIATION_VIEW),
    "receptions_staff:desk": Permission.RECEPTION_VIEW,
    "directives_staff:list": Permission.DIRECTIVE_VIEW,
    "directives_staff:waiting": Permission.DIRECTIVE_ASSIGN,
    "mobilisation_staff:hub": Permission.DIRECTIVE_VIEW,
    "reports:overview": Permission.OVERVIEW_VIEW,
    "registers:home": (
        Permission.CASE_VIEW,
        Permission.RECEPTION_HOLD,
        Permission.RECEPTION_REGISTER,
    ),
    "early_warning_staff:list": (Permission.CASE_VIEW, Permission.OVERVIEW_VIEW),
    "system_jobs": Permission.REFERENCE_EDIT,
    "escalation:keeping": Permission.REFERENCE_EDIT,
    "mailroom:undelivered": Permission.REFERENCE_EDIT,
    "mailroom:texts": Permission.REFERENCE_EDIT,
    "powers:delegations": Permission.CASE_VIEW,
    "powers:unit_people": Permission.CASE_DECIDE,
    "powers:elevation": Permission.ELEVATE,
    "powers:elevations": Permission.ELEVATION_VIEW,
    "powers:people": Permission.ACCOUNT_KEEP,
    "system_roots": Permission.HISTORY_VIEW,
}
# Pages that their own policy opens.
SEEN_BY: dict[str, Callable[[Access], bool]] = {
    "early_warning_staff:rules": sees_rules,
    "early_warning_staff:projects": sees_projects,
    "directives_staff:desk": sees_desk,
}


def staff_frame(request: HttpRequest) -> dict[str, Any]:
    """Read only by pages that show it."""
    return {
        "staff_identity": SimpleLazyObject(lambda: _identity(request)),
        "nav_hidden": SimpleLazyObject(lambda: _hidden(request)),
        "must_set_up": SimpleLazyObject(lambda: _must_set_up(request)),
        "elevated_minutes": SimpleLazyObject(lambda: _elevated_minutes(request)),
    }


def _identity(request: HttpRequest) -> dict[str, str]:
    """Name, unit and position; several memberships are named together. One query."""
    if not request.user.is_authenticated:
        return {}
    held = list(request.user.memberships.current(today()).select_related("unit").order_by("id"))
    units = dict.fromkeys(str(membership.unit) for membership in held)
    roles = dict.fromkeys(
        membership.title or str(membership.get_role_display()) for membership in held
    )
    return {
        "name": request.user.get_full_name(),
        "unit": ", ".join(units),
        "role": ", ".join(roles),
    }


def _hidden(request: HttpRequest) -> set[str]:
    access = access_of(request.user)
    if not request.user.is_authenticated:
        return set()
    hidden = {name for name, asked in PAGES.items() if not _has_any(access, asked)}
    if access.has(Permission.ACCOUNT_KEEP):
        hidden.discard("powers:delegations")  # to take back, not to give
    if may_see_board(access) is not None:
        hidden.add("continuity_staff:board")
    hidden |= {name for name, sees in SEEN_BY.items() if not sees(access)}
    return hidden if kinds_for(access) else hidden | {"system_changes"}


def _has_any(access: Access, asked: Permission | tuple[Permission, ...]) -> bool:
    """One of several permissions opens the page."""
    wanted = (asked,) if isinstance(asked, Permission) else asked
    return any(access.has(permission) for permission in wanted)


def _must_set_up(request: HttpRequest) -> bool:
    """Whether nothing but the set-up of a second factor is open: then nothing else is shown."""
    return request.user.is_authenticated and needs_second_factor(request.user)


def _elevated_minutes(request: HttpRequest) -> int:
    """Minutes, begun ones counted, for which the person's rights are elevated; 0 when not."""
    if not request.user.is_authenticated:
        return 0
    until = standing_of(request.user).elevated_until
    if until is None or not access_of(request.user).has(Permission.ACCOUNT_KEEP):
        return 0
    return max(0, math.ceil((until - now()).total_seconds() / 60))
