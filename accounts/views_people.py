"""People and roles, for elevated administrators."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts import selectors_powers as selectors
from accounts import services_keeping as services
from accounts.access import Access, access_of
from accounts.forms_powers import (
    AccountForm,
    CloseForm,
    FactorForm,
    RoleEndForm,
    RoleForm,
    StepForm,
)
from accounts.models import User
from accounts.roles import Permission
from accounts.selectors_own import tokens_of
from accounts.selectors_units import unit_choices, unit_where
from accounts.sensitive import sensitive_change
from accounts.services_opening import account_open
from accounts.views_powers import done, need, told
from common.errors import InvalidInput, NotPermitted
from common.forms import PortalForm
from common.text import storable
from common.time import today


def is_to_elevate(access: Access) -> bool:
    """Whether an administrator has to take elevated rights first."""
    return access.has(Permission.ELEVATE) and not access.has(Permission.ACCOUNT_KEEP)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def people(request: HttpRequest) -> HttpResponse:
    """The people of a unit and what they hold or held; accounts without any role. A name is
    asked for by POST: names stand in no address."""
    access = access_of(request.user)
    if is_to_elevate(access):
        return redirect("powers:elevation")
    need(access, Permission.ACCOUNT_KEEP)
    code = request.GET.get("unit", "")
    unit = unit_where(code) if code else None
    name = storable(request.POST.get("name", ""))[:120].strip()
    if name:
        rows, unit = selectors.people_named(name), None
    else:
        rows = selectors.people_of(unit) if unit else selectors.people_without_role()
    context = {"rows": rows, "unit": unit, "units": unit_choices(), "name": name}
    return render(request, "accounts/people.html", context)


@require_http_methods(["GET", "POST"])
@sensitive_change
@never_cache
def account_new(request: HttpRequest) -> HttpResponse:
    """Open an account; its roles are given on the next page."""
    access = access_of(request.user)
    if is_to_elevate(access):
        return redirect("powers:elevation")
    need(access, Permission.ACCOUNT_KEEP)
    form = AccountForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and done(form, lambda: account_open(access=access, **form.cleaned_data)):
        messages.success(
            request, _("The account is open; the link for its password is on its way.")
        )
        return redirect("powers:people")
    status = 422 if form.errors else 200
    return render(request, "accounts/account_new.html", {"form": form}, status=status)


@require_http_methods(["GET", "POST"])
@sensitive_change
@never_cache
def person(request: HttpRequest, token: str) -> HttpResponse:
    """Roles of a person from–to, the history, and one more role."""
    access = access_of(request.user)
    user = services.account_for(access, selectors.person_of(token))
    if request.method != "POST":
        return _person_page(request, user, token)
    form = RoleForm(request.POST, unit_choices())
    if form.is_valid() and done(
        form, lambda: services.role_give(access=access, person=user.pk, plan=form.plan())
    ):
        return redirect("powers:person", token)
    return _person_page(request, user, token, {"role_form": form})


def _person_page(
    request: HttpRequest,
    user: User,
    token: str,
    refused: dict[str, PortalForm] | None = None,
    ending: int | None = None,
) -> HttpResponse:
    """The page of a person; ``refused``: the form that did not do, with what was typed, under its
    name; ``ending``: the role beside which it stands."""
    context: dict[str, Any] = {
        "role_form": RoleForm(None, unit_choices()),
        "factor_form": FactorForm(),
        "close_form": CloseForm(),
        "tokens": tokens_of(user),
        "shown": user,
        "token": token,
        "roles": selectors.roles_of(user.pk, today()),
        "history": selectors.person_history(user.pk),
        "sign_in": selectors.sign_in_state(user),
        "ending": ending,
    }
    for name, form in (refused or {}).items():
        context |= {name: form, "form": form}  # by the latter the title says that there are errors
    status = 422 if refused else 200
    return render(request, "accounts/person.html", context, status=status)


@require_POST
@sensitive_change
@never_cache
def role_end(request: HttpRequest, token: str, held: str) -> HttpResponse:
    """The last day of one role; a day that cannot be stays beside that role with the reason."""
    access = access_of(request.user)
    user = services.account_for(access, selectors.person_of(token))
    change: dict[str, Any] = {
        "access": access,
        "person": user.pk,
        "membership": selectors.key_of(selectors.HELD, held),
    }
    form = RoleEndForm(request.POST, auto_id="end_%s")
    if form.is_valid() and done(
        form, lambda: services.role_end(**change, valid_to=form.cleaned_data["valid_to"])
    ):
        messages.success(request, _("The role ends on that day."))
        return redirect("powers:person", token)
    return _person_page(request, user, token, {"end_form": form}, change["membership"])


@require_POST
@sensitive_change
@never_cache
def person_do(request: HttpRequest, token: str) -> HttpResponse:
    """End a lock, all sign-ins, one token; remove a lost factor; close the account, open it.

    Raises NotVisible, InvalidInput (a step that is none)."""
    access = access_of(request.user)
    user = services.account_for(access, selectors.person_of(token))
    asked = StepForm(request.POST)
    if not asked.is_valid():
        raise InvalidInput
    step = asked.cleaned_data["do"]
    who: dict[str, Any] = {"access": access, "person": user.pk}
    if step in _GROUNDED:
        return _with_ground(request, user, token, step, who)
    change, words = _PLAIN[step]
    if step == "token":
        who["public_id"] = asked.token_number()
    told(request, lambda: change(**who), str(words))
    return redirect("powers:person", token)


def _with_ground(
    request: HttpRequest, user: User, token: str, step: str, who: dict[str, Any]
) -> HttpResponse:
    """A step that asks why; a ground that is not enough stays on the page with the reason."""
    name, kind, change, words = _GROUNDED[step]
    form = kind(request.POST)
    try:
        if form.is_valid() and done(
            form, lambda: change(**who, ground=form.cleaned_data["ground"])
        ):
            messages.success(request, str(words))
            return redirect("powers:person", token)
    except NotPermitted as error:
        messages.warning(request, str(error.message))
        return redirect("powers:person", token)
    return _person_page(request, user, token, {name: form})


_PLAIN: dict[str, tuple[Callable[..., Any], Promise]] = {
    "unlock": (services.lock_end, gettext_lazy("The account is not locked any more.")),
    "sign_out": (services.sign_ins_end, gettext_lazy("All its sign-ins and tokens are ended.")),
    "token": (services.token_end, gettext_lazy("The token is revoked.")),
}
# Step → the form on the page, its class, the service, what is said afterwards
_GROUNDED: dict[str, tuple[str, type[PortalForm], Callable[..., Any], Promise]] = {
    "factor": (
        "factor_form",
        FactorForm,
        services.second_factor_clear,
        gettext_lazy("The second factor is removed; the next sign-in leads to the set-up."),
    ),
    "close": (
        "close_form",
        CloseForm,
        services.account_close,
        gettext_lazy("The account is closed; its sign-ins and tokens are ended."),
    ),
    "reopen": (
        "close_form",
        CloseForm,
        services.account_reopen,
        gettext_lazy("The account is open again."),
    ),
}
