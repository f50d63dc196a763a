"""Indices of the City and its units beside the portal's own satisfaction figures."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import Access
from common.errors import NotVisible, allow
from common.forms import done
from common.sheets import CSV_TYPE, csv_bytes
from common.time import today
from common.ui import Crumb
from communes.models import Unit
from communes.selectors import unit_by_code
from directives.views_register import page
from directives.views_staff import directive_access
from mobilisation import presenters_indices as show
from mobilisation import satisfaction as scores
from mobilisation import selectors_indices as found
from mobilisation.enums_models import SCALES, IndexKind
from mobilisation.forms_indices import IndexChooseForm, IndexFilterForm, IndexForm
from mobilisation.policies_models import may_keep_indices
from mobilisation.services import index_record
from mobilisation.views_hub import crumbs_to

# The portal began in 2025, with the two-level government.
SCORES_FROM = 2025


@require_safe
@never_cache
def indices(request: HttpRequest) -> HttpResponse:
    """Every index of a unit with its chart, and how content petitioners are there."""
    access = directive_access(request)
    units, years = found.index_units(access), _years()
    form = IndexFilterForm(_asked(request, units, years), units=units, years=years)
    unit = unit_by_code(form.cleaned_data.get("unit") or found.CITY) or units[0]
    year = int(form.cleaned_data.get("year") or years[0])
    keeps = may_keep_indices(access) is None
    context = {
        "form": form,
        "unit": unit,
        "keeps": keeps,
        "blocks": [show.series_block(one, edits=keeps) for one in found.index_series(unit)],
        "year": year,
        "crumbs": _crumbs(),
        **_scores(access, unit, year, years),
    }
    return render(request, "mobilisation/staff/indices.html", context)


@require_safe
@never_cache
def indices_export(request: HttpRequest) -> HttpResponse:
    """Every index that the person may see as CSV."""
    sheet = show.index_sheet(found.index_rows(directive_access(request)))
    answer = HttpResponse(csv_bytes(sheet), content_type=CSV_TYPE)
    answer["Content-Disposition"] = 'attachment; filename="chi-so.csv"'
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def index_choose(request: HttpRequest) -> HttpResponse:
    """Choose which index of which year is entered or corrected."""
    access = directive_access(request)
    allow(may_keep_indices(access))
    initial = {"year": today().year - 1, "unit": found.CITY}
    form = IndexChooseForm(request.POST or None, units=found.index_units(access), initial=initial)
    if form.is_valid():
        data = form.cleaned_data
        return redirect("mobilisation_staff:index", data["kind"], data["year"], data["unit"])
    context = {"form": form, "crumbs": _crumbs(_("Enter an index"))}
    return page(request, "mobilisation/staff/index_choose.html", context, form)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def index(request: HttpRequest, kind: str, year: int, code: str) -> HttpResponse:
    """Enter an index of a unit in a year, or correct it."""
    access = directive_access(request)
    unit = unit_by_code(code)
    if kind not in IndexKind.values or unit is None:
        raise NotVisible
    allow(may_keep_indices(access))
    row = found.index_get(kind, year, unit)
    scale = show.number_words(kind, SCALES[kind])
    form = IndexForm(request.POST or None, row=row, scale=scale)
    if form.is_valid() and done(
        form,
        lambda: index_record(
            access=access,
            kind=kind,
            year=year,
            unit=code,
            version=form.cleaned_data["version"],
            facts=form.facts(),
        ),
    ):
        messages.success(request, _("The index was saved."))
        return redirect(f"{reverse('mobilisation_staff:indices')}?unit={code}")
    label = IndexKind(kind).label
    context = {
        "form": form,
        "label": label,
        "year": year,
        "unit": unit,
        "row": row,
        "history": show.event_items(found.index_events(row)) if row is not None else [],
        "crumbs": _crumbs(f"{label}, {year}"),
    }
    return page(request, "mobilisation/staff/index_form.html", context, form)


@login_not_required
@require_safe
def indices_public(request: HttpRequest) -> HttpResponse:
    """The indices of the City that are public, and how content petitioners are, by year."""
    unit, years = found.city(), _years()
    labels = {year: str(year) for year in years}
    by_year = scores.score_years(None, years)
    blocks = [show.series_block(one) for one in found.index_series(unit, only_public=True)]
    context = {
        "blocks": [block for block in blocks if block["rows"]],
        "score_years": show.score_rows(by_year, labels),
        "is_rated": any(score.count != 0 for score in by_year.values()),
        "crumbs": [
            Crumb(_("Home"), "/"),
            Crumb(_("Models of “dân vận khéo”"), reverse("mobilisation:exemplars")),
            Crumb(_("Indices of the City")),
        ],
    }
    return render(request, "mobilisation/indices.html", context)


def _asked(request: HttpRequest, units: list[Unit], years: list[int]) -> Any:
    query = request.GET.copy()
    query.setdefault("unit", units[0].code)
    query.setdefault("year", str(years[0]))
    return query


def _years() -> list[int]:
    """Years of which there may be ratings, the latest first."""
    return list(range(max(today().year, SCORES_FROM), SCORES_FROM - 1, -1))


def _scores(access: Access, unit: Unit, year: int, years: list[int]) -> dict[str, Any]:
    """Satisfaction of the City, or of a unit whose figures the person may see."""
    seen = found.scored_units(access)
    is_city = unit.code == found.CITY
    if not is_city and unit not in seen:
        return {"sees_scores": False, "by_unit": []}
    ids = None if is_city else [unit.pk]
    months = scores.score_months(ids, year, today())
    labels = show.month_labels(year)
    by_unit = scores.score_units(seen, year) if is_city and len(seen) > 1 else {}
    return {
        "sees_scores": True,
        "score_chart": show.score_chart(months),
        "score_months": show.score_rows(months, labels),
        "score_years": show.score_rows(
            scores.score_years(ids, years), {year: str(year) for year in years}
        ),
        "by_unit": show.score_rows(by_unit, {one.pk: one.full_name for one in seen}),
    }


def _crumbs(*rest: str | Crumb) -> list[Crumb]:
    return crumbs_to("indices", _("Indices"), *rest)
