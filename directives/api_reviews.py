"""``POST /api/v1/directives/reviews/``: many reports answered at once."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from common.api import StaffView, StrictSerializer, json_body, validated
from directives.api import OBJECT, ReviewInput, directive_access
from directives.forms_reviews import PICKED_MAX
from directives.services.reviews import Answer, Answered, reports_review


class ReportAnswerInput(ReviewInput):
    assignment = serializers.UUIDField()


class ReportAnswersInput(StrictSerializer):
    reviews = serializers.ListField(child=ReportAnswerInput(), min_length=1, max_length=PICKED_MAX)


class DirectiveReviews(StaffView):
    @extend_schema(request=ReportAnswersInput, responses=OBJECT)
    def post(self, request: Request) -> Response:
        """Answer reports one after the other, each in a step of its own; ``results`` say in the same
        order what became of each: ``is_done``, or ``code``, ``message`` and ``fields``."""
        access = directive_access(request)
        asked = validated(ReportAnswersInput, json_body(request))
        answers = [Answer(**values) for values in asked["reviews"]]
        results = reports_review(access=access, answers=answers)
        return Response({"results": [_answered_json(result) for result in results]})


def _answered_json(result: Answered) -> dict[str, Any]:
    row, answer = result.assignment, result.answer
    found = {
        "assignment": str(answer.assignment),
        "period": str(answer.period) if answer.period else None,
        "is_done": result.error is None,
        "state": row.state if row else None,
        "version": row.version if row else None,
    }
    if result.error is None:
        return found
    fields = {name: [str(text) for text in texts] for name, texts in result.error.fields.items()}
    return found | {
        "code": result.error.code,
        "message": str(result.error.message),
        "fields": fields,
    }
