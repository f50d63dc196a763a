"""Papers of receptions are kept as they were issued, and proved by the page behind their QR."""

import datetime as dt
import hashlib
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.files.storage import default_storage
from django.urls import reverse
from pyhanko.pdf_utils.reader import PdfFileReader

from attachments.models import Attachment
from attachments.services import attachment_read
from papers.invariants import paper_files_are_those_issued
from papers.models import IssuedFile
from papers.selectors_proofs import file_last, file_of, file_read
from papers.signing import SigningFailed
from papers.subjects import SubjectKind, covered, subject_of
from petitions.models import Letter, RegisterCounter
from receptions.invariants_conclusions import issued_notice_has_its_file
from receptions.kept_files import minutes_kept, notice_for_citizen, notice_kept, receipt_kept
from receptions.models import ConclusionNotice, Minutes, VisitRecord
from receptions.services.conclusions import notice_issue
from receptions.services.minutes import (
    minutes_addendum_add,
    minutes_save,
    minutes_sign,
    minutes_visitor_sign,
)
from receptions.services.papers_taken import Paper, paper_give_back, paper_take
from receptions.services.visit_entry import Entry
from receptions.services.visits import Visit, session_record
from tests.papers.signers import judged, signing_on, stamp_service
from tests.people import access_make, person_make
from tests.receptions.cast import NOW
from tests.receptions.cast_day import MORNING, call_next, day_with, row_of
from tests.receptions.concluding import DURING, drafted, issued, record, row, visit_of, ward
from tests.receptions.test_papers_pdf import squeezed, text_of
from tests.receptions.test_visit_sealing import HIDDEN, UNTIL, complain, denounce, full
from tests.strict import StrictClient

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _during() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        person_make("secretary")
        yield


def page_of(client: StrictClient, file: IssuedFile) -> str:
    page = client.get(f"/xac-thuc/{file.check_code}/").content.decode()
    return page.partition("<main")[2].partition("</main>")[0]


def of_notice(notice: ConclusionNotice, *, is_covered: bool = False) -> IssuedFile:
    subject = subject_of(SubjectKind.CONCLUSION, notice.public_id)
    found = file_last(covered(subject) if is_covered else subject)
    assert found is not None
    return found


def act(service: Any, visit: VisitRecord, who: str = "secretary", **values: Any) -> Any:
    registration = visit.registration
    session_id = registration.session.public_id
    given = {"access": access_make(who), "session_id": session_id, "code": registration.code}
    return service(**given, **{"at": DURING} | values)


def signed(visit: VisitRecord, text: str = "Nội dung biên bản.") -> IssuedFile:
    act(minutes_save, visit, version=0, text=text)
    act(minutes_sign, visit, version=1)
    assert file_of(subject_of(SubjectKind.MINUTES, visit.pk)) is None
    act(minutes_visitor_sign, visit, version=2, how="paper")
    return of_minutes(visit)


def of_minutes(visit: VisitRecord) -> IssuedFile:
    found = file_of(subject_of(SubjectKind.MINUTES, visit.pk))
    assert found is not None
    return found


def made_on(pdf: bytes) -> Any:
    return PdfFileReader(io.BytesIO(pdf)).trailer["/Info"]["/CreationDate"]


def test_a_notice_is_downloaded_as_it_was_issued(client: StrictClient) -> None:
    notice = issued()
    file = of_notice(notice)
    data = attachment_read(file.file)
    assert f"xac-thuc/{file.check_code}" in text_of(data)
    assert "DỰTHẢO" not in text_of(data)
    page = page_of(client, file)
    assert hashlib.sha256(data).hexdigest() in page
    assert f"số thứ tự {notice.number:02d}, năm 2026" in page
    assert "đang có hiệu lực" in page
    assert "kết luận" not in page.lower()
    client.force_login(person_make("secretary"))
    body = client.get(reverse("receptions_staff:notice_file", args=[notice.public_id])).content
    assert body == data
    assert list(issued_notice_has_its_file()) == list(paper_files_are_those_issued()) == []


def test_a_replaced_notice_names_the_later_one(client: StrictClient) -> None:
    old = issued()
    new = issued(session=old.session, replaces=old.public_id)
    page = page_of(client, of_notice(old))
    assert "đã được thay thế" in page
    assert f"{new.number:02d} / 2026" in page
    assert notice_kept(access_make("secretary"), old) == attachment_read(of_notice(old).file)


def test_the_citizen_gets_the_file_or_an_extract_of_the_same_code() -> None:
    whole = issued()
    assert notice_for_citizen(whole) == attachment_read(of_notice(whole).file)
    notice = issued(row(), row(what="Họp nội bộ.", is_internal=True), session=whole.session)
    text = text_of(notice_for_citizen(notice))
    assert squeezed("TRÍCH SAO") in text
    assert squeezed("Họp nội bộ") not in text
    assert of_notice(notice).check_code in text


def test_one_of_before_prints_as_before(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("receptions.services.conclusions.notice_file", lambda notice: None)
        old = issued()
    assert notice_kept(access_make("secretary"), old) is None
    assert "xac-thuc" not in text_of(notice_for_citizen(old))
    later = issued(session=old.session)
    assert list(issued_notice_has_its_file()) == []
    with monkeypatch.context() as patch:
        patch.setattr("receptions.services.conclusions.notice_file", lambda notice: None)
        lacking = issued(session=later.session)
    assert list(issued_notice_has_its_file()) == [str(lacking.public_id)]


def test_a_withdrawn_notice_is_void(client: StrictClient) -> None:
    visit = visit_of("conclusion", conclusion="Giao phường.", responsible_unit=ward(), due_on=UNTIL)
    notice = ConclusionNotice.objects.get(visit=visit)
    record(visit, "answered")
    assert "không còn giá trị" in page_of(client, of_notice(notice))


def test_what_cannot_be_signed_is_not_issued(settings: Any, tmp_path: Path) -> None:
    draft, access = drafted(), access_make("secretary")
    given = {"access": access, "public_id": draft.public_id, "version": 1, "at": DURING}
    signing_on(settings, tmp_path)
    with stamp_service(status=500) as settings.PAPER_SIGNING_TSA, pytest.raises(SigningFailed):
        notice_issue(**given)
    assert not RegisterCounter.objects.filter(book="conclusion_party").exists()
    assert not IssuedFile.objects.exists()
    assert not Attachment.objects.exists()
    settings.PAPER_SIGNING_TSA = ""
    notice_issue(**given)
    notice = ConclusionNotice.objects.get()
    assert notice.number == 1
    assert judged(attachment_read(of_notice(notice).file)).intact


def test_minutes_are_kept_with_both_words_and_anew_with_a_correction(client: StrictClient) -> None:
    visit = visit_of()
    old = signed(visit)
    assert minutes_kept(access_make("secretary"), visit) == attachment_read(old.file)
    act(minutes_addendum_add, visit, text="Số thửa đúng là 21.", at=DURING + dt.timedelta(hours=1))
    new = of_minutes(visit)
    assert new.replaces == old
    text = text_of(minutes_kept(access_make("secretary"), visit) or b"")
    assert squeezed("Số thửa đúng là 21.") in text
    assert new.check_code in text
    assert "đã được thay thế" in page_of(client, old)
    page = page_of(client, new)
    assert "văn bản không có số" in page
    assert "biên bản" not in page.lower()
    path = reverse(
        "receptions_staff:minutes_file",
        args=[visit.registration.session.public_id, visit.registration.code],
    )
    client.force_login(person_make("secretary"))
    assert client.get(path).content == attachment_read(new.file)
    client.force_login(person_make("front"))
    assert client.get(path).status_code == 403


def test_the_receipt_follows_its_lines(client: StrictClient) -> None:
    session = day_with(1)
    call_next(session)
    visitor = row_of(session, 1)
    given = {"access": access_make("clerk"), "session_id": session.public_id, "at": MORNING}
    for name in ("Đơn khiếu nại", "Giấy chứng nhận"):
        paper_take(code=visitor.code, paper=Paper(name, 3, "original"), **given)
    first, second = IssuedFile.objects.order_by("pk")
    assert second.replaces == first
    body = receipt_kept(access_make("clerk"), visitor) or b""
    assert second.check_code in text_of(body)
    assert squeezed("Giấy chứng nhận") in text_of(body)
    client.force_login(person_make("clerk"))
    path = reverse("receptions_staff:papers_receipt", args=[session.public_id, visitor.code])
    assert client.get(path).content == body
    paper_give_back(code=visitor.code, position=1, **given)
    assert squeezed("Đơn khiếu nại") not in text_of(
        receipt_kept(access_make("clerk"), visitor) or b""
    )
    paper_give_back(code=visitor.code, position=2, **given)
    last = IssuedFile.objects.latest("pk")
    assert "không còn giá trị" in page_of(client, last)
    assert "đã được thay thế" in page_of(client, second)


def test_whoever_must_not_know_gets_a_file_like_any_other(client: StrictClient) -> None:
    visit = visit_of("conclusion", conclusion=HIDDEN, responsible_unit=ward(), due_on=UNTIL)
    notice = ConclusionNotice.objects.get(visit=visit)
    other = issued(row(code="00004"), session=notice.session)
    original = notice_kept(access_make("secretary"), notice)
    with time_machine.travel(NOW + dt.timedelta(days=2), tick=False):
        denounce(visit)
    notice = ConclusionNotice.objects.select_related("session", "visit__case").get(pk=notice.pk)
    assert notice_kept(access_make("chair"), notice) == original
    data = notice_kept(access_make("secretary"), notice) or b""
    assert squeezed("Bryxol") not in text_of(data)
    file = of_notice(notice, is_covered=True)
    assert file.check_code in text_of(data)
    assert hashlib.sha256(data).digest() == bytes(file.sha256)
    assert made_on(data) == made_on(attachment_read(of_notice(other).file))
    pages = [
        page_of(client, one).replace(bytes(one.sha256).hex(), "HASH")
        for one in (file, of_notice(notice))
    ]
    assert pages[0] == pages[1]


def test_a_notice_that_was_replaced_before_is_covered_like_the_later_one(
    client: StrictClient,
) -> None:
    visit = visit_of("conclusion", conclusion=HIDDEN, responsible_unit=ward(), due_on=UNTIL)
    old = ConclusionNotice.objects.get(visit=visit)
    new = issued(session=old.session, replaces=old.public_id)
    denounce(visit)
    for notice in ConclusionNotice.objects.select_related("session", "visit__case").order_by("pk"):
        data = notice_kept(access_make("secretary"), notice) or b""
        cover = of_notice(notice, is_covered=True)
        assert hashlib.sha256(data).digest() == bytes(cover.sha256)
        assert of_notice(notice).file is None
        assert cover.state == of_notice(notice).state
    assert "đã được thay thế" in page_of(client, of_notice(old, is_covered=True))
    assert "đang có hiệu lực" in page_of(client, of_notice(new, is_covered=True))


def read_by(who: str, visit: VisitRecord) -> bytes:
    """The minutes as a person downloads them."""
    row = visit.registration
    path = reverse("receptions_staff:minutes_file", args=[row.session.public_id, row.code])
    client = StrictClient()
    client.force_login(person_make(who))
    answer = client.get(path)
    assert answer.status_code == 200
    return bytes(answer.content)


def test_signed_minutes_of_a_denunciation_are_for_who_knows(
    django_capture_on_commit_callbacks: Any, client: StrictClient
) -> None:
    visit = visit_of("taken_in")
    old = signed(visit, HIDDEN)
    kept = attachment_read(old.file)
    path = old.file.file.name
    assert squeezed("Bryxol") in text_of(kept)
    with (
        time_machine.travel(NOW + dt.timedelta(days=2), tick=False),
        django_capture_on_commit_callbacks(execute=True),
    ):
        denounce(visit)
        act(
            minutes_addendum_add,
            visit,
            text="Số thửa đúng là 21.",
            at=DURING + dt.timedelta(hours=3),
        )
    # What was signed lies open no more, and nobody lost it.
    assert not default_storage.exists(path)
    assert file_read(IssuedFile.objects.get(pk=old.pk)) == kept
    whole, shown = read_by("chair", visit), read_by("secretary", visit)
    assert squeezed("Bryxol") in text_of(whole)
    assert squeezed("Bryxol") not in text_of(shown)
    for data in (whole, shown):
        assert squeezed("Số thửa đúng là 21.") in text_of(data)
    assert "đã được thay thế" in page_of(client, old)
    assert Minutes.objects.get().text == HIDDEN


def test_a_mistaken_kind_costs_no_original(client: StrictClient) -> None:
    visit = visit_of("taken_in")
    original = signed(visit, "Nội dung biên bản.")
    kept = attachment_read(original.file)
    entry = Entry(kind="denunciation", content=HIDDEN)
    record(visit, "taken_in", "clerk", entry=entry)
    assert read_by("clerk", visit) == kept
    shown = read_by("secretary", visit)
    assert squeezed("Nội dung biên bản.") not in text_of(shown)
    assert made_on(shown) == made_on(kept)
    cover = IssuedFile.objects.get(subject=covered(original.subject))
    pages = [page_of(client, one).replace(bytes(one.sha256).hex(), "") for one in (original, cover)]
    assert "đang có hiệu lực" in pages[0]
    assert pages[0] == pages[1]
    record(visit, "taken_in", "clerk", entry=Entry(kind="recommendation"))
    assert read_by("clerk", visit) == read_by("secretary", visit) == kept
    # Sealed again, whoever has the cover finds it unchanged; a case changes nothing either.
    record(visit, "taken_in", "clerk", entry=entry)
    denounce(visit)
    assert (read_by("clerk", visit), read_by("secretary", visit)) == (kept, shown)
    assert IssuedFile.objects.count() == 2
    assert "đang có hiệu lực" in page_of(client, cover)


def test_names_of_papers_are_covered_as_long_as_the_visit_is(client: StrictClient) -> None:
    session = day_with(1)
    call_next(session)
    visitor = row_of(session, 1)
    given = {"access": access_make("clerk"), "session_id": session.public_id, "code": visitor.code}
    paper_take(paper=Paper(f"Đơn tố cáo {HIDDEN}", 3, "original"), at=MORNING, **given)
    kept = attachment_read(IssuedFile.objects.get().file)
    args = [session.public_id, visitor.code]

    def read(who: str) -> tuple[str, bytes]:
        client.force_login(person_make(who))
        page = client.get(reverse("receptions_staff:papers", args=args)).content.decode()
        return page, client.get(reverse("receptions_staff:papers_receipt", args=args)).content

    def told(kind: str, version: int) -> None:
        entry = Entry(kind=kind)
        visit = Visit(HIDDEN, "answered", conclusion=HIDDEN, entry=entry, version=version)
        session_record(visit=visit, at=DURING, **given)

    told("denunciation", 0)
    page, body = read("secretary")
    assert "Bryxol" not in page
    assert squeezed("Bryxol") not in text_of(body)
    assert squeezed("Đơn") in text_of(body)
    page, whole = read("clerk")
    assert "Bryxol" in page
    assert whole == kept
    told("recommendation", 1)
    for who in ("clerk", "secretary"):
        page, whole = read(who)
        assert "Bryxol" in page
        assert whole == kept


def test_a_petition_made_of_a_sealed_visit_names_the_kinds_of_papers_alone() -> None:
    visit = full()
    record(visit, "taken_in", "clerk", entry=Entry(kind="denunciation"))
    complain(visit, "secretary")
    (letter,) = Letter.objects.filter(kind="complaint")
    assert "1. Đơn (" in letter.content
    assert "Bryxol" not in letter.content
