"""``GET directives/{slug}/overview/`` and ``GET assignments/late/``."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from common.api import StaffView, list_answer
from common.errors import InvalidInput
from common.time import date_read, today
from communes.enums import UnitKind
from communes.selectors import former_districts, unit_by_code
from directives import selectors
from directives import selectors_late as late_found
from directives import selectors_overview as found
from directives.api import OBJECT, PASSIVE, directive_access
from directives.enums import Addressee
from directives.models import Directive
from directives.overview import month_of
from directives.presenters_late import late_json, late_lines
from directives.presenters_overview import heat_json
from directives.selectors_late import PERIOD, TASK, LateFilter
from directives.selectors_overview import Scope

FILTERS = ("group", "addressee", "district", "kind", "period")
LATE_FILTERS = ("kind", "unit", "directive", "addressee", "body")
KINDS = (UnitKind.WARD.value, UnitKind.COMMUNE.value)


class DirectiveOverview(StaffView):
    @extend_schema(responses=OBJECT, parameters=[OpenApiParameter(name, str) for name in FILTERS])
    def get(self, request: Request, slug: str) -> Response:
        """Units × groups of tasks, or × tasks of a ``group``: asked, done, late. ``period`` (a day
        of a month) tells of the reports of that month instead."""
        access = directive_access(request)
        directive = selectors.directive_get_for(access, slug)
        query = request.query_params.dict()
        scope = _scope(directive, query)
        return Response(
            {"directive": directive.slug, **heat_json(found.heat(access, scope, today(), "name"))}
        )


class LateList(StaffView):
    @extend_schema(
        responses=OBJECT, parameters=[OpenApiParameter(name, str) for name in LATE_FILTERS]
    )
    def get(self, request: Request) -> Response:
        """What is late, the longest overdue first: tasks, or with ``kind=period`` reports of
        periods."""
        access = directive_access(request)
        kind, chosen = _late(request.query_params.dict())
        on = today()
        return list_answer(
            request,
            late_found.late_rows(access, kind, chosen, on),
            late_found.LATE_ORDER,
            lambda rows: [late_json(line) for line in late_lines(kind, rows, on)],
        )


def _scope(directive: Directive, query: dict[str, str]) -> Scope:
    """Checked filters; raises InvalidInput naming every wrong one."""
    groups = set(directive.groups.values_list("code", flat=True))
    choices: dict[str, Any] = {
        "group": groups,
        "addressee": Addressee.values,
        "district": former_districts(),
        "kind": KINDS,
    }
    errors = _wrong(query, choices, ("period",))
    period: dt.date | None = None
    if query.get("period"):
        try:
            period = month_of(date_read(query["period"]))
        except ValueError as error:
            errors["period"] = [str(error)]
    if errors:
        raise InvalidInput(fields=errors)
    chosen = {name: query[name] for name in choices if query.get(name)}
    return Scope(directive=directive.slug, period=period, **chosen)


def _late(query: dict[str, str]) -> tuple[str, LateFilter]:
    """The kind and the filters; raises InvalidInput naming every wrong one."""
    bodies = {unit.code for unit in late_found.bodies_in_charge()}
    choices: dict[str, Any] = {
        "kind": (TASK, PERIOD),
        "addressee": Addressee.values,
        "body": bodies,
    }
    errors = _wrong(query, choices, ("unit", "directive"))
    unit = query.get("unit", "")
    if unit and unit_by_code(unit) is None:
        errors["unit"] = [_("Choose one of the values of the list.")]
    if errors:
        raise InvalidInput(fields=errors)
    chosen = {n: query[n] for n in ("unit", "directive", "addressee", "body") if query.get(n)}
    return query.get("kind") or TASK, LateFilter(**chosen)


def _wrong(
    query: dict[str, str], choices: dict[str, Any], free: tuple[str, ...]
) -> dict[str, list[str]]:
    errors: dict[str, list[str]] = {}
    for name, value in query.items():
        if name in choices and value and value not in choices[name]:
            errors[name] = [_("Choose one of the values of the list.")]
        elif name not in (*choices, *free, *PASSIVE):
            errors[name[:40]] = [_("This filter is not known.")]
    return errors
