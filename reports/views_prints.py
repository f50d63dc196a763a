"""The papers that a unit issued on a day, chosen to be printed as one PDF."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.access import Access, access_of
from common.errors import Conflict, InvalidInput, NotVisible
from common.ui import Crumb
from communes.models import Unit
from papers.models import Paper
from reports.forms_registers import PrintForm
from reports.models import RegisterBatch
from reports.registers import Book
from reports.selectors_prints import Printed, name_of, printed_books, printed_line
from reports.services.prints import papers_of_day, print_start
from reports.views_registers import CODE_MAX, unit_asked, units_read

SHOWN = 200  # papers to choose among; "all" takes those beyond too


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def prints(request: HttpRequest) -> HttpResponse:
    """List what can be printed of a day; order all of it, or what is ticked."""
    access = access_of(request.user)
    query = request.POST if request.method == "POST" else request.GET
    unit, books = _place(access, query.get("unit", "")[:CODE_MAX])
    form = PrintForm(query, books=books)
    papers: Sequence[Printed] = []
    if form.is_valid():
        book, day = form.asked()
        if request.method == "POST":
            made = _order(request, access, unit, book, day, form)
            if made is not None:
                return redirect("registers:batch", made.public_id)
        papers = papers_of_day(access, book, unit, day)
    context = _context(request, unit, form, papers)
    return render(
        request, "reports/registers/prints.html", context, status=422 if form.errors else 200
    )


def _place(access: Access, code: str) -> tuple[Unit, list[Book]]:
    """The unit asked for and its books of outgoing papers that the person reads. Raises
    NotVisible."""
    unit = unit_asked(units_read(access), code)
    books = printed_books(access, unit.pk)
    if not books:
        raise NotVisible
    return unit, books


def _order(
    request: HttpRequest, access: Access, unit: Unit, book: Book, day: dt.date, form: PrintForm
) -> RegisterBatch | None:
    """What the service refuses stands above the list."""
    chosen = None if request.POST.get("do") == "all" else set(request.POST.getlist("paper"))
    try:
        return print_start(access=access, unit=unit, book=book, day=day, chosen=chosen)
    except (InvalidInput, Conflict) as error:
        form.show_errors(error)
        return None


def _context(
    request: HttpRequest, unit: Unit, form: PrintForm, papers: Sequence[Printed]
) -> dict[str, Any]:
    picked = set(request.POST.getlist("paper"))
    home = f"{reverse('registers:home')}?unit={unit.code}"
    return {
        "form": form,
        "unit": unit,
        "kept": form.data,
        "count": len(papers),
        "is_cut": len(papers) > SHOWN,
        "shown": SHOWN,
        "is_of_cases": any(isinstance(paper, Paper) for paper in papers),
        "rows": [
            printed_line(paper) | {"is_picked": name_of(paper) in picked}
            for paper in papers[:SHOWN]
        ],
        "crumbs": [Crumb(_("Registers"), home), Crumb(_("Print the papers of a day"), "")],
    }
