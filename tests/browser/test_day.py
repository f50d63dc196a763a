"""A day at the desk: calling with the keyboard, the screen of the hall, a refusal, a record."""

from typing import Any

import pytest
from playwright.sync_api import expect

from common.time import local_moment
from receptions.models import VisitRecord
from tests.browser.windows import TIMEOUT, Office
from tests.receptions.cast import DAY
from tests.receptions.cast_day import day_with

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_day_from_the_first_call_to_the_last_record(office: Office, time_machine: Any) -> None:
    session = day_with(3)
    time_machine.move_to(local_moment(DAY, 8, 30), tick=True)
    clerk = office.sign_in("clerk").go(f"/can-bo/tiep-dan/{session.public_id}/")
    clerk.follow("Bàn tiếp trong ngày").title_is("Bàn tiếp công dân ngày 10/12/2026")
    hall = office.window().go(str(clerk.page.get_by_text("Mở màn hình").get_attribute("href")))
    number = hall.page.locator(".hall__number")
    expect(number).to_have_text("–")

    button = clerk.page.get_by_role("button", name="Gọi số tiếp theo")
    expect(button).to_be_focused()
    clerk.page.keyboard.press("Enter")
    clerk.sees("Đã gọi số 1.", "Tiếp theo: số 2")
    # The screen follows by itself
    expect(number).to_have_text("1", timeout=TIMEOUT)

    clerk.press("Tạm lùi lượt 1").sees("Tạm lùi lượt (1)")
    clerk.page.keyboard.press("Enter")
    clerk.sees("Đã gọi số 2.")
    clerk.press("Không đến 2").sees("Số 2: Không đến.")
    clerk.press("Đã đến sau 2").press("Gọi 2").follow("Từ chối tiếp 2")
    clerk.choose(
        "Người có hành vi đe dọa, xúc phạm cơ quan, tổ chức, đơn vị, người tiếp công dân, người"
        " thi hành công vụ hoặc có hành vi khác vi phạm nội quy nơi tiếp công dân"
    )
    clerk.fill(explanation="Đã nhắc nhở hai lần.").press("Từ chối tiếp")
    clerk.sees("Đã nhắc nhở hai lần.").follow("Quay lại hàng chờ")

    clerk.press("Gọi số tiếp theo").sees("Đã gọi số 3.").follow("Ghi kết quả tiếp 3")
    task = clerk.page.locator(".record__task")
    expect(task).to_be_hidden()
    clerk.fill(said="Công dân hỏi thủ tục.", outcome="conclusion")
    expect(task).to_be_visible()
    clerk.fill(outcome="answered", conclusion="Đã giải thích.").press("Lưu kết quả")
    clerk.title_is("Bàn tiếp công dân").sees("Đã ghi kết quả")
    visit = VisitRecord.objects.get()
    assert (visit.registration.queue_number, visit.register_number) == (3, 1)
    expect(number).to_have_text("–", timeout=TIMEOUT)


def test_the_screen_refreshes_without_script(office: Office, time_machine: Any) -> None:
    session = day_with(1)
    time_machine.move_to(local_moment(DAY, 8, 30), tick=True)
    clerk = office.sign_in("clerk").go(f"/can-bo/tiep-dan/{session.public_id}/hom-nay/")
    path = str(clerk.page.get_by_text("Mở màn hình").get_attribute("href"))
    hall = office.window(java_script_enabled=False).go(path)
    clerk.press("Gọi số tiếp theo").sees("Đã gọi số 1.")
    expect(hall.page.locator(".hall__number")).to_have_text("1", timeout=TIMEOUT)
