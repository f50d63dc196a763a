"""The delivery knows channels by their interface alone."""

import datetime as dt
import smtplib
from collections.abc import Collection, Mapping
from typing import Any

import pytest

from common.time import local_moment
from notifications import channels, delivery
from notifications.channels.email import EmailChannel, _judged, message_id
from notifications.channels.parcel import Parcel, Refused, TryLater
from notifications.delivery import outbox_deliver
from notifications.models import OutboxMessage
from notifications.services import NewMessage, address_seal, outbox_write
from notifications.topics import ChannelName
from tests.people import person_make

START = local_moment(dt.date(2026, 11, 30), 9)


class Pigeons:
    """Another way out: by the name of an account, with receipts of its own."""

    flown: list[Parcel] = []
    answers: list[Exception] = []

    def open(self) -> None:
        return

    def send(self, parcel: Parcel) -> str:
        if self.answers:
            raise self.answers.pop(0)
        self.flown.append(parcel)
        return f"pigeon {len(self.flown)}"

    def close(self) -> None:
        return

    def addresses(self, user_ids: Collection[int]) -> Mapping[int, str]:
        return {pk: f"loft {pk}" for pk in user_ids}

    def address_in(self, box: Mapping[str, Any]) -> str:
        return str(box.get("loft", ""))


@pytest.fixture
def pigeons(monkeypatch: pytest.MonkeyPatch) -> type[Pigeons]:
    monkeypatch.setattr(Pigeons, "flown", [])
    monkeypatch.setattr(Pigeons, "answers", [])
    monkeypatch.setitem(channels.SENDING, ChannelName.EMAIL, Pigeons)
    return Pigeons


def write(key: str = "a") -> None:
    outbox_write(
        [NewMessage(key, "escalation", {"code": "HN"}, recipient_id=person_make("chair").pk)],
        at=START,
    )


@pytest.mark.django_db
def test_another_channel_needs_nothing_above_it(pigeons: type[Pigeons]) -> None:
    write()
    citizen = NewMessage("c", "petition_filed", address=address_seal("a@example.com"))
    outbox_write([citizen], at=START)
    done = outbox_deliver(at=START)
    assert (done.sent, done.suppressed) == (1, 1)  # the citizen gave no loft
    (parcel,) = pigeons.flown
    assert parcel.to == f"loft {person_make('chair').pk}"
    assert "HN" in parcel.text
    assert OutboxMessage.objects.get(state="sent", channel="email").answer == "pigeon 1"


@pytest.mark.django_db
def test_its_refusals_count_like_those_of_mail(pigeons: type[Pigeons]) -> None:
    write()
    pigeons.answers = [TryLater("Storm", "come back"), Refused("Hawk", "gone for good")]
    first = outbox_deliver(at=START)
    row = OutboxMessage.objects.get(channel="email")
    assert (first.retried, row.error, row.answer) == (1, "Storm", "come back")
    outbox_deliver(at=row.next_attempt_at)
    row.refresh_from_db()
    assert (row.state, row.error, row.answer) == ("failed", "Hawk", "gone for good")


@pytest.mark.django_db
def test_the_key_is_the_same_in_every_attempt(pigeons: type[Pigeons]) -> None:
    write()
    outbox_deliver(at=START)
    OutboxMessage.objects.filter(channel="email").update(state="pending", sent_at=None)
    outbox_deliver(at=START)
    write("b")
    outbox_deliver(at=START)
    keys = [parcel.key for parcel in pigeons.flown]
    assert keys[0] == keys[1] != keys[2]


@pytest.mark.parametrize(
    ("error", "kind", "is_down"),
    [
        (smtplib.SMTPRecipientsRefused({"a@b.c": (550, b"no <a@b.c>")}), Refused, False),
        (smtplib.SMTPRecipientsRefused({"a@b.c": (450, b"later")}), TryLater, False),
        (smtplib.SMTPDataError(554, b"spam"), Refused, False),
        (smtplib.SMTPDataError(452, b"full"), TryLater, False),
        (smtplib.SMTPDataError(421, b"closing"), TryLater, True),
        (smtplib.SMTPSenderRefused(550, b"not you", "x@y.z"), Refused, False),
        (smtplib.SMTPServerDisconnected("gone"), TryLater, True),
        (smtplib.SMTPAuthenticationError(535, b"wrong"), TryLater, True),
        (TimeoutError("slow"), TryLater, True),
        (ConnectionResetError(), TryLater, True),
    ],
)
def test_what_mail_servers_say_is_judged(
    error: OSError, kind: type[Exception], is_down: bool
) -> None:
    found = _judged(error)
    assert type(found) is kind
    assert getattr(found, "is_down", False) is is_down
    assert "@" not in found.answer


def test_the_product_has_the_channels_it_names() -> None:
    assert set(channels.SENDING) == set(ChannelName) - {ChannelName.APP}
    assert channels.SENDING[ChannelName.EMAIL] is EmailChannel
    assert delivery.SENDING is channels.SENDING


def test_an_identity_says_nothing() -> None:
    identity = message_id("case:HN-00000-00000-00:3 u:7 email")
    assert "HN" not in identity
    assert identity == message_id("case:HN-00000-00000-00:3 u:7 email")
    assert identity.endswith("@hanoi.example>")
