"""Form 01/TCD and the written notice under numbers of the portal: gapless, kept, proved."""

import datetime as dt
import hashlib
import os
from functools import partial
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from django.conf import settings
from django.test import Client

from common.errors import Conflict, DomainError, InvalidInput, NotPermitted, NotVisible, Stale
from common.time import local_moment
from papers.models import IssuedFile
from papers.services import proving
from papers.subjects import SubjectKind
from petitions.models import RegisterCounter
from receptions.invariants import reception_numbers_taken_have_files
from receptions.models import ReceptionSession, Refusal, SessionEvent, VisitClock, VisitRecord
from receptions.services.refusals import (
    PaperDetails,
    refusal_issue,
    refusal_prepare,
    refusal_send,
    refusal_undo,
    refusal_void,
)
from receptions.services.visit_entry import Entry
from receptions.services.visit_notices import (
    visit_notice_issue,
    visit_notice_send,
    visit_notice_void,
)
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


def prepared(
    session: ReceptionSession, number: int = 1, at: dt.datetime = MORNING
) -> dict[str, Any]:
    """A refusal in writing with its particulars, as the next step names it."""
    refuse(session, number, at=at)
    row = row_of(session, number)
    named = {"session_id": session.public_id, "code": row.code}
    details = PaperDetails(**KNOWN)
    clerk = access_make("clerk")
    refusal_prepare(access=clerk, **named, version=row.version, details=details, at=at)
    return named


def stepped(session: ReceptionSession, service: Any, who: str, of: int = 1, **said: Any) -> Any:
    """A step of a refusal as of now."""
    row = row_of(session, of)
    named = {"session_id": session.public_id, "code": row.code, "version": row.version}
    return service(access=access_make(who), **({"at": MORNING} | named | said))


def sent(session: ReceptionSession, number: int = 1, typed: str = "", **changes: Any) -> Refusal:
    """The refusal of a visitor, issued unless its number is typed, and handed over."""
    prepared(session, number)
    if not typed:
        stepped(session, refusal_issue, "chair", number)
    stepped(session, refusal_send, "clerk", number, **({"number": typed, "sent_on": DAY} | changes))
    return Refusal.objects.get(registration=row_of(session, number))


def issued(visit: VisitRecord, **changes: Any) -> VisitClock:
    """The written notice under its number, not handed over yet."""
    values: dict[str, Any] = {"version": visit.version, "at": DURING}
    link: VisitClock = noticed(visit, visit_notice_issue, "chair", **(values | changes))
    return link


def notified(visit: VisitRecord, number: str = "", **changes: Any) -> VisitClock:
    """The written notice, issued unless its number is typed, and handed over."""
    if not number:
        issued(visit, version=VisitRecord.objects.get(pk=visit.pk).version)
    values: dict[str, Any] = {"sent_on": DAY, "at": DURING, "number": number}
    link: VisitClock = noticed(visit, visit_notice_send, "clerk", **(values | changes))
    return link


def noticed(visit: VisitRecord, service: Any, who: str, **said: Any) -> Any:
    """A step of the written notice."""
    row = visit.registration
    named = {"session_id": row.session.public_id, "code": row.code}
    return service(access=access_make(who), **named, **said)


def state_session(**changes: Any) -> ReceptionSession:
    return session_public("chair", duty_holder="people_committee_chair", **changes)


def got(path: str, who: str = "clerk") -> bytes:
    client = Client()
    client.force_login(person_make(who))
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/pdf"
    return bytes(answer.content)


def page_got(path: str, who: str = "chair") -> str:
    client = StrictClient()
    client.force_login(person_make(who))
    return client.get(path).content.decode()


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
    assert file.issued_by == person_make("chair")
    event = SessionEvent.objects.get(action="receptions.refusal.issued")
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


def test_a_paper_is_dated_the_day_of_its_issue_and_handed_over_from_then_on() -> None:
    session, later = day_with(1), local_moment(DAY + dt.timedelta(days=1), 9)
    prepared(session)
    stepped(session, refusal_issue, "chair", at=later)
    with pytest.raises(InvalidInput) as caught:
        stepped(session, refusal_send, "clerk", sent_on=DAY, at=later)
    assert "sent_on" in caught.value.fields
    stepped(session, refusal_send, "clerk", sent_on=DAY + dt.timedelta(days=1), at=later)
    assert squeezed("ngày 11 tháng 12 năm 2026") in text_of(refusal_got(session))
    visit = visit_of("taken_in", session=state_session(), who="chair")
    assert notified(visit, number="25/TB", at=later).paper_number == "25/TB"


def test_until_it_is_issued_a_paper_is_a_draft_without_a_number() -> None:
    session = day_with(1)
    prepared(session)
    visit = visit_of("taken_in", session=state_session(), who="chair")
    for name, pdf in (("refusal", refusal_got(session)), ("visit_notice", notice_got(visit))):
        text = text_of(drawn(f"{name}_draft", pdf))
        assert squeezed("DỰ THẢO") in text
        assert squeezed("Kiểm tra văn bản") not in text
        assert squeezed("01/TB") not in text
    stepped(session, refusal_issue, "chair")
    issued(visit)
    kept = [refusal_got(session), notice_got(visit)]
    assert all(squeezed("DỰ THẢO") not in text_of(pdf) for pdf in kept)
    stepped(session, refusal_send, "clerk", sent_on=DAY)
    noticed(visit, visit_notice_send, "clerk", sent_on=DAY, at=DURING)
    # What the visitor got in the hand is what is kept.
    assert [refusal_got(session), notice_got(visit)] == kept


def test_the_head_signs_the_refusal_by_name() -> None:
    session = day_with(1)
    prepared(session)
    stepped(session, refusal_issue, "chair")
    text = text_of(refusal_got(session))
    assert squeezed("CHỦ TỊCH") in text
    assert squeezed("Cán bộ chair") in text
    assert squeezed("THỦ TRƯỞNG CƠ QUAN") not in text


def test_a_recorder_issues_nothing_and_hands_over() -> None:
    session = day_with(1)
    prepared(session)
    visit = visit_of("taken_in", session=state_session(), who="chair")
    for who in ("clerk", "front", "other_chair"):
        with pytest.raises((NotPermitted, NotVisible)):
            stepped(session, refusal_issue, who)
        with pytest.raises((NotPermitted, NotVisible)):
            noticed(visit, visit_notice_issue, who, version=visit.version, at=DURING)
    for call in (
        partial(stepped, session, refusal_send, "clerk", sent_on=DAY),
        partial(noticed, visit, visit_notice_send, "clerk", sent_on=DAY, at=DURING),
    ):
        with pytest.raises(InvalidInput) as caught:
            call()
        assert "number" in caught.value.fields
    stepped(session, refusal_issue, "secretary")
    issued(visit)
    for call in (
        partial(stepped, session, refusal_void, "clerk", reason="Sai."),
        partial(noticed, visit, visit_notice_void, "clerk", reason="Sai.", at=DURING),
    ):
        with pytest.raises(NotPermitted):
            call()
    assert stepped(session, refusal_send, "clerk", sent_on=DAY).sent_on == DAY
    assert noticed(visit, visit_notice_send, "clerk", sent_on=DAY, at=DURING).sent_on == DAY


def test_words_corrected_between_look_and_click_are_not_issued() -> None:
    visit = visit_of("taken_in", session=state_session(), who="chair")
    record(visit, "forwarded", "chair")
    with pytest.raises(Stale):
        issued(visit)
    assert not IssuedFile.objects.exists()


@pytest.mark.parametrize("typed", ["07/TB-UBND-TCD", "7/tb-ubnd-kq", "3 -TB/ĐU-KQ"])
def test_a_number_of_the_portals_own_books_is_not_typed(typed: str) -> None:
    session, visit = day_with(1), visit_of("taken_in", session=state_session(), who="chair")
    with pytest.raises(InvalidInput) as caught:
        sent(session, typed=typed)
    assert "number" in caught.value.fields
    with pytest.raises(InvalidInput) as caught:
        notified(visit, number=typed)
    assert "number" in caught.value.fields


def test_a_void_refusal_is_replaced_by_one_that_names_it() -> None:
    session = day_with(1)
    found = sent(session)
    with pytest.raises(InvalidInput):
        stepped(session, refusal_void, "chair", reason=" ")
    stepped(session, refusal_void, "chair", reason="Sai tên đơn vị.")
    file = IssuedFile.objects.get()
    assert (file.state, file.void_reason) == ("voided", "Sai tên đơn vị.")
    found.refresh_from_db()
    assert (found.number, found.sent_on) == ("", None)
    event = SessionEvent.objects.get(action="receptions.refusal.voided")
    assert event.data == {"number": 1, "paper": "01/TB-UBND-TCD", "on": DAY.isoformat()}
    with pytest.raises(Conflict):
        stepped(session, refusal_void, "chair", reason="Lần nữa.")
    assert squeezed("DỰ THẢO") in text_of(refusal_got(session))
    stepped(session, refusal_issue, "chair", at=MORNING + dt.timedelta(minutes=1))
    text = text_of(drawn("refusal_replaces", refusal_got(session)))
    for words in ("02/TB-UBND-TCD", "thay thế văn bản số 01/TB-UBND-TCD ngày 10/12/2026"):
        assert squeezed(words) in text
    assert list(reception_numbers_taken_have_files()) == []
    page = page_got(
        f"/can-bo/tiep-dan/{session.public_id}/hom-nay/{row_of(session, 1).code}/tu-choi/"
    )
    for words in ("Sai tên đơn vị.", "01/TB-UBND-TCD", "đã giao ngày 10/12/2026"):
        assert words in page


def test_a_void_notice_that_was_sent_is_owed_again_from_the_same_day() -> None:
    visit = visit_of("taken_in", session=state_session(), who="chair")
    first = notified(visit)
    noticed(visit, visit_notice_void, "chair", reason="Sai ngày.", at=DURING)
    assert VisitClock.objects.get(pk=first.pk).sent_on == DAY
    second = VisitClock.objects.exclude(pk=first.pk).get()
    assert second.clock.state == "running"
    assert second.clock.due_on == first.clock.due_on
    issued(visit, at=DURING + dt.timedelta(minutes=1))
    text = text_of(notice_got(visit))
    for words in ("02/TB-UBND-KQ", "thay thế văn bản số 01/TB-UBND-KQ ngày 10/12/2026"):
        assert squeezed(words) in text
    # One that was never sent leaves its limit as it is.
    noticed(visit, visit_notice_void, "chair", reason="Sai nữa.", at=DURING)
    assert VisitClock.objects.count() == 2
    assert list(reception_numbers_taken_have_files()) == []
    row = visit.registration
    page = page_got(f"/can-bo/tiep-dan/{row.session.public_id}/sau-tiep/{row.code}/")
    for words in ("Sai ngày.", "Sai nữa.", "đã giao ngày 10/12/2026", "chờ ban hành"):
        assert words in page.replace("Chờ", "chờ")


def test_while_a_paper_is_in_force_the_refusal_stands() -> None:
    session = day_with(1)
    prepared(session)
    stepped(session, refusal_issue, "chair")
    for service, said in ((refusal_undo, {}), (refusal_prepare, {"details": PaperDetails(**KNOWN)}),
                          (refusal_issue, {})):  # fmt: skip
        with pytest.raises(DomainError) as caught:
            stepped(session, service, "chair", **said)
        assert caught.value.code == "issued"
    stepped(session, refusal_void, "chair", reason="Tiếp công dân.")
    # The number stays visible with its reason, so does what it was taken for.
    with pytest.raises(DomainError) as caught:
        stepped(session, refusal_undo, "clerk")
    assert caught.value.code == "issued"
    stepped(session, refusal_prepare, "clerk", details=PaperDetails(**KNOWN))


@pytest.mark.parametrize("outcome", ["guided", "answered"])
def test_a_notice_that_can_get_no_number_is_not_offered(outcome: str) -> None:
    row = visit_of(outcome, session=state_session(), who="chair").registration
    client = Client()
    client.force_login(person_make("clerk"))
    path = f"/can-bo/tiep-dan/{row.session.public_id}/sau-tiep/{row.code}/"
    assert "thong-bao.pdf" not in client.get(path).content.decode()
    assert client.get(f"{path}thong-bao.pdf").status_code == 404


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


def test_a_record_corrected_to_what_owes_nothing_goes_under_seal_as_any_other() -> None:
    visit = visit_of("taken_in", session=state_session(), who="chair")
    notified(visit)
    record(visit, "guided", "chair")
    record(visit, "guided", "chair", entry=Entry(kind="denunciation", content=HIDDEN))
    original, cover = IssuedFile.objects.order_by("pk")
    assert (original.file, cover.shown_number) == (None, original.shown_number)


def test_a_typed_notice_of_a_record_that_owes_nothing_any_more_is_not_offered() -> None:
    visit = visit_of("taken_in", session=state_session(), who="chair")
    notified(visit, number="7/TB-VP")
    record(visit, "guided", "chair")
    row, client = visit.registration, Client()
    client.force_login(person_make("clerk"))
    path = f"/can-bo/tiep-dan/{row.session.public_id}/sau-tiep/{row.code}/"
    assert "thong-bao.pdf" not in client.get(path).content.decode()
    assert client.get(f"{path}thong-bao.pdf").status_code == 404


def test_another_paper_than_the_one_that_was_looked_at_stays_in_force() -> None:
    visit = visit_of("taken_in", session=state_session(), who="chair")
    number = issued(visit).paper_number
    with pytest.raises(Stale):
        noticed(visit, visit_notice_void, "chair", reason="Sai.", number="09/TB", at=DURING)
    assert IssuedFile.objects.get().state == "issued"
    noticed(visit, visit_notice_void, "chair", reason="Sai.", number=number, at=DURING)
    assert IssuedFile.objects.get().state == "voided"


def test_what_a_void_paper_met_is_owed_when_the_record_owes_it_again() -> None:
    visit = visit_of("taken_in", session=state_session(), who="chair")
    notified(visit)
    noticed(visit, visit_notice_void, "chair", reason="Sai ngày.", at=DURING)
    record(visit, "guided", "chair")
    assert not VisitClock.objects.filter(clock__state="running").exists()
    record(visit, "taken_in", "chair")
    assert VisitClock.objects.filter(clock__state="running").count() == 1


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


def test_the_pages_issue_hand_over_and_declare_void(time_machine: Any) -> None:
    time_machine.move_to(MORNING, tick=False)
    session, clerk, chair = day_with(1), StrictClient(), StrictClient()
    clerk.force_login(person_make("clerk"))
    chair.force_login(person_make("chair"))
    refuse(session, 1)
    path = f"/can-bo/tiep-dan/{session.public_id}/hom-nay/{row_of(session, 1).code}/tu-choi/"
    typed = {"address": "Số 5", "particulars_missing": "Không xuất trình."}
    visit = visit_of("taken_in", session=state_session(), who="chair")
    row = visit.registration
    after = f"/can-bo/tiep-dan/{row.session.public_id}/sau-tiep/{row.code}/"

    def post(client: StrictClient, to: str, step: str, **more: Any) -> int:
        version = row_of(session, 1).version if to == path else visit.version
        return client.post(to, {"step": step, "version": version, **more}).status_code

    assert post(clerk, path, "prepare", **typed) == 302
    for to in (path, after):
        page = clerk.get(to).content.decode()
        assert "Chờ ban hành" in page
        assert 'value="issue"' not in page
        assert post(clerk, to, "issue") == 403
        assert 'value="issue"' in chair.get(to).content.decode()
        assert post(chair, to, "issue") == 302
        page = clerk.get(to).content.decode()
        assert "Đã ban hành" in page
        assert 'value="void"' not in page
        assert post(clerk, to, "send", sent_on=DAY.isoformat()) == 302
        assert post(chair, to, "void") == 422
        assert post(chair, to, "void", reason="Sai tên.") == 302
        assert "Sai tên." in clerk.get(to).content.decode()
