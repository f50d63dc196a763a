"""``/api/v1/directives/`` and the steps of ``assignments/{id}/``."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import Access, access_of
from accounts.roles import Permission
from common.api import (
    StaffView,
    StrictSerializer,
    json_body,
    list_answer,
    validated,
)
from common.errors import InvalidInput, NotPermitted
from common.text import is_storable
from common.time import today
from communes.selectors import unit_by_code, unit_json
from directives import selectors
from directives.enums import (
    REPORTABLE,
    AssignmentState,
    DirectiveKind,
    DirectiveState,
    PlanOrigin,
)
from directives.models import Assignment, Directive, PlanEdition, UnitPlan
from directives.selectors_register import EXPIRED, REGISTER_ORDER, register_list, topics_of
from directives.services import Plan, Report, plan_record, report_review, report_submit
from directives.validators import (
    APPROVED_MAX,
    FILES_MAX,
    PLAN_NUMBER_MAX,
    PLAN_TITLE_MAX,
    REPORT_MAX,
    VALUE_MAX,
)

OBJECT = {200: OpenApiTypes.OBJECT}
FILTERS = ("unit", "group", "state")
PASSIVE = ("cursor", "page_size", "format")
# Filter of the register → its choices; None: any text.
REGISTER_FILTERS: dict[str, list[str] | None] = {
    "q": None,
    "kind": DirectiveKind.values,
    "state": [*DirectiveState.values, EXPIRED],
}
Q_MAX = 120


def optional_text(maximum: int) -> Any:
    """A text that may be left out or empty."""
    return serializers.CharField(max_length=maximum, required=False, allow_blank=True, default="")


class ReportInput(StrictSerializer):
    text = serializers.CharField(max_length=REPORT_MAX)
    state = serializers.ChoiceField([state.value for state in REPORTABLE])
    version = serializers.IntegerField(min_value=1)
    value = optional_text(VALUE_MAX)
    difficulties = optional_text(REPORT_MAX)
    proposals = optional_text(REPORT_MAX)
    attachments = serializers.ListField(
        child=serializers.UUIDField(), max_length=FILES_MAX, required=False
    )
    period = serializers.UUIDField(required=False, allow_null=True, default=None)


class PlanInput(StrictSerializer):
    number = serializers.CharField(max_length=PLAN_NUMBER_MAX)
    issued_on = serializers.DateField()
    title = serializers.CharField(max_length=PLAN_TITLE_MAX)
    approved_by = optional_text(APPROVED_MAX)
    origin = serializers.ChoiceField(PlanOrigin.values, required=False, default=PlanOrigin.NEW)
    attachment = serializers.UUIDField(required=False, allow_null=True, default=None)
    version = serializers.IntegerField(min_value=1)
    plan_version = serializers.IntegerField(min_value=0, required=False, default=0)


class ReviewInput(StrictSerializer):
    is_accepted = serializers.BooleanField()
    text = optional_text(REPORT_MAX)
    until = serializers.DateField(required=False, allow_null=True, default=None)
    period = serializers.UUIDField(required=False, allow_null=True, default=None)
    version = serializers.IntegerField(min_value=1)


def directive_access(request: Request) -> Access:
    """The caller's access; raises NotPermitted without any right to see directives."""
    access = access_of(request.user)
    if not access.has(Permission.DIRECTIVE_VIEW):
        raise NotPermitted
    return access


class DirectiveList(StaffView):
    @extend_schema(
        responses=OBJECT, parameters=[OpenApiParameter(name, str) for name in REGISTER_FILTERS]
    )
    def get(self, request: Request) -> Response:
        """Directives, newest first: with all the words of ``q`` (accents or not), of a ``kind``
        and ``state``."""
        access = directive_access(request)
        asked = _register_filters(request.query_params.dict())
        return list_answer(
            request,
            register_list(access, **asked),
            REGISTER_ORDER,
            lambda found: [_directive_json(row) for row in found],
        )


class DirectiveDetail(StaffView):
    @extend_schema(responses=OBJECT)
    def get(self, request: Request, slug: str) -> Response:
        """A directive with its relations, groups, tasks and progress as far as it is visible."""
        access = directive_access(request)
        directive = selectors.directive_get_for(access, slug)
        share = selectors.plan_shares([directive], access)[0]
        relations = selectors.relations_of(directive, Directive.objects.visible_to(access))
        topics = topics_of(directive)
        return Response(
            {
                **_directive_json(directive),
                "summary": directive.summary,
                "text_note": directive.text_note,
                "relations": [
                    {"kind": row.kind, "slug": row.target.slug, "number": row.target.number}
                    for row in relations
                ],
                "groups": [
                    _group_json(progress, topics)
                    for progress in selectors.directive_progress(access, directive)
                ],
                "units": {"asked": share.units, "with_plan": share.with_plan},
            }
        )


class DirectiveAssignments(StaffView):
    @extend_schema(responses=OBJECT, parameters=[OpenApiParameter(name, str) for name in FILTERS])
    def get(self, request: Request, slug: str) -> Response:
        """What each unit was asked and how far it is, by unit and task."""
        access = directive_access(request)
        directive = selectors.directive_get_for(access, slug)
        rows = selectors.assignment_list_for(access, directive).filter(
            **_filters(request.query_params.dict())
        )
        return list_answer(
            request,
            rows,
            selectors.ASSIGNMENT_ORDER,
            lambda found: [assignment_json(row) for row in found],
        )


class AssignmentReports(StaffView):
    @extend_schema(request=ReportInput, responses={201: OpenApiTypes.OBJECT})
    def post(self, request: Request, public_id: str) -> Response:
        """Report on the whole task or on a ``period``; ``attachments`` are uploads that nobody has
        taken yet, ``version`` is that of the assignment the report was written on."""
        access = directive_access(request)
        body = validated(ReportInput, json_body(request))
        key = {"version": body.pop("version"), "period": body.pop("period")}
        files = [str(file) for file in body.pop("attachments", ())]
        assignment = report_submit(
            access=access, public_id=public_id, report=Report(**body, files=files), **key
        )
        return Response(assignment_json(assignment), status=201)


class AssignmentPlan(StaffView):
    @extend_schema(request=PlanInput, responses=OBJECT)
    def post(self, request: Request, public_id: str) -> Response:
        """Record, correct or review the unit's plan on its task to have one; ``plan_version`` is
        the plan's own version that was looked at, 0 when there was none."""
        access = directive_access(request)
        body = validated(PlanInput, json_body(request))
        key = {"version": body.pop("version"), "plan_version": body.pop("plan_version")}
        file = str(body.pop("attachment") or "")
        plan = plan_record(
            access=access,
            public_id=public_id,
            plan=Plan(**body, attachment=file),
            **key,
        )
        assignment = selectors.assignment_get_for(access, public_id)
        return Response(assignment_json(assignment) | {"plan": plan_json(plan)})


class AssignmentReview(StaffView):
    @extend_schema(request=ReviewInput, responses=OBJECT)
    def post(self, request: Request, public_id: str) -> Response:
        """Confirm what was reported as done, or on a ``period``, or return it with a reason."""
        access = directive_access(request)
        body = validated(ReviewInput, json_body(request))
        return Response(assignment_json(report_review(access=access, public_id=public_id, **body)))


def _filters(query: dict[str, str]) -> dict[str, Any]:
    """Checked filters as lookups; raises InvalidInput naming every wrong one."""
    found: dict[str, Any] = {}
    errors: dict[str, list[str]] = {}
    for name, value in query.items():
        if name in PASSIVE:
            continue
        if name == "unit" and unit_by_code(value) is not None:
            found["unit__code"] = value
        elif name == "group" and value.isascii() and value.isdecimal() and len(value) <= 3:
            found["task__group__number"] = int(value)
        elif name == "state" and value in AssignmentState.values:
            found["state"] = value
        elif name in FILTERS:
            errors[name] = [_("Choose one of the values of the list.")]
        else:
            errors[name[:40]] = [_("This filter is not known.")]
    if errors:
        raise InvalidInput(fields=errors)
    return found


def _register_filters(query: dict[str, str]) -> dict[str, str]:
    """Checked filters of the register; raises InvalidInput naming every wrong one."""
    errors: dict[str, list[str]] = {}
    asked = {name: value for name, value in query.items() if name not in PASSIVE}
    for name, value in asked.items():
        choices = REGISTER_FILTERS.get(name)
        if name not in REGISTER_FILTERS:
            errors[name[:40]] = [_("This filter is not known.")]
        elif choices is not None and value not in choices:
            errors[name] = [_("Choose one of the values of the list.")]
        elif len(value) > Q_MAX or not is_storable(value):
            errors[name] = [_("At most %(n)d characters.") % {"n": Q_MAX}]
    if errors:
        raise InvalidInput(fields=errors)
    return asked


def _directive_json(directive: Directive) -> dict[str, Any]:
    return {
        "slug": directive.slug,
        "number": directive.number,
        "kind": directive.kind,
        "issued_on": directive.issued_on.isoformat(),
        "issuer": directive.issuer,
        "subject": directive.subject,
        "is_text_public": directive.is_text_public,
        "is_public": directive.is_public,
        "state": directive.state,
        "valid_from": directive.valid_from.isoformat() if directive.valid_from else None,
        "valid_until": directive.valid_until.isoformat() if directive.valid_until else None,
        "is_expired": directive.is_expired(today()),
        "version": directive.version,
    }


def _group_json(progress: selectors.GroupProgress, topics: dict[int, list[str]]) -> dict[str, Any]:
    group = progress.group
    return {
        "number": group.number,
        "title": group.title,
        "text": group.text,
        "progress": {state: progress.counts.get(state, 0) for state in AssignmentState.values},
        "tasks": [
            {
                "code": task.code,
                "title": task.title,
                "expected_result": task.expected_result,
                "evidence": task.evidence,
                "indicator": task.indicator,
                "addressee": task.addressee,
                "withdrawn_at": task.withdrawn_at.isoformat() if task.withdrawn_at else None,
                "evidence_source": task.evidence_source,
                "subject_fields": topics.get(task.pk, []),
            }
            for task in group.tasks.all()
        ],
    }


def plan_json(plan: UnitPlan | PlanEdition) -> dict[str, Any]:
    return {
        "number": plan.number,
        "issued_on": plan.issued_on.isoformat(),
        "title": plan.title,
        "approved_by": plan.approved_by,
        "origin": plan.origin,
        "recorded_at": plan.recorded_at.isoformat(),
        "version": plan.version,
    }


def assignment_json(assignment: Assignment) -> dict[str, Any]:
    task = assignment.task
    return {
        "id": str(assignment.public_id),
        "unit": unit_json(assignment.unit),
        "addressee": assignment.addressee,
        "group": {"number": task.group.number, "title": task.group.title},
        "task": {
            "code": task.code,
            "title": task.title,
            "indicator": task.indicator,
            "rhythm": task.rhythm,
        },
        "state": assignment.state,
        "due_on": assignment.due_on.isoformat() if assignment.due_on else None,
        "note": assignment.note,
        "reported_at": assignment.reported_at.isoformat() if assignment.reported_at else None,
        "received_at": assignment.received_at.isoformat() if assignment.received_at else None,
        "escalation_level": assignment.escalation_level,
        "version": assignment.version,
    }
