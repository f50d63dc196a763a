"""``/api/v1/programmes/``: coordination programmes, their steps, files and joint activities."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from common.api import StaffView, StrictSerializer, json_body, list_answer, validated
from common.time import iso, today
from directives.validators import PEOPLE_MAX
from mobilisation import selectors_programmes as found
from mobilisation import services
from mobilisation import validators as v
from mobilisation.api_shared import (
    CREATED,
    OBJECT,
    UNIT_MAX,
    RegisterFileInput,
    RegisterVersionInput,
    codes_field,
    day_field,
    directive_access,
    file_json,
    filtered,
    key_of,
    optional_text,
    parameters,
    unit_named,
)
from mobilisation.enums import ProgrammeState
from mobilisation.lists import parties
from mobilisation.models import Programme, ProgrammeActivity
from mobilisation.presenters import standing
from mobilisation.selectors_programmes import EXPIRED, ProgrammeFilter

FILTERS = {
    "q": None,
    "unit": None,
    "party": tuple(parties()),
    "state": (*ProgrammeState.values, EXPIRED),
    "ends": ("soon",),
}


class ProgrammeRecordInput(StrictSerializer):
    """A programme as it stands on the paper; what is left out is empty."""

    title = serializers.CharField(max_length=v.TITLE_MAX)
    parties = codes_field()
    other_parties = optional_text(v.OTHERS_MAX)
    number = optional_text(v.NUMBER_MAX)
    contents = optional_text(v.WORDS_MAX)
    signed_on = day_field()
    valid_from = day_field()
    valid_until = day_field()


class ProgrammeInput(ProgrammeRecordInput):
    unit = serializers.CharField(max_length=UNIT_MAX)


class ProgrammeChangeInput(ProgrammeRecordInput):
    version = serializers.IntegerField(min_value=1)


class ProgrammeEndInput(RegisterVersionInput):
    ended_on = serializers.DateField()
    reason = serializers.CharField(max_length=v.REASON_MAX)


class ProgrammeRenewalInput(RegisterVersionInput):
    successor = serializers.UUIDField()


class ProgrammeActivityInput(RegisterVersionInput):
    held_on = serializers.DateField()
    place = serializers.CharField(max_length=v.PLACE_MAX)
    people = serializers.IntegerField(min_value=1, max_value=PEOPLE_MAX)
    done = serializers.CharField(max_length=v.WORDS_MAX)
    attachment = serializers.UUIDField(required=False, allow_null=True, default=None)


class ProgrammeReasonInput(RegisterVersionInput):
    reason = serializers.CharField(max_length=v.REASON_MAX)


class ProgrammeList(StaffView):
    @extend_schema(responses=OBJECT, parameters=parameters(FILTERS))
    def get(self, request: Request) -> Response:
        """Programmes that the caller may see, the newest first."""
        access, on = directive_access(request), today()
        rows = found.programme_list(access, ProgrammeFilter(**filtered(request, FILTERS)), on)
        return list_answer(
            request, rows, found.PROGRAMME_ORDER, lambda some: [programme_json(row) for row in some]
        )

    @extend_schema(request=ProgrammeInput, responses=CREATED)
    def post(self, request: Request) -> Response:
        """Enter a programme of a unit as a draft."""
        access = directive_access(request)
        body = validated(ProgrammeInput, json_body(request))
        unit = unit_named(body.pop("unit"))
        record = services.ProgrammeRecord(**body)
        made = services.programme_create(access=access, unit=unit, record=record)
        return Response(programme_json(made), status=201)


class ProgrammeDetail(StaffView):
    @extend_schema(responses=OBJECT)
    def get(self, request: Request, public_id: str) -> Response:
        """A programme with its files and joint activities."""
        row = found.programme_get_for(directive_access(request), public_id)
        renews = found.renewed_from(row)
        return Response(
            programme_json(row)
            | {
                "renewed_by": str(row.renewed_by.public_id) if row.renewed_by else None,
                "renews": str(renews.public_id) if renews else None,
                "files": [file_json(file.attachment) for file in found.programme_files(row)],
                "activities": [_activity_json(one) for one in found.activities_of(row)],
            }
        )


class ProgrammeChange(StaffView):
    @extend_schema(request=ProgrammeChangeInput, responses=OBJECT)
    def post(self, request: Request, public_id: str) -> Response:
        """Correct the record; ``version`` is that on which it was read."""
        body = key_of(request, public_id, ProgrammeChangeInput)
        key = {name: body.pop(name) for name in ("access", "public_id", "version")}
        record = services.ProgrammeRecord(**body)
        return Response(programme_json(services.programme_change(**key, record=record)))


class ProgrammeSigning(StaffView):
    @extend_schema(request=RegisterVersionInput, responses=OBJECT)
    def post(self, request: Request, public_id: str) -> Response:
        """Put a draft in force."""
        key = key_of(request, public_id, RegisterVersionInput)
        return Response(programme_json(services.programme_sign(**key)))


class ProgrammeEnd(StaffView):
    @extend_schema(request=ProgrammeEndInput, responses=OBJECT)
    def post(self, request: Request, public_id: str) -> Response:
        """End a programme before its time."""
        key = key_of(request, public_id, ProgrammeEndInput)
        return Response(programme_json(services.programme_end(**key)))


class ProgrammeRenewal(StaffView):
    @extend_schema(request=ProgrammeRenewalInput, responses=OBJECT)
    def post(self, request: Request, public_id: str) -> Response:
        """Note which programme takes the place of this one."""
        key = key_of(request, public_id, ProgrammeRenewalInput)
        return Response(programme_json(services.programme_renew(**key)))


class ProgrammeFiles(StaffView):
    @extend_schema(request=RegisterFileInput, responses=CREATED)
    def post(self, request: Request, public_id: str) -> Response:
        """Add an upload to a programme."""
        key = key_of(request, public_id, RegisterFileInput)
        made = services.programme_file_add(**key | {"attachment": str(key["attachment"])})
        return Response(
            programme_json(made.programme) | {"file": file_json(made.attachment)}, status=201
        )


class ProgrammeFileRemoval(StaffView):
    @extend_schema(request=RegisterVersionInput, responses=OBJECT)
    def post(self, request: Request, public_id: str, file: str) -> Response:
        """No longer show a file of a programme."""
        key = key_of(request, public_id, RegisterVersionInput)
        return Response(programme_json(services.programme_file_remove(**key, file=file)))


class ProgrammeActivities(StaffView):
    @extend_schema(request=ProgrammeActivityInput, responses=CREATED)
    def post(self, request: Request, public_id: str) -> Response:
        """Record what the parties did together."""
        body = key_of(request, public_id, ProgrammeActivityInput)
        key = {name: body.pop(name) for name in ("access", "public_id", "version")}
        said = services.Activity(**body | {"attachment": str(body["attachment"] or "")})
        made = services.activity_record(**key, activity=said)
        answer = programme_json(made.programme) | {"activity": _activity_json(made)}
        return Response(answer, status=201)


class ProgrammeActivityWithdrawal(StaffView):
    @extend_schema(request=ProgrammeReasonInput, responses=OBJECT)
    def post(self, request: Request, public_id: str, activity: str) -> Response:
        """Take back an activity that was recorded by mistake; it stays in the history."""
        key = key_of(request, public_id, ProgrammeReasonInput)
        gone = services.activity_withdraw(**key, activity=activity)
        return Response(programme_json(gone.programme) | {"activity": _activity_json(gone)})


def programme_json(row: Programme) -> dict[str, Any]:
    """A programme's record with its state and version."""
    on = today()
    words = standing(row, on)
    return {
        "id": str(row.public_id),
        "unit": row.unit.code,
        "title": row.title,
        "number": row.number,
        "parties": row.parties,
        "other_parties": row.other_parties,
        "contents": row.contents,
        "signed_on": iso(row.signed_on),
        "valid_from": iso(row.valid_from),
        "valid_until": iso(row.valid_until),
        "state": row.state,
        "is_expired": words["is_expired"],
        "runs_out_soon": words["is_soon"],
        "ended_on": iso(row.ended_on),
        "ended_reason": row.ended_reason,
        "version": row.version,
    }


def _activity_json(row: ProgrammeActivity) -> dict[str, Any]:
    return {
        "id": str(row.public_id),
        "held_on": row.held_on.isoformat(),
        "place": row.place,
        "people": row.people,
        "done": row.done,
        "file": file_json(row.attachment) if row.attachment else None,
        "withdrawn_at": iso(row.withdrawn_at),
        "withdrawn_reason": row.withdrawn_reason,
    }
