"""``/api/v1/units/``."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from common.api import Keyset, PublicView, list_answer, plain_list
from common.errors import InvalidInput, NotVisible
from common.time import today
from communes.enums import UnitKind
from communes.models import Unit
from communes.selectors import unit_by_code, unit_by_id, unit_json, units_by_code

OBJECT = {200: OpenApiTypes.OBJECT}


class UnitList(PublicView):
    @extend_schema(
        responses=OBJECT,
        parameters=[OpenApiParameter("kind", str, enum=UnitKind.values)],
    )
    def get(self, request: Request) -> Response:
        """Units in force: 126 wards and communes, the city and its bodies, by code.

        All at once, or in pages when ``page_size`` or ``cursor`` is given.
        """
        rows = Unit.objects.in_force(today()).order_by("code")
        kind = request.query_params.get("kind", "")
        if kind and kind not in UnitKind.values:
            raise InvalidInput(fields={"kind": [_("Choose one of the values of the list.")]})
        if kind:
            rows = rows.filter(kind=kind)
        if {"page_size", "cursor"} & set(request.query_params):
            return list_answer(
                request, rows, Keyset("code"), lambda found: [unit_json(unit) for unit in found]
            )
        return plain_list([unit_json(unit) for unit in rows])


class UnitDetail(PublicView):
    @extend_schema(responses=OBJECT)
    def get(self, request: Request, code: str) -> Response:
        """A unit with what it was formed from, its size and its neighbours."""
        unit = unit_by_code(code)
        if unit is None:
            raise NotVisible
        return Response(_whole(unit))


def _whole(unit: Unit) -> dict[str, Any]:
    parent = unit_by_id(unit.parent_id) if unit.parent_id else None
    return {
        **unit_json(unit),
        "name_en": unit.name_en,
        "parent": parent.code if parent else None,
        "duty": unit.duty,
        "formed_from": unit.formed_from,
        "latitude": _number(unit.latitude),
        "longitude": _number(unit.longitude),
        "area_km2": _number(unit.area_km2),
        "population": unit.population,
        "neighbours": [unit_json(near) for near in units_by_code(unit.neighbours).values()],
        "grid": {"col": unit.grid_col, "row": unit.grid_row},
        "basis": unit.basis,
        "valid_from": unit.valid_from.isoformat(),
        "valid_to": unit.valid_to.isoformat() if unit.valid_to else None,
    }


def _number(value: Any) -> float | None:
    return None if value is None else float(value)
