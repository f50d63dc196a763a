"""Reports of periods over time, two months side by side, and the overview as files."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.access import Access
from accounts.roles import Permission
from common.errors import NotVisible
from common.time import month_after, months_between, today
from common.ui import Crumb
from communes.models import Unit
from communes.selectors import unit_by_code, units_all
from directives import presenters_overview as shown
from directives import selectors_late as late_found
from directives import selectors_overview as found
from directives import selectors_time as over_time
from directives.charts import chart_of
from directives.exports import Table
from directives.forms_overview import CompareForm, month_read
from directives.models import Assignment
from directives.overview import Told
from directives.presenters import group_words
from directives.presenters_late import late_cells, late_head, late_lines
from directives.presenters_time import compared_line, month_lines, time_head, time_line
from directives.selectors_overview import Scope
from directives.selectors_work import desk_units
from directives.views_exports import asked_format, streamed
from directives.views_overview import late_form, months_offered, overview_crumbs, scope_form
from directives.views_staff import directive_access

USUAL_MONTHS = 12
LATE_BATCH = 500
Content = tuple[str, list[str], Iterator[list[str]]]


class Asked:
    """What the comparison is asked for: a month or a unit that is none counts as not chosen."""

    def __init__(self, access: Access, query: Mapping[str, Any]) -> None:
        offered = months_offered()
        self.sees_city = Permission.DIRECTIVE_VIEW in access.city
        units = _units(access, sees_city=self.sees_city)
        self.form = CompareForm(
            query,
            directives=found.directives_asked(access),
            units=units,
            months=offered,
            sees_city=self.sees_city,
        )
        asked = self.form.asked()
        usual = month_after(today(), -1)
        self.last = month_read(asked["last"]) or (offered[-1] if offered else usual)
        self.first = month_read(asked["first"]) or month_after(self.last, 1 - USUAL_MONTHS)
        self.first = min(self.first, self.last)
        self.other = month_read(asked["other"]) or min(usual, self.last)
        self.one = month_read(asked["one"]) or month_after(self.other, -1)
        self.by = asked["by"] or "group"
        self.unit = unit_by_code(asked["unit"]) if asked["unit"] else None
        if self.unit is None and not self.sees_city and units:
            self.unit = units[0]
        self.rows = found.scoped(access, Scope(directive=asked["directive"]), self.unit)

    @property
    def is_filtered(self) -> bool:
        return any(self.form.asked().values())


def _units(access: Access, *, sees_city: bool) -> list[Unit]:
    """The units that can be chosen: those with tasks, or one's own."""
    if not sees_city:
        return desk_units(access)
    asked = Exists(Assignment.objects.live().filter(unit=OuterRef("pk")))
    pks = set(Unit.objects.filter(asked).values_list("pk", flat=True))
    return [unit for unit in units_all() if unit.pk in pks]


@require_safe
@never_cache
def compare(request: HttpRequest) -> HttpResponse:
    """Month by month: in time, late, none; and two months side by side."""
    access, on = directive_access(request), today()
    asked = Asked(access, request.GET)
    told = _by_month(asked, on)
    export = reverse("directives_staff:overview_export", args=["theo-ky"])
    kept = {name: value for name, value in asked.form.asked().items() if value}
    context = {
        "form": asked.form,
        "asked": asked,
        "is_filtered": asked.is_filtered,
        "chart": chart_of(told),
        "rows": month_lines(told),
        "has_any": any(any(one) for one in told.values()),
        "compared": _compared(asked, on),
        "csv_href": f"{export}?{urlencode(kept | {'format': 'csv'})}",
        "xlsx_href": f"{export}?{urlencode(kept | {'format': 'xlsx'})}",
        "crumbs": overview_crumbs(Crumb(_("Over time"))),
    }
    return render(request, "directives/staff/compare.html", context)


def _by_month(asked: Asked, on: dt.date) -> dict[dt.date, Told]:
    told = over_time.told_by_month(asked.rows, asked.first, asked.last, on)
    return {month: told.get(month, Told()) for month in months_between(asked.first, asked.last)}


def _compared(asked: Asked, on: dt.date) -> list[dict[str, Any]]:
    """Groups or units in two months, those that fell most first."""
    one, other = (
        over_time.told_by(asked.rows, month, on, asked.by) for month in (asked.one, asked.other)
    )
    names = _names(asked.by, {*one, *other})
    rows = [
        compared_line(name, one.get(pk, Told()), other.get(pk, Told()))
        for pk, name in names.items()
    ]
    return sorted(rows, key=lambda row: row["change"]) if asked.by == "unit" else rows


def _names(by: str, pks: set[int]) -> dict[int, str]:
    if by == "unit":
        return {unit.pk: unit.full_name for unit in units_all() if unit.pk in pks}
    return {row.pk: group_words(row) for row in found.groups_named(pks)}


@require_safe
@never_cache
def export(request: HttpRequest, what: str) -> StreamingHttpResponse:
    """The table, the late list or the comparison as it is filtered, as CSV or XLSX."""
    access = directive_access(request)
    if what not in EXPORTS:
        raise NotVisible
    name, head, rows = EXPORTS[what](access, request)
    table = Table(f"chi-dao-{what}-{today():%Y-%m-%d}", name, head, rows)
    return streamed(table, asked_format(request, "csv"))


def _heat_table(access: Access, request: HttpRequest) -> Content:
    form = scope_form(access, request.GET)
    heat = found.heat(access, form.scope(), today(), form.asked()["sort"] or "district")
    return _("Overview"), shown.heat_head(heat), shown.heat_lines(heat)


def _late_table(access: Access, request: HttpRequest) -> Content:
    chosen = late_form(access, request.GET).chosen()
    kinds = (late_found.TASK, late_found.PERIOD)
    asked = request.GET.get("kind", "")
    one = (asked,) if asked in (*kinds, late_found.EVERY) else kinds
    return _("What is late"), late_head(), _late_cells(access, chosen, one)


def _late_cells(
    access: Access, chosen: late_found.LateFilter, kinds: Iterable[str]
) -> Iterator[list[str]]:
    """Batch by batch, so that memory stays flat."""
    on = today()
    for kind in kinds:
        rows, cursor = late_found.late_rows(access, kind, chosen, on), ""
        while True:
            batch, cursor, _before = late_found.LATE_ORDER[kind].page(rows, cursor, LATE_BATCH)
            yield from (late_cells(line) for line in late_lines(kind, batch, on))
            if not cursor:
                break


def _time_table(access: Access, request: HttpRequest) -> Content:
    asked = Asked(access, request.GET)
    told = _by_month(asked, today())
    return _("Over time"), time_head(), (time_line(month, one) for month, one in told.items())


EXPORTS = {"bang": _heat_table, "cham": _late_table, "theo-ky": _time_table}
