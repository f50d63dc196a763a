"""Inputs and outputs of the API of the day: the queue, refusals, minutes, notices, tasks."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from rest_framework import serializers

from accounts.access import Access
from common.api import StrictSerializer
from communes.selectors import unit_json
from receptions.enums import NoticeState, SignedHow, TaskState
from receptions.models import ConclusionNotice, ConclusionTask, Minutes, Refusal
from receptions.moves import Move
from receptions.refusal_grounds import grounds
from receptions.sealing import tasks_cover
from receptions.selectors_conclusions import units_on_paper
from receptions.serializers import RegistrationInput, UnitOutput
from receptions.services import minutes as words
from receptions.services.refusals import EXPLANATION_MAX
from receptions.services.registrations import Options
from receptions.services.task_steps import (
    FILES_MAX,
    PAPER_MAX,
    REPORT_MAX,
    TaskStep,
    steps_open,
)

STEPS = [step.value for step in TaskStep]
GROUND_MAX = 40


class NothingInput(StrictSerializer):
    """No field: what a step needs stands in the address."""


class VersionInput(StrictSerializer):
    version = serializers.IntegerField(min_value=1, help_text="The one that was looked at.")


class MoveInput(VersionInput):
    move = serializers.ChoiceField(Move.choices, help_text="One of the visitor's `moves`.")


class RefuseInput(VersionInput):
    ground = serializers.CharField(max_length=GROUND_MAX, help_text="Code of the legal ground.")
    explanation = serializers.CharField(
        max_length=EXPLANATION_MAX, help_text="What was explained to the visitor on the spot."
    )


class CounterInput(RegistrationInput):
    """As the public registers; nobody types a code from an e-mail at the counter."""

    email = None  # type: ignore[assignment]
    waiting_list = None  # type: ignore[assignment]
    walk_in = serializers.BooleanField(
        default=False, help_text="Came today without registering: a number at once."
    )
    leader_agrees = serializers.BooleanField(
        default=False,
        help_text="Of a walk-in when all places are taken: received after the others.",
    )

    def inputs(self) -> dict[str, Any]:
        """Keyword arguments of ``registration_create_for``."""
        found = super().inputs()
        del found["waiting_list"]
        return found

    def options(self) -> Options:
        names = ("walk_in", "leader_agrees")
        return replace(super().options(), **{name: self.validated_data[name] for name in names})


class RefusalOutput(serializers.Serializer[Any]):
    ground = serializers.CharField()
    article = serializers.CharField()
    is_written = serializers.BooleanField(help_text="Whether the law wants form 01/TCD.")
    written_by = serializers.DateField(allow_null=True, help_text="Last day for that form.")
    number = serializers.CharField(help_text="Of form 01/TCD; empty until it is issued.")
    sent_on = serializers.DateField(allow_null=True)


class MinutesInput(StrictSerializer):
    version = serializers.IntegerField(min_value=0, help_text="0 begins the minutes.")
    text = serializers.CharField(max_length=words.TEXT_MAX)


class VisitorSignInput(VersionInput):
    how = serializers.ChoiceField(SignedHow.choices)
    note = serializers.CharField(
        max_length=words.NOTE_MAX,
        default="",
        allow_blank=True,
        help_text="Required when the visitor would not sign.",
    )


class MinutesOutput(serializers.Serializer[Any]):
    version = serializers.IntegerField(help_text="0: a proposal that nobody has kept yet.")
    text = serializers.CharField()
    receiver = serializers.CharField(help_text="Who signed as the receiver; empty: nobody yet.")
    receiver_signed_at = serializers.DateTimeField(allow_null=True)
    visitor_signed = serializers.ChoiceField(SignedHow.choices, allow_blank=True)
    visitor_note = serializers.CharField()
    visitor_signed_at = serializers.DateTimeField(allow_null=True)
    is_fixed = serializers.BooleanField(help_text="Both sides have signed: nothing changes.")


class TaskRowOutput(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    position = serializers.IntegerField()
    what = serializers.CharField()
    unit = UnitOutput()
    person = serializers.CharField()
    due_on = serializers.DateField()
    is_internal = serializers.BooleanField(help_text="Not shown to the citizen.")
    state = serializers.ChoiceField(TaskState.choices)


class NoticeOutput(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    session = serializers.UUIDField()
    state = serializers.ChoiceField(NoticeState.choices)
    number = serializers.CharField(help_text="As printed; empty for a draft.")
    issued_at = serializers.DateTimeField(allow_null=True)
    void_reason = serializers.CharField(help_text="Why an issued notice is void; else empty.")
    opening = serializers.CharField()
    version = serializers.IntegerField()
    rows = TaskRowOutput(many=True)


class NoticePage(serializers.Serializer[Any]):
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = NoticeOutput(many=True)


class ReceptionTaskStepInput(VersionInput):
    step = serializers.ChoiceField(STEPS, help_text="One of the task's `steps`.")
    text = serializers.CharField(
        max_length=REPORT_MAX,
        default="",
        allow_blank=True,
        help_text="The report, or the reason; needed by all steps but `receive` and `accept`.",
    )
    until = serializers.DateField(
        default=None, allow_null=True, help_text="Of `ask` and `extend`: the new last day."
    )
    paper_number = serializers.CharField(
        max_length=PAPER_MAX,
        default="",
        allow_blank=True,
        help_text="Of a unit without accounts (`is_on_paper`): the number of its paper.",
    )
    paper_on = serializers.DateField(
        default=None, allow_null=True, help_text="And the date of that paper."
    )
    attachments = serializers.ListField(
        child=serializers.UUIDField(),
        max_length=FILES_MAX,
        default=list,
        help_text="Of `report`: identifiers of uploaded files.",
    )


class ReceptionTaskOutput(TaskRowOutput):
    notice = serializers.UUIDField()
    notice_number = serializers.CharField()
    concluded_by = UnitOutput(help_text="The unit whose leader concluded.")
    version = serializers.IntegerField()
    report = serializers.CharField()
    reported_at = serializers.DateTimeField(allow_null=True)
    returned_reason = serializers.CharField()
    asked_until = serializers.DateField(allow_null=True)
    asked_reason = serializers.CharField()
    extension_reason = serializers.CharField()
    cancel_reason = serializers.CharField()
    closed_on = serializers.DateField(allow_null=True)
    is_on_paper = serializers.BooleanField(
        help_text="Nobody of its unit has an account: who concluded records its papers."
    )
    steps = serializers.ListField(
        child=serializers.ChoiceField(STEPS), help_text="What the caller may do now."
    )


class ReceptionTaskPage(serializers.Serializer[Any]):
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = ReceptionTaskOutput(many=True)


def refusal_json(refusal: Refusal) -> dict[str, Any]:
    """What was explained stays out of the list: it is read on the visitor's own page."""
    return {
        "ground": refusal.ground,
        "article": grounds()[refusal.ground].article,
        "is_written": refusal.is_written,
        "written_by": refusal.written_by.isoformat() if refusal.written_by else None,
        "number": refusal.number,
        "sent_on": refusal.sent_on.isoformat() if refusal.sent_on else None,
    }


def minutes_json(minutes: Minutes) -> dict[str, Any]:
    signed, heard = minutes.receiver_signed_at, minutes.visitor_signed_at
    return {
        "version": minutes.version if minutes.pk else 0,
        "text": minutes.text,
        "receiver": minutes.receiver.full_name if minutes.receiver else "",
        "receiver_signed_at": signed.isoformat() if signed else None,
        "visitor_signed": minutes.visitor_signed,
        "visitor_note": minutes.visitor_note,
        "visitor_signed_at": heard.isoformat() if heard else None,
        "is_fixed": minutes.is_signed,
    }


def notice_json(
    notice: ConclusionNotice, tasks: Iterable[ConclusionTask], void_reason: str
) -> dict[str, Any]:
    """A notice with its rows; it names no visitor, since other units read it."""
    return {
        "id": str(notice.public_id),
        "session": str(notice.session.public_id),
        "state": notice.state,
        "number": notice.shown_number,
        "issued_at": notice.issued_at.isoformat() if notice.issued_at else None,
        "void_reason": void_reason,
        "opening": notice.opening,
        "version": notice.version,
        "rows": [_row_json(task) for task in tasks],
    }


def _row_json(task: ConclusionTask) -> dict[str, Any]:
    return {
        "id": str(task.public_id),
        "position": task.position,
        "what": task.what,
        "unit": unit_json(task.unit),
        "person": task.person,
        "due_on": task.due_on.isoformat(),
        "is_internal": task.is_internal,
        "state": task.state,
    }


def tasks_json(access: Access, tasks: Iterable[ConclusionTask]) -> list[dict[str, Any]]:
    """Tasks of issued notices as one person reads them and may work on them; a fixed number of
    queries. Callers have joined notice, session, visit and unit."""
    rows = tasks_cover(access, tasks)
    paper = units_on_paper({task.unit_id for task in rows})
    return [_task_json(access, task, on_paper=task.unit_id in paper) for task in rows]


def _task_json(access: Access, task: ConclusionTask, *, on_paper: bool) -> dict[str, Any]:
    asked, closed = task.asked_until, task.closed_on
    return {
        **_row_json(task),
        "notice": str(task.notice.public_id),
        "notice_number": task.notice.shown_number,
        "concluded_by": unit_json(task.notice.session.unit),
        "version": task.version,
        "report": task.report,
        "reported_at": task.reported_at.isoformat() if task.reported_at else None,
        "returned_reason": task.returned_reason,
        "asked_until": asked.isoformat() if asked else None,
        "asked_reason": task.asked_reason,
        "extension_reason": task.extension_reason,
        "cancel_reason": task.cancel_reason,
        "closed_on": closed.isoformat() if closed else None,
        "is_on_paper": on_paper,
        "steps": [step.value for step in steps_open(access, task, on_paper=on_paper)],
    }
