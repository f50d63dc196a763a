"""After sending: code, secret and QR, what happens next, the form to sign."""

import io
from typing import Any

import segno
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from common.codes import code_clean
from common.time import local_date
from deadlines.links import calculator_href
from petitions.enums import Flag, Kind
from petitions.public.check import field_label, position_label, unit_name
from petitions.public.track import letter_open
from petitions.public.visit import Visit, visit_of
from petitions.selectors_public import CODE_PREFIX, OpenDraft
from petitions.services.drafts import NAMED_KINDS
from petitions.timeline import public_record


@login_not_required
@never_cache
@require_safe
def file_done(request: HttpRequest) -> HttpResponse:
    """The confirmation; the same again on every reload while the browser stays open."""
    visit = visit_of(request)
    if visit.draft is None or visit.draft.letter is None:
        return _nothing_sent(visit)
    letter = visit.draft.letter
    case = letter.case
    context: dict[str, Any] = {
        "code": letter.code,
        "secret": visit.draft.secret,
        "unit": case.unit,
        "clocks": [link.clock for link in public_record(letter).clocks],
        "kind": case.kind,
        "is_denunciation": case.kind == Kind.DENUNCIATION,
        "is_information": Flag.INFORMATION in case.flags,
        "is_anonymous": Flag.ANONYMOUS in case.flags,
        "needs_signature": Flag.UNSIGNED in case.flags,
        "is_rerouted": Flag.REROUTED in case.flags,
        "has_form": _has_form(visit.draft),
        "calculator_href": calculator_href(
            case.kind, local_date(letter.submitted_at), case.instance
        ),
        # The address of a page stays in the history of the browser.
        "track_href": reverse("petitions:track")
        + ("" if case.is_denunciation else f"?ma={letter.code}"),
    }
    return render(request, "petitions/public/done.html", context)


@login_not_required
@never_cache
@require_POST
def file_to_reception(request: HttpRequest) -> HttpResponse:
    """On to a reception day with the letter just sent, which is open in this browser for half an
    hour: back to the form that was left to write it, else to the schedule."""
    visit = visit_of(request)
    if visit.draft is None or visit.draft.letter is None:
        return _nothing_sent(visit)
    letter_open(request, visit.draft.letter)
    back = request.session.get("reception_back")
    return redirect("receptions:register", back) if back else redirect("receptions:calendar")


@login_not_required
@never_cache
@require_safe
def denunciation_form(request: HttpRequest) -> HttpResponse:
    """The complaint or denunciation as a letter to print, sign and bring; a day after sending."""
    visit = visit_of(request)
    sent = visit.draft.letter if visit.draft else None
    if visit.draft is None or sent is None or not _has_form(visit.draft):
        return _nothing_sent(visit)
    answers = visit.draft.data
    about = answers.get("respondent") or {}
    context: dict[str, Any] = {
        "letter": sent,
        "answers": answers,
        "unit": sent.case.unit,
        "about": about,
        "about_unit": unit_name(about.get("unit", "")),
        "about_position": position_label(about.get("position", "")),
        "field": field_label(answers["field"]),
        "is_denunciation": sent.kind == Kind.DENUNCIATION,
        "on": local_date(sent.submitted_at),
    }
    return render(request, "petitions/public/signed_form.html", context)


@login_not_required
@never_cache
@require_safe
def receipt_qr(request: HttpRequest, code: str) -> HttpResponse:
    """QR of the tracking page with the code. The secret is in no picture and no address."""
    known = code_clean(code, CODE_PREFIX)
    if known is None:
        raise Http404
    url = f"{settings.PUBLIC_BASE_URL}{reverse('petitions:track')}?ma={known}"
    out = io.BytesIO()
    segno.make(url, error="m", micro=False).save(
        out, kind="svg", scale=4, border=4, dark="#000", light="#fff", xmldecl=False
    )
    return HttpResponse(out.getvalue(), content_type="image/svg+xml")


def _has_form(draft: OpenDraft) -> bool:
    """Complaints and denunciations are signed; without a name there is nobody who could."""
    letter = draft.letter
    has_sender = bool(draft.data.get("petitioners"))
    return letter is not None and letter.kind in NAMED_KINDS and has_sender


def _nothing_sent(visit: Visit) -> HttpResponse:
    if visit.draft is None:
        messages.info(
            visit.request,
            _("There is no confirmation here. With code and secret you can track the petition."),
        )
    return redirect("petitions:file_start")
