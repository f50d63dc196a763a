"""Kill -9 at random moments while petitions come in: nothing is lost, nothing is told twice.

One installation serves the module. Seeds and trials are printed (``-s``): ``FAULT_SEED`` repeats
a run, ``FAULT_TRIALS`` makes it longer.
"""

import random
import time
from collections.abc import Iterator
from typing import Any

import pytest

from tests.faults.storm import (
    SEED,
    Storm,
    installation,
    patiently,
    rage,
    wait_ready,
)
from tests.faults.whole import (
    assert_commands,
    assert_history_once,
    assert_mails,
    assert_steps_once,
    assert_told,
    copies_allowed,
    mails_read,
)
from notifications.models import OutboxMessage

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def storm(django_db_blocker: Any) -> Iterator[Storm]:
    with django_db_blocker.unblock(), installation() as storm:
        yield storm


@pytest.fixture
def chance(request: pytest.FixtureRequest) -> random.Random:
    """Each test draws its own numbers from the seed of the run."""
    return random.Random(f"{SEED} {request.node.name}")


def assert_whole(storm: Storm, *, kills: int = 0) -> None:
    """After a storm: wait for calm, then look at everything."""
    began = time.monotonic()
    wait_ready(storm)
    at = storm.settle()
    put_off = OutboxMessage.objects.filter(channel="email", state="pending").count()
    steps = patiently(lambda: assert_steps_once(at))
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
    blows = rage(storm, ["worker"], chance)
    print(blows)
    assert_whole(storm, kills=len(blows))
