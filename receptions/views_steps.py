"""What the pages of officers share: who may look, one step of a session, what was refused."""

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts.access import Access, access_of
from accounts.roles import Permission
from common.errors import NotPermitted, NotVisible, Text
from common.forms import done
from receptions import policies, selectors
from receptions.models import ReceptionSession
from receptions.staff import session_context


def reception_access(request: HttpRequest) -> Access:
    """The caller's access; people without any sight of receptions do not see these pages."""
    access = access_of(request.user)
    if not access.has(Permission.RECEPTION_VIEW):
        raise NotVisible
    return access


def session_step(
    request: HttpRequest,
    public_id: uuid.UUID,
    name: str,
    form: Any,
    service: Callable[..., Any],
    *,
    may: Callable[[Access, int], Text | None] = policies.can_plan_sessions,
    said: Callable[[Any], str] | None = None,
    **extra: Any,
) -> HttpResponse:
    """Do one step of a session, or show its page again with the form as it was typed.

    ``service`` gets the cleaned values of the form and ``extra``; ``said`` makes the message of
    what it returned.
    """
    access = reception_access(request)
    found = selectors.session_get_for(access, public_id)
    refusal = may(access, found.unit_id)
    if refusal is not None:
        raise NotPermitted(refusal)
    results: list[Any] = []
    if form.is_valid():
        values = {"access": access, "public_id": public_id, **form.values(), **extra}
        if done(form, lambda: results.append(service(**values))):
            messages.success(request, said(results[0]) if said else _("Done."))
            return redirect("receptions_staff:session", public_id)
    return session_page(request, access, found, **{name: form})


def session_page(
    request: HttpRequest, access: Access, found: ReceptionSession, **bound: Any
) -> HttpResponse:
    """The officers' page of a session; with ``bound`` forms it says that something is wrong."""
    context = session_context(access, found) | bound
    status = 422 if bound else 200
    return render(request, "receptions/staff/session.html", context, status=status)


def form_status(*forms: Any) -> int:
    """422 where something that was typed cannot be used, so that programs and tests see it too."""
    return 422 if any(form.is_bound and form.errors for form in forms) else 200


def pdf(body: bytes, name: str) -> HttpResponse:
    """A paper shown in the browser."""
    headers = {"Content-Disposition": f'inline; filename="{name}"'}
    return HttpResponse(body, content_type="application/pdf", headers=headers)
