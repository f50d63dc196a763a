"""The brief, the way from visit to case and the register: axe finds nothing, at 360 and 1280 px,
and on paper a visit has a page of its own."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pypdfium2
import pytest

from common.time import local_moment
from receptions.models import Registration, VisitRecord
from receptions.services.visits import Visit, session_record
from tests.browser.conftest import Check
from tests.browser.mirror import Mirror
from tests.people import OTHER_WARD, Story, access_make, person_make
from tests.receptions.cast import DAY, NOW, register, session_public
from tests.strict import StrictClient

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
RECEPTIONS = "/can-bo/tiep-dan/"
BOOK = RECEPTIONS + "so-tiep-cong-dan/"
Tell = Callable[..., Story]
SEALED = {"name": "Ông Bryxol", "unit": OTHER_WARD, "position": "officer"}


@pytest.fixture(autouse=True)
def _monday(time_machine: Any) -> None:
    time_machine.move_to(NOW, tick=False)


def a_day(story: Tell) -> tuple[str, str]:
    """Three visitors: with a decided case, with a sealed denunciation, with neither; one heard
    before. The session's path and the code of the first."""
    tale, sealed = story().decided(), story(kind="denunciation", respondent=SEALED)
    earlier, session = session_public(), session_public(day=dt.date(2026, 12, 17))
    heard = register(earlier, 1, petition=(tale.filed.code, tale.filed.secret))
    session_record(
        access=access_make("secretary"),
        session_id=earlier.public_id,
        code=heard.code,
        visit=Visit("Đề nghị trả lời.", "answered", "Đã giải thích quy hoạch."),
        at=local_moment(DAY, 9),
    )
    VisitRecord.objects.update(register_number=1, register_year=2026, note="Hẹn ngày 20")
    first = register(session, 1, petition=(tale.filed.code, tale.filed.secret), people=6)
    register(session, 2, petition=(sealed.filed.code, sealed.filed.secret))
    register(session, 3)
    Registration.objects.filter(code=first.code).update(priority=["mass"])
    return f"{RECEPTIONS}{session.public_id}/", first.code


def test_the_brief_and_the_way_to_a_case(check: Check, story: Tell) -> None:
    path, code = a_day(story)
    check(f"{path}tai-lieu/", who="chair")
    check(f"{path}tai-lieu/{code}/")
    check(f"{path}dang-ky/{code}/vu-viec/")
    heard = VisitRecord.objects.get().registration
    VisitRecord.objects.update(case=None)
    Registration.objects.filter(pk=heard.pk).update(case=None)
    past = f"{RECEPTIONS}{heard.session.public_id}/"
    check(f"{past}dang-ky/{heard.code}/vu-viec/", sent=True)
    check(BOOK + "?period=year&day=2026-12-01")
    check(BOOK)
    check(BOOK + "?period=range")


def test_the_question_before_a_registration_is_cancelled(mirror: Mirror, axe_source: str) -> None:
    made = register(session_public(), 1)
    page = mirror.open("/lich-tiep-dan/dang-ky/").page
    page.locator("[name=code]").fill(made.code)
    page.locator("[name=secret]").fill(made.secret)
    for name in ("Xem đăng ký của tôi", "Hủy đăng ký của tôi", "Đồng ý hủy đăng ký"):
        page.get_by_role("button", name=name, exact=True).click()
        page.wait_for_load_state("load")
        assert mirror.faults(axe_source) == []
    assert Registration.objects.get().status == "cancelled"


@pytest.mark.parametrize(("name", "pages"), [("tai-lieu/", 5), ("so", 1)])
def test_on_paper(mirror: Mirror, client: StrictClient, story: Tell, name: str, pages: int) -> None:
    path, _code = a_day(story)
    client.force_login(person_make("chair"))
    shown = mirror.open(path + name if name != "so" else BOOK + "?period=year&day=2026-12-01")
    paper = pypdfium2.PdfDocument(shown.page.pdf(prefer_css_page_size=True))
    assert len(paper) == pages
    width, height = paper[0].get_size()
    assert (width > height) == (name == "so")
    # The last sheet of the brief is of a denunciation, which names nobody.
    words = paper[max(pages - 2, 0)].get_textpage().get_text_bounded()
    assert "Người dân số" in words
