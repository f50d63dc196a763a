"""Many cases at once, and filters that are kept."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qsl

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts.access import Access, access_of
from accounts.roles import Permission
from accounts.selectors import holders_of
from common.codes import code_clean
from common.errors import Conflict, InvalidInput, NotVisible
from petitions.filters import filters_clean
from petitions.references import fields_all
from petitions.selectors import saved_filters_for
from petitions.selectors_people import cases_of_person
from petitions.selectors_public import CODE_PREFIX
from petitions.selectors_redaction import codes_unredacted
from petitions.services.bulk import bulk_act
from petitions.services.saved_filters import (
    filter_remove,
    filter_rename,
    filter_save,
    filter_start,
)
from petitions.staff.access import case_access
from petitions.staff.present import case_lines
from petitions.validators import NAME_MAX


def bulk_choices(access: Access) -> dict[str, Any]:
    """What the bar above the inbox offers: officers of the own unit and subject fields; empty
    for who neither assigns nor classifies."""
    units = access.standing(Permission.CASE_ASSIGN)
    if not units:
        return {}
    officers = [
        person for unit in sorted(units) for person in holders_of(Permission.CASE_HANDLE, unit)
    ]
    return {"officers": officers, "fields": fields_all()}


@require_POST
@never_cache
def bulk(request: HttpRequest) -> HttpResponse:
    """Assign or classify the chosen cases; the page says of each what became of it."""
    access, action = access_of(request.user), request.POST.get("do", "")
    names = {"assign": "assignee", "classify": "field"}
    back = _back(request)
    try:
        name = names.get(action, "")
        answers = bulk_act(
            access=access,
            action=action,
            cases=_chosen(request.POST.getlist("case")),
            inputs={name: request.POST.get(name, "")},
        )
    except InvalidInput as error:
        for texts in error.fields.values():
            messages.error(request, " ".join(str(text) for text in texts))
        return redirect(back)
    done = [answer for answer in answers if not answer.why]
    lacking = codes_unredacted(access, [a.code for a in done]) if action == "assign" else []
    if len(done) == len(answers) and not lacking:
        messages.success(request, _("Done for %(n)s cases.") % {"n": len(answers)})
        return redirect(back)
    context = {
        "failed": [answer for answer in answers if answer.why],
        "done": done,
        "lacking": lacking,
        "back": back,
    }
    return render(request, "petitions/staff/bulk_done.html", context)


def _chosen(values: list[str]) -> list[tuple[str, int]]:
    """``CODE:VERSION`` of each ticked box, each case once. Raises InvalidInput for anything else."""
    found = {}
    for value in values:
        typed, _colon, version = value.partition(":")
        code = code_clean(typed, CODE_PREFIX)
        if code is None or not (version.isascii() and version.isdecimal() and len(version) <= 9):
            raise InvalidInput(fields={"case": [_("Choose 1 to 200 cases.")]})
        found[code] = int(version)
    return list(found.items())


@require_POST
@never_cache
def person_search(request: HttpRequest) -> HttpResponse:
    """Cases of a person by whole name, telephone or identity number: posted, in no address. Never
    denunciations (``petitions.staff.finding``)."""
    access = case_access(request)
    name = request.POST.get("name", "")[:NAME_MAX]
    number = request.POST.get("number", "")[:20]
    found = cases_of_person(access, name=name, number=number)
    context = {
        "name": name,
        "number": number,
        "rows": case_lines(found),
        "may_find": bool(access.units(Permission.IDENTITY_OPEN)),
    }
    return render(request, "petitions/staff/person_search.html", context)


@require_POST
@never_cache
def filter_new(request: HttpRequest) -> HttpResponse:
    """Keep the filter that the inbox shows now."""
    with _told(request, _("The filter is kept.")):
        filter_save(
            access=access_of(request.user),
            name=request.POST.get("name", ""),
            query=request.POST.get("query", ""),
            for_unit="for_unit" in request.POST,
        )
    return redirect(_back(request))


@require_POST
@never_cache
def filter_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Rename a kept filter, or let the own inbox open with it or no longer."""
    access, what = access_of(request.user), request.POST.get("do", "")
    with _told(request, _("The filter is changed.")):
        if what in ("start", "no_start"):
            filter_start(access=access, pk=pk, is_start=what == "start")
        else:
            filter_rename(access=access, pk=pk, name=request.POST.get("name", ""))
    return redirect(_back(request))


@require_POST
@never_cache
def filter_gone(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove a kept filter."""
    filter_remove(access=access_of(request.user), pk=pk)
    messages.success(request, _("The filter is removed."))
    return redirect(_back(request))


@contextmanager
def _told(request: HttpRequest, done: str) -> Iterator[None]:
    """Say that it is done, or what is wrong with the input."""
    try:
        yield
    except InvalidInput as error:
        for texts in error.fields.values():
            messages.error(request, " ".join(str(text) for text in texts))
    except Conflict as error:
        messages.error(request, str(error.message))
    else:
        messages.success(request, done)


def _back(request: HttpRequest) -> str:
    """Where the form says it came from, on this site only."""
    asked = request.POST.get("back", "")
    safe = url_has_allowed_host_and_scheme(asked, allowed_hosts=None)
    return asked if safe and asked.startswith("/can-bo/") else reverse("cases:inbox")


def kept_filters_of(access: Access) -> list[Any]:
    """Kept filters with what may be done with them."""
    if access.user_id is None:
        raise NotVisible
    keeps = access.units(Permission.CASE_TRIAGE)
    return [
        {"filter": item, "may_remove": item.unit_id is None or item.unit_id in keeps}
        for item in saved_filters_for(access)
    ]


def start_href(saved: list[Any]) -> str:
    """Where the inbox opens for somebody who has chosen one of these filters, or ""; a filter
    that is no longer valid opens nothing."""
    for item in saved:
        if item["filter"].is_start:
            try:
                filters_clean(dict(parse_qsl(item["filter"].query)))
            except InvalidInput:
                return ""
            return f"{reverse('cases:inbox')}?{item['filter'].query}"
    return ""
