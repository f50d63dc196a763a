"""The own account: open sign-ins, what happened, tokens for other systems."""

from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.forms_own import CodesForm, TokenForm
from accounts.kept import KEPT_KEY, form_kept
from accounts.middleware import SESSION_KEY
from accounts.models import User
from accounts.selectors_own import account_news, sign_ins_open, tokens_of
from accounts.sensitive import sensitive, sensitive_change
from accounts.services import api_token_create, api_token_revoke
from accounts.services_sign_ins import sign_in_revoke, sign_ins_revoke
from common.errors import Conflict, InvalidInput
from common.idempotency import once
from common.middleware import NEVER_SHOWN, TYPED_LENGTH
from common.time import now, today


def _me(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


@require_safe
@never_cache
def kept_form(request: HttpRequest) -> HttpResponse:
    """What was typed when the sign-in ended: read it, copy it, or send it after all."""
    form = form_kept(request.session.get(KEPT_KEY), _me(request).pk, now())
    if form is None:
        request.session.pop(KEPT_KEY, None)
        return redirect("cases:desk")
    shown = [form.fields[name] for name in form.fields if name not in NEVER_SHOWN]
    typed = [text for texts in shown for text in texts if len(text) > TYPED_LENGTH]
    context = {"form": form, "typed": typed}
    return render(request, "accounts/kept.html", context)


@require_safe
@never_cache
def sign_ins(request: HttpRequest) -> HttpResponse:
    """Where the person is signed in, and what happened to the account of late."""
    user = _me(request)
    context = {
        "rows": sign_ins_open(user, request.session.get(SESSION_KEY)),
        "news": account_news(user.pk),
    }
    return render(request, "accounts/sign_ins.html", context)


@require_POST
@sensitive_change
@never_cache
def sign_in_gone(request: HttpRequest, public_id: UUID) -> HttpResponse:
    sign_in_revoke(user=_me(request), public_id=public_id)
    messages.success(request, _("The sign-in is ended."))
    return redirect("account_sign_ins")


@require_POST
@sensitive_change
@never_cache
def sign_ins_others(request: HttpRequest) -> HttpResponse:
    sign_ins_revoke(user=_me(request), keep=request.session.get(SESSION_KEY))
    messages.success(request, _("All other sign-ins are ended."))
    return redirect("account_sign_ins")


@require_safe
@never_cache
def tokens(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/tokens.html", {"rows": tokens_of(_me(request))})


@require_http_methods(["GET", "POST"])
@sensitive
@never_cache
def token_new(request: HttpRequest) -> HttpResponse:
    """The token is in this one answer and nowhere else."""
    form = TokenForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            context = {"token": _token_once(_me(request), form), "name": form.plan().name}
            return render(request, "accounts/token_shown.html", context)
        except Conflict:
            form.add_error(None, _("This form made a token already. Open the page anew."))
    status = 422 if form.errors else 200
    return render(request, "accounts/token_new.html", {"form": form}, status=status)


def _token_once(user: User, form: TokenForm) -> str:
    """The new token; "" when this very form made it before. Raises Conflict: with other values."""
    made: list[str] = []
    plan = form.plan()

    def work(salt: bytes) -> dict[str, Any]:
        made.append(api_token_create(user=user, plan=plan))
        return {}

    once(f"token:{user.pk}", form.request_key(), asdict(plan), work)
    return "".join(made)


@require_POST
@sensitive_change
@never_cache
def token_gone(request: HttpRequest, public_id: UUID) -> HttpResponse:
    api_token_revoke(user=_me(request), public_id=public_id)
    messages.success(request, _("The token is revoked: it opens nothing any more."))
    return redirect("account_tokens")


@require_POST
@sensitive_post_parameters()
@never_cache
def codes_file(request: HttpRequest) -> HttpResponse:
    """The recovery codes that the page before showed once, sent back as a file.

    They come from that page and are compared with nothing: an answer that knew which codes are
    right would help whoever guesses. Raises InvalidInput for anything but codes.
    """
    form = CodesForm(request.POST)
    if not form.is_valid():
        raise InvalidInput
    context = {"codes": form.cleaned_data["codes"].split(), "user": _me(request), "day": today()}
    kind = "text/plain; charset=utf-8"
    answer = render(request, "mfa/recovery_codes/file.txt", context, content_type=kind)
    answer["Content-Disposition"] = 'attachment; filename="ma-du-phong.txt"'
    return answer
