"""The receipt of a petition: what it says, to whom, and that it is the same file for good."""

import datetime as dt
import hashlib
import os
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from attachments.services import attachment_read
from common.time import local_moment
from papers.marks import mark_of
from papers.models import IssuedFile
from papers.receipts import receipt_pdf, received_by
from papers.services import proving
from papers.services.receipts import receipt_issue
from petitions.models import CaseEvent, Letter
from petitions.services.intake import Filed, petition_file
from petitions.timeline import public_case
from tests.browser.steps import PAPER
from tests.papers.signers import signing_on
from tests.people import OTHER_WARD, PERSON, WARD, Story, filing_make, person_make
from tests.petitions.public_walk import step, write
from tests.petitions.test_unnamed import write_unnamed
from tests.receptions.test_papers_pdf import fonts_of, squeezed, text_of
from tests.strict import StrictClient

pytestmark = pytest.mark.django_db
FILED = local_moment(dt.date(2026, 11, 23), 9)
SENT, TRACKED = "/gui-don/bien-nhan/", "/tra-cuu/don/bien-nhan/"
ACCUSED = {"name": "Ông Bị Tố", "unit": WARD, "position": "head"}


def letter_of(kind: str = "complaint", **changes: Any) -> Letter:
    filed = petition_file(filing=filing_make(kind=kind, **changes), at=FILED)
    return Letter.objects.select_related("case__unit").get(code=filed.code)


def issued(letter: Letter) -> bytes:
    return attachment_read(receipt_issue(letter=letter, at=FILED).file)


def drawn(name: str, pdf: bytes) -> bytes:
    folder = os.environ.get("PICTURES")
    if folder:
        page = pypdfium2.PdfDocument(pdf)[0]
        page.render(scale=1.4).to_pil().save(Path(folder) / f"receipt-{name}.png")
    return pdf


def test_it_says_what_came_in_and_when(client: StrictClient) -> None:
    letter = letter_of()
    pdf = drawn("complaint", issued(letter))
    text = text_of(pdf)
    for words in (
        "GIẤY BIÊN NHẬN ĐƠN", "Ủy ban nhân dân phường Ba Đình đã nhận đơn có mã", letter.code,
        "Thời điểm nhận đơn: 09 giờ 00 phút, ngày 23 tháng 11 năm 2026.", "Số tệp gửi kèm: 0.",
        f"{settings.PUBLIC_BASE_URL}/tra-cuu/", "/xac-thuc/VB-",
    ):  # fmt: skip
        assert squeezed(words) in text, words
    for never in (PERSON["address"], PERSON["identity_number"], letter.subject, "thửa đất",
                  PERSON["full_name"], "khiếu nại", "chậm nhất"):  # fmt: skip
        assert squeezed(never) not in text, never
    assert len(pypdfium2.PdfDocument(pdf)) == 1
    assert {font.partition("-")[0] for font in fonts_of(pdf)} == {"LiberationSerif"}
    file = IssuedFile.objects.get()
    page = client.get(f"/xac-thuc/{file.check_code}/").content.decode()
    assert hashlib.sha256(pdf).hexdigest() in page
    assert letter.code not in page
    assert letter.code not in (file.subject, file.file.name)


def neutral(letter: Letter) -> str:
    """The words but for the codes and the head, which names who received it."""
    text = text_of(drawn(f"{letter.kind}-{letter.case.unit.code}", issued(letter)))
    file = IssuedFile.objects.order_by("pk").last()
    assert file is not None
    for own in (letter.code, file.check_code):
        text = text.replace(squeezed(own), "")
    return text


def test_the_receipt_of_a_denunciation_is_that_of_any_petition(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Nothing tells it, neither a word nor one that is lacking, nor the size of the file: a
    complaint, an opinion and a denunciation, with and without a name, under one code."""
    monkeypatch.setattr(proving, "mark_of", lambda _code, at: mark_of("VB-00000-00000-00", at))
    about = {"respondent": ACCUSED | {"unit": OTHER_WARD}}
    letters = [
        letter_of(),
        letter_of("feedback", respondent=None),
        letter_of("denunciation", **about),
        letter_of("denunciation", petitioners=[], **about),
    ]
    texts, sizes = set(), set()
    for letter in letters:
        letter.code = "HN-00000-00000-00"
        pdf = drawn(f"of-{letter.pk}", issued(letter))
        texts.add(text_of(pdf))
        sizes.add(len(pdf))
    assert len(texts) == 1
    assert max(sizes) - min(sizes) < 16
    for never in ("tố cáo", "khiếu nại", "Loại đơn", "Người gửi", PERSON["full_name"],
                  "chậm nhất", "Điều", "Ông Bị Tố"):  # fmt: skip
        assert squeezed(never).lower() not in next(iter(texts)).lower(), never


def test_a_letter_that_went_elsewhere_has_the_receipt_of_that_body() -> None:
    """Neither the unit that was addressed nor that it was passed over stands on it."""
    letter = letter_of("denunciation", respondent=ACCUSED)
    assert letter.addressed_unit.code == WARD != letter.case.unit.code
    rerouted = neutral(letter)
    assert squeezed(letter.addressed_unit.name) not in rerouted
    straight = letter_of("denunciation", respondent=ACCUSED, unit=letter.case.unit.code)
    assert "rerouted" not in straight.case.flags
    assert neutral(straight) == rerouted


def test_it_is_made_once_and_names_who_received_it_then() -> None:
    letter = letter_of()
    first = issued(letter)
    Story(Filed(letter.code, "", {})).do("clerk", "receive", is_signed=True)
    letter.case.unit_id = letter_of(unit=OTHER_WARD, respondent=None, kind="feedback").case.unit_id
    assert received_by(letter).code == WARD
    assert receipt_issue(letter=letter).file_id == IssuedFile.objects.get().file_id
    assert issued(letter) == first
    events = CaseEvent.objects.filter(action="petitions.letter.receipt_issued")
    assert [event.data for event in events] == [{}]
    titles = [entry["title"] for entry in public_case(letter)["timeline"]]
    assert len(titles) == 2


def test_a_failure_leaves_no_file_and_no_trace(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_args: Any, **_more: Any) -> tuple[bytes, str]:
        raise RuntimeError("signer")

    letter = letter_of()
    before = set(Path(settings.MEDIA_ROOT).rglob("*"))
    monkeypatch.setattr(proving, "signed", broken)
    with pytest.raises(RuntimeError):
        receipt_issue(letter=letter, at=FILED)
    assert not IssuedFile.objects.exists()
    assert not CaseEvent.objects.filter(action__endswith="receipt_issued").exists()
    assert set(Path(settings.MEDIA_ROOT).rglob("*")) == before


def test_the_case_is_not_held_while_it_is_signed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A time stamp service may answer late: officers go on with the case meanwhile."""
    letter = letter_of()
    held: list[str] = []

    def signing(pdf: bytes, **_more: Any) -> tuple[bytes, str]:
        held.extend(query["sql"] for query in found.captured_queries)
        return pdf, ""

    monkeypatch.setattr(proving, "signed", signing)
    with CaptureQueriesContext(connection) as found:
        receipt_issue(letter=letter, at=FILED)
    assert held
    assert not [sql for sql in held if "FOR NO KEY UPDATE" in sql or "FOR UPDATE" in sql]
    assert any("FOR NO KEY UPDATE" in query["sql"] for query in found.captured_queries)


def test_whoever_sent_it_reads_no_words_of_the_office(
    client: StrictClient, settings: Any, tmp_path: Path
) -> None:
    write(client, "nguoi-gui")
    client.post(step("kiem-tra"))
    signing_on(settings, tmp_path, PAPER_SIGNING_PASSWORD="sai")
    answer = client.post(SENT)
    page = answer.content.decode()
    assert answer.status_code == 503
    assert "Hiện chưa lập được giấy biên nhận. Đơn đã được tiếp nhận" in page
    for word in ("ký số", "ban hành", "số văn bản", "quản trị"):
        assert word not in page.partition("<main")[2].partition("</main>")[0]
    answer = counter_of(Letter.objects.select_related("case").get(), "clerk")
    assert "ký số" in answer.content.decode()


def test_queries_do_not_grow_with_the_people_and_files(
    django_assert_max_num_queries: Any,
) -> None:
    letter = letter_of(petitioners=[PERSON, {**PERSON, "email": ""}])
    unit = received_by(letter)
    with django_assert_max_num_queries(1):
        receipt_pdf(letter, unit, FILED, mark_of("VB-00000-00000-00"))


def got(answer: Any) -> bytes:
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == 'attachment; filename="giay-bien-nhan.pdf"'
    assert "no-store" in answer["Cache-Control"]
    return bytes(answer.content)


@pytest.mark.parametrize("kind", ["complaint", "denunciation"])
def test_from_the_page_after_sending_and_from_tracking(client: StrictClient, kind: str) -> None:
    write(client, "nguoi-gui", loai={"kind": kind})
    client.post(step("tep"), {"uploads": [SimpleUploadedFile("a.pdf", PAPER)], "upload": "1"})
    client.post(step("kiem-tra"))
    page = client.get("/gui-don/xong/").content.decode()
    assert f'action="{SENT}"' in page
    first = got(client.post(SENT))
    assert squeezed("Số tệp gửi kèm: 1.") in text_of(first)
    secret = page.partition("Mã bí mật")[2].partition('big-code">')[2].partition("<")[0]
    assert len(secret) > 20
    assert squeezed(secret) not in text_of(first)
    code = Letter.objects.get().code
    other = StrictClient()
    assert other.post(TRACKED)["Location"] == "/tra-cuu/"
    other.post("/tra-cuu/", {"code": code, "secret": secret})
    assert f'action="{TRACKED}"' in other.get("/tra-cuu/don/").content.decode()
    assert got(other.post(TRACKED)) == first
    assert IssuedFile.objects.get().issued_by is None
    for url in (SENT, TRACKED):
        assert client.get(url).status_code == 405


def test_the_button_looks_alike_whatever_was_sent(client: StrictClient) -> None:
    """The tracking page says the same of the receipt of every letter, without a name too."""
    sections = set()
    for kind in ("complaint", "feedback", "denunciation"):
        filed = petition_file(filing=filing_make(kind=kind))
        client.post("/tra-cuu/", {"code": filed.code, "secret": filed.secret})
        page = client.get("/tra-cuu/don/").content.decode()
        section = page.partition('aria-labelledby="receipt"')[2].partition("</section>")[0]
        sections.add(section.partition('name="csrfmiddlewaretoken"')[0])
    assert len(sections) == 1
    visitor = StrictClient()
    write_unnamed(visitor)
    visitor.post(step("kiem-tra"))
    assert "Ông (bà)" not in text_of(got(visitor.post(SENT)))


def test_nothing_was_sent_nothing_is_given(client: StrictClient) -> None:
    assert client.post(SENT)["Location"] == "/gui-don/"
    assert not IssuedFile.objects.exists()


def test_too_many_are_stopped(client: StrictClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "RATE_LIMITS", True)
    monkeypatch.setitem(__import__("common.ratelimit").ratelimit.LIMITS, "receipt", (0, 3600))
    for url in (SENT, TRACKED):
        assert client.post(url).status_code == 429


def counter_of(letter: Letter, who: str) -> Any:
    client = Client()
    client.force_login(person_make(who))
    return client.post(f"/can-bo/vu-viec/{letter.case.code}/bien-nhan/{letter.code}/")


def test_the_counter_gives_the_receipt_of_what_the_unit_holds() -> None:
    letter = letter_of()
    first = got(counter_of(letter, "clerk"))
    assert got(counter_of(letter, "clerk")) == first
    assert issued(letter) == first
    file = IssuedFile.objects.select_related("issued_by").get()
    assert file.issued_by == person_make("clerk")
    assert counter_of(letter, "chair").status_code == 403
    assert counter_of(letter, "other_clerk").status_code == 404
    elsewhere = letter_of("denunciation", respondent=ACCUSED)
    assert counter_of(elsewhere, "clerk").status_code == 404


def test_the_counter_gives_none_without_a_name_nor_of_a_copy() -> None:
    about = ACCUSED | {"unit": OTHER_WARD}
    letter = letter_of("denunciation", petitioners=[], respondent=about)
    assert counter_of(letter, "clerk").status_code == 403
    copy = letter_of()
    Letter.objects.filter(pk=copy.pk).update(origin=letter)
    assert counter_of(copy, "clerk").status_code == 404
    assert not IssuedFile.objects.exists()


def test_the_button_stands_where_the_letter_is_and_after_registering() -> None:
    letter = letter_of()
    button = f"/can-bo/vu-viec/{letter.case.code}/bien-nhan/{letter.code}/"
    for who, shown in (("clerk", True), ("chair", False)):
        client = StrictClient()
        client.force_login(person_make(who))
        page = client.get(f"/can-bo/vu-viec/{letter.case.code}/").content.decode()
        assert (f'action="{button}"' in page) is shown, who
