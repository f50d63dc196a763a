"""For whoever keeps and watches the portal: the daily roots, and who changed the rules."""

import json

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_safe

from accounts.access import access_of
from accounts.roles import Permission
from common.api import Keyset
from common.errors import InvalidInput, NotVisible
from common.models import HistoryRoot
from common.roots import root_short
from common.ui import page_href
from hanoi_portal.changes import changes_of, changes_shown, kinds_for

ROOTS_A_PAGE, CHANGES_A_PAGE = 31, 30
BY_DAY, NEWEST = Keyset("-day"), Keyset("-pgh_id")


@require_safe
@never_cache
def roots(request: HttpRequest) -> HttpResponse:
    """The roots, newest first, to be copied or printed and kept outside.

    No counts: whoever reads this need not learn that a denunciation came on a quiet day.
    """
    _watcher(request)
    found, after, before = BY_DAY.page(
        HistoryRoot.objects.all(), request.GET.get("cursor", ""), ROOTS_A_PAGE
    )
    context = {
        "rows": [{"root": root, "hash": bytes(root.hash).hex()} for root in found],
        "next_href": page_href(request, after),
        "previous_href": page_href(request, before),
    }
    return render(request, "site/roots.html", context)


@require_GET
@never_cache
def roots_file(request: HttpRequest) -> HttpResponse:
    """All roots, short: enough for ``verify_history --roots``, and no count of what happened."""
    _watcher(request)
    lines = (root_short(root) for root in HistoryRoot.objects.order_by("day"))
    text = "".join(f"{json.dumps(one, ensure_ascii=False, sort_keys=True)}\n" for one in lines)
    answer = HttpResponse(text, content_type="application/jsonl")
    answer["Content-Disposition"] = 'attachment; filename="history-roots.jsonl"'
    return answer


@require_safe
@never_cache
def changes(request: HttpRequest) -> HttpResponse:
    """Who changed positions, days off, ladders and the like: from what to what, and when."""
    access = access_of(request.user)
    kinds = kinds_for(access)
    if not kinds:
        raise NotVisible
    kind = request.GET.get("kind", next(iter(kinds)))
    if kind not in kinds:
        raise NotVisible
    rows = changes_of(access, kind)
    try:
        page = NEWEST.page(rows, request.GET.get("cursor", ""), CHANGES_A_PAGE)
    except InvalidInput:
        page = NEWEST.page(rows, "", CHANGES_A_PAGE)
    context = {
        "kinds": kinds,
        "kind": kind,
        "rows": changes_shown(access, kind, page[0]),
        "next_href": page_href(request, page[1]),
        "previous_href": page_href(request, page[2]),
    }
    return render(request, "site/changes.html", context)


def _watcher(request: HttpRequest) -> None:
    if not access_of(request.user).has(Permission.HISTORY_VIEW):
        raise NotVisible
