"""Papers taken from a visitor, line by line, until the visit is recorded."""

import pytest

from common.errors import Conflict, DomainError, InvalidInput, NotVisible
from receptions.models import ReceptionSession, SessionEvent, VisitPaper
from receptions.services import papers_taken
from receptions.services.papers_taken import Paper, paper_give_back, paper_take
from receptions.services.visits import Visit, session_record
from tests.people import access_make
from tests.receptions.cast_day import MORNING, call_next, day_with, row_of
from tests.receptions.concluding import promised

pytestmark = pytest.mark.django_db
LETTER = Paper("Đơn khiếu nại", 3, "original")


def take(session: ReceptionSession, paper: Paper = LETTER) -> VisitPaper:
    return paper_take(
        access=access_make("clerk"),
        session_id=session.public_id,
        code=row_of(session, 1).code,
        paper=paper,
        at=MORNING,
    )


def give_back(session: ReceptionSession, position: int) -> None:
    paper_give_back(
        access=access_make("clerk"),
        session_id=session.public_id,
        code=row_of(session, 1).code,
        position=position,
        at=MORNING,
    )


def test_lines_are_added_and_taken_off_while_the_visit_is_open() -> None:
    session = day_with(1)
    call_next(session)
    take(session)
    take(session, Paper("Giấy chứng nhận", 2, "certified"))
    give_back(session, 1)
    assert take(session).position == 3
    rows = VisitPaper.objects.values_list("position", "name", "pages", "condition")
    assert list(rows) == [
        (2, "Giấy chứng nhận", 2, "certified"),
        (3, "Đơn khiếu nại", 3, "original"),
    ]
    with pytest.raises(NotVisible):
        give_back(session, 1)
    events = SessionEvent.objects.filter(action__startswith="receptions.paper")
    assert "Giấy" not in str([event.data for event in events])


def test_the_list_stays_as_it_was_signed() -> None:
    session = day_with(1)
    take(session)
    session_record(
        access=access_make("clerk"),
        session_id=session.public_id,
        code=row_of(session, 1).code,
        visit=Visit("Nộp đơn", "taken_in", **promised("taken_in")),
        at=MORNING,
    )
    for step in (lambda: take(session), lambda: give_back(session, 1)):
        with pytest.raises(DomainError) as caught:
            step()
        assert caught.value.code == "visit_closed"
    assert VisitPaper.objects.count() == 1


@pytest.mark.parametrize(
    ("paper", "field"),
    [
        (Paper(" ", 1, "copy"), "name"),
        (Paper("x" * 301, 1, "copy"), "name"),
        (Paper("Đơn", 0, "copy"), "pages"),
        (Paper("Đơn", 5001, "copy"), "pages"),
        (Paper("Đơn", 1, "burnt"), "condition"),
    ],
)
def test_what_cannot_be_a_line_is_named(paper: Paper, field: str) -> None:
    session = day_with(1)
    with pytest.raises(InvalidInput) as caught:
        take(session, paper)
    assert list(caught.value.fields) == [field]


def test_a_receipt_ends_somewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(papers_taken, "PAPERS_MAX", 2)
    session = day_with(1)
    take(session)
    take(session)
    with pytest.raises(Conflict):
        take(session)
