"""The page behind the QR: issued by, on, number, hash, in force or not, and nothing else."""

import re

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from papers.models import Paper
from papers.services.issuing import paper_correct, paper_issue, paper_void
from papers.services.writing import paper_submit
from tests.papers.making import case_of, issued, step, submitted, written
from tests.strict import StrictClient

pytestmark = pytest.mark.django_db
UNKNOWN = "VB-00000-00000-00"


def words_of(page: str) -> str:
    """The main part without what differs between two papers."""
    main = page.partition("<main")[2].partition("</main>")[0]
    return re.sub(r"[0-9a-f]{64}", "", main)


def test_it_says_no_more_than_it_must(client: StrictClient) -> None:
    paper = issued(case_of(), body="Chuyện riêng.")
    page = client.get(f"/xac-thuc/{paper.check_code}/").content.decode()
    assert bytes(paper.sha256).hex() in page
    assert "Ủy ban nhân dân phường" in page
    # Of every paper, so that it tells nothing of this one
    assert "bản trích sao, bản in không dùng để so mã" in page
    assert f"số thứ tự 01, năm {paper.year} (trang này không ghi ký hiệu)" in page
    for word in ("Chuyện riêng", "Thử Nghiệm", "khiếu nại", "ĐX", paper.case.code, "xử lý đơn"):
        assert word.lower() not in words_of(page).lower(), word


def test_a_denunciation_looks_like_anything_else(client: StrictClient) -> None:
    pages = [
        client.get(f"/xac-thuc/{issued(case_of(kind)).check_code}/").content.decode()
        for kind in ("complaint", "denunciation")
    ]
    assert words_of(pages[0]) == words_of(pages[1])
    assert "tố cáo" not in words_of(pages[1]).lower()
    assert "UBND" not in words_of(pages[1])  # neither sign nor mark of the book


def test_void_and_replaced_say_so(client: StrictClient) -> None:
    case = case_of()
    old = issued(case)
    new = step(paper_correct, old)
    assert (
        "Văn bản này đang có hiệu lực"
        in client.get(f"/xac-thuc/{old.check_code}/").content.decode()
    )
    about = "xử lý đơn (đính chính)"
    new = step(paper_issue, step(paper_submit, written(new, about=about)))
    page = client.get(f"/xac-thuc/{old.check_code}/").content.decode()
    assert "02 / " in page
    assert new.check_code not in page
    step(paper_void, new, reason="Ký nhầm bản.")
    page = client.get(f"/xac-thuc/{new.check_code}/").content.decode()
    assert "không còn giá trị" in page
    assert "Ký nhầm" not in page


def test_unknown_codes_take_the_same_steps(client: StrictClient) -> None:
    submitted(case_of())
    assert Paper.objects.filter(check_code=None).exists()
    counts = set()
    for code in (UNKNOWN, "x", "VB", "HN-00000-00000-00", "%00", "None"):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(f"/xac-thuc/{code}/").status_code == 404
        counts.add(len(queries))
    assert len(counts) == 1


def test_the_code_may_be_typed_carelessly(client: StrictClient) -> None:
    code = issued(case_of()).check_code
    assert client.get(f"/xac-thuc/{code.lower().replace('-', '')}/").status_code == 200


def test_too_many_are_stopped(client: StrictClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "RATE_LIMITS", True)
    monkeypatch.setitem(__import__("common.ratelimit").ratelimit.LIMITS, "verify", (0, 600))
    assert client.get(f"/xac-thuc/{UNKNOWN}/").status_code == 429


def test_in_english(client: StrictClient) -> None:
    client.post("/ngon-ngu/", {"language": "en"})
    page = client.get(f"/xac-thuc/{issued(case_of()).check_code}/").content.decode()
    assert "This paper is in force." in page


def test_an_unknown_code_is_told_and_typed_again(client: StrictClient) -> None:
    answer = client.get(f"/xac-thuc/{UNKNOWN}/")
    page = answer.content.decode()
    assert answer.status_code == 404
    assert "Không có văn bản nào mang mã này" in page
    assert f'value="{UNKNOWN}"' in page
    answer = client.post("/xac-thuc/", {"code": "ô kìa / <b>"})
    assert answer.status_code == 404
    assert "&lt;b&gt;" in answer.content.decode()
    assert client.post("/xac-thuc/", {"code": ""}).status_code == 422


def test_a_code_may_be_typed_by_hand(client: StrictClient) -> None:
    code = issued(case_of()).check_code
    assert 'href="/xac-thuc/"' in client.get("/").content.decode()
    assert client.get("/xac-thuc/").status_code == 200
    page = client.post("/xac-thuc/", {"code": f" {code.lower()} "}, follow=True)
    assert page.redirect_chain == [(f"/xac-thuc/{code}/", 302)]
    assert "Văn bản này đang có hiệu lực" in page.content.decode()
