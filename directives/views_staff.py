"""Directives for the city's bodies and for the units that carry them out."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from accounts.access import Access, access_of
from accounts.roles import Permission
from common.api import PAGE_SIZE
from common.errors import DomainError, NotPermitted, NotVisible
from common.ui import Crumb, page_href
from communes.models import Unit
from communes.selectors import unit_by_code
from directives import selectors
from directives.enums import AssignmentState
from directives.forms import PlanForm, ReportForm, ReviewForm, UnitsFilterForm, VersionedForm
from directives.models import Assignment, Directive, UnitPlan
from directives.policies import may_record_plan, may_report, may_review
from directives.presenters import (
    assignment_line,
    report_lines,
    unit_line,
)
from directives.services import Plan, Report, plan_record, report_review, report_submit


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
    if len(found) == 1 and len(selectors.units_of(access)) == 1:
        return redirect("directives_staff:unit", directive.slug, found[0].code)
    plans = selectors.plans_of(directive, found)
    context = _head(access, directive) | {
        "form": form,
        "is_filtered": any(asked.values()),
        "progress": selectors.directive_progress(access, directive),
        "share": selectors.plan_shares([directive], access)[0],
        "rows": [unit_line(directive, unit, plans.get(unit.pk)) for unit in found],
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
    asked = _unit_visible(access, code)
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
        "done": sum(row.is_done for row in rows),
        "sees_all": Permission.DIRECTIVE_VIEW in access.city,
    }
    context["crumbs"].append(Crumb(asked.full_name))
    return render(request, "directives/staff/unit.html", context)


@require_GET
@never_cache
def assignment(request: HttpRequest, public_id: str) -> HttpResponse:
    """One task of one unit: what is asked, what was reported, and the next step."""
    access = directive_access(request)
    return _assignment_page(request, access, selectors.assignment_get_for(access, public_id))


@require_POST
@never_cache
def report(request: HttpRequest, public_id: str) -> HttpResponse:
    """Report progress."""

    def send(access: Access, form: VersionedForm) -> None:
        data = form.cleaned_data
        report_submit(
            access=access,
            public_id=public_id,
            version=data["version"],
            report=Report(text=data["text"], state=data["state"], value=data["value"]),
        )

    return _act(request, public_id, "report_form", send, _("The report was sent."))


@require_POST
@never_cache
def plan(request: HttpRequest, public_id: str) -> HttpResponse:
    """Record or correct the unit's plan."""

    def send(access: Access, form: VersionedForm) -> None:
        data = form.cleaned_data
        plan_record(
            access=access,
            public_id=public_id,
            version=data["version"],
            plan=Plan(data["number"], data["issued_on"], data["title"]),
        )

    return _act(request, public_id, "plan_form", send, _("The plan was recorded."))


@require_POST
@never_cache
def review(request: HttpRequest, public_id: str) -> HttpResponse:
    """Confirm or return what was reported as done."""

    def send(access: Access, form: VersionedForm) -> None:
        data = form.cleaned_data
        report_review(
            access=access,
            public_id=public_id,
            version=data["version"],
            is_accepted=data["decision"] == "accept",
            text=data["text"],
            until=data["until"],
        )

    return _act(request, public_id, "review_form", send, _("The answer was recorded."))


def _act(
    request: HttpRequest,
    public_id: str,
    name: str,
    send: Callable[[Access, VersionedForm], None],
    done: str,
) -> HttpResponse:
    """Send one form of the assignment's page; on a refusal the page comes back as it was."""
    access = directive_access(request)
    found = selectors.assignment_get_for(access, public_id)
    form = _forms(found, selectors.plan_of(found), request.POST)[name]
    if form.is_valid():
        try:
            send(access, form)
        except (NotPermitted, NotVisible):
            raise
        except DomainError as error:
            form.show_error(error)
        else:
            messages.success(request, done)
            return redirect("directives_staff:assignment", public_id)
    return _assignment_page(request, access, found, **{name: form})


def _forms(found: Assignment, plan: UnitPlan | None, data: Any = None) -> dict[str, VersionedForm]:
    return {
        "report_form": ReportForm(found, data),
        "review_form": ReviewForm(found, data),
        "plan_form": PlanForm(found, plan, data),
    }


def _assignment_page(
    request: HttpRequest, access: Access, found: Assignment, **bound: VersionedForm
) -> HttpResponse:
    directive = found.task.group.directive
    plan = selectors.plan_of(found)
    forms = _forms(found, plan) | bound
    context = _head(access, directive) | {
        "assignment": found,
        "line": assignment_line(found),
        "reports": report_lines(found, selectors.assignment_reports(found)),
        "plan": plan if found.task.is_plan else None,
        "why_not": may_report(access, found),
        "report_form": None if may_report(access, found) else forms["report_form"],
        "review_form": None if may_review(access, found) else forms["review_form"],
        "plan_form": None if may_record_plan(access, found) else forms["plan_form"],
        "form": next(iter(bound.values()), None),
    }
    unit_href = reverse("directives_staff:unit", args=[directive.slug, found.unit.code])
    context["crumbs"] += [Crumb(found.unit.full_name, unit_href), Crumb(found.task.title)]
    return render(request, "directives/staff/assignment.html", context)


def _head(access: Access, directive: Directive) -> dict[str, Any]:
    visible = Directive.objects.visible_to(access)
    return {
        "directive": directive,
        "relations": selectors.relations_of(directive, visible),
        "crumbs": [
            Crumb(_("Directives"), reverse("directives_staff:list")),
            Crumb(directive.number, reverse("directives_staff:detail", args=[directive.slug])),
        ],
    }


def _unit_visible(access: Access, code: str) -> Unit:
    found = unit_by_code(code)
    if found is None or not access.has(Permission.DIRECTIVE_VIEW, found.pk):
        raise NotVisible
    return found
