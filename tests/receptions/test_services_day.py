"""Visitors arrive, are called, put back, brought back or do not come."""

import datetime as dt
from collections.abc import Callable

import pytest

from common.errors import Conflict, DomainError, NotPermitted, NotVisible, Stale
from common.history_check import table_check
from common.time import local_moment
from receptions.day_page import day_line
from receptions.enums import AdHocTrigger, RegistrationStatus
from receptions.models import Registration, SessionEvent
from receptions.moves import Move, call_order, moves_of, priority_of
from receptions.registrants import queue_of
from receptions.selectors import visitor_get
from receptions.selectors_brief import brief_sheets
from receptions.selectors_places import queue_order
from receptions.serializers_staff import visitor_json
from receptions.services.day import visitor_move
from receptions.services.visits import session_record
from tests.people import Story, access_make
from tests.receptions.cast import DAY, NOW, register, session_public
from tests.receptions.cast_day import MORNING, call_next, day_with, move, row_of

pytestmark = pytest.mark.django_db
NEXT_DAY = local_moment(DAY + dt.timedelta(days=1), 9)


def test_the_queue_is_called_in_order_and_the_first_call_opens_the_session() -> None:
    session = day_with(3)
    assert session.opened_at is None
    assert [call_next(session).queue_number for _ in range(3)] == [1, 2, 3]
    session.refresh_from_db()
    assert session.opened_at == MORNING
    with pytest.raises(Conflict) as caught:
        call_next(session)
    assert caught.value.code == "nobody_waits"


def test_who_has_come_is_called_before_who_is_expected() -> None:
    session = day_with(3)
    assert move(session, 3, Move.ARRIVE).arrived_at == MORNING
    assert [call_next(session).queue_number for _ in range(3)] == [3, 1, 2]


def test_priority_goes_first_then_slots_then_numbers() -> None:
    session = day_with(5, capacity=5)
    for number, hour in ((1, 10), (2, 9), (3, 9)):
        minute = 30 if number == 3 else 0
        session.registrations.filter(queue_number=number).update(
            slot_at=local_moment(DAY, hour, minute)
        )
    session.registrations.filter(queue_number=5).update(priority=["prolonged"])
    assert [call_next(session).queue_number for _ in range(5)] == [5, 2, 3, 1, 4]


def test_order_and_marks_are_the_same_with_a_denunciation(story: Callable[..., Story]) -> None:
    session, access = day_with(2), access_make("clerk")
    Registration.objects.filter(queue_number=2).update(
        case=story(kind="denunciation").case, priority=["prolonged"]
    )
    row = row_of(session, 2)
    words = str(AdHocTrigger.PROLONGED.label)
    seen = visitor_get(access, session, row.code)
    assert words in day_line(session, seen).marks
    assert (priority_of(row), visitor_json(access, seen)["priority"]) == (
        ["prolonged"],
        ["prolonged"],
    )
    queue = queue_of(access, session)
    assert words in " ".join(queue[0].marks)
    brief = [sheet.registration.queue_number for sheet in brief_sheets(access, session)]
    assert [entry.registration.queue_number for entry in queue] == brief == [2, 1]
    assert call_next(session).queue_number == 2


def test_the_waiting_list_is_called_when_it_is_there_and_after_the_others() -> None:
    session = session_public(capacity=1)
    register(session, 1, waiting_list=True)
    register(session, 2, waiting_list=True)
    rows = session.registrations.order_by(*queue_order())
    assert [row.queue_number for row in call_order(rows)] == [1]
    move(session, 2, Move.ARRIVE)
    move(session, 1, Move.ARRIVE)
    assert [call_next(session).queue_number for _ in range(2)] == [1, 2]
    parked = move(session, 2, Move.PARK)
    assert parked.status == "parked"
    assert move(session, 2, Move.BRING_BACK).status == "waiting"


def test_put_back_and_brought_back_keeps_the_number() -> None:
    session = day_with(2)
    call_next(session)
    move(session, 1, Move.PARK)
    assert call_next(session).queue_number == 2
    back = move(session, 1, Move.BRING_BACK)
    assert (back.status, back.queue_number) == ("registered", 1)
    assert call_next(session).queue_number == 1


def test_a_number_is_called_once_and_again_only_on_purpose() -> None:
    session = day_with(1)
    version = row_of(session, 1).version
    move(session, 1, Move.CALL)
    with pytest.raises(Conflict) as caught:
        move(session, 1, Move.CALL, who="secretary", version=version)
    assert caught.value.code == "called"
    assert "08:30" in str(caught.value.message)
    later = MORNING + dt.timedelta(minutes=5)
    assert move(session, 1, Move.CALL_AGAIN, at=later).called_at == later


def test_a_step_on_an_old_page_is_stale() -> None:
    session = day_with(1)
    move(session, 1, Move.ARRIVE)
    with pytest.raises(Stale) as caught:
        move(session, 1, Move.PARK, version=1)
    assert caught.value.extra["version"] == 2


def test_a_no_show_is_undone_on_its_own_day_only() -> None:
    session = day_with(2)
    for number in (1, 2):
        assert move(session, number, Move.NO_SHOW).status == "absent"
    assert move(session, 1, Move.UNDO_NO_SHOW).status == "registered"
    with pytest.raises(DomainError) as caught:
        move(session, 2, Move.UNDO_NO_SHOW, at=NEXT_DAY)
    assert caught.value.code == "too_late"


def test_a_no_show_recorded_by_the_record_can_be_undone_too() -> None:
    session = day_with(1)
    session_record(
        access=access_make("clerk"),
        session_id=session.public_id,
        code=row_of(session, 1).code,
        visit=None,
        at=MORNING,
    )
    assert move(session, 1, Move.UNDO_NO_SHOW).status == "registered"


def test_nothing_before_the_day_and_later_with_the_date_beside_it() -> None:
    session = day_with(1)
    with pytest.raises(DomainError) as caught:
        call_next(session, at=NOW)
    assert caught.value.code == "too_early"
    move(session, 1, Move.NO_SHOW, at=NEXT_DAY)
    event = SessionEvent.objects.get(action="receptions.visit.absent")
    assert event.data == {"number": 1, "later_on": "2026-12-11"}


@pytest.mark.parametrize("state", RegistrationStatus.values)
def test_every_state_takes_only_the_steps_of_the_table(state: str) -> None:
    session = day_with(1)
    has_place = state not in ("waiting", "cancelled")
    Registration.objects.update(
        status=state,
        has_place=has_place,
        confirm_by=MORNING if state == "unconfirmed" else None,
    )
    allowed = moves_of(row_of(session, 1))
    for step in set(Move) - set(allowed):
        with pytest.raises((DomainError, Conflict)):
            move(session, 1, step)
    assert row_of(session, 1).version == 1


@pytest.mark.parametrize(
    ("who", "error"),
    [("front", NotPermitted), ("city_chair", NotPermitted), ("other_clerk", NotVisible)],
)
def test_others_do_not_call(who: str, error: type[Exception]) -> None:
    session = day_with(1)
    with pytest.raises(error):
        call_next(session, who=who)
    with pytest.raises(error):
        move(session, 1, Move.ARRIVE, who=who)


def test_a_visitor_of_another_session_is_not_found() -> None:
    session, other = day_with(1), session_public("chair", duty_holder="people_committee_chair")
    made = register(other, 5)
    with pytest.raises(NotVisible):
        visitor_move(
            access=access_make("clerk"),
            session_id=session.public_id,
            code=made.code,
            version=1,
            move=Move.ARRIVE,
            at=MORNING,
        )


def test_history_stays_whole() -> None:
    session = day_with(3)
    call_next(session)
    move(session, 1, Move.CALL_AGAIN)
    move(session, 1, Move.PARK)
    move(session, 2, Move.NO_SHOW)
    assert next(table_check(SessionEvent), None) is None
    assert session.events.filter(action__startswith="receptions.visitor").count() == 3
