"""A paper of each family in a real browser: drafted by the officer, issued by the head, found valid
behind its QR; then put right, and the page behind the QR says by what number."""

import datetime as dt
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from common.history_check import table_check
from common.time import local_moment
from papers.facts import BLANK
from papers.invariants import paper_numbers_are_gapless
from papers.models import Paper, PaperEvent
from petitions.models import Case
from tests.browser.mirror import page_faults
from tests.browser.windows import Office, Window
from tests.papers.making import proposed
from tests.people import PERSON, Story, person_make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Make = Callable[..., Story]
START = local_moment(dt.date(2026, 12, 4), 9)
SUBMIT, ISSUE = "Trình lãnh đạo", "Ban hành (cấp số, ngày, không sửa được nữa)"
ASK = "Ban hành …"
CORRECT = "Thay thế bằng văn bản mới"
LIST = "- Bản sao quyết định\n- Biên bản làm việc\n\n| Nội dung | Kết quả |\n| Diện tích | 52 m² |"
# Family → the case it needs, the title of its kind, its sign
FAMILIES: dict[str, tuple[Callable[[Make], Case], str, str]] = {
    "intake": (
        lambda story: story().accepted().case,
        "Thông báo về việc thụ lý giải quyết khiếu nại",
        "TB",
    ),
    "work": (
        lambda story: story().decided().case,
        "Quyết định về việc giải quyết khiếu nại (lần đầu)",
        "QĐ",
    ),
    "passing-on": (lambda story: proposed("recommendation"), "Phiếu chuyển đơn", "PC"),
}


@pytest.fixture(autouse=True)
def _friday(time_machine: Any) -> None:
    time_machine.move_to(START, tick=True)


@pytest.fixture(autouse=True)
def _people(reference_data: None) -> None:
    for name in ("clerk", "handler", "chair"):
        person_make(name)


@pytest.fixture(autouse=True)
def _history_holds() -> Any:
    yield
    assert list(table_check(PaperEvent)) == []
    assert list(paper_numbers_are_gapless()) == []


def look(window: Window, name: str, axe: str) -> None:
    """No fault on a desk or a phone; ``PICTURES=folder`` keeps both pictures there."""
    assert page_faults(window.page, axe) == []
    folder = os.environ.get("PICTURES")
    for width in (360, 1280):
        window.page.set_viewport_size({"width": width, "height": 800})
        if folder:
            path = Path(folder) / f"{name}-{width}.png"
            window.page.screenshot(path=str(path), full_page=True)


def draft(handler: Window, case: Case, title: str) -> str:
    """From the case over the list to a draft put before the head; its address."""
    handler.go(f"/can-bo/vu-viec/{case.code}/van-ban/").press(title).title_is(title)
    for box in handler.page.locator("main textarea").all():
        box.fill(box.input_value().replace(BLANK, "ghi rõ"))
    for box in handler.page.locator('main input[type="date"]').all():
        box.fill("2026-12-20")
    for box in handler.page.locator('main input[type="text"]').all():
        if not box.input_value():
            box.fill("ngày 20 tháng 12 năm 2026")
    body = handler.page.locator('main [name="body"]').input_value()
    handler.fill(body=f"{body}\n\n{LIST}").press("Lưu dự thảo").sees("Biên bản làm việc")
    handler.press(SUBMIT).sees("Đã trình lãnh đạo.")
    return handler.path


def issue(chair: Window, path: str, number: str, axe: str) -> str:
    """Issued under this number; the address behind the QR."""
    chair.go(path)
    expect(chair.page.get_by_role("button", name=ISSUE)).to_be_hidden()
    chair.page.get_by_text(ASK, exact=True).click()
    look(chair, f"asked-{number.partition('/')[2]}", axe)
    chair.press(ISSUE).sees(f"Đã ban hành, số {number}.")
    link = chair.page.locator('main a[href^="/xac-thuc/"]')
    return str(link.get_attribute("href"))


@pytest.mark.parametrize("family", FAMILIES)
def test_from_draft_to_the_page_behind_the_qr(
    family: str, office: Office, story: Make, axe_source: str
) -> None:
    make, title, sign = FAMILIES[family]
    case = make(story)
    handler = office.sign_in("handler")
    path = draft(handler, case, title)
    look(handler, f"{family}-submitted", axe_source)
    chair = office.sign_in("chair")
    first = issue(chair, path, f"01/{sign}-UBND-HS", axe_source)
    look(chair, f"{family}-issued", axe_source)
    citizen = (
        office.citizen(script=True)
        .go(first)
        .sees("Văn bản này đang có hiệu lực.", f"số thứ tự 01, năm {START.year}")
    )
    citizen.sees_not(title).sees_not(case.code).sees_not("UBND-HS").fits()

    handler.go(path).press(CORRECT).follow("Soạn thảo").fill(about="đã đính chính")
    handler.press("Lưu dự thảo").press(SUBMIT).sees("Đã trình lãnh đạo.")
    second = issue(chair, handler.path, f"02/{sign}-UBND-HS", axe_source)
    citizen.go(second).sees(
        "Văn bản này đang có hiệu lực.", f"số thứ tự 02, năm {START.year}"
    ).fits()
    citizen.go(first).sees("Văn bản này đã được thay thế", "02 / 2026").fits()
    look(citizen, f"{family}-replaced", axe_source)
    chair.go(path).sees("Văn bản thay thế", f"02/{sign}-UBND-HS")
    assert Paper.objects.get(number=1).state == "replaced"


def test_a_paper_of_a_denunciation_names_nobody(office: Office, axe_source: str) -> None:
    """Who denounced is refused by name before the issue, and stands on no page; behind the QR
    nothing tells of a denunciation."""
    case = proposed("denunciation")
    handler = office.sign_in("handler")
    path = draft(handler, case, "Quyết định thụ lý tố cáo")
    chair = office.sign_in("chair")
    chair.go(path).sees_not(PERSON["full_name"])
    first = issue(chair, path, "01/QĐ-UBND-VV", axe_source)
    look(chair, "denunciation-issued", axe_source)
    chair.sees_not(PERSON["full_name"]).press(CORRECT).follow("Soạn thảo")
    typed = f"thụ lý tố cáo của {PERSON['full_name']}"
    chair.fill(about=typed).press("Lưu dự thảo").sees("Văn bản không được nêu các thông tin này")
    assert chair.page.locator('main [name="about"]').input_value() == typed
    citizen = office.citizen(script=True).go(first).sees("Văn bản này đang có hiệu lực.")
    citizen.sees_not("tố cáo").sees_not(case.code).sees_not("UBND-VV").sees_not("QĐ").fits()
