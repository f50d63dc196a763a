"""The desk of the day, the screen of the hall, refusing and papers, as pages."""

import datetime as dt
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
import time_machine
from django.test import Client

from accounts.models import User
from common.time import local_moment
from receptions.models import (
    ReceptionSession,
    Refusal,
    Registration,
    VisitPaper,
    VisitRecord,
)
from receptions.moves import Move
from receptions.selectors_day import screen_token
from tests.people import Story
from tests.receptions.cast import DAY, VISITOR, register, session_public
from tests.receptions.cast_day import MORNING, call_next, day_with, move, refuse, row_of

pytestmark = pytest.mark.django_db
DESK = "/can-bo/tiep-dan/"


@pytest.fixture(autouse=True)
def _on_the_day() -> Iterator[None]:
    with time_machine.travel(MORNING, tick=False):
        yield


@pytest.fixture
def sign_in(client: Client, person: Callable[[str], User]) -> Callable[[str], Client]:
    def make(name: str) -> Client:
        client.force_login(person(name))
        return client

    return make


SignIn = Callable[[str], Client]


def text(answer: Any) -> str:
    return str(answer.content.decode())


def desk(session: ReceptionSession) -> str:
    return f"{DESK}{session.public_id}/hom-nay/"


def key_of(page: str) -> str:
    found = re.search(r'name="key" value="([0-9a-f]+)"', page)
    assert found
    return found[1]


def test_enter_calls_the_next_number_and_a_double_click_calls_once(sign_in: SignIn) -> None:
    session = day_with(3)
    client = sign_in("clerk")
    page = text(client.get(desk(session)))
    assert "Tiếp theo: số 1" in page
    assert re.search(r"<button[^>]+autofocus[^>]*>Gọi số tiếp theo", page)
    form = {"key": key_of(page)}
    for _time in range(2):
        assert client.post(desk(session) + "goi-tiep/", form).status_code == 302
    assert Registration.objects.filter(status="called").count() == 1
    page = text(client.get(desk(session)))
    assert "Đã gọi số 1." in page
    assert "Tiếp theo: số 2" in page
    assert key_of(page) != form["key"]


def test_nobody_left_to_call_is_said(sign_in: SignIn) -> None:
    session = day_with(1)
    client = sign_in("clerk")
    page = text(client.get(desk(session)))
    call_next(session)
    answer = client.post(desk(session) + "goi-tiep/", {"key": key_of(page)})
    assert answer.status_code == 409
    assert "Không còn ai chờ." in text(answer)


def test_steps_are_taken_and_old_pages_are_told(sign_in: SignIn) -> None:
    session = day_with(2)
    client = sign_in("clerk")
    path = f"{desk(session)}{row_of(session, 2).code}/"
    assert client.post(path, {"version": 1, "move": "arrive"}).status_code == 302
    assert "Đã có mặt" in text(client.get(desk(session)))
    stale = client.post(path, {"version": 1, "move": "park"})
    assert stale.status_code == 409
    assert "đã được người khác thay đổi" in text(stale)
    assert client.post(path, {"version": 2, "move": "call"}).status_code == 302
    again = client.post(path, {"version": 2, "move": "call"})
    assert again.status_code == 409
    assert "đã được gọi lúc 08:30" in text(again)
    assert client.post(path, {"version": 3, "move": "dance"}).status_code == 404


def test_before_the_day_there_is_nothing_to_press(sign_in: SignIn) -> None:
    session = day_with(1)
    with time_machine.travel(MORNING - dt.timedelta(days=1), tick=False):
        page = text(sign_in("clerk").get(desk(session)))
    assert "Chưa đến ngày tiếp" in page
    assert "Gọi số tiếp theo" not in page
    assert 'name="move"' not in page


def test_afterwards_it_says_that_the_date_is_kept(sign_in: SignIn) -> None:
    session = day_with(1)
    with time_machine.travel(MORNING + dt.timedelta(days=1), tick=False):
        page = text(sign_in("clerk").get(desk(session)))
    assert "Đã qua ngày tiếp" in page
    assert "man-hinh" not in page


def test_the_desk_belongs_to_who_receives(sign_in: SignIn) -> None:
    session = day_with(1)
    for who, status in (("front", 403), ("city_chair", 403), ("other_clerk", 404)):
        assert sign_in(who).get(desk(session)).status_code == status


def test_a_linked_denunciation_shows_nowhere_on_the_desk(
    sign_in: SignIn, story: Callable[..., Story]
) -> None:
    session, tale = session_public(), story(kind="denunciation")
    register(session, 1, petition=(tale.filed.code, tale.filed.secret))
    Registration.objects.update(priority=["prolonged"], is_online=True)
    ReceptionSession.objects.update(mode="both")
    linked = text(sign_in("clerk").get(desk(session)))
    # What officers set themselves stands there as for anybody.
    Registration.objects.update(case=None)
    plain = text(sign_in("clerk").get(desk(session)))
    for word in ("kéo dài", "trực tuyến", "trực tiếp tại nơi tiếp"):
        assert linked.lower().count(word) == plain.lower().count(word)
    assert tale.case.code not in linked


def screen_path(session: ReceptionSession) -> str:
    return f"/lich-tiep-dan/man-hinh/{screen_token(session)}/"


def test_the_screen_shows_numbers_only_and_needs_no_sign_in(sign_in: SignIn) -> None:
    session = session_public(capacity=9)
    for number in range(1, 10):
        register(session, number, visitor=replace(VISITOR, identity_number=f"0010880{number:05d}"))
    for minute in range(2):
        call_next(session, at=MORNING + dt.timedelta(minutes=minute))
    move(session, 3, Move.PARK)
    answer = Client().get(screen_path(session))
    page = text(answer)
    shown = re.sub(r"<[^>]+>", " ", page[page.index("<body") :])
    assert re.findall(r"(?<![:\d])\d+(?![:\d])", shown[: shown.index("Cập nhật")]) == [
        "2", "1", "4", "5", "6", "7", "8", "9", "3",
    ]  # fmt: skip
    for words in (VISITOR.full_name, VISITOR.phone, "tiến độ", "TD-"):
        assert words not in page
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert "no-store" in answer["Cache-Control"]
    assert not answer.cookies
    assert '<noscript><meta http-equiv="refresh" content="10"></noscript>' in page


def test_the_address_of_the_screen_cannot_be_guessed_and_ends_with_the_day(
    sign_in: SignIn,
) -> None:
    session = day_with(1)
    other = session_public("chair", duty_holder="people_committee_chair")
    assert screen_token(session) != screen_token(other)
    assert len(screen_token(session)) >= 22
    for wrong in ("1", "A" * 24, screen_token(session)[:-2] + "AA", "%00"):
        assert Client().get(f"/lich-tiep-dan/man-hinh/{wrong}/").status_code == 404
    with time_machine.travel(MORNING - dt.timedelta(days=1), tick=False):
        page = text(Client().get(screen_path(session)))
        assert "Buổi tiếp bắt đầu ngày 10/12/2026 lúc 08:00." in page
    with time_machine.travel(MORNING + dt.timedelta(days=1), tick=False):
        assert Client().get(screen_path(session)).status_code == 404
    answer = sign_in("front").get(f"{DESK}{session.public_id}/man-hinh/")
    assert answer["Location"] == screen_path(session)
    assert sign_in("other_clerk").get(f"{DESK}{session.public_id}/man-hinh/").status_code == 404


def test_a_refusal_from_the_ground_to_the_paper(sign_in: SignIn) -> None:
    session = day_with(1)
    client, path = sign_in("clerk"), f"{desk(session)}{row_of(session, 1).code}/tu-choi/"
    page = text(client.get(path))
    assert page.count('name="ground"') == 13
    assert page.count("chưa được đối chiếu với nghị định") == 0
    assert page.count("03 ngày làm việc") == 2
    form = {"version": 1, "ground": "settled", "explanation": ""}
    assert client.post(path, form).status_code == 422
    assert client.post(path, form | {"explanation": "Đã giải thích."}).status_code == 302
    page = text(client.get(path))
    assert "chậm nhất ngày 15/12/2026" in page
    assert "Điều 4 Nghị định 154/2026" in page
    assert "Thông báo từ chối còn phải gửi" in text(client.get(desk(session)))
    send = {"step": "send", "version": 2, "number": "12/TB", "sent_on": "2026-12-10"}
    refused = client.post(path, send)
    assert refused.status_code == 422
    assert "Mẫu 01/TCD yêu cầu địa chỉ" in text(refused)
    prepare = {"step": "prepare", "version": 2, "address": "Số 5"}
    assert client.post(path, prepare).status_code == 302
    assert 'value="Số 5"' in text(client.get(path))
    pdf = client.get(path + "mau-01.pdf")
    assert pdf["Content-Type"] == "application/pdf"
    assert pdf.content.startswith(b"%PDF-")
    refused = client.post(path, send | {"version": 3})
    assert (refused.status_code, Refusal.objects.get().sent_on) == (422, None)
    why = {"version": 3, "particulars_missing": "Người đến không xuất trình"}
    assert client.post(path, prepare | why).status_code == 302
    assert client.post(path, send | {"version": 4}).status_code == 302
    assert Refusal.objects.get().sent_on == DAY
    page = text(client.get(path))
    assert "Hủy từ chối" not in page
    assert "còn phải gửi" not in text(client.get(desk(session)))


def test_a_refusal_is_taken_back_on_its_page(sign_in: SignIn) -> None:
    session = day_with(1)
    row = refuse(session, 1, "disorder")
    client, path = sign_in("clerk"), f"{desk(session)}{row.code}/tu-choi/"
    assert client.get(path + "mau-01.pdf").status_code == 404
    assert client.post(path, {"step": "undo", "version": 1}).status_code == 422
    answer = client.post(path, {"step": "undo", "version": row.version})
    assert answer["Location"] == desk(session)
    assert not Refusal.objects.exists()


def test_papers_are_listed_printed_and_closed(sign_in: SignIn) -> None:
    session = day_with(1)
    client, row = sign_in("clerk"), row_of(session, 1)
    path = f"{desk(session)}{row.code}/tai-lieu/"
    assert client.get(path + "mau-02.pdf").status_code == 404
    line = {"name": "Đơn khiếu nại", "pages": "3", "condition": "original"}
    assert client.post(path, line | {"pages": "0"}).status_code == 422
    for _time in range(2):
        assert client.post(path, line).status_code == 302
    assert client.post(f"{path}2/bo/").status_code == 302
    assert client.post(f"{path}2/bo/").status_code == 404
    assert VisitPaper.objects.count() == 1
    assert client.get(path + "mau-02.pdf").content.startswith(b"%PDF-")
    move(session, 1, Move.NO_SHOW)
    assert "giữ nguyên như đã ký" in text(client.post(f"{path}1/bo/", follow=True))
    assert 'name="pages"' not in text(client.get(path))


RECORD = {
    "attendance": "received",
    "people": "2",
    "content": "Hỏi thủ tục",
    "said": "Công dân hỏi thủ tục.",
    "kind": "recommendation",
    "is_competent": "yes",
    "outcome": "forwarded",
    "sent_to": "00008",
    "paper_number": "7/UBND",
    "responsible_unit": "00004",
    "due_on": "2026-12-24",
    "began": "08:10",
    "ended": "08:30",
    "version": "0",
}


def test_the_record_takes_the_registers_fields_and_corrections(sign_in: SignIn) -> None:
    session = day_with(1)
    call_next(session)
    client, code = sign_in("clerk"), row_of(session, 1).code
    path = f"{DESK}{session.public_id}/dang-ky/{code}/"
    page = text(client.get(path))
    assert 'value="08:30"' in page
    assert "Hỏi về tiến độ cấp giấy chứng nhận.</textarea>" in page
    missing = client.post(path, RECORD | {"sent_to": ""})
    assert "Ghi cơ quan được chuyển đến." in text(missing)
    wrong = client.post(path, RECORD | {"ended": "08:00"})
    assert "Giờ kết thúc trước giờ bắt đầu." in text(wrong)
    assert client.post(path, RECORD)["Location"] == desk(session)
    visit = VisitRecord.objects.get()
    assert (visit.kind, visit.people, visit.is_competent) == ("recommendation", 2, True)
    assert visit.sent_to is not None
    # Nobody gets a task from what was only sent on
    assert (visit.responsible_unit, visit.due_on) == (None, None)
    assert (visit.sent_to.code, visit.began_at) == ("00008", local_moment(DAY, 8, 10))
    page = text(client.get(path))
    assert "Số thứ tự 1 trong sổ tiếp công dân năm 2026" in page
    stale = client.post(path, RECORD)
    assert "đã được người khác ghi kết quả" in text(stale)
    assert 'name="version" value="1"' in text(stale)
    corrected = RECORD | {"version": "1", "outcome": "answered", "said": "Đã trả lời."}
    assert client.post(path, corrected).status_code == 302
    fresh = VisitRecord.objects.get()
    assert (fresh.version, fresh.sent_to, fresh.paper_number) == (2, None, "")
    page = text(client.get(path))
    assert "Các bản ghi trước" in page
    assert "Công dân hỏi thủ tục." in page


def test_the_checklist_of_an_online_session(sign_in: SignIn) -> None:
    session = day_with(1)
    path = f"{DESK}{session.public_id}/"
    client = sign_in("clerk")
    assert "truc-tuyen" not in text(client.get(path))
    ReceptionSession.objects.update(mode="online")
    page = text(client.get(path))
    assert "trước ngày tiếp 5 ngày làm việc" in page
    assert page.count("truc-tuyen/") == 4
    form = {"step": "connected", "note": "Hai điểm cầu"}
    assert "Hai điểm cầu" in text(client.post(path + "truc-tuyen/", form, follow=True))
    assert "đã được ghi nhận" in text(client.post(path + "truc-tuyen/", form, follow=True))
    assert sign_in("front").post(path + "truc-tuyen/", form).status_code == 403
    assert text(client.get(path)).count('name="step"') == 0


def test_queries_do_not_grow_with_the_queue(
    sign_in: SignIn, django_assert_max_num_queries: Any
) -> None:
    session = day_with(12)
    for number in range(1, 5):
        refuse(session, number)
    call_next(session)
    client = sign_in("clerk")
    client.get(desk(session))
    with django_assert_max_num_queries(14):
        client.get(desk(session))
    with django_assert_max_num_queries(3):
        Client().get(screen_path(session))
