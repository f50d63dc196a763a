"""Dead letters: seen by who keeps the portal, sent again, recorded, never with an address."""

import datetime as dt
import re
import smtplib
from collections.abc import Sequence
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from accounts.models import User
from common.history_check import table_check
from common.time import local_moment
from communes.models import Unit
from notifications.channels.email import message_id
from notifications.delivery import outbox_deliver, row_key
from notifications.models import MessageEvent, OutboxMessage
from notifications.presenters import undelivered_shown
from notifications.selectors import TEMPORARY, message_token
from notifications.services import NewMessage, address_seal, outbox_write
from tests.people import WARD, person_make
from tests.strict import StrictClient

pytestmark = pytest.mark.django_db
PATH = "/can-bo/he-thong/thu-khong-gui-duoc/"
TOKENS = re.compile(r'value="[^"]*"')
RESEND = f"{PATH}gui-lai/"


class Refusing(BaseEmailBackend):
    """Refuses everybody and repeats the address, until it is told otherwise."""

    is_refusing = True

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        if self.is_refusing:
            to = email_messages[0].to[0]
            said = f"5.1.1 <{to}>: no such user".encode()
            raise smtplib.SMTPRecipientsRefused({to: (550, said)})
        mail.outbox.extend(email_messages)
        return len(email_messages)


@pytest.fixture(autouse=True)
def _morning(time_machine: Any, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    time_machine.move_to(local_moment(dt.date(2026, 11, 30), 9), tick=False)
    settings.EMAIL_BACKEND = f"{__name__}.Refusing"
    monkeypatch.setattr(Refusing, "is_refusing", True)


@pytest.fixture
def dead() -> dict[str, OutboxMessage]:
    """To a person, to the holder of a position, to a citizen: all refused."""
    ward = Unit.objects.get(code=WARD).pk
    person_make("clerk")
    outbox_write(
        [
            NewMessage("person", "case_assigned", recipient_id=person_make("handler").pk),
            NewMessage("position", "petition_arrived", unit_id=ward, position="clerk"),
            NewMessage("citizen", "petition_filed", address=address_seal("an@example.com")),
        ]
    )
    assert outbox_deliver().failed == 3
    return {row.event: row for row in OutboxMessage.objects.filter(state="failed")}


def admin(client: StrictClient) -> StrictClient:
    client.force_login(person_make("admin"))
    return client


def test_the_page_says_what_to_whom_and_why(
    client: StrictClient, dead: dict[str, OutboxMessage]
) -> None:
    page = admin(client).get(PATH).content.decode()
    for words in ("Cán bộ handler", "Cán bộ clerk", "Công dân (địa chỉ niêm phong)"):
        assert words in page
    assert page.count("550 5.1.1 … no such user") == 3
    assert "SMTPRecipientsRefused" in page
    assert "@example.com" not in page
    stored = str(list(OutboxMessage.objects.values_list("answer", "error", "params")))
    assert "@" not in stored


@pytest.mark.parametrize(
    ("template", "ordinary", "position"),
    [("identity_opened", "draft_waiting", "head"), ("copy_released", "case_assigned", "handler")],
)
def test_a_dead_letter_about_a_denunciation_is_like_an_ordinary_one(
    client: StrictClient, template: str, ordinary: str, position: str
) -> None:
    ward = Unit.objects.get(code=WARD).pk
    for name in (template, ordinary):
        outbox_write([NewMessage(name, name, unit_id=ward, position=position)])
    mails = OutboxMessage.objects.filter(channel="email")
    mails.update(state="failed", error="SMTPRecipientsRefused")
    one, other = (undelivered_shown(row) for row in mails)
    assert (one.topic, one.to, one.error) == (other.topic, other.to, other.error)
    page = admin(client).get(PATH).content.decode()
    for telling in (template, "danh tính", "bản sao"):
        assert telling not in page


def test_a_dead_letter_does_not_say_that_it_waited_for_the_vault(client: StrictClient) -> None:
    for key in ("a", "b"):
        outbox_write(
            [NewMessage(key, "petition_filed", address=address_seal(f"{key}@example.com"))]
        )
    errors = {"a": TEMPORARY, "b": "SMTPServerDisconnected"}
    for key, error in errors.items():
        OutboxMessage.objects.filter(event=key).update(state="failed", error=error)
    shown = {undelivered_shown(row).error for row in OutboxMessage.objects.all()}
    assert shown == {TEMPORARY}
    assert "vault" not in admin(client).get(PATH).content.decode()


def test_one_is_sent_again_under_the_same_identity(
    client: StrictClient, dead: dict[str, OutboxMessage], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Refusing, "is_refusing", False)
    row = dead["citizen"]
    answer = admin(client).post(RESEND, {"message": message_token(row.pk)})
    assert answer.headers["Location"] == PATH
    assert outbox_deliver().sent == 1
    (sent,) = mail.outbox
    assert sent.to == ["an@example.com"]
    assert sent.extra_headers["Message-ID"] == message_id(row_key(row))
    row.refresh_from_db()
    assert (row.state, row.error, row.answer) == ("sent", "", "")
    event = MessageEvent.objects.get()
    assert (event.message_id, event.actor) == (row.pk, User.objects.get(username="admin"))
    assert event.data == {"error": "SMTPRecipientsRefused"}
    assert not list(table_check(MessageEvent))


def test_many_are_sent_again_and_twice_changes_nothing(
    client: StrictClient, dead: dict[str, OutboxMessage]
) -> None:
    tokens = [message_token(row.pk) for row in dead.values()]
    admin(client).post(RESEND, {"message": tokens})
    assert OutboxMessage.objects.filter(state="pending", attempts=0).count() == 3
    client.post(RESEND, {"message": tokens})
    assert MessageEvent.objects.count() == 3
    assert "Không có thư nào bị kẹt" in client.get(PATH).content.decode()
    # Refused again: dead again, and visible again.
    assert outbox_deliver().failed == 3
    assert client.get(PATH).content.decode().count("550 5.1.1") == 3


def test_nothing_chosen_says_so(client: StrictClient, dead: dict[str, OutboxMessage]) -> None:
    page = admin(client).post(RESEND, follow=True).content.decode()
    assert "Chọn ít nhất một thư" in page
    assert not MessageEvent.objects.exists()


def test_what_was_sent_cannot_be_sent_again(
    client: StrictClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Refusing, "is_refusing", False)
    outbox_write([NewMessage("a", "case_assigned", recipient_id=person_make("handler").pk)])
    outbox_deliver()
    row = OutboxMessage.objects.get(channel="email")
    admin(client).post(RESEND, {"message": message_token(row.pk)})
    row.refresh_from_db()
    assert row.state == "sent"
    assert not MessageEvent.objects.exists()


@pytest.mark.parametrize("name", ["clerk", "chair", "city_chair", "inspector"])
def test_for_others_it_is_not_there(
    name: str, client: StrictClient, dead: dict[str, OutboxMessage]
) -> None:
    client.force_login(person_make(name))
    assert client.get(PATH).status_code == 404
    tokens = [message_token(row.pk) for row in dead.values()]
    assert client.post(RESEND, {"message": tokens}).status_code == 404
    assert OutboxMessage.objects.filter(state="failed").count() == 3


def test_who_has_no_address_is_seen_and_caught_up(
    client: StrictClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Refusing, "is_refusing", False)
    ward = Unit.objects.get(code=WARD).pk
    outbox_write([NewMessage("a", "petition_arrived", unit_id=ward, position="clerk")])
    assert outbox_deliver().suppressed == 1
    assert "Không có thư nào bị kẹt" in admin(client).get(PATH).content.decode()
    page = client.get(f"{PATH}?show=no_address").content.decode()
    assert "Phường Ba Đình" in page
    person_make("clerk")
    row = OutboxMessage.objects.get(channel="email")
    client.post(RESEND, {"message": message_token(row.pk), "show": "no_address"})
    assert outbox_deliver().sent == 1
    assert mail.outbox[0].to == ["clerk@example.com"]


def test_a_queue_that_stands_still_is_seen(client: StrictClient, time_machine: Any) -> None:
    written = local_moment(dt.date(2026, 11, 30), 9)
    quiet = backlog(admin(client))
    for key in ("a", "b"):
        outbox_write(
            [NewMessage(key, "case_assigned", recipient_id=person_make("handler").pk)], at=written
        )
    time_machine.move_to(written + dt.timedelta(hours=3))
    assert "đang chờ gửi: &lt;10. Thư cũ nhất đã chờ hơn 1 giờ" in backlog(admin(client))
    outbox_deliver()
    assert backlog(client) == quiet


def backlog(client: StrictClient) -> str:
    """The sentence about what waits."""
    return next(
        line
        for line in client.get(PATH).content.decode().splitlines()
        if "Thư điện tử đang chờ gửi" in line
    )


def test_one_message_that_waits_or_is_tried_again_is_not_seen(
    client: StrictClient, time_machine: Any
) -> None:
    quiet = backlog(admin(client))
    outbox_write([NewMessage("a", "case_assigned", recipient_id=person_make("handler").pk)])
    time_machine.shift(dt.timedelta(minutes=50))
    assert backlog(client) == quiet
    OutboxMessage.objects.filter(channel="email").update(attempts=1)
    time_machine.shift(dt.timedelta(hours=9))
    assert backlog(client) == quiet


class TestTexts:
    LIST = "/can-bo/he-thong/noi-dung-thong-bao/"

    def test_every_text_is_listed_and_opens(self, client: StrictClient) -> None:
        from notifications.texts import text_versions

        page = admin(client).get(self.LIST).content.decode()
        for name in text_versions():
            assert f'href="{self.LIST}{name}/"' in page
            for language in ("vi", "en"):
                shown = client.get(f"{self.LIST}{name}/", {"language": language})
                assert shown.status_code == 200

    def test_a_preview_in_english_of_a_day(self, client: StrictClient) -> None:
        path = f"{self.LIST}petition_filed/"
        page = admin(client).get(path, {"language": "en", "on": "2026-07-01"}).content.decode()
        assert "We have received what you sent" in page
        assert 'value="2026-07-01"' in page
        assert "Track with your code and secret</a>" in page

    def test_the_digest_is_previewed_with_what_it_gathers(self, client: StrictClient) -> None:
        page = admin(client).get(f"{self.LIST}digest/").content.decode()
        assert "Có 2 thông báo" in page
        assert "1. Có vụ việc đã được thụ lý" in page
        assert "2. Có báo cáo tiến độ mới" in page

    def test_wrong_wishes_and_unknown_texts(self, client: StrictClient) -> None:
        path = f"{self.LIST}petition_filed/"
        answer = admin(client).get(path, {"language": "xx", "on": "soon"})
        assert answer.status_code == 200
        assert client.get(f"{self.LIST}base/").status_code == 404
        assert client.get(f"{self.LIST}nothing/").status_code == 404
