"""Changing, cancelling, ranking: by the visitor and by officers."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from common.errors import Conflict, DomainError, InvalidInput, NotPermitted, NotVisible, Stale
from common.time import local_moment
from notifications.models import OutboxMessage
from petitions.models import Case
from receptions.day_page import day_line
from receptions.models import ReceptionSession, Registration, SessionEvent
from receptions.registrants import proposals, queue_of
from receptions.selectors import person_open, visitor_get
from receptions.selectors_places import place_in_line
from receptions.services.confirmations import registration_confirm
from receptions.services.registration_changes import (
    Change,
    priority_set,
    registration_cancel_for,
    registration_change,
    registration_change_for,
)
from receptions.services.registrations import (
    Options,
    Registered,
    registration_cancel,
    registration_create_for,
)
from receptions.services.tellings import visitor_told
from tests.people import Story, access_make
from tests.receptions.cast import (
    DAY,
    NOW,
    digits_sent,
    register,
    session_public,
    slotted,
    sums_hold,
    taken,
    visitor,
    with_mode,
)

pytestmark = pytest.mark.django_db
EMAIL = "ten.vi.du@example.com"


def change(made: Registered, version: int = 1, **changes: Any) -> Registration:
    values: dict[str, Any] = {"topic": "Nội dung mới"} | changes
    at = values.pop("at", NOW)
    return registration_change(
        code=made.code, secret=made.secret, version=version, change=Change(**values), at=at
    )


def last_event() -> SessionEvent:
    return SessionEvent.objects.order_by("sequence").latest("sequence")


def test_a_visitor_changes_what_may_be_changed() -> None:
    made = register(session_public())
    row = change(made, people=7, representatives=("Trần Thị Đại Diện",), needs=("wheelchair",))
    row.refresh_from_db()
    box = person_open(row)
    assert (row.topic, row.people, row.version, row.queue_number) == ("Nội dung mới", 7, 2, 1)
    assert (box["representatives"], box["needs"]) == (["Trần Thị Đại Diện"], ["wheelchair"])
    assert box["identity_number"] == visitor(1).identity_number
    event = last_event()
    assert event.action == "receptions.registration.changed"
    assert event.data == {
        "number": 1, "fields": ["topic", "people", "representatives", "needs"],
    }  # fmt: skip


def test_who_changes_needs_secret_version_and_time() -> None:
    session = session_public()
    made = register(session)
    with pytest.raises(NotVisible):
        change(replace(made, secret="x"))
    with pytest.raises(Stale) as caught:
        change(made, version=2)
    assert caught.value.extra["version"] == 1
    with pytest.raises(DomainError):
        change(made, at=local_moment(DAY, 8))
    for wrong in ({"topic": "x" * 2001}, {"people": 0}, {"people": 4, "representatives": ("Một",)}):
        with pytest.raises(InvalidInput):
            change(made, **wrong)
    registration_cancel(code=made.code, secret=made.secret, at=NOW)
    with pytest.raises(DomainError) as closed:
        change(made, version=2)
    assert closed.value.code == "wrong_state"


def test_a_new_address_is_confirmed_and_the_place_does_not_hang_on_it() -> None:
    made = register(session_public())
    row = change(made, email=EMAIL)
    row.refresh_from_db()
    assert (row.status, row.has_place) == ("registered", True)
    assert row.confirm_hmac is not None
    registration_confirm(code=made.code, secret=made.secret, digits=digits_sent(), at=NOW)
    row.refresh_from_db()
    assert row.status == "registered"
    assert not row.confirm_hmac
    # Left alone, it stays; emptied, it is gone.
    change(made, version=3)
    row.refresh_from_db()
    assert person_open(row)["email"] == EMAIL
    change(made, version=4, email="")
    row.refresh_from_db()
    assert person_open(row)["email"] == ""
    assert not row.confirm_hmac


def test_a_mistyped_address_is_mended_within_the_time() -> None:
    made = register(session_public(), visitor=replace(visitor(1), email="wrong@example.com"))
    row = change(made, email=EMAIL)
    row.refresh_from_db()
    assert (row.status, row.confirm_by) == ("unconfirmed", NOW + dt.timedelta(minutes=15))
    registration_confirm(code=made.code, secret=made.secret, digits=digits_sent(), at=NOW)
    other = register(
        session_public("chair", duty_holder="people_committee_chair"),
        visitor=replace(visitor(2), email="wrong@example.com"),
    )
    assert change(other, email="").status == "registered"


def test_a_turn_is_changed_when_it_is_free() -> None:
    session = slotted(capacity=3)
    first, second = session.starts_at, session.starts_at + dt.timedelta(minutes=30)
    made = register(session, 1)
    register(session, 2)
    with pytest.raises(Conflict):
        change(made, slot_at=second)
    third = second + dt.timedelta(minutes=30)
    assert change(made, slot_at=third).slot_at == third
    assert change(made, version=2).slot_at == third
    assert register(session, 3).queue_number == 3
    assert Registration.objects.get(queue_number=3).slot_at == first


def test_the_place_in_line() -> None:
    session = session_public(capacity=1)
    register(session, 1)
    made = [register(session, n, waiting_list=True) for n in (2, 3, 4)]
    rows = [Registration.objects.get(code=one.code) for one in made]
    assert [place_in_line(row) for row in rows] == [1, 2, 3]
    Registration.objects.filter(code=made[2].code).update(priority=["prolonged"])
    assert [place_in_line(row) for row in rows] == [2, 3, 1]
    assert place_in_line(Registration.objects.get(queue_number=1)) == 0


def officer(session: ReceptionSession, made: Registered, who: str = "clerk") -> dict[str, Any]:
    access = access_make(who)
    return {"access": access, "session_id": session.public_id, "code": made.code, "at": NOW}


def test_an_officer_changes_and_cancels_for_who_calls() -> None:
    session = session_public(capacity=1)
    made = register(session)
    registration_change_for(
        version=1, change=Change(topic="Nói qua điện thoại", people=2), **officer(session, made)
    )
    row = Registration.objects.get()
    assert (row.topic, row.people) == ("Nói qua điện thoại", 2)
    assert last_event().actor_id == access_make("clerk").user_id
    with pytest.raises(Stale):
        registration_cancel_for(version=1, **officer(session, made))
    registration_cancel_for(version=2, **officer(session, made))
    row.refresh_from_db()
    assert row.status == "cancelled"
    assert sums_hold()


@pytest.mark.parametrize(
    ("who", "error"),
    [("front", NotPermitted), ("handler", NotPermitted), ("other_clerk", NotVisible)],
)
def test_others_may_not(who: str, error: type[Exception]) -> None:
    session = session_public()
    made = register(session)
    asked = officer(session, made, who)
    works: list[Callable[[], Any]] = [
        lambda: registration_change_for(version=1, change=Change(topic="x"), **asked),
        lambda: registration_cancel_for(version=1, **asked),
        lambda: priority_set(version=1, priority=["mass"], reason="x", **asked),
    ]
    for work in works:
        with pytest.raises(error):
            work()


def test_an_officers_choice_of_online_says_nothing_of_the_case(
    story: Callable[..., Story],
) -> None:
    session, tale = with_mode("both"), story(kind="denunciation")
    link = (tale.filed.code, tale.filed.secret)
    for number, petition in ((1, None), (2, link)):
        made = register(session, number, petition=petition)
        wanted = Change(topic="Hỏi", is_online=True)
        row = registration_change_for(version=1, change=wanted, **officer(session, made))
        assert row.is_online
        seen = visitor_get(access_make("clerk"), session, made.code)
        assert "trực tuyến" in day_line(session, seen).marks
        assert "trực tuyến" in " ".join(queue_of(access_make("clerk"), session)[-1].marks)
    at_counter = registration_create_for(
        access=access_make("clerk"),
        session_id=session.public_id,
        visitor=visitor(3),
        topic="Hỏi",
        petition=link,
        options=Options(is_online=True),
        at=NOW,
    )
    assert Registration.objects.get(code=at_counter.code).is_online


def test_a_confirmed_address_is_told_of_what_an_officer_changes() -> None:
    session = session_public()
    made = register(session, visitor=replace(visitor(1), email=EMAIL))
    registration_confirm(code=made.code, secret=made.secret, digits=digits_sent(), at=NOW)
    registration_cancel_for(version=2, **officer(session, made))
    assert OutboxMessage.objects.filter(template="registration_news").count() == 1


def test_the_call_list_and_declining() -> None:
    session = session_public(capacity=1)
    first = register(session, 1)
    second, third = (register(session, n, waiting_list=True) for n in (2, 3))
    registration_cancel(code=first.code, secret=first.secret, at=NOW)
    visitor_told(**officer(session, second), since=NOW)
    row = Registration.objects.get(code=second.code)
    assert row.told_at == NOW
    assert last_event().data == {"number": 2, "about": "place_free"}
    # Declining is cancelling: the next one in line moves up.
    registration_cancel_for(version=row.version, **officer(session, second))
    assert Registration.objects.get(code=third.code).status == "registered"
    assert taken(session) == 1


def test_priority_is_set_and_taken_back_with_a_reason() -> None:
    session = session_public()
    made = register(session)
    asked = officer(session, made)
    with pytest.raises(InvalidInput):
        priority_set(version=1, priority=["mass"], reason=" ", **asked)
    with pytest.raises(InvalidInput):
        priority_set(version=1, priority=["gold"], reason="x", **asked)
    row = priority_set(version=1, priority=["prolonged", "mass"], reason="Đông người", **asked)
    assert (row.priority, row.version) == (["mass", "prolonged"], 2)
    assert last_event().data["reason"] == "Đông người"
    assert priority_set(version=2, priority=[], reason="Đã giải quyết", **asked).priority == []


def test_a_visitor_cannot_claim_priority() -> None:
    assert "priority" not in Change.__dataclass_fields__
    assert "priority" not in Options.__dataclass_fields__


def test_what_is_proposed_follows_from_the_linked_case(story: Callable[..., Story]) -> None:
    tale, session = story(), session_public()
    Case.objects.filter(pk=tale.case.pk).update(flags=["complex", "collective"])
    register(session, petition=(tale.filed.code, tale.filed.secret))
    row = Registration.objects.get()
    assert proposals(access_make("clerk"), row) == ["mass", "complex"]
    assert proposals(access_make("other_clerk"), row) == []
    row.people = 5
    assert proposals(access_make("other_clerk"), row) == ["mass"]


def test_a_denunciation_proposes_nothing_to_anybody(story: Callable[..., Story]) -> None:
    tale, session = story(kind="denunciation"), session_public()
    Case.objects.filter(pk=tale.case.pk).update(flags=["complex", "collective"])
    register(session, petition=(tale.filed.code, tale.filed.secret))
    row = Registration.objects.get()
    for who in ("clerk", "chair", "secretary", "board_head", "city_chair", "inspector"):
        assert proposals(access_make(who), row) == []
    # And it is ranked like any other: refusing would tell that there is one.
    made = Registered(1, row.code, "", "")
    priority_set(version=1, priority=["mass"], reason="Đoàn đông", **officer(session, made))


def walk_in(session: ReceptionSession, number: int, **changes: Any) -> Registered:
    options = Options(walk_in=True, leader_agrees=changes.pop("leader_agrees", False))
    values: dict[str, Any] = {
        "access": access_make("clerk"), "session_id": session.public_id, "topic": "Đến trực tiếp",
        "visitor": visitor(number), "options": options, "at": local_moment(DAY, 9),
    }  # fmt: skip
    return registration_create_for(**values | changes)


def test_a_walk_in_gets_a_number_at_once_on_the_day_only() -> None:
    session = session_public(capacity=2)
    register(session, 1)
    with pytest.raises(DomainError) as caught:
        walk_in(session, 2, at=NOW)
    assert caught.value.code == "not_today"
    made = walk_in(session, 2)
    row = Registration.objects.get(code=made.code)
    assert (made.queue_number, row.source, row.status) == (2, "walk_in", "registered")
    assert row.arrived_at == local_moment(DAY, 9)
    assert last_event().data["walk_in"] is True


def test_a_walk_in_when_full_needs_the_leader_and_comes_after_the_registered() -> None:
    session = session_public(capacity=1)
    register(session, 1)
    with pytest.raises(Conflict) as caught:
        walk_in(session, 2)
    assert caught.value.code == "full"
    made = walk_in(session, 2, leader_agrees=True)
    assert (made.queue_number, made.status) == (2, "waiting")
    assert sums_hold()
