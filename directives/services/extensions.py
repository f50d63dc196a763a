"""More time: asked for by a unit, given or refused by whoever gives tasks."""

import datetime as dt
import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.access import Access
from common.errors import Conflict, DomainError, InvalidInput
from common.text import clean
from common.time import local_date, now
from deadlines.calendars import calendar_current
from directives.clocks import (
    assignment_clocks_open,
    assignment_clocks_start,
    clocks_replace,
    level_now,
)
from directives.enums import ExtensionState
from directives.models import Assignment, ExtensionRequest
from directives.policies import may_answer_extension, may_ask_extension
from directives.services._step import Step, allow, assignment_locked, step_begin, version_check
from directives.validators import EXTENSION_MAX, due_checked, text_checked


@transaction.atomic
def extension_ask(
    *,
    access: Access,
    public_id: uuid.UUID | str,
    version: int,
    wanted_on: dt.date,
    reason: str,
    at: dt.datetime | None = None,
    quiet: bool = False,
) -> ExtensionRequest:
    """A unit asks for a later date for its task; the date that holds stays until the answer.

    ``wanted_on``: a Hà Nội date after the one that holds, not in the past. Raises NotVisible,
    NotPermitted, Stale, Conflict (one is open already), InvalidInput on ``wanted_on`` or
    ``reason``.
    """
    row = assignment_locked(access, public_id)
    allow(may_ask_extension(access, row))
    version_check(row, version)
    if _open(row) is not None:
        raise Conflict(_("More time has already been asked for; the answer comes first."))
    words = text_checked("reason", reason, EXTENSION_MAX)
    _later(row, wanted_on, local_date(at or now()))
    step = step_begin(row, access, "directives.extension.asked", at, quiet)
    request = ExtensionRequest.objects.create(
        assignment=row, wanted_on=wanted_on, reason=words, by_id=access.actor_id, at=step.at
    )
    step.data |= {"wanted_on": wanted_on.isoformat()}
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

    The date asked for becomes the due date, with a new clock from today. Raises NotVisible,
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
        _grant(step, request.wanted_on)
    request.state, request.answer = state, words
    request.answered_by_id, request.answered_at = access.actor_id, step.at
    request.save()
    step.tell_unit("directive_extension_answered", step=state.value)
    step.finish()
    return request


def request_lapse(assignment: Assignment, at: dt.datetime) -> None:
    """Close an open request that nobody has to answer any more, in the caller's transaction."""
    assignment.extensions.filter(state=ExtensionState.ASKED).update(
        state=ExtensionState.LAPSED, answered_at=at
    )


def _open(assignment: Assignment) -> ExtensionRequest | None:
    rows = assignment.extensions.filter(state=ExtensionState.ASKED)
    return rows.select_for_update(of=("self",), no_key=True).first()


def _later(row: Assignment, wanted_on: dt.date, on: dt.date) -> None:
    assert row.due_on is not None
    if wanted_on <= row.due_on:
        message = _("A date after %(date)s.") % {"date": f"{row.due_on:%d/%m/%Y}"}
        raise InvalidInput(fields={"wanted_on": [message]})
    due_checked("wanted_on", wanted_on, on, calendar_current().last)


def _grant(step: Step, until: dt.date) -> None:
    row = step.assignment
    if until < step.on:
        message = _("The date asked for has passed: refuse it, so that the unit asks anew.")
        raise InvalidInput(fields={"is_granted": [message]})
    assert row.due_on is not None
    step.data |= {"from": row.due_on.isoformat(), "to": until.isoformat()}
    clocks_replace(assignment_clocks_open(row), step.on)
    row.due_on = until
    assignment_clocks_start([row], step.on)
    row.escalation_level = level_now(row)
