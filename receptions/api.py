"""``/api/v1/reception-sessions/``, their registrations, ``reception-quotas/``."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import access_of
from accounts.roles import Permission
from common.api import MixedView, StaffView, json_body, list_answer, plain_list
from common.codes import public_id_read, secret_from_salt
from common.errors import InvalidInput, NotPermitted
from common.idempotency import once
from common.net import client_address
from common.ratelimit import limit
from common.time import now, today
from communes.selectors import unit_by_code
from petitions.api.views import IDEMPOTENCY
from receptions import serializers as s
from receptions import serializers_staff as staff
from receptions.api_staff import session_planned, session_visitors
from receptions.present import month_of
from receptions.selectors import BY_TIME, Window, quota_month, session_public_list
from receptions.services.registrations import registration_create

TEXT_MAX = 120


def _text(name: str, about: str) -> OpenApiParameter:
    return OpenApiParameter(name, str, OpenApiParameter.QUERY, description=about)


class SessionList(MixedView):
    staff_methods = ("POST",)

    @extend_schema(
        responses={200: s.SessionPage},
        parameters=[
            _text("unit", "Code of the unit."),
            _text("leader", "Full name of the leader."),
            _text("from", "Date or moment; without it, upcoming sessions."),
            _text("to", "Date (that day included) or moment (excluded)."),
            _text("cursor", "From `next` or `previous`."),
            OpenApiParameter("page_size", int, OpenApiParameter.QUERY),
        ],
    )
    def get(self, request: Request) -> Response:
        """Public reception sessions by beginning, upcoming ones unless ``from`` is given."""
        _known(request, s.FILTERS)
        moment = now()
        return list_answer(
            request,
            session_public_list(_window(request)),
            BY_TIME,
            lambda found: [s.session_json(session, moment) for session in found],
        )

    @extend_schema(request=staff.SessionPlanInput, responses={201: staff.StaffSessionOutput})
    def post(self, request: Request) -> Response:
        """Plan a session of the caller's unit as a draft."""
        return session_planned(request)


class RegistrationList(MixedView):
    staff_methods = ("GET", "HEAD")

    @extend_schema(
        request=s.RegistrationInput,
        responses={201: s.RegistrationOutput},
        parameters=[IDEMPOTENCY],
    )
    def post(self, request: Request, session_id: str) -> Response:
        """Register for a session. Closed, or full without ``waiting_list``: 409. The same
        Idempotency-Key and body give the same answer and one registration."""
        limit("register", client_address(request))
        public_id = public_id_read(session_id)
        body = json_body(request)
        checked = s.RegistrationInput(data=body)
        checked.is_valid(raise_exception=True)
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
        _known(request, ("month", "unit"))
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


def _known(request: Request, names: tuple[str, ...]) -> None:
    """Refuse unknown filters by name: a misspelt one would silently show everything."""
    unknown = sorted(set(request.GET) - set(names))
    if unknown:
        message = _("This field is not known.")
        raise InvalidInput(fields={name[:80]: [message] for name in unknown[:20]})


def _window(request: Request) -> Window:
    query = request.GET
    unit, leader = query.get("unit", ""), query.get("leader", "")
    if unit and unit_by_code(unit) is None:
        raise InvalidInput(fields={"unit": [_("There is no unit with this code.")]})
    if len(leader) > TEXT_MAX or "\0" in leader:
        raise InvalidInput(fields={"leader": [_("There is nobody with this name.")]})
    return Window(
        unit=unit,
        leader=leader,
        since=s.window_edge("from", query.get("from")),
        until=s.window_edge("to", query.get("to"), ends=True),
    )
