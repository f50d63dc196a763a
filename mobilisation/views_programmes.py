"""Coordination programmes: the list, one with its steps, entering and correcting."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import Access
from attachments.views import attachment_response
from common.api import PAGE_SIZE
from common.errors import allow
from common.forms import done
from common.time import today
from common.ui import Crumb, page_href
from directives.forms_register import FileGoneForm, StepForm
from directives.views_register import page
from directives.views_staff import directive_access, export_query
from mobilisation import forms as f
from mobilisation import policies, services
from mobilisation import selectors_programmes as found
from mobilisation.models import Programme, ProgrammeActivity
from mobilisation.presenters import party_names, programme_line, standing
from mobilisation.selectors import programme_figures, units_kept, units_with_programmes
from mobilisation.selectors_programmes import ProgrammeFilter
from mobilisation.views_hub import StepPage, crumbs_to, history_context, stored


@require_safe
@never_cache
def programmes(request: HttpRequest) -> HttpResponse:
    """Programmes with search and filters, the newest first."""
    access, on = directive_access(request), today()
    form, chosen = programmes_asked(request, access)
    rows = found.programme_list(access, chosen, on)
    cursor = request.GET.get("cursor", "")
    shown, after, before = found.PROGRAMME_ORDER.page(rows, cursor, PAGE_SIZE)
    context = {
        "form": form,
        "keeps": policies.may_begin(access) is None,
        "figures": programme_figures(access, on=on),
        "is_filtered": chosen != ProgrammeFilter(),
        "rows": [programme_line(row, on) for row in shown],
        "next_href": page_href(request, after),
        "previous_href": page_href(request, before),
        "export_query": export_query(request),
        "crumbs": crumbs_to("programmes", _("Coordination programmes")),
    }
    return render(request, "mobilisation/staff/programmes.html", context)


def programmes_asked(
    request: HttpRequest, access: Access
) -> tuple[f.ProgrammeFilterForm, ProgrammeFilter]:
    """What the address asks for, for the list and its files."""
    keeps = policies.may_begin(access) is None
    units = units_with_programmes(access)
    form = f.ProgrammeFilterForm(request.GET, units=units, sees_drafts=keeps)
    return form, ProgrammeFilter(**form.search())


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def programme_new(request: HttpRequest) -> HttpResponse:
    """Enter a programme as a draft."""
    access = directive_access(request)
    allow(policies.may_begin(access))
    form = f.ProgrammeForm(request.POST or None, units=units_kept(access))
    made: list[Programme] = []
    if form.is_valid() and done(
        form,
        lambda: made.append(
            services.programme_create(access=access, unit=form.chosen_unit(), record=form.record())
        ),
    ):
        messages.success(request, _("The programme was entered as a draft."))
        return redirect("mobilisation_staff:programme", made[0].public_id)
    context = {"form": form, "programme": None, "crumbs": _crumbs(_("Enter a programme"))}
    return page(request, "mobilisation/staff/programme_form.html", context, form)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def programme_change(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Correct the record of a programme."""
    access = directive_access(request)
    row = found.programme_get_for(access, public_id)
    allow(policies.may_change_programme(access, row))
    form = f.ProgrammeChangeForm(request.POST or None, initial=f.programme_initial(row))
    if form.is_valid() and done(
        form,
        lambda: services.programme_change(
            access=access,
            public_id=public_id,
            version=form.cleaned_data["version"],
            record=form.record(),
        ),
    ):
        messages.success(request, _("The programme was saved."))
        return redirect("mobilisation_staff:programme", public_id)
    context = {
        "form": form,
        "programme": row,
        "crumbs": _crumbs(_crumb(row), _("Correct the programme")),
    }
    return page(request, "mobilisation/staff/programme_form.html", context, form)


def _file_add(*, upload: Any, **key: Any) -> None:
    services.programme_file_add(attachment=stored(upload), **key)


def _activity_add(
    *, held_on: Any, place: str, people: int, done: str, upload: Any, **key: Any
) -> None:
    said = services.Activity(held_on, place, people, done, stored(upload))
    services.activity_record(activity=said, **key)


STEPS: dict[str, StepPage] = {
    "sign": StepPage(
        gettext_lazy("Put in force"),
        gettext_lazy("The programme is in force."),
        StepForm,
        policies.may_sign,
        services.programme_sign,
    ),
    "activity": StepPage(
        gettext_lazy("Record a joint activity"),
        gettext_lazy("The activity was recorded."),
        f.ActivityForm,
        policies.may_record_activity,
        _activity_add,
    ),
    "file": StepPage(
        gettext_lazy("Add a file"),
        gettext_lazy("The file was added."),
        f.ProgrammeFileForm,
        policies.may_change_programme,
        _file_add,
    ),
    "renew": StepPage(
        gettext_lazy("Renewed by another programme"),
        gettext_lazy("It is recorded which programme takes its place."),
        f.RenewForm,
        policies.may_end,
        services.programme_renew,
    ),
    "end": StepPage(
        gettext_lazy("End it early"),
        gettext_lazy("The programme has ended."),
        f.EndForm,
        policies.may_end,
        services.programme_end,
    ),
    "file_gone": StepPage(
        gettext_lazy("Remove"),
        gettext_lazy("The file is no longer shown."),
        FileGoneForm,
        policies.may_change_programme,
        services.programme_file_remove,
    ),
    "activity_gone": StepPage(
        gettext_lazy("Withdraw the activity"),
        gettext_lazy("The activity was withdrawn."),
        f.ActivityGoneForm,
        policies.may_record_activity,
        services.activity_withdraw,
    ),
}
ASIDE = ("sign", "activity", "file", "renew", "end")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def programme(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """A programme: record, files, joint activities, history, and the steps that are possible."""
    access = directive_access(request)
    row = found.programme_get_for(access, public_id)
    bound: dict[str, StepForm] = {}
    if request.method == "POST":
        allow(policies.may_keep(access, row.unit_id))
        do = request.POST.get("do", "")
        if do in STEPS:
            allow(STEPS[do].may(access, row))
            form = _form(access, row, do, request.POST, request.FILES)
            if form.is_valid() and done(form, lambda: _act(access, public_id, do, form)):
                messages.success(request, str(STEPS[do].done))
                return redirect("mobilisation_staff:programme", public_id)
            bound[do] = form
            row = found.programme_get_for(access, public_id)
    return _page(request, access, row, bound)


@require_safe
@never_cache
def programme_file(request: HttpRequest, public_id: uuid.UUID, file_id: uuid.UUID) -> FileResponse:
    """A file of a programme or of an activity, for whoever sees the programme."""
    access = directive_access(request)
    return attachment_response(found.programme_file_get(access, public_id, file_id))


def _act(access: Access, public_id: uuid.UUID, do: str, form: StepForm) -> None:
    STEPS[do].act(access=access, public_id=public_id, **form.cleaned_data)


def _form(access: Access, row: Programme, do: str, *data: Any) -> StepForm:
    more: dict[str, Any] = {"initial": {"version": row.version}, "auto_id": f"{do}_%s"}
    if do == "activity_gone":
        more["auto_id"] = f"gone_{data[0].get('activity', '')}_%s"
    if do == "renew":
        more["successors"] = found.successors(access, row)
    return STEPS[do].form(*data, **more)


def _page(
    request: HttpRequest, access: Access, row: Programme, bound: dict[str, StepForm]
) -> HttpResponse:
    steps = [do for do in ASIDE if do in bound or STEPS[do].may(access, row) is None]
    context = {
        "programme": row,
        "parties": party_names(row),
        "standing": standing(row, today()),
        "files": found.programme_files(row),
        "activities": _activities(access, row, bound.get("activity_gone")),
        "renews": found.renewed_from(row),
        "can_change": policies.may_change_programme(access, row) is None,
        "steps": [(do, STEPS[do].label, bound.get(do) or _form(access, row, do)) for do in steps],
        "lone": bound.get("file_gone"),
        "crumbs": _crumbs(row.number or _("Draft of a programme")),
        **history_context(request, found.programme_events(row), found.EVENT_ORDER),
    }
    form = next(iter(bound.values()), None)
    return page(request, "mobilisation/staff/programme.html", context, form)


def _activities(
    access: Access, row: Programme, bound: StepForm | None
) -> list[tuple[ProgrammeActivity, StepForm | None]]:
    """Activities, each with the form by which it can be withdrawn, as it was sent."""
    may = policies.may_record_activity(access, row) is None
    sent = str(bound["activity"].value()) if bound is not None else ""
    lines: list[tuple[ProgrammeActivity, StepForm | None]] = []
    for activity in found.activities_of(row):
        key = str(activity.public_id)
        form: StepForm | None = None
        if may and activity.withdrawn_at is None:
            initial = {"version": row.version, "activity": key}
            form = f.ActivityGoneForm(initial=initial, auto_id=f"gone_{key}_%s")
        lines.append((activity, bound if sent == key else form))
    return lines


def _crumb(row: Programme) -> Crumb:
    label = row.number or _("Draft of a programme")
    return Crumb(label, reverse("mobilisation_staff:programme", args=[row.public_id]))


def _crumbs(*rest: str | Crumb) -> list[Crumb]:
    return crumbs_to("programmes", _("Coordination programmes"), *rest)
