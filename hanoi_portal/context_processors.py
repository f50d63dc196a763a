"""What the frame of the officers' pages shows: who is signed in and where they may go."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from accounts.access import access_of
from accounts.roles import Permission
from common.time import today

PAGES = {
    "cases:inbox": Permission.CASE_VIEW,
    "receptions_staff:desk": Permission.RECEPTION_VIEW,
    "directives_staff:list": Permission.DIRECTIVE_VIEW,
    "reports:overview": Permission.OVERVIEW_VIEW,
    "system_jobs": Permission.REFERENCE_EDIT,
    "escalation:keeping": Permission.REFERENCE_EDIT,
    "mailroom:undelivered": Permission.REFERENCE_EDIT,
    "mailroom:texts": Permission.REFERENCE_EDIT,
}


def staff_frame(request: HttpRequest) -> dict[str, Any]:
    """``staff_identity`` and ``nav_hidden``: read only by pages that show them."""
    return {
        "staff_identity": SimpleLazyObject(lambda: _identity(request)),
        "nav_hidden": SimpleLazyObject(lambda: _hidden(request)),
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
    return {name for name, permission in PAGES.items() if not access.has(permission)}
