"""Two officers at one queue: real connections, real locks."""

import pytest

from common.errors import Conflict, Stale
from common.history_check import table_check
from petitions.models import RegisterCounter
from receptions.models import Refusal, Registration, SessionEvent, VisitRecord
from receptions.moves import Move
from receptions.services.refusals import visitor_refuse
from receptions.services.visits import Visit, session_record
from tests.concurrency.test_registrations import together
from tests.people import access_make
from tests.receptions.cast_day import MORNING, call_next, day_with, move, row_of

pytestmark = pytest.mark.django_db(transaction=True)


def test_officers_who_call_at_one_moment_call_different_numbers(reference_data: None) -> None:
    session = day_with(8)
    for who in ("clerk", "chair", "secretary"):
        access_make(who)
    officers = ["clerk", "chair", "secretary"] * 2
    rows = together([lambda w=who: call_next(session, who=w) for who in officers])
    assert sorted(row.queue_number for row in rows) == [1, 2, 3, 4, 5, 6]
    assert Registration.objects.filter(status="called").count() == 6
    assert next(table_check(SessionEvent), None) is None


def test_the_last_number_is_called_by_one(reference_data: None) -> None:
    session = day_with(1)
    for who in ("clerk", "chair"):
        access_make(who)
    results = together([lambda w=who: call_next(session, who=w) for who in ("clerk", "chair")] * 2)
    losers = [r for r in results if isinstance(r, Conflict)]
    assert [loser.code for loser in losers] == ["nobody_waits"] * 3


def test_one_number_called_twice_is_called_once_and_said_so(reference_data: None) -> None:
    session = day_with(2)
    for who in ("clerk", "chair"):
        access_make(who)
    works = [
        lambda w=who: move(session, 2, Move.CALL, who=w, version=1) for who in ("clerk", "chair")
    ]
    results = together(works)
    (loser,) = [r for r in results if isinstance(r, Conflict)]
    assert loser.code == "called"
    assert "2" in str(loser.message)
    assert SessionEvent.objects.filter(action="receptions.visitor.called").count() == 1


def test_calling_and_refusing_one_number_at_once_leaves_one_winner(reference_data: None) -> None:
    session = day_with(1)
    row = row_of(session, 1)
    access = access_make("clerk")

    def refused() -> Refusal:
        return visitor_refuse(
            access=access,
            session_id=session.public_id,
            code=row.code,
            version=1,
            ground="disorder",
            explanation="Đã nhắc nhở.",
            at=MORNING,
        )

    results = together([refused, lambda: move(session, 1, Move.CALL, version=1)])
    assert sum(isinstance(r, Exception) for r in results) == 1
    row.refresh_from_db()
    assert row.version == 2
    assert (row.status == "refused") == Refusal.objects.exists()


def test_numbers_of_the_register_have_no_twin(reference_data: None) -> None:
    session = day_with(6)
    access = access_make("clerk")
    codes = list(session.registrations.values_list("code", flat=True))

    def recorded(code: str) -> Registration:
        return session_record(
            access=access,
            session_id=session.public_id,
            code=code,
            visit=Visit("Hỏi thủ tục", "answered"),
            at=MORNING,
        )

    together([lambda c=code: recorded(c) for code in codes])
    numbers = VisitRecord.objects.values_list("register_number", flat=True)
    assert sorted(n for n in numbers if n) == [1, 2, 3, 4, 5, 6]
    assert RegisterCounter.objects.get(book="reception").last == 6


def test_two_corrections_of_one_version_keep_one(reference_data: None) -> None:
    session = day_with(1)
    access, code = access_make("clerk"), row_of(session, 1).code

    def recorded(said: str, version: int) -> Registration:
        return session_record(
            access=access,
            session_id=session.public_id,
            code=code,
            visit=Visit(said, "answered", version=version),
            at=MORNING,
        )

    recorded("Bản đầu", 0)
    results = together([lambda s=said: recorded(s, 1) for said in ("Một", "Hai")])
    assert sum(isinstance(r, Stale) for r in results) == 1
    assert VisitRecord.objects.get().version == 2
