"""Minutes: drafted from the record, signed off by both sides, then fixed."""

from typing import Any

import pytest
from django.db import DatabaseError, transaction

from common.errors import Conflict, DomainError, InvalidInput, NotPermitted, NotVisible, Stale
from receptions.conclusion_papers import minutes_pdf, notice_pdf
from receptions.models import Minutes, MinutesAddendum, SessionEvent, VisitRecord
from receptions.services.minutes import (
    minutes_addendum_add,
    minutes_draft_text,
    minutes_save,
    minutes_sign,
    minutes_visitor_sign,
)
from tests.people import access_make
from tests.receptions.concluding import DURING, drafted, issued, record, row, visit_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def visit() -> VisitRecord:
    return visit_of("taken_in", responsible_person="Bà Mẫu, một cửa")


def act(service: Any, visit: VisitRecord, who: str = "clerk", **values: Any) -> Any:
    registration = visit.registration
    return service(
        access=access_make(who),
        session_id=registration.session.public_id,
        code=registration.code,
        at=DURING,
        **values,
    )


def signed(visit: VisitRecord, how: str = "paper", note: str = "") -> Minutes:
    act(minutes_save, visit, version=0, text="Nội dung biên bản.")
    act(minutes_sign, visit, "secretary", version=1)
    return act(minutes_visitor_sign, visit, version=2, how=how, note=note)  # type: ignore[no-any-return]


def test_the_draft_says_people_matter_words_and_what_was_agreed(visit: VisitRecord) -> None:
    text = minutes_draft_text(visit)
    for part in ("Số người: 1", "Hỏi về tiến độ", "ngõ đi chung", "Bà Mẫu, một cửa"):
        assert part in text


def test_signed_by_both_sides_nothing_changes_any_more(visit: VisitRecord) -> None:
    minutes = signed(visit)
    assert minutes.is_signed
    for service, values in (
        (minutes_save, {"text": "Khác"}),
        (minutes_sign, {}),
        (minutes_visitor_sign, {"how": "tick"}),
    ):
        with pytest.raises(Conflict):
            act(service, visit, version=minutes.version, **values)
    for forbidden in (
        lambda: Minutes.objects.update(text="Khác"),
        lambda: Minutes.objects.filter(pk=minutes.pk).delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            forbidden()


def test_a_correction_stands_beside(visit: VisitRecord) -> None:
    act(minutes_save, visit, version=0, text="Nội dung.")
    with pytest.raises(DomainError):
        act(minutes_addendum_add, visit, text="Đính chính")
    act(minutes_sign, visit, "secretary", version=1)
    act(minutes_visitor_sign, visit, version=2, how="tick")
    row_ = act(minutes_addendum_add, visit, text="Số thửa đúng là 21.")
    with pytest.raises(DatabaseError), transaction.atomic():
        MinutesAddendum.objects.filter(pk=row_.pk).update(text="Khác")
    assert Minutes.objects.get().addenda.count() == 1


def test_would_not_sign_needs_a_note(visit: VisitRecord) -> None:
    with pytest.raises(InvalidInput):
        signed(visit, "refused")
    minutes = act(minutes_visitor_sign, visit, version=2, how="refused", note="Không đồng ý mục 2.")
    assert (minutes.visitor_signed, minutes.visitor_note) == ("refused", "Không đồng ý mục 2.")


def test_a_changed_text_takes_back_the_word_given(visit: VisitRecord) -> None:
    act(minutes_save, visit, version=0, text="Bản một.")
    act(minutes_visitor_sign, visit, version=1, how="paper")
    changed = act(minutes_save, visit, version=2, text="Bản hai.")
    assert (changed.visitor_signed, changed.visitor_signed_at) == ("", None)
    with pytest.raises(Stale):
        act(minutes_save, visit, version=2, text="Bản ba.")


def test_who_writes_minutes(visit: VisitRecord) -> None:
    with pytest.raises(NotPermitted):
        act(minutes_save, visit, "front", version=0, text="Bản một.")
    with pytest.raises(NotVisible):
        act(minutes_save, visit, "other_clerk", version=0, text="Bản một.")
    with pytest.raises(NotVisible):
        act(minutes_sign, visit, version=0)


def test_only_who_received_signs_as_the_receiver(visit: VisitRecord) -> None:
    act(minutes_save, visit, version=0, text="Bản một.")
    with pytest.raises(NotPermitted):
        act(minutes_sign, visit, "clerk", version=1)
    assert act(minutes_sign, visit, "chair", version=1).receiver.username == "chair"
    act(minutes_save, visit, version=2, text="Bản hai.")
    record(visit, "answered", "clerk")
    assert act(minutes_sign, visit, "clerk", version=3).receiver.username == "clerk"


def test_the_history_says_numbers_only(visit: VisitRecord) -> None:
    signed(visit, "refused", "Bà không ký.")
    events = SessionEvent.objects.filter(action__startswith="receptions.minutes")
    assert [event.data for event in events.order_by("sequence")] == [
        {"number": 1},
        {"number": 1},
        {"number": 1, "how": "refused"},
    ]


def test_papers_are_pdf_and_take_hostile_text(visit: VisitRecord) -> None:
    hostile = '#panic("x") $x$ *a* _b_ \\ `c` <d> "e" {{ f }}'
    minutes = Minutes(visit=visit, text=hostile)
    minutes.save()
    session = visit.registration.session
    assert minutes_pdf(session, minutes, {"full_name": hostile}, 3).startswith(b"%PDF")
    draft = drafted(row(what=hostile), session=session)
    assert notice_pdf(draft).startswith(b"%PDF")


def test_the_citizens_paper_leaves_out_internal_rows() -> None:
    notice = issued(row(), row(what="Việc nội bộ", is_internal=True))
    whole, extract = notice_pdf(notice), notice_pdf(notice, for_citizen=True)
    assert whole != extract
    assert notice_pdf(notice) == whole
