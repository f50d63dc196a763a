"""``/api/v1/overview/``."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import access_of
from accounts.roles import Permission
from common.api import StaffView
from common.errors import NotPermitted
from communes.selectors import unit_json
from reports.selectors import UnitFigures, counts_denunciations, overview_shown


class Overview(StaffView):
    @extend_schema(responses={200: OpenApiTypes.OBJECT})
    def get(self, request: Request) -> Response:
        """Open cases by unit: all, due within three working days, overdue, escalated.

        The whole city or one's own unit, the same figures as on the page. Null is a number that
        stays hidden: it is below five, or would give one back that is.
        """
        access = access_of(request.user)
        if not access.has(Permission.OVERVIEW_VIEW):
            raise NotPermitted
        shown = overview_shown(access)
        return Response(
            {
                "next": None,
                "previous": None,
                "results": [_figures_json(row) for row in shown.rows],
                "counts_denunciations": counts_denunciations(access),
                "hides_small_numbers": shown.hides_small,
            }
        )


def _figures_json(row: UnitFigures) -> dict[str, Any]:
    return {
        "unit": unit_json(row.unit),
        "open": row.open,
        "due_soon": row.soon,
        "overdue": row.overdue,
        "escalated": row.escalated,
    }
