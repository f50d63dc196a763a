"""What must hold over escalations, checked by ``manage.py check_data``."""

from collections.abc import Iterator

from django.db.models import F

from common.invariants import invariant
from deadlines.models import CLOSED_STATES, Clock
from escalation.models import MANUAL_FROM, Escalation, EscalationState


@invariant("escalation.steps_behind_the_clock")
def steps_behind_the_clock() -> Iterator[str]:
    """A step that was taken lies before the next step of its clock."""
    rows = Escalation.objects.filter(
        step__gte=F("clock__next_step"), round=F("clock__step_round"), step__lt=MANUAL_FROM
    )
    for row in rows.values_list("public_id", flat=True).order_by("id"):
        yield f"{row}: a later step than its clock has come to"


@invariant("escalation.closed_clocks_are_settled")
def closed_clocks_are_settled() -> Iterator[str]:
    """Nothing is open for a clock that was met, missed or cancelled."""
    rows = Escalation.objects.filter(state=EscalationState.OPEN, clock__state__in=CLOSED_STATES)
    for row in rows.values_list("public_id", flat=True).order_by("id"):
        yield f"{row}: open although its clock is closed"


@invariant("escalation.no_clock_is_parked")
def no_clock_is_parked() -> Iterator[str]:
    """A parked clock does not escalate until somebody has looked at it."""
    parked = Clock.objects.filter(parked_at__isnull=False).order_by("id")
    for pk, reason in parked.values_list("public_id", "parked_reason"):
        yield f"{pk}: parked ({reason})"
