"""How the portal's own periodic work is doing, for whoever keeps the portal."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Min
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.access import access_of
from accounts.roles import Permission
from common.errors import NotVisible
from common.models import JobAlarm
from common.small import age_step, tens
from common.time import now
from hanoi_portal.jobs import jobs_report
from notifications.models import OutboxMessage

PAST_ALARMS = 20


@dataclass(frozen=True)
class OutboxFigures:
    """Messages that should have gone by now or were given up, by tens; ``waiting`` since the oldest
    became due, in steps, also where none is.

    What waits for its hour is not counted: what a denunciation sets going must not be seen here.
    """

    pending: str
    failed: str
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
    due = OutboxMessage.objects.filter(state="pending", next_attempt_at__lte=at)
    pending = due.aggregate(count=Count("pk"), due=Min("next_attempt_at"))
    return OutboxFigures(
        pending=tens(pending["count"]),
        failed=tens(OutboxMessage.objects.filter(state="failed").count()),
        waiting=age_step(at - pending["due"] if pending["due"] else None),
    )
