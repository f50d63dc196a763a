"""The oversight board: the city or one's own unit, a month or a year, down to one unit."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.access import Access, access_of
from accounts.roles import Permission
from common.errors import DomainError, NotPermitted, NotVisible
from common.sheets import CSV_TYPE, XLSX_TYPE, csv_bytes, xlsx_bytes
from common.time import months_between, today
from common.ui import Crumb
from communes.models import Unit
from communes.selectors import former_districts
from receptions import policies, present
from receptions import present_oversight as shown
from receptions.forms_oversight import UrgeForm
from receptions.oversight_sheet import sheet
from receptions.quotas import State
from receptions.selectors_oversight import (
    BoardRow,
    Filters,
    board,
    tasks_late,
    unit_overseen,
    urgings_of,
)
from receptions.services.urging import conclusions_urge, quota_urge

WRITERS = {"csv": (csv_bytes, CSV_TYPE), "xlsx": (xlsx_bytes, XLSX_TYPE)}


def oversight_access(request: HttpRequest) -> Access:
    """The caller's access. Raises NotVisible for whoever oversees nothing."""
    access = access_of(request.user)
    if not policies.can_oversee(access):
        raise NotVisible
    return access


@require_safe
@never_cache
def oversight(request: HttpRequest) -> HttpResponse:
    """A month of every duty holder."""
    access = oversight_access(request)
    month = _month(request)
    filters = shown.filters_of(request.GET.dict())
    rows = board(access, month, month, filters)
    context = {
        **_board(request, access, rows, month.year),
        "month": month,
        **present.month_links(month, _kept(request, filters)),
    }
    return render(request, "receptions/staff/oversight.html", context)


@require_safe
@never_cache
def oversight_year(request: HttpRequest) -> HttpResponse:
    """Twelve months of every duty holder."""
    access = oversight_access(request)
    year = shown.year_of(request.GET.get("year"), today().year)
    first, last = dt.date(year, 1, 1), dt.date(year, 12, 1)
    rows = board(access, first, last, shown.filters_of(request.GET.dict()))
    context = {
        **_board(request, access, rows, year),
        "months": months_between(first, last),
    }
    return render(request, "receptions/staff/oversight_year.html", context)


def _board(request: HttpRequest, access: Access, rows: list[BoardRow], year: int) -> dict[str, Any]:
    filters, is_open = shown.filters_of(request.GET.dict()), _is_open(request)
    query = request.GET.copy()
    query.pop("format", None)
    found = shown.groups(rows, filters, year=year, is_open=is_open)
    return {
        "groups": found,
        "is_open": is_open,
        "fold_href": _fold_href(request, is_open=is_open),
        "has_folds": is_open or not all(group.is_open for group in found),
        "totals": shown.totals(rows),
        "choices": shown.choices(filters, former_districts()),
        "filters": filters,
        "kept": urlencode(_kept(request, filters)),
        "query": query.urlencode(),
        "sees_city": Permission.RECEPTION_VIEW in access.city,
        "may_urge": policies.can_urge(access) is None,
        "legend": [(shape, word) for word, shape, _tone in shown.STATES.values()],
        "year": year,
    }


def _is_open(request: HttpRequest) -> bool:
    return request.GET.get("open") == "1"


def _kept(request: HttpRequest, filters: Filters) -> dict[str, str]:
    """What goes on to the other months and the year."""
    return shown.asked(filters) | ({"open": "1"} if _is_open(request) else {})


def _fold_href(request: HttpRequest, *, is_open: bool) -> str:
    """The same board with every group open, or folded again."""
    query = request.GET.copy()
    query.pop("open", None)
    if not is_open:
        query["open"] = "1"
    return f"?{query.urlencode()}"


@require_safe
@never_cache
def oversight_export(request: HttpRequest) -> HttpResponse:
    """The board as it is filtered, as CSV or XLSX."""
    access = oversight_access(request)
    first = last = _month(request)
    if request.GET.get("year"):
        year = shown.year_of(request.GET["year"], today().year)
        first, last = dt.date(year, 1, 1), dt.date(year, 12, 1)
    rows = board(access, first, last, shown.filters_of(request.GET.dict()))
    kind = request.GET.get("format", "")
    kind = kind if kind in WRITERS else "csv"
    write, content_type = WRITERS[kind]
    response = HttpResponse(
        write(sheet(rows, months_between(first, last))), content_type=content_type
    )
    name = f"giam-sat-tiep-dan-{first:%Y-%m}" + (f"-{last:%Y-%m}" if last > first else "")
    response["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return response


@require_safe
@never_cache
def oversight_unit(request: HttpRequest, code: str) -> HttpResponse:
    """The months of one unit, who held which post, how it was urged."""
    access = oversight_access(request)
    unit = unit_overseen(access, code)
    return _unit_page(request, access, unit, UrgeForm(whats=[]), status=200)


@require_POST
@never_cache
def oversight_urge(request: HttpRequest, code: str) -> HttpResponse:
    """Urge the unit about one duty and month; from the board with one click."""
    access = oversight_access(request)
    unit = unit_overseen(access, code)
    _permit_urging(access)
    form = UrgeForm(request.POST, whats=[])
    if form.is_valid():
        duty, month = form.cleaned_data["what"]
        try:
            quota_urge(
                access=access, unit=unit, duty=duty, month=month, text=form.cleaned_data["text"]
            )
        except DomainError as error:
            form.add_error(None, str(error.message))
        else:
            messages.success(request, _("%(unit)s was urged.") % {"unit": unit.full_name})
            return redirect(_back(request, unit))
    return _unit_page(request, access, unit, form, status=422)


@require_POST
@never_cache
def oversight_urge_tasks(request: HttpRequest, code: str) -> HttpResponse:
    """Urge the unit about its late tasks from conclusions."""
    access = oversight_access(request)
    unit = unit_overseen(access, code)
    _permit_urging(access)
    try:
        conclusions_urge(access=access, unit=unit)
    except DomainError as error:
        messages.error(request, str(error.message))
    else:
        messages.success(request, _("%(unit)s was urged.") % {"unit": unit.full_name})
    return redirect("receptions_staff:oversight_unit", unit.code)


def _permit_urging(access: Access) -> None:
    refusal = policies.can_urge(access)
    if refusal is not None:
        raise NotPermitted(refusal)


def _back(request: HttpRequest, unit: Unit) -> str:
    """The board with its filters when the click came from there, else the unit's page."""
    query = request.POST.get("query", "")[:300]
    if "query" in request.POST:
        return f"{reverse('receptions_staff:oversight')}?{query}#u-{unit.code}"
    return reverse("receptions_staff:oversight_unit", args=[unit.code])


def _unit_page(
    request: HttpRequest, access: Access, unit: Unit, form: UrgeForm, *, status: int
) -> HttpResponse:
    year = shown.year_of(request.GET.get("year"), today().year)
    first, last = dt.date(year, 1, 1), dt.date(year, 12, 1)
    rows = board(access, first, last, shown.filters_of({}), unit=unit)
    urgeable = [
        (line.duty_holder, line.month)
        for row in rows
        for line in row.begun
        if line.outlook.state != State.FINE or any(line.marks)
    ]
    # The latest month is the one that urging can still change.
    form.whats_set(sorted(urgeable, key=lambda what: what[1], reverse=True))
    context = {
        "unit": unit,
        "year": year,
        "duties": [shown.duty_months(row) for row in rows],
        "urgings": urgings_of(unit, first, last),
        "late_tasks": list(
            tasks_late(today()).filter(unit=unit).select_related("notice__session__unit")[:50]
        ),
        "form": form if urgeable and policies.can_urge(access) is None else None,
        "may_urge": policies.can_urge(access) is None,
        "crumbs": [
            Crumb(_("Oversight of reception days"), reverse("receptions_staff:oversight")),
            Crumb(unit.full_name),
        ],
    }
    return render(request, "receptions/staff/oversight_unit.html", context, status=status)


def _month(request: HttpRequest) -> dt.date:
    return present.month_of(request.GET.get("month")) or today().replace(day=1)
