"""What a stored clock is computed from: its limit, its extensions, its suspensions."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from deadlines.clock import Calendar, Derivation, Leg, Suspension, compute_chain
from deadlines.models import Clock
from deadlines.rules import ADDS


def clock_legs(clock: Clock) -> tuple[Leg, ...]:
    """The limit and the extensions that begin where it ends; a longer limit that replaced the
    first one already stands in its place."""
    packed = clock.derivation
    base = [*packed.get("earlier", ()), packed][0]
    added = [item for item in clock.extensions if item["relation"] == ADDS]
    return tuple(_leg(item) for item in (base, *added))


def clock_compute(
    clock: Clock, calendar: Calendar, suspensions: Iterable[Suspension] | None = None
) -> tuple[Derivation, ...]:
    """The stretches of a clock with another calendar or other suspensions.

    Raises CalendarMissing, WrongSuspension.
    """
    pauses = ended_pauses(clock.pauses) if suspensions is None else suspensions
    return compute_chain(clock_legs(clock), clock.started_on, calendar, pauses)


def ended_pauses(pauses: Sequence[Sequence[str | None]]) -> tuple[Suspension, ...]:
    """The suspensions that are over, as Hà Nội dates ``[from, to)``."""
    date = dt.date.fromisoformat
    return tuple((date(begin), date(end)) for begin, end in pauses if begin and end)


def kept(computed: dt.date, reason: str, on: dt.date) -> dict[str, str]:
    """The note that a later date already told stays although ``computed`` is earlier."""
    return {"computed_due_on": computed.isoformat(), "reason": reason, "on": on.isoformat()}


def _leg(item: dict[str, Any]) -> Leg:
    return Leg(item["amount"], item["day_kind"], item["rolls"])
