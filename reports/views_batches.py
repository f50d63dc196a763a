"""Batches of registers and of papers: order them, see how far they are, fetch what is made."""

import uuid
from collections.abc import Sequence
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.db.models import BooleanField, ExpressionWrapper
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import Access, access_of
from attachments.views import attachment_response
from common.errors import Conflict, InvalidInput, NotVisible
from common.sheets import XLSX_TYPE
from common.time import today
from common.ui import Crumb
from common.views_tables import PDF_TYPE
from communes.models import Unit
from reports.enums import BatchKind, BatchState, FileFormat
from reports.forms_registers import BatchForm
from reports.models import RegisterBatch, RegisterFile
from reports.registers import BY_CODE, readable
from reports.selectors_prints import outdated
from reports.services.batches import (
    IS_HELD,
    KEPT,
    TOO_LONG,
    TOO_SLOW,
    batch_cancel,
    batch_fetch,
    batch_resume,
    batch_start,
    file_bytes,
)
from reports.services.prints import NOTHING, OUTDATED, print_again
from reports.views_registers import CODE_MAX, unit_asked, units_read

SHOWN = 20
REFRESH = 4  # seconds between two looks at a running batch
TONES = {
    BatchState.RUNNING: "progress",
    BatchState.DONE: "success",
    BatchState.FAILED: "danger",
    BatchState.CANCELLED: "neutral",
}
FAULTS = {
    TOO_LONG: gettext_lazy("Too many rows for a PDF; the XLSX file holds them."),
    TOO_SLOW: gettext_lazy(
        "Making this file took too long three times. Please order it again at a quieter time, or tell"
        " the administrator."
    ),
    NOTHING: gettext_lazy("No paper is left that is in force and read by whoever ordered it."),
}
HAS_CONTENT = ExpressionWrapper(IS_HELD, output_field=BooleanField())
TYPES = {FileFormat.XLSX: XLSX_TYPE, FileFormat.PDF: PDF_TYPE}


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def batches(request: HttpRequest) -> HttpResponse:
    """Order registers of whole months; the person's own batches so far."""
    access = access_of(request.user)
    code = request.POST.get("unit") or request.GET.get("unit", "")
    unit = unit_asked(units_read(access), code[:CODE_MAX])
    books = readable(access, unit.pk)
    form = BatchForm(books=books, initial={"first": today(), "last": today()})
    if request.method == "POST":
        form = BatchForm(request.POST, books=books)
        made = _start(access, unit, form) if form.is_valid() else None
        if made is not None:
            return redirect("registers:batch", made.public_id)
    own = RegisterBatch.objects.visible_to(access).select_related("unit")[:SHOWN]
    context = {
        "form": form,
        "unit": unit,
        "rows": [_line(row) for row in own],
        "crumbs": [_home_crumb(unit.code), Crumb(_("Monthly registers"), "")],
    }
    status = 422 if form.is_bound else 200
    return render(request, "reports/registers/batches.html", context, status=status)


def _start(access: Access, unit: Unit, form: BatchForm) -> RegisterBatch | None:
    """What the service refuses stands in the form."""
    since, until = form.months()
    books = form.cleaned_data["books"]
    try:
        return batch_start(access=access, unit=unit, books=books, since=since, until=until)
    except (InvalidInput, Conflict) as error:
        form.show_errors(error)
        return None


def _line(batch: RegisterBatch) -> dict[str, Any]:
    return {
        "batch": batch,
        "what": capfirst(batch.get_kind_display()),
        "period": _period(batch),
        "href": reverse("registers:batch", args=[batch.public_id]),
        "state": capfirst(batch.get_state_display()),
        "tone": TONES[BatchState(batch.state)],
    }


def _period(batch: RegisterBatch) -> str:
    if batch.kind == BatchKind.PAPERS:
        return f"{batch.since:%d/%m/%Y}"
    return f"{batch.since:%m/%Y} – {batch.until:%m/%Y}"


def _home_crumb(code: str) -> Crumb:
    return Crumb(_("Registers"), f"{reverse('registers:home')}?unit={code}")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def batch(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """How far a batch is, and its files; stop it or go on.

    While it runs the page asks again by itself (``Refresh``), unless it was asked to be left alone
    (``?giu=1``).
    """
    access = access_of(request.user)
    if request.method == "POST":
        if request.POST.get("do") == "anew":
            return _anew(request, access, public_id)
        if request.POST.get("do") == "cancel":
            batch_cancel(access=access, public_id=public_id)
            messages.success(request, _("The batch was stopped; what is made can be fetched."))
        else:
            batch_resume(access=access, public_id=public_id)
            messages.success(request, _("The batch goes on."))
        return redirect("registers:batch", public_id)
    rows = RegisterBatch.objects.visible_to(access).select_related("unit")
    found = rows.filter(public_id=public_id).first()
    if found is None:
        raise NotVisible
    response = render(request, "reports/registers/batch.html", _context(found))
    if found.is_running and "giu" not in request.GET:
        response.headers["Refresh"] = str(REFRESH)
    return response


def _anew(request: HttpRequest, access: Access, public_id: uuid.UUID) -> HttpResponse:
    """The same papers as far as they are in force, as a new batch."""
    try:
        public_id = print_again(access=access, public_id=public_id).public_id
    except InvalidInput:
        messages.error(request, FAULTS[NOTHING])
    return redirect("registers:batch", public_id)


def _context(batch: RegisterBatch) -> dict[str, Any]:
    files = list(batch.files.defer("box").annotate(has_content=HAS_CONTENT))
    until = batch.finished_at + KEPT if batch.finished_at else None
    made = sum(file.made_at is not None for file in files)
    is_kept = any(file.has_content for file in files)
    is_stopped = batch.state in (BatchState.CANCELLED, BatchState.FAILED)
    is_print = batch.kind == BatchKind.PAPERS
    is_outdated = is_print and is_kept and outdated(batch)
    return _line(batch) | {
        "unit": batch.unit,
        "outdated": OUTDATED if is_outdated else "",
        "is_print": is_print,
        "when_label": _("Day") if is_print else _("Month"),
        "count_label": _("Papers (official)") if is_print else _("Rows"),
        "lines": _lines(batch, files),
        "made": sum(file.rows or 0 for file in files) if is_print else made,
        "total": len(batch.papers) if is_print else len(files),
        "kept_until": until if is_kept else None,
        "can_resume": is_stopped and made < len(files) and (is_kept or not made),
        "crumbs": [_home_crumb(batch.unit.code), _order_crumb(batch), Crumb(_("Batch"), "")],
    }


def _order_crumb(batch: RegisterBatch) -> Crumb:
    """Where it was ordered."""
    name = "prints" if batch.kind == BatchKind.PAPERS else "batches"
    return Crumb(_line(batch)["what"], f"{reverse(f'registers:{name}')}?unit={batch.unit.code}")


def _lines(batch: RegisterBatch, files: Sequence[RegisterFile]) -> list[dict[str, Any]]:
    """A line for each register and month with its files; a month without any row is one line."""
    lines: list[dict[str, Any]] = []
    for _month, group in groupby(files, key=lambda file: file.month):
        of_month = [_file(batch, file) for file in group]
        if batch.kind != BatchKind.PAPERS and all(row["file"].rows == 0 for row in of_month):
            lines.append(of_month[0] | {"is_empty": True})
            continue
        for _book, found in groupby(of_month, key=lambda row: row["file"].book):
            rows = list(found)
            counted = [row["file"].rows for row in rows if row["file"].rows is not None]
            lines.append(rows[0] | {"files": rows, "count": counted[0] if counted else None})
    return lines


def _file(batch: RegisterBatch, file: RegisterFile) -> dict[str, Any]:
    month = f"{file.month:%d/%m/%Y}" if batch.kind == BatchKind.PAPERS else f"{file.month:%m/%Y}"
    return {
        "file": file,
        "title": BY_CODE[file.book].title,
        "month": month,
        "format": file.file_format.upper(),
        "fault": FAULTS.get(file.fault, ""),
    }


@require_POST
@never_cache
def batch_file(request: HttpRequest, public_id: uuid.UUID, number: int) -> HttpResponseBase:
    """One made file, recorded before it is given; of what may not be given any more the page of the
    batch says why and what to do."""
    try:
        file = batch_fetch(access=access_of(request.user), public_id=public_id, number=number)
    except Conflict:
        return redirect("registers:batch", public_id)
    if file.kept is not None:
        return attachment_response(file.kept)
    response = HttpResponse(file_bytes(file), content_type=TYPES[FileFormat(file.file_format)])
    stem = f"so-{BY_CODE[file.book].slug}-{file.batch.unit.code}-{file.month:%Y-%m}"
    response["Content-Disposition"] = f'attachment; filename="{stem}.{file.file_format}"'
    return response
