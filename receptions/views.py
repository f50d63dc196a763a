"""Reception days for citizens: calendar, session, registration. No account is needed."""

import datetime as dt
import secrets
import uuid
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from common.codes import secret_from_salt
from common.errors import Conflict, DomainError, NotVisible
from common.idempotency import once
from common.net import client_address
from common.ratelimit import limit
from common.time import local_moment, today
from common.ui import page_href
from communes.selectors import unit_by_code, unit_search
from receptions import documents, present, selectors
from receptions.forms import CalendarForm, LookupForm, RegistrationForm
from receptions.models import ReceptionSession, Registration
from receptions.quotas import next_month
from receptions.selectors import BY_TIME, Window
from receptions.services.registrations import registration_cancel, registration_create

PAGE = 20
DONE = "reception_registration"  # key in the browser's session
CODE_MAX = 12


@login_not_required
@require_safe
def calendar(request: HttpRequest) -> HttpResponse:
    """All units' receptions as a month and as a list; every filter is in the address."""
    unit = unit_by_code(request.GET.get("unit", "")[:CODE_MAX])
    form = _filters(request, unit.code if unit else "")
    data = form.cleaned_data
    chosen = {"unit": unit.code if unit else "", "leader": data.get("leader", "")}
    query = {name: value for name, value in chosen.items() if value}
    month = present.month_of(request.GET.get("month"))
    since = _since(data.get("date"), month)
    shown = (data.get("date") or month or today()).replace(day=1)
    rows, after, before = BY_TIME.page(
        selectors.session_announced_list(Window(**chosen, since=since)),
        request.GET.get("cursor", ""),
        PAGE,
    )
    context = {
        "form": form,
        "unit": unit,
        "days": present.by_day(rows),
        "grid": _month(shown, Window(**chosen), query),
        "next_page": _on_list(page_href(request, after)),
        "previous_page": _on_list(page_href(request, before)),
        "query": query,
        **present.month_links(shown, query),
    }
    return render(request, "receptions/calendar.html", context)


def _filters(request: HttpRequest, unit: str) -> CalendarForm:
    """The bound filter form; a value that cannot be used is shown and left out."""
    units = [(item.code, item.full_name) for item in unit_search() if item.kind != "city"]
    leaders = selectors.leaders_public(unit) if unit else []
    form = CalendarForm(request.GET, units, leaders)
    form.full_clean()
    return form


def _since(day: dt.date | None, month: dt.date | None) -> dt.datetime | None:
    start = day or month
    return local_moment(start) if start and start != today().replace(day=1) else None


def _month(month: dt.date, window: Window, query: dict[str, str]) -> Any:
    """Sessions of one unit by name, of all units as a number a day."""
    whole = window._replace(since=local_moment(month), until=local_moment(next_month(month)))
    if window.unit:
        found = selectors.session_announced_list(whole)
        return present.grid(month, present.entries_by_day(found, present.public_entry))
    counts = selectors.session_counts_by_day(whole)
    return present.grid(month, present.count_entries(counts, query))


def _on_list(href: str) -> str:
    """The list stands below the month."""
    return href and f"{href}#list"


@login_not_required
@require_safe
def session(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """One session and, while it is open, the form to register."""
    found = selectors.session_get_public(public_id)
    return _session_page(request, found, _form(found), secrets.token_hex(16))


@login_not_required
@require_http_methods(["GET", "POST"])
@never_cache
def register(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Take a place. A double click gives one registration: the form carries its key."""
    if request.method == "GET":
        return redirect("receptions:session", public_id)
    limit("register", client_address(request))
    found = selectors.session_get_public(public_id)
    form = _form(found, request.POST)
    key = request.POST.get("key", "")[:64] or secrets.token_hex(16)
    if form.is_valid() and _try_register(request, found, form, key):
        return redirect("receptions:registered")
    return _session_page(request, found, form, key)


def _form(found: ReceptionSession, data: Any = None) -> RegistrationForm:
    return RegistrationForm(data, is_full=found.places_taken >= found.capacity)


def _try_register(
    request: HttpRequest, found: ReceptionSession, form: RegistrationForm, key: str
) -> bool:
    """Register and remember the answer in the browser's session, or say why not."""
    waiting = bool(form.cleaned_data.get("waiting_list"))

    def work(salt: bytes) -> dict[str, Any]:
        return registration_create(
            session_id=found.public_id, waiting_list=waiting, salt=salt, **form.inputs()
        ).answer

    try:
        body = [str(found.public_id), form.cleaned_data]
        answer, salt = once("registration-form", key, body, work)
    except NotVisible:
        form.add_error("petition_code", _("There is no petition with this code and secret."))
    except Conflict as error:
        form.add_error(None, str(error.message))
    else:
        request.session[DONE] = {"code": answer["code"], "salt": salt.hex()}
        request.session.set_expiry(0)
        return True
    return False


def _session_page(
    request: HttpRequest,
    found: ReceptionSession,
    form: RegistrationForm,
    key: str,
) -> HttpResponse:
    context = {"card": present.card(found), "session": found, "form": form, "key": key}
    return render(request, "receptions/session.html", context)


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
    context = {
        "registration": found,
        "session": found.session,
        "secret": secret_from_salt(bytes.fromhex(done["salt"])),
    }
    return render(request, "receptions/registered.html", context)


@login_not_required
@require_http_methods(["GET", "POST"])
@never_cache
def registration_lookup(request: HttpRequest) -> HttpResponse:
    """See and cancel one's own registration by code and secret, typed and never in an address."""
    form = LookupForm(request.POST or None)
    context: dict[str, Any] = {"form": form, "registration": None}
    if request.method == "POST":
        limit("track", client_address(request))
        if form.is_valid():
            found = _lookup(form, cancel="cancel" in request.POST)
            context |= {"registration": found, "session": found.session if found else None}
    return render(request, "receptions/registration_lookup.html", context)


def _lookup(form: LookupForm, *, cancel: bool) -> Registration | None:
    data = form.cleaned_data
    try:
        if cancel:
            return registration_cancel(code=data["code"], secret=data["secret"])
    except NotVisible:
        pass
    except DomainError as error:
        form.add_error(None, str(error.message))
    found = selectors.registration_track(data["code"], data["secret"])
    if found is None:
        form.add_error(None, _("There is no registration with this code and secret."))
    return found


@login_not_required
@require_safe
def calendar_ics(request: HttpRequest) -> HttpResponse:
    """The calendar of all units, or of one (``?unit=CODE``), for calendar programs."""
    code = request.GET.get("unit", "")[:CODE_MAX]
    unit = unit_by_code(code)
    if code and unit is None:
        raise NotVisible
    return _ics(documents.feed_ics(unit), f"lich-tiep-dan-{code or 'ha-noi'}.ics")


@login_not_required
@require_safe
def session_ics(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    found = selectors.session_get_public(public_id)
    return _ics(documents.sessions_ics([found]), "buoi-tiep-dan.ics")


def _ics(body: bytes, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(body, content_type="text/calendar; charset=utf-8", headers=headers)
