"""The overview by unit, as a table and on the map."""

import datetime as dt

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from accounts.access import access_of
from accounts.roles import Permission
from common.errors import NotVisible
from common.time import today
from reports import presenters
from reports.party_line import Month, overdue_in, party_units
from reports.selectors import MEASURES, counts_denunciations, overview_shown


@require_GET
@never_cache
def overview(request: HttpRequest) -> HttpResponse:
    """Open, due soon, overdue and escalated cases by unit; the whole city or one's own unit."""
    access = access_of(request.user)
    if not access.has(Permission.OVERVIEW_VIEW):
        raise NotVisible
    measure = request.GET.get("do", "")
    measure = measure if measure in MEASURES else "overdue"
    sort = request.GET.get("sort", "")
    sort = sort if sort in presenters.SORTS else measure
    shown = overview_shown(access)
    rows = shown.rows
    sees_city = Permission.OVERVIEW_VIEW in access.city
    context = {
        "sees_city": sees_city,
        "counts_denunciations": counts_denunciations(access),
        "totals": presenters.totals(shown),
        "hides_small": shown.hides_small,
        "measure_label": presenters.LABELS[measure],
        "choices": [
            {"value": name, "label": label, "is_current": name == measure}
            for name, label in presenters.LABELS.items()
        ],
        "map": presenters.overview_map(access, rows, measure) if sees_city else None,
        # Bodies of the City have no report up the Party line.
        "reads_party_line": sees_city or any(row.unit.is_commune_level for row in rows),
        "columns": presenters.columns(measure, sort),
        "rows": presenters.table(access, rows, sort),
    }
    return render(request, "reports/overview.html", context)


@require_GET
@never_cache
def party_line(request: HttpRequest) -> HttpResponse:
    """The overdue petitions of a commune in a month, as its secretary reports them."""
    access = access_of(request.user)
    units = party_units(access) if access.has(Permission.OVERVIEW_VIEW) else []
    if not units:
        raise NotVisible
    on = today()
    month = _month(request.GET.get("thang", ""), on)
    wanted = request.GET.get("don_vi", "") or (units[0].code if len(units) == 1 else "")
    unit = next((unit for unit in units if unit.code == wanted), None)
    if wanted and unit is None:
        raise NotVisible
    context = {
        "units": units,
        "unit": unit,
        "month": month,
        "is_running": month.last >= on,
        "on": on,
        "rows": overdue_in(access, unit, month, on=on) if unit else [],
    }
    return render(request, "reports/party_line.html", context)


def _month(text: str, on: dt.date) -> Month:
    """``2026-11``; last month where nothing readable was asked, none that lies ahead."""
    try:
        asked = Month.of(dt.date.fromisoformat(f"{text}-01"))
    except ValueError:
        return Month.of(on).before
    return asked if asked.first <= on else Month.of(on)
