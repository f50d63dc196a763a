"""Refusing on a ground of the law, in writing where it wants that."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from common.errors import DomainError, InvalidInput, NotPermitted, Stale
from common.time import local_moment
from receptions.models import ReceptionSession, Refusal, SessionEvent
from receptions.moves import Move
from receptions.refusal_grounds import grounds, grounds_open
from receptions.selectors import person_open
from receptions.selectors_day import refusals_owed
from receptions.services.refusals import (
    PaperDetails,
    refusal_prepare,
    refusal_send,
    refusal_undo,
    visitor_refuse,
)
from tests.people import access_make
from tests.receptions.cast import DAY
from tests.receptions.cast_day import MORNING, call_next, day_with, move, refuse, row_of

pytestmark = pytest.mark.django_db
LAST = dt.date(2026, 12, 15)  # 3 working days after a Thursday


def on_paper(session: Any, service: Callable[..., Any], **values: Any) -> Any:
    row = row_of(session, 1)
    named = {"version": row.version, "at": MORNING} | values
    return service(
        access=access_make("clerk"), session_id=session.public_id, code=row.code, **named
    )


def test_three_grounds_of_the_law_and_ten_of_the_decree_two_of_them_in_writing() -> None:
    rows = grounds_open().values()
    law = [row for row in rows if "Điều 9 Luật" in row.article]
    assert [row.article.split(" Luật")[0] for row in law] == [
        "khoản 1 Điều 9", "khoản 2 Điều 9", "khoản 3 Điều 9",
    ]  # fmt: skip
    decree = [row.article.split()[1] for row in rows if row not in law]
    assert decree == ["a", "b", "c", "d", "đ", "e", "g", "h", "i", "k"]
    assert [row.code for row in rows if row.is_written] == ["settled", "decree_h"]
    assert all(row.is_verified and row.text for row in rows)


def test_a_ground_that_is_none_any_more_is_known_and_not_offered() -> None:
    session = day_with(1)
    for ground in ("other_by_law", "no_papers"):
        assert grounds()[ground].is_retired
        with pytest.raises(InvalidInput) as caught:
            refuse(session, 1, ground)
        assert "ground" in caught.value.fields


@pytest.mark.parametrize("ground", sorted(grounds_open()))
def test_in_writing_within_three_working_days_only_in_two_cases(ground: str) -> None:
    session = day_with(1)
    assert refuse(session, 1, ground).status == "refused"
    found = Refusal.objects.get()
    is_written = ground in ("settled", "decree_h")
    assert (found.is_written, found.written_by) == (is_written, LAST if is_written else None)
    assert bool(refusals_owed(access_make("clerk"), session.unit)) is is_written


def test_a_refusal_says_why_and_by_whom() -> None:
    session = day_with(1)
    call_next(session)
    refuse(session, 1)
    found = Refusal.objects.get()
    assert (found.refused_by.username, found.refused_at) == ("clerk", MORNING)
    event = SessionEvent.objects.get(action="receptions.visitor.refused")
    assert event.data == {"number": 1, "ground": "settled"}
    assert "giải quyết lần hai" not in str(event.data)


@pytest.mark.parametrize(
    ("changes", "field"), [({"ground": "mood"}, "ground"), ({"explanation": " "}, "explanation")]
)
def test_without_ground_or_explanation_nobody_is_refused(
    changes: dict[str, str], field: str
) -> None:
    session = day_with(1)
    values = {"ground": "disorder", "explanation": "Đã nhắc nhở hai lần."} | changes
    with pytest.raises(InvalidInput) as caught:
        on_paper(session, visitor_refuse, **values)
    assert field in caught.value.fields
    assert not Refusal.objects.exists()


def test_somebody_received_is_not_refused() -> None:
    session = day_with(1)
    move(session, 1, Move.NO_SHOW)
    with pytest.raises(DomainError):
        refuse(session, 1)


def test_the_paper_is_prepared_numbered_and_sent() -> None:
    session = day_with(1)
    refuse(session, 1)
    with pytest.raises(InvalidInput):
        on_paper(session, refusal_send, sent_on=DAY)
    details = PaperDetails("Số 5, ngõ 12", dt.date(2022, 2, 1), "Bộ Công an")
    on_paper(session, refusal_prepare, details=details)
    row = row_of(session, 1)
    assert person_open(row)["address"] == "Số 5, ngõ 12"
    assert person_open(row)["full_name"] == "Người dân số 1"
    assert b"ng\xc3\xb5 12" not in bytes(row.box)
    on_paper(session, refusal_send, sent_on=DAY, number="12/TB-UBND")
    found = Refusal.objects.get()
    assert (found.number, found.sent_on) == ("12/TB-UBND", DAY)
    assert not refusals_owed(access_make("clerk"), session.unit)
    assert SessionEvent.objects.get(action="receptions.refusal.sent").data["late"] is False
    for service, values in (
        (refusal_send, {"sent_on": DAY, "number": "12/TB-UBND"}),
        (refusal_prepare, {"details": details}),
        (refusal_undo, {}),
    ):
        with pytest.raises(DomainError) as caught:
            on_paper(session, service, **values)
        assert caught.value.code == "sent"


def test_a_paper_after_the_limit_is_late_and_none_is_sent_in_the_future() -> None:
    session = day_with(1)
    refuse(session, 1)
    on_paper(session, refusal_prepare, details=PaperDetails(particulars_missing="Không có."))
    for wrong in (DAY - dt.timedelta(days=1), DAY + dt.timedelta(days=1)):
        with pytest.raises(InvalidInput):
            on_paper(session, refusal_send, sent_on=wrong, number="1/TB")
    late = LAST + dt.timedelta(days=1)
    on_paper(session, refusal_send, sent_on=late, number="1/TB", at=local_moment(late, 9))
    assert SessionEvent.objects.get(action="receptions.refusal.sent").data["late"] is True


def test_the_limit_runs_from_the_session_however_late_it_is_recorded() -> None:
    session = day_with(1)
    refuse(session, 1, at=MORNING + dt.timedelta(days=4))
    assert Refusal.objects.get().written_by == LAST


def test_the_paper_goes_out_with_every_particular_or_why_not() -> None:
    session = day_with(1)
    refuse(session, 1)
    partly = {"address": "Số 5, ngõ 12", "identity_issued_by": "Bộ Công an"}
    on_paper(session, refusal_prepare, details=PaperDetails(**partly))
    with pytest.raises(InvalidInput) as caught:
        on_paper(session, refusal_send, sent_on=DAY, number="1/TB")
    assert "sent_on" in caught.value.fields
    why = "Người đến không xuất trình"
    details = PaperDetails(**partly, particulars_missing=why)
    on_paper(session, refusal_prepare, details=details)
    assert on_paper(session, refusal_send, sent_on=DAY, number="1/TB").sent_on == DAY


def test_no_paper_where_the_law_wants_none() -> None:
    session = day_with(1)
    refuse(session, 1, "disorder")
    with pytest.raises(DomainError) as caught:
        on_paper(session, refusal_prepare, details=PaperDetails())
    assert caught.value.code == "not_written"


def test_a_refusal_is_taken_back_before_it_is_sent() -> None:
    session = day_with(1)
    refuse(session, 1)
    with pytest.raises(Stale):
        on_paper(session, refusal_undo, version=1)
    assert on_paper(session, refusal_undo).status == "registered"
    assert not Refusal.objects.exists()
    assert call_next(session).queue_number == 1


def test_a_limit_beyond_the_known_calendar_is_said() -> None:
    """Without a calendar no limit can be told: the refusal in writing waits for it."""
    session = day_with(1)
    far = local_moment(dt.date(2032, 1, 5), 9)
    # Counted from the session, not from the recording: the session lies beyond the calendar.
    ReceptionSession.objects.update(starts_at=far, ends_at=far + dt.timedelta(hours=2))
    with pytest.raises(DomainError) as caught:
        refuse(session, 1, at=far)
    assert caught.value.code == "calendar_missing"
    assert refuse(session, 1, "disorder", at=far).status == "refused"


def test_others_do_not_refuse_and_do_not_see_what_is_owed() -> None:
    session = day_with(1)
    refuse(session, 1)
    for who in ("front", "city_chair", "other_clerk"):
        assert refusals_owed(access_make(who), session.unit) == []
    row = row_of(session, 1)
    with pytest.raises(NotPermitted):
        refusal_undo(
            access=access_make("front"),
            session_id=session.public_id,
            code=row.code,
            version=row.version,
            at=MORNING,
        )
