"""Indexes of the filtered lists of cases; each is in the order of a list and ends with its key."""

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q


def _newest(name: str, *columns: str, condition: Q | None = None) -> models.Index:
    order = (F("submitted_at").desc(), F("id").desc())
    return models.Index(*map(F, columns), *order, name=name, condition=condition)


def _by_date(name: str, *columns: str, condition: Q | None = None) -> models.Index:
    has_date = condition or Q(due_on__isnull=False)
    return models.Index(fields=[*columns, "due_on", "id"], name=name, condition=has_date)


_OPEN = Q(closed_at=None)
_MARKED = ~Q(flags=[])
_ESCALATED = Q(escalation_level__gt=0)
LIST_INDEXES = [
    # ?status= city-wide, newest first and by due date.
    _newest("case_status_new", "status"),
    _by_date("case_status_due", "status"),
    # ?status= in one unit: of its officers, or with ?unit=.
    _newest("case_unit_status_new", "unit", "status"),
    _by_date("case_unit_status_due", "unit", "status"),
    # ?field=, with ?kind= or without.
    _newest("case_field_new", "field"),
    _by_date("case_field_due", "field"),
    # ?assignee=, with ?status= or without.
    _newest("case_assignee_new", "assignee"),
    _by_date("case_assignee_due", "assignee"),
    # ?overdue=true, ?open=true, ?due_before=, ?due_after=, newest first: most cases are closed.
    _newest("case_open_new", condition=_OPEN),
    _newest("case_unit_open_new", "unit", condition=_OPEN),
    # ?escalated=true and ?escalation_level= above 0.
    _newest("case_escalated_new", condition=_ESCALATED),
    _by_date("case_escalated_due", condition=_ESCALATED),
    # ?citizen_wrote=true: few cases at any time.
    _newest("case_citizen_wrote", "unit", condition=Q(citizen_wrote_at__isnull=False)),
    # ?flag= in one unit, and for the marks that few cases have.
    _newest("case_unit_marked_new", "unit", condition=_MARKED),
    _newest("case_marked_new", condition=_MARKED),
    GinIndex(fields=["flags"], name="case_flags"),
]
