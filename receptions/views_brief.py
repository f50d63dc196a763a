"""The brief before a session: on the screen, in print and as a paper."""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.access import Access
from common.errors import NotPermitted
from common.papers import paper_pdf
from petitions.services.sealed import sealed_read
from receptions import policies, selectors
from receptions.brief import Page, day_context, page_of
from receptions.brief_paper import brief_facts
from receptions.models import ReceptionSession
from receptions.selectors_brief import brief_sheets, sealed_cases
from receptions.views_steps import pdf, reception_access


@require_safe
@never_cache
def brief(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """The day and every visit, each on a page of its own in print."""
    access, session = _prepares(request, public_id)
    context = _context(access, session) | day_context(access, session)
    return render(request, "receptions/staff/brief.html", context)


@require_safe
@never_cache
def brief_visit(request: HttpRequest, public_id: uuid.UUID, code: str) -> HttpResponse:
    """One visit alone."""
    access, session = _prepares(request, public_id)
    context = _context(access, session, code)
    return render(request, "receptions/staff/brief_visit.html", context)


@require_safe
@never_cache
def brief_paper(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """The day and every visit as one PDF."""
    access, session = _prepares(request, public_id)
    pages = _pages(access, session)
    facts = brief_facts(session, pages, day_context(access, session))
    return pdf(paper_pdf("brief", facts), "tai-lieu-tiep-cong-dan.pdf")


def _prepares(request: HttpRequest, public_id: uuid.UUID) -> tuple[Access, ReceptionSession]:
    """Whoever receives or registers in the unit prepares; others see the session alone."""
    access = reception_access(request)
    session = selectors.session_get_for(access, public_id)
    if not policies.can_see_visitors(access, session.unit_id):
        raise NotPermitted(_("Only who receives or registers in this unit reads its brief."))
    return access, session


def _context(access: Access, session: ReceptionSession, code: str = "") -> dict[str, Any]:
    return {"session": session, "pages": _pages(access, session, code)}


def _pages(access: Access, session: ReceptionSession, code: str = "") -> list[Page]:
    """The sheets in words; showing what a denouncer wrote is recorded before."""
    sheets = brief_sheets(access, session, code=code)
    for case in sealed_cases(sheets):
        sealed_read(access=access, case=case)
    return [page_of(sheet) for sheet in sheets]
