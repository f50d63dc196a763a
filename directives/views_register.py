"""The register of directives: the list, a document's record, entering and correcting it."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import Access
from accounts.roles import Permission
from attachments.services import attachment_store
from attachments.views import attachment_response
from common.api import PAGE_SIZE
from common.errors import Text, allow
from common.forms import PortalForm, done
from common.time import today
from common.ui import Crumb, page_href
from directives import selectors, services
from directives import selectors_register as found
from directives.forms_register import (
    FileForm,
    FileGoneForm,
    PublishForm,
    RecordChangeForm,
    RecordForm,
    RegisterFilterForm,
    RelationForm,
    RelationGoneForm,
    StepForm,
    WithdrawForm,
    record_initial,
)
from directives.models import Directive
from directives.policies import (
    may_change_record,
    may_keep,
    may_publish,
    may_withdraw_directive,
    may_withdraw_rest,
)
from directives.presenters import directive_line
from directives.presenters_register import file_lines, relation_lines, state_shown, version_lines
from directives.services.replacements import owed_words
from directives.views_staff import directive_access, export_query

VERSIONS = 20


@require_safe
@never_cache
def register(request: HttpRequest) -> HttpResponse:
    """The register with search and filters, newest first, with progress over what is visible."""
    access = directive_access(request)
    keeps = may_keep(access) is None
    form = RegisterFilterForm(request.GET or None, sees_drafts=keeps)
    asked = form.search() if form.is_bound else {}
    rows = found.register_list(access, **asked)
    shown, after, before = found.REGISTER_ORDER.page(rows, request.GET.get("cursor", ""), PAGE_SIZE)
    shares = selectors.plan_shares(shown, access)
    counts = selectors.done_counts(access)
    context = {
        "form": form,
        "is_filtered": any(asked.values()),
        "keeps": keeps,
        "rows": [
            directive_line(row, share, *counts.get(row.pk, (0, 0))) | state_shown(row, today())
            for row, share in zip(shown, shares, strict=True)
        ],
        "export_query": export_query(request),
        "next_href": page_href(request, after),
        "previous_href": page_href(request, before),
    }
    return render(request, "directives/staff/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def register_new(request: HttpRequest) -> HttpResponse:
    """Enter a document as a draft."""
    access = directive_access(request)
    allow(may_keep(access))
    form = RecordForm(request.POST or None)
    made: list[Directive] = []
    if form.is_valid() and done(
        form,
        lambda: made.append(services.directive_create(access=access, record=form.record())),
    ):
        messages.success(request, _("The document was entered as a draft."))
        return redirect("directives_staff:record", made[0].slug)
    crumbs = [register_crumb(), Crumb(_("Enter a document"))]
    context = {"form": form, "crumbs": crumbs, "directive": None}
    return page(request, "directives/staff/register_form.html", context, form)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def register_change(request: HttpRequest, slug: str) -> HttpResponse:
    """Correct the record of a document."""
    access = directive_access(request)
    directive = selectors.directive_get_for(access, slug)
    allow(may_change_record(access, directive))
    form = RecordChangeForm(request.POST or None, initial=record_initial(directive))
    if form.is_valid() and done(
        form,
        lambda: services.directive_change(
            access=access,
            slug=slug,
            version=form.cleaned_data["version"],
            record=form.record(),
        ),
    ):
        messages.success(request, _("The record was saved."))
        return redirect("directives_staff:record", slug)
    context = {
        "form": form,
        "crumbs": crumbs_of(directive, _("Correct the record of the document")),
        "directive": directive,
    }
    return page(request, "directives/staff/register_form.html", context, form)


@dataclass(frozen=True)
class Step:
    """A step of the record's page: what it is called, its form, who may, what it does."""

    label: Text
    done: Text | Promise
    form: Callable[..., StepForm]
    may: Callable[[Access, Directive], Text | None]
    act: Callable[..., Any]


def _file_add(*, upload: Any, **values: Any) -> None:
    stored = attachment_store(stream=upload, name=upload.name)
    services.directive_file_add(attachment=str(stored.public_id), **values)


STEPS: dict[str, Step] = {
    "publish": Step(
        gettext_lazy("Put in force"),
        gettext_lazy("The document is in force; its tasks can be given to units."),
        PublishForm,
        may_publish,
        services.directive_publish,
    ),
    "file": Step(
        gettext_lazy("Add a file"),
        gettext_lazy("The file was added."),
        FileForm,
        may_change_record,
        _file_add,
    ),
    "relate": Step(
        gettext_lazy("Add a relation"),
        gettext_lazy("The relation was recorded."),
        RelationForm,
        may_change_record,
        services.directive_relate,
    ),
    "withdraw": Step(
        gettext_lazy("Withdraw the document"),
        gettext_lazy("The document was withdrawn with what units still owed on it."),
        WithdrawForm,
        may_withdraw_directive,
        services.directive_withdraw,
    ),
    "withdraw_rest": Step(
        gettext_lazy("Withdraw what units still owe"),
        gettext_lazy("What units still owed on the document was withdrawn."),
        WithdrawForm,
        may_withdraw_rest,
        services.replaced_withdraw,
    ),
    "file_gone": Step(
        gettext_lazy("Remove"),
        gettext_lazy("The file is no longer shown."),
        FileGoneForm,
        may_change_record,
        services.directive_file_remove,
    ),
    "unrelate": Step(
        gettext_lazy("Remove"),
        gettext_lazy("The relation was taken back."),
        RelationGoneForm,
        may_change_record,
        services.directive_unrelate,
    ),
}
ASIDE = ("publish", "file", "relate", "withdraw", "withdraw_rest")
WITHDRAWALS = ("withdraw", "withdraw_rest")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def record(request: HttpRequest, slug: str) -> HttpResponse:
    """A document's record: state, files, relations, versions, and the steps that are possible."""
    access = directive_access(request)
    directive = selectors.directive_get_for(access, slug)
    bound: dict[str, StepForm] = {}
    if request.method == "POST":
        do = request.POST.get("do", "")
        allow(may_keep(access))
        if do in STEPS:
            allow(STEPS[do].may(access, directive))
            form = _form(access, directive, do, request.POST, request.FILES)
            if form.is_valid() and done(form, lambda: _act(access, slug, do, form)):
                messages.success(request, str(STEPS[do].done))
                return redirect("directives_staff:record", slug)
            bound[do] = form
            directive = selectors.directive_get_for(access, slug)
    return _record_page(request, access, directive, bound)


@require_safe
@never_cache
def record_file(request: HttpRequest, slug: str, file_id: uuid.UUID) -> FileResponse:
    """A file of a document, for whoever sees the document."""
    directive = selectors.directive_get_for(directive_access(request), slug)
    return attachment_response(found.directive_file_get(directive, file_id))


def _act(access: Access, slug: str, do: str, form: StepForm) -> None:
    STEPS[do].act(access=access, slug=slug, **form.cleaned_data)


def _form(access: Access, directive: Directive, do: str, *data: Any) -> StepForm:
    more: dict[str, Any] = {"initial": {"version": directive.version}, "auto_id": f"{do}_%s"}
    if do == "publish":
        more["owed_words"] = owed_words(found.replaced_by(directive))
    if do == "relate":
        more["targets"] = list(found.directives_to_relate(access, directive))
    return STEPS[do].form(*data, **more)


def _record_page(
    request: HttpRequest, access: Access, directive: Directive, bound: dict[str, StepForm]
) -> HttpResponse:
    sees_versions = Permission.DIRECTIVE_VIEW in access.city
    rows, after, before = found.VERSION_ORDER.page(
        found.versions(directive), request.GET.get("cursor", ""), VERSIONS
    )
    steps = [do for do in ASIDE if do in bound or STEPS[do].may(access, directive) is None]
    owed = found.owed_count(directive) if set(WITHDRAWALS) & set(steps) else 0
    if not owed and "withdraw_rest" not in bound:
        steps = [do for do in steps if do != "withdraw_rest"]
    context = {
        "directive": directive,
        "standing": state_shown(directive, today()),
        "crumbs": crumbs_of(directive, _("Record of the document")),
        "files": file_lines(directive, found.directive_files(directive)),
        "relations": relation_lines(
            selectors.relations_of(directive, Directive.objects.visible_to(access)),
            found.relations_to(directive, access),
        ),
        "can_change": may_change_record(access, directive) is None,
        "keeps": may_keep(access) is None,
        "owed": owed,
        "versions": version_lines(rows) if sees_versions else [],
        "next_href": page_href(request, after) if sees_versions else "",
        "previous_href": page_href(request, before) if sees_versions else "",
        "steps": [
            (do, STEPS[do].label, bound.get(do) or _form(access, directive, do)) for do in steps
        ],
        "lone": next((form for do, form in bound.items() if do not in ASIDE), None),
    }
    return page(request, "directives/staff/record.html", context, next(iter(bound.values()), None))


# Shared by the pages of a document


def page(
    request: HttpRequest, template: str, context: dict[str, Any], form: PortalForm | None
) -> HttpResponse:
    """A page whose form, once sent, says that something is wrong."""
    refused = form is not None and form.is_bound and bool(form.errors)
    values = {"form": form} | context
    return render(request, template, values, status=422 if refused else 200)


def register_crumb() -> Crumb:
    return Crumb(_("Directives"), reverse("directives_staff:list"))


def crumbs_of(directive: Directive, *labels: str | Crumb) -> list[Crumb]:
    """The way to a page of a document."""
    detail = reverse("directives_staff:detail", args=[directive.slug])
    rest = (label if isinstance(label, Crumb) else Crumb(label) for label in labels)
    return [register_crumb(), Crumb(directive.number, detail), *rest]
