"""The schedule names tasks that exist, and every task of ours can be lost and found again."""

from typing import Any

import pytest
from celery import Task

from hanoi_portal.celery import app
from hanoi_portal.schedule import BEAT_SCHEDULE

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
