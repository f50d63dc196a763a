"""The filtered list of cases as a table file, written while it is read: memory stays flat."""

from django.http import HttpRequest, StreamingHttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from common.sheet_streams import csv_lines
from common.sheets import CSV_TYPE
from common.time import local_date, today
from petitions import selectors
from petitions.enums import Flag, Kind
from petitions.filters import filters_clean, ordering_of
from petitions.models import Case
from petitions.staff.access import case_access
from petitions.workflow import status_label

CHUNK = 2000


@require_GET
@never_cache
def export(request: HttpRequest) -> StreamingHttpResponse:
    """What the inbox lists with these filters, without names: CSV in UTF-8."""
    access, query = case_access(request), request.GET.dict()
    rows = selectors.case_list_for(access, filters_clean(query))
    ordering = ordering_of(query)
    if ordering.endswith("due_on"):
        rows = rows.filter(due_on__isnull=False)
    keyset = selectors.ORDERINGS[ordering]
    ordered = rows.order_by(*keyset.order())
    lines = (_row(case) for case in ordered.iterator(chunk_size=CHUNK))
    response = StreamingHttpResponse(csv_lines(_head(), lines), content_type=CSV_TYPE)
    name = f"vu-viec-{today():%Y-%m-%d}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _head() -> list[str]:
    return [
        _("Case"),
        _("Kind"),
        _("State"),
        _("Unit"),
        _("Subject field"),
        _("Subject"),
        _("Officer"),
        _("Sent on"),
        _("Due"),
        _("Mark"),
    ]


def _row(case: Case) -> list[str]:
    return [
        case.code,
        str(Kind(case.kind).label),
        _(status_label(case.status)),
        case.unit.full_name,
        case.field.label_vi,
        case.subject,
        case.assignee.full_name if case.assignee else "",
        f"{local_date(case.submitted_at):%d/%m/%Y}",
        f"{case.due_on:%d/%m/%Y}" if case.due_on else "",
        ", ".join(str(Flag(flag).label) for flag in case.flags),
    ]
