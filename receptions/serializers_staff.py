"""Inputs and outputs of the reception API for officers."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from accounts.access import Access
from common.api import StrictSerializer
from communes.selectors import unit_json
from petitions.enums import Kind
from petitions.validators import ADDRESS_MAX
from receptions.enums import (
    AdHocTrigger,
    DutyHolder,
    Need,
    Recording,
    RegistrationSource,
    RegistrationStatus,
    SessionKind,
    SessionMode,
    VisitOutcome,
)
from receptions.models import ReceptionSession, Refusal, VisitRecord
from receptions.moves import Move, moves_of
from receptions.sealing import words_of
from receptions.selectors import Visitor
from receptions.serializers import (
    CODE_MAX,
    MomentField,
    SessionOutput,
    UnitOutput,
    session_json,
)
from receptions.serializers_day import RefusalOutput, refusal_json
from receptions.services.sessions import (
    CAPACITY_MAX,
    CONTENT_MAX,
    INVITED_MAX,
    INVITED_NAME_MAX,
    LINK_MAX,
    PARTICIPANTS_MAX,
    PLACE_MAX,
    REASON_MAX,
    SLOT_MINUTES,
)
from receptions.services.visit_entry import CONTENT_MAX as CONTENT_TEXT_MAX
from receptions.services.visit_entry import (
    HANDLED_MAX,
    NOTE_MAX,
    PAPER_NUMBER_MAX,
)
from receptions.services.visits import PERSON_MAX, TEXT_MAX
from receptions.services.wishes import PEOPLE_MAX

USERNAME_MAX = 150
ATTENDANCE = (RegistrationStatus.RECEIVED.value, RegistrationStatus.ABSENT.value)


class SessionPlanInput(StrictSerializer):
    unit = serializers.CharField(max_length=12)
    leader = serializers.CharField(
        max_length=USERNAME_MAX, help_text="Account of whoever receives, of the unit."
    )
    duty_holder = serializers.ChoiceField(DutyHolder.choices)
    is_delegated = serializers.BooleanField(
        default=False, help_text="A stand-in receives; the day does not count for the minimum."
    )
    kind = serializers.ChoiceField(SessionKind.choices)
    starts_at = MomentField()
    ends_at = MomentField()
    place = serializers.CharField(max_length=PLACE_MAX)
    capacity = serializers.IntegerField(min_value=1, max_value=CAPACITY_MAX)
    planned_content = serializers.CharField(max_length=CONTENT_MAX)
    mode = serializers.ChoiceField(SessionMode.choices, default=SessionMode.PLACE)
    meeting_link = serializers.CharField(
        max_length=LINK_MAX,
        default="",
        allow_blank=True,
        help_text="By https in the City's own video system; for online receptions only.",
    )
    slot_minutes = serializers.IntegerField(
        min_value=SLOT_MINUTES[0], max_value=SLOT_MINUTES[1], default=None, allow_null=True
    )
    participants = serializers.CharField(
        max_length=PARTICIPANTS_MAX, default="", allow_blank=True, help_text="Public."
    )
    trigger = serializers.ChoiceField(
        AdHocTrigger.choices,
        default="",
        allow_blank=True,
        help_text="Required for ad hoc receptions: what asks for one.",
    )
    on_day_off = serializers.BooleanField(
        default=False, help_text="A day off is meant; without it such a day is refused."
    )
    invited = serializers.ListField(
        child=serializers.CharField(max_length=INVITED_NAME_MAX),
        max_length=INVITED_MAX,
        default=list,
        help_text="Required for a contact with the Front and organisations: whom it is with;"
        " public. Nobody registers for such a session.",
    )


class HoldInput(StrictSerializer):
    version = serializers.IntegerField(min_value=1)


class SessionHoldInput(HoldInput):
    received_by = serializers.CharField(
        max_length=USERNAME_MAX,
        default="",
        allow_blank=True,
        help_text="Account of whoever received; only the planned leader may leave it out. Anybody"
        " but the holder of the post stood in, and the day does not count for the minimum.",
    )


class PublishInput(HoldInput):
    reason = serializers.CharField(
        max_length=REASON_MAX,
        required=False,
        allow_blank=True,
        default="",
        help_text="Required for late and ad hoc publication; public.",
    )


class CancelInput(HoldInput):
    reason = serializers.CharField(max_length=REASON_MAX, help_text="Public.")


class PostponeInput(CancelInput):
    starts_at = MomentField()
    ends_at = MomentField()
    late_reason = serializers.CharField(
        max_length=REASON_MAX,
        default="",
        allow_blank=True,
        help_text="Required when the new date is less than 5 working days away; public.",
    )
    on_day_off = serializers.BooleanField(default=False)


class RecordInput(StrictSerializer):
    """``absent`` takes nothing but a version; a conclusion needs its text, a unit and a date."""

    attendance = serializers.ChoiceField(ATTENDANCE)
    said = serializers.CharField(max_length=TEXT_MAX, required=False)
    outcome = serializers.ChoiceField(VisitOutcome.choices, required=False)
    conclusion = serializers.CharField(max_length=TEXT_MAX, required=False, allow_blank=True)
    responsible_unit = serializers.CharField(max_length=12, required=False, allow_null=True)
    responsible_person = serializers.CharField(
        max_length=PERSON_MAX, required=False, allow_blank=True
    )
    due_on = serializers.DateField(required=False, allow_null=True)
    version = serializers.IntegerField(
        min_value=0, help_text="Of the record that is corrected, 0 for none yet."
    )
    address = serializers.CharField(
        max_length=ADDRESS_MAX,
        required=False,
        allow_blank=True,
        help_text="Of the visitor, for the register; sealed. Left out: kept as it is.",
    )
    # Fields of register 03/TCD; left out: kept as they are
    content = serializers.CharField(max_length=CONTENT_TEXT_MAX, required=False, allow_blank=True)
    people = serializers.IntegerField(min_value=1, max_value=PEOPLE_MAX, required=False)
    kind = serializers.ChoiceField(Kind.choices, required=False, allow_blank=True)
    recording = serializers.ChoiceField(
        Recording.choices,
        required=False,
        allow_blank=True,
        help_text="Of a denunciation in an online reception: what became of its recording; needed,"
        " and kept under seal (Article 20(4) of Decree 154/2026).",
    )
    handled_before = serializers.CharField(max_length=HANDLED_MAX, required=False, allow_blank=True)
    is_competent = serializers.BooleanField(required=False, allow_null=True)
    sent_to = serializers.CharField(max_length=12, required=False, allow_null=True)
    paper_number = serializers.CharField(
        max_length=PAPER_NUMBER_MAX, required=False, allow_blank=True
    )
    note = serializers.CharField(max_length=NOTE_MAX, required=False, allow_blank=True)
    began_at = MomentField(required=False, allow_null=True)
    ended_at = MomentField(required=False, allow_null=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["attendance"] == RegistrationStatus.ABSENT:
            told = [name for name in attrs if name not in ("attendance", "version")]
            errors = {name: [_("Leave this out for somebody who did not come.")] for name in told}
        else:
            missing = [name for name in ("said", "outcome") if name not in attrs]
            errors = {name: [_("Please fill this in.")] for name in missing}
        if errors:
            raise serializers.ValidationError(errors)
        return attrs


class StaffSessionOutput(SessionOutput):
    version = serializers.IntegerField()
    late_reason = serializers.CharField()
    move_reason = serializers.CharField()
    cancel_reason = serializers.CharField()


class VisitOutput(serializers.Serializer[Any]):
    said = serializers.CharField()
    outcome = serializers.ChoiceField(VisitOutcome.choices)
    conclusion = serializers.CharField()
    responsible_unit = UnitOutput(allow_null=True)
    responsible_person = serializers.CharField()
    due_on = serializers.DateField(allow_null=True)
    version = serializers.IntegerField()
    register_number = serializers.IntegerField(allow_null=True)
    register_year = serializers.IntegerField(allow_null=True)
    content = serializers.CharField()
    people = serializers.IntegerField()
    kind = serializers.ChoiceField(Kind.choices, allow_blank=True)
    handled_before = serializers.CharField()
    is_competent = serializers.BooleanField(allow_null=True)
    sent_to = UnitOutput(allow_null=True)
    paper_number = serializers.CharField()
    note = serializers.CharField()
    began_at = serializers.DateTimeField(allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True)


class VisitorOutput(serializers.Serializer[Any]):
    queue_number = serializers.IntegerField()
    code = serializers.CharField(max_length=CODE_MAX)
    status = serializers.ChoiceField(RegistrationStatus.choices)
    version = serializers.IntegerField(help_text="For the next step of this visitor.")
    moves = serializers.ListField(
        child=serializers.ChoiceField(Move.choices), help_text="Steps that are possible now."
    )
    name = serializers.CharField()
    address = serializers.CharField(help_text="Empty until it is known.")
    topic = serializers.CharField()
    people = serializers.IntegerField()
    representatives = serializers.ListField(child=serializers.CharField())
    needs = serializers.ListField(child=serializers.ChoiceField(Need.choices))
    source = serializers.ChoiceField(RegistrationSource.choices)  # type: ignore[assignment]
    slot_at = serializers.DateTimeField(allow_null=True, help_text="Begin of the turn.")
    is_online = serializers.BooleanField()
    priority = serializers.ListField(
        child=serializers.ChoiceField(AdHocTrigger.choices),
        help_text="Why this visitor goes first; set by officers.",
    )
    case = serializers.CharField(
        allow_null=True, help_text="Code of the linked case when the caller sees it."
    )
    visit = VisitOutput(allow_null=True)
    refusal = RefusalOutput(allow_null=True)


class VisitorPage(serializers.Serializer[Any]):
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = VisitorOutput(many=True)


def staff_session_json(session: ReceptionSession, at: dt.datetime) -> dict[str, Any]:
    """A session as its unit sees it, with the version for the next step."""
    return {
        **session_json(session, at),
        "version": session.version,
        "late_reason": session.late_reason,
        "move_reason": session.move_reason,
        "cancel_reason": session.cancel_reason,
    }


def visitor_json(access: Access, visitor: Visitor) -> dict[str, Any]:
    """A visitor of a session. Callers have checked the right to see visitors; of a recorded
    denunciation whoever sees none reads a sparse record."""
    row = visitor.registration
    visit: VisitRecord | None = getattr(row, "visit", None)
    refusal: Refusal | None = getattr(row, "refusal", None)
    return {
        "queue_number": row.queue_number,
        "code": row.code,
        "status": row.status,
        "version": row.version,
        "moves": [move.value for move in moves_of(row)],
        "name": (visitor.person or {}).get("full_name", ""),
        "address": (visitor.person or {}).get("address", ""),
        "topic": visitor.topic,
        "people": row.people,
        "representatives": list((visitor.person or {}).get("representatives", ())),
        "needs": list((visitor.person or {}).get("needs", ())),
        "source": row.source,
        "slot_at": row.slot_at.isoformat() if row.slot_at else None,
        "is_online": row.is_online,
        "priority": row.priority,
        "case": visitor.case_code or None,
        "visit": _read_json(access, visit) if visit else None,
        "refusal": refusal_json(refusal) if refusal else None,
    }


def _read_json(access: Access, visit: VisitRecord) -> dict[str, Any]:
    return _visit_json(visit) | words_of(access, visit)


def _visit_json(visit: VisitRecord) -> dict[str, Any]:
    unit = visit.responsible_unit
    return {
        "said": visit.said,
        "outcome": visit.outcome,
        "conclusion": visit.conclusion,
        "responsible_unit": unit_json(unit) if unit else None,
        "responsible_person": visit.responsible_person,
        "due_on": visit.due_on.isoformat() if visit.due_on else None,
        **_entry_json(visit),
    }


def _entry_json(visit: VisitRecord) -> dict[str, Any]:
    """The fields of the register."""
    began, ended = visit.began_at, visit.ended_at
    return {
        "version": visit.version,
        "register_number": visit.register_number,
        "register_year": visit.register_year,
        "content": visit.content,
        "people": visit.people,
        "kind": visit.kind,
        "handled_before": visit.handled_before,
        "is_competent": visit.is_competent,
        "sent_to": unit_json(visit.sent_to) if visit.sent_to else None,
        "paper_number": visit.paper_number,
        "note": visit.note,
        "began_at": began.isoformat() if began else None,
        "ended_at": ended.isoformat() if ended else None,
    }
