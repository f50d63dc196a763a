"""Difficulties and proposals over all reports; who has studied a document."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.access import Access
from common.api import PAGE_SIZE
from common.time import local_date, month_after, months_between
from common.ui import Crumb, page_href
from communes.models import Unit
from directives import selectors
from directives import selectors_said as found
from directives.enums import ReportKind
from directives.exports import CHUNK, Table, day_cell, day_stem
from directives.forms_said import SaidFilterForm, StudyFilterForm
from directives.models import Directive, ProgressReport, StudySession
from directives.overview import MONTHS_MAX
from directives.periods import Period
from directives.selectors_overview import directives_asked
from directives.views_exports import asked_format, streamed
from directives.views_overview import overview_crumbs
from directives.views_register import crumbs_of
from directives.views_staff import directive_access, export_query


@require_safe
@never_cache
def said(request: HttpRequest) -> HttpResponse:
    """What units found hard or proposed, over all reports, the newest first."""
    access = directive_access(request)
    form = _said_form(request, access)
    chosen = form.chosen()
    page, after, before = found.SAID_ORDER.page(
        found.said_rows(access, chosen), request.GET.get("cursor", ""), PAGE_SIZE
    )
    context = {
        "form": form,
        "is_filtered": any(vars(chosen).values()),
        "rows": [_said_line(row) for row in page],
        "export_query": export_query(request),
        "next_href": page_href(request, after),
        "previous_href": page_href(request, before),
        "crumbs": overview_crumbs(Crumb(_("Difficulties and proposals"))),
    }
    return render(request, "directives/staff/said.html", context)


@require_safe
@never_cache
def said_export(request: HttpRequest) -> StreamingHttpResponse:
    """The same as a file; no names of persons."""
    access = directive_access(request)
    rows = found.said_rows(access, _said_form(request, access).chosen())
    head = [
        _("Reported on"), _("Unit code"), _("Unit name"), _("Document"), _("Task"),
        _("What it is about"), _("Difficulties"), _("Proposals to the City"),
    ]  # fmt: skip
    lines = (_said_cells(row) for row in rows.order_by("-id").iterator(CHUNK))
    table = Table(f"kho-khan-{day_stem()}", _("Difficulties and proposals"), head, lines)
    return streamed(table, asked_format(request))


def _said_form(request: HttpRequest, access: Access) -> SaidFilterForm:
    directives = directives_asked(access)
    chosen = next((row for row in directives if row.slug == request.GET.get("directive")), None)
    spans = found.said_months(access)
    months = (
        months_between(max(spans[0], month_after(spans[1], 1 - MONTHS_MAX)), spans[1])
        if spans
        else []
    )
    return SaidFilterForm(
        request.GET,
        directives=directives,
        groups=list(chosen.groups.order_by("number")) if chosen else [],
        units=found.said_units(access),
        months=months,
    )


def _said_line(row: ProgressReport) -> dict[str, Any]:
    task = row.assignment.task
    return {
        "report": row,
        "unit": row.assignment.unit,
        "task": task,
        "directive": task.group.directive,
        "about": _about(row),
        "href": reverse("directives_staff:assignment", args=[row.assignment.public_id]),
    }


def _about(row: ProgressReport) -> str:
    if row.period is not None:
        return Period(row.period.starts_on, row.period.ends_on).words
    return str(capfirst(str(ReportKind(row.kind).label)))


def _said_cells(row: ProgressReport) -> tuple[str, ...]:
    unit, task = row.assignment.unit, row.assignment.task
    return (
        day_cell(local_date(row.at)),
        unit.code,
        unit.full_name,
        task.group.directive.number,
        task.title,
        _about(row),
        row.difficulties,
        row.proposals,
    )


class Studied(NamedTuple):
    """A document, what of its study sessions is looked at, and the units."""

    access: Access
    directive: Directive
    form: StudyFilterForm
    chosen: found.StudyFilter
    rows: Any


@require_safe
@never_cache
def studies(request: HttpRequest, slug: str) -> HttpResponse:
    """Which units have studied a document: sessions, people and material; which have not yet."""
    asked = _studied(request, slug)
    page, after, before = found.STUDY_ORDER.page(
        asked.rows, request.GET.get("cursor", ""), PAGE_SIZE
    )
    held = _held(asked, page)
    everyone = found.StudyFilter(task=asked.chosen.task)
    context = {
        "directive": asked.directive,
        "form": asked.form,
        "task": asked.chosen.task,
        "is_filtered": any(vars(asked.chosen).values()),
        "totals": found.studies_totals(
            found.studies_by_unit(asked.access, asked.directive, everyone)
        ),
        "rows": [
            {
                "unit": unit,
                "href": reverse("directives_staff:unit", args=[slug, unit.code]),
                "sessions": [_session_line(one) for one in held.get(unit.pk, [])],
            }
            for unit in page
        ],
        "export_query": export_query(request),
        "next_href": page_href(request, after),
        "previous_href": page_href(request, before),
        "crumbs": crumbs_of(asked.directive, _("Study sessions of the units")),
    }
    return render(request, "directives/staff/studies.html", context)


@require_safe
@never_cache
def studies_export(request: HttpRequest, slug: str) -> StreamingHttpResponse:
    """A row a session; a unit without one has a row, too."""
    asked = _studied(request, slug)
    units = list(asked.rows.order_by("code"))
    head = [
        _("Unit code"), _("Unit name"), _("Former district"), _("Task"), _("Held on"), _("People"),
        _("Material"), _("Sessions of the unit"),
    ]  # fmt: skip
    lines = _study_cells(units, _held(asked, units))
    table = Table(f"hoc-tap-{slug}-{day_stem()}", _("Study sessions"), head, lines)
    return streamed(table, asked_format(request))


def _studied(request: HttpRequest, slug: str) -> Studied:
    access = directive_access(request)
    directive = selectors.directive_get_for(access, slug)
    form = StudyFilterForm(request.GET, tasks=found.tasks_asked(access, directive))
    chosen = form.chosen()
    return Studied(
        access, directive, form, chosen, found.studies_by_unit(access, directive, chosen)
    )


def _held(asked: Studied, units: list[Unit]) -> dict[int, list[StudySession]]:
    return found.studies_held(asked.access, asked.directive, units, asked.chosen.task)


def _session_line(row: StudySession) -> dict[str, Any]:
    href = reverse("directives_staff:assignment", args=[row.assignment.public_id])
    return {"session": row, "task": row.assignment.task, "href": f"{href}#studies"}


def _study_cells(units: list[Unit], held: dict[int, list[StudySession]]) -> Iterator[list[str]]:
    for unit in units:
        sessions = held.get(unit.pk, [])
        known = [unit.code, unit.full_name, unit.former_district]
        for row in sessions:
            what = [day_cell(row.held_on), str(row.people), row.material]
            yield [*known, row.assignment.task.title, *what, str(len(sessions))]
        if not sessions:
            yield [*known, "", "", "", "", "0"]
