"""Kill -9 at random moments while petitions come in: nothing is lost, nothing is told twice.

One installation serves the module. Seeds and trials are printed (``-s``): ``FAULT_SEED`` repeats
a run, ``FAULT_TRIALS`` makes it longer.
"""

import datetime as dt
import os
import random
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import redis
from django.db import InterfaceError, OperationalError, connection
from django.db.models import F

from common.models import JobState
from common.time import now
from escalation.brakes import due_at
from escalation.models import SweepRun
from hanoi_portal import embedded
from notifications.models import OutboxMessage
from notifications.quiet import Wishes, quiet_end
from petitions.models import Case, Letter
from tests.faults.storm import (
    SEED,
    TRIALS,
    Killer,
    Storm,
    file_one,
    fill,
    installation,
    rage,
    wait_ready,
)
from tests.faults.test_silence import health
from tests.faults.test_up import wait_for
from tests.faults.visitor import Visitor
from tests.faults.whole import (
    assert_commands,
    assert_history_once,
    assert_mails,
    assert_steps_once,
    assert_told,
    copies_allowed,
    mails_read,
    steps_missing,
)

pytestmark = pytest.mark.slow
QUIET = ("--loglevel", "INFO")
SWEEP, DELIVERY = "escalation.run_sweep", "notifications.deliver_outbox"
CLERK = "clerk.00004"


@pytest.fixture(scope="module")
def storm(django_db_blocker: Any) -> Iterator[Storm]:
    with django_db_blocker.unblock(), installation() as storm:
        yield storm


@pytest.fixture
def chance(request: pytest.FixtureRequest) -> random.Random:
    """Each test draws its own numbers from the seed of the run."""
    return random.Random(f"{SEED} {request.node.name}")


def assert_whole(storm: Storm, *, kills: int = 0) -> None:
    """After a storm: wait for calm, then look at everything. ``kills``: of whoever sends mails."""
    began = time.monotonic()
    wait_ready(storm)
    at = storm.settle()
    put_off = OutboxMessage.objects.filter(
        channel="email", state="pending", next_attempt_at=quiet_end(Wishes(), at)
    ).count()
    steps = assert_steps_once(at)
    assert_history_once()
    assert_told(rest=put_off)
    mails_read(storm.data / "mail", storm.read)
    copies = assert_mails(storm.read)
    fresh, storm.copies = copies - storm.copies, copies
    print(  # noqa: T201 -- the report of a trial
        f"seed {SEED}: {steps} steps once, {len(storm.read)} mails, {fresh} new copies"
        f" (at most {copies_allowed(kills)}), {put_off} put off,"
        f" calm after {time.monotonic() - began:.1f} s"
    )
    assert 0 <= fresh <= copies_allowed(kills)
    assert_commands(storm.environment())


def test_kill_worker(storm: Storm, chance: random.Random) -> None:
    """The worker itself or one of its two processes."""
    blows = rage(storm, ["worker"], chance)
    assert_whole(storm, kills=len(blows))


def test_kill_beat(storm: Storm, chance: random.Random) -> None:
    rage(storm, ["beat"], chance)
    assert_whole(storm)


def test_kill_postgres(storm: Storm, chance: random.Random) -> None:
    """The postmaster, and one of its processes: both end every connection."""
    blows = rage(storm, ["postmaster", "backends"], chance)
    assert_whole(storm, kills=len(blows))


def test_kill_valkey(storm: Storm, chance: random.Random) -> None:
    rage(storm, ["valkey-server"], chance)
    assert_whole(storm)


def test_kill_anything(storm: Storm, chance: random.Random) -> None:
    """In whatever order it comes."""
    names = ["worker", "beat", "web", "postmaster", "backends", "valkey-server"]
    blows = rage(storm, chance.sample(names, len(names)), chance, trials=2 * TRIALS)
    assert_whole(storm, kills=len(blows))


def test_kill_web(storm: Storm, chance: random.Random) -> None:
    """Who asks again with the same key after a broken connection has filed one petition."""
    visitor = Visitor(storm.port)
    codes: dict[str, str] = {}
    before = Letter.objects.count()
    killer = Killer(storm, ["web"], chance, TRIALS)
    killer.start()
    while killer.is_alive():
        key = f"storm-{SEED}-{len(codes)}"
        codes[key] = visitor.file_until_answered(key)
    killer.check()
    assert len(set(codes.values())) == len(codes) == Letter.objects.count() - before
    fill(chance, 20)
    assert_whole(storm)


def test_kill_supervisor(storm: Storm, chance: random.Random) -> None:
    """Nothing of a killed ``up`` is in the way of the next."""
    trials = max(1, TRIALS - 1)  # each costs a start
    for _ in range(trials):
        fill(chance, 10)
        killer = Killer(storm, ["up"], chance, 1)
        killer.start()
        while killer.is_alive():
            fill_if_there(chance)
        killer.check()
        assert storm.process is not None
        assert storm.process.wait(10) == -signal.SIGKILL
        storm.up()
    fill(chance, 5)
    assert_whole(storm, kills=trials)


def fill_if_there(chance: random.Random) -> None:
    """One petition; none when the database has gone with its last user."""
    try:
        file_one(chance)
    except (OperationalError, InterfaceError):
        connection.close()


def test_broker_flushed(storm: Storm, chance: random.Random) -> None:
    """Tasks, cache and sessions are gone at once; the outbox and the signed-in stay."""
    officer = Visitor(storm.port)
    officer.sign_in(CLERK)
    fill(chance, 20)
    with redis.Redis.from_url(embedded.redis_url(storm.data)) as broker:
        for _ in range(2 * TRIALS):
            broker.flushall()
            fill(chance, chance.randint(1, 6))
            assert officer.is_signed_in()
    assert_whole(storm)


@contextmanager
def broker_away(storm: Storm, how: str) -> Iterator[None]:
    """Nobody listens, or who listens does not answer, for the time of the block."""
    stopped = "hanoi_portal.keeper\0valkey" if how == "gone" else "valkey-server"
    (held,) = storm.victims(stopped)
    os.kill(held, signal.SIGSTOP)
    try:
        for pid in storm.victims("valkey-server") if how == "gone" else ():
            os.kill(pid, signal.SIGKILL)
        yield
    finally:
        os.kill(held, signal.SIGCONT)


@pytest.mark.parametrize("how", ["gone", "hangs"])
def test_broker_away_for_an_hour(storm: Storm, chance: random.Random, how: str) -> None:
    """Pages go on; the silence is seen; afterwards all is made up."""
    wait_ready(storm)
    storm.settle()
    with broker_away(storm, how):
        began = time.monotonic()
        visitor = Visitor(storm.port)
        assert "<h1" in visitor.get("/")
        code = visitor.file(f"away-{how}-{SEED}")
        officer = Visitor(storm.port)
        officer.sign_in(CLERK)
        officer.submit(f"/can-bo/vu-viec/{code}/buoc/receive/", is_signed="on")
        assert Case.objects.get(code=code).version > 1
        print(f"{how}: a page, a filing, a sign-in, a step in {time.monotonic() - began:.1f} s")  # noqa: T201 -- the report of a trial
        fill(chance, 20)
        an_hour_passes()
        wait_for(lambda: health(storm.port).get("jobs"))
        silent = health(storm.port)["jobs"]
        assert (silent[SWEEP], silent[DELIVERY]) == ("silent", "silent")
        assert set(due_at(now()).values_list("pk", flat=True)) == steps_missing(now())
        assert OutboxMessage.objects.filter(channel="email", state="pending").exists()
    assert_whole(storm)
    wait_for(lambda: health(storm.port).get("status") == 200)


def an_hour_passes() -> None:
    """As if the last runs of the two jobs and what was written since lay an hour further back."""
    hour = dt.timedelta(hours=1)
    JobState.objects.filter(name__in=(SWEEP, DELIVERY)).update(
        expected_since=F("expected_since") - hour,
        last_started_at=F("last_started_at") - hour,
        last_succeeded_at=F("last_succeeded_at") - hour,
    )
    pending = OutboxMessage.objects.filter(state="pending", channel="email")
    pending.update(next_attempt_at=F("next_attempt_at") - hour, created_at=F("created_at") - hour)


def test_two_beats(storm: Storm, chance: random.Random) -> None:
    """A second beat with a schedule of its own: twice the tasks, the same result."""
    wait_ready(storm)
    (first,) = storm.victims("beat")
    try:
        os.kill(first, signal.SIGSTOP)
        schedule = str(storm.data / "beat" / "second")
        storm.extra("beat", *QUIET, "--pidfile=", "-s", schedule)
        runs = SweepRun.objects.count()
        wait_for(lambda: SweepRun.objects.count() > runs + 2)  # the second one's work alone
        os.kill(first, signal.SIGCONT)
        fill(chance, 40)
        assert_whole(storm)
    finally:
        os.kill(first, signal.SIGCONT)
        storm.end_others()


def test_three_workers(storm: Storm, chance: random.Random) -> None:
    """Six processes sweep and send at once."""
    log = storm.data / "logs" / "extra-worker.log"
    lean = ("--concurrency", "2", "--without-gossip", "--without-mingle", "--without-heartbeat")
    try:
        for name in ("second", "third"):
            storm.extra("worker", "-n", f"{name}@%h", *QUIET, *lean)
        wait_for(lambda: log.exists() and log.read_bytes().count(b" ready.") == 2)
        fill(chance, 60)
        wait_for(lambda: b"sweep.finished" in log.read_bytes())
        wait_for(lambda: b"outbox.delivered" in log.read_bytes())
        assert_whole(storm)
    finally:
        storm.end_others()
