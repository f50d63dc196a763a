"""Pages that belong to no app: home, help, privacy, accessibility."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

SIGN_IN_WINDOW = 60  # seconds


@login_not_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The front door: file, track, meet a leader."""
    return render(request, "site/home.html", {"mode": settings.DENUNCIATION_MODE})


@login_not_required
@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    """Which kind of petition is what, what happens then, and by when."""
    return render(request, "site/help.html", {"mode": settings.DENUNCIATION_MODE})


def too_many_sign_ins(request: HttpRequest) -> HttpResponse:
    """The answer of allauth's limits, whose windows are a minute at most."""
    context = {"extra": {"retry_after": SIGN_IN_WINDOW}, "typed": [], "back_href": ""}
    response = render(request, "429.html", context, status=429)
    response["Retry-After"] = str(SIGN_IN_WINDOW)
    return response


@login_not_required
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """What is kept of whom and why, and each cookie by its name."""
    names = {
        "session_cookie": settings.SESSION_COOKIE_NAME,
        "form_cookie": settings.CSRF_COOKIE_NAME,
        "language_cookie": settings.LANGUAGE_COOKIE_NAME,
    }
    return render(request, "site/privacy.html", names)


@login_not_required
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """The accessibility statement."""
    return render(request, "site/accessibility.html")
