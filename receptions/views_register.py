"""Registering for a session: holding a place, the form, confirming, changing, cancelling.

No account is needed. Nothing personal stands in an address; code and secret are always posted.
"""

import secrets
import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from common.codes import secret_from_salt
from common.errors import Conflict, DomainError, NotVisible, TooMany
from common.forms import done
from common.idempotency import once
from common.net import client_address
from common.ratelimit import limit
from common.time import now
from petitions.models import Letter
from petitions.public.track import opened_letter
from receptions import present, selectors
from receptions.enums import RegistrationStatus
from receptions.forms_register import ChangeForm, DigitsForm, LookupForm, RegistrationForm
from receptions.models import PlaceHold, ReceptionSession, Registration
from receptions.registrants import matter_initial
from receptions.selectors_places import hold_shown, place_in_line, slots_free, stands_elsewhere
from receptions.services.confirmations import code_resend, registration_confirm
from receptions.services.holds import hold_leave, hold_place, hold_renew
from receptions.services.registration_changes import registration_change
from receptions.services.registrations import registration_cancel, registration_create
from receptions.views_steps import form_status

# Keys in the browser's session.
DONE = "reception_registration"
HOLD = "reception_hold"
BACK = "reception_back"


@login_not_required
@require_POST
@never_cache
def hold(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Open the form with a place kept for 15 minutes; when none can be kept, without."""
    found = selectors.session_get_public(public_id)
    try:
        limit("hold", client_address(request))
        key = request.session.get(HOLD) or secrets.token_urlsafe(24)
        if hold_place(session_id=public_id, key=key) is not None:
            request.session[HOLD] = key
            request.session[BACK] = str(public_id)
            request.session.set_expiry(0)
    except (Conflict, TooMany):
        pass  # The form says what holds without a kept place.
    return redirect("receptions:register", found.public_id)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def register(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Take a place. A double click gives one registration: the form carries its key."""
    found = selectors.session_get_public(public_id)
    if request.method != "POST":
        if not found.is_open(now()):
            return redirect("receptions:session", public_id)
        return _form_page(request, found, _form(request, found), secrets.token_hex(16))
    key = request.POST.get("key", "")[:64] or secrets.token_hex(16)
    if "leave" in request.POST or "renew" in request.POST:
        return _keep_or_leave(request, found, key)
    limit("register", client_address(request))
    form = _form(request, found, request.POST)
    if form.is_valid() and _try_register(request, found, form, key):
        return redirect("receptions:registered")
    return _form_page(request, found, form, key)


def _keep_or_leave(request: HttpRequest, found: ReceptionSession, key: str) -> HttpResponse:
    """Renew the hold, the form comes back as it was typed; or give the place back."""
    held = request.session.get(HOLD, "")
    if "leave" in request.POST:
        if held and hold_leave(session_id=found.public_id, key=held):
            messages.info(request, _("The place is free for others again."))
        return redirect("receptions:session", found.public_id)
    if not held or hold_renew(session_id=found.public_id, key=held) is None:
        messages.warning(request, _("The place can be kept longer once only."))
    typed = _form(request, found, None, initial=request.POST.dict() | _lists(request))
    return _form_page(request, found, typed, key)


def _lists(request: HttpRequest) -> dict[str, list[str]]:
    return {"needs": request.POST.getlist("needs")}


def _form(
    request: HttpRequest, found: ReceptionSession, data: Any = None, **kwargs: Any
) -> RegistrationForm:
    is_full = found.places_taken >= found.capacity and _held(request, found) is None
    kwargs["initial"] = {"waiting_list": is_full} | kwargs.get("initial", {})
    return RegistrationForm(
        data,
        is_full=is_full,
        has_opened=opened_letter(request) is not None,
        session=found,
        slots=slots_free(found),
        **kwargs,
    )


def _held(request: HttpRequest, found: ReceptionSession) -> PlaceHold | None:
    return hold_shown(found, request.session.get(HOLD, ""), now())


def _try_register(
    request: HttpRequest, found: ReceptionSession, form: RegistrationForm, key: str
) -> bool:
    """Register and remember the answer in the browser's session, or say why not."""
    letter = _letter_wanted(request, form)
    if form.cleaned_data.get("email"):
        limit("register_mail", client_address(request))
    inputs = form.inputs(
        hold_key=request.session.get(HOLD, ""), case=letter.case if letter else None
    )
    waiting = bool(form.cleaned_data.get("waiting_list"))

    def work(salt: bytes) -> dict[str, Any]:
        return registration_create(
            session_id=found.public_id, waiting_list=waiting, salt=salt, **inputs
        ).answer

    try:
        body = [str(found.public_id), form.cleaned_data]
        answer, salt = once("registration-form", key, body, work)
    except NotVisible:
        form.add_error("petition_code", _("There is no petition with this code and secret."))
    except DomainError as error:
        _show(form, error)
    else:
        request.session[DONE] = {"code": answer["code"], "salt": salt.hex()}
        request.session.pop(BACK, None)
        request.session.set_expiry(0)
        return True
    return False


def _show(form: RegistrationForm, error: DomainError) -> None:
    """What the service said; that all places are taken stands where one agrees to wait."""
    if error.code == "full" and "waiting_list" in form.fields:
        words = _("All places are taken. Tick this box to be put on the waiting list.")
        form.add_error("waiting_list", words)
    else:
        form.show_errors(error)


def _letter_wanted(request: HttpRequest, form: RegistrationForm) -> Letter | None:
    return opened_letter(request) if form.cleaned_data.get("opened") else None


def _form_page(
    request: HttpRequest, found: ReceptionSession, form: RegistrationForm, key: str
) -> HttpResponse:
    context = {
        "card": present.card(found),
        "session": found,
        "form": form,
        "key": key,
        "hold": _held(request, found),
        "is_full": "waiting_list" in form.fields,
    }
    return render(request, "receptions/register.html", context, status=form_status(form))


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def registered(request: HttpRequest) -> HttpResponse:
    """Number, code and secret, for the browser that registered, until it is closed or told to
    forget them (POST)."""
    if request.method == "POST":
        request.session.pop(DONE, None)
        return redirect("receptions:calendar")
    done = request.session.get(DONE)
    found = selectors.registration_by_code(done["code"]) if done else None
    if done is None or found is None:
        return redirect("receptions:registration_lookup")
    secret = secret_from_salt(bytes.fromhex(done["salt"]))
    context = _own(found, secret) | {"digits_form": DigitsForm()}
    return render(request, "receptions/registered.html", context)


def _own(found: Registration, secret: str) -> dict[str, Any]:
    """A registration as its visitor sees it."""
    is_live = found.status in (RegistrationStatus.REGISTERED, RegistrationStatus.WAITING)
    return {
        "registration": found,
        "session": found.session,
        "secret": secret,
        "line": place_in_line(found),
        "is_unconfirmed": found.status == RegistrationStatus.UNCONFIRMED,
        "to_confirm": found.confirm_hmac is not None
        and found.confirm_by is not None
        and found.confirm_by > now()
        and (is_live or found.status == RegistrationStatus.UNCONFIRMED),
        "may_change": (is_live or found.status == RegistrationStatus.UNCONFIRMED)
        and found.session.is_coming(now()),
        "elsewhere": stands_elsewhere(found, now()),
        "may_return": found.status == RegistrationStatus.CANCELLED and found.session.is_open(now()),
    }


@login_not_required
@require_http_methods(["GET", "POST"])
@never_cache
def registration_lookup(request: HttpRequest) -> HttpResponse:
    """See and cancel one's own registration by code and secret, typed and never in an address.
    Before it is cancelled the page asks once more."""
    form = LookupForm(request.POST or None)
    context: dict[str, Any] = {"form": form, "registration": None}
    name = "receptions/registration_lookup.html"
    if request.method == "POST":
        limit("track", client_address(request))
        if form.is_valid():
            found = _lookup(form, cancel="sure" in request.POST)
            if found is not None:
                context |= _own(found, form.cleaned_data["secret"])
                context["digits_form"] = DigitsForm()
                if "cancel" in request.POST and context["may_change"]:
                    name = "receptions/registration_cancel.html"
    return render(request, name, context, status=form_status(form))


def _lookup(form: LookupForm, *, cancel: bool) -> Registration | None:
    data = form.cleaned_data
    try:
        if cancel:
            return registration_cancel(code=data["code"], secret=data["secret"])
    except NotVisible:
        pass
    except DomainError as error:
        form.add_error(None, str(error.message))
    return _tracked(form)


def _tracked(form: LookupForm) -> Registration | None:
    found = selectors.registration_track(form.cleaned_data["code"], form.cleaned_data["secret"])
    if found is None:
        form.add_error(None, _("There is no registration with this code and secret."))
    return found


@login_not_required
@require_http_methods(["GET", "POST"])
@never_cache
def confirm(request: HttpRequest) -> HttpResponse:
    """The six digits, or another mail with new ones."""
    form, digits = LookupForm(request.POST or None), DigitsForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return redirect("receptions:registration_lookup")
    limit("confirm", client_address(request))
    own = {name: form.cleaned_data[name] for name in ("code", "secret")}
    if "again" in request.POST:
        limit("register_mail", client_address(request))
        digits = DigitsForm()
        _try(form, lambda: code_resend(**own), request, _("Another code is on its way."))
    elif digits.is_valid():
        typed = digits.cleaned_data["digits"]
        said = _("Your registration is confirmed.")
        _try(digits, lambda: registration_confirm(**own, digits=typed), request, said)
    found = _tracked(form)
    context: dict[str, Any] = {"form": form, "registration": None, "digits_form": digits}
    if found is not None:
        context |= _own(found, own["secret"])
    status = form_status(form, digits)
    return render(request, "receptions/registration_lookup.html", context, status=status)


def _try(form: Any, act: Callable[[], Any], request: HttpRequest, said: str) -> bool:
    """Do it and say so, or put the refusal into the form; a wrong code and secret is said by
    whoever looks the registration up."""
    try:
        act()
    except NotVisible:
        return False
    except DomainError as error:
        form.show_errors(error)
        return False
    messages.success(request, said)
    return True


@login_not_required
@require_http_methods(["GET", "POST"])
@never_cache
def change(request: HttpRequest) -> HttpResponse:
    """Change one's own registration; code and secret travel in the form."""
    lookup = LookupForm(request.POST or None)
    if request.method != "POST" or not lookup.is_valid():
        return redirect("receptions:registration_lookup")
    limit("track", client_address(request))
    found = _tracked(lookup)
    if found is None:
        context: dict[str, Any] = {"form": lookup, "registration": None}
        return render(request, "receptions/registration_lookup.html", context, status=422)
    own: dict[str, Any] = {name: lookup.cleaned_data[name] for name in ("code", "secret")}
    form = _change_form(found, request.POST if "save" in request.POST else None)
    if "save" in request.POST and form.is_valid() and _change(request, own, form):
        context = {"form": lookup, "digits_form": DigitsForm()}
        context |= _own(_tracked(lookup) or found, own["secret"])
        return render(request, "receptions/registration_lookup.html", context)
    context = {"form": form, "registration": found, "session": found.session, **own}
    template = "receptions/registration_change.html"
    return render(request, template, context, status=form_status(form))


def _change_form(found: Registration, data: Any) -> Any:
    return ChangeForm(
        data,
        session=found.session,
        slots=slots_free(found.session, but=found) if found.has_place else (),
        initial=matter_initial(found, own=True),
    )


def _change(request: HttpRequest, own: dict[str, Any], form: Any) -> bool:
    if form.cleaned_data.get("email") and "email" in form.changed_data:
        limit("register_mail", client_address(request))
    wanted = {"version": form.cleaned_data["version"], "change": form.change(), **own}
    if not done(form, lambda: registration_change(**wanted)):
        return False
    messages.success(request, _("Your registration was changed."))
    return True
