"""Pages about papers and the page behind a QR: axe finds nothing at 360 px."""

from typing import Any

import pytest

from papers.services.issuing import paper_correct, paper_void
from tests.browser.conftest import Check
from tests.papers.making import case_of, drafted, issued, step, submitted
from tests.receptions.cast import NOW

pytestmark = [pytest.mark.browser, pytest.mark.django_db]


@pytest.fixture(autouse=True)
def _monday(time_machine: Any) -> None:
    time_machine.move_to(NOW, tick=False)


def test_from_draft_to_the_page_behind_the_qr(check: Check) -> None:
    case = case_of()
    base = f"/can-bo/vu-viec/{case.code}/van-ban/"
    check(base, who="chair")
    draft = drafted(case)
    check(f"{base}{draft.public_id}/sua/", who="chair")
    check(f"{base}{draft.public_id}/", who="chair")
    check(f"{base}{submitted(case).public_id}/", who="chair")
    body = "Đoạn đầu.\n\n- một\n- hai\n\n| Nội dung | Kết quả |\n| a | b |"
    paper = issued(case, body=body)
    check(f"{base}{paper.public_id}/", who="chair", sent=True)
    check(f"/xac-thuc/{paper.check_code}/")
    step(paper_correct, paper)
    void = step(paper_void, issued(case), reason="Ký nhầm bản.")
    check(f"/xac-thuc/{void.check_code}/")
    check(base, who="chair")
    check(base, who="secretary")
    desk = "/can-bo/van-ban/"
    for query in ("", "?tab=mine", "?tab=issued", "?tab=issued&kind=reply", "?since=khong"):
        check(desk + query, who="chair")
