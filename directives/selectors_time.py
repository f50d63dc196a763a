"""Reports of periods month by month, and two months side by side."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import TruncMonth

from accounts.access import Access
from communes.models import Unit
from directives.enums import OWED
from directives.models import Assignment, AssignmentPeriod
from directives.overview import Told, month_after
from directives.selectors_overview import SENT_ON, TOLD, Scope, scoped

# What two months are compared by: the paths from an assignment.
SIDES = {"group": "task__group", "unit": "unit"}


def told_by_month(
    access: Access, scope: Scope, first: dt.date, last: dt.date, on: dt.date, unit: Unit | None
) -> dict[dt.date, Told]:
    """Reports by the month in which their period began, from the month ``first`` to ``last``
    (their first days), of the City or one unit; one query."""
    rows = _periods(_of(scoped(access, scope), unit), first, last)
    return _told(rows.annotate(month=TruncMonth("starts_on")), "month", on)


def told_by(
    access: Access, scope: Scope, month: dt.date, on: dt.date, side: str, unit: Unit | None
) -> dict[int, Told]:
    """Reports of one month by group of tasks or by unit (a key of ``SIDES``); one query."""
    rows = _periods(_of(scoped(access, scope), unit), month, month)
    return _told(rows, f"assignment__{SIDES[side]}", on)


def _of(rows: QuerySet[Assignment], unit: Unit | None) -> QuerySet[Assignment]:
    return rows if unit is None else rows.filter(unit=unit)


def _periods(
    assignments: QuerySet[Assignment], first: dt.date, last: dt.date
) -> QuerySet[AssignmentPeriod]:
    rows = AssignmentPeriod.objects.filter(starts_on__gte=first, starts_on__lt=month_after(last))
    return rows.filter(assignment__in=assignments.values("pk"))


def _told(rows: QuerySet[AssignmentPeriod], key: str, on: dt.date) -> dict[Any, Told]:
    """Counts by a key, as things stand on a Hà Nội date."""
    sent, owed = Q(state__in=TOLD), Q(state__in=OWED)
    counted = (
        rows.annotate(sent_on=SENT_ON)
        .values_list(key)
        .annotate(
            on_time=Count("pk", filter=sent & Q(sent_on__lte=F("due_on"))),
            late=Count("pk", filter=sent & Q(sent_on__gt=F("due_on"))),
            missing=Count("pk", filter=owed & Q(due_on__lt=on)),
            pending=Count("pk", filter=owed & Q(due_on__gte=on)),
        )
        .order_by()
    )
    return {found: Told(*counts) for found, *counts in counted}


def told_sum(found: Sequence[Told]) -> Told:
    total = Told()
    for one in found:
        total = total.plus(one)
    return total
