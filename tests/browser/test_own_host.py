"""Every request that a browser makes for our pages goes to our own host, and to no other."""

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Request

from tests.browser import steps
from tests.browser.windows import Office, Window
from tests.people import PASSWORD, Story, person_make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PUBLIC = [
    "/", "/tro-giup/", "/kha-nang-tiep-can/", "/du-lieu-ca-nhan/", "/don-vi/", "/don-vi/ba-dinh/",
    "/lich-tiep-dan/", "/thoi-han/", "/chi-dao/", "/tra-cuu/mat-ma/", "/roi-trang/giai-thich/",
]  # fmt: skip
STAFF = [
    "/can-bo/", "/can-bo/tong-quan/", "/can-bo/tiep-dan/", "/can-bo/chi-dao/", "/can-bo/thong-bao/",
    "/can-bo/thong-bao/cai-dat/", "/can-bo/vang-mat/", "/can-bo/leo-thang/",
    "/can-bo/mo-danh-tinh/", "/can-bo/quyen/uy-quyen/", "/tai-khoan/lop-2/", "/tai-khoan/phien/",
    "/tai-khoan/ma-api/", "/tai-khoan/doi-mat-khau/",
]  # fmt: skip
KEEPER = [
    "/can-bo/he-thong/cong-viec/", "/can-bo/he-thong/lich-su/", "/can-bo/he-thong/thay-doi/",
    "/can-bo/he-thong/noi-dung-thong-bao/", "/can-bo/quyen/nang-quyen/",
    "/can-bo/leo-thang/quan-ly/",
]  # fmt: skip


@pytest.fixture
def asked() -> list[str]:
    return []


@pytest.fixture
def record(asked: list[str]) -> Callable[[Window], Window]:
    """``record(window)``: from now on every request of the window is written down."""

    def heard(request: Request) -> None:
        asked.append(request.url)

    def record(window: Window) -> Window:
        window.page.context.on("request", heard)
        return window

    return record


def all_ours(asked: list[str], office: Office) -> None:
    own = urlsplit(office.origin).netloc
    elsewhere = {url for url in asked if urlsplit(url).netloc != own}
    assert {url for url in elsewhere if not url.startswith("data:")} == set()
    # Styles, scripts, fonts and pictures were asked for, not only pages.
    kinds = {urlsplit(url).path.rpartition(".")[2] for url in asked}
    assert {"css", "js", "svg"} <= kinds


def walk(window: Window, paths: list[str]) -> None:
    for path in paths:
        window.go(path).page.wait_for_load_state("networkidle")


def test_citizens_ask_nobody_else(
    office: Office, asked: list[str], record: Callable[[Window], Window]
) -> None:
    """Home, filing page by page to the receipt, tracking, and what lies beside."""
    citizen = record(office.citizen(script=True))
    receipt = steps.file_complaint(citizen)
    steps.track(citizen, receipt)
    walk(citizen, PUBLIC)
    assert len(asked) > 60
    all_ours(asked, office)


def test_the_description_of_the_api_asks_nobody_else(
    office: Office, asked: list[str], record: Callable[[Window], Window]
) -> None:
    """The page is drawn by a library that lies on our host; its inline styles are refused."""
    walk(record(office.window()), ["/api/docs/"])
    assert len(asked) > 4
    own = urlsplit(office.origin).netloc
    assert {urlsplit(url).netloc for url in asked if not url.startswith("data:")} == {own}
    assert [text for text in office.complaints if "inline style" not in text] == []
    office.complaints.clear()


def test_officers_ask_nobody_else(
    office: Office,
    asked: list[str],
    record: Callable[[Window], Window],
    story: Callable[..., Story],
) -> None:
    """Sign-in, desk, inbox, a case, the own account, and the pages of administrators."""
    tale = story()
    for name, paths in (("chair", STAFF), ("admin", KEEPER)):
        person_make(name)
        window = record(office.window())
        window.go("/tai-khoan/dang-nhap/").fill(login=name, password=PASSWORD)
        window.press("Đăng nhập").title_is("Bàn làm việc")
        walk(window, paths)
        if name == "chair":
            walk(window, ["/can-bo/vu-viec/", f"/can-bo/vu-viec/{tale.filed.code}/"])
    assert len(asked) > 60
    all_ours(asked, office)
