"""Reports of periods month by month, and two months side by side."""

import datetime as dt
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncMonth

from common.time import month_after
from directives.models import Assignment
from directives.overview import Told
from directives.selectors_overview import OWING, SENT_LATE, TOLD

# What two months are compared by: the paths from an assignment.
SIDES = {"group": "task__group", "unit": "unit"}


def told_by_month(
    rows: QuerySet[Assignment], first: dt.date, last: dt.date, on: dt.date
) -> dict[dt.date, Told]:
    """Reports on these assignments (``scoped``) by the month in which their period began, from the
    month ``first`` to ``last`` (their first days); one query."""
    begun = _begun(rows, first, last)
    return _told(begun.annotate(month=TruncMonth("periods__starts_on")), "month", on)


def told_by(rows: QuerySet[Assignment], month: dt.date, on: dt.date, side: str) -> dict[int, Told]:
    """Reports of one month on these assignments by group of tasks or by unit (a key of ``SIDES``);
    one query."""
    return _told(_begun(rows, month, month), SIDES[side], on)


def _begun(rows: QuerySet[Assignment], first: dt.date, last: dt.date) -> QuerySet[Assignment]:
    """With their periods that began in these months."""
    return rows.filter(periods__starts_on__gte=first, periods__starts_on__lt=month_after(last))


def _told(rows: QuerySet[Assignment], key: str, on: dt.date) -> dict[Any, Told]:
    """Counts of periods by a key, as things stand on a Hà Nội date."""
    sent = Q(periods__state__in=TOLD)
    counted = (
        rows.values_list(key)
        .annotate(
            sent=Count("periods", filter=sent),
            late=Count("periods", filter=sent & SENT_LATE),
            missing=Count("periods", filter=OWING & Q(periods__due_on__lt=on)),
            pending=Count("periods", filter=OWING & Q(periods__due_on__gte=on)),
        )
        .order_by()
    )
    return {
        found: Told(sent - late, late, missing, pending)
        for found, sent, late, missing, pending in counted
        if sent or missing or pending
    }
