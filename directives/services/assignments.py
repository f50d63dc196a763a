"""Giving tasks to units."""

import datetime as dt
from collections.abc import Iterable, Sequence

from django.db import transaction

from common.history import NewEvent
from common.time import now
from communes.models import Unit
from directives.models import Assignment, AssignmentEvent, Task


@transaction.atomic
def assignments_create(
    *,
    tasks: Iterable[Task],
    units: Sequence[Unit],
    by_id: int | None = None,
    due_on: dt.date | None = None,
    at: dt.datetime | None = None,
) -> int:
    """Give every task to every unit that does not have it yet, in bulk; returns how many.

    The addressee in the unit is the task's own. ``due_on`` is a local date set by the issuer;
    1699-CV/TU names none.
    """
    asked = list(tasks)
    moment = at or now()
    known = set(Assignment.objects.filter(task__in=asked).values_list("task_id", "unit_id"))
    wanted = ((task, unit) for unit in units for task in asked)
    rows = [
        Assignment(task=t, unit=u, addressee=t.addressee, due_on=due_on, assigned_at=moment)
        for t, u in wanted
        if (t.pk, u.pk) not in known
    ]
    Assignment.objects.bulk_create(rows)
    AssignmentEvent.append_many([_given(row, by_id, moment) for row in rows], fresh=True)
    return len(rows)


def _given(row: Assignment, by_id: int | None, at: dt.datetime) -> NewEvent:
    return NewEvent(row.pk, "directives.assignment.created", {"task": row.task.code}, by_id, at)
