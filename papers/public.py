"""The page behind the QR of a paper."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from common.codes import code_clean
from common.errors import NotVisible
from common.net import client_address
from common.ratelimit import limit
from papers.forms import CODE_MAX, CodeForm
from papers.heads import issuer_of
from papers.selectors import CODE_PREFIX
from papers.selectors_proofs import proof_find


@login_not_required
@never_cache
@require_safe
def verify(request: HttpRequest, code: str) -> HttpResponse:
    """Who issued it, when, its number and hash, and whether it is in force: nothing that tells of
    what or about whom it is."""
    limit("verify", client_address(request))
    try:
        proof = proof_find(code)
    except NotVisible:
        return _unknown(request, CodeForm(initial={"code": code[:CODE_MAX]}))
    context = {"proof": proof, "issuer": issuer_of(proof.unit, party=proof.is_party)}
    return render(request, "papers/public/verify.html", context)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Where the code of a paper is typed. What is typed goes into an address only as a code."""
    if request.method != "POST":
        return render(request, "papers/public/ask.html", {"form": CodeForm()})
    limit("verify", client_address(request))
    form = CodeForm(request.POST)
    if not form.is_valid():
        return render(request, "papers/public/ask.html", {"form": form}, status=422)
    code = code_clean(form.cleaned_data["code"], CODE_PREFIX)
    return redirect("papers:verify", code) if code else _unknown(request, form)


def _unknown(request: HttpRequest, form: CodeForm) -> HttpResponse:
    context = {"form": form, "is_unknown": True}
    return render(request, "papers/public/ask.html", context, status=404)
