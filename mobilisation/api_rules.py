"""``/api/v1/democracy-rules/``: rules on grassroots democracy by unit and kind."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from common.api import StaffView, StrictSerializer, json_body, list_answer, validated
from common.time import iso
from communes.models import Unit
from mobilisation import selectors_rules as found
from mobilisation import validators as v
from mobilisation.api_shared import (
    OBJECT,
    day_field,
    directive_access,
    file_json,
    filtered,
    optional_text,
    parameters,
)
from mobilisation.enums import RuleState
from mobilisation.lists import rule_kinds
from mobilisation.models import DemocracyRule
from mobilisation.selectors_rules import MISSING, RuleFilter
from mobilisation.services import RuleRecord, rule_record

FILTERS = {
    "q": None,
    "district": None,
    "kind": tuple(rule_kinds()),
    "state": (MISSING, *RuleState.values),
}


class DemocracyRuleInput(StrictSerializer):
    """How far a unit is; ``version`` is the one that was read, 0 before the first."""

    version = serializers.IntegerField(min_value=0)
    state = serializers.ChoiceField(RuleState.choices)
    number = optional_text(v.NUMBER_MAX)
    issued_on = day_field()
    approved_by = optional_text(v.APPROVED_MAX)
    review_on = day_field()
    note = optional_text(v.WORDS_MAX)
    attachment = serializers.UUIDField(required=False, allow_null=True, default=None)


class DemocracyRuleList(StaffView):
    @extend_schema(responses=OBJECT, parameters=parameters(FILTERS))
    def get(self, request: Request) -> Response:
        """Wards and communes that the caller may see, each with its rules by kind."""
        access = directive_access(request)
        chosen = RuleFilter(**filtered(request, FILTERS))
        rows = found.rule_units(access, chosen)
        return list_answer(request, rows, found.UNIT_ORDER, _units_json)


class DemocracyRuleDetail(StaffView):
    @extend_schema(responses=OBJECT)
    def get(self, request: Request, code: str, kind: str) -> Response:
        """The rules of a kind with the files of every version."""
        unit = found.rule_unit_get(directive_access(request), code)
        row = found.rule_get(unit, kind)
        files = [
            file_json(file.attachment) | {"version": file.version} for file in found.rule_files(row)
        ]
        return Response(_rule_json(unit, row) | {"files": files})

    @extend_schema(request=DemocracyRuleInput, responses=OBJECT)
    def post(self, request: Request, code: str, kind: str) -> Response:
        """Record how far a unit is with its rules of a kind."""
        access = directive_access(request)
        unit = found.rule_unit_get(access, code)
        body = validated(DemocracyRuleInput, json_body(request))
        version = body.pop("version")
        record = RuleRecord(**body | {"attachment": str(body["attachment"] or "")})
        row = rule_record(access=access, unit=unit, kind=kind, version=version, record=record)
        return Response(_rule_json(unit, row))


def _units_json(units: list[Unit]) -> list[dict[str, Any]]:
    known = found.rules_of(units)
    return [
        {
            "unit": unit.code,
            "name": unit.full_name,
            "rules": [
                _rule_json(unit, known.get((unit.pk, kind)) or DemocracyRule(unit=unit, kind=kind))
                for kind in rule_kinds()
            ],
        }
        for unit in units
    ]


def _rule_json(unit: Unit, row: DemocracyRule) -> dict[str, Any]:
    return {
        "unit": unit.code,
        "kind": row.kind,
        "is_expected": rule_kinds()[row.kind].is_expected,
        "state": row.state,
        "number": row.number,
        "issued_on": iso(row.issued_on),
        "approved_by": row.approved_by,
        "review_on": iso(row.review_on),
        "note": row.note,
        "version": row.version,
    }
