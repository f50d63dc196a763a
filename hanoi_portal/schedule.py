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
    # Months that may miss their minimum of reception days, put up the Party line; a step is told
    # once, so that a run that failed is made up by the next.
    "quota-warnings": {
        "task": "receptions.warn_quotas",
        "schedule": crontab(hour="7,13", minute=40),
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
    # Places held or kept for a code come back; registering does the same for its own session.
    "reception-places": {
        "task": "receptions.settle_places",
        "schedule": 60.0,
        "options": {"expires": 55},
    },
    # A repeated request gets its first answer for a week.
    "idempotency-prune": {
        "task": "common.prune_idempotency_keys",
        "schedule": 86400.0,
        "options": {"expires": 3600},
    },
    # Tokens that end soon are told two weeks ahead; sign-ins that time ended are closed, failures
    # forgotten.
    "accounts-care": {
        "task": "accounts.daily_care",
        "schedule": crontab(hour=6, minute=45),
        "options": {"expires": 3600},
    },
    # What an online reception needs days and an hour before; each step is told once.
    "online-steps": {
        "task": "receptions.remind_online_steps",
        "schedule": 600.0,
        "options": {"expires": 580},
    },
    # Periods of tasks with a rhythm begin at midnight; twice a day, so that a run that failed is
    # made up by the next. It asks what is missing, never what began since the last run.
    "directive-periods": {
        "task": "directives.open_periods",
        "schedule": crontab(hour="0,6", minute=25),
        "options": {"expires": 3600},
    },
    # Confirmed files of assignments; a run that was killed is taken up where it stopped.
    "directive-imports": {
        "task": "directives.run_imports",
        "schedule": 10.0,
        "options": {"expires": 9},
    },
    # Ordered registers of whole months; a run that was killed is taken up where it stopped. Files
    # are cleared after a week.
    "register-batches": {
        "task": "reports.run_batches",
        "schedule": 10.0,
        "options": {"expires": 9},
    },
    # Programmes that run out within 30 days; the outbox tells each once, so that a run that failed
    # is made up by the next.
    "programmes-running-out": {
        "task": "mobilisation.warn_programmes",
        "schedule": crontab(hour=7, minute=35),
        "options": {"expires": 3600},
    },
    # Visitors the working day before, those who come online 5 working days before, desks of days
    # that became days off; each is told once, so that a run that failed is made up by the next.
    "reception-ahead": {
        "task": "receptions.tell_ahead",
        "schedule": 600.0,
        "options": {"expires": 580},
    },
    # Signals from live cases by declared rules. It asks what holds now: the same matter is the same
    # signal, so a run that failed is made up by the next.
    "early-warning": {
        "task": "early_warning.look",
        "schedule": 3600.0,
        "options": {"expires": 3500},
    },
    # What was found without a holder is told once, so that a run that failed is made up by the next.
    "continuity-watch": {
        "task": "continuity.watch",
        "schedule": crontab(hour=7, minute=5),
        "options": {"expires": 3600},
    },
    # Approved reforms of units on their day, soon after midnight; one that could not be is tried
    # again.
    "unit-reforms": {
        "task": "continuity.carry_out_reforms",
        "schedule": 3600.0,
        "options": {"expires": 3500},
    },
    # One hash a day over the histories, to be kept outside; tried again while somebody writes.
    "history-root": {
        "task": "common.make_history_root",
        "schedule": crontab(hour="3,4,5", minute=20),
        "options": {"expires": 3000},
    },
}

# How the administrator reads the names of jobs.
JOB_TITLES: dict[str, Promise] = {
    "escalation-sweep": _("Watching limits"),
    "calendar-settle": _("Counting limits again after changes of the calendar"),
    "calendar-alarm": _("Looking for next year's days off"),
    "sweep-runs-prune": _("Clearing the record of watching limits"),
    "party-list": _("Monthly list of overdue petitions"),
    "quota-warnings": _("Watching leaders' reception days"),
    "outbox-delivery": _("Sending messages"),
    "attachments-prune": _("Clearing files without a petition"),
    "draft-prune": _("Clearing drafts"),
    "reception-places": _("Passing on places of reception days"),
    "idempotency-prune": _("Clearing records of repeated requests"),
    "accounts-care": _("Daily care of accounts"),
    "online-steps": _("Reminding of online receptions"),
    "directive-periods": _("Opening periods of reports on directives"),
    "directive-imports": _("Giving tasks from files"),
    "register-batches": _("Making registers of whole months"),
    "programmes-running-out": _("Warning of coordination programmes that run out"),
    "reception-ahead": _("Reminding visitors of reception days"),
    "early-warning": _("Looking for early-warning signals"),
    "continuity-watch": _("Looking for work without a holder"),
    "unit-reforms": _("Carrying out reforms of units"),
    "history-root": _("Daily seal of the histories"),
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
    "quota-warnings": _(
        "Nobody is told before the month ends that leaders do not reach their reception days."
    ),
    "outbox-delivery": _("E-mails to citizens and officers are not sent."),
    "attachments-prune": _("Uploaded files without a petition are kept longer than promised."),
    "draft-prune": _("Drafts of citizens are kept longer than promised."),
    "reception-places": _("Freed places of reception days come back late."),
    "idempotency-prune": _("Records of repeated requests are kept longer than a week."),
    "accounts-care": _("Owners of API tokens are not told that they end soon."),
    "online-steps": _("Desks are not reminded of what an online reception still needs."),
    "directive-periods": _(
        "Units are not asked for the reports of new periods, and late ones are not reported upwards."
    ),
    "directive-imports": _("Tasks of files that were confirmed do not reach the units."),
    "register-batches": _(
        "Ordered registers are not made, and made ones are kept longer than a week."
    ),
    "programmes-running-out": _(
        "Units are not told which of their coordination programmes run out."
    ),
    "reception-ahead": _(
        "Visitors are not reminded of receptions nor told how to take part online, and desks do"
        " not hear of days that became days off."
    ),
    "early-warning": _(
        "New early-warning signals are found late, and nobody is reminded of looks that have passed."
    ),
    "continuity-watch": _(
        "Heads of units are not told of posts without a holder and work that nobody touches."
    ),
    "unit-reforms": _("Approved reforms of units are not carried out on their day."),
    "history-root": _("What was removed from the end of a history is found later than on the day."),
}


@dataclass(frozen=True)
class Job:
    """Periodic work that is watched: the task's name, seconds from run to run, what stops, and
    its name for people."""

    name: str
    seconds: int
    stops: Promise
    title: Promise

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
        Job(entry["task"], interval(entry["schedule"]), WHAT_STOPS[name], JOB_TITLES[name])
        for name, entry in BEAT_SCHEDULE.items()
    ]
    stops = _("Nobody is told when another job falls silent.")
    return [*scheduled, Job(WATCH, 60, stops, _("Watching the jobs"))]


def job_title(name: str) -> str:
    """The name of a job for people; of one that is gone, its code."""
    return next((str(job.title) for job in JOBS if job.name == name), name)


JOBS = _jobs()
