"""Pages that belong to no app: home, help, accessibility."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from django.views.i18n import set_language


@login_not_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The front door: file, track, meet a leader."""
    return render(request, "site/home.html")


@login_not_required
@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    """Which kind of petition is what, what happens then, and by when."""
    return render(request, "site/help.html")


@login_not_required
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """The accessibility statement."""
    return render(request, "site/accessibility.html")


@login_not_required
def language_set(request: HttpRequest) -> HttpResponse:
    """Remember the chosen language in a cookie and go back to the page (POST)."""
    return set_language(request)
