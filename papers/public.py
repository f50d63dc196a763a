"""The page behind the QR of a paper."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from common.net import client_address
from common.ratelimit import limit
from papers.enums import PaperState
from papers.heads import issuer_of
from papers.selectors import paper_verify, signed_by


@login_not_required
@never_cache
@require_safe
def verify(request: HttpRequest, code: str) -> HttpResponse:
    """Who issued it, when, its number and hash, and whether it is in force: nothing that tells of
    what or about whom it is. The number stands without the abbreviation of the kind."""
    limit("verify", client_address(request))
    found = paper_verify(code)
    paper, later = found.paper, found.replaced_by
    context = {
        "paper": paper,
        "issuer": issuer_of(paper.unit) if paper.unit else "",
        "sha256": bytes(paper.sha256 or b"").hex(),
        "is_signed": bool(signed_by(paper)),
        "is_void": paper.state == PaperState.VOIDED,
        "is_replaced": paper.state == PaperState.REPLACED,
        "later": later if paper.state == PaperState.REPLACED else None,
    }
    return render(request, "papers/public/verify.html", context)
