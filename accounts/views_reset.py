"""A new password by mail: asking says the same to everybody, the link only opens a page."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.forms_own import NewPasswordForm, ResetForm
from accounts.services_reset import reset_ask, reset_read, reset_use
from common.errors import InvalidInput, NotVisible
from common.net import client_address
from common.ratelimit import limit

KEPT = "password_reset"


@login_not_required
@require_http_methods(["GET", "POST"])
@never_cache
def ask(request: HttpRequest) -> HttpResponse:
    """Ask for the name, answer the same whether or not an account has it."""
    form = ResetForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        limit("password_reset", client_address(request))
        reset_ask(form.cleaned_data["login"])
        return render(request, "account/password_reset_done.html")
    status = 422 if form.errors else 200
    return render(request, "account/password_reset.html", {"form": form}, status=status)


@login_not_required
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
@never_cache
def use(request: HttpRequest) -> HttpResponse:
    """The secret leaves the address at once: it stands in no log and no referrer."""
    if "ma" in request.GET:
        request.session[KEPT] = request.GET["ma"][:80]
        return redirect("account_reset_use")
    secret = request.session.get(KEPT, "")
    form = NewPasswordForm(request.POST if request.method == "POST" else None)
    try:
        username = reset_read(secret).user.username
        if form.is_valid() and _done(form, secret):
            del request.session[KEPT]
            messages.success(request, _("The new password is set. Please sign in."))
            return redirect("account_login")
    except NotVisible:
        return render(request, "account/password_reset_gone.html", status=404)
    status = 422 if form.errors else 200
    context = {"form": form, "username": username}
    return render(request, "account/password_reset_use.html", context, status=status)


def _done(form: forms.Form, secret: str) -> bool:
    try:
        reset_use(secret=secret, password=form.cleaned_data["password"])
    except InvalidInput as error:
        for text in error.fields["password"]:
            form.add_error("password", str(text))
        return False
    return True
