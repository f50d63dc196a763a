"""A task on which units report a figure: every unit beside the target."""

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.access import Access
from common.ui import Crumb
from communes.selectors import former_districts
from directives.exports import Table, day_stem
from directives.forms_values import ValuesFilterForm
from directives.models import Directive, Task
from directives.presenters import report_value
from directives.presenters_values import together_words, value_line, values_head, values_lines
from directives.selectors_values import ValuesFilter, task_values
from directives.views_exports import asked_format, streamed
from directives.views_register import crumbs_of
from directives.views_staff import export_query


def values_page(
    request: HttpRequest, access: Access, directive: Directive, task: Task
) -> HttpResponse:
    """The latest figure of every visible unit, whether it was confirmed and meets the target."""
    form = ValuesFilterForm(request.GET, districts=former_districts())
    chosen = form.chosen()
    values = task_values(access, task, chosen)
    context = {
        "directive": directive,
        "task": task,
        "form": form,
        "is_filtered": chosen != ValuesFilter(),
        "target": report_value(task.indicator, task.target) if task.target else "",
        "counts": values.counts,
        "units": len(values.rows),
        "together": together_words(values),
        "rows": [value_line(row, values.most) for row in values.rows],
        "export_query": export_query(request),
        "crumbs": crumbs_of(
            directive,
            Crumb(
                _("Groups and tasks"), reverse("directives_staff:content", args=[directive.slug])
            ),
            _("Figures of the units"),
        ),
    }
    return render(request, "directives/staff/task_values.html", context)


def values_export(
    request: HttpRequest, access: Access, directive: Directive, task: Task
) -> StreamingHttpResponse:
    """The same table as CSV or XLSX."""
    chosen = ValuesFilterForm(request.GET, districts=former_districts()).chosen()
    values = task_values(access, task, chosen)
    stem = f"so-lieu-{task.code}-{day_stem()}"
    table = Table(stem, directive.number, values_head(), values_lines(values))
    return streamed(table, asked_format(request))
