"""The receipt of a petition: asked for by whoever sent it, and at the counter.

Each answers a POST: the first one makes the file, and no address names a petition.
"""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from attachments.pages import PDF
from common.net import client_address
from common.ratelimit import limit
from papers.models import IssuedFile
from papers.selectors_proofs import file_read
from papers.services.receipts import receipt_give, receipt_issue
from papers.signing import SigningFailed
from petitions.models import Letter
from petitions.public.track import opened_letter
from petitions.public.visit import visit_of
from petitions.staff.access import case_access


@login_not_required
@never_cache
@require_POST
def sent(request: HttpRequest) -> HttpResponse:
    """Of the letter that this browser has just sent."""
    limit("receipt", client_address(request))
    draft = visit_of(request).draft
    if draft is None or draft.letter is None:
        return redirect("petitions:file_start")
    return _own(draft.letter)


@login_not_required
@never_cache
@require_POST
def tracked(request: HttpRequest) -> HttpResponse:
    """Of the letter that code and secret opened."""
    limit("receipt", client_address(request))
    letter = opened_letter(request)
    if letter is None:
        return redirect("petitions:track")
    return _own(letter)


@never_cache
@require_POST
def at_counter(request: HttpRequest, code: str, letter: str) -> HttpResponse:
    """Of a letter that the unit took in."""
    return _receipt(receipt_give(access=case_access(request), code=code, letter=letter))


def _own(letter: Letter) -> HttpResponse:
    """For whoever sent it, to whom numbers and signers say nothing. Raises SigningFailed."""
    try:
        return _receipt(receipt_issue(letter=letter))
    except SigningFailed as error:
        raise SigningFailed(
            _(
                "The receipt cannot be made at this moment. Your petition is with us; please try later."
            )
        ) from error


def _receipt(file: IssuedFile) -> HttpResponse:
    """A download under one name for all: what a device keeps must not tell the kind."""
    headers = {"Content-Disposition": 'attachment; filename="giay-bien-nhan.pdf"'}
    return HttpResponse(file_read(file), content_type=PDF, headers=headers)
