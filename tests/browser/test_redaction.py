"""A clerk covers a denunciation with a scan and a photo; the handler sees only the copy."""

import io
from pathlib import Path

import pypdfium2
import pytest
from playwright.sync_api import expect

from common.history_check import table_check
from petitions.models import Case, CaseEvent, RedactedFile
from tests.browser.windows import PHONE as SMALL
from tests.browser.windows import Office, Window
from tests.people import PASSWORD, person_make
from tests.petitions.redacting import NAME, PHONE, denunciation, papers

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MAKE = "Làm bản sao đã che thông tin"


@pytest.fixture
def case(reference_data: None) -> Case:
    for name in ("clerk", "handler", "chair"):
        person_make(name)
    return denunciation(*papers()).case


def at_case(window: Window, case: Case) -> Window:
    return window.go(f"/can-bo/vu-viec/{case.code}/")


def small_without_script(office: Office, name: str) -> Window:
    """Somebody at a small phone, without JavaScript."""
    window = office.window(java_script_enabled=False, viewport=SMALL)
    window.go("/tai-khoan/dang-nhap/").fill(login=name, password=PASSWORD).press("Đăng nhập")
    return window.title_is("Bàn làm việc")


def cover_text(clerk: Window) -> None:
    clerk.follow("Che nội dung đơn")
    clerk.fill(phrases=NAME).press("Lưu và xem lại").sees("Đã lưu")
    clerk.follow("Quay lại bản sao")


def release(clerk: Window) -> None:
    clerk.follow("Kiểm tra và phát hành").fill(words=f"{NAME}\n{PHONE}")
    clerk.page.locator("main [name=confirmed]").check()
    clerk.press("Phát hành bản sao").sees("Đã phát hành bản sao")


def copy_of(window: Window, name: str, folder: Path) -> bytes:
    with window.page.expect_download() as waiting:
        window.page.get_by_role("link", name=name).click()
    path = folder / name
    waiting.value.save_as(path)
    return path.read_bytes()


def handler_reads_only_the_copy(office: Office, case: Case, folder: Path) -> None:
    handler = at_case(office.sign_in("handler"), case)
    handler.sees("5 triệu đồng", "[đã che]", "ban-sao-01.pdf").sees_not("Bí Mật").sees_not(PHONE)
    handler.sees_not("don vu thi").fits()
    data = copy_of(handler, "ban-sao-01.pdf", folder)
    assert b"Bi Mat" not in data
    document = pypdfium2.PdfDocument(io.BytesIO(data))
    assert document[0].get_textpage().get_text_range() == ""
    image = document[0].render().to_pil().convert("L")
    assert max(image.getpixel((x, 130)) for x in range(60, 400, 20)) < 20
    document.close()
    at_case(office.sign_in("chair"), case).sees("Đã đọc bản sao đã che thông tin", NAME)


def test_with_clicks_alone_on_a_small_phone(office: Office, case: Case, tmp_path: Path) -> None:
    clerk = at_case(small_without_script(office, "clerk"), case).sees("chưa có bản đã che")
    clerk.page.get_by_role("link", name=MAKE).click()
    clerk.press(MAKE).sees("đang làm").fits()
    cover_text(clerk)
    clerk.follow("Tệp 1").fits()
    clerk.page.get_by_role("link", name="nhỏ", exact=True).click()
    picture = clerk.page.locator("main input[type=image]")
    picture.click(position={"x": 16, "y": 45})
    clerk.sees("Bấm tiếp vào góc đối diện")
    picture.click(position={"x": 300, "y": 110})
    clerk.sees("Đã che trên trang này").fits()
    clerk.follow("Trang sau").press("Bỏ trang này").sees("Trang này không có trong bản sao")
    clerk.follow("Quay lại bản sao").follow("Tệp 2")
    clerk.press("Đưa tệp vào bản sao như đang che").follow("Quay lại bản sao")
    release(clerk)
    handler_reads_only_the_copy(office, case, tmp_path)
    assert list(table_check(CaseEvent)) == []


def test_with_a_mouse_and_the_keyboard(office: Office, case: Case, tmp_path: Path) -> None:
    clerk = at_case(office.sign_in("clerk"), case)
    clerk.page.get_by_role("link", name=MAKE).click()
    clerk.press(MAKE)
    cover_text(clerk)
    clerk.follow("Tệp 1")
    picture = clerk.page.locator("main input[type=image]")
    picture.scroll_into_view_if_needed()
    area = picture.bounding_box()
    assert area is not None
    clerk.page.mouse.move(area["x"] + 32, area["y"] + 90)
    clerk.page.mouse.down()
    clerk.page.mouse.move(area["x"] + 600, area["y"] + 220, steps=5)
    clerk.page.mouse.up()
    clerk.sees("Đã che trên trang này")
    left, top, right, bottom = RedactedFile.objects.get(position=1).boxes["1"][0]
    assert (left, top) == pytest.approx((0.05, 0.1), abs=0.01)
    assert (right, bottom) == pytest.approx((0.94, 0.243), abs=0.01)
    clerk.follow("Quay lại bản sao").follow("Tệp 2")
    for name, value in {"left": "0", "top": "0", "width": "30", "height": "30"}.items():
        clerk.page.locator(f"[data-box-form] [name={name}]").fill(value)
    clerk.page.locator("[data-box-form] [name=height]").press("Enter")
    clerk.sees("Đã che trên trang này").follow("Quay lại bản sao")
    release(clerk)
    handler_reads_only_the_copy(office, case, tmp_path)


def test_words_selected_in_the_original_are_added(office: Office, case: Case) -> None:
    clerk = at_case(office.sign_in("clerk"), case)
    clerk.page.get_by_role("link", name=MAKE).click()
    clerk.press(MAKE).follow("Che nội dung đơn")
    clerk.page.locator("details[data-cover-source]").first.evaluate("item => { item.open = true }")
    clerk.page.evaluate(
        """() => {
            const text = document.querySelector("[data-cover-source] .original").firstChild;
            const range = document.createRange();
            range.setStart(text, 11); range.setEnd(text, 24);
            getSelection().removeAllRanges(); getSelection().addRange(range);
        }"""
    )
    clerk.press("Thêm phần đang chọn trong bản gốc")
    expect(clerk.page.locator("[name=phrases]")).to_have_value(NAME)
