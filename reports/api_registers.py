"""``/api/v1/registers/CODE/``."""

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import access_of
from common.api import StaffView, page_answer, page_size
from common.filters import only_known
from papers.catalogue import KINDS
from petitions.enums import Kind
from receptions.forms_book import PERIODS
from reports.forms_registers import CASE_STATES, FIELDS, PAPER_STATES
from reports.register_receptions import KINDS as RECEPTION_KINDS
from reports.registers import BY_CODE
from reports.selectors_registers import book_page, entry_json
from reports.views_registers import book_desk

STATES = [value for value, _label in (*CASE_STATES, *PAPER_STATES)]
PAGING = ("cursor", "page_size")


def _query(name: str, about: str, *values: str) -> OpenApiParameter:
    return OpenApiParameter(name, str, description=about, enum=values or None)


PERIOD = [
    _query("unit", "Code of the unit; without it the first where the register is read."),
    _query("period", "This month without it.", *(value for value, _label in PERIODS)),
    _query("day", "A day in the period, such as 2026-11-23; today without it."),
    _query("since", "First day, with period=range."),
    _query("until", "Last day, with period=range."),
    _query("cursor", "Of the page, from the links."),
    OpenApiParameter("page_size", int, description="1 to 200, 50 without it."),
]
OF_PAPERS = [kind for kinds in RECEPTION_KINDS.values() for kind in kinds]


def _answer(request: Request, code: str, *, of_receptions: bool) -> Response:
    known = BY_CODE.get(code)
    book = known if known is not None and known.is_of_receptions is of_receptions else None
    desk = book_desk(access_of(request.user), book, request.GET)
    only_known(request.GET.keys(), (*FIELDS, *PAGING))
    cursor = request.GET.get("cursor", "")
    found, after, before = book_page(desk.access, desk.asked, cursor, page_size(request))
    return page_answer(request, [entry_json(desk.book, row) for row in found], after, before)


class RegisterRows(StaffView):
    @extend_schema(
        responses={200: OpenApiTypes.OBJECT},
        parameters=[
            *PERIOD,
            _query("kind", "Kind of petition, or of paper.", *Kind.values, *KINDS),
            _query("field", "Code of a subject field."),
            _query("state", "State of the case, or of the paper.", *STATES),
        ],
    )
    def get(self, request: Request, code: str) -> Response:
        """Rows of a register of a unit: ``letters``, ``accepted``, ``papers``, or a sealed one,
        ``denunciations``, ``denunciations-accepted`` and ``denunciation-papers``, for whoever sees
        denunciations there.

        Cells are the words of the register, denouncers are named in none; ``case`` is the code of
        the case, empty where the reader does not see it.
        """
        return _answer(request, code, of_receptions=False)


class ReceptionRegisterRows(StaffView):
    @extend_schema(
        responses={200: OpenApiTypes.OBJECT},
        parameters=[
            *PERIOD,
            _query("kind", "Kind of petition, or of paper.", *Kind.values, *OF_PAPERS),
            _query("state", "State of a conclusion notice.", *STATES[3:5]),
        ],
    )
    def get(self, request: Request, code: str) -> Response:
        """Rows of a register of a unit's receptions: ``receptions`` (form 03/TCD, whoever receives
        or registers in the unit), ``reception-conclusions`` and ``reception-papers`` (numbered
        papers; also whoever sees cases there, without visitors' names).

        Cells are the words of the register; ``case`` is the code of the case, empty where the reader
        does not see one. Denunciations stand behind all other rows of ``receptions``, on its last
        page, for whoever sees them.
        """
        return _answer(request, code, of_receptions=True)
