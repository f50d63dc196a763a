"""What comes of a visit by API: minutes with both words, conclusion notices, their tasks."""

from collections.abc import Callable

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import Access, access_of
from common.api import (
    StaffView,
    StrictSerializer,
    json_body,
    list_answer,
    plain_list,
    validated,
)
from common.codes import public_id_read
from common.errors import InvalidInput, NotPermitted
from common.filters import only_known
from communes.models import Unit
from receptions import policies, selectors
from receptions import selectors_conclusions as found
from receptions import serializers_day as d
from receptions.api_staff import reception_access
from receptions.enums import TaskState
from receptions.models import Minutes
from receptions.paper_subjects import notices_void
from receptions.sealing import notice_cover
from receptions.selectors_conclusions import BY_DUE, GIVEN, TAKEN, TaskFilter
from receptions.services.conclusions import notice_issue
from receptions.services.minutes import (
    minutes_draft_text,
    minutes_save,
    minutes_shown,
    minutes_sign,
    minutes_visitor_sign,
)
from receptions.services.task_steps import StepInput, TaskStep, task_step

TASK_FILTERS = ("unit", "side", "state", "late", "cursor", "page_size")
OPEN_TASKS = "open"
MINUTES = {200: d.MinutesOutput}


class VisitMinutes(StaffView):
    @extend_schema(responses=MINUTES)
    def get(self, request: Request, session_id: str, code: str) -> Response:
        """The minutes of a recorded visit, or what is proposed before they are begun."""
        access = reception_access(request)
        _session, visit = found.visit_for_minutes(access, public_id_read(session_id), code)
        written, _addenda = minutes_shown(visit)
        proposal = written or Minutes(visit=visit, text=minutes_draft_text(visit))
        return Response(d.minutes_json(proposal))

    @extend_schema(request=d.MinutesInput, responses=MINUTES)
    def post(self, request: Request, session_id: str, code: str) -> Response:
        """Write the minutes; a word that one side gave to an earlier text no longer holds. 409:
        `stale`, or both sides have signed."""
        return _minutes(request, session_id, code, d.MinutesInput, minutes_save)


class MinutesSigning(StaffView):
    @extend_schema(request=d.VersionInput, responses=MINUTES)
    def post(self, request: Request, session_id: str, code: str) -> Response:
        """The receiver's word, of whoever recorded the visit or receives in the unit."""
        return _minutes(request, session_id, code, d.VersionInput, minutes_sign)


class MinutesVisitorSigning(StaffView):
    @extend_schema(
        request=d.VisitorSignInput,
        responses=MINUTES,
        examples=[
            OpenApiExample("On paper", {"how": "paper", "version": 2}, request_only=True),
            OpenApiExample(
                "Would not sign",
                {"how": "refused", "note": "Công dân không ký, có người chứng kiến.", "version": 2},
                request_only=True,
            ),
        ],
    )
    def post(self, request: Request, session_id: str, code: str) -> Response:
        """The visitor's word as the officer present records it."""
        return _minutes(request, session_id, code, d.VisitorSignInput, minutes_visitor_sign)


def _minutes(
    request: Request,
    session_id: str,
    code: str,
    body: type[StrictSerializer],
    service: Callable[..., Minutes],
) -> Response:
    access = reception_access(request)
    key = public_id_read(session_id)
    data = validated(body, json_body(request))
    return Response(d.minutes_json(service(access=access, session_id=key, code=code, **data)))


class SessionNotices(StaffView):
    @extend_schema(responses={200: d.NoticePage})
    def get(self, request: Request, session_id: str) -> Response:
        """Conclusion notices of a session, drafts too, the newest first, for those who receive or
        register in the unit."""
        access = reception_access(request)
        session = selectors.session_get_for(access, public_id_read(session_id))
        refusal = policies.can_record_visits(access, session.unit_id)
        if refusal is not None:
            raise NotPermitted(refusal)
        rows = found.notices_of(access, session)
        void = notices_void(rows)
        shown = [d.notice_json(row, row.tasks.all(), void.get(row.pk, "")) for row in rows]
        return plain_list(shown)


class NoticeDetail(StaffView):
    @extend_schema(responses={200: d.NoticeOutput})
    def get(self, request: Request, notice_id: str) -> Response:
        """A notice: of the own unit, or issued to a unit for which the caller does tasks."""
        return _notice(access_of(request.user), notice_id)


class NoticeIssuing(StaffView):
    @extend_schema(request=d.VersionInput, responses={200: d.NoticeOutput})
    def post(self, request: Request, notice_id: str) -> Response:
        """Give a draft its number: every row becomes a task with its own limit. Only who receives
        in the unit; 409: `stale`, or issued already."""
        access = reception_access(request)
        data = validated(d.VersionInput, json_body(request))
        notice_issue(access=access, public_id=public_id_read(notice_id), **data)
        return _notice(access, notice_id)


def _notice(access: Access, notice_id: str) -> Response:
    notice = found.notice_get_for(access, public_id_read(notice_id))
    void = notices_void([notice]).get(notice.pk, "")
    return Response(d.notice_json(notice, notice_cover(access, notice), void))


class ReceptionTaskList(StaffView):
    @extend_schema(
        responses={200: d.ReceptionTaskPage},
        parameters=[
            OpenApiParameter("unit", str, description="Code; the caller's first one by default."),
            OpenApiParameter(
                "side",
                str,
                enum=[TAKEN, GIVEN],
                description="What the unit must do, or what its leaders gave out.",
            ),
            OpenApiParameter("state", str, enum=[OPEN_TASKS, *TaskState.values]),
            OpenApiParameter("late", bool, description="Only those whose date has passed."),
            OpenApiParameter("cursor", str, description="From `next` or `previous`."),
            OpenApiParameter("page_size", int),
        ],
    )
    def get(self, request: Request) -> Response:
        """Tasks from conclusions of receptions, the most urgent first; all states by default."""
        only_known(request.GET, TASK_FILTERS)
        access = access_of(request.user)
        units = list(found.task_units(access))
        if not units:
            raise NotPermitted(_("Your position does not include tasks from receptions."))
        rows = found.tasks_of(access, _unit(request, units), _chosen(request))
        return list_answer(request, rows, BY_DUE, lambda page: d.tasks_json(access, page))


def _unit(request: Request, units: list[Unit]) -> Unit:
    code = request.GET.get("unit", units[0].code)
    unit = next((unit for unit in units if unit.code == code), None)
    if unit is None:
        message = _("There is no unit with this code for which you do tasks.")
        raise InvalidInput(fields={"unit": [message]})
    return unit


def _chosen(request: Request) -> TaskFilter:
    asked = {name: request.GET.get(name, "") for name in ("side", "state", "late")}
    known = {
        "side": ("", TAKEN, GIVEN),
        "state": ("", OPEN_TASKS, *TaskState.values),
        "late": ("", "true", "false"),
    }
    wrong = [name for name in asked if asked[name] not in known[name]]
    if wrong:
        message = _("Choose one of the values of the list.")
        raise InvalidInput(fields={name: [message] for name in wrong})
    return TaskFilter(asked["side"] or TAKEN, asked["state"], asked["late"] == "true")


class ReceptionTaskDetail(StaffView):
    @extend_schema(responses={200: d.ReceptionTaskOutput})
    def get(self, request: Request, task_id: str) -> Response:
        """A task, with the steps that the caller may take now."""
        return _task(access_of(request.user), task_id)


class ReceptionTaskStep(StaffView):
    @extend_schema(
        request=d.ReceptionTaskStepInput,
        responses={200: d.ReceptionTaskOutput},
        examples=[
            OpenApiExample("Received", {"step": "receive", "version": 1}, request_only=True),
            OpenApiExample(
                "Done",
                {"step": "report", "text": "Đã kiểm tra và trả lời công dân.", "version": 2},
                request_only=True,
            ),
            OpenApiExample("Accepted", {"step": "accept", "version": 3}, request_only=True),
            OpenApiExample(
                "Returned",
                {"step": "return", "text": "Chưa có văn bản trả lời.", "version": 3},
                request_only=True,
            ),
        ],
    )
    def post(self, request: Request, task_id: str) -> Response:
        """One step about a task: of the unit that does it (`receive`, `report`, `ask`) or of the
        leader's side (`accept`, `return`, `extend`, `keep_date`, `cancel`). 409: `stale`."""
        access = access_of(request.user)
        data = validated(d.ReceptionTaskStepInput, json_body(request))
        task_step(
            access=access,
            public_id=public_id_read(task_id),
            version=data["version"],
            step=TaskStep(data["step"]),
            said=StepInput(
                data["text"],
                data["until"],
                data["paper_number"],
                data["paper_on"],
                [str(key) for key in data["attachments"]],
            ),
        )
        return _task(access, task_id)


def _task(access: Access, task_id: str) -> Response:
    task = found.task_get_for(access, public_id_read(task_id))
    (answer,) = d.tasks_json(access, [task])
    return Response(answer)
