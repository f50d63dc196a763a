"""The continuity board: posts without a holder, work that nobody touches, handovers left open."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.access import access_of
from common.api import PAGE_SIZE
from common.errors import Conflict, NotPermitted, NotVisible
from common.text import fold
from common.time import local_date, now
from common.ui import Crumb, page_href
from communes.selectors import units_all
from continuity.forms import BoardFilterForm, UrgeForm
from continuity.models import Gap
from continuity.policies import may_see_board, may_see_reforms, may_urge, sees_city
from continuity.presenters_board import board_line, counts_by_group, page_of
from continuity.selectors_board import Found, board_rows
from continuity.services import gap_urge

TILES = (
    ("duties", gettext_lazy("Duties without a holder")),
    ("inboxes", gettext_lazy("Inboxes that nobody touches")),
    ("handovers", gettext_lazy("Handovers not finished")),
)


@require_safe
@never_cache
def board(request: HttpRequest) -> HttpResponse:
    """What must not stand still: of every unit for the City, of the own unit for its leaders."""
    access = access_of(request.user)
    refusal = may_see_board(access)
    if refusal is not None:
        raise NotPermitted(refusal)
    at = now()
    every = board_rows(access)
    form = BoardFilterForm(request.GET)
    rows = _filtered(every, *form.chosen())
    shown, after, before = page_of(rows, request.GET.get("cursor", ""), PAGE_SIZE)
    units = {unit.pk: unit for unit in units_all()}
    gaps = _gaps(shown)
    counts = counts_by_group(every)
    context = {
        "form": form,
        "is_city": sees_city(access),
        "is_filtered": len(rows) != len(every),
        "tiles": [(label, counts[name]) for name, label in TILES],
        "rows": [board_line(row, access, units, gaps, local_date(at)) for row in shown],
        "urges": may_urge(access) is None,
        "sees_reforms": may_see_reforms(access) is None,
        "next_href": page_href(request, after),
        "previous_href": page_href(request, before),
        "crumbs": [Crumb(_("No interruption"))],
    }
    return render(request, "continuity/board.html", context)


def _filtered(rows: list[Found], words: str, kind: str) -> list[Found]:
    return [
        row
        for row in rows
        if (not kind or row.kind == kind)
        and all(word in fold(f"{row.unit.full_name} {row.unit.code}") for word in words.split())
    ]


def _gaps(rows: list[Found]) -> dict[tuple[int, str, str], Gap]:
    """What is kept of rows, in one query."""
    found = Gap.objects.filter(unit_id__in={row.unit.pk for row in rows})
    return {(gap.unit_id, gap.kind, gap.key): gap for gap in found}


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
