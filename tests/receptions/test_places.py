"""Freed places: to who waits at once, else back after a while that nobody can guess."""

import datetime as dt
from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from common.errors import Conflict, InvalidInput
from common.time import local_moment
from notifications.models import OutboxMessage
from receptions.models import PlaceReturn, ReceptionSession, Registration, SessionEvent
from receptions.services.day import visitor_call_next
from receptions.services.places import (
    RETURN_AFTER,
    places_fill,
    places_settle_due,
    return_delay,
    session_settled,
)
from receptions.services.registrations import (
    Options,
    registration_cancel,
    registration_create_for,
)
from tests.people import access_make
from tests.receptions.cast import (
    DAY,
    NOW,
    register,
    session_public,
    slotted,
    sums_hold,
    taken,
    visitor,
)

pytestmark = pytest.mark.django_db
MINUTE = dt.timedelta(minutes=1)


def states(session: ReceptionSession) -> list[str]:
    return list(session.registrations.order_by("queue_number").values_list("status", flat=True))


def test_the_delay_is_between_5_and_40_minutes_and_no_two_alike() -> None:
    delays = {return_delay() for _ in range(300)}
    assert RETURN_AFTER == (5, 40)
    assert 5 * MINUTE <= min(delays) < 10 * MINUTE
    assert 35 * MINUTE < max(delays) <= 40 * MINUTE
    assert len(delays) > 200


def test_a_freed_place_comes_back_only_when_it_is_due() -> None:
    session = session_public(capacity=1)
    made = register(session, 1)
    registration_cancel(code=made.code, secret=made.secret, at=NOW)
    due = PlaceReturn.objects.get().due_at
    assert NOW + 5 * MINUTE <= due <= NOW + 40 * MINUTE
    with pytest.raises(Conflict) as caught:
        register(session, 2, at=due - dt.timedelta(seconds=1))
    assert caught.value.code == "full"
    assert sums_hold()
    assert register(session, 2, at=due).status == "registered"
    assert (taken(session), PlaceReturn.objects.count()) == (1, 0)
    assert sums_hold()


def test_registering_asks_little_while_others_wait() -> None:
    """Everybody who registers for the session stands behind this lock."""
    session = session_public(capacity=1)
    made = register(session, 1)
    registration_cancel(code=made.code, secret=made.secret, at=NOW)
    due = PlaceReturn.objects.get().due_at
    ReceptionSession.objects.update(capacity=3)
    for moment, count in ((NOW, 5), (due, 10)):
        with CaptureQueriesContext(connection) as seen:
            register(session, count, at=moment)
        asked = [query["sql"] for query in seen if "SAVEPOINT" not in query["sql"]]
        lock = next(n for n, sql in enumerate(asked) if "FOR NO KEY UPDATE" in sql)
        # The session, the registration, its event behind the last one, what the desk is told.
        assert len(asked) - lock - 1 == count, asked[lock:]
    assert taken(session) == 2


def test_who_joined_the_line_meanwhile_gets_the_place_that_comes_back() -> None:
    session = session_public(capacity=1)
    made = register(session, 1)
    registration_cancel(code=made.code, secret=made.secret, at=NOW)
    register(session, 2, waiting_list=True)
    assert places_settle_due(at=NOW + 40 * MINUTE) == 1
    assert states(session) == ["cancelled", "registered"]
    assert places_settle_due(at=NOW + 40 * MINUTE) == 0
    assert sums_hold()


def test_a_code_that_never_came_frees_the_place_by_the_job() -> None:
    session = session_public(capacity=1)
    register(session, 1, visitor=_with_mail(1))
    register(session, 2, waiting_list=True)
    assert places_settle_due(at=NOW + 14 * MINUTE) == 0
    assert places_settle_due(at=NOW + 15 * MINUTE) == 1
    assert states(session) == ["cancelled", "registered"]
    actions = list(SessionEvent.objects.order_by("sequence").values_list("action", flat=True))
    assert actions[-2:] == ["receptions.registration.lapsed", "receptions.registration.moved_up"]
    assert sums_hold()


def _with_mail(number: int) -> object:
    from dataclasses import replace

    return replace(visitor(number), email="ten@example.com")


def test_moving_up_is_told_to_the_desk_when_there_is_no_address() -> None:
    session = session_public(capacity=1)
    made = register(session, 1)
    register(session, 2, waiting_list=True)
    registration_cancel(code=made.code, secret=made.secret, at=NOW)
    row = Registration.objects.get(queue_number=2)
    assert (row.status, row.moved_up_at, row.told_at) == ("registered", NOW, None)
    assert OutboxMessage.objects.filter(template="registration_moved_up").exists()


def test_priority_moves_up_first_then_the_number() -> None:
    session = session_public(capacity=1)
    made = register(session, 1)
    for number in (2, 3, 4):
        register(session, number, waiting_list=True)
    Registration.objects.filter(queue_number=4).update(priority=["mass"])
    registration_cancel(code=made.code, secret=made.secret, at=NOW)
    assert states(session) == ["cancelled", "waiting", "waiting", "registered"]


def test_more_places_go_to_who_waits() -> None:
    session = session_public(capacity=1)
    for number in (1, 2, 3):
        register(session, number, waiting_list=True)
    ReceptionSession.objects.filter(pk=session.pk).update(capacity=2)
    session = session_settled(session.public_id, at=NOW)
    assert places_fill(session, at=NOW) == 1
    assert states(session) == ["registered", "registered", "waiting"]
    assert sums_hold()


def test_when_the_session_begins_nothing_is_kept_back() -> None:
    session = session_public(capacity=2)
    made = register(session, 1, at=local_moment(DAY, 7, 55))
    registration_cancel(code=made.code, secret=made.secret, at=local_moment(DAY, 7, 59))
    assert taken(session) == 1
    session_settled(session.public_id, at=local_moment(DAY, 8))
    assert taken(session) == 0
    assert sums_hold()


def test_turns_by_the_clock() -> None:
    session = slotted(capacity=3)
    first, second, third = (session.starts_at + 30 * n * MINUTE for n in range(3))
    register(session, 1, options=Options(slot_at=second))
    with pytest.raises(Conflict) as caught:
        register(session, 2, options=Options(slot_at=second))
    assert caught.value.code == "slot_taken"
    for wrong in (session.starts_at + 7 * MINUTE, session.ends_at):
        with pytest.raises(Conflict):
            register(session, 2, options=Options(slot_at=wrong))
    register(session, 2)
    register(session, 3)
    found = session.registrations.order_by("queue_number").values_list("slot_at", flat=True)
    assert list(found) == [second, first, third]
    assert sums_hold()


def test_a_session_without_turns_takes_none() -> None:
    session = session_public()
    with pytest.raises(InvalidInput) as caught:
        register(session, 1, options=Options(slot_at=session.starts_at))
    assert "slot_at" in caught.value.fields


def test_who_moves_up_gets_the_turn_that_is_free() -> None:
    session = slotted(capacity=2)
    made = register(session, 1)
    register(session, 2)
    register(session, 3, waiting_list=True)
    registration_cancel(code=made.code, secret=made.secret, at=NOW)
    assert Registration.objects.get(queue_number=3).slot_at == session.starts_at


def test_on_the_day_a_turn_that_has_passed_is_given_to_nobody() -> None:
    session = slotted(capacity=5)
    late = session.starts_at + 40 * MINUTE
    made = registration_create_for(
        access=access_make("clerk"),
        session_id=session.public_id,
        visitor=visitor(1),
        topic="Đến trực tiếp",
        options=Options(walk_in=True),
        at=late,
    )
    row = Registration.objects.get(code=made.code)
    assert row.slot_at == session.starts_at + 60 * MINUTE


@pytest.mark.parametrize("walk_in", [True, False])
def test_who_is_registered_at_the_counter_with_an_address_waits_for_no_digits(
    walk_in: bool,
) -> None:
    session = session_public()
    at = local_moment(DAY, 8, 30) if walk_in else NOW
    made = registration_create_for(
        access=access_make("clerk"),
        session_id=session.public_id,
        visitor=replace(visitor(1), email="an@example.test"),
        topic="Đến trực tiếp",
        options=Options(walk_in=walk_in),
        at=at,
    )
    assert made.status == "registered"
    later = local_moment(DAY, 9)
    called = visitor_call_next(access=access_make("clerk"), session_id=session.public_id, at=later)
    assert (called.code, called.status) == (made.code, "called")
