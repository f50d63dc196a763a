"""Publishing several, taking back, changing, moving: what the public and those registered get."""

import datetime as dt
from typing import Any

import pytest
from django.utils import translation

from common.errors import DomainError, InvalidInput, NotPermitted, Stale
from common.history_check import table_check
from common.time import local_moment
from notifications.models import OutboxMessage
from receptions.enums import SessionKind, TellReason
from receptions.models import ReceptionSession, Registration, SessionEvent, VisitorTelling
from receptions.posting import day_off_words
from receptions.services.changes import SessionChange, session_change
from receptions.services.registrations import registration_cancel
from receptions.services.sessions import (
    session_postpone,
    session_replan,
    session_unpublish,
    sessions_publish,
)
from receptions.services.tellings import visitor_told
from tests.people import access_make, person_make
from tests.receptions.cast import (
    DAY,
    NOW,
    plan_of,
    register,
    secretary,
    session_draft,
    session_public,
)

pytestmark = pytest.mark.django_db
SATURDAY = dt.date(2026, 12, 12)


def change(session: ReceptionSession, **changes: Any) -> ReceptionSession:
    session.refresh_from_db()
    reason = changes.pop("reason", "Sửa phòng tiếp")
    names = (
        "place", "mode", "meeting_link", "capacity", "slot_minutes", "planned_content",
        "participants",
    )  # fmt: skip
    values = {name: getattr(session, name) for name in names} | changes
    return session_change(
        access=secretary(), public_id=session.public_id, version=session.version,
        change=SessionChange(**values), reason=reason, at=NOW,
    )  # fmt: skip


def move(session: ReceptionSession, day: dt.date, hour: int = 8, **more: Any) -> ReceptionSession:
    session.refresh_from_db()
    values: dict[str, Any] = {
        "starts_at": local_moment(day, hour),
        "ends_at": local_moment(day, hour + 3, 30),
        "reason": "Họp đột xuất",
    }
    return session_postpone(
        access=secretary(), public_id=session.public_id, version=session.version, at=NOW,
        **(values | more),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kind": SessionKind.AD_HOC, "trigger": ""}, "trigger"),
        ({"kind": SessionKind.AD_HOC, "trigger": "king"}, "trigger"),
        ({"mode": "air"}, "mode"),
        ({"meeting_link": "https://hop.example.vn/a"}, "meeting_link"),
        ({"mode": "online", "meeting_link": "http://hop.example.vn/a"}, "meeting_link"),
        (
            {"mode": "online", "meeting_link": "https://evil.example.com/hop.example.vn"},
            "meeting_link",
        ),
        ({"mode": "online", "meeting_link": "https://hop.example.vn.evil.com/"}, "meeting_link"),
        ({"mode": "online", "meeting_link": "https://hop.example.vn@evil.com/"}, "meeting_link"),
        ({"mode": "online", "meeting_link": "https://hop.example.vn:8443/a"}, "meeting_link"),
        ({"mode": "online", "meeting_link": "https://evil.com\\@hop.example.vn/"}, "meeting_link"),
        ({"slot_minutes": 4}, "slot_minutes"),
        ({"slot_minutes": 60, "capacity": 4}, "slot_minutes"),
        ({"participants": "x" * 1001}, "participants"),
        ({"day": SATURDAY, "on_day_off": False}, "on_day_off"),
        ({"day": dt.date(2027, 1, 1), "on_day_off": False}, "on_day_off"),
    ],
)
def test_what_cannot_be_planned_is_named(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        session_draft(**changes)
    assert field in caught.value.fields


def test_a_day_off_that_is_meant_and_a_make_up_day() -> None:
    assert session_draft(day=SATURDAY).status == "draft"
    made = session_draft(day=dt.date(2026, 12, 10), on_day_off=False, kind=SessionKind.CONTACT)
    assert made.kind == "contact"


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (dt.date(2026, 8, 22), ""),  # a Saturday that is worked
        (dt.date(2026, 8, 31), "Nghỉ hoán đổi với 22/08"),
        (dt.date(2026, 12, 10), ""),
        (dt.date(2030, 1, 1), ""),  # not known yet: only week-ends are
        (dt.date(2030, 1, 5), "Thứ Bảy"),
    ],
)
def test_which_days_are_off(day: dt.date, words: str) -> None:
    with translation.override("vi"):
        assert day_off_words(day) == words


def test_without_a_video_system_nothing_is_online(settings: Any) -> None:
    settings.VIDEO_HOSTS = []
    with pytest.raises(InvalidInput) as caught:
        session_draft(mode="both", meeting_link="https://hop.example.vn/a")
    assert "mode" in caught.value.fields


def test_an_online_session_is_published_with_its_link() -> None:
    draft = session_draft(mode="online")
    with pytest.raises(InvalidInput):
        sessions_publish(access=secretary(), wanted=[(draft.public_id, 1)], at=NOW)
    link = "https://phong1.hop.example.vn/abc"
    plan = plan_of(person_make("secretary"), mode="online", meeting_link=link)
    changed = session_replan(
        access=secretary(), public_id=draft.public_id, version=1, plan=plan, at=NOW
    )
    done = sessions_publish(access=secretary(), wanted=[(draft.public_id, changed.version)], at=NOW)
    assert (done[0].status, done[0].meeting_link) == ("published", link)


def test_all_drafts_or_none_are_published_and_the_reason_goes_where_it_is_needed() -> None:
    drafts = [session_draft(day=DAY + dt.timedelta(days=n)) for n in (0, 1)]
    late = session_draft(day=dt.date(2026, 12, 2))
    wanted = [(one.public_id, one.version) for one in [*drafts, late]]
    with pytest.raises(InvalidInput) as caught:
        sessions_publish(access=secretary(), wanted=wanted, at=NOW)
    assert "02/12/2026" in caught.value.fields["reason"][0]
    assert set(ReceptionSession.objects.values_list("status", flat=True)) == {"draft"}
    done = sessions_publish(access=secretary(), wanted=wanted, reason="Lịch họp", at=NOW)
    reasons = {one.pk: one.late_reason for one in done}
    assert reasons == {late.pk: "Lịch họp", drafts[0].pk: "", drafts[1].pk: ""}
    with pytest.raises(InvalidInput):
        sessions_publish(access=secretary(), wanted=[], at=NOW)
    with pytest.raises(Stale):
        sessions_publish(access=secretary(), wanted=[wanted[0]], at=NOW)


def test_a_mistaken_publication_is_taken_back_only_at_once_and_unseen() -> None:
    session = session_public()
    values = {"access": secretary(), "public_id": session.public_id}
    late = NOW + dt.timedelta(minutes=10, seconds=1)
    with pytest.raises(DomainError) as caught:
        session_unpublish(**values, version=session.version, at=late)
    assert caught.value.code == "too_late"
    back = session_unpublish(**values, version=session.version, at=NOW)
    assert (back.status, back.published_at) == ("draft", None)
    assert not ReceptionSession.objects.announced().exists()
    again = sessions_publish(
        access=secretary(), wanted=[(session.public_id, back.version)], at=NOW
    )[0]
    made = register(again)
    registration_cancel(code=made.code, secret=made.secret, at=NOW)
    again.refresh_from_db()
    with pytest.raises(DomainError):
        session_unpublish(**values, version=again.version, at=NOW)


def test_a_change_is_public_and_puts_everybody_on_the_list_of_calls() -> None:
    session = session_public()
    register(session, 1)
    gone = register(session, 2)
    registration_cancel(code=gone.code, secret=gone.secret, at=NOW)
    done = change(session, place="Hội trường tầng 2", participants="Mặt trận Tổ quốc phường")
    assert (done.place, done.change_reason) == ("Hội trường tầng 2", "Sửa phòng tiếp")
    telling = VisitorTelling.objects.get()
    assert (telling.registration.queue_number, telling.reason) == (1, TellReason.CHANGED)
    event = SessionEvent.objects.get(action="receptions.session.changed")
    assert event.data == {"fields": ["participants", "place"]}
    told = OutboxMessage.objects.filter(template="session_changed").first()
    assert told is not None
    assert told.params["href"].endswith("/goi-bao/")


def test_fewer_places_than_taken_are_refused_with_what_to_do() -> None:
    session = session_public(capacity=3)
    register(session, 1)
    register(session, 2)
    with pytest.raises(InvalidInput) as caught:
        change(session, capacity=1)
    assert "2" in caught.value.fields["capacity"][0]
    assert change(session, capacity=2).capacity == 2
    assert not VisitorTelling.objects.exists()


def test_more_places_go_to_the_waiting_list_at_once() -> None:
    session = session_public(capacity=1)
    for number in range(1, 5):
        register(session, number, waiting_list=True)
    done = change(session, capacity=3)
    done.refresh_from_db()
    assert done.places_taken == 3
    states = Registration.objects.order_by("queue_number").values_list("status", flat=True)
    assert list(states) == ["registered", "registered", "registered", "waiting"]
    reasons = VisitorTelling.objects.values_list("registration__queue_number", "reason")
    assert dict(reasons) == {2: "place_free", 3: "place_free"}


def test_nothing_changed_no_reason_and_promised_times_are_refused() -> None:
    session = session_public(slot_minutes=30)
    register(session)
    for changes in ({}, {"place": "Khác", "reason": " "}, {"slot_minutes": 45}):
        with pytest.raises(InvalidInput):
            change(session, **changes)


def test_slots_move_with_the_session_and_what_no_longer_fits_falls_away() -> None:
    session = session_public(slot_minutes=30, capacity=3)
    for number in (1, 2, 3):
        register(session, number)
    # From the last on: no two visitors may share a slot meanwhile.
    for number in (3, 2, 1):
        Registration.objects.filter(queue_number=number).update(
            slot_at=session.starts_at + dt.timedelta(minutes=30 * number)
        )
    there = DAY + dt.timedelta(days=5)
    # By half an hour: each slot is another's present one.
    move(session, DAY, starts_at=local_moment(DAY, 8, 30), ends_at=local_moment(DAY, 12))
    slots = Registration.objects.order_by("queue_number").values_list("slot_at", flat=True)
    assert [slot.hour * 60 + slot.minute for slot in slots if slot] == [120, 150, 180]
    move(session, there, 8, ends_at=local_moment(there, 9, 45))
    slots = Registration.objects.order_by("queue_number").values_list("slot_at", flat=True)
    assert [slot is not None for slot in slots] == [True, True, False]
    event = SessionEvent.objects.filter(action="receptions.session.postponed").last()
    assert event is not None
    assert (event.data["slots_moved"], event.data["slots_lost"]) == (2, 1)


def test_a_new_date_is_published_in_time_or_explained() -> None:
    session = session_public()
    register(session)
    soon = dt.date(2026, 12, 3)
    with pytest.raises(InvalidInput) as caught:
        move(session, soon)
    assert "late_reason" in caught.value.fields
    moved = move(session, soon, late_reason="Lịch của Thành phố thay đổi")
    assert (moved.move_reason, moved.late_reason) == (
        "Họp đột xuất", "Lịch của Thành phố thay đổi",
    )  # fmt: skip
    assert Registration.objects.get().queue_number == 1
    assert VisitorTelling.objects.get().reason == TellReason.MOVED


def test_a_new_date_on_a_day_off_or_beyond_the_calendar() -> None:
    session = session_public()
    with pytest.raises(InvalidInput) as caught:
        move(session, SATURDAY)
    assert "on_day_off" in caught.value.fields
    assert move(session, SATURDAY, on_day_off=True).starts_at == local_moment(SATURDAY, 8)
    with pytest.raises(DomainError) as missing:
        move(session, dt.date(2028, 3, 2))
    assert missing.value.code == "calendar_missing"


def test_a_draft_moves_without_telling_anybody() -> None:
    move(session_draft(), dt.date(2026, 12, 3))
    assert not OutboxMessage.objects.exists()


def test_a_later_change_takes_the_place_of_one_that_was_not_told() -> None:
    session = session_public()
    made = register(session)
    change(session, place="Phòng 1")
    move(session, dt.date(2026, 12, 17))
    assert VisitorTelling.objects.get().reason == TellReason.MOVED
    values = {"session_id": session.public_id, "code": made.code, "since": NOW, "at": NOW}
    with pytest.raises(NotPermitted):
        visitor_told(access=access_make("front"), **values)
    told = visitor_told(access=access_make("clerk"), **values)
    assert told.told_by == person_make("clerk")
    with pytest.raises(DomainError):
        visitor_told(access=access_make("clerk"), **values)
    change(session, place="Phòng 2")
    assert VisitorTelling.objects.filter(told_at=None).count() == 1
    assert next(table_check(SessionEvent), None) is None
