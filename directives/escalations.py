"""The directives' side of escalation: tasks that are due, and reports of periods that are owed.

Locks, as in ``petitions.escalations``: a service locks its assignment and then the clocks, and
waits for both; the sweep holds clocks and takes their assignments with SKIP LOCKED, never waiting.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from django.db import connection
from django.db.models import Q, QuerySet
from django.urls import reverse

from accounts.access import Access
from common.errors import NotPermitted, Stale
from common.history import NewEvent
from deadlines.recalculation import Move
from directives.models import (
    Assignment,
    AssignmentClock,
    AssignmentEvent,
    AssignmentPeriod,
    PeriodClock,
)
from directives.periods import Period
from escalation.enums import AnswerStep, StepKind
from escalation.registry import Answered, Choice, Claim, Subject, Taken

ASSIGNMENT, PERIOD = "assignment", "period"
ACTIONS = {
    (ASSIGNMENT, StepKind.REMINDER): "directives.assignment.reminded",
    (ASSIGNMENT, StepKind.ESCALATION): "directives.assignment.escalated",
    (PERIOD, StepKind.REMINDER): "directives.period.reminded",
    (PERIOD, StepKind.ESCALATION): "directives.period.escalated",
}
ANSWERED = {
    ASSIGNMENT: "directives.assignment.answered",
    PERIOD: "directives.period.answered",
}
MOVED = "directives.assignment.due_date_moved"
# What the ladder and the calendar write: no version, so that nobody's open form goes stale.
LADDER_ACTIONS = (*ACTIONS.values(), *ANSWERED.values(), MOVED)
# Every clock of a directive with its assignment.
_ASSIGNMENTS = f"""
    SELECT link.clock_id, link.assignment_id FROM {AssignmentClock._meta.db_table} AS link
    WHERE link.clock_id = ANY(%(ids)s)
    UNION ALL
    SELECT link.clock_id, period.assignment_id
    FROM {PeriodClock._meta.db_table} AS link
    JOIN {AssignmentPeriod._meta.db_table} AS period ON period.id = link.period_id
    WHERE link.clock_id = ANY(%(ids)s)
"""  # noqa: S608 -- the only inserted names are the models' own tables
_LOCK = f"""
    SELECT row.id FROM {Assignment._meta.db_table} AS row
    WHERE row.id = ANY(%s) ORDER BY row.id FOR NO KEY UPDATE OF row
"""  # noqa: S608
_RAISE_LEVELS = f"""
    UPDATE {Assignment._meta.db_table} AS row
    SET escalation_level = greatest(row.escalation_level, v.level)
    FROM unnest(%s::bigint[], %s::int[]) AS v (id, level)
    WHERE row.id = v.id
"""  # noqa: S608
_TASK = "task__group__directive"


class _Measured(NamedTuple):
    """What a clock of a directive measures."""

    subject: Subject
    assignment_id: int
    data: dict[str, str]


class DirectiveOwner:
    """Registered in ``escalation.registry`` when the app starts."""

    def claim(self, clock_ids: Sequence[int]) -> Claim:
        """Lock the assignments of these clocks, in the order of their keys, without waiting."""
        rows = _assignments_of(clock_ids)
        if not rows:
            return Claim()
        with connection.cursor() as cursor:
            cursor.execute(f"{_LOCK} SKIP LOCKED", [sorted(set(rows.values()))])
            locked = {row[0] for row in cursor.fetchall()}
        mine = [pk for pk, assignment in rows.items() if assignment in locked]
        busy = frozenset(pk for pk, assignment in rows.items() if assignment not in locked)
        return Claim(_subjects(mine), busy)

    def subjects(self, clock_ids: Sequence[int]) -> Mapping[int, Subject]:
        """One query where no clock is of a directive."""
        return _subjects(list(_assignments_of(clock_ids)))

    def on_steps(self, batch: Sequence[Taken]) -> None:
        """History and level; versions stay, so that nobody's open form goes stale."""
        known = _measured([item.clock_id for item in batch])
        AssignmentEvent.append_many([_event(item, known[item.clock_id]) for item in batch])
        levels: dict[int, int] = {}
        for item in batch:
            key = known[item.clock_id].assignment_id
            levels[key] = max(item.level, levels.get(key, 0))
        with connection.cursor() as cursor:
            cursor.execute(_RAISE_LEVELS, [list(levels), list(levels.values())])

    def on_answer(self, answered: Answered) -> None:
        found = _measured([answered.clock_id])[answered.clock_id]
        data = {
            **found.data,
            "step": answered.step_code,
            "level": answered.level,
            "unit": answered.unit_code,
            "position": answered.position,
            "answer_step": answered.answer_step,
            "until": answered.until.isoformat() if answered.until else "",
        }
        action = ANSWERED[found.subject.of]
        AssignmentEvent.append(
            NewEvent(found.assignment_id, action, data, answered.by_id, answered.at)
        )

    def choices(self, access: Access, clock_id: int) -> Sequence[Choice]:
        """Steps of a task have their own page, which the escalation names."""
        return ()

    def perform(
        self, access: Access, clock_id: int, step: AnswerStep, officer: str, at: dt.datetime
    ) -> None:
        raise NotPermitted

    def narrow(self, kind: str, field_code: str) -> Q:
        """The City's own ladders are for petitions: no clock of a directive has one."""
        return Q(pk__in=[])

    def is_secret_kind(self, kind: str) -> bool:
        return False

    def hidden(self, access: Access) -> Q:
        """Whoever holds a position on the ladder may know of the task."""
        return Q()

    def kinds(self) -> Iterable[tuple[str, str]]:
        return ()

    def fields(self) -> Iterable[tuple[str, str]]:
        return ()

    def hold(self, clock_id: int, version: int | None) -> bool:
        rows = _assignments_of([clock_id])
        if not rows:
            return False
        with connection.cursor() as cursor:
            cursor.execute(_LOCK, [list(rows.values())])
        current = Assignment.objects.values_list("version", flat=True).get(pk=rows[clock_id])
        if version not in (None, current):
            raise Stale(extra={"version": current})
        return True


class DirectiveDates:
    """Registered in ``deadlines.recalculation``: dates set by the issuer do not move with days
    off; what moves all the same is told in the history."""

    def lock(self, clock_ids: Sequence[int]) -> None:
        rows = _assignments_of(clock_ids)
        if rows:
            with connection.cursor() as cursor:
                cursor.execute(_LOCK, [sorted(set(rows.values()))])

    def moved(self, moves: Sequence[Move], reason: str, at: dt.datetime) -> None:
        known = _measured([move.clock_id for move in moves])
        AssignmentEvent.append_many(
            [
                NewEvent(found.assignment_id, MOVED, found.data | _moved(move, reason), at=at)
                for move in sorted(moves, key=lambda move: move.clock_id)
                if (found := known.get(move.clock_id))
            ]
        )


def assignment_href(assignment: Assignment) -> str:
    """The page of an assignment."""
    return reverse("directives_staff:assignment", args=[assignment.public_id])


def assignment_code(assignment: Assignment) -> str:
    """How it is called in notices: number of the document, group and place of the task."""
    task = assignment.task
    return f"{task.group.directive.number} ({task.group.number}.{task.position})"


def _moved(move: Move, reason: str) -> dict[str, str]:
    return {
        "rule": move.rule_code,
        "from_on": move.before.isoformat(),
        "to_on": move.after.isoformat(),
        "reason": reason,
    }


def _assignments_of(clock_ids: Sequence[int]) -> dict[int, int]:
    with connection.cursor() as cursor:
        cursor.execute(_ASSIGNMENTS, {"ids": list(clock_ids)})
        return dict(cursor.fetchall())


def _subjects(clock_ids: Sequence[int]) -> dict[int, Subject]:
    return {pk: found.subject for pk, found in _measured(clock_ids).items()}


def _measured(clock_ids: Sequence[int]) -> dict[int, _Measured]:
    """Assignments and periods by clock; two queries, none without clocks."""
    if not clock_ids:
        return {}
    found = {link.clock_id: _whole(link.assignment) for link in _task_links(clock_ids)}
    return found | {link.clock_id: _period(link.period) for link in _period_links(clock_ids)}


def _task_links(clock_ids: Sequence[int]) -> QuerySet[AssignmentClock]:
    rows = AssignmentClock.objects.filter(clock_id__in=clock_ids)
    return rows.select_related(f"assignment__{_TASK}")


def _period_links(clock_ids: Sequence[int]) -> QuerySet[PeriodClock]:
    rows = PeriodClock.objects.filter(clock_id__in=clock_ids)
    return rows.select_related(f"period__assignment__{_TASK}")


def _whole(row: Assignment) -> _Measured:
    return _Measured(_subject(row, assignment_code(row), ASSIGNMENT), row.pk, {})


def _period(period: AssignmentPeriod) -> _Measured:
    row = period.assignment
    words = Period(period.starts_on, period.ends_on).words
    subject = _subject(row, f"{assignment_code(row)}, {words}", PERIOD)
    return _Measured(subject, row.pk, {"period": period.starts_on.isoformat()})


def _subject(row: Assignment, code: str, of: str) -> Subject:
    return Subject(pk=row.pk, code=code, href=assignment_href(row), handler_id=row.owner_id, of=of)


def _event(taken: Taken, found: _Measured) -> NewEvent:
    data = {
        **found.data,
        "step": taken.step_code,
        "level": taken.level,
        "rule": taken.rule_code,
        "due_on": taken.due_on.isoformat(),
        "unit": taken.unit_code,
        "position": taken.position,
        "nobody_found": taken.nobody_found,
        "basis": taken.basis,
    }
    action = ACTIONS[found.subject.of, taken.kind]
    return NewEvent(found.assignment_id, action, data, taken.by_id, taken.at)
