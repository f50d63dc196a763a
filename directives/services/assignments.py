"""Giving tasks to units, receiving them, saying who sees to them, taking them back."""

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.access import Access
from accounts.models import User
from accounts.roles import Permission
from accounts.selectors import holders_of
from common.errors import InvalidInput, allow
from common.history import NewEvent
from common.time import local_date, now
from communes.models import Unit
from deadlines.calendars import calendar_current
from directives.clocks import (
    assignment_clocks_open,
    assignment_clocks_start,
    clocks_cancel,
    periods_clocks_open,
)
from directives.enums import Addressee, AssignmentState
from directives.models import Assignment, AssignmentEvent, Task, TaskSupport
from directives.policies import (
    may_appoint,
    may_assign,
    may_receive,
    may_withdraw,
    not_given,
)
from directives.receivers import FOLLOWER, lead_of, position_of
from directives.services._step import (
    Step,
    assignment_locked,
    notice_params,
    step_begin,
    version_check,
)
from directives.services.extensions import request_lapse
from directives.services.periods import periods_make
from directives.validators import REASON_MAX, due_checked, text_checked
from escalation.recipients import lead_position
from notifications.services import NewMessage, outbox_write

CREATED = "directives.assignment.created"


@dataclass(frozen=True)
class Given:
    """How tasks are given: by whom, when (UTC moment), to whom in the unit and until when (Hà Nội
    date); what is not said is the task's own."""

    at: dt.datetime
    by_id: int | None = None
    addressee: str = ""
    due_on: dt.date | None = None

    @property
    def on(self) -> dt.date:
        return local_date(self.at)


@dataclass(frozen=True)
class Wanted:
    """A task for a unit; what is not said is the task's own. ``due_on``: a Hà Nội date, for tasks
    asked for once; ``note``: what the issuer adds for this unit."""

    task: Task
    unit: Unit
    addressee: str = ""
    due_on: dt.date | None = None
    note: str = ""


@transaction.atomic
def assignments_create(
    *,
    access: Access,
    tasks: Iterable[Task],
    units: Sequence[Unit],
    addressee: str = "",
    due_on: dt.date | None = None,
    at: dt.datetime | None = None,
    quiet: bool = False,
) -> list[Assignment]:
    """Give every task to every unit that does not have it yet, in bulk; the new assignments.

    ``addressee`` and ``due_on`` (a Hà Nội date, from today on, for tasks asked for once) take the
    place of the task's own. Clocks and the periods begun so far start with it, the units are told.
    The number of queries does not depend on the number of units. Raises NotPermitted, InvalidInput
    on ``tasks``, ``units``, ``addressee`` or ``due_on``.
    """
    allow(may_assign(access))
    given = Given(at or now(), access.user_id, addressee, due_on)
    asked = tasks_locked(tasks)
    _check(asked, units, given)
    return wanted_give(_each(asked, units, given), given, quiet=quiet)


def wanted_give(wanted: Sequence[Wanted], given: Given, *, quiet: bool = False) -> list[Assignment]:
    """Make what units lack of this, in the caller's transaction, with notices; the caller has
    locked the tasks (``tasks_locked``) and checked permission and dates. The number of queries does
    not depend on how much it is."""
    rows = _give(wanted, given)
    told = [_told(row) for row in rows] + bodies_told({row.task_id: row.task for row in rows})
    outbox_write(told, at=given.at, suppress=quiet)
    return rows


def _each(tasks: Sequence[Task], units: Sequence[Unit], given: Given) -> list[Wanted]:
    return [Wanted(task, unit, given.addressee, given.due_on) for unit in units for task in tasks]


@dataclass(frozen=True)
class Preview:
    """How many assignments giving would make, and how many are there already."""

    new: int
    existing: int


def assignments_preview(
    *,
    access: Access,
    tasks: Sequence[Task],
    units: Sequence[Unit],
    addressee: str = "",
    due_on: dt.date | None = None,
    at: dt.datetime | None = None,
) -> Preview:
    """What ``assignments_create`` would do, refused where it would be; nothing is written."""
    allow(may_assign(access))
    _check(tasks, units, Given(at or now(), access.user_id, addressee, due_on))
    known = Assignment.objects.live().filter(task__in=tasks, unit__in=units).count()
    return Preview(len(tasks) * len(units) - known, known)


@transaction.atomic
def assignments_give(*, tasks: Iterable[Task], units: Sequence[Unit], at: dt.datetime) -> int:
    """Give the tasks that come with the portal, of which nobody is told; returns how many. What a
    person has withdrawn since is not given again."""
    given = Given(at)
    asked = [task for task in tasks_locked(tasks) if not tasks_wrong([task], given.on)]
    return len(_give(_each(asked, units, given), given, among=Assignment.objects.all()))


@transaction.atomic
def assignment_receive(
    *,
    access: Access,
    public_id: uuid.UUID | str,
    version: int,
    at: dt.datetime | None = None,
    quiet: bool = False,
) -> Assignment:
    """The unit notes that it has received its task. Raises NotVisible, NotPermitted or Stale."""
    row = assignment_locked(access, public_id)
    allow(may_receive(access, row))
    version_check(row, version)
    step = step_begin(row, access, "directives.assignment.received", at, quiet)
    row.state = AssignmentState.RECEIVED
    row.received_at, row.received_by_id = step.at, access.actor_id
    step.finish()
    return row


@transaction.atomic
def owner_appoint(
    *,
    access: Access,
    public_id: uuid.UUID | str,
    version: int,
    owner: str,
    at: dt.datetime | None = None,
    quiet: bool = False,
) -> Assignment:
    """The unit says who of its people sees to the task, by user name, or "" for nobody in
    particular. Raises NotVisible, NotPermitted, Stale, InvalidInput on ``owner``."""
    row = assignment_locked(access, public_id)
    allow(may_appoint(access, row))
    version_check(row, version)
    person = _colleague(row.unit_id, owner) if owner else None
    step = step_begin(row, access, "directives.assignment.owner_appointed", at, quiet)
    step.data["owner"] = person.username if person else ""
    row.owner = person
    if person is not None and person.pk != access.user_id:
        step.tell("directive_owner", recipient_id=person.pk)
    step.finish()
    return row


@transaction.atomic
def assignment_withdraw(
    *,
    access: Access,
    public_id: uuid.UUID | str,
    version: int,
    reason: str,
    at: dt.datetime | None = None,
    quiet: bool = False,
) -> Assignment:
    """Whoever gives tasks takes one back from a unit, with a reason; its clocks end, its history
    stays. Raises NotVisible, NotPermitted, Stale, InvalidInput on ``reason``."""
    row = assignment_locked(access, public_id)
    allow(may_withdraw(access, row))
    version_check(row, version)
    words = text_checked("reason", reason, REASON_MAX)
    step = step_begin(row, access, "directives.assignment.withdrawn", at, quiet)
    step.data["from"] = row.state
    row.state, row.withdrawn_reason = AssignmentState.WITHDRAWN, words
    _stop(step)
    step.tell_unit("directive_withdrawn")
    step.finish()
    return row


def _stop(step: Step) -> None:
    """Nothing is waited for any more."""
    row = step.assignment
    clocks_cancel([*assignment_clocks_open(row), *periods_clocks_open(row)], step.on)
    request_lapse(row, step.at)
    row.escalation_level = 0


def tasks_locked(tasks: Iterable[Task]) -> list[Task]:
    """The tasks with their directives, locked so that two people do not give one twice."""
    rows = Task.objects.filter(pk__in=[task.pk for task in tasks])
    locked = rows.select_for_update(of=("self",), no_key=True).order_by("pk")
    return list(locked.select_related("group__directive"))


def _check(tasks: Sequence[Task], units: Sequence[Unit], given: Given) -> None:
    errors: dict[str, list[str]] = {}
    if wrong := tasks_wrong(tasks, given.on):
        errors["tasks"] = [wrong]
    if not units:
        errors["units"] = [_("Choose at least one unit.")]
    if given.addressee and given.addressee not in Addressee.values:
        errors["addressee"] = [_("Choose one of the values of the list.")]
    if given.due_on is not None and any(task.is_periodic for task in tasks):
        errors["due_on"] = [_("A task with a rhythm has the dates of its periods.")]
    if errors:
        raise InvalidInput(fields=errors)
    for day in {given.due_on or task.due_on for task in tasks}:
        if day is not None:
            due_checked("due_on", day, given.on, calendar_current().last)


def tasks_wrong(tasks: Sequence[Task], on: dt.date) -> str:
    """Why these tasks cannot be given on a Hà Nội date, in words, or ""."""
    if not tasks:
        return _("Choose at least one task.")
    if any(task.withdrawn_at is not None for task in tasks):
        return _("A task that was withdrawn cannot be given to units.")
    wrong = (not_given(task.group.directive, on) for task in tasks)
    return next((str(reason) for reason in wrong if reason), "")


def _give(
    wanted: Sequence[Wanted], given: Given, among: QuerySet[Assignment] | None = None
) -> list[Assignment]:
    """Make what is not ``among`` those that are there, by default those that were not withdrawn."""
    there = Assignment.objects.live() if among is None else among
    tasks = {one.task.pk for one in wanted}
    known = set(there.filter(task__in=tasks).values_list("task_id", "unit_id"))
    rows = []
    for one in wanted:
        key = (one.task.pk, one.unit.pk)
        if key not in known:
            known.add(key)
            rows.append(_row(one, given))
    Assignment.objects.bulk_create(rows)
    AssignmentEvent.append_many([_given(row, given) for row in rows], fresh=True)
    assignment_clocks_start(rows, given.on)
    periods_make(rows, given.at)
    return rows


def _row(one: Wanted, given: Given) -> Assignment:
    task = one.task
    return Assignment(
        task=task,
        unit=one.unit,
        addressee=one.addressee or task.addressee,
        due_on=None if task.is_periodic else one.due_on or task.due_on,
        note=one.note,
        assigned_at=given.at,
    )


def _given(row: Assignment, given: Given) -> NewEvent:
    data = {"task": row.task.code, "addressee": row.addressee}
    if row.due_on is not None:
        data["due_on"] = row.due_on.isoformat()
    if row.note:
        data["note"] = row.note
    return NewEvent(row.pk, CREATED, data, given.by_id, given.at)


def _told(row: Assignment) -> NewMessage:
    return NewMessage(
        key=f"assignment:{row.public_id}:{row.version}:directive_assigned",
        template="directive_assigned",
        params=notice_params(row),
        unit_id=row.unit_id,
        position=position_of(row.unit, row.addressee),
    )


def bodies_told(tasks: Mapping[int, Task]) -> list[NewMessage]:
    """One notice a task that was given and body that is in charge of it or supports it, however many
    units have it and however often it is given or changed; one query. The body that gives the tasks
    of the City is told of none."""
    supports = TaskSupport.objects.filter(task_id__in=tasks).select_related("unit").order_by("pk")
    told = [
        _message(task, lead, "directive_lead")
        for task in tasks.values()
        if (lead := lead_of(task)) is not None and lead.code != FOLLOWER
    ]
    return told + [_message(tasks[one.task_id], one.unit, "directive_support") for one in supports]


def _message(task: Task, body: Unit, template: str) -> NewMessage:
    return NewMessage(
        key=f"task:{task.code}:{body.code}:{template}",
        template=template,
        params={
            "unit": body.full_name,
            "directive": task.group.directive.number,
            "task": task.title,
        },
        unit_id=body.pk,
        position=lead_position(body),
    )


def _colleague(unit_id: int, username: str) -> User:
    people = holders_of(Permission.DIRECTIVE_REPORT, unit_id)
    found = people.filter(username=username).first()
    if found is None:
        raise InvalidInput(fields={"owner": [_("Choose a person of the unit.")]})
    return found
