"""Writing to the register of directives and giving tasks: ``/api/v1/directives/``."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from common.api import StaffView, StrictSerializer, json_body, validated
from common.errors import InvalidInput, NotPermitted, allow
from common.time import iso, today
from communes.enums import UnitKind
from communes.models import Unit
from directives import selectors, services
from directives import selectors_register as found
from directives.api import OBJECT, DirectiveAssignments, DirectiveList, directive_access
from directives.enums import Addressee, Confidentiality, DirectiveKind
from directives.models import Directive
from directives.policies import may_assign, may_set_due
from directives.services import NewDue, Record
from directives.validators import REASON_MAX, RECORD_NEEDED, RECORD_TEXTS

GIVEN_MAX = 200
CREATED = {201: OpenApiTypes.OBJECT}


def _text(name: str) -> serializers.CharField:
    if name in RECORD_NEEDED:
        return serializers.CharField(max_length=RECORD_TEXTS[name])
    return serializers.CharField(
        max_length=RECORD_TEXTS[name], required=False, allow_blank=True, default=""
    )


class DirectiveRecordInput(StrictSerializer):
    """A document as it stands on the paper; what is left out is empty."""

    number = _text("number")
    kind = serializers.ChoiceField(DirectiveKind.choices)
    issued_on = serializers.DateField()
    issuer = _text("issuer")
    subject = _text("subject")
    signer = _text("signer")
    summary = _text("summary")
    # ``source`` is a name of the serializer's fields themselves, so it is set below.
    text_note = _text("text_note")
    is_text_public = serializers.BooleanField(required=False, default=False)
    is_public = serializers.BooleanField(required=False, default=False)
    confidentiality = serializers.ChoiceField(
        Confidentiality.choices, required=False, default=Confidentiality.OPEN
    )
    valid_from = serializers.DateField(required=False, allow_null=True, default=None)
    valid_until = serializers.DateField(required=False, allow_null=True, default=None)

    def get_fields(self) -> Any:
        """With the document's source, a name that a field of the class cannot have."""
        return super().get_fields() | {"source": _text("source")}


class DirectiveChangeInput(DirectiveRecordInput):
    version = serializers.IntegerField(min_value=1)


class DirectiveGivingInput(StrictSerializer):
    """Tasks and units by code; ``is_preview``: say what would be given and give nothing."""

    tasks = serializers.ListField(
        child=serializers.CharField(max_length=80), min_length=1, max_length=GIVEN_MAX
    )
    units = serializers.ListField(
        child=serializers.CharField(max_length=12), min_length=1, max_length=GIVEN_MAX
    )
    addressee = serializers.ChoiceField(
        Addressee.choices, required=False, allow_blank=True, default=""
    )
    due_on = serializers.DateField(required=False, allow_null=True, default=None)
    is_preview = serializers.BooleanField(required=False, default=False)


class DirectiveDueInput(StrictSerializer):
    """``units`` by code, without them all that have the task; ``due_on`` null: no date from now on.
    ``over_extensions``: also where a unit was granted a later date. ``is_preview``: say what would
    change and change nothing."""

    units = serializers.ListField(
        child=serializers.CharField(max_length=12),
        min_length=1,
        max_length=GIVEN_MAX,
        required=False,
        allow_null=True,
        default=None,
    )
    due_on = serializers.DateField(allow_null=True)
    reason = serializers.CharField(max_length=REASON_MAX)
    over_extensions = serializers.BooleanField(required=False, default=False)
    is_preview = serializers.BooleanField(required=False, default=False)


class DirectiveRegister(DirectiveList):
    @extend_schema(request=DirectiveRecordInput, responses=CREATED)
    def post(self, request: Request) -> Response:
        """Enter a document as a draft."""
        access = directive_access(request)
        body = validated(DirectiveRecordInput, json_body(request))
        made = services.directive_create(access=access, record=Record(**body))
        return Response(record_json(made), status=201)


class DirectiveChange(StaffView):
    @extend_schema(request=DirectiveChangeInput, responses=OBJECT)
    def post(self, request: Request, slug: str) -> Response:
        """Correct the record; ``version`` is that on which it was read."""
        access = directive_access(request)
        body = validated(DirectiveChangeInput, json_body(request))
        version = body.pop("version")
        changed = services.directive_change(
            access=access, slug=slug, version=version, record=Record(**body)
        )
        return Response(record_json(changed))


class DirectiveGiving(DirectiveAssignments):
    @extend_schema(request=DirectiveGivingInput, responses=CREATED)
    def post(self, request: Request, slug: str) -> Response:
        """Give tasks to every one of the units that lacks them, in one step."""
        access = directive_access(request)
        body = validated(DirectiveGivingInput, json_body(request))
        is_preview = body.pop("is_preview")
        directive = selectors.directive_get_for(access, slug)
        if refusal := may_assign(access):
            raise NotPermitted(refusal)
        values = body | {"access": access, **_asked(directive, body)}
        if is_preview:
            preview = services.assignments_preview(**values)
            return Response({"new": preview.new, "existing": preview.existing})
        rows = services.assignments_create(**values)
        existing = len(values["tasks"]) * len(values["units"]) - len(rows)
        ids = [str(row.public_id) for row in rows]
        return Response({"new": len(rows), "existing": existing, "ids": ids}, status=201)


class DirectiveTaskDue(StaffView):
    @extend_schema(request=DirectiveDueInput, responses=OBJECT)
    def post(self, request: Request, slug: str, code: str) -> Response:
        """Set the date of a task for units that have it: how many change, have it already, are
        over, keep a later one that was granted."""
        access = directive_access(request)
        body = validated(DirectiveDueInput, json_body(request))
        directive = selectors.directive_get_for(access, slug)
        allow(may_set_due(access, directive))
        values: dict[str, Any] = {
            "access": access,
            "task": found.task_get(directive, code),
            "new": NewDue(body["due_on"], body["over_extensions"]),
            "units": None if body["units"] is None else _units(body["units"]),
        }
        if body["is_preview"]:
            return Response(services.due_preview(**values).counts())
        return Response(services.due_set(**values, reason=body["reason"]).counts())


def _units(codes: list[str]) -> list[Unit]:
    """Raises InvalidInput on ``units``. A unit that ended may still owe a task."""
    units = list(Unit.objects.exclude(kind=UnitKind.CITY).filter(code__in=codes))
    if set(codes) != {unit.code for unit in units}:
        raise InvalidInput(fields={"units": [_("Choose units of the list.")]})
    return units


def _asked(directive: Directive, body: dict[str, Any]) -> dict[str, Any]:
    """The tasks and units that are named. Raises InvalidInput on ``tasks`` or ``units`` when one of
    them is not there."""
    tasks = found.tasks_live(directive, body["tasks"])
    known = Unit.objects.in_force(today()).exclude(kind=UnitKind.CITY)
    units = list(known.filter(code__in=body["units"]).order_by("code"))
    errors: dict[str, list[str]] = {}
    if set(body["tasks"]) != {task.code for task in tasks}:
        errors["tasks"] = [_("Choose tasks of this document that were not withdrawn.")]
    if set(body["units"]) != {unit.code for unit in units}:
        errors["units"] = [_("Choose units of the list.")]
    if errors:
        raise InvalidInput(fields=errors)
    return {"tasks": tasks, "units": units}


def record_json(directive: Directive) -> dict[str, Any]:
    """A document's record with its state and version."""
    names = [name for name in Record.__annotations__ if name not in _DATES]
    return {
        "slug": directive.slug,
        **{name: getattr(directive, name) for name in names},
        **{name: iso(getattr(directive, name)) for name in _DATES},
        "state": directive.state,
        "version": directive.version,
    }


_DATES = ("issued_on", "valid_from", "valid_until")
