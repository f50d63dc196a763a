"""Keys of the inbox: they move, choose and explain; off while somebody types or switched them off."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.mirror import ORIGIN, Mirror
from tests.people import Story, person_make
from tests.strict import StrictClient

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
INBOX = "/can-bo/vu-viec/"


@pytest.fixture
def page(mirror: Mirror, client: StrictClient, story: Callable[..., Story]) -> Page:
    for _ in range(3):
        story()
    client.force_login(person_make("clerk"))
    mirror.page.goto(ORIGIN + INBOX, wait_until="load")
    return mirror.page


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def test_keys_move_choose_assign_and_open(page: Page) -> None:
    rows = page.locator("tr[data-row]")
    press(page, "j", "j", "k", "j", "x")
    expect(rows.nth(1).locator("input")).to_be_checked()
    expect(rows.nth(1).locator("a")).to_be_focused()
    press(page, "a")
    expect(page.locator("#bulk-assignee")).to_be_focused()
    rows.nth(1).locator("a").focus()
    code = rows.nth(1).locator("a").inner_text()
    press(page, "Enter")
    expect(page).to_have_url(f"{ORIGIN}{INBOX}{code}/")


def test_no_key_acts_while_somebody_types(page: Page) -> None:
    press(page, "/")
    expect(page.locator("#id_q")).to_be_focused()
    page.keyboard.type("jxa?/")
    expect(page.locator("#id_q")).to_have_value("jxa?/")
    expect(page.locator("#keys")).to_be_hidden()
    expect(page.locator("tr.is-at")).to_have_count(0)


def test_switched_off_no_single_key_acts_not_even_the_one_for_help(page: Page) -> None:
    press(page, "?")
    expect(page.locator("#keys")).to_be_visible()
    page.locator("#keys-on").uncheck()
    press(page, "Escape")
    expect(page.locator("#keys")).to_be_hidden()
    page.reload(wait_until="load")
    press(page, "j", "?", "/")
    expect(page.locator("tr.is-at")).to_have_count(0)
    expect(page.locator("#keys")).to_be_hidden()
    expect(page.locator("#id_q")).not_to_be_focused()
    page.locator("[data-keys]").click()
    page.locator("#keys-on").check()
    press(page, "Escape", "j")
    expect(page.locator("tr.is-at")).to_have_count(1)


def test_all_of_the_page_are_chosen_and_left_again(page: Page) -> None:
    boxes = page.locator("input[name=case]")
    for count in (3, 0):
        page.locator("[data-choose-all]").click()
        expect(page.locator("input[name=case]:checked")).to_have_count(count)
    expect(boxes).to_have_count(3)
