"""Escalating by hand: an officer or the City puts a matter before somebody above, with a reason."""

import datetime as dt

from django.utils.translation import gettext as _

from common.errors import Conflict, DomainError, InvalidInput
from common.text import clean
from common.time import local_date
from deadlines.models import Clock
from escalation.enums import Place, StepKind
from escalation.ladder import Step
from escalation.models import MANUAL_FROM, Escalation, EscalationState
from escalation.recipients import Positions
from escalation.registry import owners
from escalation.steps import DueStep, holder_of, steps_tell

REASON_MAX = 1000
LEVELS = {Place.HEAD: 1, Place.BOARD: 2, Place.CHAIR: 3, Place.INSPECTOR: 4}
_BASIS = "Báo cáo theo đề nghị của cán bộ, quy trình nội bộ của Thành phố"


def escalation_raise(
    *, clock: Clock, place: Place, reason: str, by_id: int, at: dt.datetime
) -> Escalation:
    """Escalate a locked open clock to a place, in the caller's transaction, whatever its ladder
    has done so far. ``at``: UTC moment. A barred unit is passed over as by the sweep.

    The caller has asked its policy. Raises InvalidInput on ``reason``, Conflict (waits there
    already), DomainError ``nobody`` (every place above is barred).
    """
    text = _reason(reason)
    positions = Positions.read(local_date(at))
    holder = holder_of(clock)
    found = positions.find(place, holder)
    if found.unit is None:
        raise DomainError(_("There is nobody above who may be told of this."), code="nobody")
    by_hand = Escalation.objects.filter(clock=clock, step__gte=MANUAL_FROM)
    waiting = {"unit": found.unit, "position": found.position, "state": EscalationState.OPEN}
    if by_hand.filter(**waiting).exists():
        raise Conflict(_("This was already put before that position and waits for an answer."))
    step = Step("manual", StepKind.ESCALATION, 0, LEVELS[place], place, (), _BASIS)
    due = DueStep(clock, MANUAL_FROM + by_hand.count(), step, at, holder, found, by_id)
    row = _keep(due, text)
    claims = [(owner, owner.claim([clock.pk])) for owner in owners()]
    steps_tell([due], claims, positions, at)
    return row


def _keep(due: DueStep, reason: str) -> Escalation:
    clock, step = due.clock, due.step
    Clock.objects.filter(pk=clock.pk, escalation_level__lt=step.level).update(
        escalation_level=step.level
    )
    return Escalation.objects.create(
        clock=clock,
        round=clock.step_round,
        step=due.index,
        step_code=step.code,
        kind=step.kind,
        level=step.level,
        due_at=due.moment,
        created_at=due.moment,
        unit=due.recipient.unit,
        position=due.recipient.position,
        nobody_found=due.recipient.nobody_found,
        reason=reason,
        raised_by_id=due.by_id,
    )


def _reason(typed: str) -> str:
    text = clean(typed)
    if not text:
        raise InvalidInput(fields={"reason": [_("Say why.")]})
    if len(text) > REASON_MAX:
        raise InvalidInput(fields={"reason": [_("At most 1000 characters.")]})
    return text
