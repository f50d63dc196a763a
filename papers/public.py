"""The page behind the QR of a paper."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from common.net import client_address
from common.ratelimit import limit
from papers.heads import issuer_of
from papers.selectors_proofs import proof_find


@login_not_required
@never_cache
@require_safe
def verify(request: HttpRequest, code: str) -> HttpResponse:
    """Who issued it, when, its number and hash, and whether it is in force: nothing that tells of
    what or about whom it is."""
    limit("verify", client_address(request))
    proof = proof_find(code)
    context = {"proof": proof, "issuer": issuer_of(proof.unit)}
    return render(request, "papers/public/verify.html", context)
