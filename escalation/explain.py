"""Why a limit was or was not escalated: every step of its ladder with what became of it."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from common.time import now
from deadlines.models import Clock, ClockState
from escalation.enums import AnswerStep
from escalation.ladder import Step, skip_reason
from escalation.ladders import ladder_of
from escalation.models import Escalation, EscalationState, LadderSwitch, SweepStop
from escalation.words import position_words, reason_words, step_words


@dataclass(frozen=True)
class StepLine:
    """One step: what it is, when (UTC moment), and what became of it in words."""

    words: str
    at: dt.datetime | None
    state: str
    tone: str
    basis: str = ""
    details: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Explained:
    """The ladder of one clock. ``brakes``: what keeps the whole of it back now."""

    clock: Clock
    lines: list[StepLine]
    brakes: list[str]


def clocks_explained(clocks: Sequence[Clock]) -> list[Explained]:
    """Every step of the ladders of clocks (with ``holder_unit``); three queries in all."""
    ids = [clock.pk for clock in clocks]
    rows = Escalation.objects.filter(clock_id__in=ids).order_by("created_at", "id")
    taken: dict[int, list[Escalation]] = {}
    for row in rows.select_related("unit", "acknowledged_by", "raised_by"):
        taken.setdefault(row.clock_id, []).append(row)
    at = now()
    switches = list(LadderSwitch.objects.filter(from_at__lte=at, until_at__gt=at))
    stops = list(SweepStop.objects.filter(confirmed_at=None))
    return [
        Explained(clock, _lines(clock, taken.get(clock.pk, [])), _brakes(clock, switches, stops))
        for clock in clocks
    ]


def _brakes(
    clock: Clock, switches: Sequence[LadderSwitch], stops: Sequence[SweepStop]
) -> list[str]:
    if clock.closed_on is not None:
        return []
    found = [
        _("Switched off until %(at)s: %(reason)s") % {"at": _when(s.until_at), "reason": s.reason}
        for s in switches
        if s.unit_id in (None, clock.holder_unit_id) and s.ladder in ("", clock.ladder)
    ]
    if any(stop.unit_id in (None, clock.holder_unit_id) for stop in stops):
        found.append(_("The sweep has stopped for this unit and waits for an administrator."))
    if clock.state == ClockState.PAUSED:
        found.append(_("The limit is suspended: nothing escalates meanwhile."))
    if clock.parked_at is not None:
        found.append(_("Set aside after an error; an administrator must look at it."))
    if clock.held_until is not None:
        found.append(_("An answer holds the next step until %(at)s.") % {
            "at": _when(clock.held_until)})  # fmt: skip
    return found


def _lines(clock: Clock, rows: Sequence[Escalation]) -> list[StepLine]:
    try:
        ladder = ladder_of(clock)
    except KeyError:
        ladder = ()
    lines = [_taken(row) for row in rows]
    steps = list(zip(ladder, clock.step_moments, strict=False))
    lines += [
        _not_taken(clock, step, moment)
        for index, (step, moment) in enumerate(steps)
        if not any(r.step == index and r.round == clock.step_round for r in rows)
    ]
    return sorted(lines, key=lambda line: (line.at is None, line.at))


def _taken(row: Escalation) -> StepLine:
    details = [_("to %(position)s, %(unit)s") % {
        "position": position_words(row.position),
        "unit": row.unit.full_name if row.unit else _("every unit above is barred"),
    }]  # fmt: skip
    if row.nobody_found:
        details.append(_("nobody held the position below: it went one level up"))
    if row.raised_by is not None:
        details.append(f"{row.raised_by.full_name}: {row.reason}")
    if row.state == EscalationState.ACKNOWLEDGED:
        details += _answer(row)
    return StepLine(
        step_words(row.step_code), row.due_at, *_STATES[row.state](row), details=details
    )


def _answer(row: Escalation) -> list[str]:
    step = str(AnswerStep(row.answer_step).label) if row.answer_step else ""
    who = row.acknowledged_by.full_name if row.acknowledged_by else ""
    until = _("by %(date)s") % {"date": f"{row.answer_until:%d/%m/%Y}"} if row.answer_until else ""
    said = [part for part in (who, step, until) if part]
    return [" · ".join(said), *([row.answer] if row.answer else [])]


def _is_open(row: Escalation) -> tuple[str, str]:
    if row.kind == "reminder":
        return _("told"), "neutral"
    return _("waits for an answer"), "danger"


_STATES: dict[str, Callable[[Escalation], tuple[str, str]]] = {
    EscalationState.OPEN.value: _is_open,
    EscalationState.ACKNOWLEDGED.value: lambda row: (_("confirmed"), "info"),
    EscalationState.SETTLED.value: lambda row: (
        _("settled: the limit was met or ended"),
        "success",
    ),
}


def _not_taken(clock: Clock, step: Step, moment: dt.datetime) -> StepLine:
    state, tone = _why_not(clock, step, moment)
    return StepLine(step_words(step.code), moment, state, tone, step.basis)


def _why_not(clock: Clock, step: Step, moment: dt.datetime) -> tuple[str, str]:
    if reason := skip_reason(step, moment, clock):
        return _("no step for this limit: %(why)s") % {"why": reason_words(reason)}, "neutral"
    if clock.closed_on is not None:
        return _("not needed: the limit ended on %(date)s") % {
            "date": f"{clock.closed_on:%d/%m/%Y}"}, "success"  # fmt: skip
    if clock.state == ClockState.PAUSED:
        return _("counted anew when the limit goes on"), "neutral"
    if clock.next_action_at is None:
        return _("the ladder does not act for this limit"), "neutral"
    if moment > now():
        return _("will come unless the limit is met"), "neutral"
    return _("is due: the next run takes it, or see what keeps it back"), "warning"


def _when(at: dt.datetime) -> str:
    return date_format(timezone.localtime(at), "H:i d/m/Y")
