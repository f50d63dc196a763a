"""``/api/v1/petitions/{code}/messages|attachments|withdrawal|rating/``: the petitioner's side."""

from typing import Any

from django.utils.translation import gettext
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from common.api import PublicView, StrictSerializer, json_body, validated
from common.errors import NotVisible
from common.idempotency import once
from common.net import client_address
from common.ratelimit import limit
from petitions.api.views import IDEMPOTENCY, SECRET
from petitions.enums import MessageKind
from petitions.models import Letter
from petitions.selectors_public import letter_track
from petitions.services.messages import FILES_MAX, TEXT_MAX, message_receive, rating_give

CREATED = {201: OpenApiTypes.OBJECT}
PARAMETERS = [SECRET, IDEMPOTENCY]


class MessageInput(StrictSerializer):
    text = serializers.CharField(max_length=TEXT_MAX, required=False, allow_blank=True, default="")
    attachments = serializers.ListField(
        child=serializers.UUIDField(), required=False, default=list, max_length=FILES_MAX
    )


class AttachmentsInput(StrictSerializer):
    attachments = serializers.ListField(
        child=serializers.UUIDField(), allow_empty=False, max_length=FILES_MAX
    )


class WithdrawalInput(StrictSerializer):
    reason = serializers.CharField(max_length=TEXT_MAX)


class RatingInput(StrictSerializer):
    score = serializers.IntegerField(min_value=1, max_value=5)
    text = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")
    objects = serializers.BooleanField(required=False, default=False)


class _Talk(PublicView):
    """Code and secret first: whatever else is wrong, without them it is one and the same 404."""

    def letter(self, request: Request, code: str) -> Letter:
        limit("write", client_address(request))
        letter = letter_track(code, request.headers.get("X-Petition-Secret", ""))
        if letter is None:
            raise NotVisible
        return letter

    def write(
        self, request: Request, letter: Letter, text: str, files: list[Any], kind: str
    ) -> Response:
        def work(_salt: bytes) -> dict[str, Any]:
            ids = [str(item) for item in files]
            message = message_receive(letter=letter, text=text, attachments=ids, kind=kind)
            return {"at": message.at.isoformat(), "kind": message.kind, "files": len(ids)}

        key = request.headers.get("Idempotency-Key")
        if key is None:
            return Response(work(b""), status=201)
        answer, _salt = once(f"message:{letter.pk}", key, json_body(request), work)
        return Response(answer, status=201)


class PetitionMessages(_Talk):
    @extend_schema(request=MessageInput, responses=CREATED, parameters=PARAMETERS)
    def post(self, request: Request, code: str) -> Response:
        """Write to the unit, with files uploaded before; also after the case is closed."""
        letter = self.letter(request, code)
        data = validated(MessageInput, json_body(request))
        return self.write(
            request, letter, data["text"], data["attachments"], MessageKind.MESSAGE.value
        )


class PetitionAttachments(_Talk):
    @extend_schema(request=AttachmentsInput, responses=CREATED, parameters=PARAMETERS)
    def post(self, request: Request, code: str) -> Response:
        """Add uploaded files, as a supplement."""
        letter = self.letter(request, code)
        data = validated(AttachmentsInput, json_body(request))
        return self.write(request, letter, "", data["attachments"], MessageKind.SUPPLEMENT.value)


class PetitionWithdrawal(_Talk):
    @extend_schema(request=WithdrawalInput, responses=CREATED, parameters=PARAMETERS)
    def post(self, request: Request, code: str) -> Response:
        """Say that the petition shall be withdrawn. It takes effect with a signed letter or
        minutes (Article 10 of the Law on Complaints, Article 33 of the Law on Denunciations)."""
        letter = self.letter(request, code)
        data = validated(WithdrawalInput, json_body(request))
        answer = self.write(request, letter, data["reason"], [], MessageKind.WITHDRAWAL.value)
        answer.data["next"] = gettext("Sign the withdrawal at the unit, or send a signed letter.")
        return answer


class PetitionRating(_Talk):
    @extend_schema(request=RatingInput, responses=CREATED, parameters=[SECRET])
    def post(self, request: Request, code: str) -> Response:
        """Rate a result from 1 to 5, once a day at most; 409 before there is one."""
        letter = self.letter(request, code)
        data = validated(RatingInput, json_body(request))
        rating = rating_give(
            letter=letter,
            score=data["score"],
            text=data["text"],
            objects_to_result=data["objects"],
        )
        return Response({"score": rating.score, "at": rating.at.isoformat()}, status=201)
