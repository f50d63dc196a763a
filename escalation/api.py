"""``/api/v1/escalations/`` and their answers."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import access_of
from accounts.roles import Permission
from common.api import StaffView, StrictSerializer, json_body, list_answer, validated
from common.codes import public_id_read
from common.errors import NotPermitted
from communes.selectors import unit_json
from escalation.models import Escalation
from escalation.selectors import OPEN_ORDER, OpenEscalation, open_rows, open_shown
from escalation.services import ANSWER_MAX, escalation_acknowledge

OBJECT = {200: OpenApiTypes.OBJECT}
PAGING = [OpenApiParameter("cursor", str), OpenApiParameter("page_size", int)]


class AnswerInput(StrictSerializer):
    answer = serializers.CharField(max_length=ANSWER_MAX)
    version = serializers.IntegerField(
        min_value=1, required=False, help_text="Of the case the answer was written on."
    )


class EscalationList(StaffView):
    @extend_schema(responses=OBJECT, parameters=PAGING)
    def get(self, request: Request) -> Response:
        """What climbed to the caller's positions and waits for an answer, highest first."""
        access = access_of(request.user)
        if not access.has(Permission.ESCALATION_ANSWER):
            raise NotPermitted
        return list_answer(
            request,
            open_rows(access),
            OPEN_ORDER,
            lambda found: [_open_json(item) for item in open_shown(access, found)],
        )


class EscalationAnswer(StaffView):
    @extend_schema(request=AnswerInput, responses=OBJECT)
    def post(self, request: Request, public_id: str) -> Response:
        """Say what is done about it. The ladder goes on until the limit is met.

        An older ``version`` of the case, or one answered or settled meanwhile: 409.
        """
        key = public_id_read(public_id)
        body = validated(AnswerInput, json_body(request))
        answered = escalation_acknowledge(access=access_of(request.user), public_id=key, **body)
        return Response(_answered_json(answered))


def _open_json(item: OpenEscalation) -> dict[str, Any]:
    row = item.escalation
    clock = row.clock
    return {
        "id": str(row.public_id),
        "code": item.code or None,
        "level": row.level,
        "step": row.step_code,
        "due_at": row.due_at.isoformat(),
        "unit": unit_json(row.unit) if row.unit else None,
        "position": row.position,
        "nobody_found": row.nobody_found,
        "may_answer": item.may_answer,
        "clock": {
            "rule": clock.rule_code,
            "unit": unit_json(clock.holder_unit),
            "due_on": clock.due_on.isoformat(),
            "days_late": item.days_late,
        },
        "basis": clock.basis,
    }


def _answered_json(row: Escalation) -> dict[str, Any]:
    return {
        "id": str(row.public_id),
        "state": row.state,
        "answer": row.answer,
        "acknowledged_at": row.acknowledged_at.isoformat() if row.acknowledged_at else None,
    }
