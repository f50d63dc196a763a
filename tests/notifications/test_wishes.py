"""What people want by e-mail: kept, honoured, and refused where the law wants it told."""

import datetime as dt
from typing import Any

import pytest
from django.core.mail import EmailMessage

from accounts.models import Membership
from common.errors import InvalidInput
from common.time import local_moment
from communes.models import Unit
from notifications.delivery import outbox_deliver
from notifications.models import MessageState, NoticeSettings, OutboxMessage
from notifications.quiet import Wishes
from notifications.services import NewMessage, notice_settings_save, outbox_write
from notifications.topics import STAFF_TOPICS
from tests.people import WARD, access_make, person_make
from tests.strict import StrictClient

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 11, 30)
PATH = "/can-bo/thong-bao/cai-dat/"


def at(hour: int, minute: int = 0, days: int = 0) -> dt.datetime:
    return local_moment(DAY + dt.timedelta(days=days), hour, minute)


@pytest.fixture(autouse=True)
def _start(time_machine: Any) -> None:
    time_machine.move_to(at(8), tick=False)


def wish(name: str, by_topic: dict[str, str] | None = None, **hours: dt.time) -> None:
    notice_settings_save(access=access_make(name), wishes=Wishes(by_topic or {}, **hours))


def tell(key: str, template: str, name: str = "handler", moment: dt.datetime | None = None) -> None:
    message = NewMessage(key, template, {"code": f"HN-{key}"}, recipient_id=person_make(name).pk)
    outbox_write([message], at=moment or at(8))


def deliver(moment: dt.datetime, time_machine: Any) -> Any:
    time_machine.move_to(moment, tick=False)
    return outbox_deliver()


def test_a_topic_that_is_off_stays_in_the_portal_only(mailoutbox: list[EmailMessage]) -> None:
    wish("handler", {"work": "off"})
    tell("a", "case_assigned")
    assert outbox_deliver().suppressed == 1
    rows = dict(OutboxMessage.objects.values_list("channel", "state"))
    assert rows == {"app": MessageState.SENT, "email": MessageState.SUPPRESSED}
    assert OutboxMessage.objects.get(channel="email").error == "not_wanted"
    assert not mailoutbox


@pytest.mark.parametrize("mode", ["off", "digest"])
def test_the_law_cannot_be_switched_off_or_put_off(
    mode: str, mailoutbox: list[EmailMessage]
) -> None:
    legal = [topic.code for topic in STAFF_TOPICS if topic.is_legal]
    assert set(legal) == {
        "overdue", "due_soon", "arrivals", "openings", "reception_duty", "party_line", "stops",
    }  # fmt: skip
    for code in legal:
        with pytest.raises(InvalidInput) as refused:
            wish("handler", {code: mode})
        assert "không thể tắt" in str(refused.value.fields[code][0])
    assert not NoticeSettings.objects.exists()
    # Whatever lies in the table from a time when the law left a choice.
    NoticeSettings.objects.create(user=person_make("handler"), by_topic=dict.fromkeys(legal, mode))
    tell("a", "escalation")
    tell("b", "petition_arrived")
    assert outbox_deliver().sent == 2
    assert len(mailoutbox) == 2


@pytest.mark.parametrize("given", [{"nothing": "now"}, {"work": "sometimes"}, {"receipt": "off"}])
def test_unknown_topics_and_modes_are_refused(given: dict[str, str]) -> None:
    with pytest.raises(InvalidInput):
        wish("handler", given)


def test_quiet_hours_put_off_and_lose_nothing(
    mailoutbox: list[EmailMessage], time_machine: Any
) -> None:
    tell("work", "case_assigned", moment=at(22))
    tell("urgent", "escalation", moment=at(22))
    tell("legal", "petition_arrived", moment=at(22))
    night = deliver(at(22, 5), time_machine)
    assert (night.sent, night.deferred) == (1, 2)
    assert [mail.subject for mail in mailoutbox] == ["Có hồ sơ quá hạn cần xử lý"]
    waiting = OutboxMessage.objects.filter(channel="email", state="pending")
    assert {row.next_attempt_at for row in waiting} == {at(6, 30, days=1)}
    assert {row.attempts for row in waiting} == {0}
    assert deliver(at(6, 29, days=1), time_machine).sent == 0
    assert deliver(at(6, 30, days=1), time_machine).sent == 2
    assert len(mailoutbox) == 3


def test_ones_own_quiet_hours(mailoutbox: list[EmailMessage], time_machine: Any) -> None:
    wish("handler", quiet_from=dt.time(11), quiet_until=dt.time(14))
    wish("clerk", quiet_from=dt.time(0), quiet_until=dt.time(0))
    tell("a", "case_assigned", moment=at(12))
    tell("b", "case_assigned", "clerk", moment=at(23))
    assert deliver(at(12), time_machine).deferred == 1
    assert deliver(at(14), time_machine).sent == 1
    assert deliver(at(23), time_machine).sent == 1


def test_a_digest_a_person_a_day(mailoutbox: list[EmailMessage], time_machine: Any) -> None:
    for number in range(3):
        tell(f"h{number}", "case_accepted")
    tell("c", "forward_accepted", "clerk")
    first = outbox_deliver()
    assert (first.sent, first.deferred) == (0, 4)
    tell("later", "directive_report", moment=at(20))
    assert deliver(at(20), time_machine).deferred == 1
    assert deliver(at(7, 29, days=1), time_machine).sent == 0
    assert deliver(at(7, 30, days=1), time_machine).sent == 5
    assert sorted(mail.to[0] for mail in mailoutbox) == ["clerk@example.com", "handler@example.com"]
    handlers = next(mail for mail in mailoutbox if mail.to == ["handler@example.com"])
    assert handlers.subject == "Tổng hợp thông báo trong ngày"
    assert "Có 4 thông báo" in handlers.body
    for number in range(3):
        assert f"/can-bo/vu-viec/HN-h{number}/" in handlers.body
    assert deliver(at(7, 31, days=1), time_machine).sent == 0
    tell("next", "case_accepted", moment=at(7, 31, days=1))
    deliver(at(7, 31, days=1), time_machine)
    assert deliver(at(7, 30, days=2), time_machine).sent == 1


def test_the_same_digest_again_has_the_same_identity(
    mailoutbox: list[EmailMessage], time_machine: Any
) -> None:
    tell("a", "case_accepted")
    tell("b", "case_accepted")
    outbox_deliver()
    deliver(at(7, 30, days=1), time_machine)
    # As after a crash between the server's answer and the mark.
    rows = OutboxMessage.objects.filter(channel="email")
    rows.update(state="pending", sent_at=None)
    deliver(at(7, 31, days=1), time_machine)
    first, second = (mail.extra_headers["Message-ID"] for mail in mailoutbox)
    assert first == second


def test_a_broken_message_does_not_take_the_digest_away(
    mailoutbox: list[EmailMessage], time_machine: Any
) -> None:
    tell("good", "case_accepted")
    broken = NewMessage(
        "bad", "case_accepted", {"due_on": "soon"}, recipient_id=person_make("handler").pk
    )
    outbox_write([broken], at=at(8))
    outbox_deliver()
    done = deliver(at(7, 30, days=1), time_machine)
    assert (done.sent, done.failed) == (1, 1)
    row = OutboxMessage.objects.get(event="bad", channel="email")
    assert (row.state, row.error) == (MessageState.FAILED, "ValueError")
    assert "HN-good" in mailoutbox[0].body


def test_a_digest_waits_for_the_end_of_longer_quiet_hours(
    mailoutbox: list[EmailMessage], time_machine: Any
) -> None:
    tell("a", "case_accepted")
    outbox_deliver()
    wish("handler", quiet_from=dt.time(21), quiet_until=dt.time(9))
    assert deliver(at(7, 30, days=1), time_machine).deferred == 1
    assert deliver(at(9, days=1), time_machine).sent == 1


def test_a_position_reaches_each_holder_by_ones_own_wishes(
    mailoutbox: list[EmailMessage],
) -> None:
    ward = Unit.objects.get(code=WARD)
    second = person_make("other_clerk")
    Membership.objects.filter(user=second).update(unit=ward)
    person_make("clerk")
    wish("clerk", {"citizens": "off"})
    message = NewMessage("a", "citizen_wrote", unit_id=ward.pk, position="clerk")
    outbox_write([message])
    done = outbox_deliver()
    assert (done.spread, done.sent, done.suppressed) == (1, 1, 1)
    assert [mail.to for mail in mailoutbox] == [["other_clerk@example.com"]]
    outbox_write([message])
    assert outbox_deliver().spread == 0


def test_who_holds_two_positions_gets_one_mail(mailoutbox: list[EmailMessage]) -> None:
    ward = Unit.objects.get(code=WARD)
    clerk = person_make("clerk")
    Membership.objects.create(user=clerk, unit=ward, role="head", valid_from=dt.date(2025, 7, 1))
    outbox_write(
        [
            NewMessage("a", "escalation", unit_id=ward.pk, position=role)
            for role in ("clerk", "head")
        ]
    )
    done = outbox_deliver()
    assert (done.spread, done.sent) == (2, 1)
    assert [mail.to for mail in mailoutbox] == [["clerk@example.com"]]


class TestPage:
    @pytest.fixture
    def form(self) -> dict[str, str]:
        values = {topic.code: topic.default_mode.value for topic in STAFF_TOPICS}
        return values | {"quiet_from": "22:00", "quiet_until": "06:00"}

    def test_what_is_chosen_is_kept_and_shown(
        self, client: StrictClient, form: dict[str, str]
    ) -> None:
        client.force_login(person_make("handler"))
        page = client.get(PATH).content.decode()
        assert page.count("không thể tắt") == sum(topic.is_legal for topic in STAFF_TOPICS)
        assert 'value="21:00"' in page
        assert client.post(PATH, form | {"work": "digest"}).status_code == 302
        row = NoticeSettings.objects.get(user__username="handler")
        assert (row.by_topic["work"], row.quiet_from) == ("digest", dt.time(22))
        again = client.get(PATH).content.decode()
        assert 'value="22:00"' in again
        assert '<option value="digest" selected>' in again

    def test_a_forged_form_cannot_switch_the_law_off(
        self, client: StrictClient, form: dict[str, str]
    ) -> None:
        client.force_login(person_make("handler"))
        answer = client.post(PATH, form | {"overdue": "off"})
        assert answer.status_code == 200
        assert "error-summary" in answer.content.decode()
        assert not NoticeSettings.objects.exists()
