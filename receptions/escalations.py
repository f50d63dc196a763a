"""The receptions' side of escalation: tasks of conclusions, and written notices that are owed.

Locks, as in ``petitions.escalations``: a service locks its session and then the clocks, and waits
for both; the sweep holds clocks and takes their sessions with SKIP LOCKED, never waiting. The
history of both is the session's chain, so the session is what is claimed.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from django.db import connection
from django.db.models import Q, QuerySet
from django.urls import reverse

from accounts.access import Access
from accounts.roles import Permission
from common.errors import NotPermitted, Stale
from common.history import NewEvent
from common.time import local_date
from deadlines.recalculation import Move
from escalation.enums import AnswerStep, StepKind
from escalation.registry import Answered, Choice, Claim, Subject, Taken
from receptions.models import (
    ConclusionClock,
    ConclusionNotice,
    ConclusionTask,
    ReceptionSession,
    Registration,
    SessionEvent,
    VisitClock,
    VisitRecord,
)
from receptions.selectors_conclusions import task_href

ACTIONS = {
    ("task", StepKind.REMINDER): "receptions.task.reminded",
    ("task", StepKind.ESCALATION): "receptions.task.escalated",
    ("visit", StepKind.REMINDER): "receptions.visit.reminded",
    ("visit", StepKind.ESCALATION): "receptions.visit.escalated",
}
ANSWERED = {"task": "receptions.task.answered", "visit": "receptions.visit.answered"}
MOVED = "receptions.visit.due_date_moved"
# Every clock of a reception with its session.
_SESSIONS = f"""
    SELECT link.clock_id, notice.session_id
    FROM {ConclusionClock._meta.db_table} AS link
    JOIN {ConclusionTask._meta.db_table} AS task ON task.id = link.task_id
    JOIN {ConclusionNotice._meta.db_table} AS notice ON notice.id = task.notice_id
    WHERE link.clock_id = ANY(%(ids)s)
    UNION ALL
    SELECT link.clock_id, registration.session_id
    FROM {VisitClock._meta.db_table} AS link
    JOIN {VisitRecord._meta.db_table} AS visit ON visit.id = link.visit_id
    JOIN {Registration._meta.db_table} AS registration ON registration.id = visit.registration_id
    WHERE link.clock_id = ANY(%(ids)s)
"""  # noqa: S608 -- the only inserted names are the models' own tables
_LOCK = f"""
    SELECT session.id FROM {ReceptionSession._meta.db_table} AS session
    WHERE session.id = ANY(%s) ORDER BY session.public_id FOR NO KEY UPDATE OF session
"""  # noqa: S608
_RAISE_LEVELS = f"""
    UPDATE {ConclusionTask._meta.db_table} AS task
    SET escalation_level = greatest(task.escalation_level, v.level)
    FROM {ConclusionClock._meta.db_table} AS link
    JOIN unnest(%s::bigint[], %s::int[]) AS v (clock_id, level) ON link.clock_id = v.clock_id
    WHERE task.id = link.task_id
"""  # noqa: S608


class _Measured(NamedTuple):
    """What a clock of a reception measures."""

    subject: Subject
    session_id: int
    data: dict[str, int | str | None]


class ReceptionOwner:
    """Registered in ``escalation.registry`` when the app starts."""

    def claim(self, clock_ids: Sequence[int]) -> Claim:
        """Lock the sessions of these clocks, in the order of their keys, without waiting."""
        sessions = _sessions_of(clock_ids)
        if not sessions:
            return Claim()
        with connection.cursor() as cursor:
            cursor.execute(f"{_LOCK} SKIP LOCKED", [sorted(set(sessions.values()))])
            locked = {row[0] for row in cursor.fetchall()}
        mine = [pk for pk, session in sessions.items() if session in locked]
        busy = frozenset(pk for pk, session in sessions.items() if session not in locked)
        return Claim(_subjects(mine), busy)

    def subjects(self, clock_ids: Sequence[int]) -> Mapping[int, Subject]:
        """One query where no clock is of a reception."""
        return _subjects(list(_sessions_of(clock_ids)))

    def on_steps(self, batch: Sequence[Taken]) -> None:
        """History and level; versions stay, so that nobody's open form goes stale."""
        known = _measured([item.clock_id for item in batch])
        SessionEvent.append_many([_event(item, known[item.clock_id]) for item in batch])
        levels: dict[int, int] = {}
        for item in batch:
            levels[item.clock_id] = max(item.level, levels.get(item.clock_id, 0))
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
        SessionEvent.append(NewEvent(found.session_id, action, data, answered.by_id, answered.at))

    def choices(self, access: Access, clock_id: int) -> Sequence[Choice]:
        """Steps of a task have their own page, which the escalation names."""
        return ()

    def perform(
        self, access: Access, clock_id: int, step: AnswerStep, officer: str, at: dt.datetime
    ) -> None:
        raise NotPermitted

    def narrow(self, kind: str, field_code: str) -> Q:
        """The City's own ladders are for petitions: no clock of a reception has one."""
        return Q(pk__in=[])

    def is_secret_kind(self, kind: str) -> bool:
        return False

    def hidden(self, access: Access) -> Q:
        """Tasks that follow from a denunciation, of the bodies alone that their clocks pass over
        (Article 49 of the Law on Denunciations). Anybody else to whom lateness was put reads such a
        task as any other, with its words covered: board and lists count it, and a hole among
        escalations would tell of the denunciation. A notice that is owed tells nothing of it."""
        if Permission.DENUNCIATION_VIEW in access.city:
            return Q()
        barred = Q(clock__barred_units__overlap=[*access.unit_ids])
        return Q(clock__conclusion_clock__isnull=False) & barred

    def kinds(self) -> Iterable[tuple[str, str]]:
        return ()

    def fields(self) -> Iterable[tuple[str, str]]:
        return ()

    def hold(self, clock_id: int, version: int | None) -> bool:
        sessions = _sessions_of([clock_id])
        if not sessions:
            return False
        with connection.cursor() as cursor:
            cursor.execute(_LOCK, [list(sessions.values())])
        current = _version_of(clock_id)
        if version not in (None, current):
            raise Stale(extra={"version": current})
        return True


class ReceptionDates:
    """Registered in ``deadlines.recalculation``: days off move written notices, not the dates that
    leaders set."""

    def lock(self, clock_ids: Sequence[int]) -> None:
        sessions = _sessions_of(clock_ids)
        if sessions:
            with connection.cursor() as cursor:
                cursor.execute(_LOCK, [sorted(set(sessions.values()))])

    def moved(self, moves: Sequence[Move], reason: str, at: dt.datetime) -> None:
        known = _measured([move.clock_id for move in moves])
        SessionEvent.append_many(
            [
                NewEvent(found.session_id, MOVED, found.data | _moved(move, reason), at=at)
                for move in sorted(moves, key=lambda move: move.clock_id)
                if (found := known.get(move.clock_id))
            ]
        )


def _moved(move: Move, reason: str) -> dict[str, int | str | None]:
    return {
        "rule": move.rule_code,
        "from_on": move.before.isoformat(),
        "to_on": move.after.isoformat(),
        "reason": reason,
    }


def _sessions_of(clock_ids: Sequence[int]) -> dict[int, int]:
    with connection.cursor() as cursor:
        cursor.execute(_SESSIONS, {"ids": list(clock_ids)})
        return dict(cursor.fetchall())


def _version_of(clock_id: int) -> int:
    task = ConclusionTask.objects.filter(clocks__clock_id=clock_id).values_list(
        "version", flat=True
    )
    visit = VisitRecord.objects.filter(clocks__clock_id=clock_id).values_list("version", flat=True)
    return int(task.first() or visit.get())


def _subjects(clock_ids: Sequence[int]) -> dict[int, Subject]:
    known = _measured(clock_ids) if clock_ids else {}
    return {pk: found.subject for pk, found in known.items()}


def _measured(clock_ids: Sequence[int]) -> dict[int, _Measured]:
    """Tasks and visits by clock; two queries."""
    found = {link.clock_id: _task(link.task) for link in _task_links(clock_ids)}
    return found | {link.clock_id: _visit(link.visit) for link in _visit_links(clock_ids)}


def _task_links(clock_ids: Sequence[int]) -> QuerySet[ConclusionClock]:
    return ConclusionClock.objects.filter(clock_id__in=clock_ids).select_related("task__notice")


def _visit_links(clock_ids: Sequence[int]) -> QuerySet[VisitClock]:
    related = "visit__registration__session"
    return VisitClock.objects.filter(clock_id__in=clock_ids).select_related(related)


def _task(task: ConclusionTask) -> _Measured:
    notice = task.notice
    subject = Subject(
        pk=task.pk,
        code=task_code(task),
        href=task_href(task),
        of="task",
    )
    return _Measured(subject, notice.session_id, {"notice": notice.number, "row": task.position})


def _visit(visit: VisitRecord) -> _Measured:
    registration = visit.registration
    session = registration.session
    subject = Subject(
        pk=visit.pk,
        # The registration's code is half of the visitor's key: it goes into no mail.
        code=f"{local_date(session.starts_at):%d/%m/%Y} ({registration.queue_number})",
        href=reverse("receptions_staff:session", args=[session.public_id]),
        of="visit",
    )
    return _Measured(subject, session.pk, {"number": registration.queue_number})


def task_code(task: ConclusionTask) -> str:
    """How a task is called: number of the notice and row."""
    return f"{task.notice.shown_number} ({task.position})"


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
    return NewEvent(found.session_id, action, data, taken.by_id, taken.at)
