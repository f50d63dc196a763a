"""A task of a conclusion on its way: received, reported, accepted or returned, given more time,
cancelled. Its own clock runs until the report is accepted."""

import datetime as dt
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.access import Access
from attachments.services import attachments_claim
from common.errors import DomainError, InvalidInput, NotVisible, Stale, Text, allow
from common.text import clean
from common.time import local_date, now
from deadlines.calendars import calendar_current
from deadlines.errors import CalendarMissing
from deadlines.models import OPEN_STATES, Clock
from deadlines.services import clock_cancel, clock_meet
from escalation.services import clock_rest, clock_wake, escalations_settle
from petitions.receivers import desk_of
from receptions.clocks import task_clock, visits_answered
from receptions.enums import NoticeState, TaskState
from receptions.holders import follower_of
from receptions.models import (
    TASK_OVER,
    ConclusionClock,
    ConclusionNotice,
    ConclusionTask,
    ConclusionTaskFile,
    ReceptionSession,
)
from receptions.policies import can_conclude, can_do_tasks, can_stand_in_for_tasks
from receptions.selectors_conclusions import can_see_task, is_on_paper, task_href
from receptions.services._change import Notes, keep, session_locked
from receptions.services.visit_notices import citizen_tell

REPORT_MAX = 10_000
REASON_MAX = 500
PAPER_MAX = 60
# Of all reports of a task together.
FILES_MAX = 20


class TaskStep(StrEnum):
    """What may be done about a task."""

    RECEIVE = "receive"
    REPORT = "report"
    ASK = "ask"
    ACCEPT = "accept"
    RETURN = "return"
    EXTEND = "extend"
    KEEP_DATE = "keep_date"
    CANCEL = "cancel"


OPEN_WORK = (TaskState.ASSIGNED, TaskState.RECEIVED, TaskState.RETURNED)
OPEN = (*OPEN_WORK, TaskState.REPORTED)
# From which states a step is possible.
FROM: dict[TaskStep, tuple[TaskState, ...]] = {
    TaskStep.RECEIVE: (TaskState.ASSIGNED,),
    TaskStep.REPORT: OPEN_WORK,
    TaskStep.ASK: OPEN_WORK,
    TaskStep.ACCEPT: (TaskState.REPORTED,),
    TaskStep.RETURN: (TaskState.REPORTED,),
    TaskStep.EXTEND: OPEN_WORK,
    TaskStep.KEEP_DATE: OPEN_WORK,
    TaskStep.CANCEL: OPEN,
}
# Steps of the unit that does it; the others are of the unit whose leader concluded.
OF_UNIT = frozenset({TaskStep.RECEIVE, TaskStep.REPORT, TaskStep.ASK})


@dataclass(frozen=True)
class StepInput:
    """What a step says: the report, or a reason; ``until``: the Hà Nội date asked for or given.

    ``paper_number``, ``paper_on``: the paper of a body without accounts and its Hà Nội date, from
    which its step is recorded. ``files``: uploads that show what was done, by their public
    identifiers.
    """

    text: str = ""
    until: dt.date | None = None
    paper_number: str = ""
    paper_on: dt.date | None = None
    files: Sequence[str] = ()


@dataclass
class _Work:
    task: ConclusionTask
    session: ReceptionSession
    said: StepInput
    notes: Notes

    @property
    def on(self) -> dt.date:
        return local_date(self.notes.at)


def steps_open(
    access: Access, task: ConclusionTask, *, on_paper: bool | None = None
) -> list[TaskStep]:
    """The steps that a person may take about a task of an issued notice now.

    ``on_paper``: whether its unit is followed by papers, where a list has read that already.
    """
    if not task.notice.is_issued:
        return []
    does = step_refusal(access, task, TaskStep.REPORT, on_paper=on_paper) is None
    concludes = step_refusal(access, task, TaskStep.ACCEPT) is None
    found = [
        step
        for step in TaskStep
        if task.state in FROM[step] and (does if step in OF_UNIT else concludes)
    ]
    asked = task.asked_until is not None
    return [step for step in found if asked or step is not TaskStep.KEEP_DATE]


def step_refusal(
    access: Access, task: ConclusionTask, step: TaskStep, *, on_paper: bool | None = None
) -> Text | None:
    """Why a person may not take a step, whatever the state; None when it is allowed.

    Steps of a body in which nobody has an account are recorded where it was concluded.
    """
    received = task.notice.session.unit_id
    if step not in OF_UNIT:
        return can_conclude(access, received)
    refusal = can_do_tasks(access, task.unit_id)
    if refusal is None or not (is_on_paper(task) if on_paper is None else on_paper):
        return refusal
    return can_stand_in_for_tasks(access, received)


def task_step(
    *,
    access: Access,
    public_id: uuid.UUID,
    version: int,
    step: TaskStep,
    said: StepInput | None = None,
    at: dt.datetime | None = None,
    quiet: bool = False,
) -> ConclusionTask:
    """Take one step about a task. ``at``: UTC moment.

    Raises NotVisible, NotPermitted, InvalidInput on ``text``, ``until``, ``paper_number``,
    ``paper_on`` or ``attachments``, Stale, DomainError ``wrong_state``.
    """
    moment = at or now()
    with transaction.atomic():
        task, session = _for_change(access, public_id, version)
        allow(step_refusal(access, task, step))
        if step not in steps_open(access, task):
            raise DomainError(
                _("This step is not possible in the present state of the task."), code="wrong_state"
            )
        notes = Notes(f"receptions.task.{step}", moment, access.user_id, quiet)
        work = _Work(task, session, said or StepInput(), notes)
        if step in OF_UNIT:
            _of_paper(work, on_paper=can_do_tasks(access, task.unit_id) is not None)
        _STEPS[step](work)
        task.version += 1
        task.save()
        notes.data |= _named(task)
        keep(session, notes)
    return task


def tasks_cancel(
    notice: ConclusionNotice, session: ReceptionSession, reason: str, notes: Notes
) -> int:
    """End the open tasks of a notice, in the caller's transaction that holds the session; returns
    how many were open."""
    tasks = notice.tasks.exclude(state__in=TASK_OVER).select_related("unit", "notice")
    cancelled = list(tasks.select_for_update(of=("self",), no_key=True).order_by("pk"))
    for task in cancelled:
        work = _Work(task, session, StepInput(reason[:REASON_MAX]), notes)
        _cancel(work)
        task.version += 1
        task.save()
    notes.data |= {"cancelled": len(cancelled)}
    return len(cancelled)


def _for_change(
    access: Access, public_id: uuid.UUID, version: int
) -> tuple[ConclusionTask, ReceptionSession]:
    """The task and its session: the session first, as everything that writes its history."""
    rows = ConclusionTask.objects.filter(public_id=public_id, notice__state=NoticeState.ISSUED)
    session_id = rows.values_list("notice__session__public_id", flat=True).first()
    if session_id is None:
        raise NotVisible
    session = session_locked(session_id)
    locked = rows.select_for_update(of=("self",), no_key=True)
    task = locked.select_related("unit", "notice__session", "notice__visit__registration").get()
    if not can_see_task(access, task):
        raise NotVisible
    if task.version != version:
        raise Stale(
            _("Somebody else has changed this task since you opened it. Nothing was lost."),
            extra={"version": task.version, "status": task.state},
        )
    return task, session


def _of_paper(work: _Work, *, on_paper: bool) -> None:
    """Keep from which paper of the unit a step is recorded; none where its people take it."""
    task, said = work.task, work.said
    if not on_paper:
        task.paper_number, task.paper_on = "", None
        return
    number, issued = clean(said.paper_number), work.task.notice.issued_at
    wrong: dict[str, list[str]] = {}
    if not 1 <= len(number) <= PAPER_MAX:
        wrong["paper_number"] = [_("From 1 to %(most)s characters.") % {"most": PAPER_MAX}]
    first = local_date(issued) if issued else work.on
    if said.paper_on is None or not first <= said.paper_on <= work.on:
        message = _("A date from the notice (%(date)s) to today.")
        wrong["paper_on"] = [message % {"date": f"{first:%d/%m/%Y}"}]
    if wrong or said.paper_on is None:
        raise InvalidInput(fields=wrong)
    task.paper_number, task.paper_on = number, said.paper_on
    work.notes.action += "_on_paper"
    work.notes.data |= {"paper": number, "paper_on": said.paper_on.isoformat()}


def _receive(work: _Work) -> None:
    work.task.state = TaskState.RECEIVED


def _report(work: _Work) -> None:
    """Nothing escalates while the report lies with whoever concluded; the clock goes on."""
    work.task.report = _text(work.said.text, REPORT_MAX)
    _files_keep(work)
    work.task.reported_at = work.notes.at
    work.task.state = TaskState.REPORTED
    work.task.asked_until = None
    for link in _clocks(work.task):
        clock_rest(clock=link.clock)
    _tell_leader(work, "reported")


def _files_keep(work: _Work) -> None:
    """Files of earlier reports stay beside them."""
    wanted = list(dict.fromkeys(work.said.files))
    if not wanted:
        return
    if len(wanted) + work.task.files.count() > FILES_MAX:
        message = _("At most %(most)s files.") % {"most": FILES_MAX}
        raise InvalidInput(fields={"attachments": [message]})
    assert work.notes.by_id is not None
    for file in attachments_claim(public_ids=wanted, at=work.notes.at):
        ConclusionTaskFile.objects.create(
            task=work.task, attachment=file, added_by_id=work.notes.by_id, added_at=work.notes.at
        )
    work.notes.data["files"] = len(wanted)


def _ask(work: _Work) -> None:
    work.task.asked_reason = _text(work.said.text, REASON_MAX)
    work.task.asked_until = _later(work)
    _tell_leader(work, "asked")


def _accept(work: _Work) -> None:
    """Done on the day of the report, of a report on paper on the date of that paper, however long
    the leader took to read it."""
    assert work.task.reported_at is not None
    done_on = work.task.paper_on or local_date(work.task.reported_at)
    work.task.state, work.task.closed_on = TaskState.DONE, work.on
    for link in _clocks(work.task):
        clock_meet(clock=link.clock, on=max(done_on, link.clock.started_on))
        escalations_settle(clock_ids=[link.clock_id])
    work.task.escalation_level = 0
    _tell_unit(work, "accepted")
    _tell_citizen(work, "done")


def _return(work: _Work) -> None:
    work.task.returned_reason = _text(work.said.text, REASON_MAX)
    work.task.state = TaskState.RETURNED
    for link in _clocks(work.task):
        clock_wake(clock=link.clock)
    _tell_unit(work, "returned")


def _extend(work: _Work) -> None:
    """A new date is a new clock from today; the old one ends, missed when it had passed."""
    task = work.task
    reason = _text(work.said.text, REASON_MAX)
    before, task.due_on = task.due_on, _later(work)
    task.extension_reason, task.asked_until = reason, None
    for link in _clocks(task):
        _ended(link.clock, work.on)
    clock = task_clock(task, work.session, work.on, visits_answered(task.notice))
    clock.save()
    ConclusionClock.objects.create(task=task, clock=clock)
    task.escalation_level = 0
    work.notes.data |= {"from": before.isoformat(), "to": task.due_on.isoformat()}
    _tell_unit(work, "extended")
    _tell_citizen(work, "extended")


def _keep_date(work: _Work) -> None:
    work.task.extension_reason = _text(work.said.text, REASON_MAX)
    work.task.asked_until = None
    _tell_unit(work, "kept")


def _cancel(work: _Work) -> None:
    work.task.cancel_reason = _text(work.said.text, REASON_MAX)
    work.task.state, work.task.closed_on = TaskState.CANCELLED, work.on
    for link in _clocks(work.task):
        clock_cancel(clock=link.clock, on=work.on)
        escalations_settle(clock_ids=[link.clock_id])
    work.task.escalation_level = 0
    _tell_unit(work, "cancelled")


_STEPS: dict[TaskStep, Callable[[_Work], None]] = {
    TaskStep.RECEIVE: _receive,
    TaskStep.REPORT: _report,
    TaskStep.ASK: _ask,
    TaskStep.ACCEPT: _accept,
    TaskStep.RETURN: _return,
    TaskStep.EXTEND: _extend,
    TaskStep.KEEP_DATE: _keep_date,
    TaskStep.CANCEL: _cancel,
}


def _ended(clock: Clock, on: dt.date) -> None:
    if on > clock.due_on:
        clock_meet(clock=clock, on=on)
    else:
        clock_cancel(clock=clock, on=on)
    escalations_settle(clock_ids=[clock.pk])


def _clocks(task: ConclusionTask) -> list[ConclusionClock]:
    """The running clock of a task, locked."""
    links = ConclusionClock.objects.filter(task=task, clock__state__in=OPEN_STATES)
    locked = links.select_related("clock").select_for_update(of=("clock",), no_key=True)
    return list(locked.order_by("pk"))


def _named(task: ConclusionTask) -> dict[str, int | str | None]:
    return {"notice": task.notice.number, "row": task.position, "due": task.due_on.isoformat()}


def _text(typed: str, most: int) -> str:
    text = clean(typed)
    if not 1 <= len(text) <= most:
        raise InvalidInput(fields={"text": [_("From 1 to %(most)s characters.") % {"most": most}]})
    return text


def _later(work: _Work) -> dt.date:
    until = work.said.until
    if until is None or until <= work.task.due_on or until < work.on:
        message = _("A date after %(date)s, not in the past.")
        shown = {"date": f"{work.task.due_on:%d/%m/%Y}"}
        raise InvalidInput(fields={"until": [message % shown]})
    if until >= calendar_current().last:
        raise InvalidInput(fields={"until": [str(CalendarMissing.message)]})
    return until


def _tell_leader(work: _Work, what: str) -> None:
    _tell(work, what, **follower_of(work.session, work.on))


def _tell_unit(work: _Work, what: str) -> None:
    unit = work.task.unit
    _tell(work, what, unit_id=unit.pk, position=desk_of(unit))


def _tell(work: _Work, what: str, **address: int | str) -> None:
    work.notes.tell(
        work.session,
        "reception_task_step",
        key=f"task:{work.task.public_id}:{work.task.version}:{what}",
        href=task_href(work.task),
        extra={"step": what, "due_on": work.task.due_on.isoformat()},
        **address,
    )


def _tell_citizen(work: _Work, what: str) -> None:
    visit = work.task.notice.visit
    if visit is not None and not work.task.is_internal:
        told = f"task:{work.task.public_id}:{what}"
        citizen_tell(work.session, visit, work.notes, told)
