"""Registering by pages: the kept place, the form, the digits, changing. HTTP in, HTML out."""

import datetime as dt
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from django.test import Client, override_settings

from common.time import local_moment
from petitions.models import Letter
from receptions.models import PlaceHold, ReceptionSession, Registration
from receptions.selectors import person_open
from receptions.services.holds import hold_place
from tests.people import Story
from tests.petitions.public_walk import step, write
from tests.receptions.cast import (
    DAY,
    NOW,
    digits_sent,
    register,
    session_public,
    slotted,
    taken,
    with_mode,
)

pytestmark = pytest.mark.django_db
LIST, OWN = "/lich-tiep-dan/", "/lich-tiep-dan/dang-ky/"
DONE, CONFIRM, CHANGE = OWN + "xong/", OWN + "xac-nhan/", OWN + "doi/"
FORM = {
    "key": "k" * 32,
    "full_name": "Nguyễn Thị Ví Dụ",
    "identity_number": "001088000001",
    "phone": "0912000001",
    "topic": "Hỏi về tiến độ cấp giấy chứng nhận.",
    "people": "2",
}
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _monday() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def text(answer: Any) -> str:
    return str(answer.content.decode())


def path(session: ReceptionSession) -> str:
    return f"{LIST}{session.public_id}/dang-ky/"


def opened(client: Client, session: ReceptionSession) -> str:
    answer = client.post(f"{LIST}{session.public_id}/giu-cho/")
    assert answer["Location"] == path(session)
    return text(client.get(answer["Location"]))


def send(client: Client, session: ReceptionSession, **changes: Any) -> Any:
    return client.post(path(session), FORM | changes)


def secret_shown(client: Client) -> tuple[str, str]:
    page = text(client.get(DONE))
    secret = re.findall(r'big-code">([0-9A-Z-]{30})<', page)[0]
    return Registration.objects.latest("pk").code, secret


def test_opening_keeps_a_place_and_says_until_when(client: Client) -> None:
    session = session_public(capacity=2)
    assert "được giữ trong 15 phút" in text(client.get(f"{LIST}{session.public_id}/"))
    page = opened(client, session)
    assert "Chỗ của ông/bà được giữ đến 09:15" in page
    assert taken(session) == 1
    # Looking takes nothing: robots and previews follow links.
    for _ in range(3):
        Client().get(path(session))
    assert opened(client, session).count("09:15") == 1
    assert taken(session) == 1
    assert send(client, session).status_code == 302
    assert (taken(session), PlaceHold.objects.count()) == (1, 0)


def test_the_address_says_nothing_and_the_key_is_not_in_the_database(client: Client) -> None:
    session = session_public()
    opened(client, session)
    key = client.session["reception_hold"]
    assert key.encode() not in bytes(PlaceHold.objects.get().key_hmac)
    assert client.cookies["sessionid"]["max-age"] == ""


def test_keeping_it_longer_once_loses_nothing(client: Client) -> None:
    session = session_public()
    opened(client, session)
    typed = {"topic": "Đang viết dở", "needs": ["wheelchair"], "people": ""}
    with time_machine.travel(NOW + 10 * MINUTE, tick=False):
        page = text(send(client, session, renew="1", **typed))
        assert "được giữ đến 09:25" in page
        assert "Đang viết dở" in page
        assert re.search(r'value="wheelchair"[^>]*checked', page)
        assert "Giữ chỗ thêm" not in page
        assert "Chỉ được giữ chỗ thêm một lần" in text(send(client, session, renew="1", **typed))
    assert not Registration.objects.exists()


def test_leaving_gives_it_back(client: Client) -> None:
    session = session_public(capacity=1)
    opened(client, session)
    assert send(client, session, leave="1")["Location"] == f"{LIST}{session.public_id}/"
    assert taken(session) == 0


def test_without_the_cookie_everything_works(client: Client) -> None:
    session = session_public(capacity=1)
    assert Client().post(f"{LIST}{session.public_id}/giu-cho/").status_code == 302
    page = text(Client().get(path(session)))
    # The place is another browser's now; nobody is turned away without a word.
    assert "danh sách chờ" in page
    with time_machine.travel(NOW + 15 * MINUTE, tick=False):
        assert send(Client(), session).status_code == 302
    assert Registration.objects.get().status == "registered"


@override_settings(RATE_LIMITS=True)
def test_opening_in_a_loop_does_not_empty_the_session() -> None:
    session = session_public(capacity=40)
    for _ in range(30):
        assert Client().post(f"{LIST}{session.public_id}/giu-cho/").status_code == 302
    assert taken(session) == 12
    assert send(Client(), session).status_code == 302


def test_a_delegation_names_its_representatives(client: Client) -> None:
    session = session_public()
    page = text(send(client, session, people="6"))
    assert "Ghi tên người đại diện" in page
    page = text(send(client, session, people="6", representatives="Một\nHai\nBa"))
    assert "Không quá 2 người đại diện" in page
    assert "Một\nHai\nBa" in page
    assert send(client, session, people="6", representatives="Một\n\nHai ").status_code == 302
    assert person_open(Registration.objects.get())["representatives"] == ["Một", "Hai"]


def test_the_same_visitor_again_is_told_what_to_do(client: Client) -> None:
    session = session_public()
    send(client, session)
    page = text(send(client, session, key="z" * 32))
    assert "đã đăng ký buổi tiếp này" in page
    assert "Hỏi về tiến độ" in page


def test_turns_and_ways_are_offered_where_the_session_has_them(client: Client) -> None:
    session = slotted(capacity=3)
    register(session, 5)
    page = opened(client, session)
    assert ">08:30<" in page
    assert ">08:00<" not in page
    turn = (session.starts_at + 60 * MINUTE).isoformat()
    assert send(client, session, slot="nonsense").status_code == 422
    assert send(client, session, slot=turn).status_code == 302
    assert "09:00" in text(client.get(DONE))


def test_the_form_warns_who_reads_the_topic_which_may_be_left_empty(
    client: Client, story: Callable[..., Story]
) -> None:
    tale, session = story(kind="denunciation"), session_public()
    assert "để trống ô này" in opened(client, session)
    link = {"petition_code": tale.filed.code, "petition_secret": tale.filed.secret}
    assert send(client, session, topic="Bryxol", **link).status_code == 302
    made = Registration.objects.get()
    assert (made.topic, made.case) == ("", tale.case)
    secret = secret_shown(client)[1]
    own = text(client.post(CHANGE, {"code": made.code, "secret": secret}))
    assert "Bryxol" in own
    assert send(client, session, topic="", phone="0987654321", key="z" * 32).status_code == 302


def test_a_denouncer_is_not_received_online(client: Client, story: Callable[..., Story]) -> None:
    tale, session = story(kind="denunciation"), with_mode("both")
    link = {"petition_code": tale.filed.code, "petition_secret": tale.filed.secret}
    page = text(send(client, session, attend="online", **link))
    assert "Để bảo vệ ông/bà" in page
    assert send(client, session, attend="place", **link).status_code == 302


def test_the_petition_open_in_this_browser_is_linked_by_choice(
    client: Client, story: Callable[..., Story]
) -> None:
    tale, session = story(), session_public()
    assert "đơn đang mở" not in opened(client, session)
    client.post("/tra-cuu/", {"code": tale.filed.code, "secret": tale.filed.secret})
    page = text(client.get(path(session)))
    assert "đơn đang mở" in page
    assert tale.filed.code not in page
    send(client, session)
    assert Registration.objects.get().case is None
    send(client, session, key="z" * 32, phone="0987654321", opened="on")
    assert Registration.objects.latest("pk").case == tale.case
    # Another browser cannot claim it.
    send(Client(), session, key="y" * 32, phone="0987654322", opened="on")
    assert Registration.objects.latest("pk").case is None


def test_the_digits_confirm_by_page(client: Client) -> None:
    session = session_public()
    send(client, session, email="ten@example.com")
    page = text(client.get(DONE))
    assert "Còn một bước: xác nhận" in page
    assert "giữ đến 09:15" in page
    code, secret = secret_shown(client)
    own = {"code": code, "secret": secret}
    assert "Mã chưa đúng. Còn 4 lần nhập." in text(client.post(CONFIRM, own | {"digits": "12"}))
    assert "Mã mới đang được gửi" in text(client.post(CONFIRM, own | {"again": "1"}))
    page = text(client.post(CONFIRM, own | {"digits": digits_sent()}))
    assert "Đăng ký của ông/bà đã được xác nhận" in page
    assert Registration.objects.get().status == "registered"
    wrong = text(client.post(CONFIRM, {"code": code, "secret": "x", "digits": "123456"}))
    assert "Không có đăng ký nào khớp" in wrong
    assert client.get(CONFIRM)["Location"] == OWN


def test_changing_by_page(client: Client) -> None:
    session = session_public()
    send(client, session)
    code, secret = secret_shown(client)
    own = {"code": code, "secret": secret}
    page = text(client.post(CHANGE, own))
    assert "Hỏi về tiến độ cấp giấy chứng nhận." in page
    assert FORM["identity_number"] not in page
    changed = own | {"save": "1", "topic": "Việc khác", "people": "3", "version": "1"}
    assert "Sửa đăng ký của tôi" in text(client.post(CHANGE, changed | {"people": ""}))
    page = text(client.post(CHANGE, changed | {"version": "9"}))
    assert "đã được người khác sửa" in page
    assert "Việc khác" in page
    assert "Đã sửa đăng ký" in text(client.post(CHANGE, changed))
    row = Registration.objects.get()
    assert (row.topic, row.people) == ("Việc khác", 3)
    assert "Không có đăng ký nào khớp" in text(client.post(CHANGE, changed | {"secret": "x"}))
    assert client.get(CHANGE)["Location"] == OWN


def test_who_waits_sees_the_place_in_line(client: Client) -> None:
    session = session_public(capacity=1)
    register(session, 5)
    register(session, 6, waiting_list=True)
    send(client, session, waiting_list="on")
    assert "Thứ tự trong danh sách chờ: <strong>2</strong>" in text(client.get(DONE))
    code, secret = secret_shown(client)
    page = text(client.post(OWN, {"code": code, "secret": secret}))
    assert "<strong>2</strong>" in page


def test_a_closed_session_has_no_form(client: Client) -> None:
    session = session_public()
    with time_machine.travel(local_moment(DAY, 9), tick=False):
        assert client.get(path(session))["Location"] == f"{LIST}{session.public_id}/"
        assert client.post(f"{LIST}{session.public_id}/giu-cho/").status_code == 302


def filed_by_page(client: Client) -> None:
    write(client)
    assert client.post(step("kiem-tra"), {"confirm": "on"}).status_code == 302


def test_only_who_comes_online_sees_the_link_in_its_hour(client: Client) -> None:
    session, link = with_mode("both"), "https://hop.example.vn/phong-1"
    ReceptionSession.objects.filter(pk=session.pk).update(meeting_link=link)
    send(client, session, attend="place")
    assert link not in text(client.get(DONE))
    send(client, session, attend="online", phone="0987654321", key="z" * 32)
    assert link not in text(client.get(DONE))
    assert "Tham gia trực tuyến" in text(client.get(DONE))
    with time_machine.travel(session.starts_at - dt.timedelta(minutes=59), tick=False):
        assert link in text(client.get(DONE))
    assert link not in text(Client().get(f"{LIST}{session.public_id}/"))


def test_a_letter_just_sent_leads_back_to_the_form(client: Client) -> None:
    session = session_public()
    opened(client, session)
    filed_by_page(client)
    answer = client.post("/gui-don/tiep-dan/")
    assert answer["Location"] == path(session)
    assert "đơn đang mở" in text(client.get(path(session)))
    send(client, session, opened="on")
    assert Registration.objects.get().case == Letter.objects.get().case
    # Without a letter, or without a form to go back to.
    assert Client().post("/gui-don/tiep-dan/").status_code == 302
    other = Client()
    filed_by_page(other)
    assert other.post("/gui-don/tiep-dan/")["Location"] == LIST


def test_few_queries_for_the_form(client: Client, django_assert_max_num_queries: Any) -> None:
    session = slotted(capacity=5)
    hold_place(session_id=session.public_id, key="a", at=NOW)
    for number in range(4):
        register(session, number)
    client.get(path(session))
    with django_assert_max_num_queries(6):
        client.get(path(session))
