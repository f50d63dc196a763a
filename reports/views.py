"""The overview by unit, as a table and on the map."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from accounts.access import access_of
from accounts.roles import Permission
from common.errors import NotVisible
from reports import presenters
from reports.selectors import MEASURES, counts_denunciations, overview_for


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
    rows = overview_for(access)
    sees_city = Permission.OVERVIEW_VIEW in access.city
    context = {
        "sees_city": sees_city,
        "counts_denunciations": counts_denunciations(access),
        "totals": presenters.totals(rows),
        "measure_label": presenters.LABELS[measure],
        "choices": [
            {"value": name, "label": label, "is_current": name == measure}
            for name, label in presenters.LABELS.items()
        ],
        "map": presenters.overview_map(access, rows, measure) if sees_city else None,
        "columns": presenters.columns(measure, sort),
        "rows": presenters.table(access, rows, sort),
    }
    return render(request, "reports/overview.html", context)
