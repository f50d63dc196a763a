"""Starting, pausing, resuming and closing clocks on a real database."""

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from pytest_django import DjangoAssertNumQueries

from common.errors import DomainError, InvalidInput
from common.invariants import invariants_broken
from common.time import local_moment
from communes.models import Unit
from deadlines import invariants
from deadlines.calendars import calendar_file
from deadlines.clock import Day
from deadlines.errors import CalendarMissing, ClockNotRunning, NoFixedLimit, NotInForce
from deadlines.models import Clock, ClockState
from deadlines.services import (
    clock_build,
    clock_cancel,
    clock_meet,
    clock_pause,
    clock_resume,
)
from tests.deadlines.days import on
from tests.deadlines.test_calendars import load

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("calendar")]


def plan(clock: Clock) -> list[dt.datetime]:
    """A ladder of two steps: the morning of the last day, and the midnight that ends it."""
    return [local_moment(clock.due_on, 8), local_moment(clock.due_on + dt.timedelta(days=1))]


def start(unit: Unit, code: str = "KN-RES1-N", day: str = "2026-07-01", **values: Any) -> Clock:
    clock = clock_build(rule_code=code, started_on=on(day), holder_unit=unit, plan=plan, **values)
    clock.save(force_insert=True)
    return clock


def test_a_clock_stores_its_dates_its_article_and_its_ladder(
    unit: Unit, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    start(unit)
    with django_assert_num_queries(1):
        made = start(unit, "KN-ACC", "2026-11-16", holder_position="clerk", barred_units=[7])
    clock = Clock.objects.get(pk=made.pk)
    assert (clock.state, clock.legal_due_on, clock.due_on) == (
        ClockState.RUNNING,
        on("2026-11-26"),
        on("2026-11-26"),
    )
    assert clock.basis.startswith("khoản 1 Điều 16 Nghị định 124/2020/NĐ-CP")
    assert (clock.holder_position, clock.barred_units) == ("clerk", [7])
    assert clock.next_action_at == clock.step_moments[0] == local_moment(on("2026-11-26"), 8)
    assert [step["date"] for step in clock.steps if step["counted"]][-1] == clock.due_on
    assert "Ngày Văn hóa Việt Nam" in clock.explanation
    assert not clock.is_internal


def test_built_clocks_are_saved_in_bulk(unit: Unit) -> None:
    built = [
        clock_build(rule_code=code, started_on=on("2026-11-16"), holder_unit=unit, plan=plan)
        for code in ("KN-ACC", "TC-INIT", "KP-NOTICE")
    ]
    Clock.objects.bulk_create(built)
    assert list(Clock.objects.order_by("id").values_list("due_on", flat=True)) == [
        on("2026-11-26"),
        on("2026-11-26"),
        on("2026-12-01"),
    ]


def test_an_internal_target_is_never_law(unit: Unit) -> None:
    target = start(unit, "KP-RES", "2026-11-23", amount=20)
    assert target.is_internal
    assert target.due_on == on("2026-12-22")
    assert "nội bộ" in target.basis
    with pytest.raises(NoFixedLimit):
        start(unit, "KP-RES", "2026-11-23")


def test_an_extension_may_be_shorter_than_the_law_allows_never_longer(unit: Unit) -> None:
    assert start(unit, "TC-RES-X1", "2026-12-01", amount=10).due_on == on("2026-12-11")
    with pytest.raises(InvalidInput) as refused:
        start(unit, "TC-RES-X1", "2026-12-01", amount=31)
    assert "Điều 30" in str(refused.value.fields["amount"])


@pytest.mark.parametrize(
    ("code", "day", "error"),
    [
        ("KN-ACC", "2026-06-30", NotInForce),
        ("KN-ACC-OLD", "2026-07-01", NotInForce),
        ("IH-NORMAL", "2026-11-23", NoFixedLimit),
        ("KN-RES1-N", "2027-12-20", CalendarMissing),
        ("NO-RULE", "2026-11-23", InvalidInput),
    ],
)
def test_what_cannot_be_computed_is_refused(
    unit: Unit, code: str, day: str, error: type[DomainError]
) -> None:
    with pytest.raises(error):
        start(unit, code, day)
    assert not Clock.objects.exists()


@pytest.mark.parametrize(
    ("day", "state"),
    [("2026-07-02", "met"), ("2026-07-31", "met"), ("2026-08-01", "missed")],
)
def test_met_until_the_end_of_the_last_day(unit: Unit, day: str, state: str) -> None:
    clock = start(unit)
    clock_meet(clock=clock, on=on(day))
    stored = Clock.objects.get()
    assert (stored.state, stored.closed_on, stored.next_action_at) == (state, on(day), None)
    assert (clock.state, clock.due_on) == (state, on("2026-07-31"))


def test_a_closed_clock_stays_closed(unit: Unit) -> None:
    clock = start(unit)
    stale = Clock.objects.get()
    clock_cancel(clock=clock, on=on("2026-07-10"))
    assert clock.state == ClockState.CANCELLED
    for act in (clock_meet, clock_cancel, clock_pause, clock_resume):
        with pytest.raises(ClockNotRunning):
            act(clock=stale, on=on("2026-07-11"), **({"plan": plan} if act is clock_resume else {}))
    assert Clock.objects.get().closed_on == on("2026-07-10")


def test_suspended_time_is_not_counted(unit: Unit) -> None:
    clock = start(unit)
    clock_pause(clock=clock, on=on("2026-07-10"))
    paused = Clock.objects.get()
    assert (paused.state, paused.next_action_at) == (ClockState.PAUSED, None)
    assert paused.pauses == [["2026-07-10", None]]
    assert paused.due_on == on("2026-07-31")
    clock_resume(clock=paused, on=on("2026-07-20"), plan=plan)
    stored = Clock.objects.get()
    assert (stored.state, stored.due_on) == (ClockState.RUNNING, on("2026-08-10"))
    assert stored.pauses == [["2026-07-10", "2026-07-20"]]
    assert stored.next_action_at == stored.step_moments[0] == local_moment(on("2026-08-10"), 8)
    assert [step["code"] for step in stored.steps].count("suspended") == 10


def test_suspended_twice(unit: Unit) -> None:
    clock = start(unit)
    for begin, end in (("2026-07-10", "2026-07-20"), ("2026-08-03", "2026-08-05")):
        clock_pause(clock=clock, on=on(begin))
        clock_resume(clock=clock, on=on(end), plan=plan)
    assert Clock.objects.get().due_on == on("2026-08-12")


def test_suspended_over_the_due_date(unit: Unit) -> None:
    clock = start(unit)
    clock_pause(clock=clock, on=on("2026-07-25"))
    clock_resume(clock=clock, on=on("2026-09-25"), plan=plan)
    assert Clock.objects.get().due_on == on("2026-10-01")


def test_a_suspension_after_the_end_heals_nothing(unit: Unit) -> None:
    clock = start(unit)
    clock_pause(clock=clock, on=on("2026-08-10"))
    clock_resume(clock=clock, on=on("2026-08-20"), plan=plan)
    assert Clock.objects.get().due_on == on("2026-07-31")


def test_a_reminder_of_the_old_date_comes_once_more_for_the_new_one(unit: Unit) -> None:
    clock = start(unit)
    Clock.objects.update(next_step=1)
    clock.refresh_from_db()
    clock_pause(clock=clock, on=on("2026-07-10"))
    clock_resume(clock=clock, on=on("2026-07-20"), plan=plan)
    stored = Clock.objects.get()
    assert (stored.next_step, stored.step_round) == (0, 1)
    assert stored.next_action_at == local_moment(on("2026-08-10"), 8)


def test_a_step_whose_moment_has_passed_stays_taken(unit: Unit) -> None:
    clock = start(unit)
    Clock.objects.update(next_step=2)
    clock.refresh_from_db()
    clock_pause(clock=clock, on=on("2026-08-10"))
    clock_resume(clock=clock, on=on("2026-08-20"), plan=plan)
    stored = Clock.objects.get()
    assert (stored.next_step, stored.step_round) == (2, 0)


def test_a_clock_with_a_ladder_does_not_resume_without_one(unit: Unit) -> None:
    clock = start(unit)
    clock_pause(clock=clock, on=on("2026-07-10"))
    with pytest.raises(ValueError, match="plan"):
        clock_resume(clock=clock, on=on("2026-07-20"))
    assert Clock.objects.get().state == ClockState.PAUSED


def test_meeting_a_paused_clock_ends_the_pause(unit: Unit) -> None:
    clock = start(unit)
    clock_pause(clock=clock, on=on("2026-07-10"))
    clock_meet(clock=clock, on=on("2026-08-20"))
    stored = Clock.objects.get()
    assert (stored.state, stored.pauses) == (ClockState.MET, [["2026-07-10", "2026-08-20"]])
    assert stored.due_on == on("2026-09-10")


def test_cancelling_a_paused_clock_ends_the_pause(unit: Unit) -> None:
    clock = start(unit)
    clock_pause(clock=clock, on=on("2026-07-10"))
    clock_cancel(clock=clock, on=on("2026-07-15"))
    assert Clock.objects.get().pauses == [["2026-07-10", "2026-07-15"]]


@pytest.mark.parametrize("day", ["2026-06-30", "2026-07-19"])
def test_a_suspension_begins_after_the_start_and_the_one_before(unit: Unit, day: str) -> None:
    clock = start(unit)
    clock_pause(clock=clock, on=on("2026-07-10"))
    clock_resume(clock=clock, on=on("2026-07-20"), plan=plan)
    with pytest.raises(InvalidInput):
        clock_pause(clock=clock, on=on(day))
    assert Clock.objects.get().state == ClockState.RUNNING


def test_resume_before_suspend_is_refused(unit: Unit) -> None:
    clock = start(unit)
    clock_pause(clock=clock, on=on("2026-07-10"))
    with pytest.raises(InvalidInput):
        clock_resume(clock=clock, on=on("2026-07-09"), plan=plan)
    assert Clock.objects.get().pauses == [["2026-07-10", None]]


def test_a_date_already_told_is_never_shortened(unit: Unit) -> None:
    clock = start(unit, "KN-ACC", "2026-11-16")
    clock_pause(clock=clock, on=on("2026-11-18"))
    days = {day.date: day for day in calendar_file()}
    del days[on("2026-11-24")]
    saturday = Day(on("2026-11-21"), "swapped_working", "Làm bù", "Công văn", "verified")
    load([*days.values(), saturday])
    clock_resume(clock=clock, on=on("2026-11-18"), plan=plan)
    assert Clock.objects.get().due_on == on("2026-11-26")
    # Only our own: which others are registered depends on what ran before.
    assert [name for name in invariants_broken() if name.startswith("deadlines.")] == []


def test_the_derivation_shows_the_calendar_of_its_day(unit: Unit) -> None:
    clock = start(unit, "KN-ACC", "2026-11-16")
    before = clock.steps
    load([day for day in calendar_file() if day.date != on("2026-11-24")])
    assert Clock.objects.get().steps == before


def test_invariants_find_a_date_that_was_moved_by_hand(unit: Unit) -> None:
    clock = start(unit)
    assert list(invariants.clocks_recompute()) == []
    Clock.objects.update(due_on=on("2026-08-05"))
    assert str(clock.public_id) in next(iter(invariants.clocks_recompute()))
    Clock.objects.update(due_on=on("2026-07-31"), pauses=[["2026-07-10", None]])
    assert str(clock.public_id) in next(iter(invariants.clocks_pauses()))


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("clock_closed_has_date", {"state": "met", "next_action_at": None}),
        ("clock_closed_has_date", {"closed_on": dt.date(2026, 7, 10)}),
        ("clock_acts_only_while_running", {"state": "paused", "pauses": [["2026-07-10", None]]}),
        ("clock_state_known", {"state": "asleep", "next_action_at": None}),
        ("clock_due_on_right_side", {"due_on": dt.date(2026, 7, 30)}),
        ("clock_paused_has_pause", {"state": "paused", "next_action_at": None}),
    ],
)
def test_the_database_refuses_what_cannot_be(unit: Unit, name: str, values: dict[str, Any]) -> None:
    start(unit)
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Clock.objects.update(**values)
