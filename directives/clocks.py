"""Which clocks an assignment and the periods of one start. Arithmetic is in ``deadlines``."""

import datetime as dt
from collections.abc import Sequence

from django.db.models import Max

from common.time import local_date
from deadlines.calendars import COVERED_FROM
from deadlines.models import OPEN_STATES, Clock
from deadlines.services import Told, clock_build, clock_cancel, clock_meet
from directives.enums import Addressee
from directives.models import Assignment, AssignmentClock, AssignmentPeriod, PeriodClock, Task
from directives.receivers import LADDERS, lead_of, workplace_of
from escalation.ladders import plan_for
from escalation.services import escalations_settle

TASK_RULE = "CD-NV"
PERIOD_RULE = "CD-BC"


def assignment_clock(assignment: Assignment, on: dt.date) -> Clock:
    """The unsaved clock of an assignment with a due date, from a Hà Nội date to that date itself,
    not moved off a day off: the issuer set it. Raises CalendarMissing beyond the known years."""
    assert assignment.due_on is not None
    return _build(assignment, TASK_RULE, on, assignment.due_on)


def period_clock(period: AssignmentPeriod, on: dt.date) -> Clock:
    """The unsaved clock of the report on a period, from a Hà Nội date to its due date. Raises
    CalendarMissing beyond the known years."""
    return _build(period.assignment, PERIOD_RULE, on, period.due_on)


def _build(assignment: Assignment, rule: str, on: dt.date, due_on: dt.date) -> Clock:
    lead = lead_of(assignment.task)
    return clock_build(
        rule_code=rule,
        started_on=min(on, due_on),
        holder_unit=assignment.unit,
        holder_position=workplace_of(assignment.unit),
        amount=max((due_on - on).days, 0),
        plan=plan_for,
        ladder=LADDERS[Addressee(assignment.addressee)],
        told=Told(lead.pk if lead is not None else None),
    )


def assignment_clocks_start(assignments: Sequence[Assignment], on: dt.date) -> None:
    """Start the clock of every assignment that has a due date; two queries, none without."""
    dated = [row for row in assignments if row.due_on is not None]
    clocks = [assignment_clock(row, on) for row in dated]
    Clock.objects.bulk_create(clocks)
    AssignmentClock.objects.bulk_create(
        [AssignmentClock(assignment=a, clock=c) for a, c in zip(dated, clocks, strict=True)]
    )


def period_clocks_start(periods: Sequence[AssignmentPeriod]) -> None:
    """Start the clock of every period from its first day, but not before the task was given nor
    before the calendar begins; two queries, none without periods."""
    clocks = [period_clock(row, period_start(row)) for row in periods]
    Clock.objects.bulk_create(clocks)
    PeriodClock.objects.bulk_create(
        [PeriodClock(period=p, clock=c) for p, c in zip(periods, clocks, strict=True)]
    )


def period_start(period: AssignmentPeriod) -> dt.date:
    """The Hà Nội date from which the time for a period's report is counted."""
    given_on = local_date(period.assignment.assigned_at)
    return max(period.starts_on, given_on, COVERED_FROM)


def period_clock_restart(period: AssignmentPeriod, on: dt.date) -> None:
    """Start the clock of a returned period anew from a Hà Nội date."""
    clock = period_clock(period, on)
    clock.save()
    PeriodClock.objects.create(period=period, clock=clock)


def due_after_return(due_on: dt.date, reported_on: dt.date, on: dt.date) -> dt.date | None:
    """The new due date of what is returned on a Hà Nội date: what was left when it was reported is
    left again, since reading took the issuer's time. None when nothing was left."""
    left = due_on - reported_on
    return on + left if left > dt.timedelta(0) else None


def assignment_clocks_open(assignment: Assignment) -> list[Clock]:
    """The running clock of the assignment itself, locked."""
    return _open(assignment_clock__assignment=assignment)


def period_clocks_open(period: AssignmentPeriod) -> list[Clock]:
    """The running clock of a period, locked."""
    return _open(period_clock__period=period)


def periods_clocks_open(assignment: Assignment) -> list[Clock]:
    """The running clocks of every period of an assignment, locked."""
    return _open(period_clock__period__assignment=assignment)


def assignments_clocks_open(assignments: Sequence[Assignment]) -> list[Clock]:
    """The running clocks of these assignments themselves, locked; one query."""
    return _open(assignment_clock__assignment__in=assignments)


def clocks_open_of(assignments: Sequence[Assignment]) -> list[Clock]:
    """The running clocks of these assignments and of their periods, locked; two queries."""
    own = assignments_clocks_open(assignments)
    return [*own, *_open(period_clock__period__assignment__in=assignments)]


def clocks_lead_follow(task: Task) -> None:
    """The running clocks of a task's assignments and periods climb to its body in charge as it is
    now; what was put before another body before stays there. Two queries."""
    lead = lead_of(task)
    rows = Clock.objects.filter(state__in=OPEN_STATES)
    rows.filter(assignment_clock__assignment__task=task).update(forwarder_unit=lead)
    rows.filter(period_clock__period__assignment__task=task).update(forwarder_unit=lead)


def _open(**only: object) -> list[Clock]:
    rows = Clock.objects.filter(state__in=OPEN_STATES, **only).order_by("pk")
    return list(rows.select_for_update(of=("self",), no_key=True))


def clocks_meet(clocks: Sequence[Clock], on: dt.date) -> None:
    """Done on a Hà Nội date: met, or missed when it was late; nothing waits any more."""
    for clock in clocks:
        clock_meet(clock=clock, on=max(on, clock.started_on))
    _settle(clocks)


def clocks_cancel(clocks: Sequence[Clock], on: dt.date) -> None:
    """Nothing is asked any more from a Hà Nội date on."""
    for clock in clocks:
        clock_cancel(clock=clock, on=on)
    _settle(clocks)


def clocks_replace(clocks: Sequence[Clock], on: dt.date) -> None:
    """A new date takes the place of the old one: missed when that had passed, else cancelled."""
    for clock in clocks:
        (clock_meet if on > clock.due_on else clock_cancel)(clock=clock, on=on)
    _settle(clocks)


def _settle(clocks: Sequence[Clock]) -> None:
    if clocks:
        escalations_settle(clock_ids=[clock.pk for clock in clocks])


def level_now(assignment: Assignment) -> int:
    """How high the open clocks of an assignment and its periods have climbed; two queries."""
    rows = Clock.objects.filter(state__in=OPEN_STATES)
    own = rows.filter(assignment_clock__assignment=assignment)
    periods = rows.filter(period_clock__period__assignment=assignment)
    tops = (part.aggregate(top=Max("escalation_level"))["top"] for part in (own, periods))
    return max(top or 0 for top in tops)
