"""Starting, pausing, resuming and closing clocks. The caller writes the event of its case."""

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from common.errors import InvalidInput
from common.reference import LoadReport
from communes.models import Unit
from deadlines.calendars import calendar_current, calendar_load
from deadlines.clock import Amount, Derivation, Suspension, compute
from deadlines.derivation import derivation_pack
from deadlines.errors import ClockNotRunning, fault_answers
from deadlines.models import OPEN_STATES, Clock, ClockState
from deadlines.rules import Rule, load_rules, rule_get

# The moments (UTC) of the ladder's steps for a clock, in order; supplied by the app above.
Plan = Callable[[Clock], list[dt.datetime]]


def clock_build(
    *,
    rule_code: str,
    started_on: dt.date,
    holder_unit: Unit,
    holder_position: str = "",
    barred_units: Iterable[int] = (),
    amount: Amount | None = None,
    plan: Plan | None = None,
    ladder: str = "",
) -> Clock:
    """An unsaved clock with its dates, derivation and the ladder's moments; for bulk creation.

    ``started_on`` is the Hà Nội date of the event. ``amount`` in the rule's kind of days: the
    chair's internal target where the law gives no number, or fewer days than the law allows at
    most. ``barred_units`` are ids of units that are never escalated to. Raises NoFixedLimit,
    NotInForce, CalendarMissing, InvalidInput.
    """
    with fault_answers():
        rule = rule_get(rule_code)
        days = _days(rule, started_on, amount)
        calendar = calendar_current()
        limit = compute(days, rule.day_kind, rule.rolls, started_on, calendar)
    clock = Clock(
        rule_code=rule.code,
        started_on=started_on,
        legal_due_on=limit.legal_due_on,
        due_on=limit.due_on,
        amount=days,
        basis=rule.basis,
        is_internal=rule.days is None,
        derivation=derivation_pack(limit, calendar),
        holder_unit=holder_unit,
        holder_position=holder_position,
        barred_units=list(barred_units),
        ladder=ladder,
    )
    clock.step_moments = plan(clock) if plan else []
    clock.next_action_at = _next_action(clock)
    return clock


def clock_meet(*, clock: Clock, on: dt.date) -> None:
    """Close a clock on a local date: ``met`` up to and on its due date, ``missed`` after it.

    A pause that still lasts ends on that day first. Raises ClockNotRunning when it is closed.
    """
    values: dict[str, Any] = {}
    due_on = clock.due_on
    if clock.state == ClockState.PAUSED:
        values = _resumed(clock, on)
        due_on = values.get("due_on", due_on)
    state = ClockState.MET if on <= due_on else ClockState.MISSED
    _close(clock, state, on, values)


def clock_cancel(*, clock: Clock, on: dt.date) -> None:
    """The limit no longer applies from that local date. Raises ClockNotRunning when closed."""
    values = {}
    if clock.state == ClockState.PAUSED:
        values["pauses"] = _pauses_ended(clock, on)
    _close(clock, ClockState.CANCELLED, on, values)


def clock_pause(*, clock: Clock, on: dt.date) -> None:
    """Stop a running clock: days from ``on`` are not counted until it is resumed.

    Nothing escalates meanwhile. Article 11a of the Law on Complaints, Article 34 of the Law on
    Denunciations. Raises ClockNotRunning, InvalidInput when ``on`` lies before the start or
    before the end of the previous pause.
    """
    last = clock.pauses[-1][1] if clock.pauses else None
    earliest = dt.date.fromisoformat(last) if last else clock.started_on
    if on < earliest:
        message = _("A suspension cannot begin before %(date)s.") % {"date": _shown(earliest)}
        raise InvalidInput(fields={"on": [message]})
    _write(
        clock,
        (ClockState.RUNNING,),
        state=ClockState.PAUSED,
        pauses=[*clock.pauses, [on.isoformat(), None]],
        next_action_at=None,
    )


def clock_resume(*, clock: Clock, on: dt.date, plan: Plan | None = None) -> None:
    """Let a paused clock run again from ``on``, the day the decision to continue is issued
    (Article 28b.2 of Decree 124/2020): the due date moves by the days not counted.

    Steps of the ladder already taken stay taken; ``plan`` gives the moments of the others, and a
    clock with a ladder must get one. Raises ClockNotRunning, InvalidInput, CalendarMissing.
    """
    if clock.state != ClockState.PAUSED:
        raise ClockNotRunning
    if clock.step_moments and plan is None:
        raise ValueError("a clock with a ladder needs its plan")
    values = _resumed(clock, on)
    for name, value in values.items():
        setattr(clock, name, value)
    moments = plan(clock) if plan else []
    clock.step_moments = moments
    _write(
        clock,
        (ClockState.PAUSED,),
        **values,
        state=ClockState.RUNNING,
        step_moments=moments,
        next_action_at=_next_action(clock),
    )


@transaction.atomic
def reference_load(report: LoadReport) -> None:
    """Check the rules and bring the calendar to what its file says."""
    report.keep("deadline rules", len(load_rules()))
    calendar_load(report)


def _days(rule: Rule, on: dt.date, amount: Amount | None) -> Amount:
    if amount is None:
        return rule.limit(on)
    if rule.days is not None and amount > rule.limit(on):
        message = _("The law allows at most %(days)s days.") % {"days": rule.days}
        raise InvalidInput(fields={"amount": [f"{message} {rule.basis}"]})
    return amount


def _next_action(clock: Clock) -> dt.datetime | None:
    moments = clock.step_moments
    return moments[clock.next_step] if clock.next_step < len(moments) else None


def _resumed(clock: Clock, on: dt.date) -> dict[str, Any]:
    """New pauses and dates of a paused clock that runs again from ``on``.

    A date already told is never shortened: when days off were taken away meanwhile, the later
    date and its derivation stay.
    """
    pauses = _pauses_ended(clock, on, strict=True)
    limit = _recomputed(clock, [(_date(a), _date(b)) for a, b in pauses])
    if limit.due_on < clock.due_on:
        return {"pauses": pauses}
    return {
        "pauses": pauses,
        "legal_due_on": limit.legal_due_on,
        "due_on": limit.due_on,
        "derivation": derivation_pack(limit, calendar_current()),
    }


def _recomputed(clock: Clock, suspensions: Iterable[Suspension]) -> Derivation:
    stored = clock.derivation
    with fault_answers():
        return compute(
            stored["amount"],
            stored["day_kind"],
            stored["rolls"],
            clock.started_on,
            calendar_current(),
            suspensions,
        )


def _pauses_ended(clock: Clock, on: dt.date, *, strict: bool = False) -> list[list[str]]:
    """The pauses with the last one ended on ``on``; a pause never ends before it began."""
    *before, (begin, _none) = clock.pauses
    if strict and on < _date(begin):
        message = _("A suspension cannot end before it began on %(date)s.") % {
            "date": _shown(_date(begin))
        }
        raise InvalidInput(fields={"on": [message]})
    return [*before, [begin, max(on, _date(begin)).isoformat()]]


def _close(clock: Clock, state: ClockState, on: dt.date, values: dict[str, Any]) -> None:
    _write(clock, OPEN_STATES, **values, state=state, closed_on=on, next_action_at=None)


def _write(clock: Clock, expected: tuple[ClockState, ...], **values: Any) -> None:
    """One conditional update; nothing is written when the stored state has moved on."""
    if not Clock.objects.filter(pk=clock.pk, state__in=expected).update(**values):
        raise ClockNotRunning
    for name, value in values.items():
        setattr(clock, name, value)


def _date(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def _shown(date: dt.date) -> str:
    return f"{date:%d/%m/%Y}"
