"""A leader who did not receive, who left the post, a unit that was merged."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from accounts.models import Membership
from common.errors import Conflict, DomainError, InvalidInput, NotPermitted, NotVisible
from common.history_check import table_check
from common.time import local_moment
from communes.models import Unit
from communes.selectors import unit_cache_clear
from notifications.models import OutboxMessage
from receptions.invariants import (
    nobody_waits_beside_a_free_place,
    numbers_are_gapless,
    places_taken_are_places_held_or_returning,
)
from receptions.models import ReceptionSession, Registration, SessionEvent, VisitorTelling
from receptions.selectors import person_open, registration_track
from receptions.selectors_plan import troubles_of, troubles_of_units_gone
from receptions.services._plan import may_hold
from receptions.services.handovers import session_hand_over, session_to_successor
from receptions.services.misses import session_miss, session_miss_undo, visitors_move
from receptions.services.sessions import session_cancel, session_publish
from receptions.services.visits import Visit, session_record
from tests.people import OTHER_WARD, WARD, access_make, person_make
from tests.receptions.cast import (
    DAY,
    NOW,
    register,
    secretary,
    session_draft,
    session_public,
    visitor,
)
from tests.receptions.cast_plan import follow

pytestmark = pytest.mark.django_db
LATER = local_moment(DAY, 11)
NEXT = dt.date(2026, 12, 17)


def miss(session: ReceptionSession, **changes: Any) -> ReceptionSession:
    session.refresh_from_db()
    values: dict[str, Any] = {
        "access": secretary(),
        "public_id": session.public_id,
        "version": session.version,
        "reason": "Lãnh đạo đi chống bão",
        "at": LATER,
    }
    return session_miss(**(values | changes))


def move_on(source: ReceptionSession, to: ReceptionSession, **changes: Any) -> list[Registration]:
    source.refresh_from_db()
    values = {"access": access_make("clerk"), "public_id": source.public_id, "at": LATER}
    values |= {"version": source.version, "to": to.public_id}
    return visitors_move(**(values | changes))


def test_not_before_it_begins_nor_by_the_clerk_nor_after_somebody_was_received() -> None:
    session = session_public()
    made = register(session)
    with pytest.raises(DomainError) as caught:
        miss(session, at=local_moment(DAY, 7))
    assert caught.value.code == "too_early"
    with pytest.raises(NotPermitted):
        miss(session, access=access_make("clerk"))
    with pytest.raises(InvalidInput):
        miss(session, reason="")
    session_record(
        access=secretary(), session_id=session.public_id, code=made.code, at=LATER,
        visit=Visit(said="Đã nghe", outcome="answered"),
    )  # fmt: skip
    with pytest.raises(DomainError):
        miss(session)


def test_a_missed_session_keeps_its_hour_and_is_told() -> None:
    session = session_public()
    register(session)
    done = miss(session)
    assert (done.status, done.missed_reason) == ("missed", "Lãnh đạo đi chống bão")
    assert VisitorTelling.objects.get().reason == "missed"
    assert OutboxMessage.objects.filter(template="session_missed", position="clerk").exists()
    with pytest.raises(Conflict) as caught:
        session_draft()
    assert caught.value.code == "session_leader_in_one_place"


def test_those_registered_move_on_with_code_and_secret() -> None:
    session, to = session_public(), session_public(day=NEXT, capacity=2)
    made = [register(session, number) for number in (1, 2, 3)]
    register(to, 9)
    miss(session)
    rows = move_on(session, to)
    assert [(row.queue_number, row.status) for row in rows] == [
        (2, "registered"), (3, "waiting"), (4, "waiting"),
    ]  # fmt: skip
    found = registration_track(made[0].code, made[0].secret)
    assert found is not None
    assert (found.session, found.queue_number) == (to, 2)
    assert person_open(found)["full_name"] == visitor(1).full_name
    stones = list(session.registrations.all())
    assert {stone.status for stone in stones} == {"cancelled"}
    assert [any(person_open(stone).values()) for stone in stones] == [False] * 3
    assert {stone.topic for stone in stones} == {""}
    session.refresh_from_db()
    to.refresh_from_db()
    assert (session.places_taken, to.places_taken, to.last_number) == (0, 2, 4)
    assert set(VisitorTelling.objects.values_list("reason", flat=True)) == {"other_session"}
    assert not [*numbers_are_gapless(), *places_taken_are_places_held_or_returning()]
    assert not [*nobody_waits_beside_a_free_place()]
    assert next(table_check(SessionEvent), None) is None


def test_those_of_a_session_that_was_called_off_move_on_too() -> None:
    session, to = session_public(), session_public(day=NEXT, slot_minutes=30)
    register(session)
    with pytest.raises(DomainError):
        move_on(session, to)
    session.refresh_from_db()
    session_cancel(
        access=secretary(), public_id=session.public_id, version=session.version,
        reason="Bận", at=NOW,
    )  # fmt: skip
    assert move_on(session, to)[0].slot_at == to.starts_at


def test_only_to_a_coming_session_of_the_unit() -> None:
    session = session_public()
    register(session)
    miss(session)
    draft = session_draft(day=NEXT)
    other = session_public("other_chair", unit=OTHER_WARD, duty_holder="people_committee_chair")
    for wrong in (session, draft, other):
        with pytest.raises(InvalidInput):
            move_on(session, wrong)


def leave(name: str, last: dt.date) -> None:
    Membership.objects.filter(user=person_make(name)).update(valid_to=last)


@pytest.mark.usefixtures("_monday")
def test_a_leader_who_left_hands_over_to_the_new_holder() -> None:
    session = session_public()
    register(session)
    chair, unit = access_make("chair"), Unit.objects.get(code=WARD)
    values = {"access": chair, "public_id": session.public_id, "version": session.version}
    with pytest.raises(DomainError):
        session_hand_over(**values, at=NOW)
    leave("secretary", dt.date(2026, 12, 5))
    trouble = troubles_of(chair, unit)
    assert [(one.kind, one.holder) for one in trouble] == [("holder", None)]
    with pytest.raises(DomainError) as caught:
        session_hand_over(**values, at=NOW)
    assert caught.value.code == "vacant"
    follow("front", dt.date(2026, 12, 6))
    assert troubles_of(chair, unit)[0].holder == person_make("front")
    done = session_hand_over(**values, at=NOW)
    assert (done.leader, done.is_delegated) == (person_make("front"), False)
    assert not troubles_of(chair, unit)
    assert VisitorTelling.objects.get().reason == "handed_over"
    told = OutboxMessage.objects.filter(template="session_handed_over")
    assert told.filter(recipient=person_make("front")).exists()
    assert told.filter(position="clerk").exists()


def test_the_new_holder_cannot_be_in_two_places() -> None:
    session = session_public()
    leave("secretary", dt.date(2026, 12, 5))
    follow("chair", dt.date(2026, 12, 6))
    session_draft("chair", duty_holder="people_committee_chair")
    with pytest.raises(Conflict):
        session_hand_over(
            access=access_make("chair"), public_id=session.public_id, version=session.version,
            at=NOW,
        )  # fmt: skip


def test_whoever_will_not_hold_the_post_is_not_planned() -> None:
    person_make("secretary")
    leave("secretary", dt.date(2026, 12, 5))
    with pytest.raises(InvalidInput):
        session_draft()


@pytest.fixture
def _monday(time_machine: Any) -> None:
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def merged() -> Any:
    """The ward ends on 6 December; its session lies after that."""
    session = session_public()
    register(session)
    Unit.objects.filter(code=WARD).update(valid_to=dt.date(2026, 12, 6))
    unit_cache_clear()
    yield session
    unit_cache_clear()


@pytest.mark.usefixtures("_monday")
def test_a_session_of_a_merged_unit_moves_to_the_one_that_follows(merged: Any) -> None:
    board, other = access_make("board_head"), Unit.objects.get(code=OTHER_WARD)
    assert [one.kind for one in troubles_of_units_gone(board)] == ["unit"]
    assert not troubles_of_units_gone(access_make("other_chair"))
    values = {"public_id": merged.public_id, "version": merged.version, "at": NOW}
    values |= {"unit": other, "place": "Trụ sở mới"}
    with pytest.raises(NotVisible):
        session_to_successor(access=access_make("other_chair"), **values)
    with pytest.raises(NotPermitted):
        session_to_successor(access=access_make("chair"), **values)
    with pytest.raises(DomainError) as caught:
        session_to_successor(access=board, **values)
    assert caught.value.code == "vacant"
    follow("other_clerk", dt.date(2026, 12, 1), unit=OTHER_WARD)
    done = session_to_successor(access=board, **values)
    assert (done.unit, done.leader, done.place) == (
        other, person_make("other_clerk"), "Trụ sở mới",
    )  # fmt: skip
    assert "được sáp nhập" in done.change_reason
    assert Registration.objects.get().queue_number == 1
    assert not troubles_of_units_gone(board)


@pytest.mark.usefixtures("_monday")
def test_who_may_rescue_sees_it_on_the_own_desk(merged: Any, client: Client) -> None:
    href = f"/can-bo/tiep-dan/{merged.public_id}/"
    for name, shown in (("board_head", True), ("city_chair", True), ("other_chair", False)):
        client.force_login(person_make(name))
        page = client.get("/can-bo/tiep-dan/").content.decode()
        assert (href in page) is shown
    client.force_login(person_make("board_head"))
    page = client.get("/can-bo/tiep-dan/?unit=*").content.decode()
    assert "Phường Ba Đình" in page
    assert href in page
    assert "chuyen-don-vi" in client.get(href).content.decode()


@pytest.mark.usefixtures("_monday")
def test_a_long_list_hides_no_session_of_a_unit_that_ended(merged: Any) -> None:
    """More coming sessions before the end of the unit than a list shows."""
    first = local_moment(dt.date(2026, 12, 1), 9)
    ReceptionSession.objects.bulk_create(
        ReceptionSession(
            unit=merged.unit, leader=merged.leader, duty_holder="party_secretary", kind="periodic",
            starts_at=first + dt.timedelta(minutes=2 * n),
            ends_at=first + dt.timedelta(minutes=2 * n + 1),
            place="x", capacity=1, planned_content="x",
        )
        for n in range(120)
    )  # fmt: skip
    board, ward = access_make("board_head"), merged.unit
    assert [one.session for one in troubles_of_units_gone(board)] == [merged]
    assert [one.session for one in troubles_of(access_make("chair"), ward)] == [merged]
    assert troubles_of_units_gone(board, but=ward) == []


@pytest.mark.usefixtures("_monday")
def test_a_unit_that_stands_is_not_moved_from_nor_is_one_that_ended_moved_to(merged: Any) -> None:
    board, ward = access_make("board_head"), Unit.objects.get(code=WARD)
    values = {"access": board, "public_id": merged.public_id, "version": merged.version}
    with pytest.raises(InvalidInput):
        session_to_successor(**values, unit=ward, place="Trụ sở", at=NOW)
    Unit.objects.filter(code=WARD).update(valid_to=None)
    with pytest.raises(DomainError):
        other = Unit.objects.get(code=OTHER_WARD)
        session_to_successor(**values, unit=other, place="Trụ sở", at=NOW)


def test_a_draft_that_is_handed_over_calls_nobody() -> None:
    draft = session_draft()
    leave("secretary", dt.date(2026, 12, 5))
    follow("front", dt.date(2026, 12, 6))
    done = session_hand_over(
        access=access_make("chair"), public_id=draft.public_id, version=1, at=NOW
    )
    assert not VisitorTelling.objects.exists()
    session_publish(
        access=access_make("chair"), public_id=done.public_id, version=done.version, at=NOW
    )


def test_an_absence_recorded_by_mistake_is_taken_back() -> None:
    session = session_public()
    register(session)
    begun = local_moment(DAY, 9)
    values = {"access": secretary(), "public_id": session.public_id}
    session_miss(**values, version=session.version, reason="Ốm", at=begun)
    session.refresh_from_db()
    again = session_miss_undo(
        **values, version=session.version, reason="Ghi nhầm buổi khác", at=begun
    )
    assert (again.status, again.missed_reason, again.change_reason) == (
        "published", "", "Ghi nhầm buổi khác",
    )  # fmt: skip
    assert VisitorTelling.objects.get(told_at=None).reason == "changed"
    assert may_hold(again, begun)
    assert next(table_check(SessionEvent), None) is None


def test_an_absence_stays_once_its_visitors_were_moved() -> None:
    session, other = session_public(), session_public(day=dt.date(2026, 12, 17))
    register(session)
    begun = local_moment(DAY, 9)
    values = {"access": secretary(), "public_id": session.public_id}
    session_miss(**values, version=session.version, reason="Ốm", at=begun)
    session.refresh_from_db()
    visitors_move(**values, version=session.version, to=other.public_id, at=begun)
    session.refresh_from_db()
    with pytest.raises(DomainError) as refused:
        session_miss_undo(**values, version=session.version, reason="Ghi nhầm", at=begun)
    assert refused.value.code == "wrong_state"
