"""``/api/v1/registers/CODE/``."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import access_of
from common.api import StaffView, list_answer
from common.filters import only_known
from papers.catalogue import KINDS
from petitions.enums import Kind
from receptions.forms_book import PERIODS
from reports.forms_registers import CASE_STATES, FIELDS, PAPER_STATES
from reports.registers import BY_CODE, Source
from reports.selectors_registers import ORDERS, book_rows, entries_of
from reports.views_registers import book_desk

STATES = [value for value, _label in (*CASE_STATES, *PAPER_STATES)]
PAGING = ("cursor", "page_size")


def _query(name: str, about: str, *values: str) -> OpenApiParameter:
    return OpenApiParameter(name, str, description=about, enum=values or None)


class RegisterRows(StaffView):
    @extend_schema(
        responses={200: OpenApiTypes.OBJECT},
        parameters=[
            _query("unit", "Code of the unit; without it the first where the register is read."),
            _query("period", "This month without it.", *(value for value, _label in PERIODS)),
            _query("day", "A day in the period, such as 2026-11-23; today without it."),
            _query("since", "First day, with period=range."),
            _query("until", "Last day, with period=range."),
            _query("kind", "Kind of petition, or of paper.", *Kind.values, *KINDS),
            _query("field", "Code of a subject field."),
            _query("state", "State of the case, or of the paper.", *STATES),
            _query("cursor", "Of the page, from the links."),
            OpenApiParameter("page_size", int, description="1 to 200, 50 without it."),
        ],
    )
    def get(self, request: Request, code: str) -> Response:
        """Rows of a register of a unit: ``letters``, ``accepted``, ``papers``, or a sealed one,
        ``denunciations``, ``denunciations-accepted`` and ``denunciation-papers``, for whoever sees
        denunciations there.

        Cells are the words of the register, denouncers are named in none; ``case`` is the code of
        the case, empty where the reader does not see it.
        """
        known = BY_CODE.get(code)
        book = known if known is not None and known.source is not Source.VISITS else None
        desk = book_desk(access_of(request.user), book, request.GET)
        only_known(request.GET.keys(), (*FIELDS, *PAGING))
        rows = book_rows(desk.access, desk.asked)

        def show(found: list[Any]) -> list[Any]:
            return entries_of(desk.access, desk.book, found)

        return list_answer(request, rows, ORDERS[desk.book.source], show)
