"""Registers of a unit and batches of them: axe finds nothing, nothing sticks out; on paper the
table lies across and its head comes back."""

import datetime as dt
from collections.abc import Callable, Iterator

import pytest
import time_machine

from communes.models import Unit
from papers.services.issuing import paper_void
from reports.registers import BY_CODE
from reports.services.batches import _step, batch_start, batches_run
from reports.services.prints import print_start
from tests.browser.conftest import Check
from tests.papers.making import case_of, issued, step
from tests.people import PERSON, WARD, Story, access_make
from tests.receptions.concluding import issued as conclusion_issued
from tests.receptions.concluding import visit_of
from tests.receptions.test_visit_notices import send
from tests.reports.registering import ACCUSED, LETTERS, NOW, ROOT, SEALED

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
Tell = Callable[..., Story]
LONG = "Nguyễn Phúc Công Tằng Tôn Nữ Thị Hoàng Bảo Ngọc Anh Thư"


@pytest.fixture(autouse=True)
def _monday() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def test_registers(check: Check, story: Tell) -> None:
    check(ROOT, who="clerk")
    check(LETTERS)
    story(petitioners=[PERSON | {"full_name": LONG}], subject="dài" * 60).decided()
    story(kind="denunciation", respondent=ACCUSED).accepted()
    check(LETTERS)
    check(f"{LETTERS}?period=range&since=2026-11-05")
    check(ROOT + "thu-ly/")
    check(SEALED)


def test_outgoing_papers(check: Check) -> None:
    page = ROOT + "in-van-ban/"
    check(page, who="clerk")
    case = case_of(subject="dài" * 60)
    paper = issued(case)
    step(paper_void, issued(case), reason="Ký nhầm bản. " * 20)
    issued(case_of("denunciation"))
    check(ROOT + "van-ban-di/")
    check(ROOT + "van-ban-di-to-cao/")
    check(page, sent=True)
    unit = Unit.objects.get(code=WARD)
    batch = print_start(
        access=access_make("clerk"), unit=unit, book=BY_CODE["papers"], day=NOW.date()
    )
    check(f"{ROOT}theo-thang/{batch.public_id}/?giu=1")
    batches_run()
    check(f"{ROOT}theo-thang/{batch.public_id}/")
    step(paper_void, paper, reason="Ký nhầm bản.")
    check(f"{ROOT}theo-thang/{batch.public_id}/")


def test_papers_of_receptions(check: Check) -> None:
    notice = conclusion_issued()
    query = f"?period=range&since={NOW.date()}&until=2026-12-31"
    check(f"{ROOT}van-ban-di-ket-luan-tiep-dan/{query}", who="clerk")
    send(visit_of(session=notice.session))
    check(f"{ROOT}van-ban-di-nguoi-duoc-tiep/{query}")


def test_batches(check: Check, story: Tell) -> None:
    story().accepted()
    page = ROOT + "theo-thang/"
    check(page, who="clerk", sent=True)
    ward, month = Unit.objects.get(code=WARD), dt.date(2026, 11, 1)
    batch = batch_start(
        access=access_make("clerk"), unit=ward, books=["letters"], since=month, until=month
    )
    assert _step(batch.pk, None)
    check(f"{page}{batch.public_id}/?giu=1")
    batches_run()
    check(f"{page}{batch.public_id}/")
    check(page)
