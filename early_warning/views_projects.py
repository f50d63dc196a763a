"""Land projects: the list, one project, entering and correcting it."""

import uuid

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import Access
from attachments.services import attachment_store
from attachments.views import attachment_response
from common.api import PAGE_SIZE
from common.errors import NotVisible, allow
from common.forms import done
from common.time import today
from common.ui import Crumb, page_href
from directives.views_staff import export_query
from early_warning import forms_projects as f
from early_warning import policies
from early_warning import presenters as shown
from early_warning import selectors_projects as selectors
from early_warning.forms import VersionedForm
from early_warning.models import LandProject, ProjectStage
from early_warning.selectors_projects import ProjectFilter
from early_warning.services import project_change, project_create, stage_record
from early_warning.views_access import project_access


@require_safe
@never_cache
def projects(request: HttpRequest) -> HttpResponse:
    """Land projects, those entered last first."""
    access = project_access(request)
    form, chosen = projects_asked(request, access)
    found, after, before = selectors.LIST_ORDER.page(
        selectors.projects_filtered(access, chosen), request.GET.get("cursor", ""), PAGE_SIZE
    )
    context = {
        "form": form,
        "today": today(),
        "is_filtered": chosen != ProjectFilter(),
        "may_enter": policies.may_enter_projects(access) is None,
        "rows": [shown.project_line(row) for row in found],
        "export_query": export_query(request),
        "next_href": page_href(request, after),
        "previous_href": page_href(request, before),
        "crumbs": _crumbs(access),
    }
    return render(request, "early_warning/projects.html", context)


def projects_asked(
    request: HttpRequest, access: Access
) -> tuple[f.ProjectFilterForm, ProjectFilter]:
    """The filters of the list as they were asked for."""
    units = selectors.project_units(access)
    form = f.ProjectFilterForm(request.GET, units=[(u.code, u.full_name) for u in units])
    form.full_clean()
    data = form.cleaned_data
    chosen = ProjectFilter(data.get("q", ""), data.get("unit", ""), bool(data.get("going")))
    return form, chosen


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def project_new(request: HttpRequest) -> HttpResponse:
    """Enter a project."""
    access = project_access(request)
    allow(policies.may_enter_projects(access))
    choices = selectors.units_enterable(access)
    data, files = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = f.ProjectForm(data, files, choices=choices)
    made: list[LandProject] = []
    if form.is_valid() and done(
        form,
        lambda: made.append(project_create(access=access, given=form.given(stored(form)))),
    ):
        messages.success(request, _("The project was entered."))
        return redirect("early_warning_staff:project", made[0].public_id)
    return _form_page(request, access, form, _("Enter a land project"))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def project_edit(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Correct the record of a project."""
    access = project_access(request)
    row = selectors.project_get_for(access, public_id)
    places = selectors.places_known(row)
    allow(policies.may_change_project(access, row, places))
    choices = selectors.units_enterable(access, places)
    data, files = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = f.ProjectForm(data, files, choices=choices, project=row)
    if form.is_valid() and done(
        form,
        lambda: project_change(
            access=access,
            public_id=public_id,
            version=form.cleaned_data["version"],
            given=form.given(stored(form)),
        ),
    ):
        messages.success(request, _("The record was corrected."))
        return redirect("early_warning_staff:project", public_id)
    return _form_page(request, access, form, _("Correct the record of the project"), row)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def stage(request: HttpRequest, public_id: uuid.UUID, code: str) -> HttpResponse:
    """Record the dates of a stage."""
    access = project_access(request)
    row = selectors.project_get_for(access, public_id)
    one = _stage_of(row, code)
    allow(policies.may_change_project(access, row, selectors.places_known(row)))
    data = request.POST if request.method == "POST" else None
    form = f.StageForm(row, one, data)
    if form.is_valid() and done(
        form,
        lambda: stage_record(
            access=access,
            public_id=public_id,
            version=form.cleaned_data["version"],
            stage=code,
            given=form.given,
        ),
    ):
        messages.success(request, _("The stage was recorded."))
        return redirect("early_warning_staff:project", public_id)
    return _form_page(request, access, form, capfirst(one.get_stage_display()), row)


def _stage_of(row: LandProject, code: str) -> ProjectStage:
    for one in row.stages.all():
        if one.stage == code:
            return one
    raise NotVisible


@require_safe
@never_cache
def file(request: HttpRequest, public_id: uuid.UUID, file_id: uuid.UUID) -> FileResponse:
    """The decision or the minutes of a dialogue, for whoever sees the project."""
    row = selectors.project_get_for(project_access(request), public_id)
    return attachment_response(selectors.file_of(row, file_id))


def stored(form: VersionedForm) -> str:
    """Identifier of the file as it was stored, or ""."""
    upload = form.cleaned_data.get("uploads")
    return str(attachment_store(stream=upload, name=upload.name).public_id) if upload else ""


def _crumbs(access: Access, *more: Crumb) -> list[Crumb]:
    """Whoever sees projects alone does not come in by the list of signals."""
    here = Crumb(_("Land projects"), reverse("early_warning_staff:projects") if more else "")
    return shown.crumbs(here, *more) if policies.sees_signals(access) else [here, *more]


def _form_page(
    request: HttpRequest,
    access: Access,
    form: VersionedForm,
    title: str,
    row: LandProject | None = None,
) -> HttpResponse:
    crumbs = [Crumb(title)]
    if row is not None:
        page = reverse("early_warning_staff:project", args=[row.public_id])
        crumbs.insert(0, Crumb(row.name, page))
    context = {
        "form": form,
        "title": title,
        "project": row,
        "has_file": "uploads" in form.fields,
        "crumbs": _crumbs(access, *crumbs),
    }
    status = 422 if form.is_bound else 200
    return render(request, "early_warning/project_form.html", context, status=status)
