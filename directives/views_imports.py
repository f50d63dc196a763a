"""Giving tasks by a file: its template, the check by cell, the confirmation, how far it is."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import Access
from attachments.services import attachment_store
from common.api import PAGE_SIZE
from common.errors import allow
from common.forms import PortalForm, done
from common.ui import Crumb, page_href
from directives import selectors
from directives.enums import ImportRowState, ImportState
from directives.exports import import_template
from directives.forms_imports import ImportForm, StartForm
from directives.models import AssignmentImport, Directive
from directives.policies import may_give, may_start_import, may_stop_import
from directives.presenters_imports import TONES, fault_lines, import_line
from directives.selectors_imports import (
    IMPORT_ORDER,
    ROW_ORDER,
    import_get_for,
    imports_of,
    rows_of,
)
from directives.services.imports import import_cancel, import_check, import_start
from directives.views_exports import asked_format, streamed
from directives.views_register import crumbs_of, page
from directives.views_staff import directive_access

FILES = 20
REFRESH = 4  # seconds between two looks at a running file


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def imports(request: HttpRequest, slug: str) -> HttpResponse:
    """Choose a file of assignments; the files of the document so far."""
    access = directive_access(request)
    directive = selectors.directive_get_for(access, slug)
    allow(may_give(access, directive))
    form = ImportForm()
    if request.method == "POST":
        form = ImportForm(request.POST, request.FILES)
        made: list[AssignmentImport] = []
        if form.is_valid() and done(form, lambda: made.append(_check(access, slug, form))):
            return redirect("directives_staff:import", slug, made[0].public_id)
    rows, after, before = IMPORT_ORDER.page(
        imports_of(access, directive), request.GET.get("cursor", ""), FILES
    )
    context = {
        "directive": directive,
        "crumbs": crumbs_of(directive, _("Give by a file")),
        "rows": [import_line(directive, row) for row in rows],
        "next_href": page_href(request, after),
        "previous_href": page_href(request, before),
    }
    return page(request, "directives/staff/imports.html", context, form)


def _check(access: Access, slug: str, form: PortalForm) -> AssignmentImport:
    upload = form.cleaned_data["upload"]
    stored = attachment_store(stream=upload, name=upload.name)
    return import_check(access=access, slug=slug, attachment=str(stored.public_id))


@require_safe
@never_cache
def template(request: HttpRequest, slug: str) -> StreamingHttpResponse:
    """The file to fill in: a row for each task and unit that lacks it."""
    access = directive_access(request)
    directive = selectors.directive_get_for(access, slug)
    allow(may_give(access, directive))
    return streamed(import_template(directive), asked_format(request, "xlsx"))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def one(request: HttpRequest, slug: str, public_id: uuid.UUID) -> HttpResponse:
    """A file: what is wrong with it, what it would give, how far it is; start it or stop it.

    While it runs the page asks again by itself (``Refresh``), unless it was asked to be left alone
    (``?giu=1``).
    """
    access = directive_access(request)
    found = import_get_for(access, slug, public_id)
    form: StartForm | None = None
    if request.method == "POST":
        form = StartForm(request.POST, has_wrong=bool(found.rows_wrong))
        if form.is_valid() and done(form, lambda: _act(request, access, found, form)):
            return redirect("directives_staff:import", slug, public_id)
        found = import_get_for(access, slug, public_id)
    response = page(
        request, "directives/staff/import.html", _context(request, access, found, form), form
    )
    if found.is_running and "giu" not in request.GET:
        response.headers["Refresh"] = str(REFRESH)
    return response


def _act(
    request: HttpRequest, access: Access, found: AssignmentImport, form: StartForm | None
) -> None:
    if request.POST.get("do") == "cancel":
        import_cancel(access=access, public_id=found.public_id)
        messages.success(request, _("The file was stopped; what was given stays given."))
        return
    only_right = bool(form and form.cleaned_data.get("only_right"))
    import_start(access=access, public_id=found.public_id, only_right=only_right)
    words = ngettext("%(n)d task is being given.", "%(n)d tasks are being given.", found.rows_new)
    messages.success(request, words % {"n": found.rows_new})


def _context(
    request: HttpRequest, access: Access, found: AssignmentImport, form: StartForm | None
) -> dict[str, Any]:
    directive = found.directive
    rows, after, before = ROW_ORDER.page(
        rows_of(found, ImportRowState.WRONG, ImportRowState.REFUSED),
        request.GET.get("cursor", ""),
        PAGE_SIZE,
    )
    return {
        "directive": directive,
        "import": found,
        "tone": TONES[ImportState(found.state)],
        "crumbs": crumbs_of(directive, _imports_crumb(directive), found.attachment.name),
        "faults": fault_lines(rows),
        "refused": found.rows_done - found.rows_given,
        "can_start": may_start_import(access, found) is None,
        "can_cancel": may_stop_import(access, found) is None,
        "start": form or StartForm(has_wrong=bool(found.rows_wrong)),
        "next_href": page_href(request, after),
        "previous_href": page_href(request, before),
    }


def _imports_crumb(directive: Directive) -> Crumb:
    return Crumb(_("Give by a file"), reverse("directives_staff:imports", args=[directive.slug]))
