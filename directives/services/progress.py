"""What units report, and the answer to it."""

import datetime as dt
import uuid
from dataclasses import dataclass, field
from typing import Any, cast

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.access import Access
from accounts.enums import Role
from common.errors import InvalidInput, NotPermitted, NotVisible, Stale, Text
from common.history import NewEvent
from common.text import clean
from common.time import now, today
from communes.selectors import unit_by_code
from directives.enums import REPORTABLE, Addressee, AssignmentState
from directives.models import Assignment, AssignmentEvent, ProgressReport, UnitPlan
from directives.policies import may_record_plan, may_report, may_review
from directives.validators import (
    PLAN_NUMBER_MAX,
    PLAN_TITLE_MAX,
    REPORT_MAX,
    text_checked,
    value_checked,
)
from notifications.services import NewMessage, outbox_write

FOLLOWER = "BTGDV"
ADDRESSEE_POSITION = {
    Addressee.PARTY_COMMITTEE: Role.SECRETARY,
    Addressee.AUTHORITY: Role.HEAD,
    Addressee.FRONT: Role.FRONT,
}


@dataclass
class Step:
    """One change of a locked assignment: what goes into the history and the outbox."""

    assignment: Assignment
    access: Access
    at: dt.datetime
    action: str
    quiet: bool = False
    data: dict[str, Any] = field(default_factory=dict)
    messages: list[NewMessage] = field(default_factory=list)

    def tell(self, template: str, unit_id: int, position: str) -> None:
        """Queue a notice; its key is the change itself, its params name no person."""
        row = self.assignment
        params = {
            "unit": row.unit.full_name,
            "directive": row.task.group.directive.number,
            "task": row.task.title,
            "id": str(row.public_id),
        }
        key = f"assignment:{row.public_id}:{row.version}:{template}"
        self.messages.append(
            NewMessage(
                key=key,
                template=template,
                params=params,
                unit_id=unit_id,
                position=position,
            )
        )

    def finish(self) -> None:
        self.assignment.save(update_fields=["state", "version", "reported_at"])
        data = {"version": self.assignment.version, **self.data}
        AssignmentEvent.append(
            NewEvent(self.assignment.pk, self.action, data, self.access.user_id, self.at)
        )
        outbox_write(self.messages, at=self.at, suppress=self.quiet)


@transaction.atomic
def report_submit(
    *,
    access: Access,
    public_id: uuid.UUID | str,
    version: int,
    state: str,
    text: str,
    value: str = "",
    at: dt.datetime | None = None,
    quiet: bool = False,
) -> Assignment:
    """A unit reports progress on what it was asked.

    ``state`` is ``in_progress`` or ``reported_done``; ``value`` answers the task's indicator.
    Raises NotVisible, NotPermitted, InvalidInput or Stale (with the current version).
    """
    assignment = _locked(access, public_id)
    _allow(may_report(access, assignment))
    _check_version(assignment, version)
    if state not in REPORTABLE:
        raise InvalidInput(fields={"state": [_("Choose one of the values of the list.")]})
    words = text_checked("text", text, REPORT_MAX)
    answer = value_checked(assignment.task.indicator, value)
    step = _step(assignment, access, "directives.assignment.reported", at, quiet)
    step.data |= {"from": assignment.state, "to": state}
    assignment.state = AssignmentState(state)
    assignment.reported_at = step.at
    ProgressReport.objects.create(
        assignment=assignment,
        state=state,
        text=words,
        value=answer,
        by_id=cast("int", access.user_id),
        at=step.at,
    )
    follower = unit_by_code(FOLLOWER)
    if follower is not None:
        step.tell("directive_report", follower.pk, Role.PROPAGANDA)
    step.finish()
    return assignment


@transaction.atomic
def plan_record(
    *,
    access: Access,
    public_id: uuid.UUID | str,
    version: int,
    number: str,
    issued_on: dt.date,
    title: str,
    at: dt.datetime | None = None,
    quiet: bool = False,
) -> UnitPlan:
    """Record or correct the plan of a unit on its assignment to have one.

    ``issued_on`` is a local date, not in the future. The task counts as begun. Raises as
    ``report_submit``.
    """
    assignment = _locked(access, public_id)
    _allow(may_record_plan(access, assignment))
    _check_version(assignment, version)
    values = {
        "number": text_checked("number", number, PLAN_NUMBER_MAX),
        "title": text_checked("title", title, PLAN_TITLE_MAX),
        "issued_on": _not_future(issued_on),
    }
    step = _step(assignment, access, "directives.plan.recorded", at, quiet)
    step.data |= {"number": values["number"], "issued_on": issued_on.isoformat()}
    plan, _created = UnitPlan.objects.update_or_create(
        unit_id=assignment.unit_id,
        directive_id=assignment.task.group.directive_id,
        defaults=values | {"by_id": access.user_id, "recorded_at": step.at},
    )
    if assignment.state == AssignmentState.ASSIGNED:
        assignment.state = AssignmentState.IN_PROGRESS
    step.finish()
    return plan


@transaction.atomic
def report_review(
    *,
    access: Access,
    public_id: uuid.UUID | str,
    version: int,
    is_accepted: bool,
    text: str = "",
    at: dt.datetime | None = None,
    quiet: bool = False,
) -> Assignment:
    """The issuer's side confirms what was reported as done, or returns it with a reason.

    Raises as ``report_submit``.
    """
    assignment = _locked(access, public_id)
    _allow(may_review(access, assignment))
    _check_version(assignment, version)
    reason = clean(text) if is_accepted else text_checked("text", text, REPORT_MAX)
    name = "confirmed" if is_accepted else "returned"
    step = _step(assignment, access, f"directives.assignment.{name}", at, quiet)
    assignment.state = AssignmentState.CONFIRMED if is_accepted else AssignmentState.IN_PROGRESS
    report = assignment.reports.order_by("-id")[0]
    report.review = reason[:REPORT_MAX]
    report.reviewed_by_id, report.reviewed_at = access.user_id, step.at
    report.save(update_fields=["review", "reviewed_by", "reviewed_at"])
    position = ADDRESSEE_POSITION[Addressee(assignment.addressee)]
    step.tell(f"directive_{name}", assignment.unit_id, position)
    step.finish()
    return assignment


def _locked(access: Access, public_id: uuid.UUID | str) -> Assignment:
    """The visible assignment under its lock; a malformed identifier is as good as a wrong one."""
    try:
        key = uuid.UUID(str(public_id))
    except ValueError:
        raise NotVisible from None
    found = (
        Assignment.objects.visible_to(access)
        .with_list_data()
        .select_for_update(of=("self",), no_key=True)
        .filter(public_id=key)
        .first()
    )
    if found is None:
        raise NotVisible
    return found


def _allow(refusal: Text | None) -> None:
    if refusal is not None:
        raise NotPermitted(refusal)


def _check_version(assignment: Assignment, expected: int) -> None:
    if assignment.version != expected:
        raise Stale(
            _("Somebody else has changed this task since you opened it. Nothing was lost."),
            extra={"version": assignment.version, "state": assignment.state},
        )


def _step(
    assignment: Assignment,
    access: Access,
    action: str,
    at: dt.datetime | None,
    quiet: bool,
) -> Step:
    assignment.version += 1
    return Step(assignment, access, at or now(), action, quiet)


def _not_future(day: dt.date) -> dt.date:
    if day > today():
        raise InvalidInput(fields={"issued_on": [_("The date is in the future.")]})
    return day
