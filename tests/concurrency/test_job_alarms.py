"""Several web processes watch the same jobs: one looks, one tells."""

import datetime as dt
import threading

import pytest
from django.core import mail

from common.db import advisory_lease
from common.jobs import job
from common.models import JobAlarm, JobState
from hanoi_portal.job_alarms import alarms_check
from hanoi_portal.schedule import JOBS, WATCH
from tests.concurrency.test_sweeps import parallel
from tests.people import person_make

pytestmark = pytest.mark.django_db(transaction=True)
START = dt.datetime(2026, 11, 23, 2, 0, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)


def test_watchers_at_once_tell_once(reference_data: None) -> None:
    person_make("admin")
    for each in JOBS:
        JobState.objects.create(name=each.name, expected_since=START)
    JobState.objects.filter(name=WATCH).update(
        last_started_at=START + HOUR, last_succeeded_at=START + HOUR
    )
    assert parallel([lambda: alarms_check(at=START + HOUR)] * 4) == [None] * 4
    assert len(mail.outbox) == 1
    assert JobAlarm.objects.filter(job__name="escalation.run_sweep").count() == 1


def test_a_watcher_leaves_a_lease_that_is_taken(reference_data: None) -> None:
    taken, release = threading.Event(), threading.Event()

    def other() -> None:
        with advisory_lease(WATCH) as is_mine:
            assert is_mine
            taken.set()
            release.wait(30)

    def look() -> None:
        taken.wait(10)
        try:
            alarms_check(at=START)
        finally:
            release.set()

    assert parallel([other, look]) == [None, None]
    assert not JobState.objects.exists()
    alarms_check(at=START)
    assert JobState.objects.count() == len(JOBS)


def test_first_runs_at_once_are_all_counted() -> None:
    def run() -> None:
        with job("tests.first"):
            pass

    assert parallel([run] * 6) == [None] * 6
    state = JobState.objects.get()
    assert (state.runs, state.failures) == (6, 0)
