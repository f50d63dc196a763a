"""Groups and tasks of a document, and giving them to units."""

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
from directives import selectors, services
from directives import selectors_register as found
from directives.forms_register import (
    CHOSEN,
    AssignForm,
    CopyForm,
    GroupForm,
    TaskForm,
    WithdrawForm,
    group_initial,
    task_initial,
)
from directives.models import Directive, Task
from directives.policies import may_change_record, may_give
from directives.presenters_register import group_lines
from directives.views_register import crumbs_of, page
from directives.views_staff import directive_access


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def content(request: HttpRequest, slug: str) -> HttpResponse:
    """Groups and tasks of a document; a draft may take those of another."""
    access = directive_access(request)
    directive = selectors.directive_get_for(access, slug)
    can_change = may_change_record(access, directive) is None
    can_copy = can_change and directive.state == "draft"
    if request.method == "POST":
        allow(may_change_record(access, directive))
    form = _copy_form(access, directive, request) if can_copy else None
    if form is not None and form.is_valid():
        counts: list[int] = []
        values = form.cleaned_data
        if done(
            form,
            lambda: counts.append(services.breakdown_copy(access=access, slug=slug, **values)),
        ):
            said = ngettext("%(n)d task was taken over.", "%(n)d tasks were taken over.", counts[0])
            messages.success(request, said % {"n": counts[0]})
            return redirect("directives_staff:content", slug)
    context = {
        "directive": directive,
        "crumbs": crumbs_of(directive, _("Groups and tasks")),
        "groups": group_lines(directive, found.breakdown(directive)),
        "can_change": can_change,
        "can_give": may_give(access, directive) is None,
    }
    return page(request, "directives/staff/content.html", context, form)


def _copy_form(access: Access, directive: Directive, request: HttpRequest) -> CopyForm:
    sources = list(found.directives_to_copy(access, directive))
    initial = {"version": directive.version}
    return CopyForm(request.POST or None, initial=initial, sources=sources)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def group_new(request: HttpRequest, slug: str) -> HttpResponse:
    """Add a group of tasks."""
    access = directive_access(request)
    directive = _changeable(access, slug)
    form = GroupForm(request.POST or None, initial={"version": directive.version})
    if form.is_valid() and done(
        form, lambda: services.group_create(access=access, slug=slug, **form.cleaned_data)
    ):
        messages.success(request, _("The group was added."))
        return redirect("directives_staff:content", slug)
    return _words_page(request, directive, _("Add a group"), form)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def group(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """Correct the words of a group."""
    access = directive_access(request)
    directive = _changeable(access, slug)
    row = found.group_get(directive, code)
    form = GroupForm(request.POST or None, initial=group_initial(row, directive))
    if form.is_valid() and done(
        form,
        lambda: services.group_change(access=access, slug=slug, code=code, **form.cleaned_data),
    ):
        messages.success(request, _("The group was saved."))
        return redirect("directives_staff:content", slug)
    return _words_page(request, directive, _("Change the group"), form)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def task_new(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """Add a task to a group."""
    access = directive_access(request)
    directive = _changeable(access, slug)
    row = found.group_get(directive, code)
    form = TaskForm(request.POST or None, initial={"version": directive.version})
    if form.is_valid() and done(
        form,
        lambda: services.task_create(
            access=access,
            slug=slug,
            group=code,
            version=form.cleaned_data["version"],
            plan=form.plan(),
        ),
    ):
        messages.success(request, _("The task was added."))
        return redirect("directives_staff:content", slug)
    return _words_page(request, directive, _("Add a task"), form, under=row.title)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def task(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """Change a task, or withdraw it from every unit that still owes it."""
    access = directive_access(request)
    directive = _changeable(access, slug)
    row = found.task_get(directive, code)
    is_withdrawal = request.POST.get("do") == "withdraw"
    sent = request.POST or None
    form = TaskForm(None if is_withdrawal else sent, initial=task_initial(row), task=row)
    withdraw = WithdrawForm(
        sent if is_withdrawal else None, initial={"version": row.version}, auto_id="withdraw_%s"
    )
    if (
        is_withdrawal
        and withdraw.is_valid()
        and done(withdraw, lambda: _task_withdraw(access, slug, code, withdraw))
    ):
        messages.success(request, _("The task was withdrawn."))
        return redirect("directives_staff:content", slug)
    if (
        not is_withdrawal
        and form.is_valid()
        and done(form, lambda: _task_change(access, slug, code, form))
    ):
        messages.success(request, _("The task was saved."))
        return redirect("directives_staff:content", slug)
    return _words_page(
        request,
        directive,
        _("Change the task"),
        withdraw if is_withdrawal else form,
        under=row.group.title,
        main=form,
        withdraw=withdraw,
        owed=found.task_owed(row),
    )


def _task_change(access: Access, slug: str, code: str, form: TaskForm) -> None:
    version = form.cleaned_data["version"]
    services.task_change(access=access, slug=slug, code=code, version=version, plan=form.plan())


def _task_withdraw(access: Access, slug: str, code: str, form: WithdrawForm) -> None:
    services.task_withdraw(access=access, slug=slug, code=code, **form.cleaned_data)


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
    tick them, not to give to all."""
    if not data:
        return {}
    many = ("tasks", "units", "mapped")
    typed = {name: data.getlist(name) if name in many else data[name] for name in data}
    return typed | {"which": CHOSEN}


def _changeable(access: Access, slug: str) -> Directive:
    directive = selectors.directive_get_for(access, slug)
    allow(may_change_record(access, directive))
    return directive


def _words_page(
    request: HttpRequest,
    directive: Directive,
    title: str,
    form: GroupForm | TaskForm | WithdrawForm,
    *,
    under: str = "",
    main: TaskForm | None = None,
    withdraw: WithdrawForm | None = None,
    owed: int = 0,
) -> HttpResponse:
    content_href = reverse("directives_staff:content", args=[directive.slug])
    context = {
        "directive": directive,
        "crumbs": crumbs_of(directive, Crumb(_("Groups and tasks"), content_href), title),
        "title": title,
        "under": under,
        "main": main or form,
        "withdraw": withdraw,
        "owed": owed,
    }
    return page(request, "directives/staff/words_form.html", context, form)
