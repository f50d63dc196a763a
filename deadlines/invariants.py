"""What must hold for every stored clock."""

import datetime as dt
from collections.abc import Iterator

from common.invariants import invariant
from deadlines.calendars import calendar_current
from deadlines.chains import clock_compute
from deadlines.derivation import chain_unpack
from deadlines.models import OPEN_STATES, Clock, ClockState
from deadlines.rules import load_rules


@invariant("deadlines.clock.recomputes")
def clocks_recompute() -> Iterator[str]:
    """Recomputing from the stored inputs gives the stored dates."""
    fields = ("public_id", "started_on", "legal_due_on", "due_on", "derivation")
    for public_id, *dates, packed in Clock.objects.values_list(*fields).iterator():
        legs = [leg for leg, _calendar in chain_unpack(packed)]
        if [legs[0].start, legs[-1].legal_due_on, legs[-1].due_on] != dates:
            yield f"{public_id}: the stored dates do not follow from the derivation"


@invariant("deadlines.clock.calendar")
def open_clocks_follow_the_calendar() -> Iterator[str]:
    """Limit, extensions and ended suspensions of an open clock give its dates with the days off
    as they are now, or a later date is kept with its reason."""
    calendar = calendar_current() if Clock.objects.exists() else None
    for clock in Clock.objects.filter(state__in=OPEN_STATES).iterator():
        assert calendar is not None
        end = clock_compute(clock, calendar)[-1].due_on
        if end > clock.due_on or (end < clock.due_on and clock.kept is None):
            yield f"{clock.public_id}: due {clock.due_on}, by the calendar of today {end}"


@invariant("deadlines.clock.rule")
def open_clocks_have_their_rule() -> Iterator[str]:
    """The rule's row is the one the date was computed with: a new law is a new row."""
    rules = load_rules()
    rows = Clock.objects.filter(state__in=OPEN_STATES).exclude(rule_version="")
    for public_id, code, version in rows.values_list(
        "public_id", "rule_code", "rule_version"
    ).iterator():
        if code not in rules or rules[code].version != version:
            yield f"{public_id}: the row {code} is not the one it was computed with"


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
