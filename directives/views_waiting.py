"""What waits for the City's answer: reports and requests of units, answered one by one on their page
or several reports at once here."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.access import Access
from common.api import PAGE_SIZE
from common.errors import allow
from common.ui import page_href
from directives import selectors_work as work
from directives.enums import ReportKind
from directives.forms_reviews import ReviewsForm
from directives.forms_steps import WaitingFilterForm
from directives.policies import may_assign
from directives.presenters_behind import behind_line
from directives.presenters_work import waiting_line
from directives.selectors_behind import behind_of
from directives.selectors_work import WaitingFilter
from directives.services.reviews import Answered, reports_review
from directives.views_desk import crumbs, named
from directives.views_staff import directive_access

KINDS = {
    ReportKind.COMPLETION.value: gettext_lazy("Reported as done"),
    ReportKind.PERIOD.value: gettext_lazy("Reports of periods"),
    "extension": gettext_lazy("Requests for more time"),
}
# Kinds that are answered several at once; more time is weighed one by one.
AT_ONCE = (ReportKind.COMPLETION.value, ReportKind.PERIOD.value)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def waiting(request: HttpRequest) -> HttpResponse:
    """What waits, the oldest first; reports that are ticked get one answer, each in a step of its
    own, and what could not be done is said row by row."""
    access = directive_access(request)
    allow(may_assign(access))
    form = WaitingFilterForm(request.GET, directives=named(work.waiting_directives()))
    form.full_clean()
    chosen = WaitingFilter(form.cleaned_data.get("q", ""), form.cleaned_data.get("directive", ""))
    counts = work.waiting_counts(access, chosen)
    kind = _kind(request.GET.get("kind", ""), counts)
    answer = ReviewsForm(request.POST if request.method == "POST" else None)
    results: list[Answered] = []
    if answer.is_valid():
        results = _answer(request, access, answer)
        if all(result.error is None for result in results):
            return redirect(request.get_full_path())
        counts = work.waiting_counts(access, chosen)
    rows = _rows(request, access, kind, chosen)
    context = rows | {
        "form": form,
        "answer": answer,
        "failed": _failed(results),
        "picked": request.POST.getlist("pick"),
        "can_answer": kind in AT_ONCE and bool(rows["rows"]),
        "kind": kind,
        "label": KINDS[kind],
        "tabs": _tabs(kind, counts, chosen),
        "is_filtered": chosen != WaitingFilter(),
        "crumbs": crumbs(_("Waiting for an answer")),
    }
    status = 422 if answer.is_bound else 200
    return render(request, "directives/staff/waiting.html", context, status=status)


def _rows(request: HttpRequest, access: Access, kind: str, chosen: WaitingFilter) -> dict[str, Any]:
    found, after, before = work.WAITING_ORDER[kind].page(
        work.waiting_rows(access, kind, chosen), request.GET.get("cursor", ""), PAGE_SIZE
    )
    return {
        "rows": _lines(found, kind),
        "next_href": page_href(request, after),
        "previous_href": page_href(request, before),
    }


def _lines(found: list[Any], kind: str) -> list[dict[str, Any]]:
    """Rows, those that may be confirmed at once with what stands behind them."""
    if kind not in AT_ONCE:
        return [waiting_line(row) for row in found]
    behind = behind_of(found)
    return [
        waiting_line(row) | {"behind": behind_line(one)}
        for row, one in zip(found, behind, strict=True)
    ]


def _answer(request: HttpRequest, access: Access, form: ReviewsForm) -> list[Answered]:
    """What became of every ticked report; what was done is said at once."""
    results = reports_review(access=access, answers=form.answers())
    done = sum(result.error is None for result in results)
    if done:
        words = ngettext("%(n)d report was answered.", "%(n)d reports were answered.", done)
        messages.success(request, words % {"n": done})
    return results


def _failed(results: list[Answered]) -> list[dict[str, Any]]:
    """Reports that could not be answered, each with its reason."""
    return [
        {"assignment": result.assignment, "words": result.words}
        for result in results
        if result.error is not None
    ]


def _kind(asked: str, counts: dict[str, int]) -> str:
    """The kind that was asked for, else the first of which something waits."""
    if asked in KINDS:
        return asked
    return next((kind for kind in KINDS if counts[kind]), ReportKind.COMPLETION.value)


def _tabs(kind: str, counts: dict[str, int], chosen: WaitingFilter) -> list[dict[str, Any]]:
    kept = {name: value for name, value in vars(chosen).items() if value}
    return [
        {
            "label": label,
            "count": counts[name],
            "href": f"?{urlencode({'kind': name} | kept)}",
            "is_current": name == kind,
        }
        for name, label in KINDS.items()
    ]
