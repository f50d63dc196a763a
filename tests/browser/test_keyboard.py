"""Without a mouse: the skip link, the way into filing and its first answers."""

import pytest
from playwright.sync_api import expect

from tests.browser.windows import TIMEOUT, Office, Window

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
STOPS = 40  # nobody tabs longer than this to what a page is for


def tab_to(window: Window, text: str, key: str = "Tab") -> None:
    """Tab until the focused element reads ``text``; every stop on the way must be visible."""
    for _ in range(STOPS):
        window.page.keyboard.press(key)
        focused = window.page.locator(":focus")
        expect(focused).to_be_in_viewport(timeout=TIMEOUT)
        if text in (focused.inner_text(), focused.get_attribute("id")):
            return
    raise AssertionError(f"{text} cannot be reached with {key}")


def enter(window: Window, path: str) -> None:
    """Press the focused element, which leads to ``path``."""
    window.page.keyboard.press("Enter")
    expect(window.page).to_have_url(window.origin + path, timeout=TIMEOUT)


def test_the_skip_link_is_the_first_stop_and_leads_to_the_content(office: Office) -> None:
    window = office.window().go("/")
    tab_to(window, "Đến nội dung chính")
    window.page.keyboard.press("Enter")
    expect(window.page.locator("main")).to_be_focused()
    window.page.keyboard.press("Tab")
    expect(window.page.locator("main :focus")).to_have_count(1)


def test_filing_begins_with_the_keyboard_alone(office: Office) -> None:
    window = office.window().go("/")
    tab_to(window, "Gửi đơn")
    enter(window, "/gui-don/")
    tab_to(window, "Bắt đầu")
    enter(window, "/gui-don/loai/")
    tab_to(window, "id_kind_0")
    for key in ("ArrowDown", "ArrowDown"):
        window.page.keyboard.press(key)
    expect(window.page.locator("#id_kind_2")).to_be_checked()
    tab_to(window, "Tiếp tục")
    enter(window, "/gui-don/noi-nhan/")
    tab_to(window, "unit-q")
    window.page.keyboard.type("ba dinh")
    enter(window, "/gui-don/noi-nhan/?q=ba+dinh")
    tab_to(window, "id_unit_0")
    window.page.keyboard.press("Space")
    tab_to(window, "Tiếp tục")
    enter(window, "/gui-don/linh-vuc/")


def test_an_error_is_reached_from_the_summary(office: Office) -> None:
    window = office.window().go("/tra-cuu/")
    tab_to(window, "Xem đơn")
    window.page.keyboard.press("Enter")
    window.sees("Xin kiểm tra lại")
    window.page.locator("#error-summary a").first.focus()
    window.page.keyboard.press("Enter")
    expect(window.page.locator("#id_code")).to_be_focused()
