"""Clocks for bulk data: the law's arithmetic once for each rule and day, then only copied."""

import datetime as dt
import json
from dataclasses import dataclass
from functools import cache
from typing import Any

from communes.models import Unit
from communes.selectors import unit_by_code
from deadlines.calendars import calendar_current
from deadlines.chains import clock_compute
from deadlines.derivation import chain_pack
from deadlines.models import Clock, ClockState
from deadlines.rules import rule_choose, rule_get
from deadlines.services import clock_build
from escalation.ladder import Step, skip_reason
from escalation.ladders import ladder_choose, ladder_of, plan_for
from hanoi_portal.demo.fast_life import Limit
from petitions.clocks import INTERNAL_TARGET_DAYS
from petitions.enums import Kind, Stage

POSITIONS = {
    Stage.ACCEPTANCE: "clerk",
    Stage.NOTICE: "clerk",
    Stage.RESOLUTION: "handler",
    Stage.DECISION_SENT: "clerk",
    Stage.HANDLING: "head",
    Stage.PUBLICATION: "head",
}


@dataclass(frozen=True)
class ClockRow:
    """A computed clock; ``passed``: steps of the ladder that lie before the end of the data."""

    clock: Clock
    state: str
    due_on: dt.date
    closed_on: dt.date | None
    pauses: str
    derivation: str
    legal_due_on: dt.date
    moments: list[dt.datetime]
    next_step: int
    next_action_at: dt.datetime | None
    passed: tuple[tuple[int, Step, dt.datetime], ...]


def clock_row(kind: str, limit: Limit, now: dt.datetime) -> ClockRow:
    """The clock of a limit as it stands at ``now`` (UTC moment)."""
    if limit.pause is None:
        clock, derivation = _plain(kind, limit.stage, limit.started_on)
    else:
        clock, derivation = _paused(kind, limit)
    state = _state(clock, limit)
    moments = clock.step_moments
    passed = _passed(clock, now) if state == ClockState.RUNNING else ()
    next_step = sum(moment <= now for moment in moments) if state == ClockState.RUNNING else 0
    waits = state == ClockState.RUNNING and next_step < len(moments)
    return ClockRow(
        clock=clock,
        state=state,
        due_on=clock.due_on,
        closed_on=limit.closed_on,
        pauses=json.dumps(clock.pauses),
        derivation=derivation,
        legal_due_on=clock.legal_due_on,
        moments=moments,
        next_step=next_step,
        next_action_at=moments[next_step] if waits else None,
        passed=passed,
    )


def _state(clock: Clock, limit: Limit) -> str:
    if limit.closed_on is None:
        stands = limit.pause is not None and limit.pause[1] is None
        return ClockState.PAUSED if stands else ClockState.RUNNING
    if limit.is_cancelled:
        return ClockState.CANCELLED
    return ClockState.MET if limit.closed_on <= clock.due_on else ClockState.MISSED


def _passed(clock: Clock, now: dt.datetime) -> tuple[tuple[int, Step, dt.datetime], ...]:
    """Steps that were due, without those that the clock has no use for."""
    return tuple(
        (index, step, moment)
        for index, (step, moment) in enumerate(
            zip(ladder_of(clock), clock.step_moments, strict=True)
        )
        if moment <= now and not skip_reason(step, moment, clock)
    )


@cache
def _plain(kind: str, stage: Stage, started_on: dt.date) -> tuple[Clock, str]:
    clock = _build(kind, stage, started_on)
    return clock, json.dumps(clock.derivation)


def _paused(kind: str, limit: Limit) -> tuple[Clock, str]:
    """A suspension moves the end by the days not counted; those are rare and not kept."""
    assert limit.pause is not None
    begin, end = limit.pause
    clock = _build(kind, limit.stage, limit.started_on)
    clock.pauses = [[begin.isoformat(), end.isoformat() if end else None]]
    if end is not None:
        calendar = calendar_current()
        chain = clock_compute(clock, calendar, [(begin, end)])
        clock.due_on, clock.legal_due_on = chain[-1].due_on, chain[-1].legal_due_on
        clock.derivation = chain_pack(chain, calendar)
        clock.step_moments = plan_for(clock)
    return clock, json.dumps(clock.derivation)


def _build(kind: str, stage: Stage, started_on: dt.date) -> Clock:
    is_target = stage == Stage.RESOLUTION and kind in (Kind.RECOMMENDATION, Kind.FEEDBACK)
    rule = rule_get("KP-RES") if is_target else rule_choose(kind, stage, started_on)
    amount: Any = INTERNAL_TARGET_DAYS if is_target else None
    ladder = ladder_choose(
        rule, kind=kind, field_code="", on=started_on, is_internal=rule.days is None
    )
    return clock_build(
        ladder=ladder,
        rule_code=rule.code,
        started_on=started_on,
        holder_unit=_any_unit(),
        holder_position=POSITIONS[stage],
        amount=amount,
        plan=plan_for,
    )


@cache
def _any_unit() -> Unit:
    """The arithmetic does not ask which unit; the row that is written does."""
    unit = unit_by_code("BTCD")
    assert unit is not None
    return unit
