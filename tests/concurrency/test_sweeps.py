"""Several sweeps and people at once: real connections, real locks."""

import datetime as dt
import threading
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction

from common.db import advisory_lease
from common.history_check import table_check
from deadlines.models import Clock
from escalation.models import Escalation, SweepRun
from escalation.sweep import SweepResult, sweep_run
from escalation.tasks import run_sweep
from notifications.models import OutboxMessage
from petitions.models import Case, CaseEvent
from petitions.services.intake import petition_file
from tests.escalation.test_sweep import BREACH, FILED
from tests.people import Story, filing_make, person_make

pytestmark = pytest.mark.django_db(transaction=True)


def file_many(count: int) -> list[Story]:
    for name in ("clerk", "handler", "chair", "board_head", "city_chair", "inspector"):
        person_make(name)
    return [Story(petition_file(filing=filing_make(), at=FILED)) for _ in range(count)]


def parallel(works: list[Callable[[], Any]]) -> list[Any]:
    """Run each work in a thread with a connection of its own; errors come back as values."""
    start = threading.Barrier(len(works))
    results: list[Any] = [None] * len(works)

    def run(index: int, work: Callable[[], Any]) -> None:
        try:
            start.wait(10)
            results[index] = work()
        except Exception as error:  # noqa: BLE001 -- handed to the test
            results[index] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=item) for item in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results


def assert_each_step_once(steps: int, cases: int) -> None:
    assert Escalation.objects.count() == steps * cases
    told = Counter(
        CaseEvent.objects.exclude(action="petitions.letter.filed").values_list("case", "data__step")
    )
    assert len(told) == steps * cases
    assert set(told.values()) == {1}
    mails = OutboxMessage.objects.filter(template__in=("reminder", "escalation"), channel="email")
    assert mails.count() == len(set(mails.values_list("event", "recipient_key")))
    assert not list(table_check(CaseEvent))
    assert not Clock.objects.filter(next_action_at__lte=BREACH).exists()


def test_three_sweeps_at_once_escalate_once(reference_data: None) -> None:
    file_many(24)
    results = parallel([lambda: sweep_run(at=BREACH, batch_size=3)] * 3)
    assert all(isinstance(result, SweepResult) for result in results), results
    assert sum(result.escalations for result in results) == 24
    assert sum(result.reminders for result in results) == 48
    assert_each_step_once(3, 24)


def test_a_case_in_use_is_left_and_done_later(reference_data: None) -> None:
    busy, free = file_many(2)
    locked, release = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic():
            list(Case.objects.filter(code=busy.filed.code).select_for_update(no_key=True))
            locked.set()
            release.wait(30)

    def sweep() -> SweepResult:
        locked.wait(10)
        try:
            return sweep_run(at=BREACH)
        finally:
            release.set()

    _none, result = parallel([hold, sweep])
    assert (result.examined, result.escalations, result.skipped) == (2, 1, {"busy": 1})
    assert free.case.escalation_level == 1
    assert busy.case.escalation_level == 0
    assert sweep_run(at=BREACH).escalations == 1
    assert_each_step_once(3, 2)


def test_sweeps_and_transitions_do_not_stand_in_each_others_way(reference_data: None) -> None:
    tales = file_many(12)
    moments = [BREACH + dt.timedelta(days=day) for day in range(0, 30, 3)]

    def work() -> int:
        for tale in tales:
            tale.do("clerk", "receive", is_signed=True)
            tale.do("clerk", "classify", field="land_compensation")
        return len(tales)

    def sweep() -> int:
        return sum(sweep_run(at=at, batch_size=4).escalations for at in moments)

    done, *sweeps = parallel([work, sweep, sweep])
    assert done == 12, done
    assert all(isinstance(count, int) for count in sweeps), sweeps
    sweep_run(at=moments[-1])
    assert Escalation.objects.count() == 6 * 12
    assert not list(table_check(CaseEvent))


def test_the_periodic_task_leaves_leases_that_are_taken(reference_data: None) -> None:
    """Two workers at once take a backlog; a third finds both leases taken."""
    file_many(1)
    taken, release = threading.Event(), threading.Event()

    def other() -> None:
        with (
            advisory_lease("escalation.sweep.0") as first,
            advisory_lease("escalation.sweep.1") as second,
        ):
            assert (first, second) == (True, True)
            taken.set()
            release.wait(30)

    def task() -> dict[str, Any]:
        taken.wait(10)
        try:
            return dict(run_sweep())
        finally:
            release.set()

    _none, answer = parallel([other, task])
    assert answer == {}
    assert not SweepRun.objects.exists()
    run_sweep()
    assert SweepRun.objects.count() == 1
