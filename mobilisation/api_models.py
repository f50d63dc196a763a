"""``/api/v1/exemplars/``: published models for anybody; ``/api/v1/exemplar-register/``: the
register of officers, and the steps of a model, each on the version that was looked at."""

from collections.abc import Callable
from typing import Any, ClassVar

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from common.api import (
    MixedView,
    PublicView,
    StaffView,
    StrictSerializer,
    json_body,
    list_answer,
    validated,
)
from common.filters import Reader, filters_read, one_of, that, words
from common.time import iso
from communes.selectors import unit_json
from directives.validators import REASON_MAX
from mobilisation import selectors_models as found
from mobilisation import services
from mobilisation.api_shared import (
    CREATED,
    FILTER_MAX,
    OBJECT,
    UNIT_MAX,
    RegisterVersionInput,
    day_field,
    directive_access,
    key_of,
    optional_text,
)
from mobilisation.enums_models import ExemplarState, RecognitionLevel
from mobilisation.models import Exemplar, ExemplarPicture
from mobilisation.selectors_models import ExemplarFilter
from mobilisation.services import Decision, Words
from mobilisation.services.exemplar_pictures import ALT_MAX
from mobilisation.services.exemplar_steps import DECIDED_BY_MAX, NUMBER_MAX
from mobilisation.services.exemplars import RESULTS_MAX, TEXTS

YEAR_DIGITS = 4


def _is_year(text: str) -> bool:
    is_number = text.isascii() and text.isdecimal() and len(text) == YEAR_DIGITS
    return not text or (is_number and "1000" < text < "9999")


FILTERS: dict[str, Reader] = {
    "q": words(FILTER_MAX),
    "field": words(FILTER_MAX),
    "unit": words(FILTER_MAX),
    "year": that(_is_year),
}
REGISTER_FILTERS = FILTERS | {"state": one_of(("", *ExemplarState.values))}


class ExemplarWordsInput(StrictSerializer):
    title = serializers.CharField(max_length=TEXTS["title"])
    field = serializers.CharField(max_length=40)
    carried_out_by = serializers.CharField(max_length=TEXTS["carried_out_by"])
    starts_on = serializers.DateField()
    ends_on = day_field()
    description = serializers.CharField(max_length=TEXTS["description"])
    results = optional_text(RESULTS_MAX)


class ExemplarNewInput(ExemplarWordsInput):
    unit = serializers.CharField(max_length=UNIT_MAX)


class ExemplarChangeInput(ExemplarWordsInput):
    version = serializers.IntegerField(min_value=1)


class ExemplarReasonInput(RegisterVersionInput):
    reason = serializers.CharField(max_length=REASON_MAX)


class ExemplarDecisionInput(RegisterVersionInput):
    level = serializers.ChoiceField(RecognitionLevel.values)
    number = serializers.CharField(max_length=NUMBER_MAX)
    decided_on = serializers.DateField()
    decided_by = serializers.CharField(max_length=DECIDED_BY_MAX)
    attachment = serializers.UUIDField(required=False, allow_null=True, default=None)


class ExemplarPublicationInput(RegisterVersionInput):
    people_agreed = serializers.BooleanField()


class ExemplarPictureInput(RegisterVersionInput):
    attachment = serializers.UUIDField()
    alt = serializers.CharField(max_length=ALT_MAX)


class ExemplarCopyInput(StrictSerializer):
    unit = serializers.CharField(max_length=UNIT_MAX)
    carried_out_by = serializers.CharField(max_length=TEXTS["carried_out_by"])
    starts_on = serializers.DateField()


class ExemplarList(MixedView):
    staff_methods = ("POST",)

    @extend_schema(responses=OBJECT, parameters=[OpenApiParameter(name, str) for name in FILTERS])
    def get(self, request: Request) -> Response:
        """Published models, the newest first."""
        rows = found.exemplar_list_public(_filter(request, FILTERS))
        return list_answer(request, rows, found.PUBLIC_ORDER, _public_list)

    @extend_schema(request=ExemplarNewInput, responses=CREATED)
    def post(self, request: Request) -> Response:
        """Enter a model as a draft of a unit."""
        access = directive_access(request)
        body = validated(ExemplarNewInput, json_body(request))
        unit = body.pop("unit")
        row = services.exemplar_create(access=access, unit=unit, words=Words(**body))
        return Response(_changed(row), status=201)


class ExemplarDetail(PublicView):
    @extend_schema(responses=OBJECT)
    def get(self, request: Request, public_id: str) -> Response:
        """A published model with its pictures, decisions, source and copies."""
        row = found.exemplar_get_public(public_id)
        return Response(_whole(row, Exemplar.objects.published()))


class ExemplarRegister(StaffView):
    @extend_schema(
        responses=OBJECT,
        parameters=[OpenApiParameter(name, str) for name in REGISTER_FILTERS],
    )
    def get(self, request: Request) -> Response:
        """Models that the caller may see, the newest first."""
        access = directive_access(request)
        rows = found.exemplar_list(access, _filter(request, REGISTER_FILTERS))
        return list_answer(
            request, rows, found.REGISTER_ORDER, lambda page: [_staff_json(row) for row in page]
        )


class ExemplarRegisterDetail(StaffView):
    @extend_schema(responses=OBJECT)
    def get(self, request: Request, public_id: str) -> Response:
        """A model with state and version, pictures, decisions, source and copies."""
        access = directive_access(request)
        row = found.exemplar_get_for(access, public_id)
        return Response(_staff_json(row) | _whole(row, Exemplar.objects.visible_to(access)))


class _StepView(StaffView):
    """A step: its input, its service with the body under the service's own names."""

    body: ClassVar[type[serializers.Serializer[Any]]] = RegisterVersionInput
    act: ClassVar[Callable[..., Any]]
    created: ClassVar[bool] = False

    def step(self, request: Request, public_id: str, **more: Any) -> Response:
        done = type(self).act(**key_of(request, public_id, self.body), **more)
        row = done.exemplar if isinstance(done, ExemplarPicture) else done
        return Response(_changed(row), status=201 if self.created else 200)


def _change(*, version: int, access: Any, public_id: str, **words: Any) -> Exemplar:
    return services.exemplar_change(
        access=access, public_id=public_id, version=version, words=Words(**words)
    )


def _recognise(*, version: int, access: Any, public_id: str, **said: Any) -> Exemplar:
    said["attachment"] = str(said["attachment"] or "")
    return services.exemplar_recognise(
        access=access, public_id=public_id, version=version, decision=Decision(**said)
    )


def _picture(*, attachment: Any, **key: Any) -> ExemplarPicture:
    return services.picture_add(attachment=str(attachment), **key)


class ExemplarChange(_StepView):
    body, act = ExemplarChangeInput, staticmethod(_change)

    @extend_schema(request=ExemplarChangeInput, responses=OBJECT)
    def post(self, request: Request, public_id: str) -> Response:
        """Correct or complete a model."""
        return self.step(request, public_id)


class ExemplarRegistration(_StepView):
    act = staticmethod(services.exemplar_register)

    @extend_schema(request=RegisterVersionInput, responses=OBJECT)
    def post(self, request: Request, public_id: str) -> Response:
        """Register a draft, or again what was not recognised."""
        return self.step(request, public_id)


class ExemplarRecognition(_StepView):
    body, act = ExemplarDecisionInput, staticmethod(_recognise)

    @extend_schema(request=ExemplarDecisionInput, responses=OBJECT)
    def post(self, request: Request, public_id: str) -> Response:
        """Record a decision of recognition; ``attachment`` is an upload that nobody has taken."""
        return self.step(request, public_id)


class ExemplarRefusal(_StepView):
    body, act = ExemplarReasonInput, staticmethod(services.exemplar_refuse)

    @extend_schema(request=ExemplarReasonInput, responses=OBJECT)
    def post(self, request: Request, public_id: str) -> Response:
        """Say that it is not recognised, and why."""
        return self.step(request, public_id)


class ExemplarPublication(_StepView):
    body, act = ExemplarPublicationInput, staticmethod(services.exemplar_publish)

    @extend_schema(request=ExemplarPublicationInput, responses=OBJECT)
    def post(self, request: Request, public_id: str) -> Response:
        """Publish it, with the consent of the people shown."""
        return self.step(request, public_id)


class ExemplarWithdrawal(_StepView):
    body, act = ExemplarReasonInput, staticmethod(services.exemplar_unpublish)

    @extend_schema(request=ExemplarReasonInput, responses=OBJECT)
    def post(self, request: Request, public_id: str) -> Response:
        """Withdraw it from publication."""
        return self.step(request, public_id)


class ExemplarGivingUp(_StepView):
    body, act = ExemplarReasonInput, staticmethod(services.exemplar_drop)

    @extend_schema(request=ExemplarReasonInput, responses=OBJECT)
    def post(self, request: Request, public_id: str) -> Response:
        """Give up a model that no decision stands behind."""
        return self.step(request, public_id)


class ExemplarCopies(_StepView):
    body, act, created = ExemplarCopyInput, staticmethod(services.exemplar_copy), True

    @extend_schema(request=ExemplarCopyInput, responses=CREATED)
    def post(self, request: Request, public_id: str) -> Response:
        """Take a recognised model over as a draft of another unit."""
        return self.step(request, public_id)


class ExemplarPictures(_StepView):
    body, act, created = ExemplarPictureInput, staticmethod(_picture), True

    @extend_schema(request=ExemplarPictureInput, responses=CREATED)
    def post(self, request: Request, public_id: str) -> Response:
        """Add a picture with its words; ``attachment`` is an upload that nobody has taken."""
        return self.step(request, public_id)


class ExemplarPictureRemoval(_StepView):
    act = staticmethod(services.picture_remove)

    @extend_schema(request=RegisterVersionInput, responses=OBJECT)
    def post(self, request: Request, public_id: str, picture: str) -> Response:
        """Show a picture no longer."""
        return self.step(request, public_id, picture=picture)


def _filter(request: Request, readers: dict[str, Reader]) -> ExemplarFilter:
    """Checked filters; raises InvalidInput naming every wrong one."""
    return ExemplarFilter(**filters_read(request.query_params.dict(), readers))


def _changed(row: Exemplar) -> dict[str, Any]:
    return {"id": str(row.public_id), "state": row.state, "version": row.version}


def _json(row: Exemplar) -> dict[str, Any]:
    return {
        "id": str(row.public_id),
        "title": row.title,
        "unit": unit_json(row.unit),
        "field": row.field.code,
        "carried_out_by": row.carried_out_by,
        "starts_on": row.starts_on.isoformat(),
        "ends_on": iso(row.ends_on),
        "level": row.level,
        "published_at": iso(row.published_at),
    }


def _public_list(rows: list[Exemplar]) -> list[dict[str, Any]]:
    return [_json(row) | {"copies": row.n_copies} for row in rows]


def _staff_json(row: Exemplar) -> dict[str, Any]:
    return _json(row) | {"state": row.state, "version": row.version, "reason": row.reason}


def _whole(row: Exemplar, among: Any) -> dict[str, Any]:
    """The texts of a model and what hangs on it, as far as the reader may see it."""
    source = found.source_of(row, among)
    return _json(row) | {
        "description": row.description,
        "results": row.results,
        "decisions": [
            {
                "level": one.level,
                "number": one.number,
                "decided_on": one.decided_on.isoformat(),
                "decided_by": one.decided_by,
            }
            for one in found.recognitions_of(row)
        ],
        "pictures": [
            {"id": str(one.public_id), "alt": one.alt} for one in found.pictures_of([row])[row.pk]
        ],
        "source": str(source.public_id) if source else None,
        "copies": found.copies_count(row),
        "copied_to": [
            {"id": str(one.public_id), "unit": unit_json(one.unit)}
            for one in found.copies_of(row, among)
        ],
    }
