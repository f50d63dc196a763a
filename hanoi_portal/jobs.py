"""How the periodic jobs are doing, read from the database alone: no broker, no worker is asked."""

import datetime as dt
from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _

from common.models import JobState
from common.ui import span_words
from hanoi_portal.schedule import JOBS, Job


class Condition(models.TextChoices):
    ON_TIME = "on_time", _("on time")
    WAITING = "waiting", _("has not run yet")
    FAILING = "failing", _("last run failed")
    SILENT = "silent", _("silent")


TONES = {
    Condition.ON_TIME: "success",
    Condition.WAITING: "neutral",
    Condition.FAILING: "warning",
    Condition.SILENT: "danger",
}


@dataclass(frozen=True)
class JobReport:
    """A job of the schedule with what is known of its runs, at a UTC moment."""

    job: Job
    state: JobState
    at: dt.datetime

    @property
    def condition(self) -> Condition:
        good, bad = self.state.last_succeeded_at, self.state.last_failed_at
        if self.at - heard_of(self.state) > self.job.grace:
            return Condition.SILENT
        if bad and (good is None or bad > good):
            return Condition.FAILING
        return Condition.ON_TIME if good else Condition.WAITING

    @property
    def is_silent(self) -> bool:
        return self.condition is Condition.SILENT

    @property
    def tone(self) -> str:
        return TONES[self.condition]

    @property
    def interval(self) -> str:
        return span_words(dt.timedelta(seconds=self.job.seconds))

    @property
    def ago(self) -> str:
        """How long ago the job last succeeded; "" when it never did."""
        good = self.state.last_succeeded_at
        return span_words(self.at - good) if good else ""


def heard_of(state: JobState) -> dt.datetime:
    """The UTC moment from which the silence of a job counts."""
    return max(state.expected_since, state.last_succeeded_at or state.expected_since)


def jobs_report(at: dt.datetime) -> list[JobReport]:
    """Every job in the order of the schedule; one query."""
    states = {state.name: state for state in JobState.objects.all()}
    return [
        JobReport(job, states.get(job.name) or JobState(name=job.name, expected_since=at), at)
        for job in JOBS
    ]
