"""What must hold for every stored clock."""

import datetime as dt
from collections.abc import Iterator

from common.invariants import invariant
from deadlines.derivation import derivation_unpack
from deadlines.models import Clock, ClockState


@invariant("deadlines.clock.recomputes")
def clocks_recompute() -> Iterator[str]:
    """Recomputing from the stored inputs gives the stored dates."""
    fields = ("public_id", "started_on", "legal_due_on", "due_on", "derivation")
    for public_id, *dates, packed in Clock.objects.values_list(*fields).iterator():
        limit, _calendar = derivation_unpack(packed)
        if [limit.start, limit.legal_due_on, limit.due_on] != dates:
            yield f"{public_id}: the stored dates do not follow from the derivation"


@invariant("deadlines.clock.pauses")
def clocks_pauses() -> Iterator[str]:
    """Pauses are in order, and the last one is open exactly while the clock is paused."""
    for clock in Clock.objects.exclude(pauses=[]).iterator():
        ends = [end for pair in clock.pauses for end in pair]
        is_open = ends[-1] is None
        closed = [dt.date.fromisoformat(end) for end in ends if end is not None]
        if closed != sorted(closed) or ends.count(None) != int(is_open):
            yield f"{clock.public_id}: pauses are out of order"
        elif is_open != (clock.state == ClockState.PAUSED):
            yield f"{clock.public_id}: the last pause does not fit the state"
