"""Setting and changing the date of a task that units have already, by whoever gives tasks."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Max, Q, QuerySet
from django.utils.translation import gettext as _

from accounts.access import Access
from common.errors import InvalidInput, allow
from common.time import iso, local_date, now
from communes.models import Unit
from deadlines.calendars import calendar_current
from directives.clocks import assignment_clocks_start, assignments_clocks_open, clocks_replace
from directives.enums import DONE, ExtensionState
from directives.models import Assignment, ExtensionRequest, Task
from directives.policies import may_set_due
from directives.services._step import Step, step_begin, steps_finish
from directives.services.assignments import tasks_locked
from directives.validators import REASON_MAX, due_checked, text_checked

DUE_SET = "directives.assignment.due_set"
FIELDS = ("due_on", "version", "escalation_level")


@dataclass(frozen=True)
class NewDue:
    """The date that is to hold, a Hà Nội date, or None for no date. ``over_extensions``: also where
    a unit was granted a later one."""

    due_on: dt.date | None
    over_extensions: bool = False


@dataclass
class DueLook:
    """What a new date means for the units that have the task: ``changed``; ``same`` have that date
    already; ``over`` reported it as done or are confirmed; ``longer`` were granted a later one."""

    changed: list[Assignment] = field(default_factory=list)
    same: list[Assignment] = field(default_factory=list)
    over: list[Assignment] = field(default_factory=list)
    longer: list[Assignment] = field(default_factory=list)

    def counts(self) -> dict[str, int]:
        return {name: len(rows) for name, rows in vars(self).items()}


def due_preview(
    *,
    access: Access,
    task: Task,
    new: NewDue,
    units: Sequence[Unit] | None = None,
    at: dt.datetime | None = None,
) -> DueLook:
    """What ``due_set`` would do, refused where it would be; nothing is written."""
    allow(may_set_due(access, task.group.directive))
    _check(task, new, units, local_date(at or now()))
    return _looked(_asked(task, units), new)


@transaction.atomic
def due_set(
    *,
    access: Access,
    task: Task,
    new: NewDue,
    reason: str,
    units: Sequence[Unit] | None = None,
    at: dt.datetime | None = None,
    quiet: bool = False,
) -> DueLook:
    """Set the date of a task asked once for the ``units`` that have it (None: all of them), with a
    reason, in bulk: a new clock from today takes the place of the old one, which is missed when its
    date had passed; a request for more time that asks for no more than the new date lapses; each
    unit is told. What was reported as done is left alone. The number of queries does not depend
    on the number of units, but for one a running clock.

    Raises NotPermitted, InvalidInput on ``task``, ``units``, ``due_on`` or ``reason``.
    """
    moment = at or now()
    (locked,) = tasks_locked([task])
    allow(may_set_due(access, locked.group.directive))
    _check(locked, new, units, local_date(moment))
    words = text_checked("reason", reason, REASON_MAX)
    rows = _asked(locked, units).select_for_update(of=("self",), no_key=True)
    look = _looked(rows, new)
    if look.changed:
        _set([_step(row, access, new, words, moment) for row in look.changed], new, quiet=quiet)
    return look


def _check(task: Task, new: NewDue, units: Sequence[Unit] | None, on: dt.date) -> None:
    if task.is_periodic:
        message = _("A task with a rhythm has the dates of its periods.")
        raise InvalidInput(fields={"task": [message]})
    if units is not None and not units:
        raise InvalidInput(fields={"units": [_("Choose at least one unit.")]})
    if new.due_on is not None:
        due_checked("due_on", new.due_on, on, calendar_current().last)


def _asked(task: Task, units: Sequence[Unit] | None) -> QuerySet[Assignment]:
    rows = Assignment.objects.live().filter(task=task).with_list_data().order_by("pk")
    return rows if units is None else rows.filter(unit__in=units)


def _looked(rows: QuerySet[Assignment], new: NewDue) -> DueLook:
    """Every row where it belongs; two queries."""
    found = list(rows)
    granted = {} if new.over_extensions or new.due_on is None else _granted(found)
    look = DueLook()
    for row in found:
        if row.state in DONE:
            look.over.append(row)
        elif row.due_on == new.due_on:
            look.same.append(row)
        elif _is_longer(row, new.due_on, granted.get(row.pk)):
            look.longer.append(row)
        else:
            look.changed.append(row)
    return look


def _granted(rows: Sequence[Assignment]) -> dict[int, dt.date]:
    """The latest date that was granted for the whole task, by assignment."""
    answers = ExtensionRequest.objects.filter(
        assignment__in=rows, period=None, state=ExtensionState.GRANTED
    )
    latest = answers.order_by().values_list("assignment").annotate(latest=Max("wanted_on"))
    return dict(latest)


def _is_longer(row: Assignment, day: dt.date | None, granted: dt.date | None) -> bool:
    """Whether the date that holds is the one that was granted, and lies behind the new one."""
    if day is None or row.due_on is None:
        return False
    return row.due_on == granted and day < row.due_on


def _step(row: Assignment, access: Access, new: NewDue, reason: str, at: dt.datetime) -> Step:
    step = step_begin(row, access, DUE_SET, at, quiet=False)
    step.data |= {"from": iso(row.due_on) or "", "to": iso(new.due_on) or "", "reason": reason}
    row.due_on, row.escalation_level = new.due_on, 0
    step.tell_unit("directive_due_set", step="set" if new.due_on else "none")
    return step


def _set(steps: Sequence[Step], new: NewDue, *, quiet: bool) -> None:
    rows, at, on = [step.assignment for step in steps], steps[0].at, steps[0].on
    clocks_replace(assignments_clocks_open(rows), on)
    requests = ExtensionRequest.objects.filter(
        assignment__in=rows, state=ExtensionState.ASKED, period=None
    )
    settled = Q() if new.due_on is None else Q(wanted_on__lte=new.due_on)
    requests.filter(settled).update(state=ExtensionState.LAPSED, answered_at=at)
    steps_finish(steps, FIELDS, at, quiet=quiet)
    assignment_clocks_start(rows, on)
