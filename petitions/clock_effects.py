"""What a transition does to the clocks of a case, in the transition's transaction."""

import datetime as dt
from collections.abc import Callable

from common.time import local_date
from deadlines.models import Clock
from deadlines.services import (
    clock_cancel,
    clock_extend,
    clock_meet,
    clock_pause,
    clock_resume,
)
from escalation.ladders import plan_for
from escalation.services import escalations_settle
from petitions import clocks
from petitions.enums import Stage
from petitions.models import Case, CaseClock, Forwarding, Proposal
from petitions.workflow import Action, ClockEffect

FIRST = (Stage.ACCEPTANCE, Stage.NOTICE, Stage.REVIEW, Stage.FORWARDING)


def clock_effect_apply(case: Case, effect: ClockEffect, on: dt.date) -> None:
    """Apply the effect as of a Hà Nội date and keep ``case.due_on`` and ``escalation_level`` true;
    case not saved."""
    if effect is ClockEffect.NONE:
        return
    live = clocks.clocks_running(case)
    extra = _EFFECTS[effect](case, live, on)
    remaining = [link.clock for link in live] + extra
    settled = [link.clock_id for link in live if link.clock.closed_on is not None]
    if settled:
        escalations_settle(clock_ids=settled)
    case.due_on = clocks.due_on(remaining) if case.closed_at is None else None
    running = [c for c in remaining if c.closed_on is None]
    case.escalation_level = max((c.escalation_level for c in running), default=0)


def _meet(live: list[CaseClock], stages: tuple[Stage, ...], on: dt.date) -> None:
    for link in live:
        if link.stage in stages:
            clock_meet(clock=link.clock, on=on)


def _received(case: Case, live: list[CaseClock], on: dt.date) -> list[Clock]:
    """Signing turns information with accusations into a denunciation: its own clock starts."""
    wanted = clocks.first_clock(case, on)
    if any(link.stage == wanted.stage for link in live):
        return []
    _cancel(case, live, on)
    return [clocks.clock_attach(case, wanted)]


def _signed(case: Case, live: list[CaseClock], on: dt.date) -> list[Clock]:
    """The limits of a denunciation run from the day on which the signed letter was received, also
    that of sending it on when this is what was proposed (Article 24 of the Law on Denunciations).
    """
    started = _received(case, live, on)
    return [*started, *_proposed(case, clocks.clocks_running(case), on)] if started else []


def _proposed(case: Case, live: list[CaseClock], on: dt.date) -> list[Clock]:
    """Whoever proposes to forward a denunciation has less time than whoever accepts it."""
    _unproposed(case, live, on)
    current = Proposal.objects.filter(case=case, is_current=True).first()
    first = next((link for link in live if link.stage == Stage.ACCEPTANCE), None)
    if first is None or current is None or current.action != Action.FORWARD:
        return []
    new = clocks.forwarding_clock(case, first.clock.started_on)
    return [clocks.clock_attach(case, new)] if new else []


def _unproposed(case: Case, live: list[CaseClock], on: dt.date) -> list[Clock]:
    for link in live:
        if link.stage == Stage.FORWARDING:
            clock_cancel(clock=link.clock, on=on)
    return []


def _meet_first(case: Case, live: list[CaseClock], on: dt.date) -> list[Clock]:
    _meet(live, FIRST, on)
    return []


def _meet_forwarded(case: Case, live: list[CaseClock], on: dt.date) -> list[Clock]:
    """The receiver has accepted: the sender's limit was met on the day the petition was sent on
    (Article 24.2 of the Law on Denunciations), however long the receiver took."""
    pending = Forwarding.objects.filter(case=case, new_case__isnull=False).order_by("-id").first()
    _meet(live, FIRST, local_date(pending.at) if pending else on)
    return []


def _start_resolution(case: Case, live: list[CaseClock], on: dt.date) -> list[Clock]:
    _meet(live, FIRST, on)
    return [clocks.clock_attach(case, clocks.resolution_clock(case, on))]


def _pause(case: Case, live: list[CaseClock], on: dt.date) -> list[Clock]:
    for link in live:
        if link.stage == Stage.RESOLUTION:
            clock_pause(clock=link.clock, on=on)
    return []


def _resume(case: Case, live: list[CaseClock], on: dt.date) -> list[Clock]:
    for link in live:
        if link.stage == Stage.RESOLUTION:
            clock_resume(clock=link.clock, on=on, plan=plan_for)
            escalations_settle(clock_ids=[link.clock_id])
    return []


def _extend(case: Case, live: list[CaseClock], on: dt.date) -> list[Clock]:
    """The written finding lengthens the limit that runs: before acceptance, or of the result."""
    for link in live:
        if link.stage in (Stage.ACCEPTANCE, Stage.RESOLUTION):
            rule = clocks.extension_rule(case, link)
            clock_extend(clock=link.clock, rule_code=rule.code, on=on, plan=plan_for)
            # What was put before somebody about the earlier date is answered by the new one.
            escalations_settle(clock_ids=[link.clock_id])
    return []


def _meet_resolution(case: Case, live: list[CaseClock], on: dt.date) -> list[Clock]:
    _meet(live, (Stage.RESOLUTION,), on)
    sending = clocks.sending_clock(case, on)
    new = [*([sending] if sending else []), *clocks.conclusion_clocks(case, on)]
    return [clocks.clock_attach(case, item) for item in new]


def _meet_sending(case: Case, live: list[CaseClock], on: dt.date) -> list[Clock]:
    _meet(live, (Stage.DECISION_SENT,), on)
    return []


def _meet_publication(case: Case, live: list[CaseClock], on: dt.date) -> list[Clock]:
    _meet(live, (Stage.PUBLICATION,), on)
    return []


def _meet_handling(case: Case, live: list[CaseClock], on: dt.date) -> list[Clock]:
    _meet(live, (Stage.HANDLING,), on)
    return []


def _end_resolution(case: Case, live: list[CaseClock], on: dt.date) -> list[Clock]:
    """The superior looks at it now; duties after a conclusion stay where they are."""
    for link in live:
        if link.stage == Stage.RESOLUTION:
            clock_cancel(clock=link.clock, on=on)
    return []


def _cancel(case: Case, live: list[CaseClock], on: dt.date) -> list[Clock]:
    for link in live:
        clock_cancel(clock=link.clock, on=on)
    return []


_EFFECTS: dict[ClockEffect, Callable[[Case, list[CaseClock], dt.date], list[Clock]]] = {
    ClockEffect.RECEIVED: _received,
    ClockEffect.SIGNED: _signed,
    ClockEffect.PROPOSED: _proposed,
    ClockEffect.UNPROPOSED: _unproposed,
    ClockEffect.MEET_FIRST: _meet_first,
    ClockEffect.MEET_FORWARDED: _meet_forwarded,
    ClockEffect.START_RESOLUTION: _start_resolution,
    ClockEffect.PAUSE: _pause,
    ClockEffect.RESUME: _resume,
    ClockEffect.EXTEND: _extend,
    ClockEffect.MEET_RESOLUTION: _meet_resolution,
    ClockEffect.MEET_SENDING: _meet_sending,
    ClockEffect.MEET_PUBLICATION: _meet_publication,
    ClockEffect.MEET_HANDLING: _meet_handling,
    ClockEffect.END_RESOLUTION: _end_resolution,
    ClockEffect.CANCEL_ALL: _cancel,
}
