"""The counter without a mouse: a letter from the first key to the receipt and the next form."""

import pytest
from playwright.sync_api import expect

from petitions.models import Case
from tests.browser.windows import TIMEOUT, Office
from tests.people import person_make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TYPED = {
    "id_subject": "Kiến nghị sửa chữa chung cư",
    "id_content": "Nhà xuống cấp nhiều năm.",
    "id_full_name": "Vũ Thị Thử",
    "id_address": "Số 5 phố Tưởng Tượng",
}


def test_a_letter_is_registered_by_keys_alone(office: Office) -> None:
    person_make("clerk")
    page = office.sign_in("clerk").go("/can-bo/don/moi/").page
    keys = page.keyboard
    expect(page.locator("#id_channel")).to_be_focused(timeout=TIMEOUT)
    keys.press("Tab")
    keys.press("End")
    for name, words in TYPED.items():
        while page.evaluate("document.activeElement.id") != name:
            keys.press("Tab")
        keys.type(words)
    keys.press("Control+Enter")
    expect(page.locator(".big-code").first).to_be_visible(timeout=TIMEOUT)
    assert Case.objects.get().kind == "feedback"
    expect(page.locator("#id_channel")).to_be_focused(timeout=TIMEOUT)
    expect(page.locator("#id_subject")).to_have_value("")
    expect(page.locator("#id_kind")).to_have_value("feedback")
