"""A worker dies in the middle of a sweep: nothing is lost, nothing is doubled."""

import datetime as dt
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection, transaction

from communes.models import Unit
from deadlines.models import Clock
from escalation.models import Escalation, SweepRun
from escalation.sweep import sweep_run
from notifications.models import OutboxMessage
from notifications.services import NewMessage, outbox_write
from petitions.models import Case, CaseEvent
from tests.concurrency.test_sweeps import assert_each_step_once, file_many
from tests.escalation.test_sweep import BREACH

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
ROOT = Path(__file__).resolve().parent.parent.parent
BATCH, CASES = 3, 9


def database_url() -> str:
    """The test database, as another process finds it."""
    given = connection.get_connection_params()
    return f"postgresql://{given['user']}@/{given['dbname']}?host={given['host']}"


def environment() -> dict[str, str]:
    """What a command of the portal needs to work on the test database."""
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "hanoi_portal.settings.test",
        "DATABASE_URL": database_url(),
        "REDIS_URL": settings.REDIS_URL,
        "PORTAL_PROCESS": "command",
    }


def start_sweep(at: dt.datetime = BREACH, *options: str) -> subprocess.Popen[bytes]:
    """``manage.py sweep`` at a moment (the breach), as a process of its own."""
    command = [sys.executable, "manage.py", "sweep", "--at", at.isoformat()]
    return subprocess.Popen(
        [*command, *(options or ("--batch", str(BATCH)))],
        cwd=ROOT,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def wait_blocked(seconds: float = 30) -> None:
    """Until the other process waits for a lock of this one."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_locks"
                " WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"
            )
            if cursor.fetchone()[0]:
                return
        time.sleep(0.05)
    pytest.fail("the sweep did not come to the lock")


def stop_in_the_middle(trial: int) -> None:
    """Hold the key of one notice, so that the batch that writes it stands still half written;
    kill the process there."""
    victim = Clock.objects.order_by("next_action_at", "id")[BATCH * trial + 1]
    key = f"clock:{victim.public_id}:breach"
    unit_id = Unit.objects.get(code="00004").pk
    with transaction.atomic():
        outbox_write([NewMessage(key, "generic", unit_id=unit_id, position="head")])
        process = start_sweep()
        try:
            wait_blocked()
        finally:
            process.send_signal(signal.SIGKILL)
            process.communicate()
        transaction.set_rollback(True)


def wait_rolled_back() -> None:
    """Until PostgreSQL has noticed the death and given the locks back."""
    for _ in range(100):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                " AND xact_start IS NOT NULL AND backend_type = 'client backend'"
            )
            if not cursor.fetchone()[0]:
                return
        time.sleep(0.05)
    pytest.fail("the dead process still holds a transaction")


@pytest.mark.parametrize("trial", [0, 2])
def test_a_worker_killed_in_the_middle_of_a_sweep(reference_data: None, trial: int) -> None:
    file_many(CASES)
    stop_in_the_middle(trial)
    wait_rolled_back()
    done = BATCH * trial
    assert Escalation.objects.filter(step_code="breach").count() == done
    assert Case.objects.filter(escalation_level=1).count() == done
    assert CaseEvent.objects.filter(action="petitions.case.escalated").count() == done
    told = OutboxMessage.objects.filter(template="escalation", position="head", channel="app")
    assert told.count() == done
    assert SweepRun.objects.get().finished_at is None
    result = sweep_run(at=BREACH)
    assert (result.examined, result.escalations) == (CASES - done, CASES - done)
    assert_each_step_once(3, CASES)


def test_a_sweep_that_is_not_killed_finishes_with_one_object(reference_data: None) -> None:
    file_many(2)
    process = start_sweep()
    out, error = process.communicate(timeout=60)
    assert process.returncode == 0, error.decode()
    assert out.count(b"\n") == 1
    assert b'"escalations": 2' in out
    assert_each_step_once(3, 2)
