"""A small page that other sites may show in a frame, what to copy for it, and the description of
the open data."""

from csp.decorators import csp_replace
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from common.errors import NotVisible
from communes.selectors import unit_by_code
from receptions import documents, open_data, present
from receptions.asked import calendar_asked
from receptions.enums import DutyHolder, SessionKind, SessionMode, SessionStatus
from receptions.filters import WINDOW
from receptions.selectors_calendar import sessions_upcoming
from receptions.views_feeds import public_answer

SHOWN = 5
WIDGET_SECONDS = 300
ANYBODY = {"frame-ancestors": ["*"]}
PUBLIC_STATES = [status for status in SessionStatus if status != SessionStatus.DRAFT]


@login_not_required
@require_safe
@xframe_options_exempt
@csp_replace(ANYBODY)  # type: ignore[arg-type]
def widget(request: HttpRequest, code: str) -> HttpResponseBase:
    """The next five sessions of a unit. Without script, form and cookie, so that a page around it
    can do nothing with it but show it."""
    unit = unit_by_code(code)
    if unit is None:
        raise NotVisible
    with translation.override(documents.LANGUAGE):
        cards = [present.card(session) for session in sessions_upcoming(SHOWN, unit.code)]
        href = settings.PUBLIC_BASE_URL + present.calendar_href({"unit": unit.code})
        context = {"unit": unit, "cards": cards, "href": href, "base": settings.PUBLIC_BASE_URL}
        response = render(request, "receptions/widget.html", context)
    return public_answer(request, response, seconds=WIDGET_SECONDS)


@login_not_required
@require_safe
def widget_help(request: HttpRequest) -> HttpResponse:
    """Choose a unit, copy the lines for its own site."""
    asked = calendar_asked(request.GET.dict())
    address = ""
    if asked.unit:
        path = reverse("receptions:widget", args=[asked.unit.code])
        address = settings.PUBLIC_BASE_URL + path
    found = [(unit, f"?unit={unit.code}") for unit in asked.found]
    context = {"asked": asked, "form": asked.form, "address": address, "found": found}
    return render(request, "receptions/widget_help.html", context)


@login_not_required
@require_safe
def data(request: HttpRequest) -> HttpResponse:
    """Fields, words, filters, limits and licence of the open data."""
    context = {
        "fields": open_data.FIELDS,
        "lists": [
            ("duty_holder", DutyHolder.choices),
            ("kind", SessionKind.choices),
            ("mode", SessionMode.choices),
            ("status", [(status.value, status.label) for status in PUBLIC_STATES]),
        ],
        "filters": WINDOW,
        "licence": settings.OPEN_DATA_LICENCE,
        "base": settings.PUBLIC_BASE_URL,
        "page_size": open_data.PAGE_SIZE,
        "page_size_max": open_data.PAGE_SIZE_MAX,
    }
    return render(request, "receptions/data.html", context)
