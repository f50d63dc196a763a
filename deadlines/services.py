"""Starting, pausing, resuming and closing clocks. The caller writes the event of its case."""

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from common.errors import InvalidInput
from common.time import local_moment
from communes.models import Unit
from deadlines.calendars import calendar_current
from deadlines.chains import clock_compute, clock_legs, ended_pauses, kept
from deadlines.clock import Amount, Calendar, Derivation, Leg, compute, compute_chain
from deadlines.derivation import chain_pack, derivation_pack
from deadlines.errors import ClockNotRunning, fault_answers
from deadlines.faults import ExtensionRefused
from deadlines.models import OPEN_STATES, Clock, ClockState
from deadlines.rules import ADDS, REPLACES, Rule, rule_get

# The moments (UTC) of the ladder's steps for a clock, in order; supplied by the app above.
Plan = Callable[[Clock], list[dt.datetime]]


class Told(NamedTuple):
    """Whom the ladder tells besides those who hold a clock: the body that sent the matter on, the
    Party secretary."""

    forwarder_unit_id: int | None = None
    secretary: bool = False


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
    told: Told | None = None,
) -> Clock:
    """An unsaved clock with its dates, derivation and the ladder's moments; for bulk creation.

    ``started_on``: Hà Nội date of the event. ``amount`` in the rule's kind of days: the chair's
    target where the law gives no number, or fewer days than the law allows. ``barred_units``: ids
    never escalated to. Raises NoFixedLimit, NotInForce, CalendarMissing, InvalidInput.
    """
    rule, days, limit, calendar = _limit(rule_code, started_on, amount)
    also = told or Told()
    clock = Clock(
        rule_code=rule.code,
        rule_version=rule.version,
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
        forwarder_unit_id=also.forwarder_unit_id,
        tells_secretary=also.secretary,
    )
    clock.step_moments = plan(clock) if plan else []
    clock.next_action_at = _next_action(clock)
    return clock


def _limit(
    rule_code: str, started_on: dt.date, amount: Amount | None
) -> tuple[Rule, Amount, Derivation, Calendar]:
    with fault_answers():
        rule = rule_get(rule_code)
        days = _days(rule, started_on, amount)
        calendar = calendar_current()
        return rule, days, compute(days, rule.day_kind, rule.rolls, started_on, calendar), calendar


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
        raise InvalidInput(fields={"on": [f"{message} {_suspension_basis()}"]})
    _write(
        clock,
        (ClockState.RUNNING,),
        state=ClockState.PAUSED,
        pauses=[*clock.pauses, [on.isoformat(), None]],
        next_action_at=None,
        held_until=None,
    )


def clock_resume(*, clock: Clock, on: dt.date, plan: Plan | None = None) -> None:
    """Let a paused clock run again from ``on``, the day the decision to continue is issued
    (Article 28b.2 of Decree 124/2020): the due date moves by the days not counted.

    Steps of the ladder whose moment has passed stay taken, those that the new date needs again
    come again; ``plan`` gives their moments, and a clock with a ladder must get one. Raises ClockNotRunning, InvalidInput, CalendarMissing.
    """
    if clock.state != ClockState.PAUSED:
        raise ClockNotRunning
    if clock.step_moments and plan is None:
        raise ValueError("a clock with a ladder needs its plan")
    values = _resumed(clock, on)
    _planned(clock, values, plan, on)
    _write(clock, (ClockState.PAUSED,), **values, state=ClockState.RUNNING)


def clock_extend(
    *,
    clock: Clock,
    rule_code: str,
    on: dt.date,
    amount: Amount | None = None,
    plan: Plan | None = None,
) -> None:
    """Lengthen a running clock by a rule that ``adds`` to the one applied last, or ``replaces`` it.

    ``on``: Hà Nội date of the decision or written finding, on or before the last day of the
    limit. ``amount`` in the rule's kind of days: fewer than the law allows at most. Nothing is
    ever shortened. Raises InvalidInput naming the article (not the rule's turn, twice where once
    is allowed, after the end), NotInForce, CalendarMissing, ClockNotRunning.
    """
    if clock.step_moments and plan is None:
        raise ValueError("a clock with a ladder needs its plan")
    with fault_answers():
        rule = rule_get(rule_code)
        _check_extension(clock, rule, on)
        days = _days(rule, on if rule.relation == ADDS else clock.started_on, amount)
        values = _lengthened(clock, rule, days, on)
    _planned(clock, values, plan, on)
    _write(clock, (ClockState.RUNNING,), **values)


def _days(rule: Rule, on: dt.date, amount: Amount | None) -> Amount:
    if amount is None:
        return rule.limit(on)
    if rule.days is not None and amount > rule.limit(on):
        message = _("The law allows at most %(days)s days.") % {"days": rule.days}
        raise InvalidInput(fields={"amount": [f"{message} {rule.basis}"]})
    return amount


def _planned(clock: Clock, values: dict[str, Any], plan: Plan | None, on: dt.date) -> None:
    """Add to the new values the ladder's moments that follow from them."""
    for name, value in values.items():
        setattr(clock, name, value)
    clock.step_moments = plan(clock) if plan else []
    clock.held_until = None
    _step_back(clock, on)
    for name in ("step_moments", "next_step", "step_round", "held_until", "escalation_level"):
        values[name] = getattr(clock, name)
    values["next_action_at"] = _next_action(clock)


def _step_back(clock: Clock, on: dt.date) -> None:
    """Steps taken for a date that has moved come once more when the new one needs them. What lies
    before the end of ``on`` stays taken, but for the last reminder before a limit that still
    runs: it comes at once and tells the new date."""
    end = local_moment(on + dt.timedelta(days=1))
    passed = sum(moment < end for moment in clock.step_moments)
    before = sum(m < local_moment(clock.due_on + dt.timedelta(days=1)) for m in clock.step_moments)
    if on <= clock.due_on and passed <= before:
        passed = max(passed - 1, 0)
    if passed < clock.next_step:
        clock.next_step = passed
        clock.step_round += 1
        clock.escalation_level = 0


def _check_extension(clock: Clock, rule: Rule, on: dt.date) -> None:
    applied = [item["rule"] for item in clock.extensions]
    if rule.code in applied or rule.relation not in (ADDS, REPLACES):
        raise ExtensionRefused(rule.code, rule.basis)
    if rule.extension_of != (applied[-1] if applied else clock.rule_code):
        raise ExtensionRefused(rule.code, rule.basis)
    if not clock.started_on <= on <= clock.due_on:
        message = _("A limit is extended while it runs, until %(date)s: %(basis)s.") % {
            "date": _shown(clock.due_on),
            "basis": rule.basis,
        }
        raise InvalidInput(fields={"on": [message]})


def _lengthened(clock: Clock, rule: Rule, days: Amount, on: dt.date) -> dict[str, Any]:
    entry = {
        "rule": rule.code,
        "version": rule.version,
        "relation": rule.relation,
        "on": on.isoformat(),
        "amount": days,
        "day_kind": rule.day_kind,
        "rolls": rule.rolls,
        "basis": rule.basis,
        "replaced": clock.rule_code if rule.relation == REPLACES else "",
    }
    legs = clock_legs(clock)
    leg = Leg(days, rule.day_kind, rule.rolls)
    legs = (*legs, leg) if rule.relation == ADDS else (leg, *legs[1:])
    calendar = calendar_current()
    chain = compute_chain(legs, clock.started_on, calendar, ended_pauses(clock.pauses))
    values: dict[str, Any] = {
        "extensions": [*clock.extensions, entry],
        "legal_due_on": chain[-1].legal_due_on,
        "due_on": chain[-1].due_on,
        "derivation": chain_pack(chain, calendar),
        "kept": None,
    }
    if rule.relation == ADDS:
        return values | {"basis": f"{clock.basis}; {rule.basis}"}
    return values | {
        "rule_code": rule.code,
        "rule_version": rule.version,
        "amount": days,
        "basis": rule.basis,
    }


def _next_action(clock: Clock) -> dt.datetime | None:
    moments = clock.step_moments
    return moments[clock.next_step] if clock.next_step < len(moments) else None


def _resumed(clock: Clock, on: dt.date) -> dict[str, Any]:
    """New pauses and dates of a paused clock that runs again from ``on``.

    A date already told is never shortened: when days off were taken away meanwhile, the later
    date and its derivation stay.
    """
    pauses = _pauses_ended(clock, on, strict=True)
    calendar = calendar_current()
    with fault_answers():
        chain = clock_compute(clock, calendar, ended_pauses(pauses))
    due_on = chain[-1].due_on
    if due_on < clock.due_on:
        note = kept(due_on, "lịch ngày nghỉ đã thay đổi", on)
        return {"pauses": pauses, "kept": note}
    return {
        "pauses": pauses,
        "legal_due_on": chain[-1].legal_due_on,
        "due_on": due_on,
        "derivation": chain_pack(chain, calendar),
        "kept": None,
    }


def _pauses_ended(clock: Clock, on: dt.date, *, strict: bool = False) -> list[list[str]]:
    """The pauses with the last one ended on ``on``; a pause never ends before it began."""
    *before, (begin, _none) = clock.pauses
    if strict and on < _date(begin):
        message = _("A suspension cannot end before it began on %(date)s.") % {
            "date": _shown(_date(begin))
        }
        raise InvalidInput(fields={"on": [f"{message} {_suspension_basis()}"]})
    return [*before, [begin, max(on, _date(begin)).isoformat()]]


def _suspension_basis() -> str:
    return _("(Article 11a of the Law on Complaints, Article 34 of the Law on Denunciations)")


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
