"""From draft to issue: numbers without gaps, what was issued stays, void and replaced."""

import hashlib
from dataclasses import replace
from typing import Any

import pytest
from django.db import Error, IntegrityError, OperationalError, connection, transaction
from psycopg.errors import LockNotAvailable

from attachments.services import attachment_read
from common.errors import Conflict, DomainError, InvalidInput, NotPermitted, NotVisible, Stale
from common.history_check import table_check
from papers.content import content_read, content_write
from papers.enums import PaperState
from papers.facts import BLANK
from papers.invariants import paper_numbers_are_gapless
from papers.models import Paper, PaperEvent
from papers.pades import STAMP_SECONDS
from papers.selectors_issued import papers_replaced_by, signer_name
from papers.selectors_proofs import proof_find
from papers.services import _books, issuing
from papers.services.issuing import paper_correct, paper_issue, paper_void
from papers.services.writing import paper_discard, paper_draft, paper_return, paper_submit
from papers.signing import BOOK_SECONDS, SigningFailed
from petitions.models import RegisterCounter
from petitions.services.registers import register_number_take
from tests.papers.making import (
    case_of,
    corrected,
    drafted,
    in_a_month,
    issued,
    issued_by_head,
    proposed,
    step,
    submitted,
    written,
)
from tests.people import Story, access_make, person_make
from tests.receptions.test_papers_pdf import squeezed, text_of

pytestmark = pytest.mark.django_db


def test_from_draft_to_issue() -> None:
    case = case_of()
    paper = drafted(case)
    assert content_read(paper).about == "xử lý đơn"
    paper = step(paper_submit, written(paper, body="Đề xuất thụ lý."))
    paper = step(paper_issue, paper)
    assert (paper.state, paper.number, paper.shown_number) == ("issued", 1, "01/ĐX-UBND-HS")
    data = attachment_read(paper.file)
    assert hashlib.sha256(data).digest() == bytes(paper.sha256)
    text = text_of(data)
    assert squeezed("Số: 01/ĐX-UBND-HS") in text
    assert squeezed("Đề xuất thụ lý.") in text
    assert paper.check_code in text
    done = PaperEvent.objects.filter(paper=paper).order_by("sequence")
    assert [event.action.rpartition(".")[2] for event in done] == [
        "drafted", "edited", "submitted", "issued",
    ]  # fmt: skip
    assert "Thử Nghiệm" not in str([event.data for event in done])
    assert next(table_check(PaperEvent), None) is None


def test_words_are_filled_from_the_case_and_sealed() -> None:
    case = proposed()
    paper = drafted(case, "acceptance", "handler")
    content = content_read(paper)
    assert "Vũ Thị Thử Nghiệm" in content.addressee
    assert "Số 5, ngõ 12" in content.body
    assert "mức bồi thường" in content.body
    assert "Thử Nghiệm".encode() not in bytes(Paper.objects.get(pk=paper.pk).box)


def test_numbers_run_by_unit_book_and_year() -> None:
    case = case_of()
    numbers = [issued(case).shown_number for _ in range(2)]
    assert numbers == ["01/ĐX-UBND-HS", "02/ĐX-UBND-HS"]
    assert issued(case, "supplement").shown_number == "01/UBND-HS"
    secret = issued(case_of("denunciation"))
    assert secret.shown_number == "01/ĐX-UBND-VV"  # a book of its own
    assert secret.book != Paper.objects.filter(number=1).exclude(pk=secret.pk).first().book
    assert list(paper_numbers_are_gapless()) == []


def test_a_failed_issue_leaves_no_gap(monkeypatch: Any) -> None:
    case = case_of()
    paper = submitted(case)
    kept: list[Any] = []
    monkeypatch.setattr(_books, "attachment_forget", kept.append)

    def broken(*args: Any, **more: Any) -> None:
        raise RuntimeError

    for name in ("paper_file", "_replaced"):
        with monkeypatch.context() as patch, pytest.raises(RuntimeError):
            patch.setattr(issuing, name, broken)
            step(paper_issue, paper)
    assert len(kept) == 1  # the stored bytes of the second
    assert not RegisterCounter.objects.filter(book__startswith="paper").exists()
    assert Paper.objects.get(pk=paper.pk).state == PaperState.SUBMITTED
    assert step(paper_issue, paper).number == 1


def test_what_was_issued_stays() -> None:
    paper = issued(case_of())
    for change in (
        {"shown_number": "9/ĐX-UBND"}, {"number": 9}, {"sha256": b"x" * 32}, {"box": b"x"},
        {"state": PaperState.DRAFT}, {"check_code": "VB-1"}, {"kind": "reply"}, {"void_reason": "x"},
    ):  # fmt: skip
        with pytest.raises(Error), transaction.atomic():
            Paper.objects.filter(pk=paper.pk).update(**change)
    with pytest.raises(Error), transaction.atomic():
        Paper.objects.filter(pk=paper.pk)._raw_delete("default")
    for service in (paper_submit, paper_issue, paper_discard):
        with pytest.raises(Conflict):
            step(service, paper)
    with pytest.raises(Conflict):
        written(Paper.objects.get(pk=paper.pk), body="Khác")
    # Under another key the same words may be sealed anew.
    Paper.objects.filter(pk=paper.pk).update(key_version=9, box=b"anew")


@pytest.mark.parametrize("field", ["about", "addressee", "body", "recipients"])
def test_dots_are_refused_by_field_and_place(field: str) -> None:
    text = f"Dòng một\nGửi: {BLANK} theo đơn"
    with pytest.raises(InvalidInput) as refused:
        submitted(case_of(), **{field: text})
    assert set(refused.value.fields) == {field}
    assert f"Gửi: {BLANK} theo đơn" in str(refused.value.fields[field])
    assert "Dòng một" not in str(refused.value.fields[field])


def test_dots_in_fields_and_grounds_are_refused() -> None:
    case = proposed()
    with pytest.raises(InvalidInput) as refused:
        submitted(case, "non_acceptance", fields={"reason": BLANK})
    assert set(refused.value.fields) == {"reason"}
    Story(case).do("chair", "accept", number="1/TB")
    with pytest.raises(InvalidInput) as refused:
        submitted(case, "suspension", grounds=f"Căn cứ {BLANK}")
    assert set(refused.value.fields) == {"grounds"}


def test_dots_are_refused_at_the_issue_too() -> None:
    paper = submitted(case_of())
    held = content_read(paper)
    content_write(paper, replace(held, body=BLANK))
    paper.save()
    with pytest.raises(InvalidInput):
        step(paper_issue, paper)
    assert Paper.objects.get(pk=paper.pk).number is None


def test_minutes_keep_their_dots() -> None:
    assert issued(case_of(), "withdrawal_minutes", body=f"Lý do: {BLANK}").number == 1


def test_the_officer_signs_the_own_work_and_the_head_below() -> None:
    paper = issued_by_head(drafted(proposed(), "proposal", "handler"))
    text = text_of(attachment_read(paper.file))
    handler, chair = (squeezed(person_make(who).full_name) for who in ("handler", "chair"))
    opinion = text.index(squeezed("Ý KIẾN CỦA NGƯỜI CÓ THẨM QUYỀN"))
    assert squeezed("CÁN BỘ XỬ LÝ") in text[:opinion]
    assert text.index(handler) < opinion < text.index(chair)
    assert squeezed("CHỦ TỊCH") in text[opinion:]
    assert signer_name(paper) == person_make("handler").full_name


def test_what_a_decision_says_and_where() -> None:
    """What was found stands above, who is charged in Article 1, what it replaces at the end."""
    case = proposed()
    Story(case).do("chair", "accept", number="1/TB")
    body = "I. Nội dung.\n\nĐiều 1. Xác minh.\n\nĐiều 2. Thi hành."
    old = issued(case, "verification", body=body, fields={"team": "Ông Đội", "until": in_a_month()})
    new = step(paper_issue, corrected(old))
    text = text_of(attachment_read(new.file))
    places = [text.index(squeezed(words)) for words in (
        "Căn cứ", "I. Nội dung.", "QUYẾT ĐỊNH:", "Điều 1.", "Ông Đội", "Điều 2.",
        f"thay thế văn bản số {old.shown_number}",
    )]  # fmt: skip
    assert places == sorted(places)


def test_void_keeps_number_and_reason() -> None:
    paper = issued(case_of())
    with pytest.raises(InvalidInput):
        step(paper_void, paper, reason="  ")
    paper = step(paper_void, paper, reason="Sai thẩm quyền ký.")
    assert (paper.state, paper.number, paper.void_reason) == ("voided", 1, "Sai thẩm quyền ký.")
    for service in (paper_void, paper_correct):
        more = {"reason": "x"} if service is paper_void else {}
        with pytest.raises(Conflict):
            step(service, paper, **more)
    with pytest.raises(Error), transaction.atomic():
        Paper.objects.filter(pk=paper.pk).update(state=PaperState.ISSUED, void_reason="")
    assert issued(paper.case).number == 2


def test_a_correction_names_and_ends_the_old_one() -> None:
    old = issued(case_of(), body="Có chỗ sai.")
    new = step(paper_correct, old)
    assert content_read(new).body == "Có chỗ sai."
    with pytest.raises(Conflict):
        step(paper_correct, old)
    assert Paper.objects.get(pk=old.pk).state == PaperState.ISSUED
    new = step(paper_issue, step(paper_submit, written(new, body="Đã đúng.")))
    assert Paper.objects.get(pk=old.pk).state == PaperState.REPLACED
    assert squeezed("thay thế văn bản số 01/ĐX-UBND-HS") in text_of(attachment_read(new.file))
    last = PaperEvent.objects.filter(paper=old).order_by("-sequence").first()
    assert last.data["by"] == "02/ĐX-UBND-HS"
    with pytest.raises(IntegrityError), transaction.atomic():
        Paper.objects.create(
            case=new.case, kind="proposal", replaces=old, drafted_by_id=new.drafted_by_id,
            drafted_at=new.drafted_at, key_version=1, box=b"x",
        )  # fmt: skip


def test_a_correction_laid_aside_makes_room_for_another() -> None:
    old = issued(case_of())
    step(paper_discard, step(paper_correct, old))
    assert step(paper_correct, old).state == PaperState.DRAFT


def test_given_back_with_a_reason() -> None:
    paper = step(paper_return, submitted(case_of()), reason="Nêu rõ căn cứ.")
    assert (paper.state, content_read(paper).returned) == ("draft", "Nêu rõ căn cứ.")
    paper = step(paper_submit, written(paper))
    assert content_read(paper).returned == ""


def test_stale_versions_and_states() -> None:
    case = case_of()
    paper = submitted(case)
    with pytest.raises(Stale):
        step(paper_issue, paper, version=1)
    with pytest.raises(DomainError, match="wrong_state"):
        drafted(case, "suspension")
    with pytest.raises(NotVisible):
        drafted(case, "khong-co")
    supplement = submitted(case, "supplement")
    with pytest.raises(InvalidInput) as refused:
        step(paper_submit, written(drafted(case), body=""))
    assert set(refused.value.fields) == {"body"}
    assert step(paper_issue, supplement).number == 1


def test_what_no_longer_fits_the_case_is_not_issued() -> None:
    case = case_of()
    paper = submitted(case, "supplement")
    Story(case).do("clerk", "classify", field="land_compensation")
    Story(case).do("clerk", "assign", assignee=person_make("handler").username)
    Story(case).do("handler", "propose", proposal="accept", text="Đủ điều kiện.")
    with pytest.raises(DomainError, match="wrong_state"):
        step(paper_issue, paper)
    assert not RegisterCounter.objects.filter(book__startswith="paper").exists()


@pytest.mark.parametrize(
    ("who", "error"),
    [
        ("handler", NotPermitted),
        ("secretary", NotPermitted),
        ("board_head", NotPermitted),
        ("other_chair", NotVisible),
        ("front", NotVisible),
        ("admin", NotVisible),
    ],
)
def test_who_may_not(who: str, error: type[DomainError]) -> None:
    case = case_of()
    with pytest.raises(error):
        paper_draft(access=access_make(who), code=case.code, kind_code="proposal")
    with pytest.raises(error):
        step(paper_issue, submitted(case), who)


def test_the_clerk_asks_for_a_supplement_and_does_not_issue() -> None:
    paper = submitted(case_of(), "supplement", "clerk")
    with pytest.raises(NotPermitted):
        step(paper_issue, paper, "clerk")
    assert step(paper_issue, paper).shown_number == "01/UBND-HS"


def test_a_book_that_is_held_too_long_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    def held(*_given: Any) -> int:
        raise OperationalError from LockNotAvailable()

    paper = submitted(case_of())
    with monkeypatch.context() as patch:
        patch.setattr(issuing, "register_number_take", held)
        with pytest.raises(Conflict) as refused:
            step(paper_issue, paper)
    assert "cùng lúc" in str(refused.value.message)
    assert step(paper_issue, paper).number == 1


def test_the_book_is_waited_for_longer_than_anything_else(monkeypatch: pytest.MonkeyPatch) -> None:
    """A service of time stamps may hold it for seconds, several papers in a row."""
    told: list[str] = []

    def taken(*given: Any) -> int:
        with connection.cursor() as cursor:
            cursor.execute("SHOW lock_timeout")
            told.append(cursor.fetchone()[0])
        return register_number_take(*given)

    monkeypatch.setattr(issuing, "register_number_take", taken)
    issued(case_of())
    assert told == [f"{BOOK_SECONDS}s"]
    assert BOOK_SECONDS >= 4 * STAMP_SECONDS


def test_what_signing_needs_is_loaded_before_the_book_is_held(settings: Any) -> None:
    """A name that leads nowhere is told by the signing itself."""
    settings.PAPER_SIGNER = "papers.nowhere.Signer"
    paper = submitted(case_of())
    with pytest.raises(SigningFailed):
        step(paper_issue, paper)


def test_replaced_again_once_the_replacement_is_void() -> None:
    old = issued(case_of(), body="Có chỗ sai.")
    wrong = step(paper_issue, corrected(old))
    with pytest.raises(Conflict):
        step(paper_correct, old)
    step(paper_void, wrong, reason="Ký nhầm bản.")
    right = step(paper_issue, corrected(old))
    assert Paper.objects.get(pk=old.pk).state == PaperState.REPLACED
    assert papers_replaced_by([old]) == {old.pk: right.shown_number}
    later = proof_find(old.check_code).later
    assert later
    assert later.number.startswith(f"{right.number:02d} / ")
    with pytest.raises(Conflict):
        step(paper_correct, old)
