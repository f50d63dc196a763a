"""Leaving quickly in a real browser: going back shows nothing, nothing is stored."""

from collections.abc import Callable
from contextlib import suppress

import pytest
from django.test import override_settings
from playwright.sync_api import Error, expect

from tests.browser.test_keyboard import tab_to
from tests.browser.windows import TIMEOUT, Office, Window
from tests.people import WARD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
AWAY = "/lich-tiep-dan/"
SECRET_WORDS = "Nhận phong bì ở số 9"
PAPER = {
    "full_name": "Trần Văn Giả Định",
    "address": "Số 7, ngõ 3, phố Tưởng Tượng",
    "phone": "0912345678",
    "unit": WARD,
    "name": "Ông Đặng Văn Thử",
    "about_unit": "00025",
    "subject": SECRET_WORDS,
    "content": "Ngày 02/11/2026 tại số 9.",
}


def write(citizen: Window) -> Window:
    """A denunciation as far as its text, with the text kept."""
    citizen.go("/gui-don/loai/")
    citizen.page.locator("[name=kind][value=denunciation]").check()
    citizen.press("Tiếp tục").press("Tôi đã đọc, tiếp tục")
    citizen.fill(unit=WARD).press("Tiếp tục")
    citizen.page.locator("[name=field]").first.check()
    citizen.press("Tiếp tục").fill(subject=SECRET_WORDS, content="Ngày 02/11.").press("Tiếp tục")
    return citizen.go("/gui-don/noi-dung/")


def go_back(citizen: Window) -> None:
    """Back; where the browser would have to send a form again, it shows its own page instead
    (that sending it brings nothing back is held by ``tests/petitions/test_leaving.py``)."""
    with suppress(Error):
        citizen.page.go_back(wait_until="load")
    citizen.page.wait_for_timeout(200)


def cookies(citizen: Window) -> dict[str, str]:
    return {str(one.get("name")): str(one.get("value")) for one in citizen.page.context.cookies()}


def leave_by(citizen: Window, leave: Callable[[], None]) -> None:
    """On the neutral page nothing of before is stored, nor shown by going back as far as it goes.

    The neutral page gives every visitor a fresh token for its forms.
    """
    before = cookies(citizen)
    leave()
    expect(citizen.page).to_have_url(citizen.origin + AWAY, timeout=TIMEOUT)
    after = cookies(citizen)
    assert set(after) <= {"csrftoken"}
    assert set(after.items()).isdisjoint(before.items())
    for _turn in range(4):
        go_back(citizen)
        assert SECRET_WORDS not in citizen.page.content()
        assert "tố cáo" not in citizen.page.title().lower()
    stored = "[localStorage.length, sessionStorage.length]"
    citizen.go(AWAY)
    assert citizen.page.evaluate(stored) == [0, 0]


@pytest.mark.parametrize("script", [True, False])
def test_a_page_with_mistakes_is_not_sent_again(office: Office, script: bool) -> None:
    citizen = write(office.citizen(script=script))
    citizen.fill(content="").press("Tiếp tục").sees("Xin kiểm tra lại")
    citizen.page.get_by_role("link", name="Quay lại").first.click()
    leave_by(citizen, citizen.page.get_by_role("link", name="Rời trang nhanh").click)


@pytest.mark.parametrize("script", [True, False])
def test_one_click_leaves_nothing_behind(office: Office, script: bool) -> None:
    citizen = write(office.citizen(script=script))
    expect(citizen.page.locator("[name=subject]")).to_have_value(SECRET_WORDS)
    leave_by(citizen, citizen.page.get_by_role("link", name="Rời trang nhanh").click)


def test_escape_three_times_does_the_same(office: Office) -> None:
    citizen = write(office.citizen(script=True))
    citizen.page.evaluate("localStorage.setItem('x', '1')")
    citizen.page.keyboard.press("Escape")
    citizen.page.keyboard.press("Escape")
    expect(citizen.page).to_have_url(citizen.origin + "/gui-don/noi-dung/")
    leave_by(citizen, lambda: citizen.page.keyboard.press("Escape"))


def test_the_exit_is_reached_with_the_keyboard_and_seen(office: Office) -> None:
    citizen = write(office.citizen(script=True))
    citizen.page.reload()
    tab_to(citizen, "Rời trang nhanh")
    ring = "getComputedStyle(document.activeElement).outlineWidth"
    assert citizen.page.evaluate(ring) == "3px"
    citizen.page.keyboard.press("Enter")
    expect(citizen.page).to_have_url(citizen.origin + AWAY, timeout=TIMEOUT)


def test_switched_off_the_letter_is_printed_and_gone(office: Office) -> None:
    with override_settings(DENUNCIATION_MODE="off"):
        citizen = office.citizen().go("/gui-don/loai/")
        citizen.page.locator("[name=kind][value=denunciation]").check()
        citizen.press("Tiếp tục").title_is("Tố cáo được nhận bằng đơn giấy hoặc trực tiếp").fits()
        citizen.fill(**PAPER).press("Xem đơn để in").title_is("ĐƠN TỐ CÁO").fits()
        citizen.sees(SECRET_WORDS, PAPER["full_name"])
        citizen.page.emulate_media(media="print")
        expect(citizen.page.get_by_role("link", name="Rời trang nhanh")).to_be_hidden()
        expect(citizen.page.locator(".letter__sign")).to_be_visible()
        citizen.page.emulate_media(media="screen")
        citizen.press("Sửa nội dung")
        expect(citizen.page.locator("[name=subject]")).to_have_value(SECRET_WORDS)
        leave_by(citizen, citizen.page.get_by_role("link", name="Rời trang nhanh").click)


def test_as_information_it_is_said_and_the_letter_lies_ready(office: Office) -> None:
    citizen = write(office.citizen()).press("Tiếp tục")
    citizen.fill(name="Ông Đặng Văn Thử", unit="00025").press("Tiếp tục")
    citizen.fill(full_name="Trần Văn Giả Định", address="Số 7, phố Tưởng Tượng").press("Tiếp tục")
    citizen.press("Tiếp tục").sees("chưa phải là đơn tố cáo").fits().press("Gửi đơn")
    citizen.sees("thông tin có nội dung tố cáo", "bảy ngày làm việc").fits()
    citizen.follow("In đơn để ký").sees("ĐƠN TỐ CÁO", SECRET_WORDS)
