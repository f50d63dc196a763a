"""Groups and tasks of a document."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
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
    CopyForm,
    GroupForm,
    TaskForm,
    WithdrawForm,
    group_initial,
    task_initial,
)
from directives.models import Directive, Task
from directives.policies import may_change_record, may_give, may_set_due, may_withdraw_task
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
        "opens_task": may_withdraw_task(access, directive) is None,
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
    """Change a task, or withdraw it from every unit that still owes it; of a document that was
    replaced only withdraw it."""
    access = directive_access(request)
    directive = selectors.directive_get_for(access, slug)
    allow(may_withdraw_task(access, directive))
    row = found.task_get(directive, code)
    is_withdrawal = request.POST.get("do") == "withdraw"
    is_change = request.method == "POST" and not is_withdrawal
    if is_change:
        allow(may_change_record(access, directive))
    form = TaskForm(request.POST if is_change else None, initial=task_initial(row), task=row)
    withdraw = WithdrawForm(
        request.POST if is_withdrawal else None,
        initial={"version": row.version},
        auto_id="withdraw_%s",
    )
    if withdraw.is_valid() and done(withdraw, lambda: _task_withdraw(access, slug, code, withdraw)):
        messages.success(request, _("The task was withdrawn."))
        return redirect("directives_staff:content", slug)
    if form.is_valid() and done(form, lambda: _task_change(access, slug, code, form)):
        messages.success(request, _("The task was saved."))
        return redirect("directives_staff:content", slug)
    return _task_page(request, access, row, form, withdraw)


def _task_page(
    request: HttpRequest, access: Access, row: Task, form: TaskForm, withdraw: WithdrawForm
) -> HttpResponse:
    directive = row.group.directive
    can_change = may_change_record(access, directive) is None
    address = reverse("directives_staff:task_due", args=[directive.slug, row.code])
    has_dates = not row.is_periodic and may_set_due(access, directive) is None
    owed = found.task_owed(row)
    return _words_page(
        request,
        directive,
        _("Change the task") if can_change else _("Withdraw the task"),
        withdraw if withdraw.is_bound else form,
        under=row.group.title if can_change else row.title,
        main=form if can_change else None,
        withdraw=withdraw,
        owed=owed,
        due_href=address if has_dates and owed else "",
    )


def _task_change(access: Access, slug: str, code: str, form: TaskForm) -> None:
    version = form.cleaned_data["version"]
    services.task_change(access=access, slug=slug, code=code, version=version, plan=form.plan())


def _task_withdraw(access: Access, slug: str, code: str, form: WithdrawForm) -> None:
    services.task_withdraw(access=access, slug=slug, code=code, **form.cleaned_data)


def _changeable(access: Access, slug: str) -> Directive:
    directive = selectors.directive_get_for(access, slug)
    allow(may_change_record(access, directive))
    return directive


def _words_page(
    request: HttpRequest,
    directive: Directive,
    title: str,
    form: GroupForm | TaskForm | WithdrawForm,
    **more: Any,
) -> HttpResponse:
    content_href = reverse("directives_staff:content", args=[directive.slug])
    context = {
        "directive": directive,
        "crumbs": crumbs_of(directive, Crumb(_("Groups and tasks"), content_href), title),
        "title": title,
        "under": "",
        "main": form,
        "withdraw": None,
        "due_href": "",
    }
    return page(request, "directives/staff/words_form.html", context | more, form)
