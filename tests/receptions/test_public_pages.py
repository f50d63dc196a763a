"""The public calendar, registration and looking it up: HTTP in, HTML and state out."""

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.test import Client, override_settings

from common.time import local_moment
from receptions.models import Registration
from receptions.services.sessions import session_cancel
from tests.receptions.cast import DAY, NOW, SECRET_WORDS, register, secretary, session_public

pytestmark = pytest.mark.django_db
LIST = "/lich-tiep-dan/"
LOOKUP = "/lich-tiep-dan/dang-ky/"
FORM = {
    "key": "k" * 32,
    "full_name": "Nguyễn Thị Ví Dụ",
    "identity_number": "001088000001",
    "phone": "0912000001",
    "topic": "Hỏi về tiến độ cấp giấy chứng nhận.",
    "people": "2",
    "petition_code": "",
    "petition_secret": "",
}


@pytest.fixture(autouse=True)
def _monday() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def text(answer: Any) -> str:
    return str(answer.content.decode())


def send(client: Client, session: Any, **changes: str) -> Any:
    return client.post(f"{LIST}{session.public_id}/dang-ky/", {**FORM, **changes})


def test_the_calendar_is_empty_and_says_what_to_do(client: Client) -> None:
    assert "Chưa có buổi tiếp nào được công bố" in text(client.get(LIST))


def test_the_calendar_counts_by_day_and_lists(client: Client) -> None:
    session_public()
    page = text(client.get(LIST + "?month=2026-12"))
    assert "1 buổi" in page
    assert "còn 3 chỗ" in page
    assert "Cán bộ secretary" in page
    assert "date=2026-12-10#list" in page


def test_the_calendar_of_a_unit(client: Client) -> None:
    session = session_public()
    page = text(client.get(LIST + "?unit=00004&month=2026-12"))
    assert page.count(f"/lich-tiep-dan/{session.public_id}/") == 2
    assert "Tất cả lãnh đạo" in page
    assert "còn 3 chỗ" not in text(client.get(LIST + "?unit=00008&month=2026-12"))
    assert "còn 3 chỗ" not in text(client.get(LIST + "?date=2026-12-11"))
    assert "còn 3 chỗ" in text(client.get(LIST + "?unit=00004&leader=Cán bộ secretary"))


@pytest.mark.parametrize(
    "query",
    [
        "unit=nothing",
        "date=2026-02-31",
        "month=x",
        "date=0001-01-01",
        "leader=%00",
        "month=9999-12",
    ],
)
def test_a_wrong_filter_does_not_break_the_calendar(client: Client, query: str) -> None:
    assert client.get(f"{LIST}?{query}").status_code == 200


def test_few_queries_however_many_sessions(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    for days in range(8):
        session_public(day=DAY + dt.timedelta(days=days))
    client.get(LIST)
    with django_assert_max_num_queries(5):
        client.get(LIST + "?month=2026-12")
    with django_assert_max_num_queries(6):
        client.get(LIST + "?unit=00004&month=2026-12")


def test_a_citizen_registers_and_gets_number_code_and_secret(client: Client) -> None:
    session = session_public()
    page = text(client.get(f"{LIST}{session.public_id}/"))
    assert "csrfmiddlewaretoken" in page
    answer = send(client, session)
    assert (answer.status_code, answer["Location"]) == (302, "/lich-tiep-dan/dang-ky/xong/")
    page = text(client.get(answer["Location"]))
    row = Registration.objects.get()
    assert row.code in page
    secret = re.findall(r'big-code">([0-9A-Z-]{30})<', page)[0]
    assert row.people == 2
    # A double click or a reload of the form is the same registration.
    send(client, session)
    assert Registration.objects.count() == 1
    # Looking up, wrong and right; the secret is typed, never in an address.
    wrong = client.post(LOOKUP, {"code": row.code, "secret": "sai"})
    assert wrong.status_code == 422
    assert "Không có đăng ký nào khớp" in text(wrong)
    found = text(client.post(LOOKUP, {"code": row.code, "secret": secret}))
    assert "Hủy đăng ký của tôi" in found
    own = {"code": row.code, "secret": secret}
    asked = text(client.post(LOOKUP, own | {"cancel": "1"}))
    assert "Hủy đăng ký này?" in asked
    row.refresh_from_db()
    assert row.status == "registered"
    assert "Hủy đăng ký của tôi" in text(client.post(LOOKUP, own))
    gone = text(client.post(LOOKUP, own | {"sure": "1"}))
    assert "Đã hủy" in gone
    assert f"/lich-tiep-dan/{session.public_id}/giu-cho/" in gone
    row.refresh_from_db()
    assert row.status == "cancelled"
    # It is undone by registering again; nothing is left to be cancelled of the old one.
    assert "Hủy đăng ký này?" not in text(client.post(LOOKUP, own | {"cancel": "1"}))
    send(client, session, key="m" * 32)
    assert list(Registration.objects.values_list("status", flat=True)) == [
        "cancelled",
        "registered",
    ]


def test_the_confirmation_belongs_to_the_browser_that_registered(client: Client) -> None:
    send(client, session_public())
    answer = Client().get("/lich-tiep-dan/dang-ky/xong/")
    assert (answer.status_code, answer["Location"]) == (302, LOOKUP)


def test_the_confirmation_ends_with_the_browser_or_when_left(client: Client) -> None:
    send(client, session_public())
    assert client.cookies["sessionid"]["max-age"] == ""
    done = "/lich-tiep-dan/dang-ky/xong/"
    assert 'class="link-button"' in text(client.get(done))
    assert client.post(done)["Location"] == LIST
    assert client.get(done)["Location"] == LOOKUP


def test_nothing_typed_is_lost_on_an_error(client: Client) -> None:
    session = session_public()
    answer = send(client, session, identity_number="0010880000012", people="0")
    page = text(answer)
    assert answer.status_code == 422
    assert "12 chữ số" in page
    assert 'href="#id_identity_number"' in page
    for kept in ("Nguyễn Thị Ví Dụ", "0010880000012", "Hỏi về tiến độ"):
        assert kept in page
    assert 'value="kkkk' in page
    assert not Registration.objects.exists()


def test_a_wrong_petition_is_said_beside_its_field(client: Client) -> None:
    session = session_public()
    page = text(send(client, session, petition_code="HN-1", petition_secret="x"))
    assert "Không có đơn nào khớp" in page
    page = text(send(client, session, petition_code="HN-1"))
    assert "Cần nhập cả mã" in page


def test_a_full_session_offers_the_waiting_list(client: Client) -> None:
    session = session_public(capacity=1)
    register(session, 7)
    page = text(client.get(f"{LIST}{session.public_id}/"))
    assert "Buổi tiếp này đã hết chỗ" in page
    page = text(send(client, session))
    assert "Buổi tiếp đã hết chỗ. Đánh dấu ô này để được ghi vào danh" in page
    assert send(client, session, waiting_list="on").status_code == 302
    assert "danh sách chờ" in text(client.get("/lich-tiep-dan/dang-ky/xong/"))


def test_a_called_off_session_stays_with_its_reason(client: Client) -> None:
    session = session_public()
    session_cancel(
        access=secretary(),
        public_id=session.public_id,
        version=session.version,
        reason="Lãnh đạo đi công tác",
    )
    page = text(client.get(f"{LIST}{session.public_id}/"))
    assert "Lãnh đạo đi công tác" in page
    assert '<form method="post" action="/lich-tiep-dan/' not in page
    assert "Đã hủy" in text(client.get(LIST + "?month=2026-12"))
    assert "STATUS:CANCELLED" in text(client.get(f"{LIST}{session.public_id}.ics"))


def test_a_session_that_has_begun_is_closed(client: Client) -> None:
    session = session_public()
    with time_machine.travel(local_moment(DAY, 9), tick=False):
        assert "đã đóng đăng ký" in text(client.get(f"{LIST}{session.public_id}/"))
        assert "đã đóng đăng ký" in text(send(client, session))


def test_a_draft_is_not_public(client: Client) -> None:
    from tests.receptions.cast import session_draft

    draft = session_draft()
    for path in (f"{LIST}{draft.public_id}/", f"{LIST}{draft.public_id}.ics"):
        assert client.get(path).status_code == 404
    assert send(client, draft).status_code == 404


def test_calendar_files(client: Client) -> None:
    from icalendar import Calendar

    session = session_public()
    for path in (f"{LIST}{session.public_id}.ics", LIST + "lich.ics", LIST + "lich.ics?unit=00004"):
        answer = client.get(path)
        assert answer["Content-Type"].startswith("text/calendar")
        (event,) = Calendar.from_ical(answer.content).walk("VEVENT")
        assert event["UID"] == f"{session.public_id}@testserver"
        assert event.decoded("DTSTART") == session.starts_at
        assert str(session.public_id) in str(event["URL"])
    empty = client.get(LIST + "lich.ics?unit=00008")
    assert not Calendar.from_ical(empty.content).walk("VEVENT")
    assert client.get(LIST + "lich.ics?unit=nothing").status_code == 404


@override_settings(RATE_LIMITS=True)
def test_too_many_requests_get_a_clear_page(client: Client) -> None:
    session = session_public()
    answers = [send(client, session, full_name="") for _ in range(21)]
    assert answers[-1].status_code == 429
    assert int(answers[-1]["Retry-After"]) > 0


def test_names_are_in_no_public_page(client: Client) -> None:
    session = session_public()
    send(client, session)
    for path in (LIST, f"{LIST}{session.public_id}/", LIST + "lich.ics"):
        page = text(Client().get(path))
        for word in SECRET_WORDS:
            assert word not in page
