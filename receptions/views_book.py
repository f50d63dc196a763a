"""Register 03/TCD: page, print and files."""

from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.access import Access
from accounts.models import User
from common.api import PAGE_SIZE
from common.errors import InvalidInput, NotPermitted, NotVisible
from common.table_papers import TablePaper
from common.time import today
from common.ui import page_href
from common.views_tables import table_download
from communes.models import Unit
from receptions.forms_book import RegisterForm
from receptions.models import ReceptionSession
from receptions.policies import RECORDERS
from receptions.selectors_register import COLUMNS, SHARES, Asked, register_all, register_page
from receptions.services.register import exports_of, register_exported
from receptions.views_staff import CODE_MAX
from receptions.views_steps import reception_access

EXPORTS_SHOWN = 5
FORMATS = ("csv", "xlsx", "pdf")


class _Desk(NamedTuple):
    access: Access
    unit: Unit
    form: RegisterForm

    @property
    def asked(self) -> Asked:
        return self.form.asked(self.unit)


@require_safe
@never_cache
def register_book(request: HttpRequest) -> HttpResponse:
    """The rows of a period in pages."""
    desk = _desk(request, request.GET)
    context: dict[str, Any] = {"form": desk.form, "unit": desk.unit, "formats": FORMATS}
    if not desk.form.is_valid():
        context |= {"rows": [], "columns": _columns(), "asked": None}
        return render(request, "receptions/staff/register_book.html", context, status=422)
    rows, after, before = register_page(
        desk.access, desk.asked, request.GET.get("cursor", ""), PAGE_SIZE
    )
    context |= {
        "asked": desk.asked,
        "columns": _columns(),
        "rows": rows,
        "next_href": page_href(request, after),
        "previous_href": page_href(request, before),
        "exports": exports_of(desk.unit, EXPORTS_SHOWN),
        "kept": [(name, value) for name, value in request.GET.items() if name != "cursor"],
    }
    return render(request, "receptions/staff/register_book.html", context)


@require_POST
@never_cache
def register_export(request: HttpRequest) -> HttpResponseBase:
    """What the page lists with these filters, all of it, as CSV, XLSX or PDF; recorded before."""
    desk = _desk(request, request.POST)
    file_format = request.POST.get("format", "")
    if not desk.form.is_valid() or file_format not in FORMATS:
        raise InvalidInput(fields={"format": [_("Choose one of the values of the list.")]})
    asked = desk.asked
    rows = (entry.cells for entry in register_all(desk.access, asked))
    stem = f"so-tiep-cong-dan-{asked.unit.code}-{today():%Y-%m-%d}"
    response = table_download(_paper(asked), rows, file_format, stem)
    register_exported(access=desk.access, asked=asked, file_format=file_format)
    return response


def _paper(asked: Asked) -> TablePaper:
    return TablePaper(
        title=_("Register of receptions"),
        unit=asked.unit.full_name,
        period=f"{asked.since:%d/%m/%Y} – {asked.until:%d/%m/%Y}",
        basis=_("Form 03/TCD, Decree 154/2026"),
        columns=_columns(),
        shares=SHARES,
    )


def _columns() -> list[str]:
    return [_(label) for label in COLUMNS]


def _desk(request: HttpRequest, query: QueryDict) -> _Desk:
    """The unit asked for, or the first of those whose visitors the person sees."""
    access = reception_access(request)
    ids = frozenset[int]().union(*(access.units(permission) for permission in RECORDERS))
    if not ids:
        raise NotPermitted(_("Only who receives or registers in a unit reads its register."))
    units = list(Unit.objects.filter(pk__in=ids).order_by("code"))
    code = query.get("unit", "")[:CODE_MAX]
    units.sort(key=lambda one: one.pk in access.past)
    unit = next((one for one in units if one.code == code), None) if code else units[0]
    if unit is None:
        raise NotVisible
    held = ReceptionSession.objects.filter(unit=unit).order_by().values("leader_id")
    leaders = list(User.objects.filter(pk__in=held).order_by("full_name", "id"))
    form = RegisterForm(query, units=units, leaders=leaders)
    return _Desk(access, unit, form)
