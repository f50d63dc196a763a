"""``/api/v1/reception-sessions/``, their registrations, ``reception-quotas/``."""

from typing import Any

from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.http import conditional_page
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import access_of
from accounts.roles import Permission
from common.api import (
    MixedView,
    PublicView,
    StaffView,
    json_body,
    list_answer,
    plain_list,
    validated,
)
from common.codes import public_id_read, secret_from_salt
from common.errors import InvalidInput, NotPermitted
from common.filters import only_known
from common.idempotency import once
from common.net import client_address
from common.ratelimit import limit
from common.time import now, today
from communes.selectors import unit_by_code
from petitions.api.views import IDEMPOTENCY
from receptions import serializers as s
from receptions import serializers_staff as staff
from receptions.api_staff import session_planned, session_visitors
from receptions.enums import DutyHolder, SessionKind, SessionMode
from receptions.filters import window_clean
from receptions.models import TOLD, ReceptionSession
from receptions.open_data import PAGE_SIZE_MAX
from receptions.present import month_of
from receptions.selectors import BY_TIME, session_announced_list, session_public_list
from receptions.selectors_calendar import former_days
from receptions.selectors_quota import quota_month
from receptions.services.confirmations import registration_confirm
from receptions.services.registrations import registration_create


def _text(name: str, about: str) -> OpenApiParameter:
    return OpenApiParameter(name, str, OpenApiParameter.QUERY, description=about)


@method_decorator(conditional_page, name="get")
class SessionList(MixedView):
    staff_methods = ("POST",)

    @extend_schema(
        responses={200: s.SessionPage},
        parameters=[
            _text("unit", "Code of the unit."),
            _text("leader", "Full name of the leader."),
            _text("district", "Name of a former district."),
            OpenApiParameter("kind", str, enum=SessionKind.values),
            OpenApiParameter("duty_holder", str, enum=DutyHolder.values),
            OpenApiParameter(
                "mode",
                str,
                enum=SessionMode.values,
                description="How one can come; sessions with both answer to either.",
            ),
            OpenApiParameter(
                "announced",
                bool,
                description="Also what was called off or missed, each with its public reasons.",
            ),
            _text("from", "Date or moment; without it, upcoming sessions."),
            _text("to", "Date (that day included) or moment (excluded)."),
            _text("cursor", "From `next` or `previous`."),
            OpenApiParameter(
                "page_size",
                int,
                OpenApiParameter.QUERY,
                description="From 1 to 1000, by default 50: a month of all units fits on one page.",
            ),
        ],
    )
    def get(self, request: Request) -> Response:
        """Public reception sessions by beginning, upcoming ones unless ``from`` is given.

        Answers carry an ``ETag``; asked with ``If-None-Match``, an unchanged list is a 304.
        """
        only_known(request.GET, s.FILTERS)
        window = window_clean(request.GET.dict())
        if _flag(request, "announced"):
            rows, show = session_announced_list(window), _announced
        else:
            rows, show = session_public_list(window), _public
        answer = list_answer(request, rows.only(*TOLD), BY_TIME, show, PAGE_SIZE_MAX)
        answer["Cache-Control"] = "public, no-cache"
        return answer

    @extend_schema(request=staff.SessionPlanInput, responses={201: staff.StaffSessionOutput})
    def post(self, request: Request) -> Response:
        """Plan a session of the caller's unit as a draft."""
        return session_planned(request)


def _public(found: list[ReceptionSession]) -> list[dict[str, Any]]:
    moment = now()
    return [s.session_json(session, moment) for session in found]


def _announced(found: list[ReceptionSession]) -> list[dict[str, Any]]:
    moment, moved = now(), former_days(found)
    return [s.announced_json(session, moment, moved.get(session.pk)) for session in found]


def _flag(request: Request, name: str) -> bool:
    asked = request.GET.get(name, "false")
    if asked not in ("true", "false"):
        raise InvalidInput(fields={name: [_("Enter true or false.")]})
    return asked == "true"


class RegistrationList(MixedView):
    staff_methods = ("GET", "HEAD")

    @extend_schema(
        request=s.RegistrationInput,
        responses={201: s.RegistrationOutput},
        parameters=[IDEMPOTENCY],
    )
    def post(self, request: Request, session_id: str) -> Response:
        """Register for a session.

        409: ``closed``, ``full`` (without ``waiting_list``), ``slot_taken``, or for the same
        identity number and telephone ``registered_already`` in this session and ``too_many`` (three
        registrations whose sessions are still to come). The same Idempotency-Key and body give the same answer and one registration."""
        limit("register", client_address(request))
        public_id = public_id_read(session_id)
        body = json_body(request)
        checked = s.RegistrationInput(data=body)
        checked.is_valid(raise_exception=True)
        if checked.validated_data["email"]:
            limit("register_mail", client_address(request))
        inputs = checked.inputs()
        key = request.headers.get("Idempotency-Key")
        if key is None:
            made = registration_create(session_id=public_id, **inputs)
            return _made(made.answer, made.secret)

        def work(salt: bytes) -> dict[str, Any]:
            return registration_create(session_id=public_id, salt=salt, **inputs).answer

        answer, salt = once("registration", key, [str(public_id), body], work)
        return _made(answer, secret_from_salt(salt))

    @extend_schema(responses={200: staff.VisitorPage})
    def get(self, request: Request, session_id: str) -> Response:
        """Who comes and about what, for those who receive or register in the unit."""
        return session_visitors(request, session_id)


class RegistrationConfirm(PublicView):
    @extend_schema(request=s.ConfirmInput, responses={200: s.ConfirmOutput})
    def post(self, request: Request, code: str) -> Response:
        """Confirm a registration with the six digits sent by e-mail: five tries, 15 minutes."""
        limit("confirm", client_address(request))
        row = registration_confirm(code=code, **validated(s.ConfirmInput, json_body(request)))
        return Response({"queue_number": row.queue_number, "status": row.status})


class QuotaList(StaffView):
    @extend_schema(
        responses={200: s.QuotaPage},
        parameters=[
            _text("month", "`YYYY-MM`, this month by default."),
            _text("unit", "Code of one unit."),
        ],
    )
    def get(self, request: Request) -> Response:
        """Reception days owed, planned, published and held, for the units the caller may see."""
        only_known(request.GET, ("month", "unit"))
        access = access_of(request.user)
        if not access.has(Permission.RECEPTION_VIEW):
            raise NotPermitted
        asked = request.GET.get("month")
        month = month_of(asked) if asked else today().replace(day=1)
        if month is None:
            raise InvalidInput(fields={"month": [_("Enter a month such as 2026-11.")]})
        code = request.GET.get("unit", "")
        unit = unit_by_code(code)
        if code and unit is None:
            raise InvalidInput(fields={"unit": [_("There is no unit with this code.")]})
        return plain_list([s.quota_json(line) for line in quota_month(access, month, unit=unit)])


def _made(answer: dict[str, Any], secret: str) -> Response:
    """Always in this order: a stored answer comes back byte for byte."""
    names = ("queue_number", "code", "status")
    return Response({**{name: answer[name] for name in names}, "secret": secret}, status=201)
