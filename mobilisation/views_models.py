"""The register of models of "dân vận khéo": the list, one model with its steps, entering one."""

import datetime as dt
import uuid
from dataclasses import dataclass
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
from common.ui import Crumb, page_href
from directives.forms_register import StepForm
from directives.views_register import page
from directives.views_staff import directive_access, export_query
from mobilisation import forms_models as f
from mobilisation import policies_models as policies
from mobilisation import selectors_models as found
from mobilisation import services
from mobilisation.enums_models import ExemplarState
from mobilisation.models import Exemplar
from mobilisation.presenters_models import (
    TONES,
    exemplar_line,
    history_items,
    picture_lines,
)
from mobilisation.selectors_models import ExemplarFilter
from mobilisation.views_hub import StepPage, crumbs_to, history_context, stored

Data = dict[str, Any]


def _recognise(
    *, upload: Any, level: str, number: str, decided_on: dt.date, decided_by: str, **key: Any
) -> None:
    said = services.Decision(level, number, decided_on, decided_by, stored(upload))
    services.exemplar_recognise(decision=said, **key)


def _picture(*, upload: Any, **key: Any) -> None:
    services.picture_add(attachment=stored(upload), **key)


def _copy(*, version: int, **key: Any) -> Exemplar:
    """Taking over changes nothing of the source, in whichever version it is."""
    return services.exemplar_copy(**key)


STEPS: dict[str, StepPage] = {
    "register": StepPage(
        gettext_lazy("Register the model"),
        gettext_lazy("The model is registered and waits for its recognition."),
        f.ExemplarStepForm,
        policies.may_register,
        services.exemplar_register,
    ),
    "recognise": StepPage(
        gettext_lazy("Recognise the model"),
        gettext_lazy("The decision was recorded."),
        f.RecogniseForm,
        policies.may_recognise,
        _recognise,
    ),
    "refuse": StepPage(
        gettext_lazy("Do not recognise it"),
        gettext_lazy("It is recorded that the model was not recognised."),
        f.ReasonForm,
        policies.may_refuse,
        services.exemplar_refuse,
    ),
    "publish": StepPage(
        gettext_lazy("Publish the model"),
        gettext_lazy("The model stands on the public pages."),
        f.PublishForm,
        policies.may_publish,
        services.exemplar_publish,
    ),
    "picture": StepPage(
        gettext_lazy("Add a picture"),
        gettext_lazy("The picture was added."),
        f.PictureForm,
        policies.may_change,
        _picture,
    ),
    "copy": StepPage(
        gettext_lazy("Take it over for another unit"),
        gettext_lazy("The model was taken over as a draft."),
        f.CopyForm,
        policies.may_copy,
        _copy,
    ),
    "unpublish": StepPage(
        gettext_lazy("Withdraw it from publication"),
        gettext_lazy("The model is no longer public."),
        f.ReasonForm,
        policies.may_unpublish,
        services.exemplar_unpublish,
    ),
    "drop": StepPage(
        gettext_lazy("Give the model up"),
        gettext_lazy("The model was given up; it stays in the register of the unit."),
        f.ReasonForm,
        policies.may_drop,
        services.exemplar_drop,
    ),
    "picture_gone": StepPage(
        gettext_lazy("Remove"),
        gettext_lazy("The picture is no longer shown."),
        f.PictureGoneForm,
        policies.may_change,
        services.picture_remove,
    ),
}
APART = ("picture_gone",)
FIRST = ("register", "recognise", "publish")
DANGER = ("unpublish", "drop")


@require_safe
@never_cache
def exemplars(request: HttpRequest) -> HttpResponse:
    """The register with filters, the newest first; every filter is in the address."""
    access = directive_access(request)
    form, chosen = exemplars_asked(request, access)
    rows, after, before = found.REGISTER_ORDER.page(
        found.exemplar_list(access, chosen), request.GET.get("cursor", ""), PAGE_SIZE
    )
    context = {
        "form": form,
        "is_filtered": chosen != ExemplarFilter(),
        "enters": policies.may_found(access) is None,
        "counts": found.exemplar_counts(access),
        "rows": [exemplar_line(row) for row in rows],
        "next_href": page_href(request, after),
        "previous_href": page_href(request, before),
        "export_query": export_query(request),
        "crumbs": _crumbs(),
    }
    return render(request, "mobilisation/staff/exemplars.html", context)


def exemplars_asked(
    request: HttpRequest, access: Access
) -> tuple[f.ExemplarFilterForm, ExemplarFilter]:
    """What the address asks for, for the list and its files."""
    seen = Exemplar.objects.visible_to(access)
    form = f.ExemplarFilterForm(
        request.GET or None,
        fields=found.fields_all(),
        units=found.units_with(seen),
        years=found.years_of(seen, "starts_on"),
        sees_own=policies.may_enter(access) is None,
    )
    return form, ExemplarFilter(**form.search()) if form.is_bound else ExemplarFilter()


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def exemplar_new(request: HttpRequest) -> HttpResponse:
    """Enter a model as a draft."""
    access = directive_access(request)
    allow(policies.may_found(access))
    form = f.NewForm(request.POST or None, fields=found.fields_all(), units=found.units_own(access))
    made: list[Exemplar] = []

    def enter() -> None:
        unit = form.cleaned_data["unit"]
        made.append(services.exemplar_create(access=access, unit=unit, words=form.words()))

    if form.is_valid() and done(form, enter):
        messages.success(request, _("The model was entered as a draft."))
        return redirect("mobilisation_staff:exemplar", made[0].public_id)
    context = {"form": form, "exemplar": None, "crumbs": _crumbs(_("Enter a model"))}
    return page(request, "mobilisation/staff/exemplar_form.html", context, form)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def exemplar_change(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Correct or complete a model."""
    access = directive_access(request)
    row = found.exemplar_get_for(access, public_id)
    allow(policies.may_change(access, row))
    initial = f.words_initial(row)
    form = f.ChangeForm(request.POST or None, fields=found.fields_all(), initial=initial)
    if form.is_valid() and done(
        form,
        lambda: services.exemplar_change(
            access=access,
            public_id=public_id,
            version=form.cleaned_data["version"],
            words=form.words(),
        ),
    ):
        messages.success(request, _("The model was saved."))
        return redirect("mobilisation_staff:exemplar", public_id)
    crumbs = _crumbs(_crumb(row), _("Change"))
    context = {"form": form, "exemplar": row, "crumbs": crumbs}
    return page(request, "mobilisation/staff/exemplar_form.html", context, form)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def exemplar(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """One model: what it is, decisions, pictures, where it comes from and who copied it, history,
    and every step that this person may take now."""
    looked = Looked(directive_access(request), public_id)
    bound: dict[str, StepForm] = {}
    if request.method == "POST":
        do = request.POST.get("do", "")
        if do in STEPS:
            allow(STEPS[do].may(looked.access, looked.row))
            form = looked.form(do, request.POST, request.FILES)
            if form.is_valid() and done(form, lambda: looked.act(do, form)):
                messages.success(request, str(STEPS[do].done))
                return redirect("mobilisation_staff:exemplar", looked.goes_on)
            bound[do] = form
            looked = Looked(looked.access, public_id)
    return _page(request, looked, bound)


@require_safe
@never_cache
def picture(request: HttpRequest, public_id: uuid.UUID, picture_id: uuid.UUID) -> FileResponse:
    """A picture of a model, for whoever sees the model."""
    row = found.exemplar_get_for(directive_access(request), public_id)
    return attachment_response(found.picture_get(row, picture_id))


@require_safe
@never_cache
def decision_file(request: HttpRequest, public_id: uuid.UUID, file_id: uuid.UUID) -> FileResponse:
    """The file of a decision, for whoever sees the model."""
    row = found.exemplar_get_for(directive_access(request), public_id)
    return attachment_response(found.decision_file_get(row, file_id))


@dataclass
class Looked:
    """A model as a person looks at it."""

    access: Access
    public_id: uuid.UUID

    def __post_init__(self) -> None:
        self.row = found.exemplar_get_for(self.access, self.public_id)
        self.goes_on = self.public_id  # after a step: a copy is worked on next

    def form(self, do: str, *data: Any) -> StepForm:
        initial = {"version": self.row.version}
        form = STEPS[do].form(*data, initial=initial, auto_id=f"{do}_%s")
        assert isinstance(form, f.ExemplarStepForm)
        levels = f.level_choices(policies.levels_open(self.access, self.row))
        form.fit(self.row, levels, found.units_own(self.access))
        return form

    def act(self, do: str, form: StepForm) -> None:
        key: Data = {"access": self.access, "public_id": self.public_id}
        made = STEPS[do].act(**key, **form.cleaned_data)
        if do == "copy":
            self.goes_on = made.public_id

    def steps(self, bound: dict[str, StepForm]) -> list[Data]:
        """Forms of what makes sense now; what was sent stands open."""
        names = [
            do
            for do, step in STEPS.items()
            if do not in APART and (do in bound or step.may(self.access, self.row) is None)
        ]
        return [
            {
                "do": do,
                "label": STEPS[do].label,
                "form": bound.get(do) or self.form(do),
                "is_main": do in FIRST,
                "is_danger": do in DANGER,
            }
            for do in names
        ]


def _page(request: HttpRequest, looked: Looked, bound: dict[str, StepForm]) -> HttpResponse:
    row, access = looked.row, looked.access
    seen = Exemplar.objects.visible_to(access)
    pictures = found.pictures_of([row])[row.pk]
    context = {
        "exemplar": row,
        "tone": TONES[ExemplarState(row.state)],
        "recognitions": found.recognitions_of(row),
        "pictures": picture_lines(row, pictures, "mobilisation_staff:picture"),
        "source": found.source_of(row, seen),
        "copies": found.copies_of(row, seen),
        "n_copies": found.copies_count(row),
        "can_change": policies.may_change(access, row) is None,
        "steps": looked.steps(bound),
        "lone": next((form for do, form in bound.items() if do in APART), None),
        "crumbs": _crumbs(row.title),
        **history_context(request, found.events_of(row), found.EVENT_ORDER, history_items),
    }
    return page(
        request, "mobilisation/staff/exemplar.html", context, next(iter(bound.values()), None)
    )


def _crumb(row: Exemplar) -> Crumb:
    return Crumb(row.title, reverse("mobilisation_staff:exemplar", args=[row.public_id]))


def _crumbs(*rest: str | Crumb) -> list[Crumb]:
    return crumbs_to("exemplars", _("Models of “dân vận khéo”"), *rest)
