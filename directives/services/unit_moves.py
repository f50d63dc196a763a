"""Tasks of directives of units that are reformed go on in the new unit, each once."""

from collections import defaultdict
from collections.abc import Sequence

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from common.history import NewEvent
from communes.moves import Amount, Problem, UnitMove
from deadlines.models import OPEN_STATES, Clock
from directives.clocks import clocks_cancel, clocks_open_of
from directives.enums import OVER, AssignmentState, ExtensionState
from directives.models import (
    Assignment,
    AssignmentEvent,
    AssignmentPeriod,
    ExtensionRequest,
    Task,
    TaskSupport,
)
from directives.services._step import BATCH
from directives.services.withdrawals import WITHDRAWN

UNIT_MOVED = "directives.assignment.unit_moved"
# What is least advanced goes on: the new unit does the task for the whole of its place.
_FAR = (AssignmentState.ASSIGNED, AssignmentState.RECEIVED, AssignmentState.IN_PROGRESS)
SAVED = ["unit", "state", "version", "withdrawn_reason", "escalation_level"]


def assignments_amounts(move: UnitMove) -> list[Amount]:
    """What moves; five queries."""
    rows = _owed(move)
    kept, doubled = _chosen(rows, move, _done(move))
    clocks = Clock.objects.filter(state__in=OPEN_STATES, holder_unit_id__in=move.source_ids)
    directive = clocks.filter(assignment_clock__isnull=False) | clocks.filter(
        period_clock__isnull=False
    )
    periods = AssignmentPeriod.objects.filter(assignment__in=kept)
    return [
        Amount(_("Tasks of directives"), len(kept)),
        Amount(_("Tasks that go on once instead of twice"), len(doubled)),
        Amount(_("Periods of reports"), periods.count()),
        Amount(_("Limits of tasks and reports that run"), directive.distinct().count()),
    ]


def assignments_problems(move: UnitMove) -> list[Problem]:
    """After a split the City must ask the other units anew; no query."""
    if len(move.targets) == 1:
        return []
    words = _(
        "Tasks of directives go on in %(unit)s. What is asked of the other new units is given to"
        " them anew."
    )
    return [Problem(words % {"unit": move.main.full_name}, is_blocking=False)]


def assignments_move(move: UnitMove) -> dict[str, int]:
    """Move what is owed, once a task: of doubled ones the least advanced goes on, the others are
    withdrawn with the reason, all of them where the unit that takes over has done it already. The
    number of queries does not depend on the tasks, but for one a limit that ends."""
    rows = list(_owed(move).select_for_update(of=("self",), no_key=True).order_by("pk"))
    done = _done(move)
    kept, doubled = _chosen(rows, move, done)
    _withdraw(doubled, move, done)
    codes = {row.pk: row.unit.code for row in kept}
    moved = [row for row in kept if row.unit_id != move.main.pk]
    for row in moved:
        row.unit = move.main
        row.version += 1
    Assignment.objects.bulk_update(moved, SAVED, batch_size=BATCH)
    clocks = [clock.pk for clock in clocks_open_of(moved)]
    Clock.objects.filter(pk__in=clocks).update(holder_unit=move.main)
    AssignmentEvent.append_many(
        [
            _event(row, UNIT_MOVED, {"from": codes[row.pk], "to": move.main.code}, move)
            for row in moved
        ]
    )
    _bodies_move(move)
    return {"assignments": len(moved), "doubled": len(doubled)}


def _owed(move: UnitMove) -> QuerySet[Assignment]:
    """Of sources and of a target that exists already."""
    ids = [*move.source_ids, *([move.main.pk] if move.main.pk else [])]
    return Assignment.objects.filter(unit_id__in=ids).exclude(state__in=OVER).with_list_data()


def _chosen(
    rows: QuerySet[Assignment] | Sequence[Assignment], move: UnitMove, done: set[int]
) -> tuple[list[Assignment], list[Assignment]]:
    """What goes on, and what of the same task does not: nothing does where the City has confirmed
    the task of the unit that takes over (``done``)."""
    by_task: dict[int, list[Assignment]] = defaultdict(list)
    order = {pk: number for number, pk in enumerate([move.main.pk, *move.source_ids])}
    for row in rows:
        by_task[row.task_id].append(row)
    kept, doubled = [], []
    for task_id, group in by_task.items():
        if task_id in done:
            doubled += group
            continue
        group.sort(key=lambda row: (_far(row), order[row.unit_id]))
        kept.append(group[0])
        doubled += group[1:]
    return kept, doubled


def _done(move: UnitMove) -> set[int]:
    """Tasks that were confirmed of a target that exists already."""
    rows = Assignment.objects.filter(unit_id=move.main.pk, state=AssignmentState.CONFIRMED)
    return set(rows.values_list("task_id", flat=True)) if move.main.pk else set()


def _far(row: Assignment) -> int:
    states = [state.value for state in _FAR]
    return states.index(row.state) if row.state in states else len(states)


def _withdraw(rows: Sequence[Assignment], move: UnitMove, done: set[int]) -> None:
    if not rows:
        return
    names = {"number": move.number, "unit": move.main.full_name}
    once = _("Units were reorganised (%(number)s): the task goes on once in %(unit)s.") % names
    over = _("Units were reorganised (%(number)s): %(unit)s has done the task already.") % names
    events = []
    for row in rows:
        reason = over if row.task_id in done else once
        data = {"from": row.state}
        row.version += 1
        row.state, row.withdrawn_reason = AssignmentState.WITHDRAWN, reason[:500]
        row.escalation_level = 0
        events.append(_event(row, WITHDRAWN, data, move))
    clocks_cancel(clocks_open_of(rows), move.on)
    requests = ExtensionRequest.objects.filter(assignment__in=rows, state=ExtensionState.ASKED)
    requests.update(state=ExtensionState.LAPSED, answered_at=move.at)
    Assignment.objects.bulk_update(rows, SAVED, batch_size=BATCH)
    AssignmentEvent.append_many(events)


def _event(row: Assignment, action: str, data: dict[str, str], move: UnitMove) -> NewEvent:
    body = {"version": row.version, **data, "basis": move.number}
    return NewEvent(row.pk, action, body, move.by_id, move.at)


def _bodies_move(move: UnitMove) -> None:
    """Tasks led or supported by a source, and the sender's part in their open limits."""
    running = Clock.objects.filter(state__in=OPEN_STATES, forwarder_unit_id__in=move.source_ids)
    of_tasks = Q(assignment_clock__isnull=False) | Q(period_clock__isnull=False)
    keys = running.filter(of_tasks).values_list("pk", flat=True)
    Clock.objects.filter(pk__in=list(keys)).update(forwarder_unit=move.main)
    Task.objects.filter(lead_unit_id__in=move.source_ids, withdrawn_at=None).update(
        lead_unit=move.main
    )
    helped = set(TaskSupport.objects.filter(unit=move.main).values_list("task_id", flat=True))
    going: list[int] = []
    doubled: list[int] = []
    for pk, task_id in _supports(move).order_by("pk").values_list("pk", "task_id"):
        (doubled if task_id in helped else going).append(pk)
        helped.add(task_id)
    TaskSupport.objects.filter(pk__in=doubled).delete()
    TaskSupport.objects.filter(pk__in=going).update(unit=move.main)


def _supports(move: UnitMove) -> QuerySet[TaskSupport]:
    return TaskSupport.objects.filter(unit_id__in=move.source_ids)
