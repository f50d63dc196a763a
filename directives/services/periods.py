"""The periods of tasks with a rhythm, made when they begin, each with the clock of its report."""

import datetime as dt
from collections.abc import Iterator, Sequence

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from common.history import NewEvent
from common.time import local_date, now
from deadlines.calendars import COVERED_FROM, calendar_current
from deadlines.models import OPEN_STATES
from directives.clocks import period_clocks_start
from directives.enums import OVER, OWED, DirectiveState, Rhythm
from directives.models import Assignment, AssignmentEvent, AssignmentPeriod, PeriodClock
from directives.periods import Period, periods_until

OPENED = "directives.period.opened"
BATCH = 500


def periods_open(*, at: dt.datetime | None = None) -> int:
    """Make the periods that have begun up to a UTC moment and start the clocks that are missing;
    returns how many periods are new.

    Asks what should be there, not what began since yesterday: it may run twice, late or not at
    all for days. What somebody works on at that moment is left to the next run.
    """
    moment = at or now()
    made = 0
    after = 0
    while True:
        with transaction.atomic():
            rows = list(_periodic().filter(pk__gt=after)[:BATCH])
            made += periods_make(rows, moment)
        if len(rows) < BATCH:
            return made
        after = rows[-1].pk


def periods_make(assignments: Sequence[Assignment], at: dt.datetime) -> int:
    """The same for locked assignments with their tasks and units, in the caller's transaction, in
    a fixed number of queries; none where no task has a rhythm."""
    periodic = {row.pk: row for row in assignments if row.task.is_periodic}
    if not periodic:
        return 0
    on = local_date(at)
    rows = AssignmentPeriod.objects.filter(assignment__in=periodic)
    known = set(rows.values_list("assignment_id", "starts_on"))
    new = [
        _period(row, period)
        for row in periodic.values()
        for period in _begun(row, on)
        if (row.pk, period.starts_on) not in known
    ]
    AssignmentPeriod.objects.bulk_create(new)
    AssignmentEvent.append_many([_opened(row, at) for row in new])
    period_clocks_start(_without_clock(periodic))
    return len(new)


def _periodic() -> QuerySet[Assignment]:
    """Assignments whose periods go on, locked but for those in use."""
    rows = Assignment.objects.exclude(state__in=OVER).exclude(task__rhythm=Rhythm.ONCE)
    live = rows.filter(
        task__withdrawn_at=None, task__group__directive__state=DirectiveState.IN_FORCE
    )
    locked = live.select_for_update(of=("self",), no_key=True, skip_locked=True)
    return locked.select_related("task__group__directive", "unit").order_by("pk")


def _begun(row: Assignment, on: dt.date) -> Iterator[Period]:
    """From the period in which the task begins for the unit; never one that was over before, none
    that begins after the last day of the document."""
    task, directive = row.task, row.task.group.directive
    assert task.starts_on is not None
    begin = max(task.starts_on, local_date(row.assigned_at), directive.valid_from or dt.date.min)
    until = min(on, directive.valid_until or on)
    return periods_until(task.rhythm, begin, until, task.ends_on)


def _period(row: Assignment, period: Period) -> AssignmentPeriod:
    due_on = period.ends_on + dt.timedelta(days=row.task.report_days)
    return AssignmentPeriod(
        assignment=row, starts_on=period.starts_on, ends_on=period.ends_on, due_on=due_on
    )


def _opened(row: AssignmentPeriod, at: dt.datetime) -> NewEvent:
    data = {
        "period": row.starts_on.isoformat(),
        "until": row.ends_on.isoformat(),
        "due_on": row.due_on.isoformat(),
    }
    return NewEvent(row.assignment_id, OPENED, data, at=at)


def _without_clock(assignments: dict[int, Assignment]) -> list[AssignmentPeriod]:
    """Owed periods without a running clock whose due date the calendar knows: beyond the years
    that are known a clock starts as soon as they are."""
    running = PeriodClock.objects.filter(period=OuterRef("pk"), clock__state__in=OPEN_STATES)
    rows = AssignmentPeriod.objects.filter(
        ~Exists(running),
        assignment__in=assignments,
        state__in=OWED,
        due_on__gte=COVERED_FROM,
        due_on__lt=calendar_current().last,
    )
    found = list(rows.order_by("pk"))
    for row in found:
        row.assignment = assignments[row.assignment_id]
    return found
