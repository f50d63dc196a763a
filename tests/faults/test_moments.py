"""The sweep at moments it was not made for: yesterday's again, a clock set back, one poisoned
clock among ten thousand. Seeds and trials are printed (``-s``)."""

import datetime as dt
import json
import random
from collections import Counter
from itertools import pairwise
from typing import Any

import pytest
from django.core import mail
from django.core.management import CommandError, call_command

from common.history_check import table_check
from common.time import local_date, local_moment, now
from deadlines.models import Clock
from escalation.brakes import Caps, due_at
from escalation.models import Escalation, SweepRun
from escalation.sweep import sweep_run
from escalation.tasks import run_sweep
from hanoi_portal.demo.fast import fast_seed
from notifications.models import OutboxMessage
from notifications.tasks import deliver_outbox
from petitions.models import CaseEvent
from tests.concurrency.test_sweeps import file_many
from tests.faults.storm import SEED, TRIALS, fill
from tests.faults.test_sweep_killed import environment, start_sweep
from tests.faults.whole import (
    assert_commands,
    assert_history_once,
    assert_steps_once,
    assert_told,
    expected_steps,
)
from tests.vault import vault_running

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
BOUNDLESS = Caps(unit=10**9, run=10**9)
# Soon after the bulk data begins: of what was filed since then nearly all is open, none due.
BULK_NOW = local_moment(dt.date(2025, 11, 19), 9)
BULK_CASES = 10_600


@pytest.fixture
def chance(request: pytest.FixtureRequest) -> random.Random:
    return random.Random(f"{SEED} {request.node.name}")


def taken(outputs: list[dict[str, Any]]) -> int:
    return sum(result["reminders"] + result["escalations"] for result in outputs)


def sweeps(*moments: dt.datetime) -> list[dict[str, Any]]:
    """A process for each moment, all at once; what they print."""
    running = [start_sweep(at) for at in moments]
    told = [process.communicate(timeout=120) for process in running]
    assert [process.returncode for process in running] == [0] * len(running), told
    return [json.loads(out) for out, _error in told]


def workday(date: dt.date) -> dt.date:
    """The last day from Tuesday to Friday: steps may fall due on it and on the day before."""
    while date.weekday() not in (1, 2, 3, 4):
        date -= dt.timedelta(days=1)
    return date


def test_the_sweep_run_for_yesterday_twice(reference_data: None, chance: random.Random) -> None:
    """Twice at once, once more, and again after today's."""
    file_many(0)
    fill(chance, 30)
    day = workday(local_date(now()))
    moment, yesterday = local_moment(day, 12), local_moment(day - dt.timedelta(days=1), 12)
    due = len(set(expected_steps(yesterday)))
    assert due
    assert taken(sweeps(yesterday, yesterday)) == due == Escalation.objects.count()
    assert taken(sweeps(yesterday)) == 0
    assert_steps_once(yesterday)
    more = taken(sweeps(moment))
    assert taken(sweeps(yesterday, moment)) == 0
    assert Escalation.objects.count() == due + more == assert_steps_once(moment)
    assert_history_once()
    assert_commands(environment())
    print(f"seed {SEED}: {due} steps of yesterday, {more} of today, 6 processes")  # noqa: T201 -- the report of a trial


def test_the_machines_clock_set_back(
    reference_data: None, time_machine: Any, chance: random.Random
) -> None:
    """The periodic tasks at moments that jump to and fro by days."""
    file_many(0)
    start = local_moment(local_date(now()), 10)
    jumps = [dt.timedelta(minutes=chance.randint(-2880, 2880)) for _ in range(10 * TRIALS)]
    back = sum(later < earlier for earlier, later in pairwise(jumps))
    end = start + dt.timedelta(days=3)
    with vault_running():  # it opens where mails to denouncers go
        for jump in [dt.timedelta(0), -dt.timedelta(hours=3), *jumps]:
            time_machine.move_to(start + jump)
            fill(chance, 1)
            run_sweep()
            deliver_outbox()
        time_machine.move_to(end)
        run_sweep()
        deliver_outbox()
    steps = assert_steps_once(end)
    assert_history_once()
    assert_told()
    assert set(Counter(letter.extra_headers["Message-ID"] for letter in mail.outbox).values()) == {
        1
    }
    sent = OutboxMessage.objects.filter(channel="email", state="sent")
    assert len(mail.outbox) == sent.count() > steps
    assert not list(table_check(CaseEvent))
    assert_commands(environment())
    print(f"seed {SEED}: {steps} steps, {len(mail.outbox)} mails, set back {back + 1} times")  # noqa: T201 -- the report of a trial


def test_a_poisoned_clock_among_10000(
    reference_data: None, chance: random.Random, time_machine: Any
) -> None:
    """It is parked and told; the others are escalated by the same run."""
    fast_seed(cases=BULK_CASES, seed=SEED, workers=1, say=lambda line: None, now=BULK_NOW)
    at = when_so_many_are_due(10_000)
    due = list(due_at(at).order_by("id").values_list("pk", flat=True))
    assert len(due) >= 10_000, len(due)
    poisoned = Clock.objects.get(pk=chance.choice(due))
    ladder = poisoned.ladder
    steps_before = Escalation.objects.filter(clock=poisoned).count()
    Clock.objects.filter(pk=poisoned.pk).update(ladder="no_such_ladder")
    time_machine.move_to(at)
    result = sweep_run(at=at, caps=BOUNDLESS)
    assert (result.examined, result.parked) == (len(due), 1)
    assert not due_at(at).exists()
    steps = assert_steps_once(at)
    assert_history_once()
    assert Escalation.objects.filter(clock=poisoned).count() == steps_before
    assert_parked(poisoned)
    again = sweep_run(at=at, caps=BOUNDLESS)
    assert (again.examined, again.reminders + again.escalations) == (0, 0)
    Clock.objects.filter(pk=poisoned.pk).update(ladder=ladder, parked_at=None, parked_reason="")
    assert sweep_run(at=at, caps=BOUNDLESS).examined == 1
    assert assert_steps_once(at) > steps
    assert_history_once()
    assert_commands(environment())
    print(f"seed {SEED}: {len(due)} clocks, {steps} steps in {result.seconds:.1f} s")  # noqa: T201 -- the report of a trial


def when_so_many_are_due(count: int) -> dt.datetime:
    """The UTC moment at which so many clocks of the bulk data have a step to take."""
    waiting = due_at(BULK_NOW + dt.timedelta(days=90)).order_by("next_action_at")
    moment = waiting.values_list("next_action_at", flat=True)[count - 1]
    assert moment is not None
    return moment


def assert_parked(clock: Clock) -> None:
    """Visible in the row of the run, but for a denunciation; with its reason; to ``check_data``."""
    assert SweepRun.objects.get().parked == (0 if clock.barred_units else 1)
    clock.refresh_from_db()
    assert clock.parked_reason == "KeyError"
    with pytest.raises(CommandError, match=r"^1 rows"):
        call_command("check_data")
