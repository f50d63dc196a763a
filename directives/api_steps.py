"""``/api/v1/assignments/``: what is asked of a unit, and the steps beside reports and answers."""

import re
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import Access
from common.api import StaffView, StrictSerializer, json_body, list_answer, validated
from common.errors import InvalidInput, NotPermitted
from common.filters import Reader, filters_read, one_of, that
from common.time import today
from communes.models import Unit
from directives import selectors
from directives import selectors_work as work
from directives.api import (
    OBJECT,
    assignment_json,
    directive_access,
    figure_json,
    optional_text,
    plan_json,
)
from directives.enums import AssignmentState
from directives.evidence import Evidence, evidence_of
from directives.indicators import is_met
from directives.models import (
    Assignment,
    AssignmentPeriod,
    ExtensionRequest,
    ProgressReport,
    StudySession,
)
from directives.presenters_figures import counted_json
from directives.receivers import lead_of
from directives.selectors_figures import assignment_figures
from directives.selectors_values import figures_of, with_figure
from directives.selectors_work import DeskFilter
from directives.services import (
    assignment_receive,
    assignment_withdraw,
    extension_answer,
    extension_ask,
    owner_appoint,
    study_record,
    study_withdraw,
)
from directives.validators import EXTENSION_MAX, MATERIAL_MAX, PEOPLE_MAX, REASON_MAX, REPORT_MAX

CREATED = {201: OpenApiTypes.OBJECT}
USERNAME_MAX = 150
_SLUG = re.compile(r"[-a-zA-Z0-9_]{1,60}", re.ASCII)
# Filter → its choices; None: any text.
# Which unit and which document it is shows the access.
FILTERS: dict[str, Reader] = {
    "unit": str,
    "directive": that(lambda slug: _SLUG.fullmatch(slug) is not None),
    "state": one_of(("todo", *AssignmentState.values)),
    "due": one_of(("late", "soon")),
    "mine": one_of(("1",)),
}


class AssignmentVersionInput(StrictSerializer):
    version = serializers.IntegerField(min_value=1)


class AssignmentOwnerInput(AssignmentVersionInput):
    owner = serializers.CharField(max_length=USERNAME_MAX, allow_blank=True)


class StudySessionInput(AssignmentVersionInput):
    held_on = serializers.DateField()
    people = serializers.IntegerField(min_value=1, max_value=PEOPLE_MAX)
    material = serializers.CharField(max_length=MATERIAL_MAX)
    note = optional_text(REPORT_MAX)
    attachment = serializers.UUIDField(required=False, allow_null=True, default=None)


class ExtensionInput(AssignmentVersionInput):
    wanted_on = serializers.DateField()
    period = serializers.UUIDField(required=False, allow_null=True, default=None)
    reason = serializers.CharField(max_length=EXTENSION_MAX)


class ExtensionAnswerInput(AssignmentVersionInput):
    is_granted = serializers.BooleanField()
    answer = optional_text(EXTENSION_MAX)


class AssignmentWithdrawalInput(AssignmentVersionInput):
    reason = serializers.CharField(max_length=REASON_MAX)


class AssignmentList(StaffView):
    @extend_schema(responses=OBJECT, parameters=[OpenApiParameter(name, str) for name in FILTERS])
    def get(self, request: Request) -> Response:
        """Tasks of a unit of one's own (``unit``, without it the first), what is due first at the
        top."""
        access = directive_access(request)
        asked = filters_read(request.query_params.dict(), FILTERS)
        unit = _unit(access, asked.pop("unit", ""))
        chosen = DeskFilter(**asked | {"mine": bool(asked.get("mine"))})
        rows = with_figure(
            work.desk_filtered(work.desk_rows(access, unit), chosen, access, today())
        )
        return list_answer(
            request,
            rows,
            work.DESK_ORDER,
            lambda found: [_desk_json(row) for row in found],
        )


class AssignmentDetail(StaffView):
    @extend_schema(responses=OBJECT)
    def get(self, request: Request, public_id: str) -> Response:
        """A task of a unit with its periods, reports, study sessions, requests for more time and
        what other registers show (``evidence``)."""
        access = directive_access(request)
        row = selectors.assignment_get_for(access, public_id)
        value = figures_of([row.pk]).get(row.pk, "")
        plan = selectors.plan_of(row) if row.task.is_plan else None
        periods, reports = work.periods_of(row), work.reports_of(row)
        return Response(
            assignment_json(row)
            | {
                "owner": row.owner.username if row.owner else "",
                "withdrawn_reason": row.withdrawn_reason,
                "value": value,
                "is_met": is_met(row.task.indicator, value, row.task.target),
                "lead": lead.code if (lead := lead_of(row.task)) else None,
                "supporting_units": [unit.code for unit in work.supporting_of(row)],
                "plan": plan_json(plan) if plan else None,
                "plan_editions": [plan_json(one) for one in work.editions_of(plan)],
                "periods": [_period_json(period) for period in periods],
                "reports": [_report_json(report) for report in reports],
                "reception_figures": _figures_json(row, periods, reports),
                "studies": [_study_json(study) for study in work.studies_of(row)],
                "extensions": [_extension_json(asked) for asked in work.extensions_of(row)],
                "evidence": [_evidence_json(found) for found in evidence_of(access, row)],
            }
        )


class AssignmentReceipt(StaffView):
    @extend_schema(request=AssignmentVersionInput, responses=OBJECT)
    def post(self, request: Request, public_id: str) -> Response:
        """The unit notes that it has received its task."""
        key = _key(request, public_id, AssignmentVersionInput)
        return Response(assignment_json(assignment_receive(**key)))


class AssignmentOwner(StaffView):
    @extend_schema(request=AssignmentOwnerInput, responses=OBJECT)
    def post(self, request: Request, public_id: str) -> Response:
        """Say who of the unit sees to the task, by user name, "" for nobody in particular."""
        row = owner_appoint(**_key(request, public_id, AssignmentOwnerInput))
        return Response(assignment_json(row) | {"owner": row.owner.username if row.owner else ""})


class AssignmentStudies(StaffView):
    @extend_schema(request=StudySessionInput, responses=CREATED)
    def post(self, request: Request, public_id: str) -> Response:
        """Record a session at which the documents were studied."""
        key = _key(request, public_id, StudySessionInput)
        file = str(key.pop("attachment") or "")
        study = study_record(**key, attachment=file)
        return Response(_changed(study.assignment) | {"study": _study_json(study)}, status=201)


class AssignmentStudyWithdrawal(StaffView):
    @extend_schema(request=AssignmentVersionInput, responses=OBJECT)
    def post(self, request: Request, public_id: str, study: str) -> Response:
        """Take back a session that was recorded by mistake; it stays in the history."""
        key = _key(request, public_id, AssignmentVersionInput)
        found = study_withdraw(**key, study=study)
        row = selectors.assignment_get_for(key["access"], public_id)
        return Response(_changed(row) | {"study": _study_json(found)})


class AssignmentExtension(StaffView):
    @extend_schema(request=ExtensionInput, responses=CREATED)
    def post(self, request: Request, public_id: str) -> Response:
        """Ask for more time, for the whole task or the report on a ``period``; the date that is
        set holds until the answer."""
        asked = extension_ask(**_key(request, public_id, ExtensionInput))
        body = _changed(asked.assignment) | {"extension": _extension_json(asked)}
        return Response(body, status=201)


class AssignmentExtensionAnswer(StaffView):
    @extend_schema(request=ExtensionAnswerInput, responses=OBJECT)
    def post(self, request: Request, public_id: str) -> Response:
        """Give the time that the unit asked for, or refuse it with a reason."""
        key = _key(request, public_id, ExtensionAnswerInput)
        answered = extension_answer(**key)
        row = selectors.assignment_get_for(key["access"], public_id)
        return Response(_changed(row) | {"extension": _extension_json(answered)})


class AssignmentWithdrawal(StaffView):
    @extend_schema(request=AssignmentWithdrawalInput, responses=OBJECT)
    def post(self, request: Request, public_id: str) -> Response:
        """Take the task back from the unit, with a reason."""
        row = assignment_withdraw(**_key(request, public_id, AssignmentWithdrawalInput))
        return Response(assignment_json(row))


def _key(
    request: Request, public_id: str, serializer: type[serializers.Serializer[Any]]
) -> dict[str, Any]:
    """The checked body with who asks and which assignment, as the services take it."""
    access = directive_access(request)
    return {"access": access, "public_id": public_id} | validated(serializer, json_body(request))


def _unit(access: Access, code: str) -> Unit:
    units = work.desk_units(access)
    if not units:
        raise NotPermitted
    found = next((unit for unit in units if code in ("", unit.code)), None)
    if found is None:
        raise InvalidInput(fields={"unit": [_("Choose one of the values of the list.")]})
    return found


def _desk_json(row: Assignment) -> dict[str, Any]:
    due = row.next_due
    return (
        assignment_json(row)
        | figure_json(row)
        | {
            "directive": row.task.group.directive.slug,
            "owner": row.owner.username if row.owner else "",
            "next_due_on": None if due == work.NEVER else due.isoformat(),
            "asks_time": row.asks_time,
        }
    )


def _changed(row: Assignment) -> dict[str, Any]:
    return {"id": str(row.public_id), "state": row.state, "version": row.version}


def _period_json(row: AssignmentPeriod) -> dict[str, Any]:
    return {
        "id": str(row.public_id),
        "starts_on": row.starts_on.isoformat(),
        "ends_on": row.ends_on.isoformat(),
        "due_on": row.due_on.isoformat(),
        "state": row.state,
        "reported_at": row.reported_at.isoformat() if row.reported_at else None,
    }


def _report_json(row: ProgressReport) -> dict[str, Any]:
    return {
        "kind": row.kind,
        "period": str(row.period.public_id) if row.period else None,
        "text": row.text,
        "difficulties": row.difficulties,
        "proposals": row.proposals,
        "value": row.value,
        "at": row.at.isoformat(),
        "files": [link.attachment.name for link in row.files.all()],
        "review": row.review,
        "reviewed_at": row.reviewed_at.isoformat() if row.reviewed_at else None,
    }


def _figures_json(
    row: Assignment, periods: list[AssignmentPeriod], reports: list[ProgressReport]
) -> list[dict[str, Any]]:
    """What the reception calendar knows, by period; empty for tasks on which units report."""
    if not row.task.is_counted:
        return []
    found = assignment_figures(row, periods, work.period_reports(reports), today())
    return [
        {
            "starts_on": one.period.starts_on.isoformat(),
            "ends_on": one.period.ends_on.isoformat(),
            **counted_json(one.counted, row.task.indicator),
        }
        for one in found
    ]


def _study_json(row: StudySession) -> dict[str, Any]:
    return {
        "id": str(row.public_id),
        "held_on": row.held_on.isoformat(),
        "people": row.people,
        "material": row.material,
        "note": row.note,
        "withdrawn_at": row.withdrawn_at.isoformat() if row.withdrawn_at else None,
    }


def _extension_json(row: ExtensionRequest) -> dict[str, Any]:
    return {
        "wanted_on": row.wanted_on.isoformat(),
        "period": str(row.period.public_id) if row.period else None,
        "reason": row.reason,
        "state": row.state,
        "answer": row.answer,
        "answered_at": row.answered_at.isoformat() if row.answered_at else None,
    }


def _evidence_json(found: Evidence) -> dict[str, str]:
    return {"label": str(found.label), "url": found.url, "note": str(found.note)}
