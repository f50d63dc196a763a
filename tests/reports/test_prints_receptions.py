"""Papers of receptions as one PDF: apart from papers of cases, as the books are, and what is under
seal never in an open file."""

import datetime as dt
from collections.abc import Iterator

import pytest
import time_machine

from common.errors import Conflict, NotVisible
from common.papers import paper_pdf
from communes.models import Unit
from papers.models import IssuedFile
from papers.services.proving import file_cover, file_issue, file_void, proved
from papers.subjects import SubjectKind, subject_of
from reports.models import RegisterBatch
from reports.registers import BY_CODE
from reports.services.batches import batches_run
from reports.services.prints import print_again, print_start
from tests.people import WARD, access_make, person_make
from tests.receptions.cast import DAY
from tests.receptions.concluding import DURING, issued, row
from tests.receptions.test_papers_pdf import squeezed, text_of
from tests.reports.registering import ROOT, signed_in
from tests.reports.test_register_batches import fetch, now_of

pytestmark = pytest.mark.django_db
PAGE = ROOT + "in-van-ban/"
CONCLUSIONS, PAPERS = "reception-conclusions", "reception-papers"
REFUSED = subject_of(SubjectKind.REFUSAL, 7)


@pytest.fixture(autouse=True)
def _day() -> Iterator[None]:
    with time_machine.travel(DURING + dt.timedelta(hours=3), tick=False):
        yield


def pdf(words: str) -> bytes:
    facts = {"title": words, "unit": "Phường Thử", "period": "", "basis": "", "empty": ""}
    return paper_pdf("register", facts | {"rows": [["1"]], "shares": [1], "columns": ["Số"]})


def kept(subject: str, words: str, number: str) -> IssuedFile:
    """A file of the ward, issued on the day."""
    with proved():
        return file_issue(
            subject=subject, unit=Unit.objects.get(code=WARD), number=number,
            by=person_make("chair"), at=DURING, render=lambda _mark: pdf(words),
        )  # fmt: skip


def order(book: str, who: str = "clerk") -> RegisterBatch:
    ward = Unit.objects.get(code=WARD)
    return print_start(access=access_make(who), unit=ward, book=BY_CODE[book], day=DAY)


def said(batch: RegisterBatch, who: str = "clerk") -> str:
    batches_run()
    return text_of(fetch(batch, 1, who))


def test_conclusions_and_papers_to_visitors_each_from_their_book() -> None:
    notice = issued(row(what="Kiểm tra thực địa ngõ đi chung."))
    kept(REFUSED, "Từ chối tiếp", "05/TB-UBND")
    kept(subject_of(SubjectKind.VISIT_NOTICE, 3), "Trả lời sau buổi tiếp", "06/TB-UBND")
    kept(subject_of(SubjectKind.MINUTES, 3), "Biên bản", "")
    client = signed_in("clerk")
    asked = {"unit": WARD, "book": CONCLUSIONS, "day": DAY.isoformat()}
    page = client.get(PAGE, asked).content.decode()
    assert page.count('name="paper"') == 1
    assert notice.shown_number in page
    assert "Mã vụ việc" not in page
    assert client.post(PAGE, asked | {"do": "all"}).status_code == 302
    text = said(RegisterBatch.objects.get())
    assert squeezed("Kiểm tra thực địa ngõ đi chung.") in text
    assert squeezed("Từ chối tiếp") not in text
    text = said(order(PAPERS))
    for words, is_there in (
        ("Từ chối tiếp", True), ("Trả lời sau buổi tiếp", True),
        ("Biên bản", False), ("Kiểm tra thực địa", False),
    ):  # fmt: skip
        assert (squeezed(words) in text) is is_there, words


def test_only_whoever_receives_or_registers_prints_them() -> None:
    kept(REFUSED, "Từ chối tiếp", "05/TB-UBND")
    batch = order(PAPERS)
    batches_run()
    for who in ("handler", "inspector", "other_clerk"):
        with pytest.raises(NotVisible):
            order(PAPERS, who)
        sent = {"unit": WARD, "book": PAPERS, "day": DAY.isoformat(), "do": "all"}
        assert signed_in(who).post(PAGE, sent).status_code in (404, 422)
        with pytest.raises(NotVisible):
            fetch(batch, 1, who)
    assert RegisterBatch.objects.count() == 1


def test_of_what_is_under_seal_everybody_prints_the_cover() -> None:
    original = kept(REFUSED, "Tố cáo ông A", "05/TB-UBND")
    before = order(PAPERS)
    assert squeezed("Tố cáo ông A") in said(before)
    with proved():
        cover = file_cover(original, render=lambda _mark: pdf("Che lời"))
    with pytest.raises(Conflict):
        fetch(before, 1)
    again = print_again(access=access_make("clerk"), public_id=before.public_id)
    assert again.papers == [cover.pk]
    batches_run()
    for batch, who in ((again, "clerk"), (order(PAPERS, "chair"), "chair")):
        text = said(batch, who)
        assert squeezed("Che lời") in text
        assert squeezed("Tố cáo") not in text


def test_what_is_void_or_replaced_is_not_given_any_more() -> None:
    kept(REFUSED, "Bản đầu", "05/TB-UBND")
    batch = order(PAPERS)
    batches_run()
    later = kept(REFUSED, "Bản sau", "06/TB-UBND")
    with pytest.raises(Conflict):
        fetch(batch, 1)
    again = print_again(access=access_make("clerk"), public_id=batch.public_id)
    assert again.papers == [later.pk]
    file_void(REFUSED, "Ký nhầm bản.")
    batches_run()
    assert now_of(again).files.get().fault == "nothing"
