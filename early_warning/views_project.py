"""One land project with its stages, dialogues and petitions, and the small steps on its page."""

import uuid
from collections.abc import Callable
from typing import Any, NamedTuple

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.access import Access
from common.errors import Text, allow
from common.forms import done
from common.time import today
from common.ui import Crumb
from early_warning import forms_projects as f
from early_warning import policies
from early_warning import presenters as shown
from early_warning import selectors_projects as selectors
from early_warning.forms import VersionedForm
from early_warning.models import LandProject
from early_warning.services import (
    case_unlink,
    cases_link,
    dialogue_record,
    dialogue_withdraw,
)
from early_warning.views_access import project_access
from early_warning.views_projects import stored

Send = Callable[..., Any]


class StepPage(NamedTuple):
    form: type[VersionedForm]
    send: Send
    done: Text
    refusal: Callable[[Access, LandProject, frozenset[int]], Text | None]


STEPS: dict[str, StepPage] = {
    "dialogue": StepPage(
        f.DialogueForm,
        lambda form, **key: dialogue_record(given=form.given(stored(form)), **key),
        gettext_lazy("The dialogue was recorded."),
        policies.may_change_project,
    ),
    "dialogue_withdraw": StepPage(
        f.DialogueWithdrawForm,
        lambda form, **key: dialogue_withdraw(dialogue=form.cleaned_data["dialogue"], **key),
        gettext_lazy("The dialogue was withdrawn."),
        policies.may_change_project,
    ),
    "link": StepPage(
        f.LinkForm,
        lambda form, **key: cases_link(codes=form.wanted, **key),
        gettext_lazy("The petitions were linked to the project."),
        policies.may_link_cases,
    ),
    "unlink": StepPage(
        f.UnlinkForm,
        lambda form, **key: case_unlink(code=form.cleaned_data["code"], **key),
        gettext_lazy("The link was removed."),
        policies.may_link_cases,
    ),
}


@require_safe
@never_cache
def project(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """One project: where, by which decision, how far, and what people write."""
    access = project_access(request)
    return _page(request, access, selectors.project_get_for(access, public_id))


@require_POST
@never_cache
def step(request: HttpRequest, public_id: uuid.UUID, name: str) -> HttpResponse:
    """Do one step; on a refusal the page comes back as it was typed."""
    access = project_access(request)
    row = selectors.project_get_for(access, public_id)
    page = STEPS[name]
    allow(page.refusal(access, row, selectors.places_known(row)))
    form = _form(name, access, row, request)
    if form.is_valid() and done(form, lambda: _send(form, page, access, public_id)):
        messages.success(request, str(page.done))
        return redirect("early_warning_staff:project", public_id)
    return _page(request, access, row, **{name: form})


def _form(
    name: str, access: Access, row: LandProject, request: HttpRequest | None = None
) -> VersionedForm:
    data, files = (request.POST, request.FILES) if request else (None, None)
    form = STEPS[name].form(row.version, data, files)
    if isinstance(form, f.DialogueForm):
        form.sessions(selectors.dialogue_sessions(row))
    if isinstance(form, f.LinkForm):
        form.suggest(_suggested(access, row))
    return form


def _suggested(access: Access, row: LandProject) -> list[tuple[str, str]]:
    found = selectors.suggestions(access, row, today())
    return [
        (one.case.code, f"{one.case.code} · {one.case.subject}{_shared(one.words)}")
        for one in found
    ]


def _shared(words: tuple[str, ...]) -> str:
    return " " + _("(shares: %(words)s)") % {"words": ", ".join(words[:6])} if words else ""


def _send(form: VersionedForm, page: StepPage, access: Access, public_id: uuid.UUID) -> None:
    page.send(form, access=access, public_id=public_id, version=form.cleaned_data["version"])


def _page(
    request: HttpRequest, access: Access, row: LandProject, **bound: VersionedForm
) -> HttpResponse:
    on, units = today(), selectors.places_known(row)
    writes = policies.may_change_project(access, row, units)
    links = policies.may_link_cases(access, row, units)
    linked, has_more = selectors.linked_cases(access, row)
    weeks = selectors.weeks_of(row, on)
    context = {
        "project": row,
        "unit_names": shown.unit_names(row),
        "today": on,
        "stages": [_stage_line(one, on) for one in row.stages.all()],
        "chart": shown.project_chart(weeks),
        "weeks": [week for week in weeks.counts if week[1]],
        "total": sum(count for _monday, count in weeks.counts),
        "signals": selectors.signals_of(access, row),
        "dialogues": selectors.dialogues_of(row),
        "linked": linked,
        "has_more": has_more,
        "may_write": writes is None,
        "may_link": links is None,
        "why_not": writes,
        "dialogue_form": _shown_form("dialogue", access, row, bound, writes),
        "link_form": _shown_form("link", access, row, bound, links),
        "problems": [bound[name] for name in ("dialogue_withdraw", "unlink") if name in bound],
        "is_dialogue_open": "dialogue" in bound,
        "form": next(iter(bound.values()), None),
        "history": shown.history(selectors.project_events(row)),
        "crumbs": _crumbs(access, row),
    }
    status = 422 if bound else 200
    return render(request, "early_warning/project.html", context, status=status)


def _shown_form(
    name: str,
    access: Access,
    row: LandProject,
    bound: dict[str, VersionedForm],
    refusal: Text | None,
) -> VersionedForm | None:
    if name in bound:
        return bound[name]
    return None if refusal is not None else _form(name, access, row)


def _stage_line(one: Any, on: Any) -> dict[str, Any]:
    return {
        "stage": one,
        "label": capfirst(one.get_stage_display()),
        "words": capfirst(shown.stage_words(one, on)),
        "tone": shown.stage_tone(one, on),
    }


def _crumbs(access: Access, row: LandProject) -> list[Crumb]:
    more = [
        Crumb(_("Land projects"), reverse("early_warning_staff:projects")),
        Crumb(row.name),
    ]
    return shown.crumbs(*more) if policies.sees_signals(access) else more
