"""Inputs and outputs of the reception API."""

import datetime as dt
from typing import Any

from django.utils.translation import get_language
from rest_framework import serializers

from common.api import StrictSerializer, cleaned_by
from common.errors import InvalidInput
from common.time import date_read, local_moment, moment_read
from communes.selectors import unit_json
from petitions import validators as v
from receptions.enums import (
    DutyHolder,
    Need,
    Per,
    RegistrationStatus,
    SessionKind,
    SessionMode,
    SessionStatus,
)
from receptions.models import ReceptionSession
from receptions.quotas import State
from receptions.selectors_oversight import BoardRow
from receptions.selectors_quota import QuotaLine
from receptions.services.registrations import PEOPLE_MAX, TOPIC_MAX, Options, Visitor
from receptions.services.wishes import EMAIL_MAX, REPRESENTATIVES_MAX

FILTERS = (
    "unit", "leader", "from", "to", "district", "kind", "duty_holder", "mode", "announced",
    "cursor", "page_size",
)  # fmt: skip
CODE_MAX = 40
OUTLOOKS = [(state.name.lower(), state.name.lower()) for state in State]


class MomentField(serializers.DateTimeField):
    """A moment with its offset."""

    def to_internal_value(self, value: Any) -> dt.datetime:
        try:
            return moment_read(str(value))
        except ValueError as error:
            raise serializers.ValidationError([str(error)]) from None


class PetitionReference(StrictSerializer):
    code = serializers.CharField(max_length=CODE_MAX)
    secret = serializers.CharField(max_length=60)


class RegistrationInput(StrictSerializer):
    full_name = serializers.CharField(max_length=v.NAME_MAX)
    identity_number = serializers.CharField(max_length=20)
    phone = serializers.CharField(max_length=20)
    address = serializers.CharField(
        max_length=v.ADDRESS_MAX,
        required=False,
        allow_blank=True,
        default="",
        help_text="For the register of receptions; sealed. It can also be said at the reception.",
    )
    topic = serializers.CharField(
        max_length=TOPIC_MAX,
        allow_blank=True,
        help_text="Read by the leader and those who receive; empty: to be said in person.",
    )
    people = serializers.IntegerField(min_value=1, max_value=PEOPLE_MAX, default=1)
    petition = PetitionReference(required=False, allow_null=True)
    waiting_list = serializers.BooleanField(required=False, default=False)
    representatives = serializers.ListField(
        child=serializers.CharField(max_length=v.NAME_MAX),
        max_length=REPRESENTATIVES_MAX,
        default=list,
        help_text="Of 5 people and more: 1 or 2 names for up to 10 people, up to 5 for more; none:"
        " whoever registers speaks.",
    )
    needs = serializers.ListField(
        child=serializers.ChoiceField(Need.choices), max_length=len(Need), default=list
    )
    email = serializers.EmailField(
        max_length=EMAIL_MAX,
        required=False,
        allow_blank=True,
        default="",
        help_text="The place is `unconfirmed` for 15 minutes, until the code sent there is typed.",
    )
    slot_at = MomentField(
        required=False, allow_null=True, default=None, help_text="Begin of a turn; none: the first."
    )
    is_online = serializers.BooleanField(
        required=False, allow_null=True, default=None, help_text="Where the session offers both."
    )

    def validate_identity_number(self, value: str) -> str:
        return cleaned_by(v.identity_number_clean, value)

    def validate_phone(self, value: str) -> str:
        return cleaned_by(v.phone_clean, value)

    def inputs(self) -> dict[str, Any]:
        """Keyword arguments of ``registration_create``."""
        data = self.validated_data
        petition = data.get("petition")
        return {
            "visitor": Visitor(
                data["full_name"],
                data["identity_number"],
                data["phone"],
                data.get("email", ""),
                tuple(data["representatives"]),
                tuple(data["needs"]),
                get_language() or "",
                address=data["address"],
            ),
            "topic": data["topic"],
            "people": data["people"],
            "petition": (petition["code"], petition["secret"]) if petition else None,
            "waiting_list": data.get("waiting_list", False),
            "options": self.options(),
        }

    def options(self) -> Options:
        data = self.validated_data
        return Options(slot_at=data["slot_at"], is_online=data["is_online"])


class ConfirmInput(StrictSerializer):
    secret = serializers.CharField(max_length=60)
    digits = serializers.CharField(max_length=20, help_text="The six digits from the e-mail.")


class ConfirmOutput(serializers.Serializer[Any]):
    queue_number = serializers.IntegerField()
    status = serializers.ChoiceField(RegistrationStatus.choices)


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
    mode = serializers.ChoiceField(SessionMode.choices)
    slot_minutes = serializers.IntegerField(
        allow_null=True, help_text="Minutes of a visit; null: visitors wait by number."
    )
    participants = serializers.CharField(help_text="Who takes part beside the leader.")
    invited = serializers.ListField(
        child=serializers.CharField(),
        help_text="Of a contact with the Front and organisations; nobody registers for it.",
    )
    status = serializers.ChoiceField(SessionStatus.choices)


class AnnouncedOutput(SessionOutput):
    """The public reasons come with ``announced=true`` only."""

    moved_from = serializers.DateField(
        required=False, allow_null=True, help_text="The day announced last before."
    )
    late_reason = serializers.CharField(required=False)
    move_reason = serializers.CharField(required=False)
    change_reason = serializers.CharField(required=False)
    cancel_reason = serializers.CharField(required=False)
    missed_reason = serializers.CharField(required=False)


class SessionPage(serializers.Serializer[Any]):
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = AnnouncedOutput(many=True)


class HolderOutput(serializers.Serializer[Any]):
    """Somebody in the post between two dates of the month."""

    name = serializers.CharField()

    def get_fields(self) -> dict[str, Any]:
        """``from`` is no name for an attribute."""
        dates = {"from": serializers.DateField(), "to": serializers.DateField()}
        return super().get_fields() | dates


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
    delegated = serializers.IntegerField(
        help_text="Days on which somebody else stood in; they never count."
    )
    late = serializers.IntegerField(help_text="Sessions announced less than 5 working days before.")
    missed = serializers.IntegerField(help_text="Sessions to which the leader did not come.")
    unrecorded = serializers.IntegerField(
        help_text="Published sessions that passed without being recorded as held."
    )
    outlook = serializers.ChoiceField(
        OUTLOOKS,
        help_text="`fine`, `at_risk` (not enough planned), `needs_late` (only a late announcement"
        " helps) or `impossible`.",
    )
    working_days_left = serializers.IntegerField(
        help_text="Working days left on which a lacking day can be held and announced in time."
    )
    holders = HolderOutput(many=True)


class QuotaPage(serializers.Serializer[Any]):
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = QuotaOutput(many=True)


class OversightMonth(serializers.Serializer[Any]):
    month = serializers.CharField(help_text="`YYYY-MM`")
    required = serializers.IntegerField(help_text="Days.")  # type: ignore[assignment]
    planned = serializers.IntegerField()
    published = serializers.IntegerField()
    held = serializers.IntegerField()
    missing = serializers.IntegerField()
    delegated = serializers.IntegerField()
    late = serializers.IntegerField()
    missed = serializers.IntegerField()
    unrecorded = serializers.IntegerField()
    outlook = serializers.ChoiceField(OUTLOOKS)


class TaskCountsOutput(serializers.Serializer[Any]):
    done = serializers.IntegerField()
    running = serializers.IntegerField()
    late = serializers.IntegerField()


class OversightOutput(serializers.Serializer[Any]):
    unit = UnitOutput()
    duty_holder = serializers.ChoiceField(DutyHolder.choices)
    months = OversightMonth(many=True)
    tasks = TaskCountsOutput(help_text="Of the unit, from conclusions of receptions.")
    last_urged_on = serializers.DateField(allow_null=True)


class OversightPage(serializers.Serializer[Any]):
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = OversightOutput(many=True)


def oversight_json(row: BoardRow) -> dict[str, Any]:
    return {
        "unit": unit_json(row.unit),
        "duty_holder": row.duty_holder,
        "months": [
            {
                "month": f"{line.month:%Y-%m}",
                **line.tally._asdict(),
                **line.marks._asdict(),
                "outlook": line.outlook.state.name.lower(),
            }
            for line in row.lines
            if line is not None
        ],
        "tasks": row.tasks._asdict(),
        "last_urged_on": row.urged_on.isoformat() if row.urged_on else None,
    }


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
        "mode": session.mode,
        "slot_minutes": session.slot_minutes,
        "participants": session.participants,
        "invited": session.invited,
        "status": session.status,
    }


def announced_json(
    session: ReceptionSession, at: dt.datetime, moved_from: dt.date | None
) -> dict[str, Any]:
    """A session as it stands in the public calendar, with what was said about its changes."""
    return {
        **session_json(session, at),
        "moved_from": moved_from.isoformat() if moved_from else None,
        "late_reason": session.late_reason,
        "move_reason": session.move_reason,
        "change_reason": session.change_reason,
        "cancel_reason": session.cancel_reason,
        "missed_reason": session.missed_reason,
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
        **line.marks._asdict(),
        "outlook": line.outlook.state.name.lower(),
        "working_days_left": line.outlook.in_time,
        "holders": [
            {
                "name": holder.person.full_name,
                "from": holder.first.isoformat(),
                "to": holder.last.isoformat(),
            }
            for holder in line.holders
        ],
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
