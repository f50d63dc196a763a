"""``/api/v1/cases/<code>/papers/``: the papers of a case, to read."""

from typing import Any

from django.http import HttpResponseBase
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import Access, access_of
from attachments.views import attachment_response, file_response
from common.api import StaffView, list_answer, plain_list
from common.codes import public_id_read
from common.errors import NotPermitted, NotVisible
from common.filters import only_known
from papers.catalogue import KINDS, kind_title
from papers.content import TEXTS, Content
from papers.forms import TABS, UnitPapersForm
from papers.models import Paper
from papers.selectors import paper_get, papers_known, signed_by
from papers.selectors_unit import ORDERS, papers_asked, unit_asked, units_with_papers
from papers.services.writing import paper_read
from papers.word import WORD, paper_word, word_name
from petitions.models import Case
from petitions.selectors import case_get_for

OBJECT = {200: OpenApiTypes.OBJECT}
PAGING = ("cursor", "page_size")


class UnitPapers(StaffView):
    @extend_schema(
        responses=OBJECT,
        parameters=[
            OpenApiParameter("tab", str, enum=list(TABS), description="`waiting` without it."),
            OpenApiParameter("unit", str, description="Code of a unit; without it the first."),
            OpenApiParameter("kind", str, enum=list(KINDS)),
            OpenApiParameter("since", OpenApiTypes.DATE, description="Issued or drafted on."),
            OpenApiParameter("until", OpenApiTypes.DATE, description="That day included."),
            OpenApiParameter("number", str, description="`12/TB-UBND-HS` or `12`; issued papers."),
            OpenApiParameter("cursor", str, description="From `next` or `previous`."),
            OpenApiParameter("page_size", int, description="1 to 200, 50 without it."),
        ],
    )
    def get(self, request: Request) -> Response:
        """The papers of a unit without their words: those that wait to be issued, the own drafts
        or the issued ones, of cases that the reader sees."""
        access = access_of(request.user)
        units = units_with_papers(access)
        unit = unit_asked(units, request.GET.get("unit", ""))
        form = UnitPapersForm(request.GET, units=units)
        only_known(request.GET.keys(), (*form.fields, *PAGING))
        asked = form.asked(unit)
        rows = papers_asked(access, asked)
        return list_answer(
            request, rows, ORDERS[asked.tab], lambda found: [_line(p) for p in found]
        )


class CasePapers(StaffView):
    @extend_schema(responses=OBJECT)
    def get(self, request: Request, code: str) -> Response:
        """The papers of a case, newest first, without their words."""
        case = case_get_for(access_of(request.user), code)
        return plain_list([_row(paper) for paper in reversed(papers_known(case))])


class CasePaper(StaffView):
    @extend_schema(responses=OBJECT)
    def get(self, request: Request, code: str, public_id: str) -> Response:
        """A paper; `content` is null where it lies under the seal of a denunciation. Reading a
        sealed one is recorded."""
        access, case, paper = _found(request, code, public_id)
        content = paper_read(access=access, case=case, paper=paper)
        more = {"signed_by": signed_by(paper) or None, "content": _content(content)}
        return Response(_row(paper) | more)


class CasePaperFile(StaffView):
    @extend_schema(responses={(200, "application/pdf"): OpenApiTypes.BINARY})
    def get(self, request: Request, code: str, public_id: str) -> HttpResponseBase:
        """The PDF of an issued paper; 404 before the issue."""
        access, case, paper = _found(request, code, public_id)
        if paper.file is None:
            raise NotVisible
        if paper_read(access=access, case=case, paper=paper) is None:
            raise NotPermitted(_("Sealed like the letters of the case."))
        return attachment_response(paper.file)


class CasePaperWord(StaffView):
    @extend_schema(responses={(200, WORD): OpenApiTypes.BINARY})
    def get(self, request: Request, code: str, public_id: str) -> HttpResponseBase:
        """A draft or an issued paper as a Word file to work on; the PDF alone is the paper."""
        access, case, paper = _found(request, code, public_id)
        content = paper_read(access=access, case=case, paper=paper)
        if content is None:
            raise NotPermitted(_("Sealed like the letters of the case."))
        return file_response(paper_word(paper, case, content), word_name(paper), WORD)


def _found(request: Request, code: str, public_id: str) -> tuple[Access, Case, Paper]:
    access = access_of(request.user)
    case = case_get_for(access, code)
    return access, case, paper_get(case, public_id_read(public_id))


def _line(paper: Paper) -> dict[str, Any]:
    return {"case": paper.case.code} | _row(paper)


def _row(paper: Paper) -> dict[str, Any]:
    return {
        "id": str(paper.public_id),
        "kind": paper.kind,
        "title": kind_title(KINDS[paper.kind]),
        "state": paper.state,
        "version": paper.version,
        "number": paper.shown_number or None,
        "issued_at": paper.issued_at,
        "issued_by": paper.issued_by.full_name if paper.issued_by else None,
        "sha256": bytes(paper.sha256).hex() if paper.sha256 else None,
        "verification_code": paper.check_code,
        "replaces": str(paper.replaces.public_id) if paper.replaces else None,
        "void_reason": paper.void_reason or None,
    }


def _content(content: Content | None) -> dict[str, Any] | None:
    if content is None:
        return None
    return {name: getattr(content, name) for name in TEXTS} | {"fields": dict(content.fields)}
