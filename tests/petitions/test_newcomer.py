"""What somebody new to the site stumbled over: pages that promised, hid or ended too much."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import override_settings
from django.urls import reverse

from accounts.models import User
from petitions.models import IdentityOpening
from petitions.services.messages import message_send
from petitions.staff.redaction_pages import WIDTHS, view_of
from tests.people import WARD, Story, access_make
from tests.petitions.public_walk import PERSON, step, write
from tests.strict import StrictClient

pytestmark = pytest.mark.django_db
Tell = Callable[..., Story]
ELSEWHERE = {"name": "Ông Đặng Văn Thử", "unit": "00025", "position": "officer"}
EXIT = "data-exit>"
BIN = "/gui-don/ban-in/"


def text(answer: Any) -> str:
    return str(answer.content.decode())


def case_url(tale: Story) -> str:
    return f"/can-bo/vu-viec/{tale.filed.code}/"


def test_an_account_without_a_role_is_told_so(client: StrictClient, reference_data: None) -> None:
    user = User.objects.create_user("nobody", password="x" * 14, full_name="Vô Vai", is_demo=True)
    client.force_login(user)
    page = client.get("/can-bo/")
    assert page.status_code == 200
    assert "Tài khoản chưa có vai trò" in text(page)
    for href in ("/tai-khoan/doi-mat-khau/", "/tai-khoan/dang-xuat/"):
        assert href in text(page)


def test_an_officer_who_is_lost_is_led_to_the_desk(
    client: StrictClient, person: Callable[[str], User]
) -> None:
    assert "Về bàn làm việc" not in text(client.get("/khong-co/"))
    client.force_login(person("clerk"))
    page = client.get("/can-bo/vu-viec/HN-00000-00000-00/")
    assert page.status_code == 404
    assert "Về bàn làm việc" in text(page)
    assert 'href="/tra-cuu/"' not in text(page).split("<main")[1].split("</main>")[0]


@pytest.mark.parametrize("path", ["/", "/tro-giup/", "/gui-don/"])
def test_no_page_promises_online_denunciations_where_there_are_none(
    client: StrictClient, reference_data: None, path: str
) -> None:
    said = ("trên giấy", "bằng đơn giấy", "không gửi qua mạng", "qua mạng")
    assert "Thành phố không tiếp nhận tố cáo qua mạng" not in text(client.get(path))
    with override_settings(DENUNCIATION_MODE="off"):
        page = text(client.get(path))
    assert any(words in page for words in said)
    assert path == "/" or BIN in page


@override_settings(DENUNCIATION_MODE="off")
def test_the_letter_to_print_leads_back_and_says_when_no_address_is_known(
    client: StrictClient, reference_data: None
) -> None:
    page = text(client.get(BIN))
    assert 'href="/gui-don/">‹' in page
    assert "Cổng chưa có địa chỉ" in page


@pytest.mark.parametrize("path", ["/tra-cuu/mat-ma/", "/gui-don/tiep-tuc/"])
def test_the_exit_stands_where_a_denouncer_looks_for_what_was_lost(
    client: StrictClient, reference_data: None, path: str
) -> None:
    assert EXIT in text(client.get(path))


def test_the_page_about_leaving_leads_back(client: StrictClient, reference_data: None) -> None:
    url = reverse("petitions:leave_explained")
    page = client.get(url, headers={"referer": "http://testserver/gui-don/bao-ve/"})
    assert 'href="/gui-don/bao-ve/">‹' in text(page)
    away = client.get(url, headers={"referer": "https://elsewhere.example/x"})
    assert 'href="/">‹' in text(away)


def test_a_denouncer_is_asked_and_shown_in_the_words_of_a_denunciation(
    client: StrictClient, reference_data: None
) -> None:
    client.post(step("loai"), {"kind": "denunciation"})
    client.post(step("bao-ve"), {"naming": "named"})
    client.post(step("noi-nhan"), {"unit": WARD})
    client.post(step("linh-vuc"), {"field": "land_compensation"})
    assert "thửa đất" not in text(client.get(step("noi-dung")))
    client.post(step("noi-dung"), {"subject": "Nhận tiền", "content": "Nhận tiền ngày 2/11."})
    client.post(step("ve-ai"), {"name": "Ông Thử", "unit": "", "position": ""})
    client.post(step("nguoi-gui"), PERSON)
    client.post(step("tep"), {})
    page = text(client.get(step("kiem-tra")))
    assert "Người, cơ quan bị tố cáo" in page
    assert page.count("không ghi") == 2
    assert "Lĩnh vực" in page


def test_a_complaint_keeps_its_words(client: StrictClient, reference_data: None) -> None:
    write(client, "noi-nhan")
    client.post(step("linh-vuc"), {"field": "land_compensation"})
    assert "thửa đất" in text(client.get(step("noi-dung")))


def test_reading_is_offered_once_the_unit_has_written(client: StrictClient, story: Tell) -> None:
    tale = story(kind="denunciation", respondent=ELSEWHERE)
    client.post("/tra-cuu/", {"code": tale.filed.code, "secret": tale.filed.secret})
    offer, url = "Đọc nội dung cơ quan đã viết", reverse("petitions:track_view")
    assert offer not in text(client.get(url))
    message_send(
        access=access_make("clerk"), code=tale.filed.code, text="Xin bổ sung.", is_internal=False
    )
    assert offer in text(client.get(url))


def test_ground_and_reason_come_before_the_password(
    client: StrictClient, story: Tell, person: Callable[[str], User]
) -> None:
    tale = story(kind="denunciation", respondent=ELSEWHERE)
    client.force_login(person("clerk"))
    url = f"{case_url(tale)}danh-tinh/1/"
    page = client.post(url, {"ground": "", "reason": "ngắn"})
    assert page.status_code == 200
    assert '<details class="no-print" open>' in text(page)
    given = {"ground": "verify", "reason": "Xác minh danh tính theo Điều 24."}
    assert "/tai-khoan/xac-nhan/" in client.post(url, given)["Location"]
    assert not IdentityOpening.objects.exists()


def test_a_letter_without_a_name_counts_nobody(
    client: StrictClient, story: Tell, person: Callable[[str], User]
) -> None:
    tale = story(kind="denunciation", respondent=ELSEWHERE, petitioners=[])
    client.force_login(person("clerk"))
    assert "1 người" not in text(client.get(case_url(tale)))


def test_a_step_names_its_law_in_words(
    client: StrictClient, story: Tell, person: Callable[[str], User]
) -> None:
    tale = story()
    client.force_login(person("clerk"))
    page = text(client.get(f"{case_url(tale)}buoc/receive/"))
    assert "Điều 25 Luật Tiếp công dân; khoản 1 Điều 24 Luật Tố cáo" in page


@pytest.mark.parametrize(("hint", "width"), [("?1", WIDTHS[0]), ("?0", WIDTHS[1])])
def test_a_telephone_gets_the_small_page(rf: Any, hint: str, width: int) -> None:
    assert view_of(rf.get("/", headers={"Sec-CH-UA-Mobile": hint}), 1).width == width


def test_the_search_for_a_person_asks_for_a_name(
    client: StrictClient, person: Callable[[str], User]
) -> None:
    client.force_login(person("clerk"))
    page = text(client.post("/can-bo/vu-viec/tim-nguoi/", {"name": "", "number": ""}))
    assert "Xin nhập họ tên đầy đủ hoặc số" in page
