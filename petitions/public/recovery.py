"""Code or secret lost: an e-mail address, a one-time code, the own letters, a new secret."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from common.errors import NotVisible
from common.net import client_address
from common.ratelimit import limit
from common.time import local_date
from petitions.forms_lost import LostForm, OnceForm, RenewForm
from petitions.models import Letter
from petitions.selectors_public import RECOVERY_LIFE, recovered_letters
from petitions.services.recovery import recovery_ask, recovery_confirm, recovery_renew

# No session: those lie in the database, beside what only this token is to open.
COOKIE = "cap-lai"
COOKIE_PATH = "/tra-cuu/mat-ma/"


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def lost(request: HttpRequest) -> HttpResponse:
    """The e-mail address; every well-formed one gets the same answer by the same steps."""
    form = LostForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        limit("recover", client_address(request))
        if form.is_valid():
            email = form.cleaned_data["email"]
            limit("recover_mail", email.lower())
            return _cookie_set(redirect("petitions:lost_code"), recovery_ask(email=email))
    return render(request, "petitions/public/lost.html", {"form": form})


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def lost_code(request: HttpRequest) -> HttpResponse:
    """The one-time code, in the browser that asked for it."""
    token = request.COOKIES.get(COOKIE, "")
    if not token:
        return redirect("petitions:lost")
    form = OnceForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        limit("track", client_address(request))
        if form.is_valid():
            if recovery_confirm(token=token, code=form.cleaned_data["code"]):
                return redirect("petitions:lost_letters")
            form.add_error(
                "code",
                _(
                    "This code does not fit. It holds for 20 minutes and five tries; after that,"
                    " ask for a new one."
                ),
            )
    return render(request, "petitions/public/lost_code.html", {"form": form})


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def lost_letters(request: HttpRequest) -> HttpResponse:
    """The own letters in work; the chosen one gets a new secret, shown on this one answer."""
    token = request.COOKIES.get(COOKIE, "")
    letters = recovered_letters(token) if token else None
    if letters is None:
        return _begin_again(request)
    form = RenewForm(request.POST if request.method == "POST" else None)
    form.choose("letter", [(letter.code, _line(letter)) for letter in letters])
    if request.method == "POST" and form.is_valid():
        return _renewed(request, token, form.cleaned_data["letter"])
    context = {"form": form, "letters": letters}
    return render(request, "petitions/public/lost_letters.html", context)


def _renewed(request: HttpRequest, token: str, code: str) -> HttpResponse:
    try:
        letter, secret = recovery_renew(token=token, code=code)
    except NotVisible:
        return _begin_again(request)
    context: dict[str, Any] = {"letter": letter, "secret": secret}
    return recovery_forget(render(request, "petitions/public/renewed.html", context))


def _begin_again(request: HttpRequest) -> HttpResponse:
    messages.info(request, _("The time to answer has passed. Please begin again."))
    return recovery_forget(redirect("petitions:lost"))


def _cookie_set(response: HttpResponse, token: str) -> HttpResponse:
    response.set_cookie(
        COOKIE,
        token,
        max_age=RECOVERY_LIFE,
        path=COOKIE_PATH,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


def recovery_forget(response: HttpResponse) -> HttpResponse:
    """Take the asking from this browser."""
    response.delete_cookie(COOKIE, path=COOKIE_PATH, samesite="Lax")
    return response


def _line(letter: Letter) -> str:
    """Code and date. A kind beside some and none beside others would say which denounce."""
    return f"{letter.code} · {local_date(letter.submitted_at):%d/%m/%Y}"
