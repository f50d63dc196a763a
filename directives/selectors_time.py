"""Reports of periods month by month, and two months side by side."""

import datetime as dt
from collections import defaultdict
from typing import Any

from django.db.models import Case, Count, Q, QuerySet, Value, When

from common.time import month_after
from directives.enums import TOLD
from directives.models import Assignment
from directives.overview import Told
from directives.selectors_overview import OWING, SENT_LATE

# What two months are compared by: the paths from an assignment.
SIDES = {"group": "task__group", "unit": "unit"}


def told_by_month(
    rows: QuerySet[Assignment], first: dt.date, last: dt.date, on: dt.date
) -> dict[dt.date, Told]:
    """Reports on these assignments (``scoped``) by the month in which their period began, from the
    month ``first`` to ``last`` (their first days); one query."""
    found: dict[dt.date, Told] = defaultdict(Told)
    for begun, told in _told(_begun(rows, first, last), "periods__starts_on", on).items():
        month = begun.replace(day=1)
        found[month] = found[month].plus(told)
    return dict(found)


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
    place = Case(
        When(sent & SENT_LATE, then=Value("late")),
        When(sent, then=Value("on_time")),
        When(OWING & Q(periods__due_on__lt=on), then=Value("missing")),
        When(OWING, then=Value("pending")),
    )
    counted = rows.annotate(place=place).values_list(key, "place").annotate(n=Count("periods"))
    found: dict[Any, Told] = defaultdict(Told)
    for one, name, n in counted.order_by():
        if name:
            found[one] = found[one]._replace(**{name: n})
    return dict(found)
