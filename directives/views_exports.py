"""Tables of directives as CSV and XLSX, written while their rows are read."""

from django.http import HttpRequest, StreamingHttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from common.errors import InvalidInput, NotVisible
from common.sheet_streams import csv_lines, xlsx_pieces
from common.sheets import CSV_TYPE, XLSX_TYPE
from common.time import today
from directives import selectors
from directives import selectors_work as work
from directives.enums import AssignmentState
from directives.exports import (
    Table,
    assignments_table,
    breakdown_table,
    desk_table,
    register_table,
)
from directives.forms import UnitsFilterForm
from directives.forms_register import RegisterFilterForm
from directives.policies import may_keep
from directives.views_desk import desk_asked
from directives.views_staff import directive_access

FORMATS = ("csv", "xlsx")


@require_safe
@never_cache
def register(request: HttpRequest) -> StreamingHttpResponse:
    """The register as it was searched."""
    access = directive_access(request)
    form = RegisterFilterForm(request.GET, sees_drafts=may_keep(access) is None)
    return streamed(register_table(access, form.search()), asked_format(request))


@require_safe
@never_cache
def content(request: HttpRequest, slug: str) -> StreamingHttpResponse:
    """Groups and tasks of a document."""
    directive = selectors.directive_get_for(directive_access(request), slug)
    return streamed(breakdown_table(directive), asked_format(request))


@require_safe
@never_cache
def assignments(request: HttpRequest, slug: str) -> StreamingHttpResponse:
    """What units were asked by a document, with the filters of its page and a state."""
    access = directive_access(request)
    directive = selectors.directive_get_for(access, slug)
    state = request.GET.get("state", "")
    if state and state not in AssignmentState.values:
        raise InvalidInput(fields={"state": [_("Choose one of the values of the list.")]})
    asked = UnitsFilterForm(request.GET).search()
    return streamed(assignments_table(access, directive, asked, state), asked_format(request))


@require_safe
@never_cache
def desk(request: HttpRequest) -> StreamingHttpResponse:
    """What is asked of the person's unit, with the filters of the desk."""
    access = directive_access(request)
    units = work.desk_units(access)
    if not units:
        raise NotVisible
    asked = desk_asked(request, access, units)
    rows = work.desk_filtered(asked.rows, asked.chosen, access, today())
    return streamed(desk_table(asked.unit, rows), asked_format(request))


def asked_format(request: HttpRequest, usual: str = "xlsx") -> str:
    """``csv`` or ``xlsx``. Raises InvalidInput."""
    asked = request.GET.get("format", usual)
    if asked not in FORMATS:
        raise InvalidInput(fields={"format": [_("Choose one of the values of the list.")]})
    return asked


def streamed(table: Table, file_format: str) -> StreamingHttpResponse:
    """The table as a download whose name holds no personal data."""
    if file_format == "csv":
        response = StreamingHttpResponse(csv_lines(table.head, table.rows), content_type=CSV_TYPE)
    else:
        pieces = xlsx_pieces(table.name, table.head, table.rows)
        response = StreamingHttpResponse(pieces, content_type=XLSX_TYPE)
    response["Content-Disposition"] = f'attachment; filename="{table.stem}.{file_format}"'
    return response
