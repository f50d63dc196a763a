"""What the API of the registers shares: filters, units, keys, histories."""

from collections.abc import Collection, Mapping
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.request import Request

from attachments.models import Attachment
from common.api import StrictSerializer, json_body, validated
from common.errors import InvalidInput
from common.filters import Reader, filters_read, one_of, that, words
from common.time import date_read
from communes.models import Unit
from communes.selectors import unit_by_code
from directives.api import OBJECT, directive_access, optional_text

__all__ = ["CREATED", "OBJECT", "directive_access", "optional_text"]
CREATED = {201: OpenApiTypes.OBJECT}
UNIT_MAX = 12
# A filter's choices; None: any text or day.
Filters = Mapping[str, Collection[str] | None]
FILTER_MAX = 100
DAYS = ("since", "until")


class RegisterVersionInput(StrictSerializer):
    version = serializers.IntegerField(min_value=1)


class RegisterFileInput(RegisterVersionInput):
    attachment = serializers.UUIDField()


def day_field() -> Any:
    """A local date that may be left out or null."""
    return serializers.DateField(required=False, allow_null=True, default=None)


def codes_field() -> Any:
    """Codes of a declared list."""
    return serializers.ListField(child=serializers.CharField(max_length=20), max_length=40)


def parameters(filters: Filters) -> list[OpenApiParameter]:
    """The filters in the description of the API."""
    return [OpenApiParameter(name, str) for name in filters]


def filtered(request: Request, filters: Filters) -> dict[str, Any]:
    """Checked filters of a list. Raises InvalidInput naming every wrong one."""
    readers = {name: _reader(name, choices) for name, choices in filters.items()}
    return filters_read(request.query_params.dict(), readers)


def _reader(name: str, choices: Collection[str] | None) -> Reader:
    if name in DAYS:
        return date_read
    if name == "unit":
        return that(lambda code: unit_by_code(code) is not None)
    return words(FILTER_MAX) if choices is None else one_of(choices)


def unit_named(code: str) -> Unit:
    """The unit of a body. Raises InvalidInput on ``unit``."""
    unit = unit_by_code(code)
    if unit is None:
        raise InvalidInput(fields={"unit": [_("Choose one of the values of the list.")]})
    return unit


def key_of(
    request: Request, public_id: str, serializer: type[serializers.Serializer[Any]]
) -> dict[str, Any]:
    """The checked body with who asks and which row, as the services take it."""
    access = directive_access(request)
    return {"access": access, "public_id": public_id} | validated(serializer, json_body(request))


def file_json(attachment: Attachment) -> dict[str, Any]:
    return {
        "id": str(attachment.public_id),
        "name": attachment.name,
        "size": attachment.size,
        "content_type": attachment.content_type,
    }
