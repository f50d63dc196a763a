"""Every page of citizens in its interesting states: axe finds nothing, nothing sticks out."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import override_settings

from common.codes import once_code_from_salt
from notifications.models import OutboxMessage
from receptions.models import ReceptionSession
from receptions.services.holds import hold_leave
from receptions.services.sessions import session_cancel
from tests.browser.conftest import Check
from tests.browser.mirror import Mirror
from tests.browser.steps import PAPER
from tests.people import PERSON, Story
from tests.petitions.public_walk import step, write
from tests.petitions.test_denunciation_modes import TYPED
from tests.petitions.test_unnamed import write_unnamed
from tests.receptions.cast import NOW, register, secretary, session_public
from tests.strict import StrictClient

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
Tell = Callable[..., Story]
LONG_NAME = "quyết_định_thu_hồi_đất_và_phương_án_bồi_thường_hỗ_trợ_tái_định_cư.pdf"


@pytest.fixture(autouse=True)
def _monday(time_machine: Any) -> None:
    time_machine.move_to(NOW, tick=False)


PUBLIC = [
    "/",
    "/tro-giup/",
    "/kha-nang-tiep-can/",
    "/du-lieu-ca-nhan/",
    "/gui-don/",
    "/gui-don/tiep-tuc/",
    "/tra-cuu/",
    "/tra-cuu/mat-ma/",
    "/roi-trang/giai-thich/",
    "/lich-tiep-dan/",
    "/lich-tiep-dan/?q=phuong",
    "/lich-tiep-dan/?q=zzzz&kind=dialogue",
    "/lich-tiep-dan/ban-do/",
    "/lich-tiep-dan/ban-do/?week=2026-W50",
    "/lich-tiep-dan/lanh-dao/00004/bi-thu/",
    "/lich-tiep-dan/nhung/?unit=00004",
    "/lich-tiep-dan/nhung/00004/",
    "/lich-tiep-dan/du-lieu/",
    "/lich-tiep-dan/dang-ky/",
    "/don-vi/",
    "/don-vi/?q=zzzz",
    "/don-vi/ba-dinh/",
    "/thoi-han/",
    "/thoi-han/?kind=complaint&date=2026-11-23&to=reception&level=complex",
    "/thoi-han/?kind=recommendation&date=x",
    "/chi-dao/",
    "/chi-dao/1699-cv-tu/",
    "/chi-dao/36-ct-tu/",
    "/xac-thuc/",
    "/xac-thuc/VB-00000-00000-00/",
    "/tai-khoan/dang-nhap/",
    "/khong-co/",
]
SENT = {
    "/tra-cuu/mat-ma/",
    "/gui-don/tiep-tuc/",
    "/tra-cuu/",
    "/lich-tiep-dan/dang-ky/",
    "/xac-thuc/",
    "/tai-khoan/dang-nhap/",
}


@pytest.mark.parametrize("path", PUBLIC)
def test_public_pages(check: Check, path: str) -> None:
    check(path, sent=path in SENT)


@pytest.mark.parametrize("path", ["/", "/gui-don/", "/lich-tiep-dan/", "/tra-cuu/"])
def test_public_pages_in_english(check: Check, client: StrictClient, path: str) -> None:
    client.post("/ngon-ngu/", {"language": "en"})
    check(path)


@pytest.mark.parametrize("kind", ["complaint", "denunciation"])
def test_filing_page_by_page(check: Check, client: StrictClient, kind: str) -> None:
    route = ["loai", "noi-nhan", "linh-vuc", "noi-dung", "ve-ai", "nguoi-gui"]
    check(step("loai"), sent=True)
    if kind == "denunciation":
        write(client, "loai", loai={"kind": kind})
        check(step("bao-ve"))
    for before, page in pairwise(route):
        write(client, before, loai={"kind": kind})
        check(step(page), sent=True)
    check(step("noi-nhan") + "?q=ba dinh")


@pytest.mark.parametrize("kind", ["complaint", "denunciation"])
def test_filing_to_the_end(check: Check, client: StrictClient, kind: str) -> None:
    write(client, "nguoi-gui", loai={"kind": kind})
    paper = SimpleUploadedFile(LONG_NAME, PAPER)
    client.post(step("tep"), {"uploads": [paper], "upload": "1"})
    check(step("tep"))
    check("/gui-don/")
    check("/gui-don/tiep-tuc/")
    check(step("kiem-tra"))
    client.post(step("kiem-tra"))
    for path in ("/gui-don/xong/", "/gui-don/mau-don/", "/gui-don/"):
        check(path)


def test_several_petitioners(check: Check, client: StrictClient) -> None:
    write(client, "ve-ai")
    page = step("nguoi-gui")
    for name in ("Trần Văn Giả Định", "Lê Thị Hư Cấu"):
        path = page if "Trần" in name else f"{page}?nguoi=2"
        client.post(path, {"full_name": name, "address": "Số 9, phố Tưởng Tượng", "more": "1"})
    check(page, sent=True)


def test_a_petition_that_is_tracked(check: Check, client: StrictClient, story: Tell) -> None:
    tale = story()
    client.post("/tra-cuu/", {"code": tale.filed.code, "secret": tale.filed.secret})
    check("/tra-cuu/don/")
    tale.decided()
    tale.do("clerk", "notify")
    check("/tra-cuu/don/")


def test_a_nameless_letter_is_sent_tracked_and_answered(check: Check, client: StrictClient) -> None:
    write_unnamed(client)
    check(step("kiem-tra"))
    client.post(step("kiem-tra"))
    check("/gui-don/xong/")
    done = client.get("/gui-don/xong/").context
    client.post("/tra-cuu/", {"code": done["code"], "secret": done["secret"]})
    check("/tra-cuu/don/")


@override_settings(DENUNCIATION_MODE="off")
def test_the_letter_to_print(check: Check, mirror: Mirror, axe_source: str) -> None:
    check("/gui-don/ban-in/", sent=True)
    mirror.open("/gui-don/ban-in/")
    for name, value in TYPED.items():
        field = mirror.page.locator(f"main [name={name}]").first
        if field.evaluate("item => item.tagName") == "SELECT":
            field.select_option(value)
        elif field.get_attribute("type") != "radio":
            field.fill(value)
    with mirror.page.expect_navigation(wait_until="load"):
        mirror.page.locator("main form .btn-primary").click()
    assert "ĐƠN TỐ CÁO" in mirror.page.content()
    assert mirror.faults(axe_source) == []


def test_a_lost_receipt(
    check: Check, client: StrictClient, mirror: Mirror, axe_source: str, story: Tell
) -> None:
    tale = story()
    client.post("/tra-cuu/mat-ma/", {"email": str(PERSON["email"])})
    check("/tra-cuu/mat-ma/xac-nhan/", sent=True)
    salt = OutboxMessage.objects.get(template="one_time_code").params["salt"]
    client.post("/tra-cuu/mat-ma/xac-nhan/", {"code": once_code_from_salt(bytes.fromhex(salt))})
    check("/tra-cuu/mat-ma/chon/", sent=True)
    mirror.page.locator(f"[value={tale.filed.code}]").check()
    assert mirror.send().faults(axe_source) == []
    assert "Đã cấp mã bí mật mới" in mirror.page.content()


def test_a_session_free_full_and_called_off(check: Check, client: StrictClient) -> None:
    session = session_public(capacity=1)
    path = f"/lich-tiep-dan/{session.public_id}/"
    check(path)
    client.post(path + "giu-cho/")
    check(path + "dang-ky/", sent=True)
    hold_leave(session_id=session.public_id, key=client.session["reception_hold"])
    register(session)
    check(path)
    check(path + "dang-ky/", sent=True)
    for query in ("?month=2026-12", "?unit=00004&date=2026-12-10"):
        check("/lich-tiep-dan/" + query)
    session.refresh_from_db()
    _call_off(session)
    check(path)
    for calendar in ("?unit=00004&month=2026-12", "lanh-dao/00004/bi-thu/", "nhung/00004/"):
        check("/lich-tiep-dan/" + calendar)
    check("/don-vi/ba-dinh/")


def _call_off(session: ReceptionSession) -> None:
    session_cancel(
        access=secretary(),
        public_id=session.public_id,
        version=session.version,
        reason="Lãnh đạo đi công tác theo phân công của Thành phố",
    )


def test_being_registered(check: Check, client: StrictClient) -> None:
    session = session_public()
    form = {
        "key": "k" * 32,
        "full_name": "Nguyễn Thị Ví Dụ",
        "identity_number": "001088000001",
        "phone": "0912000001",
        "topic": "Hỏi về tiến độ cấp giấy chứng nhận.",
        "people": "1",
    }
    client.post(f"/lich-tiep-dan/{session.public_id}/dang-ky/", form)
    check("/lich-tiep-dan/dang-ky/xong/")
    mailed = form | {"key": "m" * 32, "phone": "0987000001", "email": "ten@example.com"}
    client.post(f"/lich-tiep-dan/{session.public_id}/dang-ky/", mailed)
    check("/lich-tiep-dan/dang-ky/xong/")
