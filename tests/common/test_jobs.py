"""A run leaves its trace, whatever becomes of it; a trace that fails is nobody's error."""

import pytest
from django.db import DatabaseError, transaction
from time_machine import TimeMachineFixture

from common import jobs
from common.jobs import job, jobs_expect
from common.models import JobState
from common.time import now

pytestmark = pytest.mark.django_db


@job("tests.count")
def count(to: int) -> int:
    if to < 0:
        raise ValueError("a text that nobody may read in a table")
    return to


def state() -> JobState:
    return JobState.objects.get(name="tests.count")


def test_a_run_is_recorded_and_its_answer_kept(time_machine: TimeMachineFixture) -> None:
    time_machine.move_to("2026-11-23T02:00:00Z", tick=False)
    assert count(3) == 3
    found = state()
    assert (found.runs, found.failures, found.last_error) == (1, 0, "")
    assert found.expected_since == found.last_started_at == found.last_succeeded_at == now()
    assert found.last_seconds is not None
    assert 0 <= found.last_seconds < 10


def test_a_failure_is_recorded_by_its_type_and_goes_on() -> None:
    count(1)
    good = state().last_succeeded_at
    with pytest.raises(ValueError):
        count(-1)
    found = state()
    assert (found.runs, found.failures, found.last_error) == (2, 1, "ValueError")
    assert found.last_succeeded_at == good
    assert found.last_failed_at
    count(1)
    assert state().last_succeeded_at > found.last_failed_at


def test_what_the_job_rolled_back_does_not_take_its_trace_along() -> None:
    with pytest.raises(ValueError), job("tests.count"), transaction.atomic():
        JobState.objects.create(name="tests.other", expected_since=now())
        raise ValueError
    assert state().failures == 1
    assert not JobState.objects.filter(name="tests.other").exists()


def test_a_record_that_fails_is_not_the_jobs_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise DatabaseError

    for name in ("_started", "_succeeded", "_failed"):
        monkeypatch.setattr(jobs, name, refuse)
    assert count(2) == 2
    with pytest.raises(ValueError):
        count(-1)
    assert not JobState.objects.exists()


def test_a_job_is_expected_from_the_first_time_on() -> None:
    first = now()
    jobs_expect(["tests.count"], since=first)
    jobs_expect(["tests.count"], since=now())
    assert state().expected_since == first
    assert (state().runs, state().last_started_at) == (0, None)
