"""Giving tasks to units, and the date of tasks that they have already."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.access import Access
from common.errors import allow
from common.forms import done
from common.ui import Crumb
from deadlines.calendars import is_working_day
from directives import selectors, services
from directives import selectors_register as found
from directives.forms_units import CHOSEN, AssignForm, DueForm
from directives.models import Task
from directives.policies import may_change_record, may_give, may_set_due
from directives.services import DueLook
from directives.views_register import crumbs_of, page
from directives.views_staff import directive_access


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def assign(request: HttpRequest, slug: str) -> HttpResponse:
    """Give tasks to units in one step: find units, look at what would be given, give it."""
    access = directive_access(request)
    directive = selectors.directive_get_for(access, slug)
    allow(may_give(access, directive))
    asked = found.tasks_live(directive)
    do = request.POST.get("do", "")
    if request.method == "POST" and do != "find":
        form = AssignForm(request.POST, asked=asked)
    else:
        form = AssignForm(initial=_typed(request.POST), asked=asked)
    context: dict[str, Any] = {
        "directive": directive,
        "crumbs": crumbs_of(directive, _("Give to units")),
        "has_tasks": bool(asked),
        "preview": None,
    }
    if form.is_valid():
        values = _giving(access, form, asked)
        results: list[Any] = []
        if do == "give" and done(
            form, lambda: results.append(services.assignments_create(**values))
        ):
            messages.success(request, _given_words(len(results[0])))
            return redirect("directives_staff:detail", slug)
        if do != "give" and done(
            form, lambda: results.append(services.assignments_preview(**values))
        ):
            context |= {
                "preview": results[0],
                "units": values["units"],
                "tasks_count": len(values["tasks"]),
                "kept": AssignForm(request.POST, asked=asked, auto_id=False),
            }
    return page(request, "directives/staff/assign.html", context, form)


def _giving(access: Access, form: AssignForm, asked: list[Task]) -> dict[str, Any]:
    data = form.cleaned_data
    return {
        "access": access,
        "tasks": [task for task in asked if task.code in data["tasks"]],
        "units": form.chosen_units(),
        "addressee": data["addressee"],
        "due_on": data["due_on"],
    }


def _given_words(count: int) -> str:
    words = ngettext("%(n)d task was given.", "%(n)d tasks were given.", count)
    return words % {"n": count}


def _typed(data: QueryDict) -> dict[str, Any]:
    """What was typed so far, for a form that is not judged yet; whoever looks for units wants to
    tick them, not to choose all."""
    if not data:
        return {}
    many = ("tasks", "units", "mapped")
    typed = {name: data.getlist(name) if name in many else data[name] for name in data}
    return typed | {"which": CHOSEN}


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def task_due(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """Set the date of a task for units that have it: look at what changes, then set it."""
    access = directive_access(request)
    directive = selectors.directive_get_for(access, slug)
    allow(may_set_due(access, directive))
    task = found.task_get(directive, code)
    do = request.POST.get("do", "")
    form = _due_form(request, do)
    context: dict[str, Any] = {
        "directive": directive,
        "task": task,
        "can_change": may_change_record(access, directive) is None,
        "crumbs": _due_crumbs(task, slug),
        "owed": found.task_owed(task),
        "preview": None,
    }
    if form.is_valid():
        values: dict[str, Any] = {
            "access": access,
            "task": task,
            "new": form.new(),
            "units": form.asked_units(),
        }
        looks: list[DueLook] = []
        reason = form.cleaned_data["reason"]
        if do == "set" and done(
            form, lambda: looks.append(services.due_set(**values, reason=reason))
        ):
            messages.success(request, _set_words(len(looks[0].changed)))
            return redirect("directives_staff:content", slug)
        if do != "set" and done(form, lambda: looks.append(services.due_preview(**values))):
            context |= _due_preview(form, looks[0], request.POST)
    return page(request, "directives/staff/task_due.html", context, form)


def _due_form(request: HttpRequest, do: str) -> DueForm:
    """As it was sent; for finding units, or from the page of one unit, not judged yet."""
    if request.method == "POST" and do != "find":
        return DueForm(request.POST)
    unit = request.GET.get("unit", "")
    chosen = {"which": CHOSEN, "units": [unit]} if unit else {}
    return DueForm(initial=_typed(request.POST) or chosen)


def _due_crumbs(task: Task, slug: str) -> list[Crumb]:
    content = Crumb(_("Groups and tasks"), reverse("directives_staff:content", args=[slug]))
    return crumbs_of(task.group.directive, content, _("Date of a task that was given"))


def _due_preview(form: DueForm, look: DueLook, sent: QueryDict) -> dict[str, Any]:
    day = form.cleaned_data["due_on"]
    return {
        "preview": look,
        "day": day,
        "is_day_off": day is not None and not is_working_day(day),
        "kept": DueForm(sent, auto_id=False),
    }


def _set_words(count: int) -> str:
    words = ngettext(
        "The date was changed for %(n)d unit.", "The date was changed for %(n)d units.", count
    )
    return words % {"n": count}
