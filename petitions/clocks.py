"""Which clocks a case gets and what an action does to them. Arithmetic is in ``deadlines``."""

import datetime as dt
from typing import NamedTuple

from deadlines import services as clocks
from deadlines.errors import fault_answers
from deadlines.models import Clock, ClockState
from deadlines.rules import Rule, extension_choose, rule_choose, rule_get
from escalation.ladders import ladder_choose, plan_for
from petitions.enums import Finding, Flag, Kind, Stage
from petitions.models import Case, CaseClock

# Law sets no limit for the result of recommendations and feedback (only the notice, Article 28
# of the Law on Citizen Reception): this is the chair's internal target, in working days.
INTERNAL_TARGET_DAYS = 20


class NewClock(NamedTuple):
    clock: Clock
    stage: Stage


def first_clock(case: Case, on: dt.date, *, position: str = "clerk") -> NewClock:
    """The unsaved clock of the first answer, from the Hà Nội date of receipt.

    Complaint: acceptance. Denunciation: acceptance, notice while it is information only (Article
    25 of the Law on Denunciations), or the superior's review of a further one (Article 37.2).
    Others: notice.
    """
    stage = _first_stage(case)
    rule = rule_choose(case.kind, stage, on, instance=case.instance)
    told = clocks.Told() if case.pk is None else None
    return NewClock(_build(case, rule, on, position, told=told), stage)


def _first_stage(case: Case) -> Stage:
    if case.kind == Kind.COMPLAINT:
        return Stage.ACCEPTANCE
    if case.kind == Kind.DENUNCIATION and Flag.INFORMATION not in case.flags:
        return Stage.REVIEW if Flag.FURTHER in case.flags else Stage.ACCEPTANCE
    return Stage.NOTICE


def resolution_clock(case: Case, on: dt.date) -> NewClock:
    """The unsaved clock of the result, from the Hà Nội date of acceptance."""
    if case.kind in (Kind.RECOMMENDATION, Kind.FEEDBACK):
        rule = rule_get("KP-RES")
        return NewClock(
            _build(case, rule, on, "handler", amount=INTERNAL_TARGET_DAYS),
            Stage.RESOLUTION,
        )
    condition = _condition(case)
    rule = rule_choose(case.kind, Stage.RESOLUTION, on, instance=case.instance, condition=condition)
    return NewClock(_build(case, rule, on, "handler"), Stage.RESOLUTION)


def sending_clock(case: Case, on: dt.date) -> NewClock | None:
    """The unsaved clock for sending the decision or conclusion; replies have none."""
    if case.kind in (Kind.RECOMMENDATION, Kind.FEEDBACK):
        return None
    rule = rule_choose(case.kind, Stage.DECISION_SENT, on, instance=case.instance)
    return NewClock(_build(case, rule, on, "clerk"), Stage.DECISION_SENT)


def forwarding_clock(case: Case, on: dt.date) -> NewClock | None:
    """The unsaved clock for sending a denunciation on: 5 working days from the Hà Nội date of
    receipt (Article 24.2 of the Law on Denunciations). None for other kinds: their notice runs."""
    if case.kind != Kind.DENUNCIATION:
        return None
    rule = rule_choose(case.kind, Stage.FORWARDING, on)
    return NewClock(_build(case, rule, on, "head"), Stage.FORWARDING)


def conclusion_clocks(case: Case, on: dt.date) -> list[NewClock]:
    """The unsaved clocks that a conclusion starts: acting on it and publishing it, each 7 working
    days (Articles 36.1 and 40.1 of the Law on Denunciations). None for other kinds."""
    if case.kind != Kind.DENUNCIATION:
        return []
    stages = (Stage.HANDLING, Stage.PUBLICATION)
    return [
        NewClock(_build(case, rule_choose(case.kind, stage, on), on, "head"), stage)
        for stage in stages
    ]


def extension_rule(case: Case, link: CaseClock) -> Rule:
    """The rule that lengthens a clock by what was found (Article 28 of the Law on Complaints,
    Articles 24 and 30 of the Law on Denunciations). Raises InvalidInput when there is none."""
    if link.stage == Stage.ACCEPTANCE:
        finding = Finding.SEVERAL_PLACES
    else:
        finding = Finding.VERY_COMPLEX if Flag.VERY_COMPLEX in case.flags else Finding.COMPLEX
    clock = link.clock
    applied = clock.extensions[-1]["rule"] if clock.extensions else clock.rule_code
    with fault_answers():
        return extension_choose(applied, case.kind, finding)


def clock_attach(case: Case, new: NewClock) -> Clock:
    """Save the clock and tie it to the case: two queries."""
    new.clock.save()
    CaseClock.objects.create(case=case, clock=new.clock, stage=new.stage)
    return new.clock


def clocks_running(case: Case) -> list[CaseClock]:
    """Running and paused clocks of a locked case, with their rows locked."""
    live = (ClockState.RUNNING, ClockState.PAUSED)
    return list(
        CaseClock.objects.select_related("clock")
        .filter(case=case, clock__state__in=live)
        .select_for_update(of=("clock",), no_key=True)
        .order_by("id")
    )


def due_on(live: list[Clock]) -> dt.date | None:
    """The nearest due date among running clocks."""
    return min((c.due_on for c in live if c.state == ClockState.RUNNING), default=None)


def _condition(case: Case) -> str:
    if Flag.TAKEN_OVER in case.flags:
        return "taken_over"
    remote = "remote" if case.unit.is_remote else ""
    complex_ = "complex" if Flag.COMPLEX in case.flags else ""
    return "_".join(part for part in (remote, complex_) if part) or "normal"


def origin_keep(case: Case, *, forwarder_unit_id: int) -> None:
    """The body that sent a case on urges its receiver: kept with the clocks that run there."""
    Clock.objects.filter(case_clock__case=case).update(forwarder_unit_id=forwarder_unit_id)


def secretary_tell(case: Case) -> None:
    """The case was brought to the Party secretary's reception: he hears when a limit passes; not
    of a denunciation, which he does not see."""
    if case.kind != Kind.DENUNCIATION:
        Clock.objects.filter(case_clock__case=case).update(tells_secretary=True)


def _told(case: Case) -> clocks.Told:
    """As the clock before this one; one query."""
    links = CaseClock.objects.filter(case=case).order_by("-id")
    row = links.values_list("clock__forwarder_unit_id", "clock__tells_secretary").first()
    return clocks.Told(*row) if row else clocks.Told()


def _build(
    case: Case,
    rule: Rule,
    on: dt.date,
    position: str,
    *,
    amount: int | None = None,
    told: clocks.Told | None = None,
) -> Clock:
    ladder = ladder_choose(
        rule,
        kind=case.kind,
        field_code=case.field.code,
        on=on,
        is_internal=rule.days is None,
    )
    return clocks.clock_build(
        rule_code=rule.code,
        started_on=on,
        holder_unit=case.unit,
        holder_position=position,
        barred_units=case.barred_units,
        amount=amount,
        plan=plan_for,
        ladder=ladder,
        told=told or _told(case),
    )
