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
from petitions.workflow import AWAITING_HEAD, Status

SHOWN, UNOWNED = 8, 5
SOON_DAYS = 2  # working days
RARE = ("wrote", "forwarded")


@dataclass(frozen=True)
class Tile:
    """A figure that leads to the cases it counts."""

    label: str
    value: int
    href: str
    tone: str


def desk_for(access: Access, username: str) -> dict[str, Any]:
    """Counts in three queries, the most pressing open cases, and those that nobody owns."""
    rows = desk_rows(access)
    day, soon = soon_period(SOON_DAYS)
    counts = _counts(rows, day, soon) | _waiting(access)
    leads = _leads(access)
    waiting = rows.filter(due_on__isnull=False).with_list_data()
    unowned = rows.filter(assignee=None).with_list_data().order_by("submitted_at", "id")
    return {
        "counts": counts,
        "tiles": _tiles(counts, _narrowing(access, username), day, soon),
        "unowned": case_lines(list(unowned[:UNOWNED])) if leads else [],
        "pressing": case_lines(list(waiting.order_by("due_on", "id")[:SHOWN])),
    }


def _counts(rows: CaseQuerySet, day: dt.date, soon: dt.date) -> dict[str, int]:
    return rows.aggregate(
        open=Count("id"),
        new=Count("id", filter=Q(status=Status.SUBMITTED)),
        unassigned=Count("id", filter=Q(assignee=None)),
        approval=Count("id", filter=Q(status__in=AWAITING_HEAD)),
        today=Count("id", filter=Q(due_on=day)),
        soon=Count("id", filter=Q(due_on__gt=day, due_on__lte=soon)),
        overdue=Count("id", filter=Q(due_on__lt=day)),
        escalated=Count("id", filter=Q(escalation_level__gt=0)),
    )


def _waiting(access: Access) -> dict[str, int]:
    """What is few at any time and has lists of its own: also closed cases, and others' ones."""
    written = Case.objects.held_for(access).filter(citizen_wrote_at__isnull=False)
    if _leads(access):
        written = written.filter(unit_id__in=access.units(Permission.CASE_VIEW))
    else:
        written = written.filter(assignee_id=access.user_id)
    return {"wrote": written.count(), "forwarded": Case.objects.offered_to(access).count()}


def _tiles(counts: dict[str, int], own: dict[str, str], day: dt.date, soon: dt.date) -> list[Tile]:
    """Each figure with the filters of the inbox that give exactly its cases; what is rare and
    stands at nought is left out."""
    inbox, open_ones = reverse("cases:inbox"), {**own, "open": "1"}
    found = []
    for name, label, filters, tone in _shown(day, soon):
        base = {"forwarded": {}, "wrote": own}.get(name, open_ones)
        if counts[name] or name not in RARE:
            href = f"{inbox}?{urlencode({**base, **filters})}"
            found.append(Tile(label, counts[name], href, tone))
    return found


def _shown(day: dt.date, soon: dt.date) -> list[tuple[str, str, dict[str, Any], str]]:
    next_day = day + dt.timedelta(days=1)
    after_soon = soon + dt.timedelta(days=1)
    return [
        ("overdue", _("overdue"), {"overdue": "1"}, "danger"),
        ("today", _("due today"), {"due_after": day, "due_before": next_day}, "warning"),
        (
            "soon",
            _("due within 2 working days"),
            {"due_after": next_day, "due_before": after_soon},
            "warning",
        ),
        ("escalated", _("escalated"), {"escalated": "1"}, "danger"),
        ("unassigned", _("without an officer"), {"unassigned": "1"}, "warning"),
        ("approval", _("waiting for the head"), {"approval": "1"}, "warning"),
        ("wrote", _("petitioner wrote"), {"citizen_wrote": "1"}, "warning"),
        ("forwarded", _("forwarded to us"), {"forwarded": "1"}, "warning"),
        ("new", _("new, not taken in"), {"status": Status.SUBMITTED.value}, "neutral"),
        ("open", _("open"), {}, "neutral"),
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
