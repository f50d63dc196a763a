"""The badge of the officers' pages."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from accounts.access import access_of
from accounts.roles import Permission
from escalation.selectors import open_count


def staff_badges(request: HttpRequest) -> dict[str, Any]:
    """``staff_badges``: read only by pages that show it, one query there."""
    return {"staff_badges": SimpleLazyObject(lambda: _badges(request))}


def _badges(request: HttpRequest) -> list[dict[str, Any]]:
    access = access_of(request.user)
    if not access.has(Permission.ESCALATION_ANSWER):
        return []
    count = open_count(access)
    if not count:
        return []
    return [{"href": reverse("escalation:open"), "label": _("Escalations"), "count": count}]
