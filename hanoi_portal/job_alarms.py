"""A silent job is told to the administrators by a way that needs no worker and no broker.

Runs in the web processes (``hanoi_portal.watch``). Mail goes straight to the mail server, not
through the outbox: the outbox may be what fell silent.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Any

import structlog
from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Greatest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from accounts.models import Membership
from accounts.roles import Permission
from accounts.selectors import roles_with
from common.db import advisory_lease
from common.jobs import job, jobs_expect
from common.models import JobAlarm, JobState
from common.time import local_date
from hanoi_portal.jobs import JobReport, jobs_report
from hanoi_portal.schedule import GRACE_MIN, JOBS, WATCH

log = structlog.get_logger(__name__)
TELL_AGAIN = dt.timedelta(hours=24)


def alarms_check(*, at: dt.datetime) -> None:
    """Open, tell and close alarms at a UTC moment. One process at a time; the others leave it.

    What could not be sent stays untold and is tried by the next check.
    """
    with advisory_lease(WATCH) as is_mine:
        if is_mine:
            _expect(at)  # first: it asks when the last check began
            _check(at)


@job(WATCH)
def _check(at: dt.datetime) -> None:
    _close(at)  # before the report: one from before the success would open the alarm anew
    reports = jobs_report(at)
    _open(reports, at)
    _tell_silence(reports, at)
    _tell_end(at)


def administrator_emails(on: dt.date) -> list[str]:
    """Addresses of the active people who keep the portal on a local date."""
    held = Membership.objects.current(on).filter(
        role__in=roles_with(Permission.REFERENCE_EDIT), user__is_active=True
    )
    found = held.exclude(user__email="").values_list("user__email", flat=True)
    return sorted(set(found))


def _expect(at: dt.datetime) -> None:
    """Forget jobs that the schedule no longer has, await new ones.

    When nobody watched for a while the site itself was down: whoever is not yet known to be
    silent gets the shortest grace to start.
    """
    names = [each.name for each in JOBS]
    JobState.objects.exclude(name__in=names).delete()
    jobs_expect(names, since=at)
    if JobState.objects.filter(name=WATCH, last_started_at__gte=at - GRACE_MIN).exists():
        return
    for each in JOBS:
        JobState.objects.filter(name=each.name).exclude(alarms__in=_open_alarms()).update(
            expected_since=Greatest("expected_since", at - each.grace + GRACE_MIN)
        )


def _open_alarms() -> QuerySet[JobAlarm]:
    return JobAlarm.objects.filter(closed_at=None)


def _close(at: dt.datetime) -> None:
    """A job that succeeded after its alarm was opened runs again."""
    _open_alarms().filter(job__last_succeeded_at__gt=F("opened_at")).update(closed_at=at)


def _open(reports: Sequence[JobReport], at: dt.datetime) -> None:
    for report in reports:
        if report.is_silent:
            log.error("jobs.silent", job=report.job.name)
            JobAlarm.objects.bulk_create(
                [JobAlarm(job=report.state, opened_at=at)], ignore_conflicts=True
            )


def _tell_silence(reports: Sequence[JobReport], at: dt.datetime) -> None:
    due = _open_alarms().filter(Q(told_at=None) | Q(told_at__lte=at - TELL_AGAIN))
    waiting = set(due.values_list("job__name", flat=True))
    silent = [report for report in reports if report.job.name in waiting]
    if silent and _mail("site/mail/jobs_silent.txt", {"reports": silent}, at):
        due.filter(job__name__in=waiting).update(told_at=at)


def _tell_end(at: dt.datetime) -> None:
    ended = list(
        JobAlarm.objects.filter(closed_at__isnull=False, end_told_at=None)
        .select_related("job")
        .order_by("id")
    )
    if ended and _mail("site/mail/jobs_running.txt", {"alarms": ended}, at):
        JobAlarm.objects.filter(pk__in=[alarm.pk for alarm in ended]).update(end_told_at=at)


def _mail(template: str, values: dict[str, Any], at: dt.datetime) -> bool:
    """Whether the mail server took the message for at least one administrator.

    One mail a person: a refused address stands in nobody's way.
    """
    to = administrator_emails(local_date(at))
    if not to:
        log.error("jobs.nobody_to_tell")
    with translation.override(settings.LANGUAGE_CODE):
        page = settings.PUBLIC_BASE_URL + reverse("system_jobs")
        text = render_to_string(template, values | {"page": page})
    subject, _newline, body = text.strip().partition("\n")
    return sum(_send(subject.strip(), body.strip() + "\n", one) for one in to) > 0


def _send(subject: str, body: str, to: str) -> bool:
    headers = {"Auto-Submitted": "auto-generated"}
    mail = EmailMessage(subject, body, settings.DEFAULT_FROM_EMAIL, [to], headers=headers)
    try:
        return bool(mail.send())
    except (OSError, ValueError) as error:  # every error of smtplib is an OSError
        log.warning("jobs.mail.failed", error=type(error).__name__)
        return False
