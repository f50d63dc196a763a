"""A passkey from the browser's own hands, under our content security policy."""

from collections.abc import Iterator

import pytest
from allauth.mfa.models import Authenticator
from playwright.sync_api import CDPSession

from accounts.models import User
from tests.browser.windows import Office, Window
from tests.people import PASSWORD, person_make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
REFUSE = "() => { navigator.credentials.create = () => Promise.reject(new Error('no')); }"
FACTOR = "/tai-khoan/lop-2/"


@pytest.fixture
def desk(office: Office) -> Window:
    """The clerk without an exception, with a device that holds passkeys."""
    User.objects.filter(pk=person_make("clerk").pk).update(is_demo=False)
    return office.window()


@pytest.fixture
def key(desk: Window) -> Iterator[CDPSession]:
    session = desk.page.context.new_cdp_session(desk.page)
    session.send("WebAuthn.enable")
    session.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    yield session
    session.send("WebAuthn.disable")


def enter(window: Window) -> Window:
    window.go("/tai-khoan/dang-nhap/")
    return window.fill(login="clerk", password=PASSWORD).press("Đăng nhập")


def test_set_up_sign_in_and_confirm_with_a_passkey(desk: Window, key: CDPSession) -> None:
    enter(desk).title_is("Lớp bảo vệ thứ hai")
    desk.follow("Thêm khóa truy cập").title_is("Xác nhận")
    desk.fill(password=PASSWORD).press("Tiếp tục").title_is("Thêm khóa truy cập")
    desk.fill(name="Khóa thử nghiệm").press("Thêm khóa này").title_is("Mã dự phòng")
    row = Authenticator.objects.get(type="webauthn")
    assert row.data["name"] == "Khóa thử nghiệm"
    desk.go("/can-bo/").title_is("Bàn làm việc")

    desk.page.get_by_role("button", name="Đăng xuất").click()
    desk.page.wait_for_url("**/")
    enter(desk).title_is("Lớp bảo vệ thứ hai").press("Dùng khóa truy cập").title_is("Bàn làm việc")
    row.refresh_from_db()
    assert row.last_used_at is not None

    desk.go(FACTOR + "khoa/").sees("Khóa thử nghiệm").fits()
    desk.go(FACTOR + "ung-dung/").title_is("Xác nhận").follow("Dùng khóa truy cập")
    desk.press("Dùng khóa truy cập").title_is("Thiết lập ứng dụng")


def test_without_the_key_the_page_says_so(desk: Window, key: CDPSession) -> None:
    enter(desk)
    desk.follow("Thêm khóa truy cập").fill(password=PASSWORD).press("Tiếp tục")
    desk.title_is("Thêm khóa truy cập")
    desk.page.evaluate(REFUSE)
    desk.press("Thêm khóa này").sees("Thiết bị chưa xác nhận.")
    assert not Authenticator.objects.exists()
