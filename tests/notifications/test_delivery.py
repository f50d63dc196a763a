"""Delivery of the outbox: once when all goes well, at least once when not, never lost."""

import datetime as dt
import smtplib
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.core import mail
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from accounts.models import Membership
from common.time import local_moment, now
from communes.models import Unit
from notifications.attempt import ATTEMPTS_MAX
from notifications.channels.email import message_id
from notifications.delivery import outbox_deliver, row_key
from notifications.models import MessageState, OutboxMessage
from notifications.services import NewMessage, address_seal, outbox_write
from tests.people import PERSON, WARD, Story, person_make

pytestmark = pytest.mark.django_db
PARAMS = {"code": "HN-00000-00000-00", "unit": "Phường Ba Đình"}


@pytest.fixture(autouse=True)
def _morning(time_machine: Any) -> None:
    """Outside everybody's quiet hours."""
    time_machine.move_to(local_moment(dt.date(2026, 11, 30), 9), tick=True)


class FailingBackend(BaseEmailBackend):
    """A mail server that answers with the errors it was told, then takes what comes."""

    errors: list[BaseException] = []
    unreachable = False

    def open(self) -> bool:
        if self.unreachable:
            raise ConnectionRefusedError
        return True

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        if self.errors:
            raise self.errors.pop(0)
        mail.outbox.extend(email_messages)
        return len(email_messages)


@pytest.fixture
def server(settings: Any, monkeypatch: pytest.MonkeyPatch) -> type[FailingBackend]:
    settings.EMAIL_BACKEND = f"{__name__}.FailingBackend"
    monkeypatch.setattr(FailingBackend, "errors", [])
    monkeypatch.setattr(FailingBackend, "unreachable", False)
    return FailingBackend


def write(key: str = "k", **values: Any) -> OutboxMessage:
    values = {"template": "case_assigned", "params": PARAMS} | values
    outbox_write([NewMessage(key=key, **values)])
    return OutboxMessage.objects.get(event=key, channel="email")


def to_person(key: str = "k", name: str = "handler") -> OutboxMessage:
    return write(key, recipient_id=person_make(name).pk)


def test_a_message_is_sent_once(mailoutbox: list[EmailMessage]) -> None:
    row = to_person()
    assert outbox_deliver().sent == 1
    assert outbox_deliver().sent == 0
    row.refresh_from_db()
    assert (row.state, row.attempts, row.error) == (MessageState.SENT, 1, "")
    assert row.sent_at is not None
    (sent,) = mailoutbox
    assert sent.to == ["handler@example.com"]
    assert sent.extra_headers["Message-ID"] == message_id(row_key(row))
    assert sent.subject == "Có vụ việc mới được giao"
    assert "HN-00000-00000-00" in sent.body
    assert f"{settings.PUBLIC_BASE_URL}/can-bo/vu-viec/HN-00000-00000-00/" in sent.body


def test_the_same_fact_is_written_and_told_once(mailoutbox: list[EmailMessage]) -> None:
    to_person()
    to_person()
    outbox_deliver()
    assert len(mailoutbox) == 1


def test_a_position_is_whoever_holds_it_now(mailoutbox: list[EmailMessage]) -> None:
    unit = Unit.objects.get(code=WARD)
    before, after = person_make("chair"), person_make("other_chair")
    Membership.objects.filter(user=before).update(valid_to=dt.date(2026, 1, 1))
    Membership.objects.filter(user=after).update(unit=unit)
    write(unit_id=unit.pk, position="head")
    outbox_deliver()
    assert [message.to for message in mailoutbox] == [["other_chair@example.com"]]


def test_a_citizens_sealed_address_is_opened_only_to_send(
    mailoutbox: list[EmailMessage],
) -> None:
    row = write(template="petition_news", address=address_seal("an@example.com"))
    assert b"an@example.com" not in bytes(row.address_box or b"")
    outbox_deliver()
    assert mailoutbox[0].to == ["an@example.com"]
    assert "/tra-cuu/" in mailoutbox[0].body
    assert "/can-bo/" not in mailoutbox[0].body


def test_an_address_that_cannot_be_opened_is_suppressed() -> None:
    row = write(address=(1, b"x" * 40))
    assert outbox_deliver().suppressed == 1
    row.refresh_from_db()
    assert (row.state, row.error) == (MessageState.SUPPRESSED, "no_address")


def test_without_an_address_nothing_is_sent_and_the_row_says_so() -> None:
    person = person_make("handler")
    person.email = ""
    person.save()
    row = to_person()
    assert outbox_deliver().suppressed == 1
    row.refresh_from_db()
    assert row.state == MessageState.SUPPRESSED


def test_suppressed_and_future_messages_wait_for_nobody(mailoutbox: list[EmailMessage]) -> None:
    outbox_write(
        [NewMessage("old", "generic", recipient_id=person_make("clerk").pk)], suppress=True
    )
    later = now() + dt.timedelta(hours=1)
    outbox_write([NewMessage("new", "generic", recipient_id=person_make("clerk").pk)], at=later)
    assert outbox_deliver().as_dict() == {
        "sent": 0,
        "retried": 0,
        "failed": 0,
        "suppressed": 0,
        "spread": 0,
        "deferred": 0,
        "unreachable": False,
    }
    assert not mailoutbox


def test_an_error_is_tried_again_later_and_then_sent(
    server: type[FailingBackend], mailoutbox: list[EmailMessage]
) -> None:
    server.errors = [smtplib.SMTPServerDisconnected("gone")]
    row = to_person()
    start = now()
    assert outbox_deliver(at=start).retried == 1
    row.refresh_from_db()
    assert (row.state, row.attempts) == (MessageState.PENDING, 1)
    assert row.error == "SMTPServerDisconnected"
    assert row.next_attempt_at > start
    assert outbox_deliver(at=start).sent == 0
    assert outbox_deliver(at=start + dt.timedelta(minutes=2)).sent == 1
    assert len(mailoutbox) == 1


def test_the_waits_grow_and_end(server: type[FailingBackend]) -> None:
    row = to_person()
    at, waits = now(), []
    for _ in range(ATTEMPTS_MAX):
        server.errors = [smtplib.SMTPServerDisconnected("gone")]
        outbox_deliver(at=at)
        row.refresh_from_db()
        waits.append((row.next_attempt_at - at).total_seconds())
        at = row.next_attempt_at
    assert row.state == MessageState.FAILED
    assert waits[0] < waits[2] < waits[4]
    assert max(waits) <= 3600 * 1.2


def test_a_permanent_refusal_is_final_and_harms_no_other(
    server: type[FailingBackend], mailoutbox: list[EmailMessage]
) -> None:
    refused = {"handler@example.com": (550, b"no such user")}
    server.errors = [smtplib.SMTPRecipientsRefused(refused)]
    first, second = to_person("a"), to_person("b", "clerk")
    result = outbox_deliver()
    assert (result.failed, result.sent) == (1, 1)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, first.error) == (MessageState.FAILED, "SMTPRecipientsRefused")
    assert second.state == MessageState.SENT


def test_a_run_that_is_out_of_time_keeps_what_it_did(
    server: type[FailingBackend], mailoutbox: list[EmailMessage]
) -> None:
    rows = [to_person(key) for key in ("a", "b", "c")]
    sent, stop = FailingBackend.send_messages, SoftTimeLimitExceeded()

    def second(self: FailingBackend, messages: Sequence[EmailMessage]) -> int:
        if len(mail.outbox) == 1:
            raise stop
        return sent(self, messages)

    with pytest.MonkeyPatch.context() as patch, pytest.raises(SoftTimeLimitExceeded):
        patch.setattr(FailingBackend, "send_messages", second)
        outbox_deliver()
    states = [OutboxMessage.objects.get(pk=row.pk).state for row in rows]
    assert states == [MessageState.SENT, MessageState.PENDING, MessageState.PENDING]
    assert outbox_deliver().sent == 2
    assert len(mailoutbox) == 3


def test_a_server_that_is_away_changes_nothing(
    server: type[FailingBackend], mailoutbox: list[EmailMessage]
) -> None:
    row = to_person()
    server.unreachable = True
    assert outbox_deliver().unreachable
    row.refresh_from_db()
    assert (row.state, row.attempts) == (MessageState.PENDING, 0)
    server.unreachable = False
    assert outbox_deliver().sent == 1
    assert len(mailoutbox) == 1


def test_a_broken_message_fails_alone(mailoutbox: list[EmailMessage]) -> None:
    broken = write("a", params=PARAMS | {"due_on": "soon"}, recipient_id=person_make("clerk").pk)
    to_person("b")
    result = outbox_deliver()
    assert (result.failed, result.sent) == (1, 1)
    broken.refresh_from_db()
    assert (broken.state, broken.error) == (MessageState.FAILED, "ValueError")


def test_more_messages_than_a_batch_and_a_limit(mailoutbox: list[EmailMessage]) -> None:
    for number in range(45):
        to_person(f"k{number}")
    assert outbox_deliver(limit=30).sent == 30
    assert outbox_deliver().sent == 15
    assert len({message.extra_headers["Message-ID"] for message in mailoutbox}) == 45


def test_mails_of_a_whole_case_hold_no_person(
    story: Callable[..., Story], mailoutbox: list[EmailMessage]
) -> None:
    for name in ("clerk", "handler", "chair"):
        person_make(name)
    story().decided()
    outbox_deliver()
    outbox_deliver(at=now() + dt.timedelta(days=1))  # the digest too
    assert len(mailoutbox) >= 7
    assert any(message.subject == "Tổng hợp thông báo trong ngày" for message in mailoutbox)
    secrets = [str(value) for value in PERSON.values() if isinstance(value, str)]
    secrets += ["bồi thường", "thửa đất"]
    for message in mailoutbox:
        text = f"{message.subject}\n{message.body}"
        assert not [word for word in secrets if word in text], text
        assert "Cổng" in message.body
