"""Elevated rights, people and their roles, rights handed over."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import selectors_powers as selectors
from accounts.access import Access, access_of
from accounts.forms_powers import DelegationForm, ElevationForm
from accounts.roles import ELEVATED, Permission
from accounts.selectors_unit import units_shown
from accounts.selectors_units import unit_where
from accounts.sensitive import sensitive, sensitive_change
from accounts.services_delegation import delegation_give, delegation_revoke, rights_by_position
from accounts.services_elevation import elevation_begin, elevation_end
from common.errors import Conflict, DomainError, InvalidInput, NotVisible
from common.forms import PortalForm
from common.time import now, today


def done(form: PortalForm, change: Callable[[], Any]) -> bool:
    """Whether the service did it; what it said otherwise stands in the form."""
    try:
        change()
    except (InvalidInput, Conflict) as error:
        form.show_errors(error)
        return False
    return True


def need(access: Access, permission: Permission) -> None:
    if not access.has(permission):
        raise NotVisible


@require_http_methods(["GET", "POST"])
@sensitive_change
@never_cache
def elevation(request: HttpRequest) -> HttpResponse:
    """Take elevated rights."""
    access = access_of(request.user)
    need(access, Permission.ELEVATE)
    form = ElevationForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and done(form, lambda: elevation_begin(access=access, **form.cleaned_data)):
        messages.success(request, _("Your rights are elevated. Everything you do is recorded."))
        return redirect("powers:elevation")
    context = {
        "form": form,
        "rights": selectors.permission_words(sorted(ELEVATED)),
        "is_elevated": access.has(Permission.ACCOUNT_KEEP),
    }
    status = 422 if form.errors else 200
    return render(request, "accounts/elevation.html", context, status=status)


@require_POST
@never_cache
def elevation_over(request: HttpRequest) -> HttpResponse:
    access = access_of(request.user)
    need(access, Permission.ELEVATE)
    if elevation_end(access=access):
        messages.success(request, _("The elevated rights are given back."))
    return redirect("powers:elevation")


@require_safe
@never_cache
def elevations(request: HttpRequest) -> HttpResponse:
    """Who took elevated rights, when and what for: for administrators and who watches them."""
    need(access_of(request.user), Permission.ELEVATION_VIEW)
    context = {"rows": selectors.elevations_lately(100), "now": now()}
    return render(request, "accounts/elevations.html", context)


@require_http_methods(["GET"])
@never_cache
def delegations(request: HttpRequest) -> HttpResponse:
    """Given and received; whoever decides in a unit hands over from here. Elevated administrators
    see what is in force anywhere and take it back."""
    access = access_of(request.user)
    if not access.has(Permission.ACCOUNT_KEEP):
        need(access, Permission.CASE_VIEW)
    context = {
        "rows": selectors.delegations_around(access, today()),
        "units": selectors.giving_units(access, today()),
    }
    return render(request, "accounts/delegations.html", context)


@require_http_methods(["GET", "POST"])
@sensitive
@never_cache
def delegation_new(request: HttpRequest, code: str) -> HttpResponse:
    access = access_of(request.user)
    unit = unit_where(code)
    own = rights_by_position(access.actor_id, unit.pk, today())
    if Permission.CASE_DECIDE not in own:
        raise NotVisible
    colleagues = selectors.colleagues_in(unit, today(), access.actor_id)
    form = DelegationForm(request.POST if request.method == "POST" else None, colleagues, own)
    if form.is_valid() and done(
        form, lambda: delegation_give(access=access, unit=unit, plan=form.plan())
    ):
        messages.success(request, _("The rights are handed over."))
        return redirect("powers:delegations")
    context = {"form": form, "unit": unit}
    status = 422 if form.errors else 200
    return render(request, "accounts/delegation_new.html", context, status=status)


@require_POST
@sensitive_change
@never_cache
def delegation_gone(request: HttpRequest, public_id: UUID) -> HttpResponse:
    try:
        delegation_revoke(access=access_of(request.user), public_id=public_id)
    except Conflict as error:
        messages.warning(request, str(error.message))
    else:
        messages.success(request, _("The rights are taken back."))
    return redirect("powers:delegations")


@require_safe
@never_cache
def unit_people(request: HttpRequest) -> HttpResponse:
    """Who holds what in the units where the reader decides; to read, not to change."""
    access = access_of(request.user)
    need(access, Permission.CASE_DECIDE)
    return render(request, "accounts/unit_people.html", {"units": units_shown(access, today())})


def told(request: HttpRequest, change: Callable[[], Any], words: str) -> None:
    """Do it and say so, or say why not."""
    try:
        change()
    except DomainError as error:
        if error.status == 404:
            raise
        fields = [str(text) for texts in error.fields.values() for text in texts]
        messages.warning(request, " ".join(fields) or str(error.message))
    else:
        messages.success(request, words)
