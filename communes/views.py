"""The public directory: 126 wards and communes and the city's bodies."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import get_format
from django.utils.numberformat import format as number_words
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from common.errors import NotVisible
from common.text import fold
from common.ui import Crumb
from communes import selectors
from communes.forms import UnitSearchForm
from communes.models import Unit


@login_not_required
@require_safe
def unit_list(request: HttpRequest) -> HttpResponse:
    """Search by name or former place; without a search, all by former district."""
    form = UnitSearchForm(request.GET or None)
    asked = form.search() if form.is_bound else {}
    units = selectors.unit_search(**asked)
    words = fold(asked.get("q", "")).split()
    context = {
        "form": form,
        "count": len(units),
        "is_filtered": any(asked.values()),
        "matches": [_match(unit, words) for unit in units] if words else [],
        "groups": [] if words else selectors.unit_groups(units),
    }
    return render(request, "communes/unit_list.html", context)


def _match(unit: Unit, words: list[str]) -> dict[str, object]:
    """A found unit; one found by a former place shows what it was formed from."""
    return {"unit": unit, "show_origin": not selectors.unit_is_named(unit, words)}


@login_not_required
@require_safe
def unit_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """What a unit is, where it lies, and the two ways to reach it."""
    unit = selectors.unit_get(slug)
    if unit is None:
        raise NotVisible
    neighbours = selectors.units_by_code(unit.neighbours).values()
    crumbs = [Crumb(_("Home"), "/"), Crumb(_("Wards and communes"), reverse("communes:unit_list"))]
    context = {
        "unit": unit,
        "population": _grouped(unit.population or 0),
        "neighbours": sorted(neighbours, key=lambda near: fold(near.name)),
        "successors": selectors.unit_successors(unit) if unit.valid_to else [],
        "predecessors": selectors.unit_predecessors(unit) if unit.keeps else [],
        "crumbs": [*crumbs, Crumb(unit.full_name)],
    }
    return render(request, "communes/unit_detail.html", context)


def _grouped(number: int) -> str:
    """Thousands apart, which Django's Vietnamese formats leave together."""
    separator = get_format("THOUSAND_SEPARATOR")
    return number_words(number, "", grouping=3, thousand_sep=separator, force_grouping=True)
