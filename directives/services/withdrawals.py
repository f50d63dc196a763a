"""Taking back a document, or one of its tasks, with everything that units still owe on it."""

import datetime as dt

from django.db import transaction
from django.db.models import QuerySet

from accounts.access import Access
from common.errors import NotVisible
from common.time import now
from directives.clocks import clocks_cancel, clocks_open_of
from directives.enums import OVER, AssignmentState, DirectiveState, ExtensionState
from directives.models import Assignment, Directive, ExtensionRequest, Task
from directives.policies import may_withdraw_directive, may_withdraw_task
from directives.services._record import (
    directive_locked,
    record_event,
    record_step,
    refuse,
    version_match,
)
from directives.services._step import Step, step_begin, steps_finish
from directives.services.breakdown import task_version_match
from directives.validators import REASON_MAX, text_checked

WITHDRAWN = "directives.assignment.withdrawn"
FIELDS = ("state", "version", "withdrawn_reason", "escalation_level")


@transaction.atomic
def directive_withdraw(
    *,
    access: Access,
    slug: str,
    version: int,
    reason: str,
    at: dt.datetime | None = None,
    quiet: bool = False,
) -> Directive:
    """Withdraw a document in force, with a reason: what units still owe on its tasks is withdrawn
    with it, what is confirmed stays, all of it stays readable. The number of queries does not
    depend on the number of units, but for one a running clock. Raises NotVisible, NotPermitted,
    Stale, InvalidInput on ``reason``."""
    moment = at or now()
    directive = directive_locked(access, slug)
    refuse(may_withdraw_directive(access, directive))
    version_match(directive, version)
    words = text_checked("reason", reason, REASON_MAX)
    directive.state = DirectiveState.WITHDRAWN
    directive.withdrawn_at, directive.withdrawn_reason = moment, words
    owed = Assignment.objects.of(directive)
    count = len(owed_withdraw(access, owed, words, moment, quiet=quiet))
    record_step(directive, access, "withdrawn", {"assignments": count}, at=moment)
    return directive


@transaction.atomic
def task_withdraw(
    *,
    access: Access,
    slug: str,
    code: str,
    version: int,
    reason: str,
    at: dt.datetime | None = None,
    quiet: bool = False,
) -> Task:
    """Ask for a task no more: it is taken back from the units that still owe it and given to none.
    ``version`` is the task's. Raises as ``directive_withdraw``."""
    moment = at or now()
    directive = directive_locked(access, slug)
    refuse(may_withdraw_task(access, directive))
    rows = Task.objects.select_for_update(of=("self",), no_key=True).select_related("group")
    task = rows.filter(group__directive=directive, code=code, withdrawn_at=None).first()
    if task is None:
        raise NotVisible
    task_version_match(task, version)
    words = text_checked("reason", reason, REASON_MAX)
    task.version += 1
    task.withdrawn_at = moment
    task.save(update_fields=["version", "withdrawn_at"])
    owed = Assignment.objects.filter(task=task)
    count = len(owed_withdraw(access, owed, words, moment, quiet=quiet))
    data = {"task": task.code, "reason": words, "assignments": count}
    record_event(directive, access, "task_withdrawn", data, at=moment)
    return task


def owed_withdraw(
    access: Access,
    owed: QuerySet[Assignment],
    reason: str,
    at: dt.datetime,
    *,
    quiet: bool,
    each: bool = True,
) -> list[Assignment]:
    """The same as ``assignment_withdraw`` for every assignment of ``owed`` that is not over, in
    bulk and in the caller's transaction; those that were withdrawn. Without ``each`` the caller
    tells the units what became of all of it at once."""
    rows = list(
        owed.exclude(state__in=OVER)
        .select_related("unit", "task__group__directive", "owner")
        .select_for_update(of=("self",), no_key=True)
        .order_by("pk")
    )
    steps = [_withdrawn(row, access, reason, at, each=each) for row in rows]
    if steps:
        clocks_cancel(clocks_open_of(rows), steps[0].on)
        requests = ExtensionRequest.objects.filter(assignment__in=rows, state=ExtensionState.ASKED)
        requests.update(state=ExtensionState.LAPSED, answered_at=at)
        steps_finish(steps, FIELDS, at, quiet=quiet)
    return rows


def _withdrawn(
    row: Assignment, access: Access, reason: str, at: dt.datetime, *, each: bool
) -> Step:
    step = step_begin(row, access, WITHDRAWN, at, quiet=False)
    step.data["from"] = row.state
    row.state, row.withdrawn_reason = AssignmentState.WITHDRAWN, reason
    row.escalation_level = 0
    if each:
        step.tell_unit("directive_withdrawn")
    return step
