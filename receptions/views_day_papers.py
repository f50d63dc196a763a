"""Refusing a visitor and the papers of the day: forms 01/TCD and 02/TCD."""

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import Access
from common.errors import DomainError, NotPermitted, NotVisible
from common.forms import done
from common.time import local_date, today
from papers.models import IssuedFile
from receptions import selectors_day
from receptions.forms_day import (
    PaperForm,
    RefusalPaperForm,
    RefuseForm,
    SentForm,
    VersionForm,
    VoidForm,
    person_initial,
)
from receptions.kept_files import receipt_kept, refusal_kept
from receptions.limits import REFUSAL, legal_date_known
from receptions.models import ReceptionSession, Refusal
from receptions.paper_subjects import refusal_issued, refusal_voided
from receptions.papers import receipt_pdf, refusal_pdf
from receptions.policies import can_issue_papers
from receptions.refusal_grounds import grounds
from receptions.selectors import Visitor
from receptions.selectors_papers import papers_voided
from receptions.services.papers_taken import OPEN, paper_give_back, paper_take
from receptions.services.refusals import (
    refusal_issue,
    refusal_prepare,
    refusal_send,
    refusal_undo,
    refusal_void,
    visitor_refuse,
)
from receptions.views_day import desk_access
from receptions.views_steps import form_status, pdf

PREPARE, ISSUE, SEND, VOID, UNDO = "prepare", "issue", "send", "void", "undo"


@require_http_methods(["GET", "POST"])
@never_cache
def refusal(request: HttpRequest, public_id: uuid.UUID, code: str) -> HttpResponse:
    """Refuse a visitor; afterwards the refusal with its paper."""
    access, found = desk_access(request, public_id)
    seen = selectors_day.visitor_of_day(access, found, code)
    existing = refusal_of(seen)
    if existing is not None:
        return _refused(request, access, found, seen, existing)
    form = RefuseForm(request.POST or None, initial={"version": seen.registration.version})
    typed = request.method == "POST" and form.is_valid()
    named: dict[str, Any] = {"access": access, "session_id": public_id, "code": code}
    if typed and done(form, lambda: visitor_refuse(**named, **form.cleaned_data)):
        messages.success(request, _("The refusal is recorded."))
        return redirect("receptions_staff:refusal", public_id, code)
    context = {"form": form, "session": found, "visitor": seen}
    return render(request, "receptions/staff/refuse.html", context, status=form_status(form))


def refusal_of(seen: Visitor) -> Refusal | None:
    return getattr(seen.registration, "refusal", None)


def _refused(
    request: HttpRequest, access: Access, found: ReceptionSession, seen: Visitor, existing: Refusal
) -> HttpResponse:
    """The recorded refusal: issue its paper, say that it was sent, declare it void, or take the
    refusal back."""
    row = seen.registration
    issued = refusal_issued(existing)
    step = request.POST.get("step", "")
    forms = _forms(seen, issued, request.POST if request.method == "POST" else None, step)
    form: Any = forms.get(step)
    typed = form is not None and form.is_valid()
    if typed and done(form, lambda: _do(step, form, access, found, row.code)):
        messages.success(request, _("Done."))
        if step == UNDO:
            return redirect("receptions_staff:day", found.public_id)
        return redirect("receptions_staff:refusal", found.public_id, row.code)
    context = {
        "session": found,
        "visitor": seen,
        "refusal": existing,
        "ground": grounds()[existing.ground],
        "limit": legal_date_known(REFUSAL, local_date(found.starts_at))
        if existing.is_written
        else None,
        "today": today(),
        "issued": issued,
        "voided": papers_voided(found, refusal_voided(existing)),
        "may_issue": can_issue_papers(access, found.unit_id) is None,
        **{f"{name}_form": form for name, form in forms.items()},
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "receptions/staff/refused.html", context, status=status)


def _forms(seen: Visitor, issued: IssuedFile | None, data: Any, step: str) -> dict[str, Any]:
    """The forms of a recorded refusal, the one that was sent bound."""
    version = seen.registration.version
    of_version = {"version": version}

    def bound(name: str) -> Any:
        return data if name == step else None

    known = person_initial(seen.person or {}, version)
    sent = of_version | {"sent_on": today()}
    return {
        PREPARE: RefusalPaperForm(bound(PREPARE), initial=known, auto_id="prepare_%s"),
        ISSUE: VersionForm(bound(ISSUE), initial=of_version, auto_id="issue_%s"),
        SEND: SentForm(bound(SEND), is_issued=issued is not None, initial=sent, auto_id="send_%s"),
        VOID: VoidForm(bound(VOID), initial=of_version, auto_id="void_%s"),
        UNDO: VersionForm(bound(UNDO), initial=of_version, auto_id="undo_%s"),
    }


_STEPS: dict[str, Callable[..., Any]] = {
    ISSUE: refusal_issue,
    SEND: refusal_send,
    VOID: refusal_void,
    UNDO: refusal_undo,
}


def _do(step: str, form: Any, access: Access, found: ReceptionSession, code: str) -> None:
    named: dict[str, Any] = {"access": access, "session_id": found.public_id, "code": code}
    if step == PREPARE:
        version = form.cleaned_data["version"]
        refusal_prepare(**named, version=version, details=form.details())
    else:
        _STEPS[step](**named, **form.cleaned_data)


@require_safe
@never_cache
def refusal_paper(request: HttpRequest, public_id: uuid.UUID, code: str) -> HttpResponse:
    """Form 01/TCD, where the law wants it."""
    access, found = desk_access(request, public_id)
    seen = selectors_day.visitor_of_day(access, found, code)
    existing = refusal_of(seen)
    if existing is None or not existing.is_written:
        raise NotVisible
    body = refusal_kept(existing) or refusal_pdf(seen.registration, existing)
    return pdf(body, "mau-01-tcd.pdf")


@require_http_methods(["GET", "POST"])
@never_cache
def papers(request: HttpRequest, public_id: uuid.UUID, code: str) -> HttpResponse:
    """Papers taken from a visitor, line by line."""
    access, found = desk_access(request, public_id)
    seen = selectors_day.visitor_of_day(access, found, code)
    form = PaperForm(request.POST or None)
    typed = request.method == "POST" and form.is_valid()
    named: dict[str, Any] = {"access": access, "session_id": public_id, "code": code}
    if typed and done(form, lambda: paper_take(**named, paper=form.paper())):
        return redirect("receptions_staff:papers", public_id, code)
    context = {
        "form": form,
        "session": found,
        "visitor": seen,
        "papers": selectors_day.papers_shown(access, seen.registration),
        "is_open": seen.registration.status in OPEN,
    }
    return render(request, "receptions/staff/papers.html", context, status=form_status(form))


@require_POST
@never_cache
def paper_remove(
    request: HttpRequest, public_id: uuid.UUID, code: str, position: int
) -> HttpResponse:
    """Take a line off the list while the visit is open."""
    access, _found = desk_access(request, public_id)
    try:
        paper_give_back(access=access, session_id=public_id, code=code, position=position)
    except (NotVisible, NotPermitted):
        raise
    except DomainError as error:
        messages.error(request, str(error.message))
    return redirect("receptions_staff:papers", public_id, code)


@require_safe
@never_cache
def papers_receipt(request: HttpRequest, public_id: uuid.UUID, code: str) -> HttpResponse:
    """Form 02/TCD for printing and two signatures."""
    access, found = desk_access(request, public_id)
    seen = selectors_day.visitor_of_day(access, found, code)
    row = seen.registration
    lines = selectors_day.papers_shown(access, row)
    if not lines:
        raise NotVisible
    return pdf(receipt_kept(access, row) or receipt_pdf(row, lines), "mau-02-tcd.pdf")
