"""Leaving quickly, so that this device shows nothing of it; and what stays all the same."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from common.middleware import previous_page
from petitions.public.recovery import recovery_forget
from petitions.public.track import SESSION_KEY as TRACK_KEY
from petitions.public.visit import cookie_forget

# Whoever looks next finds the public reception days: a page that anybody may have opened.
AWAY = "receptions:calendar"
# Without "cookies": that word clears the whole registrable domain, so also those of other sites of
# the City. Our own are deleted by name.
FORGET = '"cache", "storage"'


@login_not_required
@never_cache
@require_safe
def track_leave(request: HttpRequest) -> HttpResponse:
    """Forget everything of the visit on this device, then show the reception days.

    A link on another site cannot make a visitor lose anything. Officers stay signed in: of theirs
    only the opened petition and the draft go.
    """
    response = HttpResponseRedirect(reverse(AWAY))
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        return response
    cookie_forget(response)
    recovery_forget(response)
    if request.user.is_authenticated:
        request.session.pop(TRACK_KEY, None)
        return response
    request.session.flush()
    for name in (
        settings.SESSION_COOKIE_NAME,
        settings.CSRF_COOKIE_NAME,
        settings.LANGUAGE_COOKIE_NAME,
        "messages",
    ):
        response.delete_cookie(name)
    response["Clear-Site-Data"] = FORGET
    return response


@login_not_required
@require_safe
def leave_explained(request: HttpRequest) -> HttpResponse:
    """What the button forgets, and what it cannot."""
    context = {"back_href": previous_page(request) or reverse("home")}
    return render(request, "petitions/public/leaving.html", context)
