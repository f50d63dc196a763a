"""The desk of the day: who is called, put back, did not come; and the screen of the hall."""

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.access import Access
from common.errors import DomainError, NotPermitted, NotVisible
from common.forms import done
from common.idempotency import KEY_MAX, once
from common.time import local_date, now
from receptions import day_page, policies, selectors, selectors_day
from receptions.forms_day import MoveForm, OnlineStepForm
from receptions.models import ReceptionSession
from receptions.moves import Move
from receptions.services.day import visitor_call_next, visitor_move
from receptions.services.online import online_step_note
from receptions.views_steps import reception_access


def desk_access(request: HttpRequest, public_id: uuid.UUID) -> tuple[Access, ReceptionSession]:
    """Who may work at the desk of a session, and the session. Raises NotVisible, NotPermitted."""
    access = reception_access(request)
    found = selectors.session_get_for(access, public_id)
    refusal = policies.can_record_visits(access, found.unit_id)
    if refusal is not None:
        raise NotPermitted(refusal)
    return access, found


@require_safe
@never_cache
def day(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """The queue of a session with its steps; Enter calls the next number."""
    access, found = desk_access(request, public_id)
    return render(request, "receptions/staff/day.html", day_page.day_context(access, found))


@require_POST
@never_cache
def day_next(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Call the next number. A double click calls once: the page carries a key."""
    access, found = desk_access(request, public_id)

    def work(_salt: bytes) -> dict[str, Any]:
        row = visitor_call_next(access=access, session_id=public_id)
        return {"number": row.queue_number}

    try:
        key = request.POST.get("key", "")[:KEY_MAX]
        answer, _salt = once(f"call-next:{access.user_id}", key, [str(public_id)], work)
    except DomainError as error:
        return _refused(request, access, found, error)
    messages.success(request, _("Number %(number)s is called.") % answer)
    return redirect("receptions_staff:day", public_id)


@require_POST
@never_cache
def day_move(request: HttpRequest, public_id: uuid.UUID, code: str) -> HttpResponse:
    """One step of one visitor."""
    access, found = desk_access(request, public_id)
    form = MoveForm(request.POST)
    if not form.is_valid():
        raise NotVisible
    data = form.cleaned_data
    move = Move(data["move"])
    try:
        row = visitor_move(
            access=access, session_id=public_id, code=code, version=data["version"], move=move
        )
    except (NotVisible, NotPermitted):
        raise
    except DomainError as error:
        return _refused(request, access, found, error)
    said = {"number": row.queue_number, "step": move.label}
    messages.success(request, _("Number %(number)s: %(step)s.") % said)
    return redirect("receptions_staff:day", public_id)


def _refused(
    request: HttpRequest, access: Access, found: ReceptionSession, error: DomainError
) -> HttpResponse:
    """The desk as it stands now, with why the step was not taken."""
    context = day_page.day_context(access, found) | {"problem": error.message}
    return render(request, "receptions/staff/day.html", context, status=error.status)


@require_POST
@never_cache
def online_step(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Note a step of an online reception."""
    access, _found = desk_access(request, public_id)
    form = OnlineStepForm(request.POST)
    if form.is_valid() and done(
        form, lambda: online_step_note(access=access, session_id=public_id, **form.cleaned_data)
    ):
        messages.success(request, _("Done."))
    else:
        for texts in form.errors.values():
            messages.error(request, " ".join(str(text) for text in texts))
    return redirect("receptions_staff:session", public_id)


@require_safe
@never_cache
def staff_screen(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """To the screen of the hall, which needs no sign-in: a sign-in that asks for news every few
    seconds would never end."""
    found = selectors.session_get_for(reception_access(request), public_id)
    return redirect(day_page.screen_href(found))


@login_not_required
@require_safe
@never_cache
def screen(request: HttpRequest, token: str) -> HttpResponse:
    """The numbers of a session for the hall, nothing else, up to the end of its day."""
    moment = now()
    found = selectors_day.session_of_screen(token, moment)
    is_day = local_date(found.starts_at) == local_date(moment)
    context = {
        "session": found,
        "screen": selectors_day.screen_of(found) if is_day else None,
        "at": moment,
    }
    answer = render(request, "receptions/screen.html", context)
    answer["X-Robots-Tag"] = "noindex, nofollow"
    return answer
