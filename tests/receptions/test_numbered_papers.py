"""Form 01/TCD and the written notice under numbers of the portal: gapless, kept, proved."""

import datetime as dt
import hashlib
import os
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from django.conf import settings
from django.test import Client

from common.errors import InvalidInput
from common.time import local_moment
from papers.models import IssuedFile
from papers.services import proving
from papers.subjects import SubjectKind
from petitions.models import RegisterCounter
from receptions.invariants import reception_numbers_taken_have_files
from receptions.models import ReceptionSession, Refusal, SessionEvent, VisitClock, VisitRecord
from receptions.services.refusals import (
    PaperDetails,
    refusal_prepare,
    refusal_send,
)
from receptions.services.visit_entry import Entry
from receptions.services.visit_notices import visit_notice_send
from tests.people import access_make, person_make
from tests.receptions.cast import DAY, session_public
from tests.receptions.cast_day import MORNING, day_with, refuse, row_of
from tests.receptions.cast_visit_case import denounce
from tests.receptions.concluding import DURING, record, visit_of
from tests.receptions.test_papers_pdf import fonts_of, squeezed, text_of
from tests.strict import StrictClient

pytestmark = pytest.mark.django_db
KNOWN = {
    "address": "Số 5, ngõ 12",
    "identity_issued_on": dt.date(2022, 2, 1),
    "identity_issued_by": "Cục Cảnh sát",
}
HIDDEN = "Ông Bryxol nhận phong bì."


def sent(session: ReceptionSession, number: int = 1, typed: str = "", **changes: Any) -> Refusal:
    """The refusal of a visitor, prepared and sent."""
    at = changes.get("at", MORNING)
    refuse(session, number, at=at)
    row = row_of(session, number)
    named = {"access": access_make("clerk"), "session_id": session.public_id, "code": row.code}
    details = PaperDetails(typed, **KNOWN)
    refusal_prepare(**named, version=row.version, details=details, at=at)
    values = {"sent_on": DAY, "at": MORNING} | changes
    return refusal_send(**named, version=row_of(session, number).version, **values)


def notified(visit: VisitRecord, **changes: Any) -> VisitClock:
    values: dict[str, Any] = {"sent_on": DAY, "at": DURING}
    return visit_notice_send(
        access=access_make("clerk"),
        session_id=visit.registration.session.public_id,
        code=visit.registration.code,
        **(values | changes),
    )


def state_session(**changes: Any) -> ReceptionSession:
    return session_public("chair", duty_holder="people_committee_chair", **changes)


def got(path: str, who: str = "clerk") -> bytes:
    client = Client()
    client.force_login(person_make(who))
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/pdf"
    return bytes(answer.content)


def refusal_got(session: ReceptionSession, number: int = 1) -> bytes:
    code = row_of(session, number).code
    return got(f"/can-bo/tiep-dan/{session.public_id}/hom-nay/{code}/tu-choi/mau-01.pdf")


def notice_got(visit: VisitRecord, who: str = "clerk") -> bytes:
    row = visit.registration
    return got(f"/can-bo/tiep-dan/{row.session.public_id}/sau-tiep/{row.code}/thong-bao.pdf", who)


def drawn(name: str, pdf: bytes) -> bytes:
    folder = os.environ.get("PICTURES")
    if folder:
        page = pypdfium2.PdfDocument(pdf)[0]
        page.render(scale=1.4).to_pil().save(Path(folder) / f"{name}.png")
    return pdf


def proof_of(client: StrictClient, pdf: bytes) -> str:
    """The page behind the QR, which knows this file."""
    page = client.get(f"/xac-thuc/{IssuedFile.objects.latest('pk').check_code}/").content.decode()
    assert hashlib.sha256(pdf).hexdigest() in page
    assert "Văn bản này đang có hiệu lực" in page
    return page


def test_a_refusal_without_a_number_takes_one_and_its_file_is_kept(client: StrictClient) -> None:
    session = day_with(2)
    found = sent(session)
    assert found.number == "01/TB-UBND-TCD"
    pdf = drawn("refusal", refusal_got(session))
    for words in ("Số: 01/TB-UBND-TCD", "ngày 10 tháng 12 năm 2026", "Người dân số 1",
                  "Mẫu số 01/TCD", "Kiểm tra văn bản", "/xac-thuc/VB-"):  # fmt: skip
        assert squeezed(words) in text_of(pdf), words
    assert {font.partition("-")[0] for font in fonts_of(pdf)} == {"LiberationSerif"}
    page = proof_of(client, pdf)
    assert "số thứ tự 01, năm 2026" in page
    for never in ("Người dân", "TB-UBND", "TCD"):
        assert never not in page.partition("<main")[2].partition("</main>")[0]
    file = IssuedFile.objects.select_related("issued_by").get()
    assert file.subject == f"{SubjectKind.REFUSAL}:{found.pk}"
    assert file.issued_by == person_make("clerk")
    event = SessionEvent.objects.get(action="receptions.refusal.sent")
    assert event.data["paper"] == found.number
    assert event.data["sha256"] == hashlib.sha256(pdf).hexdigest()
    assert sent(session, 2).number == "02/TB-UBND-TCD"
    # What is recorded later changes no paper that went out.
    Refusal.objects.filter(pk=found.pk).update(explanation="Khác đi.")
    assert refusal_got(session) == pdf
    assert list(reception_numbers_taken_have_files()) == []


def test_a_typed_number_of_a_refusal_makes_no_file() -> None:
    session = day_with(1)
    assert sent(session, typed="12/TB-UBND").number == "12/TB-UBND"
    assert not IssuedFile.objects.exists()
    assert not RegisterCounter.objects.filter(book="reception_refusal").exists()
    text = text_of(refusal_got(session))
    assert squeezed("Số: 12/TB-UBND") in text
    assert squeezed("Kiểm tra văn bản") not in text


def test_a_number_that_is_taken_now_is_of_a_paper_that_goes_out_today() -> None:
    session, later = day_with(1), local_moment(DAY + dt.timedelta(days=1), 9)
    with pytest.raises(InvalidInput) as caught:
        sent(session, at=later)
    assert "sent_on" in caught.value.fields
    assert not IssuedFile.objects.exists()
    visit = visit_of("taken_in", session=state_session(), who="chair")
    with pytest.raises(InvalidInput) as caught:
        notified(visit, at=later)
    assert "sent_on" in caught.value.fields
    assert notified(visit, number="25/TB", at=later).paper_number == "25/TB"


@pytest.mark.parametrize("what", ["refusal", "notice"])
def test_what_fails_leaves_neither_number_nor_file(
    monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    def broken(*_args: Any, **_more: Any) -> tuple[bytes, str]:
        raise RuntimeError("signer")

    session, visit = day_with(2), visit_of("taken_in", session=state_session(), who="chair")
    before = set(Path(settings.MEDIA_ROOT).rglob("*"))
    with monkeypatch.context() as patch:
        patch.setattr(proving, "signed", broken)
        with pytest.raises(RuntimeError):
            sent(session) if what == "refusal" else notified(visit)
    assert not IssuedFile.objects.exists()
    assert set(Path(settings.MEDIA_ROOT).rglob("*")) == before
    books = ("reception_refusal", "visit_notice")
    assert not RegisterCounter.objects.filter(book__in=books).exists()
    assert Refusal.objects.filter(sent_on=None).count() == (what == "refusal")
    assert VisitClock.objects.filter(sent_on=None).count() == 1
    number = sent(session, 2).number if what == "refusal" else notified(visit).paper_number
    assert number.startswith("01/")


def test_a_notice_without_a_number_takes_one_of_its_capacity(client: StrictClient) -> None:
    state = visit_of("taken_in", session=state_session(), who="chair")
    assert notified(state).paper_number == "01/TB-UBND-KQ"
    pdf = drawn("visit_notice", notice_got(state))
    for words in ("Số: 01/TB-UBND-KQ", "ngày 10 tháng 12 năm 2026", "Người dân số 1",
                  "CỘNG HÒA XÃ HỘI", "/xac-thuc/VB-"):  # fmt: skip
        assert squeezed(words) in text_of(pdf), words
    assert "số thứ tự 01, năm 2026" in proof_of(client, pdf)
    party = visit_of("taken_in")
    assert notified(party).paper_number == "01-TB/ĐU-KQ"
    words = text_of(drawn("visit_notice_party", notice_got(party)))
    assert squeezed("ĐẢNG CỘNG SẢN VIỆT NAM") in words
    assert squeezed("Số 01-TB/ĐU-KQ") in words
    books = RegisterCounter.objects.filter(book__startswith="visit_notice").order_by("book")
    assert list(books.values_list("book", "last")) == [
        ("visit_notice", 1),
        ("visit_notice_party", 1),
    ]
    # A record that is corrected afterwards does not change what went out.
    record(state, "forwarded", "chair")
    assert notice_got(state) == pdf
    assert list(reception_numbers_taken_have_files()) == []


def test_a_typed_number_of_a_notice_makes_no_file() -> None:
    visit = visit_of("taken_in")
    assert notified(visit, number=" 25-TB/ĐU ").paper_number == "25-TB/ĐU"
    assert not IssuedFile.objects.exists()
    assert squeezed("Số 25-TB/ĐU") in text_of(notice_got(visit))


def test_a_number_that_no_file_has_is_found() -> None:
    notified(visit_of("taken_in"))
    RegisterCounter.objects.filter(book="visit_notice_party").update(last=2)
    assert list(reception_numbers_taken_have_files()) == ["visit_notice 00004 2026"]


def test_a_notice_from_before_the_visit_went_under_seal_is_for_who_knows(
    client: StrictClient,
) -> None:
    visit = visit_of("taken_in", registration={"topic": HIDDEN})
    VisitRecord.objects.update(content=HIDDEN)
    notified(visit)
    told = notice_got(visit, "secretary")
    assert squeezed("Bryxol") in text_of(told)
    denounce(visit.registration.code)
    original, covered = IssuedFile.objects.order_by("pk")
    assert notice_got(visit, "chair") == told
    shown = notice_got(visit, "secretary")
    assert hashlib.sha256(shown).digest() == bytes(covered.sha256)
    assert "Bryxol" not in text_of(shown)
    # As any other: number, date and QR stay.
    for words in ("Số 01-TB/ĐU-KQ", covered.check_code, "ngày 10 tháng 12"):
        assert squeezed(words) in text_of(shown)
    for file in (original, covered):
        assert "đang có hiệu lực" in client.get(f"/xac-thuc/{file.check_code}/").content.decode()
    assert list(reception_numbers_taken_have_files()) == []


def test_a_record_that_becomes_one_of_a_denunciation_covers_the_notice() -> None:
    visit = visit_of("taken_in", registration={"topic": ""})
    VisitRecord.objects.update(content=HIDDEN)
    notified(visit)
    told = notice_got(visit)
    assert squeezed("Bryxol") in text_of(told)
    record(visit, "taken_in", "clerk", entry=Entry(kind="denunciation", content=HIDDEN))
    shown = notice_got(visit, "secretary")
    assert "Bryxol" not in text_of(shown)
    assert notice_got(visit) == told
    denounce(visit.registration.code)
    assert (notice_got(visit), notice_got(visit, "secretary")) == (told, shown)
    assert IssuedFile.objects.count() == 2


def test_the_pages_ask_for_no_number_and_say_so(time_machine: Any) -> None:
    time_machine.move_to(MORNING, tick=False)
    session, clerk = day_with(1), StrictClient()
    clerk.force_login(person_make("clerk"))
    refuse(session, 1)
    row = row_of(session, 1)
    path = f"/can-bo/tiep-dan/{session.public_id}/hom-nay/{row.code}/tu-choi/"
    assert "Để trống: hệ thống cấp số" in clerk.get(path).content.decode()
    typed = {"number": "", "address": "Số 5", "particulars_missing": "Không xuất trình."}
    answer = clerk.post(path, {"step": "prepare", "version": row.version, **typed})
    assert answer.status_code == 302
    visit = visit_of("taken_in", session=state_session(), who="chair")
    row = visit.registration
    path = f"/can-bo/tiep-dan/{row.session.public_id}/sau-tiep/{row.code}/"
    assert "Để trống: hệ thống cấp số" in clerk.get(path).content.decode()
