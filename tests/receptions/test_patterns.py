"""Patterns propose days around days off and clashes; what is ticked becomes drafts once."""

import datetime as dt
from typing import Any

import pytest

from accounts.enums import Role
from accounts.models import Membership
from common.errors import InvalidInput, NotPermitted, NotVisible, Stale
from common.time import local_date, local_moment
from communes.models import Unit
from deadlines.calendars import calendar_cache_clear
from deadlines.models import CalendarDay
from hanoi_portal import models as tracked
from receptions.models import ReceptionSession, SessionEvent, SessionPattern
from receptions.selectors_patterns import Proposal, proposals
from receptions.services.patterns import (
    pattern_change,
    pattern_end,
    pattern_make,
)
from receptions.services.sessions import session_cancel, session_postpone
from tests.people import WARD, access_make, person_make
from tests.receptions.cast import NOW, secretary, session_draft
from tests.receptions.cast_plan import pattern_make_one, pattern_plan

pytestmark = pytest.mark.django_db
TODAY = local_date(NOW)
MARCH = dt.date(2027, 3, 31)


def look(pattern: SessionPattern, last: dt.date = MARCH) -> dict[dt.date, Proposal]:
    return {one.named: one for one in proposals(pattern, TODAY, last, at=NOW)}


def words(proposal: Proposal) -> str:
    return " ".join(remark.words for remark in proposal.remarks)


def make(pattern: SessionPattern, *days: dt.date, **changes: Any) -> Any:
    pattern.refresh_from_db()
    values = {"access": secretary(), "public_id": pattern.public_id, "version": pattern.version}
    return pattern_make(**(values | {"days": list(days), "at": NOW} | changes))


def test_days_off_move_to_the_next_working_day_and_say_why() -> None:
    found = look(pattern_make_one())
    assert found[dt.date(2026, 12, 10)].on == dt.date(2026, 12, 10)
    sunday = found[dt.date(2027, 1, 10)]
    assert sunday.on == dt.date(2027, 1, 11)
    assert "10/01/2027" in sunday.why
    tet = found[dt.date(2027, 2, 10)]
    assert tet.on == dt.date(2027, 2, 12)
    assert "Nghỉ bù Tết" in tet.why
    assert sunday.is_wished
    assert not sunday.remarks


def test_the_year_end_and_the_next_month_are_said() -> None:
    found = look(pattern_make_one(days=[1, 31]))
    # 1 January is a holiday, 2 and 3 are a week-end.
    assert found[dt.date(2027, 1, 1)].on == dt.date(2027, 1, 4)
    sunday = found[dt.date(2027, 1, 31)]
    assert sunday.on == dt.date(2027, 2, 1)
    assert "tháng sau" in words(sunday)
    # February has no 31st: its last day is a Sunday and moves into March, onto the 1st.
    last = found[dt.date(2027, 2, 28)]
    assert "31" in last.why
    assert last.on == dt.date(2027, 3, 1)
    assert not found[dt.date(2027, 3, 1)].may_make


def test_unknown_days_off_are_said_and_make_nothing() -> None:
    far = look(pattern_make_one(), dt.date(2028, 2, 28))[dt.date(2028, 1, 25)]
    assert (far.on, far.may_make) == (None, False)
    assert "2028" in words(far)


def test_eight_in_hanoi_is_one_in_utc_all_year() -> None:
    for proposal in look(pattern_make_one(days=[15])).values():
        assert proposal.starts_at is not None
        assert (proposal.starts_at.utcoffset(), proposal.starts_at.hour) == (dt.timedelta(), 1)


def test_what_is_too_late_or_beside_another_is_not_ticked_by_itself() -> None:
    session_draft(
        starts_at=local_moment(dt.date(2026, 12, 25), 14),
        ends_at=local_moment(dt.date(2026, 12, 25), 16),
    )
    found = look(pattern_make_one(days=[4, 25]))
    late = found[dt.date(2026, 12, 4)]
    assert (late.may_make, late.is_wished) == (True, False)
    assert "27/11/2026" in words(late)
    second = found[dt.date(2026, 12, 25)]
    assert (second.may_make, second.is_wished) == (True, False)


def test_a_clash_cannot_be_made_a_missed_session_clashes_too() -> None:
    session = session_draft()
    pattern = pattern_make_one()
    for status in ("draft", "missed"):
        ReceptionSession.objects.filter(pk=session.pk).update(status=status)
        clash = look(pattern)[dt.date(2026, 12, 10)]
        assert (clash.may_make, clash.remarks[0].session) == (False, session)
    made = make(pattern, dt.date(2026, 12, 10), dt.date(2026, 12, 25))
    assert [local_date(one.starts_at).day for one in made.sessions] == [25]
    assert [one.named.day for one in made.left] == [10]


def test_the_holder_of_the_day_receives_and_a_vacancy_is_shown() -> None:
    person_make("secretary")
    unit = Unit.objects.get(code=WARD)
    Membership.objects.filter(user__username="secretary").update(valid_to=dt.date(2026, 12, 31))
    pattern = pattern_make_one()
    vacant = look(pattern)[dt.date(2027, 1, 25)]
    assert (vacant.holder, vacant.may_make) == (None, False)
    Membership.objects.create(
        user=person_make("front"), unit=unit, role=Role.SECRETARY, valid_from=dt.date(2027, 1, 20)
    )
    found = look(pattern)
    assert found[dt.date(2026, 12, 25)].holder == person_make("secretary")
    assert found[dt.date(2027, 1, 10)].holder is None
    assert found[dt.date(2027, 1, 25)].holder == person_make("front")
    made = make(pattern, dt.date(2026, 12, 25), dt.date(2027, 1, 25))
    assert {one.leader.username for one in made.sessions} == {"secretary", "front"}


def test_twice_makes_nothing_twice_also_when_a_session_was_moved() -> None:
    pattern = pattern_make_one()
    days = dt.date(2026, 12, 10), dt.date(2026, 12, 25)
    first = make(pattern, *days)
    assert len(first.sessions) == 2
    moved = first.sessions[0]
    day = dt.date(2026, 12, 14)
    session_postpone(
        access=secretary(), public_id=moved.public_id, version=1, reason="Họp", at=NOW,
        starts_at=local_moment(day, 8), ends_at=local_moment(day, 11, 30),
    )  # fmt: skip
    again = make(pattern, *days)
    assert (again.sessions, len(again.left)) == ([], 2)
    assert look(pattern)[days[0]].remarks[0].session == moved
    assert ReceptionSession.objects.count() == 2
    events = SessionEvent.objects.filter(action="receptions.session.planned")
    assert {event.data["pattern"] for event in events} == {str(pattern.public_id)}


def test_a_day_that_was_called_off_can_be_planned_again_but_not_by_itself() -> None:
    pattern = pattern_make_one()
    day = dt.date(2026, 12, 25)
    made = make(pattern, day).sessions[0]
    session_cancel(
        access=secretary(), public_id=made.public_id, version=1, reason="Đi công tác", at=NOW
    )
    again = look(pattern)[day]
    assert (again.may_make, again.is_wished) == (True, False)
    assert "Đi công tác" in words(again)
    assert len(make(pattern, day).sessions) == 1


def test_a_weekly_pattern_over_a_holiday() -> None:
    CalendarDay.objects.create(
        date=dt.date(2026, 12, 24), kind="swapped_off", name="Nghỉ hoán đổi", basis="x",
        status="verified",
    )  # fmt: skip
    calendar_cache_clear()
    found = look(pattern_make_one(days=[], weekday=3))
    assert found[dt.date(2026, 12, 24)].on == dt.date(2026, 12, 25)
    assert "Nghỉ hoán đổi" in found[dt.date(2026, 12, 24)].why
    calendar_cache_clear()


def test_changing_and_ending_leaves_what_was_made() -> None:
    pattern = pattern_make_one()
    made = make(pattern, dt.date(2026, 12, 10)).sessions[0]
    values = {"access": secretary(), "public_id": pattern.public_id}
    changed = pattern_change(**values, version=1, plan=pattern_plan(days=[11], place="Hội trường"))
    assert changed.version == 2
    with pytest.raises(Stale):
        make(pattern, dt.date(2026, 12, 11), version=1)
    ended = pattern_end(**values, version=2, last_on=dt.date(2026, 12, 31))
    assert [day.month for day in look(ended)] == [12]
    with pytest.raises(InvalidInput):
        pattern_end(**values, version=3, last_on=dt.date(2026, 10, 1))
    made.refresh_from_db()
    assert made.place == "Phòng tiếp công dân"
    history: Any = tracked.PatternChange  # type: ignore[attr-defined]
    kept = history.objects.filter(pgh_obj_id=pattern.pk).order_by("pgh_id")
    assert [row.pgh_label for row in kept] == ["insert", "update", "update"]
    assert kept.last().valid_to == dt.date(2026, 12, 31)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"days": []}, "days"),
        ({"weekday": 2}, "days"),
        ({"days": [0]}, "days"),
        ({"days": [32]}, "days"),
        ({"days": list(range(1, 11))}, "days"),
        ({"days": [], "weekday": 7}, "weekday"),
        ({"ends": dt.time(8)}, "ends"),
        ({"capacity": 8}, "slot_minutes"),
        ({"kind": "ad_hoc"}, "kind"),
        ({"valid_to": dt.date(2026, 10, 1)}, "valid_to"),
        ({"place": " "}, "place"),
    ],
)
def test_a_pattern_that_cannot_be_is_named(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        pattern_make_one(**changes)
    assert field in caught.value.fields


def test_only_days_that_the_pattern_names_are_made() -> None:
    pattern = pattern_make_one()
    for day in (dt.date(2026, 12, 11), dt.date(2026, 11, 25), dt.date(2029, 1, 10)):
        with pytest.raises(InvalidInput):
            make(pattern, day)
    with pytest.raises(InvalidInput):
        make(pattern)


def test_others_neither_keep_nor_make() -> None:
    pattern = pattern_make_one()
    with pytest.raises(NotPermitted):
        make(pattern, dt.date(2026, 12, 10), access=access_make("clerk"))
    with pytest.raises(NotVisible):
        make(pattern, dt.date(2026, 12, 10), access=access_make("other_chair"))


def test_a_year_of_proposals_takes_three_queries(django_assert_max_num_queries: Any) -> None:
    pattern = pattern_make_one(days=[], weekday=1)
    look(pattern)
    with django_assert_max_num_queries(3):
        assert len(look(pattern, dt.date(2027, 11, 30))) == 53
