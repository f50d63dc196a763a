"""What people and cases do to escalations. The sweep itself is ``escalation.sweep``."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.access import Access
from accounts.roles import Permission
from common.errors import Conflict, InvalidInput, NotPermitted, NotVisible
from common.text import clean
from common.time import local_date, local_moment, now
from deadlines.calendars import add_working_days
from deadlines.models import Clock
from escalation.enums import AnswerStep, StepKind
from escalation.ladder import MORNING, RESPONSIBILITY, SHIPPED, URGING
from escalation.ladders import ladder_of
from escalation.models import MANUAL_FROM, Escalation, EscalationState
from escalation.positions import to_positions
from escalation.registry import Answered, owners

ANSWER_MAX = 2000
# How long an answer may hold the next step back; the City's own number, no law's.
HOLD_DAYS = 5
# Extending has its page of the case, and confirms by being done there.
STEPS_HERE = (AnswerStep.ANSWER, AnswerStep.TAKE_OVER, AnswerStep.REASSIGN)
# The codes of the steps for which a draft lies ready, by draft.
STEPS_WITH = {
    draft: frozenset(s.code for ladder in SHIPPED.values() for s in ladder if s.drafts == draft)
    for draft in (URGING, RESPONSIBILITY)
}


def escalations_settle(*, clock_ids: Sequence[int]) -> int:
    """Close what is open for clocks that were met or cancelled, in the caller's transaction.

    The caller holds the clocks' locks. Returns how many were open.
    """
    return Escalation.objects.filter(clock_id__in=clock_ids, state=EscalationState.OPEN).update(
        state=EscalationState.SETTLED
    )


def clock_rest(*, clock: Clock) -> None:
    """Take no step for a locked running clock until it is woken: what was asked for lies with
    somebody above. Its dates stay."""
    Clock.objects.filter(pk=clock.pk).update(next_action_at=None, held_until=None)


def clock_wake(*, clock: Clock) -> None:
    """Let the ladder of a locked running clock go on where it was; what fell due meanwhile comes
    with the next run."""
    moments = clock.step_moments
    following = moments[clock.next_step] if clock.next_step < len(moments) else None
    Clock.objects.filter(pk=clock.pk).update(next_action_at=following)


@dataclass(frozen=True)
class Answer:
    """What the position that was escalated to does: a step, in words, until a Hà Nội date.

    ``officer``: the user name of whom it is given to.
    """

    text: str
    step: str = AnswerStep.ANSWER
    officer: str = ""
    until: dt.date | None = None


def escalation_acknowledge(
    *,
    access: Access,
    public_id: UUID,
    answer: Answer,
    version: int | None = None,
    at: dt.datetime | None = None,
) -> Escalation:
    """The position that was escalated to confirms with a step. Until the date that it names the
    next step of the ladder waits, at most ``HOLD_DAYS`` working days; without one, or after it,
    the next step comes. Only meeting the limit ends the ladder.

    Raises NotVisible (absent, or for another position), NotPermitted, InvalidInput on ``answer``,
    ``step``, ``officer`` or ``until``, Stale (``version`` of the case has moved on), Conflict
    (already answered or settled).
    """
    escalation = _get_for(access, public_id)
    moment = at or now()
    given = _checked(answer, moment)
    with transaction.atomic():
        # The same order as a transition: subject first, its clock and escalations after.
        owner = next((o for o in owners() if o.hold(escalation.clock_id, version)), None)
        _mark(escalation, access, given, moment)
        if owner is not None:
            if given.step in (AnswerStep.TAKE_OVER, AnswerStep.REASSIGN):
                step = AnswerStep(given.step)
                owner.perform(access, escalation.clock_id, step, given.officer, moment)
            owner.on_answer(_answered(escalation, access, given, moment, version))
        if given.until is not None and not escalation.is_manual:
            _hold_back(escalation, given.until)
    escalation.refresh_from_db()
    return escalation


def _mark(escalation: Escalation, access: Access, answer: Answer, at: dt.datetime) -> None:
    open_now = Escalation.objects.filter(pk=escalation.pk, state=EscalationState.OPEN)
    changed = open_now.update(
        state=EscalationState.ACKNOWLEDGED,
        acknowledged_by_id=access.user_id,
        acknowledged_at=at,
        answer=answer.text,
        answer_step=answer.step,
        answer_until=answer.until,
    )
    if not changed:
        raise Conflict(_("This escalation has already been answered or settled."))


def _hold_back(escalation: Escalation, until: dt.date) -> None:
    """The next step comes on the first working morning after the date, unless it may not wait.

    Only the answer to the step taken last holds, so that each step is held once; what was put
    before somebody by hand holds nothing.
    """
    clock = Clock.objects.select_for_update(no_key=True).get(pk=escalation.clock_id)
    later = Escalation.objects.filter(
        clock=clock, round=clock.step_round, kind=StepKind.ESCALATION, step__lt=MANUAL_FROM
    ).filter(step__gt=escalation.step)
    is_latest = escalation.round == clock.step_round and not later.exists()
    if clock.next_action_at is None or not is_latest:
        return
    held = local_moment(add_working_days(until, 1), MORNING)
    for step, moment in zip(ladder_of(clock), clock.step_moments, strict=False):
        if not step.may_wait and moment >= clock.next_action_at:
            held = min(held, moment)
    if held > clock.next_action_at:
        Clock.objects.filter(pk=clock.pk).update(held_until=held, next_action_at=held)


def escalations_confirm(
    *, access: Access, clock_ids: Sequence[int], drafts: str, at: dt.datetime
) -> int:
    """Doing what a step asks for confirms it: the urging letter was issued. In the caller's
    transaction; returns how many were open for the person's positions."""
    waiting = to_positions(access).filter(
        state=EscalationState.OPEN, clock_id__in=clock_ids, step_code__in=STEPS_WITH[drafts]
    )
    rows = list(waiting.select_related("unit").order_by("clock_id", "id"))
    for row in rows:
        owner = next((o for o in owners() if o.hold(row.clock_id, None)), None)
        _mark(row, access, Answer(""), at)
        if owner is not None:
            owner.on_answer(_answered(row, access, Answer(""), at, None))
    return len(rows)


def _get_for(access: Access, public_id: UUID) -> Escalation:
    escalation = to_positions(access).select_related("unit").filter(public_id=public_id).first()
    if escalation is None:
        raise NotVisible
    if escalation.unit_id not in access.units(Permission.ESCALATION_ANSWER):
        raise NotPermitted
    return escalation


def _checked(given: Answer, at: dt.datetime) -> Answer:
    errors: dict[str, list[str]] = {}
    text = clean(given.text)
    if not text:
        errors["answer"] = [_("Say what is being done about it.")]
    elif len(text) > ANSWER_MAX:
        errors["answer"] = [_("At most 2000 characters.")]
    if given.step not in STEPS_HERE:
        errors["step"] = [_("Choose one of the steps.")]
    if given.step == AnswerStep.REASSIGN and not given.officer:
        errors["officer"] = [_("Choose the officer who takes it.")]
    if given.until is not None:
        errors |= _until_wrong(given.until, local_date(at))
    if errors:
        raise InvalidInput(fields=errors)
    return replace(given, text=text)


def _until_wrong(until: dt.date, on: dt.date) -> dict[str, list[str]]:
    last = add_working_days(on, HOLD_DAYS)
    if on <= until <= last:
        return {}
    message = _("From today to %(date)s, %(days)s working days at most.")
    return {"until": [message % {"date": f"{last:%d/%m/%Y}", "days": HOLD_DAYS}]}


def _answered(
    escalation: Escalation, access: Access, answer: Answer, at: dt.datetime, version: int | None
) -> Answered:
    assert access.user_id is not None
    assert escalation.unit is not None
    return Answered(
        clock_id=escalation.clock_id,
        step_code=escalation.step_code,
        level=escalation.level,
        unit_code=escalation.unit.code,
        position=escalation.position,
        by_id=access.user_id,
        at=at,
        version=version,
        answer_step=answer.step,
        until=answer.until,
    )
