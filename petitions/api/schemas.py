"""Inputs of the petitions API. Outputs are built by ``petitions.api.shapes``."""

import dataclasses
from typing import Any

from rest_framework import serializers

from common.api import StrictSerializer, cleaned_by
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
        return cleaned_by(v.identity_number_clean, value)

    def validate_phone(self, value: str) -> str:
        return cleaned_by(v.phone_clean, value)


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
    # Empty for accusations without a name only; the service holds that.
    petitioners = serializers.ListField(
        child=PetitionerInput(), required=False, default=list, max_length=v.PETITIONERS_MAX
    )
    attachments = serializers.ListField(
        child=serializers.UUIDField(),
        required=False,
        default=list,
        max_length=v.ATTACHMENTS_MAX,
    )


class LetterInput(PetitionInput):
    """A letter that an officer registers for somebody."""

    channel = serializers.ChoiceField([("paper", "paper"), ("reception", "reception")])
    is_signed = serializers.BooleanField(required=False, default=False)


class SearchInput(StrictSerializer):
    """Whom an officer looks for."""

    name = serializers.CharField(
        max_length=v.NAME_MAX, required=False, allow_blank=True, default=""
    )
    identity_number = serializers.CharField(
        max_length=20, required=False, allow_blank=True, default=""
    )
    phone = serializers.CharField(max_length=20, required=False, allow_blank=True, default="")


def filing_of(data: dict[str, Any]) -> Filing:
    """The petition for the service, from checked input of either kind."""
    own = {item.name for item in dataclasses.fields(Filing)}
    values = {name: value for name, value in data.items() if name in own}
    return Filing(**values | {"attachments": [str(item) for item in data["attachments"]]})
