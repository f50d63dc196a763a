"""Registers as CSV and XLSX, written while their rows are read, with the filters of their lists."""

from django.http import HttpRequest, StreamingHttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from common.time import today
from directives.views_exports import asked_format, streamed
from directives.views_staff import directive_access
from mobilisation.exports import exemplars_table, opinions_table, programmes_table, rules_table
from mobilisation.views_models import exemplars_asked
from mobilisation.views_opinions import opinions_asked
from mobilisation.views_programmes import programmes_asked
from mobilisation.views_rules import rules_asked


@require_safe
@never_cache
def programmes(request: HttpRequest) -> StreamingHttpResponse:
    """Coordination programmes as they were searched."""
    access = directive_access(request)
    _form, chosen = programmes_asked(request, access)
    return streamed(programmes_table(access, chosen, today()), asked_format(request))


@require_safe
@never_cache
def rules(request: HttpRequest) -> StreamingHttpResponse:
    """Rules on grassroots democracy as they were searched, a row a unit and kind."""
    access = directive_access(request)
    _form, chosen = rules_asked(request)
    return streamed(rules_table(access, chosen), asked_format(request))


@require_safe
@never_cache
def opinions(request: HttpRequest) -> StreamingHttpResponse:
    """Opinion reports that the person may see, as they were filtered."""
    access = directive_access(request)
    _form, chosen = opinions_asked(request, access)
    return streamed(opinions_table(access, chosen), asked_format(request))


@require_safe
@never_cache
def exemplars(request: HttpRequest) -> StreamingHttpResponse:
    """The register of models as it was searched."""
    access = directive_access(request)
    _form, chosen = exemplars_asked(request, access)
    return streamed(exemplars_table(access, chosen), asked_format(request))
