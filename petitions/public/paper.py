"""Where denunciations are not taken online: where to go, and the letter to print and sign.

Nothing of it is kept: what is typed lives in one request and its answer.
"""

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from common.time import today
from communes.models import Unit
from communes.selectors import unit_by_code
from petitions.enums import Kind
from petitions.forms_lost import PaperForm
from petitions.public.check import position_label, unit_name
from petitions.public.requests import UnreadableError, body_read, form_refused, is_own_form
from petitions.public.steps import unit_wished
from petitions.receivers import receiver_of

BOARD = "BTCD"


# Exempt from the middleware only to make the same check here. A refused form comes back empty: it
# may be the browser's memory of somebody who left quickly.
@csrf_exempt
@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def paper_form(request: HttpRequest) -> HttpResponse:
    """Why, where to go, what to bring; a POST shows the filled letter, for this one answer."""
    if settings.DENUNCIATION_MODE != "off":
        raise Http404
    if request.method != "POST":
        unit = unit_wished(request)
        return _ask(request, PaperForm(initial={"unit": unit.code if unit else ""}))
    try:
        body_read(request)
    except UnreadableError as error:
        return _ask(request, PaperForm(), status=error.status, trouble=error.message)
    refusal = form_refused(request)
    if refusal is not None:
        own = is_own_form(request)
        return _ask(request, PaperForm(), status=403, has_expired=True) if own else refusal
    form = PaperForm(request.POST)
    if not form.is_valid():
        return _ask(request, form)
    if "change" in request.POST:
        return _ask(request, _typed(request))
    return _letter(request, form)


def _typed(request: HttpRequest) -> PaperForm:
    """What was typed, not judged."""
    names = PaperForm.base_fields
    return PaperForm(initial={name: request.POST.get(name, "") for name in names})


def _ask(request: HttpRequest, form: PaperForm, status: int = 200, **extra: Any) -> HttpResponse:
    context = {"form": form, "board": unit_by_code(BOARD), "has_expired": False, "trouble": ""}
    page = "petitions/public/paper_form.html"
    return render(request, page, {**context, **extra}, status=status)


def _letter(request: HttpRequest, form: PaperForm) -> HttpResponse:
    data = form.cleaned_data
    names = ("full_name", "address", "identity_number", "phone")
    context = {
        "form": form,
        "letter": None,
        "answers": {
            "petitioners": [{name: data[name] for name in names}],
            "subject": data["subject"],
            "content": data["content"],
            "request": data["request"],
        },
        "unit": _receiver(data["unit"], data["about_unit"]),
        "addressed": unit_by_code(data["unit"]),
        "board": unit_by_code(BOARD),
        "about": {"name": data["name"]},
        "about_unit": unit_name(data["about_unit"]),
        "about_position": position_label(data["position"]),
        "is_denunciation": True,
        "on": today(),
    }
    return render(request, "petitions/public/paper_letter.html", context)


def _receiver(addressed: str, about: str) -> Unit:
    """The addressed unit, or the neutral body where the denounced works in it."""
    unit = unit_by_code(addressed)
    assert unit is not None
    return receiver_of(Kind.DENUNCIATION, unit, unit_by_code(about) or None)
