"""``/api/v1/opinion-reports/``: reports on the people's situation, among those the caller may see."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from common.api import StaffView, StrictSerializer, json_body, list_answer, validated
from common.time import iso
from mobilisation import selectors_opinions as found
from mobilisation import services
from mobilisation import validators as v
from mobilisation.api_shared import (
    CREATED,
    OBJECT,
    UNIT_MAX,
    RegisterVersionInput,
    day_field,
    directive_access,
    file_json,
    filtered,
    key_of,
    optional_text,
    parameters,
    unit_named,
)
from mobilisation.enums import OpinionPeriod, OpinionSecrecy, OpinionState
from mobilisation.lists import topic_or_first, topics
from mobilisation.models import OpinionEdition, OpinionReport, OpinionText
from mobilisation.selectors_opinions import OpinionFilter

FILTERS = {
    "unit": None,
    "topic": tuple(topics()),
    "period": OpinionPeriod.values,
    "state": OpinionState.values,
    "since": None,
    "until": None,
}
TOPIC_FILTERS = {name: choices for name, choices in FILTERS.items() if name != "state"}


class OpinionWordsInput(StrictSerializer):
    """A report; ``texts``: words by topic; ``files``: identifiers of uploads that are added."""

    period = serializers.ChoiceField(OpinionPeriod.choices)
    starts_on = serializers.DateField()
    ends_on = day_field()
    subject = optional_text(v.SUBJECT_MAX)
    secrecy = serializers.ChoiceField(
        OpinionSecrecy.choices, required=False, default=OpinionSecrecy.NORMAL
    )
    texts = serializers.DictField(
        child=serializers.CharField(max_length=v.WORDS_MAX), required=False, default=dict
    )
    assessment = optional_text(v.WORDS_MAX)
    proposals = optional_text(v.WORDS_MAX)
    files = serializers.ListField(
        child=serializers.UUIDField(), required=False, default=list, max_length=10
    )


class OpinionInput(OpinionWordsInput):
    unit = serializers.CharField(max_length=UNIT_MAX)


class OpinionChangeInput(OpinionWordsInput):
    version = serializers.IntegerField(min_value=1)


class OpinionCorrectionInput(OpinionChangeInput):
    reason = serializers.CharField(max_length=v.REASON_MAX)


class OpinionAnswerInput(RegisterVersionInput):
    is_read = serializers.BooleanField()
    text = optional_text(v.WORDS_MAX)


class OpinionList(StaffView):
    @extend_schema(responses=OBJECT, parameters=parameters(FILTERS))
    def get(self, request: Request) -> Response:
        """Reports that the caller may see, the newest period first."""
        access = directive_access(request)
        rows = found.opinion_list(access, OpinionFilter(**filtered(request, FILTERS)))
        return list_answer(request, rows, found.OPINION_ORDER, _list_json)

    @extend_schema(request=OpinionInput, responses=CREATED)
    def post(self, request: Request) -> Response:
        """Begin a report of a unit as a draft."""
        access = directive_access(request)
        body = validated(OpinionInput, json_body(request))
        unit = unit_named(body.pop("unit"))
        made = services.opinion_create(access=access, unit=unit, words=_words(body))
        return Response(opinion_json(made), status=201)


class OpinionTopics(StaffView):
    @extend_schema(responses=OBJECT, parameters=parameters(TOPIC_FILTERS))
    def get(self, request: Request) -> Response:
        """What units said on a topic (without ``topic`` the first of the list)."""
        access = directive_access(request)
        asked = filtered(request, TOPIC_FILTERS)
        chosen = OpinionFilter(**asked | {"topic": topic_or_first(asked.get("topic", ""))})
        rows = found.topic_texts(access, chosen)
        return list_answer(
            request, rows, found.TOPIC_ORDER, lambda some: [_said_json(row) for row in some]
        )


class OpinionDetail(StaffView):
    @extend_schema(responses=OBJECT)
    def get(self, request: Request, public_id: str) -> Response:
        """A report with every edition and its files."""
        row = found.opinion_get_for(directive_access(request), public_id)
        return Response(
            opinion_json(row)
            | {
                "editions": [_edition_json(edition) for edition in found.editions_of(row)],
                "files": [file_json(file.attachment) for file in found.opinion_files(row)],
            }
        )


class OpinionChange(StaffView):
    @extend_schema(request=OpinionChangeInput, responses=OBJECT)
    def post(self, request: Request, public_id: str) -> Response:
        """Write on a draft; ``version`` is that on which it was read."""
        key, body = _split(request, public_id, OpinionChangeInput)
        return Response(opinion_json(services.opinion_change(**key, words=_words(body))))


class OpinionSending(StaffView):
    @extend_schema(request=RegisterVersionInput, responses=OBJECT)
    def post(self, request: Request, public_id: str) -> Response:
        """Send a draft to the City."""
        key = key_of(request, public_id, RegisterVersionInput)
        return Response(opinion_json(services.opinion_send(**key)))


class OpinionCorrection(StaffView):
    @extend_schema(request=OpinionCorrectionInput, responses=OBJECT)
    def post(self, request: Request, public_id: str) -> Response:
        """Send a new edition of what was sent or returned; the old one is kept."""
        key, body = _split(request, public_id, OpinionCorrectionInput)
        reason = body.pop("reason")
        row = services.opinion_correct(**key, words=_words(body), reason=reason)
        return Response(opinion_json(row))


class OpinionAnswer(StaffView):
    @extend_schema(request=OpinionAnswerInput, responses=OBJECT)
    def post(self, request: Request, public_id: str) -> Response:
        """Note that a report was read, or return it with a reason."""
        key = key_of(request, public_id, OpinionAnswerInput)
        return Response(opinion_json(services.opinion_answer(**key)))


def _split(
    request: Request, public_id: str, serializer: type[StrictSerializer]
) -> tuple[dict[str, Any], dict[str, Any]]:
    body = key_of(request, public_id, serializer)
    return {name: body.pop(name) for name in ("access", "public_id", "version")}, body


def _words(body: dict[str, Any]) -> services.OpinionWords:
    return services.OpinionWords(**body | {"files": [str(file) for file in body["files"]]})


def _list_json(rows: list[OpinionReport]) -> list[dict[str, Any]]:
    named = found.topics_named(rows)
    return [opinion_json(row) | {"topics": named.get(row.pk, [])} for row in rows]


def opinion_json(row: OpinionReport) -> dict[str, Any]:
    """A report without its words."""
    return {
        "id": str(row.public_id),
        "unit": row.unit.code,
        "period": row.period,
        "starts_on": row.starts_on.isoformat(),
        "ends_on": row.ends_on.isoformat(),
        "subject": row.subject,
        "secrecy": row.secrecy,
        "state": row.state,
        "edition": row.edition,
        "sent_at": iso(row.sent_at),
        "answered_at": iso(row.answered_at),
        "answer": row.answer,
        "version": row.version,
    }


def _edition_json(edition: OpinionEdition) -> dict[str, Any]:
    return {
        "number": edition.number,
        "at": edition.at.isoformat(),
        "reason": edition.reason,
        "answer": edition.answer,
        "texts": {text.topic: text.text for text in edition.texts.all()},
        "assessment": edition.assessment,
        "proposals": edition.proposals,
    }


def _said_json(row: OpinionText) -> dict[str, Any]:
    report = row.edition.report
    return {
        "report": str(report.public_id),
        "unit": report.unit.code,
        "period": report.period,
        "starts_on": report.starts_on.isoformat(),
        "ends_on": report.ends_on.isoformat(),
        "text": row.text,
    }
