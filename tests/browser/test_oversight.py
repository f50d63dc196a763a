"""The oversight board on a phone, by keyboard, and on paper."""

from typing import Any

import pytest
from playwright.sync_api import expect

from common.time import local_moment
from receptions.models import QuotaUrging
from tests.browser.windows import Office
from tests.people import person_make
from tests.receptions.cast import DAY

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
BOARD = "/can-bo/tiep-dan/giam-sat/"
PHONE = {"width": 360, "height": 780}
SCREENS = 8


@pytest.mark.parametrize("path", [f"{BOARD}?month=2026-11", f"{BOARD}nam/?year=2026"])
def test_a_phone_shows_a_line_a_district_paper_shows_everything(
    office: Office, time_machine: Any, path: str
) -> None:
    time_machine.move_to(local_moment(DAY, 9), tick=True)
    city = office.sign_in("internal_affairs")
    city.page.set_viewport_size(PHONE)
    city.go(path).fits()
    rows = city.page.locator(".board tbody tr")
    assert rows.count() > 250
    assert city.page.locator(".board tbody tr:visible").count() == 0
    height = city.page.evaluate("document.documentElement.scrollHeight")
    assert height < SCREENS * PHONE["height"]

    first = city.page.locator("details.board > summary").first
    first.focus()
    city.page.keyboard.press("Enter")
    expect(rows.first).to_be_visible()
    city.fits()

    city.page.emulate_media(media="print")
    for row in (rows.first, rows.nth(100), rows.last):
        assert row.evaluate("row => row.checkVisibility({contentVisibilityAuto: true})")
        assert row.bounding_box()


def test_one_click_urges_from_the_board(office: Office, time_machine: Any) -> None:
    person_make("chair")
    time_machine.move_to(local_moment(DAY, 9), tick=True)
    city = office.sign_in("internal_affairs").go(f"{BOARD}?month=2026-11")
    city.follow("Mở tất cả các nhóm")
    city.press("Đôn đốc Phường Ba Đình, Chủ tịch UBND").sees("Đã đôn đốc Phường Ba Đình")
    urging = QuotaUrging.objects.get()
    assert (urging.unit.code, urging.duty_holder) == ("00004", "people_committee_chair")
    # The ward's line is open again when the page comes back to it.
    assert "open=1" in city.page.url
