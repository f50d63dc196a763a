"""Reforms of units: the list, preparing one, its page with preview and steps."""

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
    require_safe,
)

from accounts.access import Access, access_of
from attachments.services import attachment_store
from attachments.views import attachment_response
from common.api import PAGE_SIZE
from common.errors import NotVisible, Text, allow
from common.forms import PortalForm, done
from common.time import now
from common.ui import Crumb, page_href
from continuity import forms as f
from continuity import services
from continuity.enums import ReformState
from continuity.models import UnitReform
from continuity.policies import (
    may_approve,
    may_cancel,
    may_change,
    may_prepare,
    may_see_board,
    may_see_reforms,
)
from continuity.presenters import TONES, counts_of, facts_of, history_of, reform_line
from continuity.selectors import REFORM_ORDER, events_of, reform_get_for, reforms_for
from continuity.services.preview import Preview, lines_ahead, preview


@require_safe
@never_cache
def reforms(request: HttpRequest) -> HttpResponse:
    """Every reform, the newest first."""
    access = access_of(request.user)
    allow(may_see_reforms(access))
    found, after, before = REFORM_ORDER.page(
        reforms_for(access), request.GET.get("cursor", ""), PAGE_SIZE
    )
    context = {
        "rows": [reform_line(row) for row in found],
        "prepares": may_prepare(access) is None,
        "next_href": page_href(request, after),
        "previous_href": page_href(request, before),
        "crumbs": _trail(access, Crumb(_("Reforms of units")), is_list=True),
    }
    return render(request, "continuity/reforms.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def reform_new(request: HttpRequest) -> HttpResponse:
    """Prepare a reform."""
    access = access_of(request.user)
    allow(may_prepare(access))
    form = f.ReformForm(request.POST or None, request.FILES or None)
    made: list[UnitReform] = []
    if form.is_valid() and done(
        form,
        lambda: made.append(services.reform_draft(access=access, plan=form.plan(_stored(form)))),
    ):
        messages.success(request, _("The reform was prepared. Look at what it moves."))
        return redirect("continuity_staff:reform", made[0].public_id)
    crumbs = _trail(access, Crumb(_("Prepare a reform")))
    return _page(request, "continuity/reform_form.html", {"form": form, "crumbs": crumbs}, form)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def reform_change(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Correct what has not been submitted."""
    access = access_of(request.user)
    reform = reform_get_for(access, public_id)
    allow(may_change(access, reform))
    form = f.ReformForm(
        request.POST or None, request.FILES or None, initial=f.reform_initial(reform)
    )
    if form.is_valid() and done(
        form,
        lambda: services.reform_change(
            access=access,
            public_id=public_id,
            version=form.cleaned_data["version"] or 0,
            plan=form.plan(_stored(form)),
        ),
    ):
        messages.success(request, _("The reform was corrected. Look at what it moves."))
        return redirect("continuity_staff:reform", public_id)
    crumbs = _trail(access, _own_crumb(reform), Crumb(_("Correct")))
    return _page(request, "continuity/reform_form.html", {"form": form, "crumbs": crumbs}, form)


@require_safe
@never_cache
def reform(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """What is decided, what it moves, what must be decided first, and the steps."""
    access = access_of(request.user)
    return _reform_page(request, access, reform_get_for(access, public_id))


@require_POST
@never_cache
def choose(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Keep where posts and places go."""
    access = access_of(request.user)
    found = reform_get_for(access, public_id)
    allow(may_change(access, found))
    form = f.ChoicesForm(found, lines_ahead(found, now()), request.POST)
    if form.is_valid() and done(
        form,
        lambda: services.reform_choose(
            access=access,
            public_id=public_id,
            version=form.cleaned_data["version"],
            posts=form.said_posts(),
            places=form.said_places(),
        ),
    ):
        messages.success(request, _("What was chosen is kept."))
        return redirect("continuity_staff:reform", public_id)
    return _reform_page(request, access, found, choices=form)


@require_POST
@never_cache
def submit(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Lay it before a second person."""
    return _step(request, public_id, "submit")


@require_POST
@never_cache
def approve(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Approve what was looked at."""
    return _step(request, public_id, "approve")


@require_POST
@never_cache
def give_back(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Give it back to be prepared anew."""
    return _step(request, public_id, "give_back")


@require_POST
@never_cache
def cancel(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Cancel what was not carried out."""
    return _step(request, public_id, "cancel")


@require_GET
@never_cache
def file(request: HttpRequest, public_id: uuid.UUID) -> FileResponse:
    """The decision as a file."""
    found = reform_get_for(access_of(request.user), public_id)
    if found.attachment is None:
        raise NotVisible
    return attachment_response(found.attachment)


Act = Callable[..., UnitReform]
STEPS: dict[str, tuple[type[f.VersionForm], Callable[..., Text | None], Act]] = {
    "submit": (f.VersionForm, may_change, services.reform_submit),
    "approve": (f.ApproveForm, may_approve, services.reform_approve),
    "give_back": (f.ReasonForm, may_approve, services.reform_return),
    "cancel": (f.ReasonForm, may_cancel, services.reform_cancel),
}


def _step(request: HttpRequest, public_id: uuid.UUID, name: str) -> HttpResponse:
    access = access_of(request.user)
    found = reform_get_for(access, public_id)
    kind, may, act = STEPS[name]
    allow(may(access, found))
    form = kind(request.POST, auto_id=f"{name}_%s")
    if form.is_valid() and done(
        form, lambda: act(access=access, public_id=public_id, **form.cleaned_data)
    ):
        messages.success(request, _("Done."))
        return redirect("continuity_staff:reform", public_id)
    return _reform_page(request, access, found, **{name: form})


def _reform_page(
    request: HttpRequest, access: Access, reform: UnitReform, **given: PortalForm
) -> HttpResponse:
    """The page of a reform, with the form that was refused, if any."""
    is_ahead = reform.state in (ReformState.DRAFT, ReformState.SUBMITTED, ReformState.APPROVED)
    seen = preview(reform, now()) if is_ahead else Preview([], [], [], "")
    steps = {name: form for name, form in _forms(access, reform, seen).items() if form}
    refused = next(iter(given.values()), None)
    if isinstance(refused, f.ApproveForm):
        refused.fresh(seen.digest)
    context = {
        "reform": reform,
        "tone": TONES[ReformState(reform.state)],
        "facts": facts_of(reform),
        "is_ahead": is_ahead,
        "preview": seen,
        "amounts": [amount for amount in seen.amounts if amount.number],
        "counts": counts_of(reform),
        "events": history_of(events_of(reform)),
        "form": refused,
        "steps": steps | given,
        "crumbs": _trail(access, Crumb(reform.number)),
    }
    return _page(request, "continuity/reform.html", context, refused)


def _forms(access: Access, reform: UnitReform, seen: Preview) -> dict[str, PortalForm | None]:
    first = {"version": reform.version}
    given = {
        name: kind(
            initial=first | ({"digest": seen.digest} if name == "approve" else {}),
            auto_id=f"{name}_%s",
        )
        if may(access, reform) is None
        else None
        for name, (kind, may, _act) in STEPS.items()
    }
    changes = given["submit"] is not None and seen.lines
    return {"choices": f.ChoicesForm(reform, seen.lines) if changes else None, **given}


def _stored(form: f.ReformForm) -> str:
    upload = form.cleaned_data["upload"]
    if not upload:
        return ""
    return str(attachment_store(stream=upload, name=upload.name).public_id)


def _page(
    request: HttpRequest, template: str, context: dict[str, Any], form: PortalForm | None
) -> HttpResponse:
    status = 422 if form is not None and form.errors else 200
    return render(request, template, {"form": None} | context, status=status)


def _trail(access: Access, *more: Crumb, is_list: bool = False) -> list[Crumb]:
    """The way back, as far as the person may go it: who only sees a reform of the own unit may
    neither see the board nor the list."""
    trail = []
    if may_see_board(access) is None:
        trail.append(Crumb(_("No interruption"), reverse("continuity_staff:board")))
    if not is_list and may_see_reforms(access) is None:
        trail.append(Crumb(_("Reforms of units"), reverse("continuity_staff:reforms")))
    return [*trail, *more]


def _own_crumb(reform: UnitReform) -> Crumb:
    return Crumb(reform.number, reverse("continuity_staff:reform", args=[reform.public_id]))
