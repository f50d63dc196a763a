"""Directives for the city's bodies and for the units that carry them out."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from accounts.access import Access, access_of
from accounts.roles import Permission
from common.api import PAGE_SIZE
from common.errors import NotVisible
from common.time import today
from common.ui import Crumb, page_href
from communes.models import Unit
from communes.selectors import unit_by_code
from directives import selectors
from directives.enums import AssignmentState
from directives.forms import UnitsFilterForm
from directives.models import Directive
from directives.policies import may_give
from directives.presenters import assignment_line, successor_lines, unit_line
from directives.presenters_register import state_shown


def directive_access(request: HttpRequest) -> Access:
    """The caller's access; people without any right on directives do not see these pages."""
    access = access_of(request.user)
    if not access.has(Permission.DIRECTIVE_VIEW):
        raise NotVisible
    return access


@require_GET
@never_cache
def detail(request: HttpRequest, slug: str) -> HttpResponse:
    """The groups with their progress and the table of units; one's own unit goes straight in."""
    access = directive_access(request)
    directive = selectors.directive_get_for(access, slug)
    form = UnitsFilterForm(request.GET or None)
    asked = form.search() if form.is_bound else {}
    rows = selectors.units_asked(access, directive, **asked)
    found, after, before = selectors.UNIT_ORDER.page(rows, request.GET.get("cursor", ""), PAGE_SIZE)
    own = access.units(Permission.DIRECTIVE_VIEW)
    if Permission.DIRECTIVE_VIEW not in access.city and [row.pk for row in found] == [*own]:
        return redirect("directives_staff:unit", directive.slug, found[0].code)
    plans = selectors.plans_of(directive, found)
    progress = selectors.directive_progress(access, directive)
    context = _head(access, directive) | {
        "form": form,
        "is_filtered": any(asked.values()),
        "progress": progress,
        "unreceived": sum(group.unreceived for group in progress),
        "share": selectors.plan_shares([directive], access)[0],
        "rows": [unit_line(directive, unit, plans.get(unit.pk)) for unit in found],
        "can_give": may_give(access, directive) is None,
        "export_query": export_query(request),
        "next_href": page_href(request, after),
        "previous_href": page_href(request, before),
    }
    return render(request, "directives/staff/detail.html", context)


@require_GET
@never_cache
def unit(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """What one unit was asked by a directive and how far it is, group by group."""
    access = directive_access(request)
    directive = selectors.directive_get_for(access, slug)
    asked = unit_visible(access, code)
    rows = list(
        selectors.assignment_list_for(access, directive)
        .filter(unit=asked)
        .order_by("task__group__number", "task__position")
    )
    if not rows:
        raise NotVisible
    context = _head(access, directive) | {
        "unit": asked,
        "rows": [assignment_line(row) for row in rows],
        "asked": sum(row.state != AssignmentState.WITHDRAWN for row in rows),
        "plan": selectors.plans_of(directive, [asked]).get(asked.pk),
        "wants_plan": any(row.task.is_plan for row in rows),
        "done": sum(row.is_done for row in rows),
        "sees_all": Permission.DIRECTIVE_VIEW in access.city,
    }
    context["crumbs"].append(Crumb(asked.full_name))
    return render(request, "directives/staff/unit.html", context)


def export_query(request: HttpRequest) -> str:
    """The filters of the address, for the links to the files."""
    kept = request.GET.copy()
    for name in ("cursor", "format"):
        kept.pop(name, None)
    return f"&{kept.urlencode()}" if kept else ""


def _head(access: Access, directive: Directive) -> dict[str, Any]:
    visible = Directive.objects.visible_to(access)
    return {
        "directive": directive,
        "standing": state_shown(directive, today()),
        "relations": selectors.relations_of(directive, visible),
        "successors": successors(access, directive),
        "crumbs": [
            Crumb(_("Directives"), reverse("directives_staff:list")),
            Crumb(directive.number, reverse("directives_staff:detail", args=[directive.slug])),
        ],
    }


def successors(access: Access, directive: Directive) -> list[dict[str, str]]:
    """What replaces a document, as its pages say it; [] where nothing does."""
    return successor_lines(selectors.successors_of(access, [directive]).get(directive.pk, []))


def unit_visible(access: Access, code: str) -> Unit:
    """The unit whose tasks the person sees. Raises NotVisible."""
    found = unit_by_code(code)
    if found is None or not selectors.unit_tasks_visible(access, found):
        raise NotVisible
    return found
