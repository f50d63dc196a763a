"""A unit's plan for a directive, and the sessions at which it was studied."""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.access import Access
from attachments.models import Attachment
from attachments.services import attachments_claim
from common.errors import DomainError, InvalidInput, NotVisible, Stale, allow, key_read
from directives.enums import NOT_BEGUN, AssignmentState, PlanOrigin
from directives.models import Assignment, PlanEdition, StudySession, UnitPlan
from directives.policies import may_record_plan, may_record_study
from directives.services._step import Step, assignment_locked, step_begin, version_check
from directives.validators import (
    APPROVED_MAX,
    MATERIAL_MAX,
    PLAN_NUMBER_MAX,
    PLAN_TITLE_MAX,
    REPORT_MAX,
    past_checked,
    people_checked,
    text_checked,
    text_optional,
)

# What an edition keeps of a plan.
EDITION = (
    "version", "number", "issued_on", "title", "approved_by", "origin", "attachment", "by",
    "recorded_at",
)  # fmt: skip


@dataclass(frozen=True)
class Plan:
    """A plan as it stands on the paper. ``issued_on``: a local date, not in the future;
    ``approved_by``: a body or office; ``attachment``: an upload that nobody has taken yet, without
    one the file that is there stays."""

    number: str
    issued_on: dt.date
    title: str
    approved_by: str = ""
    origin: str = PlanOrigin.NEW
    attachment: str = ""


@transaction.atomic
def plan_record(
    *,
    access: Access,
    public_id: uuid.UUID | str,
    version: int,
    plan: Plan,
    plan_version: int = 0,
    at: dt.datetime | None = None,
    quiet: bool = False,
) -> UnitPlan:
    """Record, correct or review the plan of a unit on its assignment to have one; the task counts
    as begun. What the plan was before is kept as an edition with its file.

    ``plan_version``: that of the plan that was looked at, 0 when there was none (several tasks may
    ask for one plan). After the task was confirmed the body in charge is told. Raises NotVisible,
    NotPermitted, InvalidInput on the names of ``Plan``, Stale.
    """
    row = assignment_locked(access, public_id)
    allow(may_record_plan(access, row))
    version_check(row, version)
    known = _plan_locked(row, plan_version)
    values: dict[str, Any] = {
        "number": text_checked("number", plan.number, PLAN_NUMBER_MAX),
        "title": text_checked("title", plan.title, PLAN_TITLE_MAX),
        "issued_on": past_checked("issued_on", plan.issued_on),
        "approved_by": text_optional("approved_by", plan.approved_by, APPROVED_MAX),
        "origin": _origin(plan.origin),
    }
    step = step_begin(row, access, "directives.plan.recorded", at, quiet)
    step.data |= {"number": values["number"], "issued_on": plan.issued_on.isoformat()}
    step.data["origin"] = str(values["origin"])
    if file := _file(step, plan.attachment):
        values["attachment"] = file
    recorded = _plan_changed(step, known, values) if known else _plan_made(step, values)
    if row.state == AssignmentState.CONFIRMED:
        step.tell_lead("directive_plan_changed", number=recorded.number)
    _begun(step)
    step.finish()
    return recorded


def _plan_locked(row: Assignment, expected: int) -> UnitPlan | None:
    """The plan under its lock, with which the unit works on the document. Raises Stale when it is
    not the version that was looked at."""
    rows = UnitPlan.objects.select_for_update(of=("self",), no_key=True)
    found = rows.filter(unit_id=row.unit_id, directive_id=row.task.group.directive_id).first()
    now_at = found.version if found else 0
    if now_at != expected:
        raise _plan_stale(row, now_at)
    return found


def _plan_stale(row: Assignment, now_at: int) -> Stale:
    return Stale(
        _("Somebody else has changed this plan since you opened it. Nothing was lost."),
        extra={"version": row.version, "plan_version": now_at},
    )


def _plan_made(step: Step, values: dict[str, Any]) -> UnitPlan:
    row = step.assignment
    try:
        with transaction.atomic():
            return UnitPlan.objects.create(
                unit_id=row.unit_id,
                directive_id=row.task.group.directive_id,
                by_id=step.access.actor_id,
                recorded_at=step.at,
                **values,
            )
    except IntegrityError:  # recorded at this moment on another task of the document
        raise _plan_stale(row, 1) from None


def _plan_changed(step: Step, plan: UnitPlan, values: dict[str, Any]) -> UnitPlan:
    """Keep what it was as an edition; nothing when it is the same."""
    if all(getattr(plan, name) == value for name, value in values.items()):
        return plan
    kept = {name: getattr(plan, name) for name in EDITION}
    PlanEdition.objects.create(plan=plan, replaced_at=step.at, **kept)
    for name, value in values.items():
        setattr(plan, name, value)
    plan.by_id, plan.recorded_at = step.access.actor_id, step.at
    plan.version += 1
    plan.save()
    step.data["edition"] = plan.version
    return plan


@transaction.atomic
def study_record(
    *,
    access: Access,
    public_id: uuid.UUID | str,
    version: int,
    held_on: dt.date,
    people: int,
    material: str,
    note: str = "",
    attachment: str = "",
    at: dt.datetime | None = None,
    quiet: bool = False,
) -> StudySession:
    """Record a session at which the documents were studied: a local date up to today, how many
    people came, what was studied. The task counts as begun. Raises as ``report_submit``."""
    row = assignment_locked(access, public_id)
    allow(may_record_study(access, row))
    version_check(row, version)
    values: dict[str, Any] = {
        "held_on": past_checked("held_on", held_on),
        "people": people_checked("people", people),
        "material": text_checked("material", material, MATERIAL_MAX),
        "note": text_optional("note", note, REPORT_MAX),
    }
    step = step_begin(row, access, "directives.study.recorded", at, quiet)
    step.data |= {"held_on": held_on.isoformat(), "people": people}
    study = StudySession.objects.create(
        assignment=row,
        attachment=_file(step, attachment),
        by_id=access.actor_id,
        at=step.at,
        **values,
    )
    step.data["study"] = str(study.public_id)
    _begun(step)
    step.finish()
    return study


@transaction.atomic
def study_withdraw(
    *,
    access: Access,
    public_id: uuid.UUID | str,
    version: int,
    study: uuid.UUID | str,
    at: dt.datetime | None = None,
    quiet: bool = False,
) -> StudySession:
    """Take back a session that was recorded by mistake; it stays in the history.

    ``public_id`` and ``version`` are of the assignment. Raises NotVisible, NotPermitted, Stale,
    DomainError ``wrong_state`` (withdrawn already).
    """
    row = assignment_locked(access, public_id)
    found = row.studies.select_for_update(no_key=True).filter(public_id=key_read(study)).first()
    if found is None:
        raise NotVisible
    allow(may_record_study(access, row))
    version_check(row, version)
    if found.withdrawn_at is not None:
        raise DomainError(_("This session has already been withdrawn."), code="wrong_state")
    step = step_begin(row, access, "directives.study.withdrawn", at, quiet)
    step.data |= {"study": str(found.public_id), "held_on": found.held_on.isoformat()}
    found.withdrawn_at = step.at
    found.save(update_fields=["withdrawn_at"])
    step.finish()
    return found


def _begun(step: Step) -> None:
    if step.assignment.state in NOT_BEGUN:
        step.assignment.state = AssignmentState.IN_PROGRESS


def _origin(origin: str) -> PlanOrigin:
    if origin not in PlanOrigin.values:
        raise InvalidInput(fields={"origin": [_("Choose one of the values of the list.")]})
    return PlanOrigin(origin)


def _file(step: Step, public_id: str) -> Attachment | None:
    """The upload, taken; which file it was stands in the history."""
    if not public_id:
        return None
    try:
        file = attachments_claim(public_ids=[public_id], at=step.at)[0]
    except InvalidInput as error:
        message = error.fields["attachments"]
        raise InvalidInput(fields={"attachment": message}) from error
    step.data["file"] = str(file.public_id)
    return file
