"""More time: asked for by a unit, given or refused by whoever gives tasks."""

import datetime as dt
import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.access import Access
from common.errors import Conflict, DomainError, InvalidInput, allow
from common.text import clean
from common.time import local_date, now
from deadlines.calendars import calendar_current
from directives.clocks import (
    assignment_clocks_open,
    assignment_clocks_start,
    clocks_replace,
    level_now,
    period_clock_restart,
    period_clocks_open,
)
from directives.enums import ExtensionState
from directives.models import Assignment, AssignmentPeriod, ExtensionRequest
from directives.policies import may_answer_extension, may_ask_extension
from directives.services._step import (
    Step,
    assignment_locked,
    period_locked,
    step_begin,
    version_check,
)
from directives.validators import EXTENSION_MAX, due_checked, text_checked


@transaction.atomic
def extension_ask(
    *,
    access: Access,
    public_id: uuid.UUID | str,
    version: int,
    wanted_on: dt.date,
    reason: str,
    period: uuid.UUID | str | None = None,
    at: dt.datetime | None = None,
    quiet: bool = False,
) -> ExtensionRequest:
    """A unit asks for a later date for its task, or for the report on a ``period`` that is owed;
    the date that holds stays until the answer.

    ``wanted_on``: a Hà Nội date after the one that holds, not in the past. Raises NotVisible,
    NotPermitted, Stale, Conflict (one is open already), InvalidInput on ``wanted_on`` or
    ``reason``.
    """
    row = assignment_locked(access, public_id)
    asked = period_locked(row, period) if period is not None else None
    allow(may_ask_extension(access, row, asked))
    version_check(row, version)
    if _open(row) is not None:
        raise Conflict(_("More time has already been asked for; the answer comes first."))
    words = text_checked("reason", reason, EXTENSION_MAX)
    _later(asked.due_on if asked else row.due_on, wanted_on, local_date(at or now()))
    step = step_begin(row, access, "directives.extension.asked", at, quiet)
    request = ExtensionRequest.objects.create(
        assignment=row,
        period=asked,
        wanted_on=wanted_on,
        reason=words,
        by_id=access.actor_id,
        at=step.at,
    )
    step.data |= {"wanted_on": wanted_on.isoformat()} | _about(asked)
    step.tell_lead("directive_extension_asked", wanted_on=wanted_on.isoformat())
    step.finish()
    return request


@transaction.atomic
def extension_answer(
    *,
    access: Access,
    public_id: uuid.UUID | str,
    version: int,
    is_granted: bool,
    answer: str = "",
    at: dt.datetime | None = None,
    quiet: bool = False,
) -> ExtensionRequest:
    """Give the time that a unit asked for, or refuse it with a reason.

    The date asked for becomes the due date of the task or period, with a new clock from today. Raises NotVisible,
    NotPermitted, Stale, DomainError ``wrong_state`` (nothing is open), InvalidInput on ``answer``,
    or on ``is_granted`` when the date asked for has passed meanwhile.
    """
    row = assignment_locked(access, public_id)
    allow(may_answer_extension(access, row))
    version_check(row, version)
    request = _open(row)
    if request is None:
        raise DomainError(_("No request for more time is open."), code="wrong_state")
    words = clean(answer)[:EXTENSION_MAX] if is_granted else ""
    words = words if is_granted else text_checked("answer", answer, EXTENSION_MAX)
    state = ExtensionState.GRANTED if is_granted else ExtensionState.REFUSED
    step = step_begin(row, access, f"directives.extension.{state}", at, quiet)
    if is_granted:
        _grant(step, request)
    request.state, request.answer = state, words
    request.answered_by_id, request.answered_at = access.actor_id, step.at
    request.save()
    step.tell_unit(
        "directive_extension_answered", step=state.value, due_on=_holds(row, request.period)
    )
    step.finish()
    return request


def request_lapse(assignment: Assignment, at: dt.datetime, **only: object) -> None:
    """Close an open request that nobody has to answer any more, in the caller's transaction;
    ``only``: of a ``period``, None for the whole task."""
    assignment.extensions.filter(state=ExtensionState.ASKED, **only).update(
        state=ExtensionState.LAPSED, answered_at=at
    )


def _open(assignment: Assignment) -> ExtensionRequest | None:
    rows = assignment.extensions.filter(state=ExtensionState.ASKED).select_related("period")
    return rows.select_for_update(of=("self",), no_key=True).first()


def _about(period: AssignmentPeriod | None) -> dict[str, str]:
    return {"period": period.starts_on.isoformat()} if period is not None else {}


def _later(due_on: dt.date | None, wanted_on: dt.date, on: dt.date) -> None:
    assert due_on is not None
    if wanted_on <= due_on:
        message = _("A date after %(date)s.") % {"date": f"{due_on:%d/%m/%Y}"}
        raise InvalidInput(fields={"wanted_on": [message]})
    due_checked("wanted_on", wanted_on, on, calendar_current().last)


def _grant(step: Step, request: ExtensionRequest) -> None:
    row, until = step.assignment, request.wanted_on
    if until < step.on:
        message = _("The date asked for has passed: refuse it, so that the unit asks anew.")
        raise InvalidInput(fields={"is_granted": [message]})
    if request.period is not None:
        _period_grant(step, request.period, until)
    else:
        assert row.due_on is not None
        step.data |= {"from": row.due_on.isoformat(), "to": until.isoformat()}
        clocks_replace(assignment_clocks_open(row), step.on)
        row.due_on = until
        assignment_clocks_start([row], step.on)
    row.escalation_level = level_now(row)


def _holds(row: Assignment, period: AssignmentPeriod | None) -> str:
    """The date that holds for what was asked about."""
    due_on = period.due_on if period is not None else row.due_on
    return due_on.isoformat() if due_on else ""


def _period_grant(step: Step, period: AssignmentPeriod, until: dt.date) -> None:
    """The report on a period is due later; the period itself stays as long as it is."""
    period.assignment = step.assignment
    step.data |= _about(period) | {"from": period.due_on.isoformat(), "to": until.isoformat()}
    clocks_replace(period_clocks_open(period), step.on)
    period.due_on = until
    period.save(update_fields=["due_on"])
    period_clock_restart(period, step.on)
