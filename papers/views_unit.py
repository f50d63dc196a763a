"""The papers of a unit: what waits to be issued, the own drafts, what was issued."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.access import access_of
from common.api import PAGE_SIZE
from common.ui import page_href
from communes.models import Unit
from papers.forms import TABS, UnitPapersForm
from papers.presenters import paper_lines
from papers.selectors_unit import (
    ISSUED,
    ORDERS,
    WAITING,
    papers_asked,
    papers_counted,
    unit_asked,
    units_with_papers,
)


@require_safe
@never_cache
def paper_desk(request: HttpRequest) -> HttpResponse:
    """One of three lists in pages, with how many wait in the others."""
    access = access_of(request.user)
    units = units_with_papers(access)
    unit = unit_asked(units, request.GET.get("unit", ""))
    form = UnitPapersForm(request.GET, units=units)
    tab = request.GET.get("tab", "")
    tab = tab if tab in TABS else WAITING
    if tab != ISSUED:
        del form.fields["number"]
    context: dict[str, Any] = {
        "unit": unit,
        "form": form,
        "tab": tab,
        "is_issued": tab == ISSUED,
        "tabs": _tabs(unit, tab, papers_counted(access, unit)),
    }
    if not form.is_valid():
        return render(request, "papers/staff/desk.html", context, status=422)
    found, after, before = ORDERS[tab].page(
        papers_asked(access, form.asked(unit)), request.GET.get("cursor", ""), PAGE_SIZE
    )
    context |= {
        "rows": paper_lines(found),
        "next_href": page_href(request, after),
        "previous_href": page_href(request, before),
        "is_filtered": any(
            form.cleaned_data.get(name) for name in ("kind", "since", "until", "number")
        ),
        "all_href": _href(unit, tab),
    }
    return render(request, "papers/staff/desk.html", context)


def _tabs(unit: Unit, tab: str, counts: dict[str, int]) -> list[dict[str, Any]]:
    return [
        {
            "label": label,
            "count": counts.get(name),
            "href": _href(unit, name),
            "is_current": name == tab,
        }
        for name, label in TABS.items()
    ]


def _href(unit: Unit, tab: str) -> str:
    return f"?{urlencode({'tab': tab, 'unit': unit.code})}"
