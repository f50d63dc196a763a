"""Registers as files: what the page lists, harmless, recorded before it is sent."""

import datetime as dt
from collections.abc import Callable, Iterator

import pytest
import time_machine

from common import table_papers
from common.errors import InvalidInput
from common.table_papers import TablePaper, table_pdf
from receptions.models import RegisterEvent
from reports.registers import BOOKS, BY_CODE
from reports.services.batches import batches_run
from reports.views_registers import book_href
from tests.people import PERSON, Story
from tests.receptions.test_papers_pdf import fonts_of, squeezed, text_of
from tests.reports.registering import LETTERS, NOW, signed_in, table
from tests.reports.test_register_batches import fetch, history, start

pytestmark = pytest.mark.django_db
Tell = Callable[..., Story]
FILE = LETTERS + "tai-ve/"
HOSTILE = '=HYPERLINK("x") #set page(fill: red) $x$ *đậm* _nghiêng_ `m` @ref <label> // \\ ] ['
PAPER = TablePaper("Sổ thử", "Phường Thử", "11/2026", "", ["STT", "Nội dung"], [1, 4])


@pytest.fixture(autouse=True)
def _monday() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def test_both_files_hold_what_the_page_lists(story: Tell) -> None:
    story().accepted()
    story(kind="feedback").do("clerk", "receive", is_signed=True)
    client = signed_in("clerk")
    asked = {"period": "month", "kind": "complaint"}
    listed = [list(entry.cells) for entry in client.get(LETTERS, asked).context["rows"]]
    sheet = client.post(FILE, asked | {"format": "xlsx"})
    assert table(sheet) == [BY_CODE["letters"].labels, *listed]
    assert "so-tiep-nhan-don-00004-2026-11-23.xlsx" in sheet["Content-Disposition"]
    paper = client.post(FILE, asked | {"format": "pdf"})
    assert paper["Content-Type"] == "application/pdf"
    text = text_of(paper.content)
    for word in ("SỔ TIẾP NHẬN ĐƠN", "01/11/2026 – 30/11/2026", "Số vào sổ", "Ghi chú", "trang 1/1",
                 *listed[0][:4]):  # fmt: skip
        assert squeezed(word) in text, word


def test_every_download_is_recorded_with_its_filters_and_rows(story: Tell) -> None:
    story().accepted()
    client = signed_in("clerk")
    client.post(FILE, {"period": "year", "format": "pdf"})
    event = RegisterEvent.objects.get()
    assert event.actor.username == "clerk"
    assert event.data == {
        "book": "letters", "rows": 1, "since": "2026-01-01", "until": "2026-12-31",
        "format": "pdf", "kind": "", "field": "", "state": "",
    }  # fmt: skip
    assert "Cán bộ clerk · PDF · 1 dòng" in client.get(LETTERS).content.decode()


@pytest.mark.parametrize("code", BY_CODE)
def test_whatever_is_taken_of_any_register_is_an_event(code: str) -> None:
    """As a file of its page, or of a batch."""
    page = book_href(BY_CODE[code]) + "tai-ve/"
    for file_format in ("xlsx", "pdf"):
        answer = signed_in("chair").post(page, {"format": file_format})
        assert answer.status_code == 200
        event = RegisterEvent.objects.order_by("-sequence").first()
        assert event is not None
        assert (event.data["format"], event.actor.username) == (file_format, "chair")
    assert RegisterEvent.objects.count() == 2
    batch = start("chair", code)
    batches_run()
    for number in (1, 2):
        fetch(batch, number, "chair")
    assert history(batch) == ["started", "done", "fetched", "fetched"]


def test_a_form_that_is_wrong_gives_no_file_and_no_event() -> None:
    client = signed_in("clerk")
    for body in ({"format": "exe"}, {}, {"format": "pdf", "state": "x"}):
        assert client.post(FILE, body).status_code == 400
    assert client.get(FILE).status_code == 405
    assert not RegisterEvent.objects.exists()


def test_hostile_text_is_text(story: Tell) -> None:
    long = "ế" * 60
    people = [PERSON | {"full_name": "=1+1 Nguyễn \u202eVăn", "address": f"@SUM(A1) {long}"}]
    story(subject=HOSTILE, petitioners=people).do("clerk", "receive", is_signed=True)
    client = signed_in("clerk")
    sheet = client.post(FILE, {"format": "xlsx"})
    row = table(sheet)[1]
    assert row[7] == HOSTILE
    assert row[3].startswith("=1+1")  # a text cell: the reader would mark a formula
    paper = client.post(FILE, {"format": "pdf"}).content
    text = text_of(paper)
    assert squeezed(HOSTILE) in text
    assert long in text
    assert fonts_of(paper) <= {"LiberationSerif", "LiberationSerif-Bold", "LiberationSerif-Italic"}
    page = client.get(LETTERS).content.decode()
    assert "&lt;label&gt;" in page


def test_the_head_comes_back_on_every_page() -> None:
    pdf = table_pdf(PAPER, ([str(number), f"Dòng {number}"] for number in range(200)))
    text = text_of(pdf)
    pages = text.count(squeezed("Phường Thử – Sổ thử – trang"))
    assert pages > 1
    assert text.count(squeezed("Nội dung")) == pages
    assert f"trang{pages}/{pages}" in text
    assert "Dòng199" in text


def test_a_pdf_of_too_many_rows_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table_papers, "ROWS_MAX", 3)
    assert table_pdf(PAPER, [["1", "a"]] * 3)
    with pytest.raises(InvalidInput) as caught:
        table_pdf(PAPER, [["1", "a"]] * 4)
    assert "tệp XLSX" in str(caught.value.fields["format"][0])


def test_an_empty_register_is_a_paper_too() -> None:
    answer = signed_in("clerk").post(FILE, {"format": "pdf", "day": "2025-01-01"})
    assert squeezed("Không có mục nào trong kỳ này.") in text_of(answer.content)


def test_every_register_says_how_wide_its_columns_are() -> None:
    for book in BOOKS:
        assert len(book.labels) == len(book.shares) == len({column.key for column in book.columns})
        assert sum(book.shares) in range(90, 125)


def test_03_tcd_comes_as_pdf_too() -> None:
    path = "/can-bo/tiep-dan/so-tiep-cong-dan/"
    client = signed_in("chair")
    answer = client.post(path + "tai-ve/", {"format": "pdf"})
    assert answer["Content-Type"] == "application/pdf"
    assert squeezed("Mẫu số 03/TCD") in text_of(answer.content)
    assert RegisterEvent.objects.get().data["format"] == "pdf"
    assert dt.date.fromisoformat(RegisterEvent.objects.get().data["since"])
