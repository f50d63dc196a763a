"""Inputs of the petitions API. Outputs are built by ``petitions.api.shapes``."""

from typing import Any

from django.core.exceptions import ValidationError as DjangoValidationError
from django.utils.translation import gettext as _
from rest_framework import serializers

from common.api import StrictSerializer
from petitions import validators as v
from petitions.enums import Kind, RespondentPosition
from petitions.services.intake import Filing


class RespondentInput(StrictSerializer):
    name = serializers.CharField(max_length=v.NAME_MAX)
    unit = serializers.CharField(max_length=12, required=False, allow_blank=True)
    position = serializers.ChoiceField(RespondentPosition.choices, required=False)


class PetitionerInput(StrictSerializer):
    full_name = serializers.CharField(max_length=v.NAME_MAX)
    identity_number = serializers.CharField(max_length=20, required=False, allow_blank=True)
    address = serializers.CharField(max_length=v.ADDRESS_MAX)
    phone = serializers.CharField(max_length=20, required=False, allow_blank=True)
    email = serializers.EmailField(max_length=120, required=False, allow_blank=True)
    representative = serializers.BooleanField(required=False, default=False)

    def validate_identity_number(self, value: str) -> str:
        return _checked(v.identity_number_clean, value)

    def validate_phone(self, value: str) -> str:
        return _checked(v.phone_clean, value)


class PetitionInput(StrictSerializer):
    kind = serializers.ChoiceField(Kind.choices)
    subject = serializers.CharField(max_length=v.SUBJECT_MAX)
    content = serializers.CharField(max_length=v.CONTENT_MAX)
    request = serializers.CharField(
        max_length=v.CONTENT_MAX, required=False, allow_blank=True, default=""
    )
    field = serializers.CharField(max_length=40)
    unit = serializers.CharField(max_length=12)
    respondent = RespondentInput(required=False, allow_null=True)
    petitioners = serializers.ListField(
        child=PetitionerInput(), allow_empty=False, max_length=v.PETITIONERS_MAX
    )
    attachments = serializers.ListField(
        child=serializers.UUIDField(),
        required=False,
        default=list,
        max_length=v.ATTACHMENTS_MAX,
    )

    def filing(self) -> Filing:
        """The checked petition for the service."""
        data = dict(self.validated_data)
        data["attachments"] = [str(item) for item in data["attachments"]]
        return Filing(**data)


class LetterInput(PetitionInput):
    """A letter that an officer registers for somebody."""

    channel = serializers.ChoiceField([("paper", "paper"), ("reception", "reception")])
    is_signed = serializers.BooleanField(required=False, default=False)

    def filing(self) -> Filing:
        data = dict(self.validated_data)
        data.pop("channel")
        data.pop("is_signed")
        data["attachments"] = [str(item) for item in data["attachments"]]
        return Filing(**data)


def filing_checked(serializer: type[PetitionInput], data: Any) -> PetitionInput:
    """The valid serializer, or a ValidationError that names every wrong field."""
    if not isinstance(data, dict):
        raise serializers.ValidationError({"body": [_("A JSON object is expected.")]})
    checked = serializer(data=data)
    checked.is_valid(raise_exception=True)
    return checked


def _checked(clean: Any, value: str) -> str:
    try:
        return str(clean(value))
    except DjangoValidationError as error:
        raise serializers.ValidationError(error.messages) from error
