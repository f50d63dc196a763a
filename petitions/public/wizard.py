"""Filing without an account: start, one question a page, continue elsewhere, give up."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common.net import client_address
from common.ratelimit import limit
from petitions import forms_public as forms
from petitions.public import steps
from petitions.public.check import CheckPage
from petitions.public.files import FilesPage, file_remove
from petitions.public.people import PeoplePage
from petitions.public.requests import UnreadableError, body_read, form_refused, is_own_form
from petitions.public.steps import Page, page_by_slug, step_url
from petitions.public.visit import Visit, code_shown, cookie_forget, visit_of
from petitions.selectors_public import draft_open
from petitions.services.drafts import draft_discard

steps.PAGES.extend(
    [
        steps.KindPage(),
        steps.ProtectionPage(),
        steps.UnitPage(),
        steps.FieldPage(),
        steps.ContentPage(),
        steps.RespondentPage(),
        PeoplePage(),
        FilesPage(),
    ]
)
CHECK = CheckPage()


@login_not_required
@never_cache
@require_safe
def file_start(request: HttpRequest) -> HttpResponse:
    """What is needed, how long it takes, and the draft that lies here."""
    visit = visit_of(request)
    unit = steps.unit_wished(request)
    context: dict[str, Any] = {
        "has_draft": visit.draft is not None and visit.draft.letter is None,
        "has_sent": visit.draft is not None and visit.draft.letter is not None,
        "resume_href": steps.first_open_url(visit) if visit.draft else "",
        "mode": settings.DENUNCIATION_MODE,
        "first_href": step_url("loai") + (f"?don-vi={unit.slug}" if unit else ""),
    }
    return render(request, "petitions/public/start.html", context)


# Exempt from the middleware only to make the same check here: an expired form comes back with
# what was typed instead of an error page.
@csrf_exempt
@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def file_step(request: HttpRequest, step: str) -> HttpResponse:
    """One question of the wizard, or the check page."""
    page = CHECK if step == steps.CHECK else page_by_slug(step)
    if page is None:
        raise Http404
    visit = visit_of(request)
    if visit.draft is not None and visit.draft.letter is not None:
        return redirect("petitions:file_done")
    if request.method == "POST":
        return _posted(page, visit)
    if visit.draft is None and step != "loai":
        return _start_again(visit)
    return page.get(visit)


@login_not_required
@require_POST
def attachment_remove(request: HttpRequest) -> HttpResponse:
    """Take one file out of the draft."""
    visit = visit_of(request)
    if visit.draft is None or visit.draft.letter is not None:
        return _start_again(visit)
    file_remove(visit, request.POST.get("file", ""))
    page = page_by_slug("tep")
    return visit.go(page.here(visit) if page else step_url("tep"))


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def draft_resume(request: HttpRequest) -> HttpResponse:
    """Show the code of the draft here, or open a draft by its code from another device."""
    visit = visit_of(request)
    form = forms.ResumeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        limit("track", client_address(request))
        draft = draft_open(form.cleaned_data["token"])
        if draft is not None:
            return Visit(request, draft).go(steps.first_open_url(Visit(request, draft)))
        form.add_error(
            "token",
            _("No draft has this code. It may be mistyped, or older than 7 days."),
        )
    own = visit.draft if visit.draft and visit.draft.letter is None else None
    context: dict[str, Any] = {
        "form": form,
        "draft_code": code_shown(own.token) if own else "",
        "resume_href": steps.first_open_url(visit) if own else "",
    }
    return render(request, "petitions/public/resume.html", context)


@login_not_required
@require_POST
def draft_drop(request: HttpRequest) -> HttpResponse:
    """Delete an unsent draft, or leave a sent one, and forget it on this device."""
    visit = visit_of(request)
    if visit.draft is not None:
        draft_discard(token=visit.draft.token)
    response = HttpResponseRedirect(reverse("petitions:file_start"))
    cookie_forget(response)
    return response


def _posted(page: Page, visit: Visit) -> HttpResponse:
    request = visit.request
    try:
        body_read(request)
    except UnreadableError as error:
        form = page.form(visit)
        return page.show(visit, form, status=error.status, trouble=error.message)
    refusal = form_refused(request)
    if refusal is not None and _was_left(visit, page):
        return _start_again(visit)
    if refusal is not None:
        return page.expired(visit) if is_own_form(request) else refusal
    if visit.draft is None and visit.had_cookie:
        _say_expired(request)
    return page.post(visit)


def _was_left(visit: Visit, page: Page) -> bool:
    """Neither draft nor token is this browser's any more: somebody left quickly, and who comes
    next must not get the typed text back by sending the form again."""
    return visit.draft is None and not visit.had_cookie and page.slug != "loai"


def _start_again(visit: Visit) -> HttpResponse:
    response = HttpResponseRedirect(reverse("petitions:file_start"))
    if visit.had_cookie and visit.draft is None:
        _say_expired(visit.request)
        cookie_forget(response)
    return response


def _say_expired(request: HttpRequest) -> None:
    messages.warning(
        request,
        _("The earlier draft is no longer there: drafts are kept for 7 days. Nothing was sent."),
    )
