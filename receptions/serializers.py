"""Inputs and outputs of the reception API."""

import datetime as dt
from typing import Any

from rest_framework import serializers

from common.api import StrictSerializer, cleaned_by
from common.errors import InvalidInput
from common.time import date_read, local_moment, moment_read
from communes.selectors import unit_json
from petitions import validators as v
from receptions.enums import DutyHolder, Per, RegistrationStatus, SessionKind
from receptions.models import ReceptionSession
from receptions.selectors import QuotaLine
from receptions.services.registrations import PEOPLE_MAX, TOPIC_MAX, Visitor

FILTERS = ("unit", "leader", "from", "to", "cursor", "page_size")
CODE_MAX = 40


class PetitionReference(StrictSerializer):
    code = serializers.CharField(max_length=CODE_MAX)
    secret = serializers.CharField(max_length=60)


class RegistrationInput(StrictSerializer):
    full_name = serializers.CharField(max_length=v.NAME_MAX)
    identity_number = serializers.CharField(max_length=20)
    phone = serializers.CharField(max_length=20)
    topic = serializers.CharField(max_length=TOPIC_MAX)
    people = serializers.IntegerField(min_value=1, max_value=PEOPLE_MAX, default=1)
    petition = PetitionReference(required=False, allow_null=True)
    waiting_list = serializers.BooleanField(required=False, default=False)

    def validate_identity_number(self, value: str) -> str:
        return cleaned_by(v.identity_number_clean, value)

    def validate_phone(self, value: str) -> str:
        return cleaned_by(v.phone_clean, value)

    def inputs(self) -> dict[str, Any]:
        """Keyword arguments of ``registration_create``."""
        data = self.validated_data
        petition = data.get("petition")
        return {
            "visitor": Visitor(data["full_name"], data["identity_number"], data["phone"]),
            "topic": data["topic"],
            "people": data["people"],
            "petition": (petition["code"], petition["secret"]) if petition else None,
            "waiting_list": data["waiting_list"],
        }


class RegistrationOutput(serializers.Serializer[Any]):
    queue_number = serializers.IntegerField()
    code = serializers.CharField()
    secret = serializers.CharField(help_text="Shown once.")
    status = serializers.ChoiceField(RegistrationStatus.choices)


class UnitOutput(serializers.Serializer[Any]):
    code = serializers.CharField()
    kind = serializers.CharField()
    name = serializers.CharField()
    slug = serializers.CharField()
    former_district = serializers.CharField()


class SessionOutput(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    unit = UnitOutput()
    leader = serializers.CharField(help_text="Full name; also a value of the filter.")
    duty_holder = serializers.ChoiceField(DutyHolder.choices)
    is_delegated = serializers.BooleanField()
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    kind = serializers.ChoiceField(SessionKind.choices)
    place = serializers.CharField()
    planned_content = serializers.CharField()
    capacity = serializers.IntegerField(help_text="Places; a group takes one.")
    free_places = serializers.IntegerField(help_text="0 when registration is closed.")


class SessionPage(serializers.Serializer[Any]):
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = SessionOutput(many=True)


class QuotaOutput(serializers.Serializer[Any]):
    unit = UnitOutput()
    duty_holder = serializers.ChoiceField(DutyHolder.choices)
    person = serializers.CharField(allow_null=True, help_text="Full name; null: post vacant.")
    minimum = serializers.IntegerField(help_text="Days per month or week, see `per`.")
    per = serializers.ChoiceField(Per.choices)
    basis = serializers.CharField()
    required = serializers.IntegerField(  # type: ignore[assignment]
        help_text="Days in this month."
    )
    planned = serializers.IntegerField(help_text="Days, drafts included.")
    published = serializers.IntegerField(help_text="Days published, held ones included.")
    held = serializers.IntegerField()
    missing = serializers.IntegerField(
        help_text="What the minimum lacks beside held days and days still to come."
    )


class QuotaPage(serializers.Serializer[Any]):
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = QuotaOutput(many=True)


def session_json(session: ReceptionSession, at: dt.datetime) -> dict[str, Any]:
    """A public session; ``at`` decides whether registration is open."""
    return {
        "id": str(session.public_id),
        "unit": unit_json(session.unit),
        "leader": session.leader.full_name,
        "duty_holder": session.duty_holder,
        "is_delegated": session.is_delegated,
        "starts_at": session.starts_at.isoformat(),
        "ends_at": session.ends_at.isoformat(),
        "kind": session.kind,
        "place": session.place,
        "planned_content": session.planned_content,
        "capacity": session.capacity,
        "free_places": session.free_places(at),
    }


def quota_json(line: QuotaLine) -> dict[str, Any]:
    return {
        "unit": unit_json(line.unit),
        "duty_holder": line.duty_holder,
        "person": line.person.full_name if line.person else None,
        "minimum": line.rule.minimum_days,
        "per": line.rule.per,
        "basis": line.rule.basis,
        **line.tally._asdict(),
    }


def window_edge(name: str, text: str | None, *, ends: bool = False) -> dt.datetime | None:
    """A date (Hà Nội; as an end the whole day) or a moment with offset, as a UTC moment."""
    if not text:
        return None
    try:
        if "T" in text or " " in text:
            return moment_read(text)
        day = date_read(text)
    except ValueError as error:
        raise InvalidInput(fields={name: [str(error)]}) from None
    return local_moment(day + dt.timedelta(days=1) if ends else day)
