"""How the portal's own periodic work is doing, for whoever keeps the portal."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Min, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.access import access_of
from accounts.roles import Permission
from common.errors import NotVisible
from common.models import JobAlarm
from common.time import now
from common.ui import span_words
from hanoi_portal.jobs import jobs_report
from notifications.models import OutboxMessage

PAST_ALARMS = 20


@dataclass(frozen=True)
class OutboxFigures:
    """Messages that wait or were given up; ``waiting`` in words since the oldest became due."""

    pending: int
    failed: int
    waiting: str


@require_safe
@never_cache
def jobs(request: HttpRequest) -> HttpResponse:
    """Every periodic job with its last success, the alarms, and the outbox. Database only."""
    if not access_of(request.user).has(Permission.REFERENCE_EDIT):
        raise NotVisible
    at = now()
    reports = jobs_report(at)
    alarms = JobAlarm.objects.select_related("job").order_by("-opened_at", "-id")
    context = {
        "reports": reports,
        "silent": sum(report.is_silent for report in reports),
        "open_alarms": list(alarms.filter(closed_at=None)),
        "past_alarms": list(alarms.filter(closed_at__isnull=False)[:PAST_ALARMS]),
        "outbox": outbox_figures(at),
    }
    return render(request, "site/jobs.html", context)


def outbox_figures(at: dt.datetime) -> OutboxFigures:
    """The outbox at a UTC moment."""
    pending = OutboxMessage.objects.filter(state="pending").aggregate(
        count=Count("pk"), due=Min("next_attempt_at", filter=Q(next_attempt_at__lte=at))
    )
    return OutboxFigures(
        pending=pending["count"],
        failed=OutboxMessage.objects.filter(state="failed").count(),
        waiting=span_words(at - pending["due"]) if pending["due"] else "",
    )
