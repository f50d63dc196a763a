"""The bell and the list: what a person sees, what is read, what a look costs and changes."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Membership
from common.time import local_moment, now
from communes.models import Unit
from notifications.models import NoticeRead, OutboxMessage
from notifications.selectors import COUNT_MAX, SHOWN_DAYS, message_token, unread_count
from notifications.services import NewMessage, address_seal, outbox_write
from tests.people import WARD, access_make, person_make
from tests.strict import StrictClient

pytestmark = pytest.mark.django_db
LIST, UNREAD, READ = (
    "/can-bo/thong-bao/",
    "/can-bo/thong-bao/chua-doc/",
    "/can-bo/thong-bao/da-doc/",
)


@pytest.fixture(autouse=True)
def _morning(time_machine: Any) -> None:
    time_machine.move_to(local_moment(dt.date(2026, 11, 30), 9), tick=False)


def tell(key: str, name: str = "handler", template: str = "case_assigned", **more: Any) -> str:
    params = {"code": f"HN-{key}", "unit": "Phường Ba Đình"}
    outbox_write([NewMessage(key, template, params, recipient_id=person_make(name).pk)], **more)
    return message_token(OutboxMessage.objects.get(event=key, channel="app").pk)


def tell_position(key: str, position: str = "clerk") -> None:
    ward = Unit.objects.get(code=WARD).pk
    outbox_write(
        [NewMessage(key, "citizen_wrote", {"code": "HN"}, unit_id=ward, position=position)]
    )


def sign_in(client: StrictClient, name: str = "handler") -> StrictClient:
    client.force_login(person_make(name))
    return client


def count(client: StrictClient) -> str:
    return str(client.get(UNREAD).json()["count"])


def test_the_bell_counts_and_names(client: StrictClient) -> None:
    sign_in(client)
    assert client.get(UNREAD).json() == {"count": "", "words": ""}
    tell("a")
    tell("b", "clerk")
    assert client.get(UNREAD).json() == {"count": "1", "words": "1 thông báo chưa đọc"}
    for number in range(COUNT_MAX + 5):
        tell(f"n{number}")
    assert count(client) == f"{COUNT_MAX}+"
    assert unread_count(access_make("handler")) == COUNT_MAX + 1


def test_the_list_says_what_and_leads_there(client: StrictClient) -> None:
    tell("a")
    page = sign_in(client).get(LIST).content.decode()
    assert "Có vụ việc mới được giao" in page
    assert "Vụ việc HN-a thuộc Phường Ba Đình" in page
    assert '<a href="/can-bo/vu-viec/HN-a/" data-notice-link>' in page
    assert "Thư này được gửi tự động" not in page


def test_looking_changes_nothing(client: StrictClient) -> None:
    tell("a")
    sign_in(client)
    for path in (LIST, UNREAD, f"{LIST}?show=unread"):
        client.get(path)
        assert client.get(READ).status_code == 405
    assert not NoticeRead.objects.exists()
    assert count(client) == "1"


def test_one_is_read_and_then_all(client: StrictClient) -> None:
    first, _second = tell("a"), tell("b")
    sign_in(client)
    assert client.post(READ, {"notice": first}).headers["Location"] == LIST
    assert count(client) == "1"
    page = client.get(f"{LIST}?show=unread").content.decode()
    assert "HN-b" in page
    assert "HN-a" not in page
    assert client.post(READ, {"all": "1", "show": "unread"}).headers["Location"].endswith("unread")
    assert count(client) == ""
    assert "Không có thông báo chưa đọc" in client.get(f"{LIST}?show=unread").content.decode()
    assert "HN-a" in client.get(LIST).content.decode()


def test_all_read_is_a_mark_in_time_and_what_comes_later_is_new(
    client: StrictClient, time_machine: Any
) -> None:
    """Also what was written before the mark by a transaction that ended after it."""
    for number in range(5):
        tell(f"old{number}", at=now() - dt.timedelta(hours=number + 1))
    tell("fresh", at=now() - dt.timedelta(minutes=1))
    sign_in(client).post(READ, {"all": "1"})
    assert count(client) == ""
    assert NoticeRead.objects.count() == 1  # the fresh one; the others by the mark
    assert "chưa đọc</span>" not in client.get(LIST).content.decode()
    tell("slow", at=now() - dt.timedelta(seconds=30))
    assert count(client) == "1"
    time_machine.shift(dt.timedelta(minutes=5))
    tell("next")
    assert count(client) == "2"
    client.post("/can-bo/thong-bao/cai-dat/", {})
    assert count(client) == "2"


def test_nobody_reads_for_somebody_else(client: StrictClient) -> None:
    token = tell("a", "clerk")
    sign_in(client)
    for forged in (token, "x", "", message_token(10**9)):
        assert client.post(READ, {"notice": forged}).status_code == 404
    assert not NoticeRead.objects.exists()


def test_a_positions_notice_is_read_by_each_by_himself(client: StrictClient) -> None:
    ward = Unit.objects.get(code=WARD)
    Membership.objects.filter(user=person_make("other_clerk")).update(unit=ward)
    tell_position("a")
    sign_in(client, "clerk").post(READ, {"all": "1"})
    assert count(client) == ""
    assert count(sign_in(client, "other_clerk")) == "1"


def test_a_notice_follows_the_position_not_the_person(client: StrictClient) -> None:
    ward = Unit.objects.get(code=WARD)
    tell_position("a")
    assert count(sign_in(client, "clerk")) == "1"
    assert count(sign_in(client, "chair")) == ""
    Membership.objects.filter(user=person_make("clerk")).update(valid_to=dt.date(2026, 11, 29))
    Membership.objects.filter(user=person_make("other_clerk")).update(unit=ward)
    assert count(sign_in(client, "clerk")) == ""
    assert count(sign_in(client, "other_clerk")) == "1"


def test_what_is_not_for_the_portal_is_not_shown(client: StrictClient) -> None:
    sign_in(client)
    outbox_write([NewMessage("c", "petition_news", address=address_seal("an@example.com"))])
    assert set(OutboxMessage.objects.values_list("channel", flat=True)) == {"email"}
    tell("old", at=now() - dt.timedelta(days=SHOWN_DAYS, minutes=1))
    assert count(client) == ""
    assert "Chưa có thông báo" in client.get(LIST).content.decode()


def test_pages_follow_each_other_without_loss(client: StrictClient) -> None:
    for number in range(65):
        tell(f"n{number:02}", at=now() - dt.timedelta(minutes=number // 3))
    sign_in(client)
    seen: list[str] = []
    path: str | None = LIST
    while path:
        page = client.get(path)
        seen += [line for row in page.context["notices"] for line in row.lines]
        path = LIST + page.context["next_href"] if page.context["next_href"] else None
    assert len(seen) == len(set(seen)) == 65
    assert client.get(f"{LIST}?cursor=forged").status_code == 400


def test_the_words_follow_the_readers_language(client: StrictClient) -> None:
    tell("a")
    sign_in(client).post("/ngon-ngu/", {"language": "en", "next": LIST})
    assert "A case was assigned to you" in client.get(LIST).content.decode()


def test_a_broken_notice_does_not_take_the_list_away(client: StrictClient) -> None:
    tell("a")
    for key, template, params in (
        ("date", "reminder", {"due_on": "soon"}),
        ("page", "directive_report", {"id": "no uuid"}),
    ):
        message = NewMessage(key, template, params, recipient_id=person_make("handler").pk)
        outbox_write([message])
    page = sign_in(client).get(LIST).content.decode()
    assert "HN-a" in page
    assert page.count('<h2 class="news__title">Thông tin mới trên Cổng tiếp công dân') == 2


def test_pages_pay_nothing_for_the_bell(client: StrictClient) -> None:
    """The count is asked for by a request of its own; that one costs one query of notices."""
    tell("a")
    sign_in(client)
    with CaptureQueriesContext(connection) as desk:
        page = client.get("/can-bo/").content.decode()
    assert f'data-bell="{UNREAD}"' in page
    assert not [query for query in desk if "outboxmessage" in query["sql"]]
    with CaptureQueriesContext(connection) as bell:
        client.get(UNREAD)
    assert sum("outboxmessage" in query["sql"] for query in bell) == 1
    assert len(bell) <= 5


def test_nobody_signed_in_has_no_bell(client: StrictClient) -> None:
    assert "data-bell" not in client.get("/").content.decode()
    assert client.get(UNREAD).status_code == 302


def test_the_counts_plan_uses_the_indexes_of_the_bell() -> None:
    """With many messages of others, a person's count reads no whole table."""
    person = person_make("clerk")
    ward = Unit.objects.get(code=WARD)
    rows = [
        NewMessage(f"k{number}", "citizen_wrote", unit_id=ward.pk, position="head")
        for number in range(3000)
    ]
    outbox_write([*rows, NewMessage("mine", "citizen_wrote", recipient_id=person.pk)])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE notifications_outboxmessage")
    with CaptureQueriesContext(connection) as caught:
        assert unread_count(access_make("clerk")) == 1
    sql = next(query["sql"] for query in caught if "outboxmessage" in query["sql"])
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {sql}")
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "outbox_app" in plan
    assert "Seq Scan on notifications_outboxmessage" not in plan
