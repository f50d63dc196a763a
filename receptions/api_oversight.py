"""``/api/v1/reception-oversight/``."""

import datetime as dt

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import access_of
from common.api import StaffView, plain_list
from common.errors import InvalidInput, NotPermitted
from common.filters import only_known
from common.time import today
from communes.selectors import unit_by_code
from receptions import serializers as s
from receptions.forms import YEARS
from receptions.policies import can_oversee
from receptions.selectors_oversight import Filters, board

NAMES = ("year", "unit", "problems")


class OversightList(StaffView):
    @extend_schema(
        responses={200: s.OversightPage},
        parameters=[
            OpenApiParameter("year", int, description="This year by default."),
            OpenApiParameter("unit", str, description="Code of one unit."),
            OpenApiParameter(
                "problems",
                str,
                enum=["1"],
                description="Only where days lack, "
                "sessions were published late or missed, or tasks are late.",
            ),
        ],
    )
    def get(self, request: Request) -> Response:
        """Twelve months of every duty holder: the city, or the units that the caller leads."""
        access = access_of(request.user)
        if not can_oversee(access):
            raise NotPermitted
        only_known(request.GET, NAMES)
        year = _year(request.GET.get("year"))
        code = request.GET.get("unit", "")
        unit = unit_by_code(code) if code else None
        if code and unit is None:
            raise InvalidInput(fields={"unit": [_("There is no unit with this code.")]})
        filters = Filters(problems=request.GET.get("problems") == "1")
        first, last = dt.date(year, 1, 1), dt.date(year, 12, 1)
        rows = board(access, first, last, filters, unit=unit)
        return plain_list([s.oversight_json(row) for row in rows])


def _year(text: str | None) -> int:
    if not text:
        return today().year
    digits = text.isascii() and text.isdigit() and len(text) == 4
    if not digits or not YEARS[0] <= int(text) <= YEARS[1]:
        raise InvalidInput(fields={"year": [_("Enter a year such as 2026.")]})
    return int(text)
