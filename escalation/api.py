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
from escalation.enums import AnswerStep
from escalation.models import Escalation
from escalation.selectors import OPEN_ORDER, OpenEscalation, open_rows, open_shown
from escalation.services import ANSWER_MAX, STEPS_HERE, Answer, escalation_acknowledge

OBJECT = {200: OpenApiTypes.OBJECT}
PAGING = [OpenApiParameter("cursor", str), OpenApiParameter("page_size", int)]


class AnswerInput(StrictSerializer):
    answer = serializers.CharField(max_length=ANSWER_MAX)
    step = serializers.ChoiceField(
        [step.value for step in STEPS_HERE],
        default=AnswerStep.ANSWER.value,
        help_text="What is done: the answer alone, taking the case over, giving it to an officer.",
    )
    officer = serializers.CharField(
        max_length=60, required=False, default="", help_text="User name, with ``reassign``."
    )
    until = serializers.DateField(
        required=False,
        default=None,
        help_text="Hà Nội date by which it is done: the next step of the ladder waits for it.",
    )
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
        """Confirm with a step. Until the date it names the next step waits, five working days at
        most; then the ladder goes on until the limit is met.

        An older ``version`` of the case, or one answered or settled meanwhile: 409.
        """
        key = public_id_read(public_id)
        body = validated(AnswerInput, json_body(request))
        version = body.pop("version", None)
        answered = escalation_acknowledge(
            access=access_of(request.user),
            public_id=key,
            answer=Answer(text=body.pop("answer"), **body),
            version=version,
        )
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
        "reason": row.reason or None,
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
        "step": row.answer_step,
        "answer": row.answer,
        "until": row.answer_until.isoformat() if row.answer_until else None,
        "acknowledged_at": row.acknowledged_at.isoformat() if row.acknowledged_at else None,
    }
