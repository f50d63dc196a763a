"""Escalations that wait for the signed-in person's positions, and answering one."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import Access, access_of
from accounts.roles import Permission
from common.errors import DomainError, InvalidInput, NotPermitted, NotVisible
from common.ui import Crumb
from escalation.forms import AnswerForm
from escalation.models import EscalationState
from escalation.selectors import OpenEscalation, mine_get_for, open_for
from escalation.services import escalation_acknowledge


def _access(request: HttpRequest) -> Access:
    access = access_of(request.user)
    if not access.has(Permission.ESCALATION_ANSWER):
        raise NotVisible
    return access


@require_GET
@never_cache
def open_list(request: HttpRequest) -> HttpResponse:
    """Everything that climbed to this person's positions and waits for an answer."""
    rows = open_for(_access(request))
    return render(request, "escalation/open_list.html", {"escalations": rows})


@require_http_methods(["GET", "POST"])
@never_cache
def answer(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One escalation with its form; what was typed stays when something is wrong."""
    access = _access(request)
    item = mine_get_for(access, public_id)
    if not item.may_answer:
        raise NotPermitted
    form = AnswerForm(item.choices, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        done = _try_answer(request, access, item, form)
        if done is not None:
            return done
    elif item.escalation.state != EscalationState.OPEN:
        messages.warning(request, _("This escalation has already been answered or settled."))
        return redirect("escalation:open")
    return _render(request, item, form)


def _render(
    request: HttpRequest, item: OpenEscalation, form: AnswerForm, *, status: int = 200
) -> HttpResponse:
    crumbs = [
        Crumb(_("Escalations"), reverse("escalation:open")),
        Crumb(item.code or _("Escalation")),
    ]
    context = {"item": item, "form": form, "crumbs": crumbs, "is_over": status == 409}
    return render(request, "escalation/answer.html", context, status=status)


def _try_answer(
    request: HttpRequest, access: Access, item: OpenEscalation, form: AnswerForm
) -> HttpResponse | None:
    try:
        escalation_acknowledge(
            access=access,
            public_id=item.escalation.public_id,
            answer=form.answer_given(),
        )
    except InvalidInput as error:
        form.show_errors(error)
        return None
    except (NotPermitted, NotVisible):
        raise
    except DomainError as error:
        form.add_error(None, str(error.message))
        return _render(request, item, form, status=error.status)
    messages.success(request, _("Your answer is in the history of the case."))
    return redirect("escalation:open")
