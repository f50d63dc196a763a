"""The register of outgoing papers: every number of a unit, those of denunciations apart."""

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from common.errors import NotVisible
from communes.models import Unit
from papers.models import Paper
from papers.services.issuing import paper_issue, paper_void
from petitions.models import Case
from reports.models import RegisterFile
from reports.selectors_registers import book_page
from reports.services.batches import batches_run
from tests.papers.making import case_of, corrected, drafted, issued, issued_by_head, proposed, step
from tests.people import OTHER_WARD, PERSON, WARD, access_make, person_make
from tests.receptions.test_papers_pdf import squeezed, text_of
from tests.reports.registering import NOW, ROOT, asked, numbers, rows, signed_in, table
from tests.reports.test_register_batches import fetch, start

pytestmark = pytest.mark.django_db
BOOK, SEALED = ROOT + "van-ban-di/", ROOT + "van-ban-di-to-cao/"
SECRET = "Chuyện kín đáo"
SIGNED = "Nguyễn Thị Niêm Phong"


@pytest.fixture(autouse=True)
def _monday() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def put_right(paper: Paper) -> Paper:
    return step(paper_issue, corrected(paper))


def test_every_number_stands_with_what_became_of_it() -> None:
    case = case_of()
    drafted(case)  # without a number in no book
    first = issued(
        case, about="xử lý đơn của ông A", addressee="Ông A", recipients="- Như trên;\n- Lưu: VT."
    )
    second = put_right(first)
    step(paper_void, issued(case), reason="Ký nhầm bản.")
    found = rows(code="papers")
    assert numbers(found) == ["01/ĐX-UBND-HS", "02/ĐX-UBND-HS", "03/ĐX-UBND-HS"]
    assert found[0][:2] == (
        (
            "01/ĐX-UBND-HS", "23/11/2026", "Phiếu đề xuất", "xử lý đơn của ông A", "Ông A; Lưu: VT",
            "Cán bộ chair", "Được thay thế bằng văn bản số 02/ĐX-UBND-HS", case.code,
        ),
        case.code,
    )  # fmt: skip
    assert [entry.cells[6] for entry in found[1:]] == ["Còn hiệu lực", "Đã hủy: Ký nhầm bản."]
    assert second.replaces_id == first.pk


def test_a_paper_without_words_of_its_own_is_about_its_case() -> None:
    case = proposed("recommendation", subject="Đèn đường hỏng")
    issued(case, "forwarding", addressee="Ủy ban nhân dân phường Thử")
    (entry,) = rows(code="papers")
    assert entry.cells[3] == "Đèn đường hỏng"


def test_who_signed_is_who_stands_below_the_paper() -> None:
    issued_by_head(drafted(proposed(), "proposal", "handler"))
    (entry,) = rows(code="papers")
    assert entry.cells[5] == person_make("handler").full_name


def test_filters_narrow_the_rows() -> None:
    case = case_of()
    issued(case)
    issued(case, "supplement")
    step(paper_void, issued(case), reason="Ký nhầm bản.")
    assert numbers(rows(code="papers", kind="supplement")) == ["01/UBND-HS"]
    assert numbers(rows(code="papers", state="voided")) == ["02/ĐX-UBND-HS"]
    assert numbers(rows(code="papers", state="issued")) == ["01/ĐX-UBND-HS", "01/UBND-HS"]
    assert rows(code="papers", state="replaced") == []
    assert rows(code="papers", until=dt.date(2026, 11, 22)) == []
    client = signed_in("clerk")
    assert client.get(f"{BOOK}?kind=supplement&state=issued").status_code == 200
    for query in ("kind=complaint", "state=open", "kind=denunciation_conclusion"):
        page = client.get(f"{BOOK}?{query}")
        assert (page.status_code, list(page.context["form"].errors)) == (
            422,
            [query[: query.index("=")]],
        )
        assert client.get(f"/api/v1/registers/papers/?{query}").status_code == 400


def test_page_files_and_api_give_the_same_rows(by_token: Callable[[str], Any]) -> None:
    case = case_of()
    issued(case, about='=HYPERLINK("x") #set page(fill: red)')
    client = signed_in("clerk")
    page = client.get(BOOK)
    assert f'href="/can-bo/vu-viec/{case.code}/">01/ĐX-UBND-HS</a>' in page.content.decode()
    (listed,) = page.context["rows"]
    assert table(client.post(BOOK + "tai-ve/", {"format": "xlsx"}))[1][0] == listed.cells[0]
    text = text_of(client.post(BOOK + "tai-ve/", {"format": "pdf"}).content)
    for cell in ("SỔ VĂN BẢN ĐI", *listed.cells):
        assert squeezed(cell) in text, cell
    answer = by_token("clerk").get("/api/v1/registers/papers/").json()
    (row,) = answer["results"]
    assert (row["number"], row["case"], row["state"]) == (
        "01/ĐX-UBND-HS",
        case.code,
        "Còn hiệu lực",
    )


def test_a_months_book_is_made_by_the_batch() -> None:
    issued(case_of())
    batch = start("clerk", "papers")
    assert batches_run() == 2
    assert squeezed("01/ĐX-UBND-HS") in text_of(fetch(batch, 2))
    assert RegisterFile.objects.get(batch=batch, number=1).rows == 1


def test_denunciations_stand_apart_and_nothing_of_them_is_opened(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    issued(case_of())
    before = [rows("handler", "papers"), rows("clerk", "papers")]
    case = case_of("denunciation")
    issued(case, about=SECRET, recipients=SIGNED)
    assert [rows("handler", "papers"), rows("clerk", "papers")] == before
    monkeypatch.setattr("reports.register_issued.content_read", lambda paper: 1 / 0)
    (entry,) = rows(code="denunciation-papers")
    assert entry.cells[:5] == (
        "01/ĐX-UBND-VV", "23/11/2026", "Phiếu đề xuất", "xử lý đơn",
        "Nội dung được giữ kín như đơn của vụ việc.",
    )  # fmt: skip
    assert entry.case_code == case.code
    client = signed_in("clerk")
    texts = [
        client.get(SEALED).content.decode(),
        text_of(client.post(SEALED + "tai-ve/", {"format": "pdf"}).content),
        client.get("/api/v1/registers/denunciation-papers/").content.decode(),
    ]
    for text in texts:
        assert "01/ĐX-UBND-VV" in text
        assert not [word for word in (SECRET, SIGNED, PERSON["full_name"])
                    if word in text or squeezed(word) in text]  # fmt: skip


@pytest.mark.parametrize("who", ["handler", "other_chair", "inspector", "admin"])
def test_who_may_not_see_denunciations_finds_no_sealed_book(who: str) -> None:
    issued(case_of("denunciation"))
    assert signed_in(who).get(f"{SEALED}?unit={WARD}").status_code == 404
    with pytest.raises(NotVisible):
        rows(who, "denunciation-papers")


def test_a_row_stays_when_the_case_has_gone() -> None:
    issued(case_of())
    Case.objects.update(unit=Unit.objects.get(code=OTHER_WARD))
    (entry,) = rows(code="papers")
    assert (entry.cells[0], entry.case_code) == ("01/ĐX-UBND-HS", "")
    assert rows("other_clerk", "papers", unit=Unit.objects.get(code=OTHER_WARD)) == []


def test_queries_do_not_grow_with_the_rows() -> None:
    access = access_make("clerk")

    def count() -> int:
        with CaptureQueriesContext(connection) as found:
            book_page(access, asked("papers"), "", 50)
        return len(found)

    issued(case_of())
    one = count()
    issued(case_of())
    put_right(issued(case_of()))
    assert count() == one <= 4
