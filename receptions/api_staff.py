"""The steps of a reception day: planned, published, moved, called off, held, recorded."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import Access, access_of
from accounts.roles import Permission
from common.api import StaffView, StrictSerializer, json_body, validated
from common.codes import public_id_read
from common.errors import InvalidInput, NotPermitted
from common.time import now
from communes.models import Unit
from communes.selectors import unit_by_code
from receptions import policies, selectors
from receptions import serializers_staff as s
from receptions.enums import RegistrationStatus
from receptions.models import ReceptionSession
from receptions.services.holding import session_hold
from receptions.services.sessions import (
    SessionPlan,
    session_cancel,
    session_plan,
    session_postpone,
    session_publish,
)
from receptions.services.visit_entry import Entry
from receptions.services.visits import Visit, session_record

ENTRY_FIELDS = tuple(Entry.__annotations__)
DONE = {200: s.StaffSessionOutput}


def reception_access(request: Request) -> Access:
    """The caller's access; raises NotPermitted without any sight of receptions."""
    access = access_of(request.user)
    if not access.has(Permission.RECEPTION_VIEW):
        raise NotPermitted
    return access


def session_planned(request: Request) -> Response:
    """Plan a draft from the body of a request."""
    access = reception_access(request)
    data = validated(s.SessionPlanInput, json_body(request))
    unit = _unit_known("unit", data.pop("unit"))
    refusal = policies.can_plan_sessions(access, unit.pk)
    if refusal is not None:
        raise NotPermitted(refusal)
    leader = selectors.people_to_come(unit.pk).filter(username=data.pop("leader")).first()
    if leader is None:
        message = _("This person does not hold this post in the unit.")
        raise InvalidInput(fields={"leader": [message]})
    session = session_plan(access=access, unit=unit, plan=SessionPlan(leader=leader, **data))
    return Response(s.staff_session_json(session, now()), status=201)


def session_visitors(request: Request, session_id: str) -> Response:
    """Who comes to a session and about what, by queue number."""
    access = reception_access(request)
    session = selectors.session_get_for(access, public_id_read(session_id))
    refusal = policies.can_record_visits(access, session.unit_id)
    if refusal is not None:
        raise NotPermitted(refusal)
    rows = selectors.session_visitors(access, session)
    results = [s.visitor_json(access, visitor) for visitor in rows]
    return Response({"next": None, "previous": None, "results": results})


def _step(
    request: Request,
    session_id: str,
    body: type[StrictSerializer],
    service: Callable[..., ReceptionSession],
) -> Response:
    access = reception_access(request)
    key = public_id_read(session_id)
    session = service(access=access, public_id=key, **validated(body, json_body(request)))
    return Response(s.staff_session_json(session, now()))


class SessionPublish(StaffView):
    @extend_schema(request=s.PublishInput, responses=DONE)
    def post(self, request: Request, session_id: str) -> Response:
        """Publish a draft; late and ad hoc sessions need a reason, which is public."""
        return _step(request, session_id, s.PublishInput, session_publish)


class SessionPostpone(StaffView):
    @extend_schema(request=s.PostponeInput, responses=DONE)
    def post(self, request: Request, session_id: str) -> Response:
        """Move a session that has not begun; registrations keep their numbers."""
        return _step(request, session_id, s.PostponeInput, session_postpone)


class SessionCancel(StaffView):
    @extend_schema(request=s.CancelInput, responses=DONE)
    def post(self, request: Request, session_id: str) -> Response:
        """Call a session off; a published one stays in the calendar with the reason."""
        return _step(request, session_id, s.CancelInput, session_cancel)


class SessionHold(StaffView):
    @extend_schema(request=s.HoldInput, responses=DONE)
    def post(self, request: Request, session_id: str) -> Response:
        """Say that a published session was held, on its day or later, and who received."""
        return _step(request, session_id, s.SessionHoldInput, session_hold)


class VisitRecording(StaffView):
    @extend_schema(request=s.RecordInput, responses={200: s.VisitorOutput})
    def post(self, request: Request, session_id: str, code: str) -> Response:
        """Record what came of one visit, or that the visitor did not come.

        A second record corrects the first.
        """
        access = reception_access(request)
        key = public_id_read(session_id)
        data = validated(s.RecordInput, json_body(request))
        session_record(access=access, session_id=key, code=code, visit=_visit(data))
        session = selectors.session_get_for(access, key)
        visitor = selectors.visitor_get(access, session, code)
        return Response(s.visitor_json(access, visitor))


def _visit(data: dict[str, Any]) -> Visit | None:
    if data.pop("attendance") == RegistrationStatus.ABSENT:
        return None
    units = {name: data.pop(name) for name in ("responsible_unit", "sent_to") if name in data}
    known = {name: _unit_known(name, code) if code else None for name, code in units.items()}
    entry: Any = {name: data.pop(name) for name in ENTRY_FIELDS if name in data}
    if "sent_to" in known:
        entry["sent_to"] = known["sent_to"]
    return Visit(**data, responsible_unit=known.get("responsible_unit"), entry=entry)


def _unit_known(name: str, code: str) -> Unit:
    unit = unit_by_code(code)
    if unit is None:
        raise InvalidInput(fields={name: [_("There is no unit with this code.")]})
    return unit
