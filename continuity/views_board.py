"""The continuity board: posts without a holder, work that nobody touches, handovers left open."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.access import Access, access_of
from common.api import PAGE_SIZE
from common.errors import Conflict, NotPermitted, NotVisible
from common.text import fold
from common.time import local_date, now, today
from common.ui import Crumb, page_href
from communes.selectors import units_all
from continuity.exports import board_table
from continuity.forms import BoardFilterForm, UrgeForm
from continuity.policies import may_see_board, may_see_reforms, may_urge, sees_city
from continuity.presenters_board import board_line, counts_by_group, page_of
from continuity.selectors_board import Found, board_rows, gaps_kept
from continuity.services import gap_urge
from directives.views_exports import asked_format, streamed
from directives.views_staff import export_query

TILES = (
    ("duties", gettext_lazy("Duties without a holder")),
    ("inboxes", gettext_lazy("Inboxes that nobody touches")),
    ("handovers", gettext_lazy("Handovers not finished")),
)


@require_safe
@never_cache
def board(request: HttpRequest) -> HttpResponse:
    """What must not stand still: of every unit for the City, of the own unit for its leaders."""
    access = _board_access(request)
    at = now()
    every, form, rows = _asked(request, access)
    shown, after, before = page_of(rows, request.GET.get("cursor", ""), PAGE_SIZE)
    units = {unit.pk: unit for unit in units_all()}
    gaps = gaps_kept(shown)
    counts = counts_by_group(every)
    context = {
        "form": form,
        "is_city": sees_city(access),
        "is_filtered": len(rows) != len(every),
        "tiles": [(label, counts[name]) for name, label in TILES],
        "rows": [board_line(row, access, units, gaps, local_date(at)) for row in shown],
        "urges": may_urge(access) is None,
        "export_query": export_query(request),
        "sees_reforms": may_see_reforms(access) is None,
        "next_href": page_href(request, after),
        "previous_href": page_href(request, before),
        "crumbs": [Crumb(_("No interruption"))],
    }
    return render(request, "continuity/board.html", context)


@require_safe
@never_cache
def export(request: HttpRequest) -> StreamingHttpResponse:
    """The board as CSV or XLSX, with its filters."""
    access = _board_access(request)
    _every, _form, rows = _asked(request, access)
    return streamed(board_table(access, rows, today()), asked_format(request))


def _board_access(request: HttpRequest) -> Access:
    access = access_of(request.user)
    refusal = may_see_board(access)
    if refusal is not None:
        raise NotPermitted(refusal)
    return access


def _asked(
    request: HttpRequest, access: Access
) -> tuple[list[Found], BoardFilterForm, list[Found]]:
    """Every row that the person sees, the filters, and the rows that fit them."""
    every = board_rows(access)
    form = BoardFilterForm(request.GET)
    return every, form, _filtered(every, *form.chosen())


def _filtered(rows: list[Found], words: str, kind: str) -> list[Found]:
    return [
        row
        for row in rows
        if (not kind or row.kind == kind)
        and all(word in fold(f"{row.unit.full_name} {row.unit.code}") for word in words.split())
    ]


@require_POST
@never_cache
def urge(request: HttpRequest) -> HttpResponse:
    """Urge whoever must act on a row."""
    access = access_of(request.user)
    refusal = may_urge(access)
    if refusal is not None:
        raise NotPermitted(refusal)
    form = UrgeForm(request.POST)
    if not form.is_valid():
        raise NotVisible
    data: dict[str, Any] = form.cleaned_data
    try:
        gap_urge(access=access, unit=data["unit"], kind=data["kind"], key=data["key"])
        messages.success(request, _("Whoever must act was urged."))
    except NotVisible:
        messages.info(request, _("This row is no longer on the board."))
    except Conflict as error:
        messages.warning(request, str(error.message))
    return redirect("continuity_staff:board")
