"""A directive from the City to 126 units and back: late, escalated, returned, corrected, withdrawn."""

import datetime as dt
import re
from typing import Any

import pytest
from playwright.sync_api import expect

from common.time import local_moment, now
from directives.models import Assignment
from directives.services.imports import imports_run
from escalation.sweep import sweep_run
from tests.browser import directive_steps as steps
from tests.browser.windows import PHONE, Office
from tests.mobilisation.keeping import opinion_sent
from tests.people import OTHER_WARD, WARD, person_make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MONDAY = dt.date(2026, 11, 16)
DUE = dt.date(2026, 12, 11)
TITLE = "Tổ chức đối thoại với nhân dân"


@pytest.fixture(autouse=True)
def _monday(time_machine: Any) -> None:
    time_machine.move_to(local_moment(MONDAY, 9), tick=True)


@pytest.fixture(autouse=True)
def _people(reference_data: None) -> None:
    for name in ("clerk", "handler", "secretary", "other_clerk", "other_chair", "propaganda"):
        person_make(name)


def test_from_the_city_to_126_units_and_back(office: Office, time_machine: Any) -> None:
    city = office.sign_in("propaganda")
    steps.enter_document(city, "21-CV/TU", "2026-11-16")
    steps.break_down(city, TITLE)
    steps.give_to_all(city, f"{DUE}", units=126)
    city.sees("0/126 nhiệm vụ hoàn thành")

    assert steps.share_on_the_map(city, "21-cv-tu", WARD) == "0%"

    ward = office.sign_in("secretary")
    steps.receive_and_appoint(ward, TITLE, person_make("handler").full_name)
    steps.report_done(ward, TITLE, "Đã tổ chức ngày 20/11.")

    steps.return_report(city, TITLE, "Thiếu biên bản.", "2026-12-11")
    assert steps.share_on_the_map(city, "21-cv-tu", WARD) == "0%"
    ward.page.reload()
    ward.sees("Thiếu biên bản.")
    steps.report_done(ward, TITLE, "Đã bổ sung biên bản.")
    assert steps.share_on_the_map(city, "21-cv-tu", WARD) == "100%"  # reported as done
    assert steps.share_on_the_map(city, "21-cv-tu", OTHER_WARD) == "0%"
    steps.confirm_at_once(city)
    assert steps.share_on_the_map(city, "21-cv-tu", WARD) == "100%"
    city.go("/can-bo/chi-dao/21-cv-tu/").sees("1/126 nhiệm vụ hoàn thành (1 đã xác nhận)")
    row = city.page.get_by_role("row", name=re.compile("Phường Ba Đình"))
    expect(row).to_contain_text("1/1")

    time_machine.move_to(local_moment(DUE + dt.timedelta(days=1), 9), tick=True)
    sweep_run(at=now(), is_manual=True)
    late = office.sign_in("other_chair")
    late.go("/can-bo/chi-dao/viec-duoc-giao/").sees(TITLE, "quá hạn", "cấp 1")
    late.follow(TITLE).sees("Đã báo cáo lên cấp trên do quá hạn")
    done = Assignment.objects.get(task__title=TITLE, unit__code=WARD)
    assert (done.state, done.escalation_level) == ("confirmed", 0)

    steps.withdraw_document(city, "21-cv-tu", "Ban hành văn bản thay thế.")
    city.sees("Ban hành văn bản thay thế.", "Ghi nhận có hiệu lực")
    late.page.reload()
    late.sees("Nhiệm vụ đã được thu hồi", "Đã báo cáo lên cấp trên do quá hạn")
    ward.page.reload()
    ward.sees("Đã xác nhận hoàn thành")


def test_a_document_takes_the_place_of_another(office: Office) -> None:
    city = office.sign_in("propaganda")
    steps.enter_document(city, "21-CV/TU", "2026-11-16")
    steps.break_down(city, TITLE)
    steps.give_to_all(city, f"{DUE}", units=126)
    ward = office.sign_in("secretary").go("/can-bo/chi-dao/21-cv-tu/")
    ward.sees_not("Đã bị thay thế")
    steps.enter_document(city, "22-CV/TU", "2026-11-16")
    steps.replace_document(city, "22-cv-tu", "21-cv-tu")
    city.sees("Thay thế 21-CV/TU").follow("21-CV/TU")
    city.title_is("21-CV/TU").sees("Đã bị thay thế").sees_not("Giao cho đơn vị")
    city.go("/can-bo/chi-dao/21-cv-tu/ho-so/").sees("Được thay thế bởi 22-CV/TU")
    ward.page.reload()
    ward.sees("Đã bị thay thế").fits()


def test_a_confidential_report_of_another_unit_is_not_there(office: Office) -> None:
    registers = "/can-bo/dan-van/"
    opinion_sent(subject="Dư luận chung")
    hidden = opinion_sent("secretary", secrecy="confidential", subject="Dư luận riêng")
    address = f"{registers}tinh-hinh/{hidden.public_id}/"
    for name in ("secretary", "propaganda"):
        window = office.sign_in(name).go(f"{registers}tinh-hinh/")
        window.sees("Dư luận chung", "Dư luận riêng").go(address).sees("Hạn chế người đọc")
    office.sign_in("clerk").go(f"{registers}tinh-hinh/").sees("Dư luận chung").sees_not(
        "Dư luận riêng"
    )
    for name in ("clerk", "other_clerk", "other_chair"):
        window = office.sign_in(name).go(f"{registers}tinh-hinh/").sees_not("Dư luận riêng")
        assert window.page.request.get(window.origin + address).status == 404
        files = window.page.request.get(f"{window.origin}{registers}tinh-hinh/tai-ve/?format=csv")
        assert files.ok
        assert "Dư luận riêng" not in files.text()


def test_a_file_from_its_template_to_the_units_on_a_phone_without_script(office: Office) -> None:
    city = office.window(viewport=PHONE, java_script_enabled=False)
    person_make("propaganda")
    steps.sign_in(city, "propaganda")
    steps.enter_document(city, "21-CV/TU", "2026-11-16")
    steps.break_down(city, TITLE)
    city.go("/can-bo/chi-dao/21-cv-tu/nhap-tep/").fits()
    with city.page.expect_download() as download:
        city.follow("CSV")
    lines = download.value.path().read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) == 1 + 126
    wrong = [lines[0], lines[1].replace(",00004,", ",99999,"), *lines[2:4]]
    steps.bring_file(city, wrong)
    city.sees("Không có đơn vị nào mang mã hoặc tên này.").fits()
    city.follow("Tải lên tệp đã sửa")
    steps.bring_file(city, lines[:4])
    city.press("Giao 3 nhiệm vụ").sees("0/3 dòng").fits()
    imports_run()
    city.page.reload()
    city.sees("3/3 dòng", "đã giao xong".capitalize())
    assert Assignment.objects.filter(task__title=TITLE).count() == 3
    units = Assignment.objects.filter(task__title=TITLE).values_list("unit__code", flat=True)
    assert WARD in units
    assert OTHER_WARD in units


def test_answering_with_the_keyboard_alone(office: Office) -> None:
    task = Assignment.objects.get(task__code="1699-cv-tu-1-plan", unit__code=WARD)
    steps.reported(task)
    city = office.sign_in("propaganda").go("/can-bo/chi-dao/cho-xem-xet/")
    keyboard = city.page.keyboard
    city.page.locator('[name="pick"]').focus()
    keyboard.press("Space")
    keyboard.press("Tab")  # to the task's link
    for _ in range(4):
        if city.page.evaluate("document.activeElement.name") == "decision":
            break
        keyboard.press("Tab")
    keyboard.press("Space")
    city.page.get_by_role("button", name="Trả lời", exact=True).focus()
    keyboard.press("Enter")
    city.sees("Đã trả lời 1 báo cáo")
    task.refresh_from_db()
    assert task.state == "confirmed"
