"""A mail server that hangs, refuses, or takes the mail and drops the connection.

After each, every message is delivered or visible as dead, and what was sent again went under the
same Message-ID. Trials and seeds are printed (``-s``).
"""

import datetime as dt
import random
from collections import defaultdict
from typing import Any

import pytest

from common.time import local_moment
from notifications.attempt import ATTEMPTS_MAX
from notifications.channels.email import message_id
from notifications.delivery import outbox_deliver, row_key
from notifications.models import OutboxMessage
from notifications.selectors import undelivered
from notifications.services import NewMessage, address_seal, outbox_write
from tests.faults.smtp_server import FAULTS, GOOD, Server, serving
from tests.people import access_make, person_make

pytestmark = pytest.mark.django_db
START = local_moment(dt.date(2026, 11, 30), 9)
TIMEOUT = 0.4  # seconds until a hanging server is given up
HANGING = {"hang_at_greeting", "hang_at_data", "take_and_hang"}
REFUSING = {"refuse_recipient", "refuse_data"}
TAKING = {"take_and_drop", "take_and_hang"}
OF_CONNECTIONS = {"hang_at_greeting", "refuse_connection"}


@pytest.fixture
def scene(settings: Any, time_machine: Any) -> Server:
    """A server that is used by the mail channel once it is serving."""
    time_machine.move_to(START, tick=True)
    scene = Server()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_TIMEOUT = TIMEOUT
    settings.EMAIL_HOST = "127.0.0.1"
    return scene


def write(count: int, template: str = "escalation") -> None:
    """Messages to a person and to sealed addresses, each with a code of its own."""
    person = person_make("chair").pk
    outbox_write(
        [
            NewMessage(
                f"m{number}",
                template,
                {"code": f"HN-{number:05}"},
                recipient_id=None if number % 3 else person,
                address=address_seal(f"nguoi{number}@example.com") if number % 3 else None,
            )
            for number in range(count)
        ],
        at=START,
    )


def mails() -> Any:
    return OutboxMessage.objects.filter(channel="email")


def deliver_until_done(settings: Any, scene: Server, *, rounds: int = 400) -> int:
    """Run after run, each when the next attempt is due; returns the number of runs."""
    settings.EMAIL_PORT = scene.port
    at = START
    for number in range(rounds):
        waiting = mails().filter(state="pending").order_by("next_attempt_at").first()
        if waiting is None:
            return number
        at = max(at, waiting.next_attempt_at)
        outbox_deliver(at=at)
    pytest.fail(f"still pending after {rounds} runs: {mails().filter(state='pending').count()}")


def assert_nothing_lost(scene: Server) -> None:
    """Each message is with the server or a dead letter; no copy has another identity."""
    by_id = defaultdict(list)
    for taken in scene.taken:
        by_id[taken.message_id].append(taken)
    known = {message_id(row_key(row)): row for row in mails()}
    assert set(by_id) <= set(known)
    for identity, row in known.items():
        assert row.state in {"sent", "failed"}, row.state
        copies = by_id[identity]
        assert copies or row.state == "failed"
        # Again only when the client could not know that it was taken.
        assert len(copies) <= 1 + sum(copy.fault in TAKING for copy in copies)
        for copy in copies:
            body = copy.mail.get_body(("plain",))
            assert body is not None
            assert row.params["code"] in body.get_content()
    assert set(undelivered(access_make("admin"))) == set(mails().filter(state="failed"))


@pytest.mark.parametrize("fault", FAULTS)
def test_one_fault_at_a_time(fault: str, scene: Server, settings: Any) -> None:
    """The first mail or connection meets the fault, later ones do not."""
    of_connections = fault in OF_CONNECTIONS
    left = [fault]
    scene.fault_of = lambda where: (
        left.pop() if left and (where == "connection") == of_connections else GOOD
    )
    write(4)
    with serving(scene):
        runs = deliver_until_done(settings, scene)
    print(f"{fault}: {runs} runs, {len(scene.taken)} taken, {scene.connections} connections")  # noqa: T201 -- the report of a trial
    assert_nothing_lost(scene)
    states = sorted(mails().values_list("state", flat=True))
    assert states == (["failed"] if fault in REFUSING else ["sent"]) + ["sent"] * 3
    assert len(scene.taken) == 4 - (fault in REFUSING) + (fault in TAKING)
    answers = set(mails().filter(state="sent").values_list("answer", flat=True))
    assert all(answer.startswith("250 2.0.0 queued as") for answer in answers), answers


@pytest.mark.parametrize("fault", sorted(set(FAULTS) - OF_CONNECTIONS))
def test_a_fault_that_never_ends_becomes_dead_letters(
    fault: str, scene: Server, settings: Any
) -> None:
    settings.EMAIL_TIMEOUT = TIMEOUT / 4
    scene.fault_of = lambda where: GOOD if where == "connection" else fault
    write(2)
    with serving(scene):
        deliver_until_done(settings, scene)
    assert set(mails().values_list("state", flat=True)) == {"failed"}
    attempts = 1 if fault in REFUSING else ATTEMPTS_MAX
    assert set(mails().values_list("attempts", flat=True)) == {attempts}
    identities = {taken.message_id for taken in scene.taken}
    assert len(identities) == (2 if fault in TAKING else 0)
    assert_nothing_lost(scene)


@pytest.mark.parametrize("fault", sorted(OF_CONNECTIONS))
def test_a_server_that_lets_nobody_in_costs_no_attempt(
    fault: str, scene: Server, settings: Any
) -> None:
    broken = [True]
    scene.fault_of = lambda where: fault if where == "connection" and broken else GOOD
    write(3)
    with serving(scene):
        settings.EMAIL_PORT = scene.port
        for minute in range(5):
            assert outbox_deliver(at=START + dt.timedelta(minutes=minute)).unreachable
        assert scene.connections == 5
        assert set(mails().values_list("state", "attempts")) == {("pending", 0)}
        broken.clear()
        assert outbox_deliver(at=START + dt.timedelta(hours=2)).sent == 3
    assert_nothing_lost(scene)


def test_a_server_that_is_not_there_costs_no_attempt(scene: Server, settings: Any) -> None:
    with serving(scene):
        pass  # a port that was free a moment ago
    settings.EMAIL_PORT = scene.port
    write(3)
    for _ in range(5):
        assert outbox_deliver(at=START).unreachable
    assert set(mails().values_list("state", "attempts")) == {("pending", 0)}
    with serving(scene):
        assert outbox_deliver(at=START).sent == 3
    assert_nothing_lost(scene)


@pytest.mark.parametrize("seed", range(6))
def test_every_fault_mixed(seed: int, scene: Server, settings: Any) -> None:
    """A server that fails every other time, each time in another way."""
    chance = random.Random(seed)
    of_mails = [fault for fault in FAULTS if fault not in OF_CONNECTIONS]
    met: dict[str, int] = defaultdict(int)

    def fault_of(where: str) -> str:
        given = OF_CONNECTIONS if where == "connection" else of_mails
        share = 0.1 if where == "connection" else 0.4
        fault = chance.choice(sorted(given)) if chance.random() < share else GOOD
        met[fault] += 1
        return fault

    scene.fault_of = fault_of
    settings.EMAIL_TIMEOUT = TIMEOUT / 4
    write(25)
    with serving(scene):
        runs = deliver_until_done(settings, scene)
    copies = len(scene.taken) - len({taken.message_id for taken in scene.taken})
    dead = mails().filter(state="failed").count()
    trials = sum(met.values())
    print(f"seed {seed}: {trials} trials in {runs} runs, {copies} copies, {dead} dead, {dict(met)}")  # noqa: T201 -- the report of a trial
    assert_nothing_lost(scene)


def test_a_hanging_server_does_not_hold_the_worker(scene: Server, settings: Any) -> None:
    """Two breaks end the run: no batch of twenty waits twenty times."""
    scene.fault_of = lambda where: GOOD if where == "connection" else "hang_at_data"
    write(20)
    with serving(scene):
        settings.EMAIL_PORT = scene.port
        result = outbox_deliver(at=START)
    assert (result.retried, result.unreachable) == (2, True)
    assert mails().filter(attempts=0).count() == 18


def test_one_poisoned_mail_does_not_stop_the_others(scene: Server, settings: Any) -> None:
    """A mail that always breaks the connection is put off and dies; those behind it go."""
    poison = "nguoi1@example.com"
    scene.fault_of = lambda where: "drop_in_data" if where == poison else GOOD
    write(6)
    with serving(scene):
        settings.EMAIL_PORT = scene.port
        first = outbox_deliver(at=START)
        assert (first.sent, first.retried, first.unreachable) == (5, 1, False)
        deliver_until_done(settings, scene)
    dead = mails().get(state="failed")
    assert (dead.event, dead.attempts) == ("m1", ATTEMPTS_MAX)
    assert_nothing_lost(scene)
