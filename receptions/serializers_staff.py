"""Inputs and outputs of the reception API for officers."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from common.api import StrictSerializer
from common.time import moment_read
from communes.selectors import unit_json
from receptions.enums import (
    DutyHolder,
    RegistrationStatus,
    SessionKind,
    SessionStatus,
    VisitOutcome,
)
from receptions.models import ReceptionSession, VisitRecord
from receptions.selectors import Visitor
from receptions.serializers import CODE_MAX, SessionOutput, UnitOutput, session_json
from receptions.services.sessions import CAPACITY_MAX, CONTENT_MAX, PLACE_MAX, REASON_MAX
from receptions.services.visits import PERSON_MAX, TEXT_MAX

USERNAME_MAX = 150
ATTENDANCE = (RegistrationStatus.RECEIVED.value, RegistrationStatus.ABSENT.value)


class MomentField(serializers.DateTimeField):
    """A moment with its offset."""

    def to_internal_value(self, value: Any) -> dt.datetime:
        try:
            return moment_read(str(value))
        except ValueError as error:
            raise serializers.ValidationError([str(error)]) from None


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


class HoldInput(StrictSerializer):
    version = serializers.IntegerField(min_value=1)


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


class RecordInput(StrictSerializer):
    """``absent`` takes nothing else; a conclusion needs its text, a unit and a date."""

    attendance = serializers.ChoiceField(ATTENDANCE)
    said = serializers.CharField(max_length=TEXT_MAX, required=False)
    outcome = serializers.ChoiceField(VisitOutcome.choices, required=False)
    conclusion = serializers.CharField(max_length=TEXT_MAX, required=False, allow_blank=True)
    responsible_unit = serializers.CharField(max_length=12, required=False, allow_null=True)
    responsible_person = serializers.CharField(
        max_length=PERSON_MAX, required=False, allow_blank=True
    )
    due_on = serializers.DateField(required=False, allow_null=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["attendance"] == RegistrationStatus.ABSENT:
            told = [name for name in attrs if name != "attendance"]
            errors = {name: [_("Leave this out for somebody who did not come.")] for name in told}
        else:
            missing = [name for name in ("said", "outcome") if name not in attrs]
            errors = {name: [_("Please fill this in.")] for name in missing}
        if errors:
            raise serializers.ValidationError(errors)
        return attrs


class StaffSessionOutput(SessionOutput):
    status = serializers.ChoiceField(SessionStatus.choices)
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


class VisitorOutput(serializers.Serializer[Any]):
    queue_number = serializers.IntegerField()
    code = serializers.CharField(max_length=CODE_MAX)
    status = serializers.ChoiceField(RegistrationStatus.choices)
    name = serializers.CharField()
    topic = serializers.CharField()
    people = serializers.IntegerField()
    case = serializers.CharField(
        allow_null=True, help_text="Code of the linked case when the caller sees it."
    )
    visit = VisitOutput(allow_null=True)


class VisitorPage(serializers.Serializer[Any]):
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = VisitorOutput(many=True)


def staff_session_json(session: ReceptionSession, at: dt.datetime) -> dict[str, Any]:
    """A session as its unit sees it, with the version for the next step."""
    return {
        **session_json(session, at),
        "status": session.status,
        "version": session.version,
        "late_reason": session.late_reason,
        "move_reason": session.move_reason,
        "cancel_reason": session.cancel_reason,
    }


def visitor_json(visitor: Visitor) -> dict[str, Any]:
    """Callers have checked the right to see visitors."""
    row = visitor.registration
    visit: VisitRecord | None = getattr(row, "visit", None)
    return {
        "queue_number": row.queue_number,
        "code": row.code,
        "status": row.status,
        "name": (visitor.person or {}).get("full_name", ""),
        "topic": visitor.topic,
        "people": row.people,
        "case": visitor.case_code or None,
        "visit": _visit_json(visit) if visit else None,
    }


def _visit_json(visit: VisitRecord) -> dict[str, Any]:
    unit = visit.responsible_unit
    return {
        "said": visit.said,
        "outcome": visit.outcome,
        "conclusion": visit.conclusion,
        "responsible_unit": unit_json(unit) if unit else None,
        "responsible_person": visit.responsible_person,
        "due_on": visit.due_on.isoformat() if visit.due_on else None,
    }
