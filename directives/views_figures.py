"""The figures of a task by unit: of one of which the reception calendar knows the figure in a
period, of any other as units reported them (``views_values``)."""

from typing import Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.access import Access
from common.errors import NotVisible
from common.sheets import CSV_TYPE, csv_bytes
from common.time import today
from common.ui import Crumb
from directives import selectors
from directives.models import Task
from directives.presenters_figures import figures_sheet, figures_total, unit_figures
from directives.receptions_figures import choices_until
from directives.selectors_figures import UnitFigures, task_figures
from directives.selectors_values import task_of
from directives.views_register import crumbs_of
from directives.views_staff import directive_access
from directives.views_values import values_export, values_page


@require_safe
@never_cache
def task_figures_page(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """The City's breakdown of a task by unit, of a counted one in a month, quarter or year; a unit's
    people see their own row."""
    access = directive_access(request)
    directive = selectors.directive_get_for(access, slug)
    task = task_of(directive, code)
    if not task.is_counted:
        return values_page(request, access, directive, task)
    asked, rows = _asked(request, access, task)
    choices = choices_until(today())
    context = {
        "directive": directive,
        "task": task,
        "choices": [(name, period_label(name)) for name in choices],
        "asked": asked,
        "period": choices[asked],
        "is_running": choices[asked].ends_on >= today(),
        "on": today(),
        "rows": [unit_figures(row, task.indicator) for row in rows],
        "total": figures_total(rows) if len(rows) > 1 else None,
        "crumbs": crumbs_of(
            directive,
            Crumb(_("Groups and tasks"), reverse("directives_staff:content", args=[slug])),
            _("Figures of the reception calendar"),
        ),
    }
    return render(request, "directives/staff/task_figures.html", context)


@require_safe
@never_cache
def task_figures_export(
    request: HttpRequest, slug: str, code: str
) -> HttpResponse | StreamingHttpResponse:
    """The same table as a file."""
    access = directive_access(request)
    directive = selectors.directive_get_for(access, slug)
    task = task_of(directive, code)
    if not task.is_counted:
        return values_export(request, access, directive, task)
    asked, rows = _asked(request, access, task)
    answer = HttpResponse(csv_bytes(figures_sheet(rows, task.indicator)), content_type=CSV_TYPE)
    answer["Content-Disposition"] = f'attachment; filename="tiep-dan-{asked}.csv"'
    return answer


def _asked(request: HttpRequest, access: Access, task: Task) -> tuple[str, list[UnitFigures]]:
    """The name of the period and the rows of a counted task."""
    on = today()
    choices = choices_until(on)
    asked = request.GET.get("ky", "")
    asked = asked if asked in choices else _usual(list(choices))
    return asked, task_figures(access, task, choices[asked], on)


def _usual(names: list[str]) -> str:
    """The last month that has ended, or the running one."""
    months = [name for name in names if len(name) == len("2026-11")]
    if not months:
        raise NotVisible
    return months[1] if len(months) > 1 else months[0]


def period_label(name: str) -> Any:
    """A name of ``choices_until`` in words."""
    year, _dash, part = name.partition("-")
    if not part:
        return _("year %(year)s") % {"year": year}
    if part.startswith("Q"):
        return _("quarter %(number)s of %(year)s") % {"number": part[1:], "year": year}
    return _("month %(number)s of %(year)s") % {"number": int(part), "year": year}
