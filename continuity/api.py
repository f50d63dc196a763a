"""``/api/v1/continuity/``: the board for programs, with the rows that its person sees."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import access_of
from common.api import StaffView, plain_list
from common.errors import InvalidInput, NotPermitted
from common.filters import only_known
from common.time import today
from communes.selectors import unit_by_code, unit_json
from continuity.enums import GapKind
from continuity.policies import may_see_board
from continuity.presenters_board import words_of
from continuity.selectors_board import Found, board_rows

NAMES = ("unit", "kind", "format")


class ContinuityBoard(StaffView):
    @extend_schema(
        summary="What lies untouched or without a holder",
        parameters=[
            OpenApiParameter("unit", str, description="Code of a unit"),
            OpenApiParameter("kind", str, enum=GapKind.values),
        ],
        responses={200: OpenApiTypes.OBJECT},
    )
    def get(self, request: Request) -> Response:
        """Never tells of denunciations."""
        access = access_of(request.user)
        refusal = may_see_board(access)
        if refusal is not None:
            raise NotPermitted(refusal)
        unit, kind = _asked(request)
        rows = [
            row
            for row in board_rows(access)
            if unit in ("", row.unit.code) and kind in ("", row.kind)
        ]
        return plain_list([_json(row) for row in rows])


def _asked(request: Request) -> tuple[str, str]:
    only_known(request.GET, NAMES)
    unit, kind = request.GET.get("unit", ""), request.GET.get("kind", "")
    if unit and unit_by_code(unit) is None:
        raise InvalidInput(fields={"unit": [_("There is no unit with this code.")]})
    if kind and kind not in GapKind.values:
        raise InvalidInput(fields={"kind": [_("Choose one of the values of the list.")]})
    return unit, kind


def _json(row: Found) -> dict[str, Any]:
    return {
        "unit": unit_json(row.unit),
        "kind": row.kind,
        "kind_label": str(row.kind.label),
        "words": words_of(row, today()),
        "since": row.since.isoformat() if row.since else None,
    }
