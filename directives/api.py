"""``/api/v1/directives/`` and the steps of ``assignments/{id}/``."""

from typing import Any

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
from common.errors import NotPermitted
from common.filters import Reader, filters_read, one_of, that, words
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
from directives.indicators import is_met
from directives.models import Assignment, Directive, PlanEdition, UnitPlan
from directives.selectors_register import EXPIRED, REGISTER_ORDER, register_list, topics_of
from directives.selectors_values import with_figure
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
Q_MAX = 120
GROUP_DIGITS = 3
FILTERS: dict[str, Reader] = {
    "unit": that(lambda code: unit_by_code(code) is not None),
    "group": that(lambda n: n.isascii() and n.isdecimal() and len(n) <= GROUP_DIGITS),
    "state": one_of(AssignmentState.values),
}
LOOKUPS = {"unit": "unit__code", "group": "task__group__number", "state": "state"}
REGISTER_FILTERS: dict[str, Reader] = {
    "q": words(Q_MAX),
    "kind": one_of(DirectiveKind.values),
    "state": one_of([*DirectiveState.values, EXPIRED]),
}


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
        asked = filters_read(request.query_params.dict(), REGISTER_FILTERS)
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
        asked = filters_read(request.query_params.dict(), FILTERS)
        lookups = {LOOKUPS[name]: value for name, value in asked.items()}
        rows = with_figure(selectors.assignment_list_for(access, directive).filter(**lookups))
        return list_answer(
            request,
            rows,
            selectors.ASSIGNMENT_ORDER,
            lambda found: [assignment_json(row) | figure_json(row) for row in found],
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


def figure_json(row: Assignment) -> dict[str, Any]:
    """The latest figure that stands and whether it meets the target (None without one of the two);
    ``row`` as ``with_figure`` reads it."""
    value: str = row.figure
    return {"value": value, "is_met": is_met(row.task.indicator, value, row.task.target)}


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
            "target": task.target,
        },
        "state": assignment.state,
        "due_on": assignment.due_on.isoformat() if assignment.due_on else None,
        "note": assignment.note,
        "reported_at": assignment.reported_at.isoformat() if assignment.reported_at else None,
        "received_at": assignment.received_at.isoformat() if assignment.received_at else None,
        "escalation_level": assignment.escalation_level,
        "version": assignment.version,
    }
