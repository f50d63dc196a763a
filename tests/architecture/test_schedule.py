"""The schedule names tasks that exist, and every task of ours can be lost and found again."""

import datetime as dt
from typing import Any

import pytest
from celery import Task
from celery.schedules import crontab

from common.models import JobState
from hanoi_portal.celery import app
from hanoi_portal.schedule import BEAT_SCHEDULE, JOB_TITLES, JOBS, WATCH, WHAT_STOPS, interval

app.loader.import_default_modules()
OURS: dict[str, Task] = {n: t for n, t in app.tasks.items() if not n.startswith("celery.")}


@pytest.mark.parametrize("entry", BEAT_SCHEDULE.values(), ids=BEAT_SCHEDULE.keys())
def test_scheduled_task_exists(entry: dict[str, Any]) -> None:
    assert entry["task"] in OURS
    every = entry["schedule"]
    assert entry["options"]["expires"] < (every if isinstance(every, float) else 86400)


@pytest.mark.parametrize("name", OURS)
def test_task_is_named_after_its_app_and_limited(name: str) -> None:
    task = OURS[name]
    assert name.partition(".")[0] == task.__module__.partition(".")[0]
    assert task.acks_late
    assert task.ignore_result
    assert task.time_limit or app.conf.task_time_limit


def test_worker_takes_one_task_at_a_time() -> None:
    assert app.conf.worker_prefetch_multiplier == 1
    assert app.conf.task_reject_on_worker_lost
    assert app.conf.timezone == "Asia/Ho_Chi_Minh"


def test_every_entry_says_what_stops_without_it() -> None:
    assert set(WHAT_STOPS) == set(JOB_TITLES) == set(BEAT_SCHEDULE)
    tasks = [entry["task"] for entry in BEAT_SCHEDULE.values()]
    assert [job.name for job in JOBS] == [*tasks, WATCH]
    assert len(set(tasks)) == len(tasks)


@pytest.mark.django_db
@pytest.mark.parametrize("entry", BEAT_SCHEDULE.values(), ids=BEAT_SCHEDULE.keys())
def test_every_scheduled_task_leaves_its_trace(entry: dict[str, Any]) -> None:
    """Under its own name: without a trace it would be silent for ever."""
    OURS[entry["task"]].run()
    state = JobState.objects.get()
    assert (state.name, state.runs, state.failures) == (entry["task"], 1, 0)
    assert state.last_succeeded_at


@pytest.mark.parametrize("entry", BEAT_SCHEDULE.values(), ids=BEAT_SCHEDULE.keys())
def test_the_interval_of_every_entry_can_be_told(entry: dict[str, Any]) -> None:
    every = entry["schedule"]
    if isinstance(every, crontab):
        assert len(every.day_of_month) == 31
        assert len(every.month_of_year) == 12
        assert len(every.day_of_week) == 7


@pytest.mark.parametrize(
    ("schedule", "seconds"),
    [
        (20.0, 20),
        (crontab(hour=7, minute=15), 86400),
        (crontab(hour="7,19", minute=0), 43200),
        (crontab(minute="*/10"), 600),
        (crontab(hour="8-17", minute=0), 15 * 3600),
    ],
)
def test_interval(schedule: float | crontab, seconds: int) -> None:
    assert interval(schedule) == seconds


def test_grace_of_each_rhythm() -> None:
    grace = {job.seconds: job.grace for job in JOBS}
    assert grace[20] == grace[60] == dt.timedelta(minutes=5)
    assert grace[300] == dt.timedelta(minutes=15)
    assert grace[3600] == dt.timedelta(hours=3)
    assert grace[86400] == dt.timedelta(hours=26)
