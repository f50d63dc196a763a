"""Figures and short lists of the desk."""

from typing import Any

from django.db.models import Count, Q

from accounts.access import Access
from accounts.roles import Permission
from common.time import today
from deadlines.calendars import add_working_days
from petitions.models import Case
from petitions.staff.present import case_line
from petitions.workflow import Status

SOON_WORKING_DAYS = 3
SHOWN = 8


def desk_for(access: Access) -> dict[str, Any]:
    """Counts in one query and the most pressing open cases in another."""
    rows = _mine(access)
    day = today()
    soon = add_working_days(day, SOON_WORKING_DAYS)
    counts = rows.aggregate(
        open=Count("id"),
        new=Count("id", filter=Q(status=Status.SUBMITTED)),
        today=Count("id", filter=Q(due_on=day)),
        soon=Count("id", filter=Q(due_on__gt=day, due_on__lte=soon)),
        overdue=Count("id", filter=Q(due_on__lt=day)),
        escalated=Count("id", filter=Q(escalation_level__gt=0)),
    )
    waiting = rows.filter(due_on__isnull=False).with_list_data()
    pressing = waiting.order_by("due_on", "id")[:SHOWN]
    return {"counts": counts, "pressing": [case_line(case) for case in pressing]}


def _mine(access: Access) -> Any:
    """Open cases: a handler's own, otherwise what the person's units hold."""
    rows = Case.objects.visible_to(access).open()
    units = access.units(Permission.CASE_VIEW)
    watching = (Permission.CASE_TRIAGE, Permission.OVERVIEW_VIEW)
    if access.city or any(access.has(permission) for permission in watching):
        return rows.filter(unit_id__in=units)
    return rows.filter(assignee_id=access.user_id)
