"""The day by API: who comes to the counter, who is called, does not come, is refused."""

from collections.abc import Callable
from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import Access
from common.api import StaffView, StrictSerializer, json_body, validated
from common.codes import public_id_read, secret_from_salt
from common.idempotency import once
from petitions.api.views import IDEMPOTENCY
from receptions import selectors
from receptions import serializers as s
from receptions import serializers_day as d
from receptions import serializers_staff as staff
from receptions.api_staff import reception_access
from receptions.moves import Move
from receptions.services.day import visitor_call_next, visitor_move
from receptions.services.refusals import refusal_undo, visitor_refuse
from receptions.services.registrations import registration_create_for

VISITOR = {200: staff.VisitorOutput}


def visitor_answer(access: Access, session_id: str, code: str) -> Response:
    """A visitor as the caller sees him now. Raises NotVisible."""
    session = selectors.session_get_for(access, public_id_read(session_id))
    visitor = selectors.visitor_get(access, session, code)
    return Response(staff.visitor_json(access, visitor))


class CallNext(StaffView):
    @extend_schema(request=d.NothingInput, responses=VISITOR, parameters=[IDEMPOTENCY])
    def post(self, request: Request, session_id: str) -> Response:
        """Call the first of the queue; the first call opens the session.

        Two officers who call at one moment call two numbers. The same Idempotency-Key calls once.
        409: `nobody_waits`. 422: `too_early` before the session's day."""
        access = reception_access(request)
        key = public_id_read(session_id)
        validated(d.NothingInput, json_body(request))

        def work(_salt: bytes) -> dict[str, Any]:
            return {"code": visitor_call_next(access=access, session_id=key).code}

        sent = request.headers.get("Idempotency-Key")
        if sent is None:
            return visitor_answer(access, session_id, work(b"")["code"])
        answer, _salt = once(f"call-next:{access.user_id}", sent, [str(key)], work)
        return visitor_answer(access, session_id, answer["code"])


def visitor_step(
    request: Request,
    session_id: str,
    code: str,
    body: type[StrictSerializer],
    service: Callable[..., Any],
) -> Response:
    """Take one step about a visitor; answers with the visitor."""
    access = reception_access(request)
    key = public_id_read(session_id)
    service(access=access, session_id=key, code=code, **validated(body, json_body(request)))
    return visitor_answer(access, session_id, code)


class VisitorMoving(StaffView):
    @extend_schema(
        request=d.MoveInput,
        responses=VISITOR,
        examples=[
            OpenApiExample("Has come", {"move": "arrive", "version": 1}, request_only=True),
            OpenApiExample("Did not come", {"move": "no_show", "version": 2}, request_only=True),
            OpenApiExample("Put back for now", {"move": "park", "version": 2}, request_only=True),
        ],
    )
    def post(self, request: Request, session_id: str, code: str) -> Response:
        """One step of one visitor: has come, call, call again, put back, back into the queue, did
        not come, came after all.

        409: `called` (somebody else has called this number), `stale` with the present version."""
        return visitor_step(request, session_id, code, d.MoveInput, _moved)


def _moved(*, move: str, **given: Any) -> None:
    visitor_move(move=Move(move), **given)


class VisitorRefusing(StaffView):
    @extend_schema(
        request=d.RefuseInput,
        responses=VISITOR,
        examples=[
            OpenApiExample(
                "Decided already",
                {
                    "ground": "settled",
                    "explanation": "Vụ việc đã có quyết định giải quyết lần hai.",
                    "version": 2,
                },
                request_only=True,
            )
        ],
    )
    def post(self, request: Request, session_id: str, code: str) -> Response:
        """Refuse a visitor on a ground of the law; where the law wants it in writing, the answer
        says until when form 01/TCD is owed."""
        return visitor_step(request, session_id, code, d.RefuseInput, visitor_refuse)


class RefusalUndoing(StaffView):
    @extend_schema(request=d.VersionInput, responses=VISITOR)
    def post(self, request: Request, session_id: str, code: str) -> Response:
        """Take a refusal back: the visitor stands in the queue again. 422 `sent`: form 01/TCD has
        left the house."""
        return visitor_step(request, session_id, code, d.VersionInput, refusal_undo)


class CounterRegistration(StaffView):
    @extend_schema(
        request=d.CounterInput,
        responses={201: s.RegistrationOutput},
        parameters=[IDEMPOTENCY],
        examples=[
            OpenApiExample(
                "Walk-in",
                {
                    "full_name": "Nguyễn Thị Ví Dụ",
                    "identity_number": "001088000001",
                    "phone": "0912000001",
                    "address": "Số 1, ngõ 2, phường Ba Đình",
                    "topic": "Hỏi về tiến độ cấp giấy chứng nhận.",
                    "walk_in": True,
                },
                request_only=True,
            )
        ],
    )
    def post(self, request: Request, session_id: str) -> Response:
        """Register somebody at the counter, or take in somebody who came without registering.

        409: `closed`, `full` (a walk-in without the leader's consent), `slot_taken`. 422:
        `not_today` for a walk-in on another day."""
        access = reception_access(request)
        key = public_id_read(session_id)
        body = json_body(request)
        checked = d.CounterInput(data=body)
        checked.is_valid(raise_exception=True)
        inputs = checked.inputs()

        def work(salt: bytes | None) -> dict[str, Any]:
            made = registration_create_for(access=access, session_id=key, salt=salt, **inputs)
            return made.answer | ({} if salt else {"secret": made.secret})

        sent = request.headers.get("Idempotency-Key")
        if sent is None:
            return Response(work(None), status=201)
        answer, salt = once(f"counter:{access.user_id}", sent, [str(key), body], work)
        return Response(answer | {"secret": secret_from_salt(salt)}, status=201)
