"""Registering on a small phone without JavaScript, and the officer's queue."""

import datetime as dt
from typing import Any

import pytest

from common.time import local_moment
from receptions.models import Registration
from tests.browser.windows import Office, Window
from tests.people import person_make
from tests.receptions.cast import digits_sent, register, session_public

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WHO = {
    "full_name": "Nguyễn Thị Ví Dụ",
    "identity_number": "001088000001",
    "phone": "0912000001",
    "topic": "Hỏi về tiến độ cấp giấy chứng nhận.",
}


@pytest.fixture(autouse=True)
def _morning(time_machine: Any) -> None:
    time_machine.move_to(local_moment(dt.date(2026, 11, 30), 9), tick=True)


def begin(office: Office, path: str) -> Window:
    return office.citizen().go(path).press("Đăng ký").sees("Chỗ của ông/bà được giữ đến").fits()


def test_from_the_kept_place_to_a_changed_registration(office: Office) -> None:
    session = session_public(capacity=2)
    citizen = begin(office, f"/lich-tiep-dan/{session.public_id}/")
    citizen.fill(**WHO, people="6", email="ten@example.com").press("Đăng ký")
    citizen.sees("Ghi tên người đại diện", WHO["topic"]).fits()
    citizen.fill(representatives="Trần Thị Đại Diện").press("Giữ chỗ thêm 15 phút")
    citizen.sees("Chỗ đã được giữ thêm một lần").fits().press("Đăng ký")
    citizen.title_is("Còn một bước: xác nhận").fits()
    citizen.fill(digits="12").press("Xác nhận").sees("Mã chưa đúng").fits()
    citizen.fill(digits=digits_sent()).press("Xác nhận")
    citizen.sees("Đăng ký của ông/bà đã được xác nhận").fits()
    citizen.press("Sửa đăng ký của tôi").title_is("Sửa đăng ký của tôi").fits()
    citizen.fill(topic="Việc khác").press("Lưu thay đổi").sees("Đã sửa đăng ký").fits()
    row = Registration.objects.get()
    assert (row.topic, row.status, row.people) == ("Việc khác", "registered", 6)
    citizen.press("Hủy đăng ký của tôi").sees("Hủy đăng ký này?").fits()
    citizen.press("Đồng ý hủy đăng ký").sees("Đã hủy", "Đăng ký lại").fits()


def test_leaving_the_form_gives_the_place_back(office: Office) -> None:
    session = session_public(capacity=1)
    path = f"/lich-tiep-dan/{session.public_id}/"
    citizen = begin(office, path)
    office.citizen().go(path).sees("Buổi tiếp này đã hết chỗ").fits()
    citizen.press("Rời khỏi và trả chỗ").sees("Chỗ đã được trả lại cho người khác")
    office.citizen().go(path).sees("còn 1 chỗ")


def test_the_queue_for_an_officer(office: Office) -> None:
    person_make("clerk")
    session = session_public(capacity=2)
    register(session, 1, people=6)
    register(session, 2)
    clerk = office.sign_in("clerk")
    clerk.go(f"/can-bo/tiep-dan/{session.public_id}/").follow(
        "Danh sách đăng ký, gọi báo và sửa đổi"
    )
    clerk.sees("Theo thứ tự tiếp").fits().follow("Người dân số 2").sees(
        "Không đọc thông tin"
    ).fits()
    clerk.page.get_by_label("Đông người về một nội dung").check()
    clerk.page.get_by_label("Lý do", exact=True).fill("Đoàn đông người")
    clerk.press("Quyết định thứ tự").sees("được ưu tiên tiếp trước").fits()
    assert Registration.objects.get(queue_number=2).priority == ["mass"]
