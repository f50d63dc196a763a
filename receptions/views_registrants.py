"""Registrations in the hands of officers: the counter, the queue, changes for who calls."""

import secrets
import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import Access
from common.codes import secret_from_salt
from common.errors import DomainError, NotPermitted, NotVisible
from common.forms import done
from common.idempotency import once
from common.time import local_date, now, today
from receptions import policies, selectors
from receptions.forms_register import (
    CounterForm,
    OfficerCancelForm,
    OfficerChangeForm,
    PriorityForm,
)
from receptions.models import ReceptionSession
from receptions.registrants import matter_initial, queue_of, registrant_context
from receptions.selectors import Visitor
from receptions.selectors_places import slots_free
from receptions.selectors_plan import calls_count
from receptions.services.registration_changes import (
    priority_set,
    registration_cancel_for,
    registration_change_for,
)
from receptions.services.registrations import registration_create_for
from receptions.views_steps import form_status, reception_access


def _counter(request: HttpRequest, public_id: uuid.UUID) -> tuple[Access, ReceptionSession]:
    """The session for somebody who registers visitors there."""
    access = reception_access(request)
    found = selectors.session_get_for(access, public_id)
    refusal = policies.can_register_visitors(access, found.unit_id)
    if refusal is not None:
        raise NotPermitted(refusal)
    return access, found


def _registrant(request: HttpRequest, public_id: uuid.UUID, code: str) -> tuple[Access, Visitor]:
    access, found = _counter(request, public_id)
    visitor = selectors.visitor_get(access, found, code)
    visitor.registration.session = found
    return access, visitor


@require_http_methods(["GET", "POST"])
@never_cache
def register(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Register somebody at the counter; the slip with the secret is printed once."""
    access, found = _counter(request, public_id)
    is_today = local_date(found.starts_at) == today()
    from_desk = is_today and "walk_in" in request.GET
    form = CounterForm(
        request.POST or None,
        is_today=is_today,
        session=found,
        slots=slots_free(found, after=now()),
        initial={"walk_in": from_desk},
    )
    key = request.POST.get("key", "")[:64] or secrets.token_hex(16)
    if request.method == "POST" and form.is_valid():
        answer = _try_register(access, found, form, key)
        if answer is not None:
            context = answer | {
                "session": found,
                "from_desk": from_desk,
                "registration": selectors.registration_by_code(answer["answer"]["code"]),
            }
            return render(request, "receptions/staff/registered.html", context, status=201)
    context = {"form": form, "session": found, "key": key, "from_desk": from_desk}
    return render(request, "receptions/staff/register.html", context, status=form_status(form))


def _try_register(
    access: Access, found: ReceptionSession, form: CounterForm, key: str
) -> dict[str, Any] | None:
    def work(salt: bytes) -> dict[str, Any]:
        return registration_create_for(
            access=access, session_id=found.public_id, salt=salt, **form.inputs()
        ).answer

    try:
        body = [str(found.public_id), form.cleaned_data]
        answer, salt = once(f"registration:{access.user_id}", key, body, work)
    except NotVisible:
        form.add_error("petition_code", _("There is no petition with this code and secret."))
    except DomainError as error:
        form.show_errors(error)
    else:
        return {"answer": answer, "secret": secret_from_salt(salt)}
    return None


@require_safe
@never_cache
def registrants(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """The queue in its order, with the way to the list of calls."""
    access = reception_access(request)
    found = selectors.session_get_for(access, public_id)
    sees = policies.can_see_visitors(access, found.unit_id)
    context = {
        "session": found,
        "entries": queue_of(access, found),
        "calls_count": calls_count(found) if sees else 0,
        "sees_visitors": sees,
        "may_register": policies.can_register_visitors(access, found.unit_id) is None,
    }
    return render(request, "receptions/staff/registrants.html", context)


@require_safe
@never_cache
def registrant(request: HttpRequest, public_id: uuid.UUID, code: str) -> HttpResponse:
    """One registration: the words to compare with who calls, and what can be done."""
    access, visitor = _registrant(request, public_id, code)
    return _page(request, access, visitor)


def _page(request: HttpRequest, access: Access, visitor: Visitor, **bound: Any) -> HttpResponse:
    row = visitor.registration
    version = {"version": row.version}
    context = registrant_context(access, row.session, visitor) | {
        "cancel_form": OfficerCancelForm(initial=version, auto_id="cancel_%s"),
        "priority_form": PriorityForm(
            initial=version | {"priority": row.priority}, auto_id="priority_%s"
        ),
    }
    status = 422 if bound else 200
    return render(request, "receptions/staff/registrant.html", context | bound, status=status)


@require_http_methods(["GET", "POST"])
@never_cache
def change(request: HttpRequest, public_id: uuid.UUID, code: str) -> HttpResponse:
    """Change for a visitor who called, after the words on the page were compared."""
    access, visitor = _registrant(request, public_id, code)
    row = visitor.registration
    form = OfficerChangeForm(
        request.POST or None,
        session=row.session,
        slots=slots_free(row.session, but=row) if row.has_place else (),
        initial=matter_initial(row),
    )
    if request.method == "POST" and form.is_valid():
        asked: dict[str, Any] = {"access": access, "session_id": public_id, "code": code}
        version = form.cleaned_data["version"]
        work = lambda: registration_change_for(  # noqa: E731
            **asked, version=version, change=form.change()
        )
        if done(form, work):
            messages.success(request, _("The registration was changed."))
            return redirect("receptions_staff:registrant", public_id, code)
    context = {"form": form, **registrant_context(access, row.session, visitor)}
    template = "receptions/staff/registrant_change.html"
    return render(request, template, context, status=form_status(form))


@require_POST
@never_cache
def cancel(request: HttpRequest, public_id: uuid.UUID, code: str) -> HttpResponse:
    """Cancel for a visitor who called or who declines a place that came up."""
    access, visitor = _registrant(request, public_id, code)
    form = OfficerCancelForm(request.POST, auto_id="cancel_%s")
    asked: dict[str, Any] = {"access": access, "session_id": public_id, "code": code}
    if form.is_valid() and done(
        form, lambda: registration_cancel_for(**asked, version=form.cleaned_data["version"])
    ):
        messages.success(request, _("The registration was cancelled; the place passes on."))
        return redirect("receptions_staff:registrants", public_id)
    return _page(request, access, visitor, cancel_form=form)


@require_POST
@never_cache
def priority(request: HttpRequest, public_id: uuid.UUID, code: str) -> HttpResponse:
    """First in the queue, or no longer, with a reason."""
    access, visitor = _registrant(request, public_id, code)
    form = PriorityForm(request.POST, auto_id="priority_%s")
    asked: dict[str, Any] = {"access": access, "session_id": public_id, "code": code}
    if form.is_valid() and done(form, lambda: priority_set(**asked, **form.cleaned_data)):
        messages.success(request, _("Done."))
        return redirect("receptions_staff:registrant", public_id, code)
    return _page(request, access, visitor, priority_form=form)
