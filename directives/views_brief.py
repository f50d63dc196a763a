"""A brief of one page about a unit, and one for the Standing Committee: on screen and as paper."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.access import Access
from accounts.roles import Permission
from common.errors import NotPermitted
from common.papers import paper_pdf
from common.time import today
from common.ui import Crumb
from communes.models import Unit
from directives.brief_paper import brief_facts, late_lines_of
from directives.selectors_brief import Brief, brief_read
from directives.views_overview import overview_crumbs
from directives.views_staff import directive_access, unit_visible


@require_safe
@never_cache
def unit_brief(request: HttpRequest, code: str) -> HttpResponse:
    """One page about a unit."""
    _access, brief = _of_unit(request, code)
    assert brief.unit is not None
    return _page(request, brief, Crumb(brief.unit.full_name))


@require_safe
@never_cache
def unit_paper(request: HttpRequest, code: str) -> HttpResponse:
    """The same as a PDF."""
    _access, brief = _of_unit(request, code)
    return _paper(brief, f"tom-tat-chi-dao-{code}.pdf")


@require_safe
@never_cache
def city_brief(request: HttpRequest) -> HttpResponse:
    """One page for the Standing Committee."""
    return _page(request, _of_city(request), Crumb(_("Brief for the Standing Committee")))


@require_safe
@never_cache
def city_paper(request: HttpRequest) -> HttpResponse:
    """The same as a PDF."""
    return _paper(_of_city(request), "tom-tat-chi-dao.pdf")


def _of_unit(request: HttpRequest, code: str) -> tuple[Access, Brief]:
    access = directive_access(request)
    unit: Unit = unit_visible(access, code)
    return access, brief_read(access, unit, today())


def _of_city(request: HttpRequest) -> Brief:
    access = directive_access(request)
    if Permission.DIRECTIVE_VIEW not in access.city:
        raise NotPermitted(_("Only bodies of the City read the brief about all units."))
    return brief_read(access, None, today())


def _page(request: HttpRequest, brief: Brief, crumb: Crumb) -> HttpResponse:
    best, worst = brief.ends
    context = {
        "brief": brief,
        "late": late_lines_of(brief),
        "best": best,
        "worst": worst,
        "shares": brief.told.shares(),
        "shares_before": brief.told_before.shares(),
        "crumbs": overview_crumbs(crumb),
    }
    return render(request, "directives/staff/overview_brief.html", context)


def _paper(brief: Brief, name: str) -> HttpResponse:
    response = HttpResponse(
        paper_pdf("directive_brief", brief_facts(brief)), content_type="application/pdf"
    )
    response["Content-Disposition"] = f'inline; filename="{name}"'
    return response
