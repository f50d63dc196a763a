"""Workers at once and workers that die: real connections, a real mail server, real processes."""

import datetime as dt
import os
import signal
import subprocess
import sys
from collections import Counter
from typing import Any

import pytest
from django.conf import settings as portal
from django.core import mail
from django.db import transaction

from accounts.models import Membership
from common.time import local_moment
from communes.models import Unit
from notifications.delivery import BATCH, Delivery, outbox_deliver
from notifications.models import OutboxMessage
from notifications.services import NewMessage, address_seal, outbox_write
from petitions.services.intake import petition_file
from tests.concurrency.test_sweeps import parallel
from tests.faults.smtp_server import GOOD, Server, serving
from tests.faults.test_sweep_killed import ROOT, database_url, wait_rolled_back
from tests.people import WARD, filing_make, person_make

pytestmark = [pytest.mark.django_db(transaction=True)]
START = local_moment(dt.date(2026, 11, 30), 9)
DELIVER = "import django; django.setup(); from datetime import datetime; \
from notifications.delivery import outbox_deliver; outbox_deliver(at=datetime.fromisoformat('{at}'))"


@pytest.fixture
def scene(settings: Any, time_machine: Any, reference_data: None) -> Server:
    time_machine.move_to(START, tick=True)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_TIMEOUT = 5
    settings.EMAIL_HOST = "127.0.0.1"
    return Server()


def to_citizens(count: int) -> None:
    outbox_write(
        [
            NewMessage(f"m{n}", "petition_filed", address=address_seal(f"n{n}@example.com"))
            for n in range(count)
        ],
        at=START,
    )


def mails() -> Any:
    return OutboxMessage.objects.filter(channel="email")


def test_three_workers_send_each_mail_once(scene: Server, settings: Any) -> None:
    to_citizens(90)
    ward = Unit.objects.get(code=WARD)
    for name in ("clerk", "other_clerk"):
        Membership.objects.filter(user=person_make(name)).update(unit=ward)
    outbox_write(
        [NewMessage(f"p{n}", "escalation", unit_id=ward.pk, position="clerk") for n in range(15)],
        at=START,
    )
    with serving(scene):
        settings.EMAIL_PORT = scene.port
        results = parallel([lambda: outbox_deliver(at=START)] * 3)
        assert all(isinstance(result, Delivery) for result in results), results
        results.append(outbox_deliver(at=START))
    assert sum(result.sent for result in results) == 90 + 15 * 2
    assert sum(result.spread for result in results) == 15
    copies = Counter(taken.message_id for taken in scene.taken)
    assert len(copies) == 120
    assert set(copies.values()) == {1}


def test_three_workers_tell_one_digest(scene: Server, settings: Any) -> None:
    people = [person_make(name) for name in ("clerk", "handler", "chair")]
    outbox_write(
        [
            NewMessage(f"d{n}", "case_accepted", {"code": f"HN-{n}"}, recipient_id=person.pk)
            for n in range(20)
            for person in people
        ],
        at=START,
    )
    assert outbox_deliver(at=START).deferred == 60
    morning = START + dt.timedelta(days=1)
    with serving(scene):
        settings.EMAIL_PORT = scene.port
        results = parallel([lambda: outbox_deliver(at=morning)] * 3)
    assert sum(result.sent for result in results) == 60, results
    assert sorted(str(taken.mail["To"]) for taken in scene.taken) == [
        "chair@example.com",
        "clerk@example.com",
        "handler@example.com",
    ]
    assert not mails().exclude(state="sent").exists()


def worker(port: int) -> "subprocess.Popen[bytes]":
    """A delivery as a process of its own."""
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "hanoi_portal.settings.dev",
        "DATABASE_URL": database_url(),
        "REDIS_URL": portal.REDIS_URL,
        "EMAIL_URL": f"smtp://127.0.0.1:{port}",
        "PORTAL_PROCESS": "command",
    }
    code = DELIVER.format(at=START.isoformat())
    return subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, env=environment)


@pytest.mark.slow
def test_a_worker_killed_after_the_server_took_the_mail(scene: Server, settings: Any) -> None:
    """It dies with a batch half sent: all is sent, the copies have the same identity."""
    count, before = BATCH + 5, 7
    chair = person_make("chair").pk
    outbox_write(
        [NewMessage(f"m{n}", "escalation", recipient_id=chair) for n in range(count)], at=START
    )
    settings.EMAIL_TIMEOUT = 60
    scene.fault_of = lambda where: (
        "take_and_hang" if where != "connection" and len(scene.taken) == before else GOOD
    )
    with serving(scene):
        process = worker(scene.port)
        try:
            while len(scene.taken) <= before:
                assert scene.told.wait(60), "the worker sent nothing"
                scene.told.clear()
        finally:
            process.send_signal(signal.SIGKILL)
            process.wait(10)
        wait_rolled_back()
        assert set(mails().values_list("state", flat=True)) == {"pending"}
        scene.fault_of = lambda where: GOOD
        settings.EMAIL_PORT = scene.port
        assert outbox_deliver(at=START).sent == count
    copies = Counter(taken.message_id for taken in scene.taken)
    assert len(copies) == count
    assert sorted(copies.values()) == [1] * (count - before - 1) + [2] * (before + 1)


def test_a_transaction_that_fails_tells_nothing(scene: Server) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        to_citizens(2)
        raise RuntimeError
    assert not OutboxMessage.objects.exists()


def test_without_a_broker_petitions_are_filed_and_told_later(
    scene: Server, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing on a page's way publishes; the outbox keeps it until a worker runs again."""

    def away(*_args: Any, **_options: Any) -> None:
        raise ConnectionError("the broker is away")

    monkeypatch.setattr("kombu.messaging.Producer.publish", away)
    monkeypatch.setattr("celery.app.base.Celery.send_task", away)
    monkeypatch.setattr("celery.app.task.Task.apply_async", away)
    person_make("clerk")
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    filed = petition_file(filing=filing_make())
    assert set(mails().values_list("state", flat=True)) == {"pending"}
    assert OutboxMessage.objects.filter(channel="app", state="sent").count() == 1
    assert outbox_deliver().sent == 2
    told = {message.to[0]: message for message in mail.outbox}
    assert filed.code in told["clerk@example.com"].body
    assert filed.code in told["thu.nghiem@example.com"].body
