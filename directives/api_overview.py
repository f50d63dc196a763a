"""``GET directives/{slug}/overview/`` and ``GET assignments/late/``."""

import datetime as dt

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from common.api import StaffView, list_answer
from common.filters import filters_read, one_of, that, words
from common.time import date_read, today
from communes.enums import UnitKind
from communes.selectors import former_districts, unit_by_code
from directives import selectors
from directives import selectors_late as late_found
from directives import selectors_overview as found
from directives.api import OBJECT, Q_MAX, directive_access
from directives.enums import Addressee
from directives.models import Directive
from directives.presenters_late import late_json, late_lines
from directives.presenters_overview import heat_json
from directives.selectors_late import EVERY, PERIOD, TASK, LateFilter
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
        """What is late, the longest overdue first: tasks, with ``kind=period`` reports of periods,
        with ``kind=all`` every assignment that is late by either, once."""
        access = directive_access(request)
        kind, chosen = _late(request.query_params.dict())
        on = today()
        return list_answer(
            request,
            late_found.late_rows(access, kind, chosen, on),
            late_found.LATE_ORDER[kind],
            lambda rows: [late_json(line) for line in late_lines(kind, rows, on)],
        )


def _scope(directive: Directive, query: dict[str, str]) -> Scope:
    """Checked filters; raises InvalidInput naming every wrong one."""
    groups = directive.groups.values_list("code", flat=True)
    readers = {
        "group": one_of(("", *groups)),
        "addressee": one_of(("", *Addressee.values)),
        "district": one_of(("", *former_districts())),
        "kind": one_of(("", *KINDS)),
        "period": _month,
    }
    return Scope(directive=directive.slug, **filters_read(query, readers))


def _month(text: str) -> dt.date | None:
    """The month in which a day lies."""
    return date_read(text).replace(day=1) if text else None


def _late(query: dict[str, str]) -> tuple[str, LateFilter]:
    """The kind and the filters; raises InvalidInput naming every wrong one."""
    bodies = (unit.code for unit in late_found.bodies_in_charge())
    readers = {
        "kind": one_of(("", TASK, PERIOD, EVERY)),
        "unit": that(lambda code: not code or unit_by_code(code) is not None),
        "directive": words(Q_MAX),
        "addressee": one_of(("", *Addressee.values)),
        "body": one_of(("", *bodies)),
    }
    asked = filters_read(query, readers)
    return asked.pop("kind", "") or TASK, LateFilter(**asked)
