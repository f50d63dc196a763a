"""``/api/v1/directives/{slug}/tasks/{code}/reception-figures/``."""

from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from common.api import StaffView, plain_list
from common.errors import InvalidInput
from common.time import today
from communes.selectors import unit_json
from directives import selectors
from directives.api import PASSIVE, directive_access
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
        errors = {
            name[:40]: [_("This filter is not known.")]
            for name in query
            if name not in ("period", *PASSIVE)
        }
        asked = query.get("period") or next(iter(choices))
        if asked not in choices:
            errors["period"] = [_("Choose one of the values of the list.")]
        if errors:
            raise InvalidInput(fields=errors)
        rows = task_figures(access, task, choices[asked], today())
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
