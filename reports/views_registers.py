"""Registers of a unit: the list of them, a page each, print and files."""

from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.access import Access, access_of
from accounts.roles import Permission
from common.api import PAGE_SIZE
from common.errors import InvalidInput, NotVisible
from common.time import today
from common.ui import Crumb, page_href
from common.views_tables import table_download
from communes.models import Unit
from receptions.policies import RECORDERS
from reports.forms_registers import BookForm
from reports.register_papers import book_paper
from reports.registers import BY_SLUG, Book, Source, may_read, readable
from reports.selectors_prints import printed_books
from reports.selectors_registers import Asked, book_all, book_page
from reports.services.exports import book_exported, book_exports

CODE_MAX = 12
EXPORTS_SHOWN = 5
FORMATS = ("xlsx", "pdf")
READERS = (Permission.CASE_VIEW, Permission.DENUNCIATION_VIEW, *RECORDERS)


def units_read(access: Access) -> list[Unit]:
    """The units of which the person reads a register, those that are no more last."""
    ids = frozenset[int]().union(*(access.units(permission) for permission in READERS))
    units = sorted(Unit.objects.filter(pk__in=ids), key=lambda unit: unit.code)
    return sorted(units, key=lambda unit: unit.pk in access.past)


def unit_asked(units: list[Unit], code: str) -> Unit:
    """The unit with the code among these, the first without one. Raises NotVisible."""
    unit = next((one for one in units if not code or one.code == code), None)
    if unit is None:
        raise NotVisible
    return unit


@require_safe
@never_cache
def home(request: HttpRequest) -> HttpResponse:
    """The registers that the person reads in a unit."""
    access = access_of(request.user)
    units = units_read(access)
    unit = unit_asked(units, request.GET.get("unit", "")[:CODE_MAX])
    books = readable(access, unit.pk)
    context = {
        "unit": unit,
        "units": units,
        "books": [{"book": one, "href": f"{book_href(one)}?unit={unit.code}"} for one in books],
        "may_print": bool(printed_books(access, unit.pk)),
    }
    return render(request, "reports/registers/home.html", context)


def book_href(book: Book) -> str:
    """The page of a register; that of 03/TCD lies with the receptions."""
    if book.source is Source.VISITS:
        return reverse("receptions_staff:register_book")
    return reverse("registers:book", args=[book.slug])


class BookDesk(NamedTuple):
    access: Access
    book: Book
    unit: Unit
    form: BookForm

    @property
    def asked(self) -> Asked:
        return self.form.asked(self.unit)


def book_desk(access: Access, book: Book | None, query: QueryDict) -> BookDesk:
    """A register of the unit asked for, else of the first where the person reads it. Raises
    NotVisible."""
    if book is None:
        raise NotVisible
    units = [unit for unit in units_read(access) if may_read(access, book, unit.pk)]
    unit = unit_asked(units, query.get("unit", "")[:CODE_MAX])
    return BookDesk(access, book, unit, BookForm(query, book=book, units=units))


@require_safe
@never_cache
def book(request: HttpRequest, slug: str) -> HttpResponse:
    """The rows of a period in pages."""
    desk = book_desk(access_of(request.user), BY_SLUG.get(slug), request.GET)
    context: dict[str, Any] = {
        "book": desk.book,
        "unit": desk.unit,
        "form": desk.form,
        "formats": FORMATS,
        "crumbs": _crumbs(desk),
    }
    if not desk.form.is_valid():
        return render(request, "reports/registers/book.html", context, status=422)
    asked = desk.asked
    rows, after, before = book_page(desk.access, asked, request.GET.get("cursor", ""), PAGE_SIZE)
    context |= {
        "asked": asked,
        "rows": rows,
        "next_href": page_href(request, after),
        "previous_href": page_href(request, before),
        "exports": book_exports(desk.book, desk.unit, EXPORTS_SHOWN),
        "kept": [(name, value) for name, value in request.GET.items() if name != "cursor"],
    }
    return render(request, "reports/registers/book.html", context)


@require_POST
@never_cache
def book_file(request: HttpRequest, slug: str) -> HttpResponseBase:
    """What the page lists with these filters, all of it, as XLSX or PDF; recorded before."""
    desk = book_desk(access_of(request.user), BY_SLUG.get(slug), request.POST)
    asked = desk.asked
    file_format = request.POST.get("format", "")
    if file_format not in FORMATS:
        raise InvalidInput(fields={"format": [_("Choose one of the values of the list.")]})
    rows = (entry.cells for entry in book_all(desk.access, asked))
    stem = f"so-{desk.book.slug}-{desk.unit.code}-{today():%Y-%m-%d}"
    response = table_download(book_paper(asked), rows, file_format, stem)
    book_exported(access=desk.access, asked=asked, file_format=file_format)
    return response


def _crumbs(desk: BookDesk) -> list[Crumb]:
    return [
        Crumb(_("Registers"), f"{reverse('registers:home')}?unit={desk.unit.code}"),
        Crumb(str(desk.book.title), ""),
    ]
