"""Who is signed in, and what a signed-in person must have before going on."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth import get_user
from django.contrib.auth.middleware import AuthenticationMiddleware, LoginRequiredMiddleware
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from accounts.kept import KEPT_KEY, NEVER_KEPT, KeptForm, form_keep, forms_drop
from accounts.models import User
from accounts.policies import needs_second_factor
from accounts.services_sign_ins import sign_in_holds
from common.middleware import previous_page
from common.time import now

SESSION_KEY = "sign_in"
STAFF = "/can-bo/"
# Besides what needs no sign-in at all: setting it up, confirming the password, leaving.
WITHOUT = {
    "mfa_index",
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "account_logout",
    "account_reauthenticate",
    "account_change_password",
}


class SignedIn(AuthenticationMiddleware):
    """``request.user``, while the sign-in that its session names is open."""

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        person: Any = SimpleLazyObject(lambda: _person(request))  # stands for either kind of user
        request.user = person


def _person(request: HttpRequest) -> User | AnonymousUser:
    known: User | AnonymousUser | None = request.__dict__.get("_person")
    if known is None:
        known = _believed(request)
        request.__dict__["_person"] = known
    return known


def _believed(request: HttpRequest) -> User | AnonymousUser:
    known = get_user(request)
    if not isinstance(known, User):
        return AnonymousUser()
    if not sign_in_holds(known, request.session.get(SESSION_KEY)):
        request.session.flush()
        request.__dict__["_was"] = known.pk
        return AnonymousUser()
    forms_drop(request.session, now())
    return known


class SignInFirst(LoginRequiredMiddleware):
    """Leads to the sign-in; a form that was sent too late is not lost by it.

    After the sign-in comes the page where the form stood: the address that it was sent to often
    answers no GET. Whose sign-in has just ended finds there what was typed.
    """

    def handle_no_permission(self, request: HttpRequest, view_func: Any) -> HttpResponseRedirect:
        if request.method in ("GET", "HEAD") or not request.path.startswith(STAFF):
            return super().handle_no_permission(request, view_func)
        page = previous_page(request)
        page = page if page.startswith(STAFF) else reverse("cases:desk")
        person = request.__dict__.get("_was")
        texts = {name: request.POST.getlist(name) for name in request.POST.keys() - NEVER_KEPT}
        form = KeptForm(request.path, page, texts, bool(request.FILES))
        kept = form_keep(person, form, now()) if person else None
        if kept is not None:
            request.session[KEPT_KEY] = kept
            page = reverse("account_kept")
        return redirect_to_login(page)


class SecondFactorFirst:
    """Leads a person without a second factor to where it is set up."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        match = request.resolver_match
        if not getattr(view, "login_required", True) or (match and match.url_name in WITHOUT):
            return None
        user = request.user
        if not user.is_authenticated or not needs_second_factor(user):
            return None
        return redirect(reverse("mfa_index"))
