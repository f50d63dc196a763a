"""Signals and land projects as CSV and XLSX, with the filters of their lists."""

from django.http import HttpRequest, StreamingHttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from common.time import now, today
from directives.views_exports import asked_format, streamed
from early_warning.exports import projects_table, signals_table
from early_warning.views_access import project_access, signal_access
from early_warning.views_projects import projects_asked
from early_warning.views_signals import signals_asked


@require_safe
@never_cache
def signals(request: HttpRequest) -> StreamingHttpResponse:
    """Signals as they were filtered."""
    access = signal_access(request)
    _form, chosen = signals_asked(request, access)
    return streamed(signals_table(access, chosen, today(), now()), asked_format(request))


@require_safe
@never_cache
def projects(request: HttpRequest) -> StreamingHttpResponse:
    """Land projects as they were filtered, with their stages."""
    access = project_access(request)
    _form, chosen = projects_asked(request, access)
    return streamed(projects_table(access, chosen), asked_format(request))
