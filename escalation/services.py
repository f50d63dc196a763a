"""What people and cases do to escalations. The sweep itself is ``escalation.sweep``."""

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.access import Access
from accounts.roles import Permission
from common.errors import Conflict, InvalidInput, NotPermitted, NotVisible
from common.text import clean
from common.time import now
from escalation.enums import StepKind
from escalation.models import Escalation, EscalationState
from escalation.registry import Answered, owners

ANSWER_MAX = 2000


def escalations_settle(*, clock_ids: Sequence[int]) -> int:
    """Close what is open for clocks that were met or cancelled, in the caller's transaction.

    The caller holds the clocks' locks. Returns how many were open.
    """
    return Escalation.objects.filter(clock_id__in=clock_ids, state=EscalationState.OPEN).update(
        state=EscalationState.SETTLED
    )


def escalation_acknowledge(
    *,
    access: Access,
    public_id: UUID,
    answer: str,
    version: int | None = None,
    at: dt.datetime | None = None,
) -> Escalation:
    """The position that was escalated to says what it does about it.

    Raises NotVisible (absent, or for another position), NotPermitted, InvalidInput on
    ``answer``, Stale (``version`` of the case has moved on), Conflict (already answered or
    settled). The clock and its further steps are not touched: only meeting it stops the ladder.
    """
    escalation = _get_for(access, public_id)
    text = _answer(answer)
    moment = at or now()
    with transaction.atomic():
        # The same order as a transition: subject first, its escalations after.
        owner = next((o for o in owners() if o.hold(escalation.clock_id, version)), None)
        open_now = Escalation.objects.filter(pk=escalation.pk, state=EscalationState.OPEN)
        changed = open_now.update(
            state=EscalationState.ACKNOWLEDGED,
            acknowledged_by_id=access.user_id,
            acknowledged_at=moment,
            answer=text,
        )
        if not changed:
            raise Conflict(_("This escalation has already been answered or settled."))
        if owner is not None:
            owner.on_answer(_answered(escalation, access, moment, version))
    escalation.refresh_from_db()
    return escalation


def _get_for(access: Access, public_id: UUID) -> Escalation:
    escalation = (
        Escalation.objects.select_related("unit")
        .filter(public_id=public_id, kind=StepKind.ESCALATION)
        .first()
    )
    if escalation is None or escalation.unit_id is None:
        raise NotVisible
    if (escalation.unit_id, escalation.position) not in access.positions:
        raise NotVisible
    if escalation.unit_id not in access.units(Permission.ESCALATION_ANSWER):
        raise NotPermitted
    return escalation


def _answer(typed: str) -> str:
    text = clean(typed)
    if not text:
        raise InvalidInput(fields={"answer": [_("Say what is being done about it.")]})
    if len(text) > ANSWER_MAX:
        raise InvalidInput(fields={"answer": [_("At most 2000 characters.")]})
    return text


def _answered(
    escalation: Escalation, access: Access, at: dt.datetime, version: int | None
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
    )
