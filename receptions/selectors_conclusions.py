"""Reading what came of receptions: minutes, conclusion notices, tasks and their clocks."""

import uuid
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from django.db.models import Prefetch, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy

from accounts.access import Access
from accounts.selectors import units_manned
from attachments.models import Attachment
from common.api import Keyset
from common.errors import NotPermitted, NotVisible
from common.time import today
from communes.models import Unit
from deadlines.models import Clock, ClockState
from escalation.positions import to_positions
from receptions.clocks import is_sealed
from receptions.enums import NoticeState, TaskState
from receptions.models import (
    TASK_OVER,
    ConclusionClock,
    ConclusionNotice,
    ConclusionTask,
    ConclusionTaskFile,
    ReceptionSession,
    VisitClock,
    VisitRecord,
)
from receptions.policies import (
    can_do_tasks,
    can_record_visits,
    can_see_visitors,
    task_roles,
    works_in,
)
from receptions.sealing import knows, notices_cover, task_is_covered, tasks_cover
from receptions.selectors import session_get_for

BY_DUE = Keyset("due_on", "id")
GIVEN, TAKEN = "given", "taken"
_SEEN = (
    "unit",
    "notice__session__unit",
    "notice__session__leader",
    "notice__visit__registration",
    "notice__visit__case",
)
_ELSEWHERE = gettext_lazy(
    "This visit was about a denunciation. What was said stands in its file alone: no"
    " minutes and no notices are written of the visit."
)


def visit_get(session: ReceptionSession, code: str) -> VisitRecord:
    """The record of a visitor of a session. Raises NotVisible."""
    rows = VisitRecord.objects.select_related(
        "registration__case", "case", "responsible_unit", "sent_to"
    )
    visit = rows.filter(registration__session=session, registration__code=code).first()
    if visit is None:
        raise NotVisible
    return visit


def visit_open_get(access: Access, session: ReceptionSession, code: str) -> VisitRecord:
    """The record of a visitor of whom minutes may be written. Raises NotVisible, and NotPermitted
    of a sealed visit for whoever knows what it was about."""
    visit = visit_get(session, code)
    visit.registration.session = session
    minutes_refuse(access, visit)
    return visit


def minutes_refuse(access: Access, visit: VisitRecord) -> None:
    """Raises NotPermitted of a sealed visit for whoever knows what it was about."""
    if visit.sealed_at is not None and knows(access, visit):
        raise NotPermitted(_ELSEWHERE)


def visit_for_papers(
    access: Access, session_id: uuid.UUID, code: str
) -> tuple[ReceptionSession, VisitRecord]:
    """A recorded visit whose papers the person may print, with its session. Raises NotVisible,
    NotPermitted."""
    session = session_get_for(access, session_id)
    refusal = can_record_visits(access, session.unit_id)
    if refusal is not None:
        raise NotPermitted(refusal)
    visit = visit_get(session, code)
    visit.registration.session = session
    return session, visit


def visit_for_minutes(
    access: Access, session_id: uuid.UUID, code: str
) -> tuple[ReceptionSession, VisitRecord]:
    """A recorded visit of which the person may write minutes, with its session. Raises NotVisible,
    NotPermitted."""
    session, visit = visit_for_papers(access, session_id, code)
    minutes_refuse(access, visit)
    return session, visit


def notice_refuse(access: Access, visit: VisitRecord | None) -> None:
    """Of a visit that became a denunciation no notice is written by whoever knows of it: it would
    tie the visitor to it (Article 47 of the Law on Denunciations). Raises NotPermitted."""
    if visit is not None and is_sealed(visit) and knows(access, visit):
        raise NotPermitted(_ELSEWHERE)


def task_href(task: ConclusionTask) -> str:
    """The page of a task."""
    return reverse("receptions_staff:task", args=[task.public_id])


def notices_of(
    access: Access, session: ReceptionSession, visit: VisitRecord | None = None
) -> list[ConclusionNotice]:
    """Notices of a session, or of one visit together with those of the whole session, the newest
    first, with their rows; callers have checked the right to see visitors. Three queries at most.

    The list stands beside the visitors' names: of a visit that became a denunciation it says what
    those of a sparse record say.
    """
    rows = ConclusionNotice.objects.filter(session=session)
    if visit is not None:
        rows = rows.filter(Q(visit=visit) | Q(visit=None))
    rows = rows.select_related(
        "visit__registration", "visit__case", "replaces", "replaced_by", "issued_by"
    )
    found = list(rows.prefetch_related(_with_units()).order_by("-id"))
    for notice in found:
        notice.session = session
    notices_cover(access, found)
    return found


def notices_shown_to(visits: Sequence[VisitRecord]) -> list[ConclusionNotice]:
    """Issued notices of these visits and of the whole sessions that they belong to, the newest
    first, with their rows; callers show each visitor the own ones alone. Two queries."""
    if not visits:
        return []
    sessions = {visit.registration.session_id for visit in visits}
    asked = Q(visit__in=visits) | Q(visit=None, session__in=sessions)
    rows = ConclusionNotice.objects.filter(asked, state=NoticeState.ISSUED)
    rows = rows.select_related("replaces", "replaced_by")
    return list(rows.prefetch_related(_with_units()).order_by("-id"))


def _with_units() -> Prefetch[str, QuerySet[ConclusionTask], str]:
    return Prefetch("tasks", ConclusionTask.objects.select_related("unit").order_by("position"))


def notice_get_for(access: Access, public_id: uuid.UUID) -> ConclusionNotice:
    """A notice for those who receive or register in the session's unit; an issued one also for
    the units that must carry it out (Article 25(2) of Decree 154/2026). Raises NotVisible."""
    rows = ConclusionNotice.objects.select_related(
        "session__unit",
        "session__leader",
        "visit__registration",
        "visit__case",
        "replaces",
        "issued_by",
    )
    notice = rows.filter(public_id=public_id).first()
    if notice is None:
        raise NotVisible
    own = can_see_visitors(access, notice.session.unit_id)
    units = set(notice.tasks.values_list("unit_id", flat=True)) if not own else set()
    if not own and not (notice.is_issued and works_in(access) & units):
        raise NotVisible
    return notice


def does_tasks(access: Access) -> bool:
    """Whether a person works on tasks from receptions anywhere."""
    return bool(works_in(access))


def can_see_task(access: Access, task: ConclusionTask) -> bool:
    """The unit that does it, the unit that concluded, and to whom its lateness was put."""
    if can_do_tasks(access, task.unit_id) is None:
        return True
    if can_see_visitors(access, task.notice.session.unit_id):
        return True
    return to_positions(access).filter(clock__conclusion_clock__task=task).exists()


def task_get_for(access: Access, public_id: uuid.UUID) -> ConclusionTask:
    """A task of an issued notice as the person reads it, not to be saved. Raises NotVisible."""
    rows = ConclusionTask.objects.select_related(*_SEEN)
    task = rows.filter(public_id=public_id, notice__state=NoticeState.ISSUED).first()
    if task is None or not can_see_task(access, task):
        raise NotVisible
    return tasks_cover(access, [task])[0]


def task_files(access: Access, task: ConclusionTask) -> list[ConclusionTaskFile]:
    """What was handed in with the reports of a task, in its order; nothing of a task whose words
    the person must not read: names of files and their content would tell. One query."""
    if task_is_covered(access, task):
        return []
    return list(task.files.select_related("attachment", "added_by"))


def task_file_get(access: Access, public_id: uuid.UUID, file_id: uuid.UUID) -> Attachment:
    """A file of a task, for whoever sees the task and its words. Raises NotVisible."""
    files = task_files(access, task_get_for(access, public_id))
    found = next((row for row in files if row.attachment.public_id == file_id), None)
    if found is None:
        raise NotVisible
    return found.attachment


class TaskFilter(NamedTuple):
    """``side``: what the unit must do (``taken``) or what its leaders gave out (``given``)."""

    side: str = TAKEN
    state: str = ""
    late: bool = False


def tasks_of(access: Access, unit: Unit, chosen: TaskFilter) -> QuerySet[ConclusionTask]:
    """Tasks of a unit, in ``BY_DUE`` order; none for people who work on neither side there. Their
    words are covered where they are shown (``sealing.tasks_cover``): the oversight board, urging
    and the reports count the same rows."""
    rows = ConclusionTask.objects.filter(notice__state=NoticeState.ISSUED)
    if chosen.side == GIVEN:
        rows = rows.filter(notice__session__unit=unit)
        allowed = can_see_visitors(access, unit.pk)
    else:
        rows = rows.filter(unit=unit)
        allowed = can_do_tasks(access, unit.pk) is None
    if not allowed:
        return rows.none()
    if chosen.state == "open":
        rows = rows.exclude(state__in=TASK_OVER)
    elif chosen.state:
        rows = rows.filter(state=chosen.state)
    if chosen.late:
        rows = rows.exclude(state__in=(*TASK_OVER, TaskState.REPORTED)).filter(due_on__lt=today())
    return rows.select_related(*_SEEN)


def tasks_open(access: Access, unit: Unit, limit: int) -> list[ConclusionTask]:
    """What a unit still has to do from receptions, the most urgent first."""
    rows = tasks_of(access, unit, TaskFilter(TAKEN, "open"))
    return tasks_cover(access, rows.order_by("due_on", "id")[:limit])


def task_units(access: Access) -> QuerySet[Unit]:
    """Units whose tasks, of either side, a person may list."""
    return Unit.objects.filter(pk__in=works_in(access)).order_by("code")


def units_on_paper(ids: Iterable[int]) -> set[int]:
    """Those of the units in which nobody does tasks today: what they are given to do is followed
    by their papers. One query."""
    wanted = set(ids)
    return wanted - set(units_manned(task_roles(), today()).filter(unit_id__in=wanted))


def is_on_paper(task: ConclusionTask) -> bool:
    """Whether the unit of a task has nobody who could take its steps."""
    return bool(units_on_paper([task.unit_id]))


def task_clocks(task: ConclusionTask) -> list[Clock]:
    """The clocks of a task in their order: the first, and one for each new date."""
    links = ConclusionClock.objects.filter(task=task).select_related("clock__holder_unit")
    return [link.clock for link in links.order_by("id")]


def visit_clock_of(visit: VisitRecord) -> VisitClock | None:
    """The limit of the written notice that holds, or the last one that was."""
    return visit_clocks_of([visit]).get(visit.pk)


def visit_clocks_of(visits: Sequence[VisitRecord]) -> dict[int, VisitClock]:
    """By visit, the limit of its written notice that holds, or the last one that was."""
    links = VisitClock.objects.filter(visit__in=visits).exclude(clock__state=ClockState.CANCELLED)
    rows = links.select_related("clock__holder_unit").order_by("id")
    return {link.visit_id: link for link in rows}
