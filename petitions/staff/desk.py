"""Figures and short lists of the desk."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from accounts.access import Access
from accounts.roles import Permission
from communes.selectors import unit_by_id
from deadlines.calendars import soon_period
from petitions.models import Case
from petitions.models.case import CaseQuerySet
from petitions.staff.present import case_lines
from petitions.workflow import Status

SHOWN = 8


@dataclass(frozen=True)
class Tile:
    """A figure that leads to the cases it counts."""

    label: str
    value: int
    href: str
    tone: str


def desk_for(access: Access, username: str) -> dict[str, Any]:
    """Counts in one query and the most pressing open cases in another."""
    rows = desk_rows(access)
    day, soon = soon_period()
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
    return {
        "counts": counts,
        "tiles": _tiles(counts, _narrowing(access, username), day, soon),
        "pressing": case_lines(list(pressing)),
    }


def _tiles(counts: dict[str, int], own: dict[str, str], day: dt.date, soon: dt.date) -> list[Tile]:
    """Each figure with the filters of the inbox that give exactly its cases."""
    next_day = day + dt.timedelta(days=1)
    after_soon = soon + dt.timedelta(days=1)
    shown: list[tuple[str, str, dict[str, Any], str]] = [
        ("open", _("open"), {}, "neutral"),
        ("new", _("new, not taken in"), {"status": Status.SUBMITTED.value}, "neutral"),
        ("today", _("due today"), {"due_after": day, "due_before": next_day}, "warning"),
        (
            "soon",
            _("due within 3 working days"),
            {"due_after": next_day, "due_before": after_soon},
            "warning",
        ),
        ("overdue", _("overdue"), {"overdue": "1"}, "danger"),
        ("escalated", _("escalated"), {"escalated": "1"}, "danger"),
    ]
    inbox = reverse("cases:inbox")
    return [
        Tile(label, counts[name], f"{inbox}?{urlencode({**own, **filters, 'open': '1'})}", tone)
        for name, label, filters, tone in shown
    ]


def desk_rows(access: Access) -> CaseQuerySet:
    """Open cases: a handler's own, otherwise what the person's units hold."""
    rows = Case.objects.held_for(access).open()
    if _leads(access):
        return rows.filter(unit_id__in=access.units(Permission.CASE_VIEW))
    return rows.filter(assignee_id=access.user_id)


def _leads(access: Access) -> bool:
    watching = (Permission.CASE_TRIAGE, Permission.OVERVIEW_VIEW)
    return bool(access.city) or any(access.has(permission) for permission in watching)


def _narrowing(access: Access, username: str) -> dict[str, str]:
    """The inbox's filter that leaves the cases of the desk."""
    if not _leads(access):
        return {"assignee": username}
    units = [unit_by_id(pk) for pk in access.units(Permission.CASE_VIEW)]
    codes = [unit.code for unit in units if unit]
    return {"unit": codes[0]} if len(codes) == 1 else {}
