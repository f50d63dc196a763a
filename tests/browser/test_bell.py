"""The bell in a real browser: with script a number that follows, without script a link."""

import pytest

from notifications.models import NoticeRead
from notifications.services import NewMessage, outbox_write
from tests.browser.mirror import Mirror
from tests.people import person_make
from tests.strict import StrictClient

pytestmark = [pytest.mark.browser, pytest.mark.django_db]


def tell(key: str) -> None:
    person = person_make("handler").pk
    outbox_write([NewMessage(key, "case_assigned", {"href": "/can-bo/"}, recipient_id=person)])


def test_the_number_comes_by_itself(mirror: Mirror, client: StrictClient) -> None:
    client.force_login(person_make("handler"))
    count = mirror.open("/can-bo/").page.locator("[data-bell-count]")
    count.wait_for(state="hidden")
    tell("a")
    tell("b")
    bell = mirror.open("/can-bo/").page.locator("[data-bell]")
    bell.locator("[data-bell-count]").wait_for(state="visible")
    assert bell.locator("[data-bell-count]").inner_text() == "2"
    assert bell.get_attribute("aria-label") == "Thông báo: 2 thông báo chưa đọc"


def test_opening_what_a_notice_leads_to_marks_it(mirror: Mirror, client: StrictClient) -> None:
    client.force_login(person_make("handler"))
    tell("a")
    page = mirror.open("/can-bo/thong-bao/").page
    assert not NoticeRead.objects.exists()
    with page.expect_navigation(wait_until="load"), page.expect_request("**/da-doc/"):
        page.locator("[data-notice-link]").click()
    page.locator("[data-bell-count]").wait_for(state="hidden")
    assert page.url.endswith("/can-bo/")
    assert NoticeRead.objects.count() == 1
