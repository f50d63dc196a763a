"""The ladder as data: who is told when a limit comes near, passes and stays passed.

Steps name places on the way up, never people; ``escalation.recipients`` finds who holds them.
The order is that of Decree 154/2026 (Articles 6.4, 15.3, 32); the numbers of days are the
City's own and no law's.
"""

import datetime as dt
from typing import NamedTuple

from common.time import local_moment
from deadlines.calendars import add_working_days
from deadlines.faults import CalendarMissing
from deadlines.models import Clock
from escalation.enums import Place, StepKind

# Reminders and later steps reach people at the start of the working day, Hà Nội time.
MORNING = 8
SATURDAY = 5


class Step(NamedTuple):
    """One rung. ``offset``: working days from the due date, 0 is the midnight that ends it.

    ``to`` must answer; ``told`` get the same notice for information. ``basis`` is shown as it
    is, so it is Vietnamese.
    """

    code: str
    kind: StepKind
    offset: int
    level: int
    to: Place
    told: tuple[Place, ...]
    basis: str


_OWN_RULE = "Quy trình nội bộ của Thành phố"
_BEFORE = (
    Step("due_in_3", StepKind.REMINDER, -3, 0, Place.HANDLER, (), _OWN_RULE),
    Step("due_in_1", StepKind.REMINDER, -1, 0, Place.HEAD, (), _OWN_RULE),
)
STATUTORY: tuple[Step, ...] = (
    *_BEFORE,
    Step(
        "breach",
        StepKind.ESCALATION,
        0,
        1,
        Place.HEAD,
        (Place.HANDLER,),
        "Khoản 3 Điều 15 Nghị định 154/2026/NĐ-CP",
    ),
    Step(
        "board_urges",
        StepKind.ESCALATION,
        3,
        2,
        Place.BOARD,
        (Place.HEAD,),
        "Khoản 4 Điều 6, khoản 1 Điều 32 Nghị định 154/2026/NĐ-CP",
    ),
    Step(
        "city_chair",
        StepKind.ESCALATION,
        7,
        3,
        Place.CHAIR,
        (Place.BOARD,),
        "Khoản 1 Điều 32 Nghị định 154/2026/NĐ-CP",
    ),
    Step(
        "inspector",
        StepKind.ESCALATION,
        12,
        4,
        Place.INSPECTOR,
        (Place.CHAIR,),
        "Điều 32 Nghị định 154/2026/NĐ-CP",
    ),
)
# Targets that no law sets stay inside the unit.
INTERNAL: tuple[Step, ...] = (
    *_BEFORE,
    Step("breach", StepKind.ESCALATION, 0, 1, Place.HEAD, (Place.HANDLER,), _OWN_RULE),
)
LADDERS: dict[str, tuple[Step, ...]] = {"statutory": STATUTORY, "internal": INTERNAL}


def ladder_of(clock: Clock) -> tuple[Step, ...]:
    """The steps of a clock. Raises KeyError for a ladder that does not exist."""
    return LADDERS[clock.ladder or ("internal" if clock.is_internal else "statutory")]


def plan_for(clock: Clock) -> list[dt.datetime]:
    """The UTC moment of every step of a clock's ladder, in order, counted from ``due_on``."""
    return [step_moment(step, clock.due_on) for step in ladder_of(clock)]


def step_moment(step: Step, due_on: dt.date) -> dt.datetime:
    """08:00 of a working day before or after the due date; the breach at the midnight after it."""
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


def is_before_start(step: Step, moment: dt.datetime, clock: Clock) -> bool:
    """A reminder on or before the first day of a short limit reminds of nothing."""
    return step.kind is StepKind.REMINDER and moment < local_moment(
        clock.started_on + dt.timedelta(days=1)
    )
