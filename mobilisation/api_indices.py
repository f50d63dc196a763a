"""``/api/v1/indices/``: public indices for anybody; entering and correcting one."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from common.api import MixedView, StrictSerializer, json_body, plain_list, validated
from common.filters import filters_read, one_of
from communes.selectors import unit_json
from directives.api import directive_access, optional_text
from mobilisation.enums_models import IndexKind
from mobilisation.models import IndexYear
from mobilisation.models.indices import FIRST_YEAR, LAST_YEAR
from mobilisation.selectors_indices import index_rows_public
from mobilisation.services import IndexFacts, index_record
from mobilisation.services.indices import SOURCE_MAX

RANK_MAX = 9999


def _number() -> Any:
    return serializers.DecimalField(
        max_digits=9, decimal_places=4, required=False, allow_null=True, default=None
    )


def _rank() -> Any:
    return serializers.IntegerField(
        min_value=1, max_value=RANK_MAX, required=False, allow_null=True, default=None
    )


class IndexInput(StrictSerializer):
    kind = serializers.ChoiceField(IndexKind.values)
    year = serializers.IntegerField(min_value=FIRST_YEAR, max_value=LAST_YEAR)
    unit = serializers.CharField(max_length=10)
    version = serializers.IntegerField(min_value=0)
    value = _number()
    country_value = _number()
    target = _number()
    rank = _rank()
    ranked_of = _rank()
    source = optional_text(SOURCE_MAX)
    published_on = serializers.DateField(required=False, allow_null=True, default=None)
    is_public = serializers.BooleanField(required=False, default=False)


class IndexList(MixedView):
    staff_methods = ("POST",)

    @extend_schema(
        responses={200: OpenApiTypes.OBJECT},
        parameters=[OpenApiParameter("kind", str, enum=IndexKind.values)],
    )
    def get(self, request: Request) -> Response:
        """Public indices of the City and its units, by kind and year."""
        readers = {"kind": one_of(("", *IndexKind.values))}
        asked = filters_read(request.query_params.dict(), readers)
        return plain_list([_json(row) for row in index_rows_public(asked.get("kind", ""))])

    @extend_schema(request=IndexInput, responses={200: OpenApiTypes.OBJECT})
    def post(self, request: Request) -> Response:
        """Enter an index of a unit in a year (``version`` 0), or correct it."""
        access = directive_access(request)
        body = validated(IndexInput, json_body(request))
        key = {name: body.pop(name) for name in ("kind", "year", "unit", "version")}
        row = index_record(access=access, facts=IndexFacts(**body), **key)
        return Response(_json(row) | {"version": row.version})


def _json(row: IndexYear) -> dict[str, Any]:
    return {
        "kind": row.kind,
        "year": row.year,
        "unit": unit_json(row.unit),
        "scale": float(row.scale),
        "value": _plain(row.value),
        "country_value": _plain(row.country_value),
        "target": _plain(row.target),
        "rank": row.rank,
        "ranked_of": row.ranked_of,
        "source": row.source,
        "published_on": row.published_on.isoformat() if row.published_on else None,
    }


def _plain(value: Any) -> float | None:
    return None if value is None else float(value)
