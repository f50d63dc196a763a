"""``/api/v1/land-projects/``: projects of land acquisition, read and written."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import Access, access_of
from common.api import StaffView, StrictSerializer, json_body, list_answer, validated
from common.errors import NotPermitted
from common.filters import Reader, filters_read, one_of, words
from common.time import iso, today
from early_warning import selectors_projects as selectors
from early_warning.models import LandProject, ProjectDialogue, ProjectStage
from early_warning.policies import may_enter_projects, sees_projects
from early_warning.selectors_projects import ProjectFilter
from early_warning.services import (
    DialogueRecord,
    ProjectRecord,
    StageRecord,
    case_unlink,
    cases_link,
    dialogue_record,
    dialogue_withdraw,
    links,
    project_change,
    project_create,
    stage_record,
)
from early_warning.services import dialogues as d
from early_warning.services import projects as p

OBJECT, CREATED = OpenApiTypes.OBJECT, {201: OpenApiTypes.OBJECT}
FILTER_MAX = 80
FILTERS: dict[str, Reader] = {
    "q": words(FILTER_MAX),
    "unit": words(FILTER_MAX),
    "going_on": one_of(("1",)),
}


def _text(maximum: int) -> Any:
    return serializers.CharField(max_length=maximum, required=False, allow_blank=True, default="")


def _file() -> Any:
    return serializers.UUIDField(required=False, allow_null=True, default=None)


class LandProjectInput(StrictSerializer):
    name = serializers.CharField(max_length=p.NAME_MAX)
    area = serializers.CharField(max_length=p.AREA_MAX)
    units = serializers.ListField(
        child=serializers.CharField(max_length=12), min_length=1, max_length=p.UNITS_MAX
    )
    hectares = serializers.DecimalField(
        max_digits=9, decimal_places=2, required=False, allow_null=True, default=None
    )
    households = serializers.IntegerField(
        min_value=0, max_value=p.HOUSEHOLDS_MAX, required=False, allow_null=True, default=None
    )
    investor = _text(p.INVESTOR_MAX)
    decision_number = _text(p.NUMBER_MAX)
    decision_on = serializers.DateField(required=False, allow_null=True, default=None)
    decision_file = _file()


class LandProjectVersionInput(StrictSerializer):
    version = serializers.IntegerField(min_value=1)


class LandProjectChangeInput(LandProjectInput):
    version = serializers.IntegerField(min_value=1)


class LandStageInput(LandProjectVersionInput):
    planned_on = serializers.DateField(required=False, allow_null=True, default=None)
    done_on = serializers.DateField(required=False, allow_null=True, default=None)
    skipped_reason = _text(p.SKIP_MAX)


class LandDialogueInput(LandProjectVersionInput):
    session = serializers.UUIDField(required=False, allow_null=True, default=None)
    held_on = serializers.DateField(required=False, allow_null=True, default=None)
    people = serializers.IntegerField(min_value=1, max_value=100_000)
    content = serializers.CharField(max_length=d.CONTENT_MAX)
    attachment = _file()


class LandPetitionsInput(LandProjectVersionInput):
    codes = serializers.ListField(
        child=serializers.CharField(max_length=20), min_length=1, max_length=links.CODES_MAX
    )


class LandPetitionInput(LandProjectVersionInput):
    code = serializers.CharField(max_length=20)


class LandProjectList(StaffView):
    @extend_schema(responses=OBJECT, parameters=[OpenApiParameter(name, str) for name in FILTERS])
    def get(self, request: Request) -> Response:
        """Land projects that the person sees, those entered last first."""
        chosen = _filter(request.query_params.dict())
        rows = selectors.projects_filtered(_access(request), chosen)
        return list_answer(
            request, rows, selectors.LIST_ORDER, lambda found: [project_json(row) for row in found]
        )

    @extend_schema(request=LandProjectInput, responses=CREATED)
    def post(self, request: Request) -> Response:
        """Enter a project; one of its units is the person's own."""
        access = _access(request)
        refusal = may_enter_projects(access)
        if refusal is not None:
            raise NotPermitted(refusal)
        row = project_create(
            access=access, given=_record(validated(LandProjectInput, json_body(request)))
        )
        return _answer(access, row, status=201)


class LandProjectDetail(StaffView):
    @extend_schema(responses=OBJECT)
    def get(self, request: Request, public_id: str) -> Response:
        """One project with stages, dialogues, petitions by week and those that the person sees."""
        access = _access(request)
        row = selectors.project_get_for(access, public_id)
        linked, has_more = selectors.linked_cases(access, row)
        weeks = selectors.weeks_of(row, today())
        return Response(
            project_json(row)
            | {
                "dialogues": [_dialogue_json(one) for one in selectors.dialogues_of(row)],
                "weeks": [
                    {"monday": monday.isoformat(), "petitions": count}
                    for monday, count in weeks.counts
                ],
                "petitions": [case.code for case in linked],
                "has_more_petitions": has_more,
            }
        )


class LandProjectChange(StaffView):
    @extend_schema(request=LandProjectChangeInput, responses=OBJECT)
    def post(self, request: Request, public_id: str) -> Response:
        """Correct the record of a project; every value is sent."""
        key = _key(request, public_id, LandProjectChangeInput)
        head = {name: key.pop(name) for name in ("access", "public_id", "version")}
        return _answer(head["access"], project_change(**head, given=_record(key)))


class LandProjectStage(StaffView):
    @extend_schema(request=LandStageInput, responses=OBJECT)
    def post(self, request: Request, public_id: str, stage: str) -> Response:
        """Record the dates of a stage, or why it is left out."""
        key = _key(request, public_id, LandStageInput)
        given = StageRecord(
            **{name: key.pop(name) for name in ("planned_on", "done_on", "skipped_reason")}
        )
        return _answer(key["access"], stage_record(**key, stage=stage, given=given))


class LandProjectDialogues(StaffView):
    @extend_schema(request=LandDialogueInput, responses=CREATED)
    def post(self, request: Request, public_id: str) -> Response:
        """Record a dialogue held."""
        key = _key(request, public_id, LandDialogueInput)
        given = DialogueRecord(
            people=key.pop("people"),
            content=key.pop("content"),
            held_on=key.pop("held_on"),
            session=str(key.pop("session") or ""),
            attachment=str(key.pop("attachment") or ""),
        )
        found = dialogue_record(**key, given=given)
        body = {"version": found.project.version, "dialogue": _dialogue_json(found)}
        return Response(body, status=201)


class LandDialogueWithdrawal(StaffView):
    @extend_schema(request=LandProjectVersionInput, responses=OBJECT)
    def post(self, request: Request, public_id: str, dialogue: str) -> Response:
        """Take back a dialogue that was recorded by mistake."""
        key = _key(request, public_id, LandProjectVersionInput)
        return _answer(key["access"], dialogue_withdraw(**key, dialogue=dialogue))


class LandProjectPetitions(StaffView):
    @extend_schema(request=LandPetitionsInput, responses=OBJECT)
    def post(self, request: Request, public_id: str) -> Response:
        """Say of petitions, by their codes, that they concern the project."""
        key = _key(request, public_id, LandPetitionsInput)
        return _answer(key["access"], cases_link(**key))


class LandPetitionRemoval(StaffView):
    @extend_schema(request=LandPetitionInput, responses=OBJECT)
    def post(self, request: Request, public_id: str) -> Response:
        """Take back the link of a petition."""
        key = _key(request, public_id, LandPetitionInput)
        return _answer(key["access"], case_unlink(**key))


def project_json(row: LandProject) -> dict[str, Any]:
    """A project as lists and steps show it; read with places and stages."""
    return {
        "id": str(row.public_id),
        "name": row.name,
        "area": row.area,
        "units": sorted(place.unit.code for place in row.places.all()),
        "hectares": str(row.hectares) if row.hectares is not None else None,
        "households": row.households,
        "investor": row.investor,
        "decision_number": row.decision_number,
        "decision_on": iso(row.decision_on),
        "stages": [_stage_json(one) for one in row.stages.all()],
        "version": row.version,
    }


def _stage_json(one: ProjectStage) -> dict[str, Any]:
    return {
        "stage": one.stage,
        "planned_on": iso(one.planned_on),
        "done_on": iso(one.done_on),
        "skipped_reason": one.skipped_reason,
    }


def _dialogue_json(one: ProjectDialogue) -> dict[str, Any]:
    return {
        "id": str(one.public_id),
        "held_on": one.held_on.isoformat(),
        "people": one.people,
        "content": one.content,
        "session": str(one.session.public_id) if one.session else None,
    }


def _record(body: dict[str, Any]) -> ProjectRecord:
    file = str(body.pop("decision_file") or "")
    units = tuple(body.pop("units"))
    return ProjectRecord(**body, units=units, decision_file=file)


def _answer(access: Access, row: LandProject, status: int = 200) -> Response:
    """The project as it is now; a change may have taken the person's units out of it."""
    return Response(project_json(selectors.project_get_for(access, row.public_id)), status=status)


def _access(request: Request) -> Access:
    access = access_of(request.user)
    if not sees_projects(access):
        raise NotPermitted
    return access


def _key(
    request: Request, public_id: str, serializer: type[serializers.Serializer[Any]]
) -> dict[str, Any]:
    """The checked body with who asks and which project, as the services take it."""
    access = _access(request)
    return {"access": access, "public_id": public_id} | validated(serializer, json_body(request))


def _filter(query: dict[str, str]) -> ProjectFilter:
    """Checked filters; raises InvalidInput naming every wrong one."""
    asked = filters_read(query, FILTERS)
    return ProjectFilter(asked.get("q", ""), asked.get("unit", ""), "going_on" in asked)
