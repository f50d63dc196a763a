"""Planning, publishing, moving, calling off, holding."""

import datetime as dt

import pytest

from common.errors import Conflict, DomainError, InvalidInput, NotPermitted, NotVisible, Stale
from common.history_check import table_check
from common.time import local_moment
from communes.models import Unit
from notifications.models import MessageState, OutboxMessage
from receptions.enums import DutyHolder, SessionKind
from receptions.models import ReceptionSession, SessionEvent
from receptions.posting import latest_posting_on
from receptions.selectors_quota import quota_month
from receptions.services.holding import session_hold
from receptions.services.sessions import (
    session_cancel,
    session_plan,
    session_postpone,
    session_publish,
)
from receptions.services.visits import Visit, session_record
from tests.people import OTHER_WARD, WARD, access_make, person_make
from tests.receptions.cast import (
    DAY,
    NOW,
    plan_of,
    register,
    secretary,
    session_draft,
    session_public,
)
from tests.receptions.cast_day import call_next, day_with, row_of

pytestmark = pytest.mark.django_db
AFTER = local_moment(DAY, 12)


def test_a_secretary_plans_and_publishes_in_time() -> None:
    session = session_public()
    assert (session.status, session.published_at, session.late_reason) == ("published", NOW, "")
    assert [e.action for e in SessionEvent.objects.order_by("sequence")] == [
        "receptions.session.planned",
        "receptions.session.published",
    ]
    assert next(table_check(SessionEvent), None) is None
    assert OutboxMessage.objects.get(channel="app").template == "session_published"


def test_five_working_days_are_counted_back_over_days_off() -> None:
    # Thursday 10 December: Wednesday, Tuesday, Monday, Friday, Thursday.
    assert latest_posting_on(DAY) == dt.date(2026, 12, 3)
    # Tuesday 24 November 2026 is a holiday.
    assert latest_posting_on(dt.date(2026, 11, 27)) == dt.date(2026, 11, 19)


def test_the_last_day_needs_no_reason_the_day_after_does() -> None:
    last = local_moment(dt.date(2026, 12, 3), 23, 59)
    assert session_public(at=last).late_reason == ""
    late = local_moment(dt.date(2026, 12, 4), 0, 1)
    draft = session_draft("chair", duty_holder=DutyHolder.PEOPLE_COMMITTEE_CHAIR, at=late)
    chair = access_make("chair")
    with pytest.raises(InvalidInput) as caught:
        session_publish(access=chair, public_id=draft.public_id, version=1, at=late)
    assert "reason" in caught.value.fields
    draft.refresh_from_db()
    assert (draft.status, draft.version) == ("draft", 1)
    done = session_publish(
        access=chair, public_id=draft.public_id, version=1, reason="Lịch họp thay đổi", at=late
    )
    assert done.late_reason == "Lịch họp thay đổi"


def test_an_ad_hoc_session_needs_a_reason_however_early() -> None:
    draft = session_draft(kind=SessionKind.AD_HOC)
    with pytest.raises(InvalidInput):
        session_publish(access=secretary(), public_id=draft.public_id, version=1, at=NOW)


@pytest.mark.parametrize(
    "who", ["clerk", "handler", "front", "other_chair", "city_chair", "admin", "internal_affairs"]
)
def test_nobody_else_plans_for_the_ward(who: str) -> None:
    with pytest.raises(NotPermitted):
        session_plan(
            access=access_make(who),
            unit=Unit.objects.get(code=WARD),
            plan=plan_of(person_make("secretary")),
            at=NOW,
        )


def test_who_receives_must_hold_the_post() -> None:
    for wrong in ({"duty_holder": DutyHolder.PEOPLE_COMMITTEE_CHAIR}, {"duty_holder": "king"}):
        with pytest.raises(InvalidInput):
            session_draft(**wrong)
    with pytest.raises(InvalidInput) as caught:
        session_plan(
            access=secretary(),
            unit=Unit.objects.get(code=WARD),
            plan=plan_of(person_make("other_chair"), is_delegated=True),
            at=NOW,
        )
    assert "leader" in caught.value.fields


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"day": dt.date(2026, 11, 1)}, "starts_at"),
        ({"ends_at": local_moment(DAY, 8)}, "ends_at"),
        ({"ends_at": local_moment(DAY + dt.timedelta(days=1), 9)}, "ends_at"),
        ({"capacity": 0}, "capacity"),
        ({"capacity": 501}, "capacity"),
        ({"place": "  "}, "place"),
        ({"planned_content": "x" * 4001}, "planned_content"),
        ({"kind": "party"}, "kind"),
    ],
)
def test_what_cannot_be_planned_is_named(changes: dict[str, object], field: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        session_draft(**changes)
    assert field in caught.value.fields


def test_a_leader_is_in_one_place_at_a_time() -> None:
    first = session_draft()
    with pytest.raises(Conflict) as caught:
        session_draft(starts_at=local_moment(DAY, 11), ends_at=local_moment(DAY, 12))
    assert caught.value.code == "session_leader_in_one_place"
    # Right after it, another leader at the same time, or after calling the first off: fine.
    session_draft(starts_at=local_moment(DAY, 11, 30), ends_at=local_moment(DAY, 12))
    session_draft("chair", duty_holder=DutyHolder.PEOPLE_COMMITTEE_CHAIR)
    session_cancel(
        access=secretary(), public_id=first.public_id, version=1, reason="Trùng lịch", at=NOW
    )
    session_draft()


def test_moving_keeps_the_registrations_and_tells_the_desk() -> None:
    session = session_public()
    register(session)
    there = DAY + dt.timedelta(days=5)
    moved = session_postpone(
        access=secretary(),
        public_id=session.public_id,
        version=session.version,
        starts_at=local_moment(there, 8),
        ends_at=local_moment(there, 11),
        reason="Họp đột xuất",
        at=NOW,
    )
    assert (moved.places_taken, moved.move_reason) == (1, "Họp đột xuất")
    event = SessionEvent.objects.get(action="receptions.session.postponed")
    assert event.data == {"from": "2026-12-10", "to": "2026-12-15"}
    assert OutboxMessage.objects.filter(template="session_postponed", position="clerk").exists()


def test_moving_and_calling_off_need_a_reason() -> None:
    session = session_public()
    version, public_id = session.version, session.public_id
    with pytest.raises(InvalidInput):
        session_cancel(access=secretary(), public_id=public_id, version=version, reason=" ", at=NOW)
    with pytest.raises(InvalidInput):
        session_postpone(
            access=secretary(),
            public_id=public_id,
            version=version,
            starts_at=local_moment(DAY, 14),
            ends_at=local_moment(DAY, 16),
            reason="",
            at=NOW,
        )


def test_a_stale_form_changes_nothing() -> None:
    session = session_public()
    with pytest.raises(Stale) as caught:
        session_cancel(
            access=secretary(), public_id=session.public_id, version=1, reason="Bận", at=NOW
        )
    assert caught.value.extra["version"] == session.version


def test_another_ward_does_not_see_the_session() -> None:
    session = session_draft()
    with pytest.raises(NotVisible):
        session_cancel(
            access=access_make("other_chair"),
            public_id=session.public_id,
            version=1,
            reason="Bận",
            at=NOW,
        )


def test_held_not_before_its_day_and_not_twice() -> None:
    session = session_public()
    values = {"access": secretary(), "public_id": session.public_id}
    with pytest.raises(DomainError) as caught:
        session_hold(**values, version=session.version, at=NOW)
    assert caught.value.code == "too_early"
    done = session_hold(**values, version=session.version, at=AFTER)
    assert done.status == "held"
    with pytest.raises(DomainError):
        session_hold(**values, version=done.version, at=AFTER)


def test_held_from_its_beginning_or_the_first_call_on() -> None:
    session = day_with(1)
    values = {"access": secretary(), "public_id": session.public_id, "version": session.version}
    midnight, before = local_moment(DAY, 0, 5), local_moment(DAY, 7, 59)
    for early in (midnight, before):
        with pytest.raises(DomainError) as caught:
            session_hold(**values, at=early)
        assert caught.value.code == "too_early"
    call_next(session, at=before)
    assert session_hold(**values, at=before).status == "held"


@pytest.mark.parametrize("at", [local_moment(DAY, 8), local_moment(DAY + dt.timedelta(days=4), 9)])
def test_what_has_begun_is_not_called_off_any_more(at: dt.datetime) -> None:
    session = session_public()
    assert line_of("party_secretary")[1] == 1
    with pytest.raises(DomainError) as caught:
        session_cancel(
            access=secretary(), public_id=session.public_id, version=session.version,
            reason="Bận", at=at,
        )  # fmt: skip
    session.refresh_from_db()
    assert (caught.value.code, session.status) == ("in_the_past", "published")


def test_who_was_received_before_the_hour_keeps_the_session() -> None:
    session = day_with(1)
    early = local_moment(DAY, 7, 30)
    session_record(
        access=secretary(), session_id=session.public_id, code=row_of(session, 1).code,
        visit=Visit("Hỏi về ngõ đi chung.", "answered"), at=early,
    )  # fmt: skip
    with pytest.raises(DomainError):
        session_cancel(
            access=secretary(), public_id=session.public_id, version=session.version,
            reason="Bận", at=early,
        )  # fmt: skip


def test_a_draft_is_called_off_whenever() -> None:
    draft = session_draft()
    done = session_cancel(
        access=secretary(), public_id=draft.public_id, version=1, reason="Thừa", at=AFTER
    )
    assert done.status == "cancelled"


def test_the_clerk_does_not_say_that_it_was_held() -> None:
    session = session_public()
    with pytest.raises(NotPermitted):
        session_hold(
            access=access_make("clerk"),
            public_id=session.public_id,
            version=session.version,
            at=AFTER,
        )


def test_quiet_notices_are_never_sent() -> None:
    draft = session_draft()
    session_publish(access=secretary(), public_id=draft.public_id, version=1, at=NOW, quiet=True)
    mails = OutboxMessage.objects.filter(channel="email")
    assert set(mails.values_list("state", flat=True)) == {MessageState.SUPPRESSED}


def line_of(duty: str, month: dt.date = dt.date(2026, 12, 1)) -> tuple[int, ...]:
    lines = quota_month(access_make("city_chair"), month, unit=Unit.objects.get(code=WARD))
    return tuple(next(line.tally for line in lines if line.duty_holder == duty))


def test_the_month_counts_days_by_duty_and_never_delegated_ones() -> None:
    session_public()
    session_draft(day=DAY + dt.timedelta(days=1), kind=SessionKind.AD_HOC)
    session_plan(
        access=secretary(),
        unit=Unit.objects.get(code=WARD),
        plan=plan_of(person_make("chair"), is_delegated=True, day=DAY + dt.timedelta(days=4)),
        at=NOW,
    )
    assert line_of("party_secretary")[:4] == (2, 1, 1, 0)
    assert line_of("people_committee_chair")[:4] == (2, 0, 0, 0)


def test_a_session_moved_to_another_day_was_announced_that_day() -> None:
    def late() -> int:
        lines = quota_month(
            access_make("city_chair"), dt.date(2026, 12, 1), unit=Unit.objects.get(code=WARD)
        )
        return next(line.marks.late for line in lines if line.duty_holder == "party_secretary")

    def move(session: ReceptionSession, day: dt.date, hour: int, **values: object) -> None:
        session.refresh_from_db()
        session_postpone(
            access=secretary(), public_id=session.public_id, version=session.version,
            starts_at=local_moment(day, hour), ends_at=local_moment(day, hour + 2),
            reason="Họp đột xuất", **values,
        )  # fmt: skip

    session, eve = session_public(), local_moment(DAY - dt.timedelta(days=1), 9)
    move(session, DAY, 9, at=eve, late_reason="Họp đột xuất")
    assert late() == 0
    move(session, DAY + dt.timedelta(days=1), 9, at=eve, late_reason="Họp đột xuất")
    assert late() == 1
    move(session, DAY + dt.timedelta(days=1), 14, at=eve, late_reason="Họp đột xuất")
    assert late() == 1


def test_quotas_of_everybody_take_few_queries(django_assert_max_num_queries: object) -> None:
    session_public()
    access = access_make("city_chair")
    with django_assert_max_num_queries(4):  # type: ignore[operator]
        lines = quota_month(access, dt.date(2026, 12, 1))
    assert len({line.unit.code for line in lines if line.unit.is_commune_level}) == 126
    seen = quota_month(access_make("other_chair"), dt.date(2026, 12, 1))
    assert {line.unit.code for line in seen} == {OTHER_WARD}


def test_the_database_keeps_its_own_word() -> None:
    from django.db import IntegrityError, transaction

    session = session_public()
    for wrong in (
        {"places_taken": 4},
        {"status": "cancelled"},
        {"published_at": None},
        {"capacity": 0},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            ReceptionSession.objects.filter(pk=session.pk).update(**wrong)
