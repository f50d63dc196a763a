"""The ladder as data: who is told when a limit comes near, passes and stays passed.

Steps name places on the way up, never people; ``escalation.recipients`` finds who holds them.
The order is that of Decree 154/2026 (Articles 6.4, 15.3, 32); the numbers of days are the
City's own and no law's. What the City sets differently by kind and field is a table
(``escalation.models.Ladder``); ``escalation.ladders`` chooses.
"""

import datetime as dt
from collections.abc import Mapping
from itertools import accumulate
from typing import NamedTuple

from common.time import local_moment
from deadlines.calendars import add_working_days
from deadlines.faults import CalendarMissing
from deadlines.models import Clock
from escalation.enums import Anchor, LadderGroup, Place, StepKind

# Reminders and later steps reach people at the start of the working day, Hà Nội time.
MORNING = 8
SATURDAY = 5


class Step(NamedTuple):
    """One rung. ``offset``: working days from the due date, 0 is the midnight that ends it;
    calendar days where ``anchor`` is the start, the midnight that ends the last of them.

    ``to`` must answer; ``told`` get the same notice for information. ``basis`` is shown as it
    is, so it is Vietnamese. ``drafts``: what lies ready for the one who must act.
    """

    code: str
    kind: StepKind
    offset: int
    level: int
    to: Place
    told: tuple[Place, ...]
    basis: str
    anchor: Anchor = Anchor.DUE
    tells_citizen: bool = False
    drafts: str = ""
    # An answer with a date may hold the step back until that date.
    may_wait: bool = True


URGING, RESPONSIBILITY = "urging", "responsibility_check"
_OWN_RULE = "Quy trình nội bộ của Thành phố"
_REPORTS = "Khoản 3 Điều 15 Nghị định 154/2026/NĐ-CP"
_URGES = "Khoản 4 Điều 6, khoản 1 Điều 32 Nghị định 154/2026/NĐ-CP"
_CHECKS = "Khoản 1 Điều 32 Nghị định 154/2026/NĐ-CP"
_INSPECTS = "Điều 32 Nghị định 154/2026/NĐ-CP"
_THRESHOLD = "Điểm b khoản 3 Điều 41 Nghị định 154/2026/NĐ-CP"
_NOTICE = "Khoản 1 Điều 28 Luật Tiếp công dân số 42/2013/QH13"
_NEXT_SUPERIOR = "Điều 38 Luật Tố cáo số 25/2018/QH14"

_BEFORE = (
    Step("due_in_3", StepKind.REMINDER, -3, 0, Place.HANDLER, (), _OWN_RULE, may_wait=False),
    Step(
        "due_in_1",
        StepKind.REMINDER,
        -1,
        0,
        Place.HEAD,
        (Place.HANDLER,),
        _OWN_RULE,
        may_wait=False,
    ),
)
_TOLD = (Place.HANDLER, Place.SECRETARY)


def _breach(basis: str = _REPORTS, *, tells_citizen: bool = False) -> Step:
    return Step(
        "breach", StepKind.ESCALATION, 0, 1, Place.HEAD, _TOLD, basis,
        tells_citizen=tells_citizen, may_wait=False,
    )  # fmt: skip


def _up(code: str, offset: int, level: int, to: Place, told: Place, basis: str,
        drafts: str = "") -> Step:  # fmt: skip
    return Step(code, StepKind.ESCALATION, offset, level, to, (told,), basis, drafts=drafts)


_URGE = (
    _up("forwarder_urges", 2, 2, Place.FORWARDER, Place.HEAD, _URGES, URGING),
    _up("board_urges", 3, 2, Place.BOARD, Place.HEAD, _URGES, URGING),
)
_CHAIR = _up("city_chair", 7, 3, Place.CHAIR, Place.BOARD, _CHECKS, RESPONSIBILITY)
_INSPECTOR = _up("inspector", 12, 4, Place.INSPECTOR, Place.CHAIR, _INSPECTS, RESPONSIBILITY)
# A letter that nobody handled for 45 days from its receipt without good reason.
_UNHANDLED = (
    Step("threshold_near", StepKind.REMINDER, 40, 4, Place.HEAD, _TOLD, _THRESHOLD, Anchor.START),
    Step("threshold_45", StepKind.ESCALATION, 45, 4, Place.CHAIR, (Place.HEAD, Place.SECRETARY),
         _THRESHOLD, Anchor.START, drafts=RESPONSIBILITY, may_wait=False),
)  # fmt: skip

FIRST_ANSWER = (*_BEFORE, _breach(), *_URGE, _CHAIR, _INSPECTOR, *_UNHANDLED)
RESOLUTION = (*_BEFORE, _breach(tells_citizen=True), *_URGE, _CHAIR, _INSPECTOR)
# The next superior answers the denouncer within 5 + 5 working days, so he hears of it at once.
DENUNCIATION = (
    *_BEFORE,
    _breach(tells_citizen=True),
    *_URGE,
    _CHAIR._replace(offset=5, basis=_NEXT_SUPERIOR),
    _INSPECTOR,
)
DUTY = (*_BEFORE, _breach(), *_URGE, _CHAIR, _INSPECTOR)
# Targets that no law sets stay inside the unit.
INTERNAL = (*_BEFORE, _breach(_OWN_RULE))
# A task from a leader's conclusion: inside the unit, up its Party line, back to whoever concluded,
# then to the City's bodies. In the unit's own task the leader stands on the ladder already.
_FOLLOWS = "Khoản 2 Điều 25 Nghị định 154/2026/NĐ-CP"
_PARTY_LEADS = "Quy định 11-QĐi/TW ngày 18/02/2019 của Bộ Chính trị"


def _concluded(to: Place) -> tuple[Step, ...]:
    return (
        *_BEFORE,
        _breach(_FOLLOWS),
        _up("unit_secretary", 2, 2, Place.PARTY, Place.HEAD, _PARTY_LEADS),
        _up("concluder", 4, 3, to, Place.HEAD, _FOLLOWS),
        _up("board_urges", 7, 4, Place.BOARD, Place.HEAD, _URGES),
        _up("city_chair", 12, 5, Place.CHAIR, Place.BOARD, _CHECKS),
    )


CONCLUSION = _concluded(Place.CONCLUDER)
CONCLUSION_PARTY = _concluded(Place.CONCLUDER_PARTY)
# The written answer after a reception; where the Party secretary received, it is his to give.
VISIT_NOTICE = (
    *_BEFORE,
    _breach(_NOTICE),
    _up("board_urges", 3, 2, Place.BOARD, Place.HEAD, _NOTICE),
    _up("city_chair", 7, 3, Place.CHAIR, Place.BOARD, _CHECKS),
)
VISIT_NOTICE_PARTY = (
    _BEFORE[0],
    _BEFORE[1]._replace(to=Place.PARTY),
    _breach(_PARTY_LEADS)._replace(to=Place.PARTY, told=(Place.HANDLER,)),
    *(step._replace(told=(Place.PARTY,)) for step in VISIT_NOTICE[3:]),
)


def _asked(to: Place) -> tuple[Step, ...]:
    """A task of a directive: whoever was asked, the City's body in charge, the City's secretary.
    No law says so: the City's own way."""
    above = (Place.LEAD, Place.PARTY_OFFICE)
    return (
        _BEFORE[0],
        _breach(_OWN_RULE)._replace(to=to, told=(Place.HANDLER,)),
        Step("lead_body", StepKind.ESCALATION, 3, 2, Place.LEAD, (to, above[1]), _OWN_RULE),
        Step("city_secretary", StepKind.ESCALATION, 7, 3, Place.CITY_SECRETARY, above, _OWN_RULE),
    )


DIRECTIVE = _asked(Place.HEAD)
DIRECTIVE_PARTY = _asked(Place.PARTY)
DIRECTIVE_FRONT = _asked(Place.FRONT)
# Clocks of before the ladders by kind keep the steps that they were started with.
STATUTORY = (
    _BEFORE[0],
    _BEFORE[1]._replace(told=()),
    _breach()._replace(told=(Place.HANDLER,)),
    *(_up(s.code, s.offset, s.level, s.to, s.told[0], s.basis) for s in (_URGE[1], _CHAIR)),
    _up("inspector", 12, 4, Place.INSPECTOR, Place.CHAIR, _INSPECTS),
)
SHIPPED: Mapping[str, tuple[Step, ...]] = {
    "first_answer": FIRST_ANSWER,
    "resolution": RESOLUTION,
    "resolution_denunciation": DENUNCIATION,
    "duty": DUTY,
    "internal": INTERNAL,
    "conclusion": CONCLUSION,
    "conclusion_party": CONCLUSION_PARTY,
    "visit_notice": VISIT_NOTICE,
    "visit_notice_party": VISIT_NOTICE_PARTY,
    "directive": DIRECTIVE,
    "directive_party": DIRECTIVE_PARTY,
    "directive_front": DIRECTIVE_FRONT,
    "statutory": STATUTORY,
}
# Rungs that only some ladders have: an empty place below leads to them there alone.
OPTIONAL = frozenset(
    {
        Place.PARTY,
        Place.CONCLUDER,
        Place.CONCLUDER_PARTY,
        Place.FRONT,
        Place.LEAD,
        Place.CITY_SECRETARY,
    }
)
# The shipped ladder of a group, and of a kind of petition where it has its own.
DEFAULTS: Mapping[tuple[str, str], str] = {
    (LadderGroup.FIRST_ANSWER, ""): "first_answer",
    (LadderGroup.RESOLUTION, ""): "resolution",
    (LadderGroup.RESOLUTION, "denunciation"): "resolution_denunciation",
    (LadderGroup.DUTY, ""): "duty",
    (LadderGroup.INTERNAL, ""): "internal",
}
FIRST_STAGES = frozenset({"acceptance", "notice", "forwarding", "review"})


def is_own_rule(step: Step) -> bool:
    """Whether the City alone asks for a step, and no law."""
    return step.basis == _OWN_RULE


def group_of(stage: str, *, is_internal: bool) -> LadderGroup:
    """The group of a clock by the stage of its rule."""
    if is_internal:
        return LadderGroup.INTERNAL
    if stage in FIRST_STAGES:
        return LadderGroup.FIRST_ANSWER
    return LadderGroup.RESOLUTION if stage == "resolution" else LadderGroup.DUTY


def moments_of(ladder: tuple[Step, ...], started_on: dt.date, due_on: dt.date) -> list[dt.datetime]:
    """The UTC moment of every step, in order: a step never comes before the one below it."""
    moments = [step_moment(step, due_on, started_on) for step in ladder]
    _let_the_law_pass(ladder, moments, local_moment(due_on + dt.timedelta(days=1)))
    return list(accumulate(moments, max))


def _let_the_law_pass(
    ladder: tuple[Step, ...], moments: list[dt.datetime], breach: dt.datetime
) -> None:
    """A threshold counted from the start comes on its day: the City's own days after the breach
    give way to it when the limit was moved."""
    nearest: dt.datetime | None = None
    for index in reversed(range(len(ladder))):
        if ladder[index].anchor is Anchor.START:
            nearest = moments[index] if moments[index] > breach else None
        elif nearest is not None and ladder[index].offset > 0:
            moments[index] = min(moments[index], nearest)


def step_moment(step: Step, due_on: dt.date, started_on: dt.date | None = None) -> dt.datetime:
    """08:00 of a working day before or after the due date; the breach at the midnight after it,
    days from the start at the midnight after the last of them. A UTC moment."""
    if step.anchor is Anchor.START and started_on is not None:
        return local_moment(started_on + dt.timedelta(days=step.offset + 1))
    if step.offset == 0:
        return local_moment(due_on + dt.timedelta(days=1))
    return local_moment(_working_day(due_on, step.offset), MORNING)


def _working_day(due_on: dt.date, offset: int) -> dt.date:
    """Beyond the years the calendar knows only weekends are off: early rather than never."""
    try:
        return add_working_days(due_on, offset)
    except CalendarMissing:
        return add_weekdays(due_on, offset)


def add_weekdays(date: dt.date, count: int) -> dt.date:
    """The ``count``-th day from Monday to Friday after a date, before it when negative."""
    step = dt.timedelta(days=1 if count > 0 else -1)
    left = abs(count)
    while left:
        date += step
        left -= date.weekday() < SATURDAY
    return date


def skip_reason(step: Step, moment: dt.datetime, clock: Clock) -> str:
    """Why a step of the ladder is none for this clock, or "".

    A reminder on or before the first day of a short limit reminds of nothing; nobody urges whom
    nobody sent it to, nor the sender who must not hear of it; a leader's task to the own unit
    reached the leader with the breach, and so did that of a body which is itself in charge.
    """
    if step.kind is StepKind.REMINDER and moment < local_moment(
        clock.started_on + dt.timedelta(days=1)
    ):
        return "before_start"
    sender = clock.forwarder_unit_id
    if step.to is Place.FORWARDER and (sender is None or sender in clock.barred_units):
        return "not_forwarded"
    if step.to in (Place.CONCLUDER, Place.CONCLUDER_PARTY) and sender in (
        None,
        clock.holder_unit_id,
        *clock.barred_units,
    ):
        return "own_conclusion"
    if step.to is Place.LEAD and sender in (None, clock.holder_unit_id, *clock.barred_units):
        return "own_lead"
    return ""


def climbs_of(ladder: tuple[Step, ...]) -> frozenset[Place]:
    """The optional rungs that a ladder has; of a directive's ladder every one."""
    rungs = frozenset(step.to for step in ladder)
    return rungs if Place.LEAD in rungs else OPTIONAL & rungs
