"""The overview: units × tasks, one unit, what is late and who must act."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.access import Access
from accounts.roles import Permission
from common.api import PAGE_SIZE
from common.errors import DomainError, allow
from common.time import month_after, months_between, today
from common.ui import Crumb, page_href
from communes.models import Unit
from communes.selectors import former_districts
from directives import presenters_overview as shown
from directives import selectors_late as late_found
from directives import selectors_overview as found
from directives import selectors_work as work
from directives.enums import AssignmentState
from directives.forms_overview import LateFilterForm, ScopeForm
from directives.overview import MONTHS_MAX, summed
from directives.policies import may_see_likeness, may_urge
from directives.presenters_late import late_lines
from directives.presenters_work import desk_line
from directives.selectors_late import EVERY, PERIOD, TASK, LateFilter
from directives.selectors_likeness import open_count
from directives.selectors_overview import Scope
from directives.services.urging import unit_urge
from directives.views_staff import directive_access, unit_visible

KINDS = {
    EVERY: gettext_lazy("All late tasks"),
    TASK: gettext_lazy("Tasks past their date"),
    PERIOD: gettext_lazy("Reports of periods"),
}


@require_safe
@never_cache
def overview(request: HttpRequest) -> HttpResponse:
    """Units × tasks as a table or on the map; every choice is in the address."""
    access = directive_access(request)
    form = scope_form(access, request.GET)
    scope, asked, on = form.scope(), form.asked(), today()
    measure, sort = asked["measure"] or "done", asked["sort"] or "district"
    heat = found.heat(access, scope, on, sort)
    view = "map" if request.GET.get("view") == "map" else "table"
    more = {"measure": asked["measure"], "sort": asked["sort"], "view": request.GET.get("view", "")}
    rows = shown.heat_rows(heat, scope, measure)
    sees_city = Permission.DIRECTIVE_VIEW in access.city
    context = {
        "form": form,
        "scope": scope,
        "view": view,
        "measure": measure,
        "is_filtered": any(value for name, value in request.GET.items() if name != "view"),
        "columns": shown.columns_shown(heat, scope, more),
        "groups": shown.groups_by_district(rows) if sort == "district" else [("", rows)],
        "totals": shown.totals_shown(heat, measure),
        "total": heat.total,
        "legend": shown.legend(heat),
        "map": shown.heat_map(heat, scope, measure) if view == "map" else None,
        "units": len(heat.rows),
        "alike": open_count(access, scope.directive) if sees_city else 0,
        "sees_city": sees_city,
        "links": _links(scope, more),
        "crumbs": overview_crumbs(*_opened(scope, form)),
    }
    return render(request, "directives/staff/overview.html", context)


def scope_form(access: Access, query: QueryDict) -> ScopeForm:
    """The filters with what can be chosen; the only document is chosen by itself."""
    directives = found.directives_asked(access)
    data = query.copy()
    if len(directives) == 1:
        data.setdefault("directive", directives[0].slug)
    chosen = next((row for row in directives if row.slug == data.get("directive")), None)
    return ScopeForm(
        data,
        directives=directives,
        groups=list(chosen.groups.order_by("number")) if chosen else [],
        districts=former_districts(),
        months=months_offered(),
    )


def months_offered() -> list[dt.date]:
    """The months that can be chosen: the newest three years of those with reports."""
    spans = found.months_reported()
    if spans is None:
        return []
    return months_between(max(spans[0], month_after(spans[1], 1 - MONTHS_MAX)), spans[1])


def _links(scope: Scope, more: dict[str, str]) -> dict[str, str]:
    query = shown.scope_query(scope, measure=more["measure"], sort=more["sort"])
    export = reverse("directives_staff:overview_export", args=["bang"])
    kept = {"directive", "group", "addressee", "district"}
    late = {name: value for name, value in query.items() if name in kept}
    late |= {"kind": EVERY} | ({"unit_kind": scope.kind} if scope.kind else {})
    return {
        "table": f"?{urlencode(query)}",
        "map": f"?{urlencode(query | {'view': 'map'})}",
        "csv": f"{export}?{urlencode(query | {'format': 'csv'})}",
        "xlsx": f"{export}?{urlencode(query | {'format': 'xlsx'})}",
        # Of a month what is late are reports, sent or not: no list holds just these.
        "late": f"{reverse('directives_staff:late')}?{urlencode(late)}" if not scope.period else "",
    }


def _opened(scope: Scope, form: ScopeForm) -> list[Crumb]:
    """The way from all documents to the group that is open."""
    home = reverse("directives_staff:overview")
    names = [dict(form.fields[name].choices) for name in ("directive", "group")]  # type: ignore[attr-defined]
    found: list[Crumb] = []
    if scope.directive:
        query = urlencode({"directive": scope.directive})
        found.append(Crumb(names[0][scope.directive], f"{home}?{query}"))
    if scope.group:
        found.append(Crumb(names[1][scope.group]))
    return found


def overview_crumbs(*rest: Crumb) -> list[Crumb]:
    """The way to a page of the overview."""
    home = Crumb(_("Overview of directives"), reverse("directives_staff:overview"))
    return [Crumb(_("Directives"), reverse("directives_staff:list")), home, *rest]


@require_safe
@never_cache
def overview_unit(request: HttpRequest, code: str) -> HttpResponse:
    """All that a unit was asked over the documents, what is late first."""
    access = directive_access(request)
    unit, on = unit_visible(access, code), today()
    directives = work.desk_directives(access, unit)
    slug = request.GET.get("directive", "")
    slug = slug if slug in {row.slug for row in directives} else ""
    rows = work.desk_rows(access, unit).exclude(state=AssignmentState.WITHDRAWN)
    if slug:
        rows = rows.filter(task__group__directive__slug=slug)
    page, after, before = work.DESK_ORDER.page(rows, request.GET.get("cursor", ""), PAGE_SIZE)
    context = unit_figures(access, unit, slug, on) | {
        "directives": directives,
        "directive": slug,
        "rows": [desk_line(row, on) for row in page],
        "may_urge": may_urge(access) is None,
        "urgings": late_found.urgings_of(access, unit),
        "is_urged": late_found.urged_on(unit, on),
        "next_href": page_href(request, after),
        "previous_href": page_href(request, before),
        "crumbs": overview_crumbs(Crumb(unit.full_name)),
    }
    return render(request, "directives/staff/overview_unit.html", context)


def unit_figures(access: Access, unit: Unit, slug: str, on: dt.date) -> dict[str, Any]:
    """What a unit was asked in figures, by group of tasks; five queries."""
    rows = found.scoped(access, Scope(directive=slug), unit)
    cells = found.cells_by(rows, ("unit", "task__group"), on)
    groups = found.groups_named(group for _unit, group in cells)
    by_group = [{"group": group, "cell": cells[unit.pk, group.pk]} for group in groups]
    sees_likeness = may_see_likeness(access) is None
    return {
        "unit": unit,
        "today": on,
        "by_group": by_group,
        "total": summed(cells.values()),
        "late": late_found.late_counts(access, LateFilter(unit=unit.code, directive=slug), on),
        "alike": open_count(access, slug, unit.code) if sees_likeness else None,
    }


@require_POST
@never_cache
def urge(request: HttpRequest, code: str) -> HttpResponse:
    """Urge a unit about what is late."""
    access = directive_access(request)
    unit = unit_visible(access, code)
    allow(may_urge(access))
    try:
        unit_urge(access=access, unit=unit)
    except DomainError as error:
        messages.error(request, str(error.message))
    else:
        messages.success(request, _("%(unit)s was urged.") % {"unit": unit.full_name})
    return redirect("directives_staff:overview_unit", unit.code)


@require_safe
@never_cache
def late(request: HttpRequest) -> HttpResponse:
    """What is late, the longest overdue first, and who must act."""
    access, on = directive_access(request), today()
    form = late_form(access, request.GET)
    chosen = form.chosen()
    counts = late_found.late_counts(access, chosen, on)
    kind = request.GET.get("kind", "")
    kind = kind if kind in KINDS else TASK if counts[TASK] or not counts[PERIOD] else PERIOD
    page, after, before = late_found.LATE_ORDER[kind].page(
        late_found.late_rows(access, kind, chosen, on), request.GET.get("cursor", ""), PAGE_SIZE
    )
    kept = {name: value for name, value in vars(chosen).items() if value}
    export = reverse("directives_staff:overview_export", args=["cham"])
    context = {
        "form": form,
        "kind": kind,
        "label": KINDS[kind],
        "tabs": [
            {
                "label": label,
                "count": counts[name],
                "href": f"?{urlencode({'kind': name} | kept)}",
                "is_current": name == kind,
            }
            for name, label in KINDS.items()
        ],
        "is_filtered": bool(kept),
        "rows": late_lines(kind, page, on),
        "csv_href": f"{export}?{urlencode({'kind': kind} | kept | {'format': 'csv'})}",
        "xlsx_href": f"{export}?{urlencode({'kind': kind} | kept | {'format': 'xlsx'})}",
        "next_href": page_href(request, after),
        "previous_href": page_href(request, before),
        "crumbs": overview_crumbs(Crumb(_("What is late"))),
    }
    return render(request, "directives/staff/late.html", context)


def late_form(access: Access, query: QueryDict) -> LateFilterForm:
    directives = found.directives_asked(access)
    chosen = next((row for row in directives if row.slug == query.get("directive")), None)
    return LateFilterForm(
        query,
        directives=directives,
        groups=list(chosen.groups.order_by("number")) if chosen else [],
        districts=former_districts(),
        bodies=late_found.bodies_in_charge(),
    )
