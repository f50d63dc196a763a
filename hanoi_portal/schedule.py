"""The static beat schedule, and what stops when an entry of it falls silent.

Every task may run twice, late or in parallel with itself.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from celery.schedules import crontab
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

DAY = 86400  # seconds
# A run may take its soft limit, four minutes, until the next success.
GRACE_MIN = dt.timedelta(minutes=5)
GRACE_OVER = dt.timedelta(hours=2)
WATCH = "portal.watch"

BEAT_SCHEDULE: dict[str, dict[str, Any]] = {
    # Limits that passed are escalated within a minute; a missed minute is made up by the next.
    "escalation-sweep": {
        "task": "escalation.run_sweep",
        "schedule": 60.0,
        "options": {"expires": 55},
    },
    # A clock may have been started with the days off of before a change: counted once more.
    "calendar-settle": {
        "task": "deadlines.settle_calendar_change",
        "schedule": 300.0,
        "options": {"expires": 280},
    },
    # Without next year's Tết no limit can reach into it: told every day from 1 November.
    "calendar-alarm": {
        "task": "escalation.check_calendar",
        "schedule": crontab(hour=7, minute=15),
        "options": {"expires": 3600},
    },
    # A row a minute, most of them empty.
    "sweep-runs-prune": {
        "task": "escalation.prune_runs",
        "schedule": 86400.0,
        "options": {"expires": 3600},
    },
    # Last month's overdue petitions for the Party line; asked every day, told once a month.
    "party-list": {
        "task": "reports.send_party_list",
        "schedule": crontab(hour=7, minute=30),
        "options": {"expires": 3600},
    },
    # The outbox is the truth: what could not be sent is tried again.
    "outbox-delivery": {
        "task": "notifications.deliver_outbox",
        "schedule": 20.0,
        "options": {"expires": 18},
    },
    # Uploads that no petition took within eight days are removed.
    "attachments-prune": {
        "task": "attachments.prune_unclaimed",
        "schedule": 3600.0,
        "options": {"expires": 3000},
    },
    # What a citizen wrote is kept no longer than promised on the page.
    "draft-prune": {
        "task": "petitions.prune_drafts",
        "schedule": 3600.0,
        "options": {"expires": 3500},
    },
    # A repeated request gets its first answer for a week.
    "idempotency-prune": {
        "task": "common.prune_idempotency_keys",
        "schedule": 86400.0,
        "options": {"expires": 3600},
    },
}

# What the administrator reads beside a silent job.
WHAT_STOPS: dict[str, Promise] = {
    "escalation-sweep": _("Overdue cases are not reported upwards and nobody is reminded."),
    "calendar-settle": _(
        "Limits that began while the days off were being changed may keep a wrong date."
    ),
    "calendar-alarm": _("Nobody is told that the days off of next year are missing."),
    "sweep-runs-prune": _("Rows of runs of the sweep that found nothing are kept for longer."),
    "party-list": _(
        "Secretaries are not told that the list of overdue petitions is ready for their report."
    ),
    "outbox-delivery": _("E-mails to citizens and officers are not sent."),
    "attachments-prune": _("Uploaded files without a petition are kept longer than promised."),
    "draft-prune": _("Drafts of citizens are kept longer than promised."),
    "idempotency-prune": _("Records of repeated requests are kept longer than a week."),
}


@dataclass(frozen=True)
class Job:
    """Periodic work that is watched: the task's name, seconds from run to run, what stops."""

    name: str
    seconds: int
    stops: Promise

    @property
    def grace(self) -> dt.timedelta:
        """Silence after the last success that is an alarm: three intervals, two hours over one
        at most (a daily job: 26 hours), five minutes at least."""
        every = dt.timedelta(seconds=self.seconds)
        return max(GRACE_MIN, min(3 * every, every + GRACE_OVER))


def interval(schedule: float | crontab) -> int:
    """The longest time between two runs, in seconds; a crontab runs every day."""
    if not isinstance(schedule, crontab):
        return int(schedule)
    moments: list[int] = sorted(
        hour * 3600 + minute * 60 for hour in schedule.hour for minute in schedule.minute
    )
    following = [*moments[1:], moments[0] + DAY]
    return max(later - earlier for earlier, later in zip(moments, following, strict=True))


def _jobs() -> list[Job]:
    scheduled = [
        Job(entry["task"], interval(entry["schedule"]), WHAT_STOPS[name])
        for name, entry in BEAT_SCHEDULE.items()
    ]
    return [*scheduled, Job(WATCH, 60, _("Nobody is told when another job falls silent."))]


JOBS = _jobs()
