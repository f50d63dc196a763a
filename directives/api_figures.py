"""``/api/v1/directives/{slug}/tasks/{code}/reception-figures/``."""

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from common.api import StaffView, plain_list
from common.filters import filters_read, one_of
from common.time import today
from communes.selectors import unit_json
from directives import selectors
from directives.api import directive_access
from directives.presenters_figures import counted_json
from directives.receptions_figures import choices_until
from directives.selectors_figures import counted_task_get, task_figures

PERIOD = OpenApiParameter(
    "period", str, description="2026-11 (month), 2026-Q4 (quarter) or 2026 (year)."
)


class DirectiveTaskFigures(StaffView):
    @extend_schema(responses={200: OpenApiTypes.OBJECT}, parameters=[PERIOD])
    def get(self, request: Request, slug: str, code: str) -> Response:
        """What the reception calendar knows of a task, by unit that is visible; confirmed periods
        as they were kept. Without ``period`` the running month."""
        access = directive_access(request)
        directive = selectors.directive_get_for(access, slug)
        task = counted_task_get(directive, code)
        choices = choices_until(today())
        query = request.query_params.dict()
        asked = filters_read(query, {"period": one_of(("", *choices))}).get("period")
        rows = task_figures(access, task, choices[asked or next(iter(choices))], today())
        return plain_list(
            [
                {
                    "unit": unit_json(row.assignment.unit),
                    "assignment": str(row.assignment.public_id),
                    **counted_json(row.counted, task.indicator),
                }
                for row in rows
            ]
        )
