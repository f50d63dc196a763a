"""Receptions in the reports of Conclusion 215-KL/TW: page, print, files."""

import datetime as dt
from typing import NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from accounts.access import access_of
from accounts.roles import Permission
from common.errors import NotVisible
from common.sheets import CSV_TYPE, XLSX_TYPE, Sheet, Value, csv_bytes, xlsx_bytes
from common.time import today
from communes.models import Unit
from receptions.selectors_oversight import overseen
from reports.party_line import Month, party_units
from reports.periods import Period, last_month, period_of, periods_of
from reports.reception_tables import (
    MEASURES,
    OVERDUE,
    ReceptionTable,
    reception_table,
    totals_by_unit,
)

YEARS = (2025, 2100)
SHORT = ("required", "held_days", "missing", "delegated", "visits", "people", "mass_groups",
         "tasks_done", "tasks_late")  # fmt: skip
WRITERS = {"csv": (csv_bytes, CSV_TYPE), "xlsx": (xlsx_bytes, XLSX_TYPE)}


class Asked(NamedTuple):
    """What a reader wants to see; ``unit`` None is the City."""

    units: list[Unit]
    unit: Unit | None
    period: Period
    table: ReceptionTable

    @property
    def query(self) -> str:
        given = {"ky": self.period.code, "nam": str(self.period.year)}
        return urlencode(given | ({"don_vi": self.unit.code} if self.unit else {}))


@require_GET
@never_cache
def receptions(request: HttpRequest) -> HttpResponse:
    """The table of a unit or of the City for a period."""
    asked = _asked(request)
    by_unit = [
        (unit, [figures[name] for name in SHORT], overdue)
        for unit, figures, overdue in totals_by_unit(asked.table)
    ]
    context = {
        "units": asked.units,
        "unit": asked.unit,
        "period": asked.period,
        "periods": periods_of(asked.period.year),
        "is_running": asked.period.last >= today(),
        "on": today(),
        "table": asked.table,
        "rows": asked.table.rows(),
        "overdue": sum(asked.table.overdue.values()),
        "by_unit": by_unit if asked.unit is None else [],
        "heads": [MEASURES[name] for name in SHORT],
        "query": asked.query,
        "month": _whole_month(asked.period),
    }
    return render(request, "reports/receptions.html", context)


def _whole_month(period: Period) -> dt.date | None:
    """A date of the calendar month that is the period; the list of overdue petitions knows no
    other spans, and a link to other figures would contradict this page."""
    month = Month.of(period.last)
    return period.last if (month.first, month.last) == (period.first, period.last) else None


@require_GET
@never_cache
def receptions_export(request: HttpRequest) -> HttpResponse:
    """The table as CSV or XLSX, a row a unit and post."""
    asked = _asked(request)
    kind = request.GET.get("dang", "")
    kind = kind if kind in WRITERS else "csv"
    write, content_type = WRITERS[kind]
    response = HttpResponse(write(_sheet(asked.table)), content_type=content_type)
    name = f"tiep-cong-dan-{asked.period.year}-{asked.period.code}"
    response["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return response


def _sheet(table: ReceptionTable) -> Sheet:
    head = [_("Unit code"), _("Unit"), _("Post"), *map(str, MEASURES.values()), str(OVERDUE)]
    rows: list[list[Value]] = []
    for unit in table.units:
        own = [(duty, table.figures.get((unit.pk, duty.value))) for duty in table.duties]
        for duty, figures in own:
            if figures is not None:
                values = [figures.get(code, 0) for code in MEASURES]
                rows.append([unit.code, unit.full_name, str(duty.label), *values, None])
        total = table.of_unit(unit)
        rows.append([unit.code, unit.full_name, _("Total"), *total.values(),
                     table.overdue.get(unit.pk, 0)])  # fmt: skip
    return Sheet(table.period.label, head, rows)


def _asked(request: HttpRequest) -> Asked:
    """Raises NotVisible for whoever reads no report, and for a unit of others."""
    access = access_of(request.user)
    units = party_units(access) if access.has(Permission.OVERVIEW_VIEW) else []
    sees_city = Permission.OVERVIEW_VIEW in access.city
    if not units and not sees_city:
        raise NotVisible
    wanted = request.GET.get("don_vi", "") or ("" if sees_city else units[0].code)
    unit = next((unit for unit in units if unit.code == wanted), None)
    if wanted and unit is None:
        raise NotVisible
    period = _period(request, today())
    shown = overseen(access)
    if unit is not None:
        shown = shown.filter(pk=unit.pk)
    return Asked(units, unit, period, reception_table(shown, period, today()))


def _period(request: HttpRequest, on: dt.date) -> Period:
    """The period asked for; last month where nothing readable was."""
    code, year = last_month(on)
    typed = request.GET.get("nam", "")
    if typed.isascii() and typed.isdigit() and len(typed) == 4:
        year = min(max(int(typed), YEARS[0]), YEARS[1])
    found = period_of(request.GET.get("ky", "") or code, year) or period_of(code, year)
    if found is None:
        raise NotVisible
    return found
