"""A change of days off brings the open clocks along, and never takes a told date back."""

import datetime as dt

import pytest
from pytest_django import DjangoAssertNumQueries

from common.reference import LoadReport
from common.time import local_moment
from communes.models import Unit
from deadlines import invariants, recalculation
from deadlines.calendars import calendar_current, calendar_file
from deadlines.clock import Day
from deadlines.errors import CalendarMissing
from deadlines.models import CalendarChange, CalendarDay, Clock, ClockMove, ClockState
from deadlines.recalculation import Move, calendar_change
from deadlines.services import clock_build, clock_cancel, clock_extend, clock_pause, clock_resume
from tests.deadlines.days import on

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("calendar")]
SWAP = [
    Day(on("2026-11-23"), "swapped_off", "Nghỉ hoán đổi với 28/11", "Công văn", "verified"),
    Day(on("2026-11-28"), "swapped_working", "Làm bù cho 23/11", "Công văn", "verified"),
]
AT = dt.datetime(2026, 11, 18, 3, tzinfo=dt.UTC)
REASON = "hoán đổi ngày 23/11"


def plan(clock: Clock) -> list[dt.datetime]:
    return [local_moment(clock.due_on, 8), local_moment(clock.due_on + dt.timedelta(days=1))]


@pytest.fixture(autouse=True)
def _own_ladder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recalculation, "_planners", [plan])
    monkeypatch.setattr(recalculation, "_owners", {})


def start(unit: Unit, code: str = "KN-ACC", day: str = "2026-11-16") -> Clock:
    clock = clock_build(rule_code=code, started_on=on(day), holder_unit=unit, plan=plan)
    clock.save(force_insert=True)
    return clock


def swapped() -> list[Day]:
    return [*calendar_file(), *SWAP]


def without(date: str) -> list[Day]:
    return [day for day in calendar_file() if day.date != on(date)]


def test_a_swap_decided_late_moves_the_open_clock(unit: Unit) -> None:
    clock = start(unit)
    found = calendar_change(swapped(), reason=REASON, at=AT)
    moved = Clock.objects.get()
    assert (clock.due_on, moved.due_on) == (on("2026-11-26"), on("2026-11-27"))
    assert found.moves == [
        Move(clock.pk, str(clock.public_id), "KN-ACC", clock.due_on, moved.due_on, kept=False)
    ]
    assert moved.step_moments == plan(moved)
    assert moved.next_action_at == local_moment(on("2026-11-27"), 8)
    assert "Nghỉ hoán đổi với 28/11" in moved.explanation
    change = CalendarChange.objects.get()
    assert (change.examined, change.moved, change.kept) == (1, 1, 0)
    assert change.days == {"dates": ["2026-11-23", "2026-11-28"]}
    assert ClockMove.objects.get().before_on == on("2026-11-26")
    assert list(invariants.open_clocks_follow_the_calendar()) == []


def test_every_clock_is_listed_before_anything_is_written(unit: Unit) -> None:
    clock = start(unit)
    seen: list[tuple[Move, dt.date]] = []

    def listed(move: Move) -> None:
        seen.append((move, Clock.objects.get().due_on))

    calendar_change(swapped(), reason=REASON, at=AT, listed=listed)
    assert [(move.after, stored) for move, stored in seen] == [
        (on("2026-11-27"), clock.due_on),
    ]


def test_a_preview_writes_nothing(unit: Unit) -> None:
    start(unit)
    found = calendar_change(swapped(), reason=REASON, at=AT, write=False)
    assert found.moved == 1
    assert Clock.objects.get().due_on == on("2026-11-26")
    assert not CalendarDay.objects.filter(date=on("2026-11-23")).exists()
    assert calendar_current().is_working(on("2026-11-23"))
    assert not CalendarChange.objects.exists()


def test_a_date_told_to_a_citizen_is_never_shortened(unit: Unit) -> None:
    start(unit)
    found = calendar_change(without("2026-11-24"), reason="bỏ ngày nghỉ 24/11", at=AT)
    stored = Clock.objects.get()
    assert (found.moved, found.kept) == (0, 1)
    assert stored.due_on == on("2026-11-26")
    assert stored.kept == {
        "computed_due_on": "2026-11-25",
        "reason": "bỏ ngày nghỉ 24/11",
        "on": "2026-11-18",
    }
    assert "25/11/2026" in stored.explanation
    assert "bỏ ngày nghỉ 24/11" in stored.explanation
    assert list(invariants.open_clocks_follow_the_calendar()) == []
    assert list(invariants.clocks_recompute()) == []


def test_back_to_the_first_calendar_the_note_goes(unit: Unit) -> None:
    start(unit)
    calendar_change(without("2026-11-24"), reason="thử", at=AT)
    found = calendar_change(calendar_file(), reason="sửa lại", at=AT)
    assert (found.moved, found.kept, Clock.objects.get().kept) == (0, 0, None)


def test_the_same_change_twice_moves_nothing_again(unit: Unit) -> None:
    start(unit)
    calendar_change(swapped(), reason=REASON, at=AT)
    again = calendar_change(swapped(), reason=REASON, at=AT)
    assert (again.examined, again.moves) == (0, [])
    once_more = recalculation.open_recalculate(
        since=on("2026-11-23"), until=on("2026-11-28"), reason=REASON, at=AT
    )
    assert (once_more.examined, once_more.moves) == (1, [])


def test_no_step_of_the_ladder_comes_nearer(unit: Unit) -> None:
    """A swapped Saturday brings working days nearer; what was planned stays later."""
    start(unit, "KN-RES1-N", "2026-11-04")
    before = Clock.objects.get().step_moments
    Clock.objects.update(step_moments=[moment + dt.timedelta(days=3) for moment in before])
    calendar_change(swapped(), reason=REASON, at=AT)
    after = Clock.objects.get().step_moments
    assert all(new >= old + dt.timedelta(days=3) for old, new in zip(before, after, strict=True))


def test_steps_taken_for_a_date_that_moved_come_once_more(unit: Unit) -> None:
    start(unit)
    Clock.objects.update(next_step=2, next_action_at=None)
    calendar_change(swapped(), reason=REASON, at=AT)
    stored = Clock.objects.get()
    assert stored.due_on == on("2026-11-27")
    assert (stored.next_step, stored.step_round) == (0, 1)
    assert stored.next_action_at == stored.step_moments[0]


def test_steps_whose_moment_has_passed_stay_taken(unit: Unit) -> None:
    start(unit)
    Clock.objects.update(next_step=2, next_action_at=None)
    after = max(Clock.objects.get().step_moments) + dt.timedelta(days=10)
    calendar_change(swapped(), reason=REASON, at=after)
    stored = Clock.objects.get()
    assert stored.due_on == on("2026-11-27")
    assert (stored.next_step, stored.step_round, stored.next_action_at) == (2, 0, None)


def test_closed_clocks_keep_their_dates(unit: Unit) -> None:
    clock = start(unit)
    clock_cancel(clock=clock, on=on("2026-11-17"))
    assert calendar_change(swapped(), reason=REASON, at=AT).examined == 0
    assert Clock.objects.get().due_on == on("2026-11-26")


def test_a_paused_clock_moves_and_stays_paused(unit: Unit) -> None:
    clock = start(unit)
    clock_pause(clock=clock, on=on("2026-11-20"))
    calendar_change(swapped(), reason=REASON, at=AT)
    stored = Clock.objects.get()
    assert (stored.state, stored.next_action_at) == (ClockState.PAUSED, None)
    assert stored.due_on == on("2026-11-27")
    clock_resume(clock=stored, on=on("2026-11-25"), plan=plan)
    # 17, 18, 19 counted; then 25, 26, 27 and the swapped Saturday 28 November.
    assert Clock.objects.get().due_on == on("2026-11-28")


def test_an_extended_clock_moves_with_both_stretches(unit: Unit) -> None:
    clock = start(unit, "TC-RES", "2026-10-25")
    assert clock.due_on == on("2026-11-25")  # 24 November is off
    clock_extend(clock=clock, rule_code="TC-RES-X1", on=on("2026-11-10"), plan=plan)
    assert clock.due_on == on("2026-12-25")
    off = Day(on("2026-11-25"), "holiday", "Nghỉ thử", "Công văn", "verified")
    calendar_change([*calendar_file(), off], reason="thử", at=AT)
    stored = Clock.objects.get()
    assert (stored.legal_due_on, stored.due_on) == (on("2026-12-26"), on("2026-12-28"))
    assert [s["date"] for s in stored.steps if s["code"] == "moved"] == [
        on("2026-11-26"),
        on("2026-12-28"),
    ]
    assert list(invariants.clocks_recompute()) == []


def test_a_thousand_clocks_in_few_queries(
    unit: Unit, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    Clock.objects.bulk_create(
        [
            clock_build(
                rule_code="KN-ACC", started_on=on("2026-11-16"), holder_unit=unit, plan=plan
            )
            for _ in range(1000)
        ]
    )
    with django_assert_max_num_queries(24):
        found = calendar_change(swapped(), reason=REASON, at=AT)
    assert found.moved == ClockMove.objects.count() == 1000
    assert set(Clock.objects.values_list("due_on", flat=True)) == {on("2026-11-27")}


def test_a_calendar_that_ends_before_an_open_clock_is_refused_whole(unit: Unit) -> None:
    start(unit, "KN-FILE", "2026-11-16")
    with pytest.raises(CalendarMissing):
        calendar_change(
            [day for day in calendar_file() if day.date.year == 2026], reason="thử", at=AT
        )
    assert CalendarDay.objects.filter(date__year=2027).exists()


def test_loading_the_reference_file_brings_open_clocks_along(unit: Unit) -> None:
    CalendarDay.objects.filter(date=on("2026-11-24")).delete()
    recalculation.calendar_cache_clear()
    clock = start(unit)
    assert clock.due_on == on("2026-11-25")
    report = LoadReport()
    recalculation.reference_load(report)
    assert Clock.objects.get().due_on == on("2026-11-26")
    assert report.warnings == ["open clocks moved: 1, kept on the later date: 0"]


def test_the_invariants_find_a_clock_left_behind(unit: Unit) -> None:
    clock = start(unit)
    CalendarDay.objects.create(
        date=on("2026-11-23"), kind="holiday", name="Thử", basis="Thử", status="verified"
    )
    recalculation.calendar_cache_clear()
    assert str(clock.public_id) in next(iter(invariants.open_clocks_follow_the_calendar()))
    Clock.objects.update(rule_version="0" * 12)
    assert "KN-ACC" in next(iter(invariants.open_clocks_have_their_rule()))


def test_a_clock_started_with_the_days_off_of_before_is_brought_along(unit: Unit) -> None:
    start(unit)
    stale = clock_build(
        rule_code="KN-ACC", started_on=on("2026-11-16"), holder_unit=unit, plan=plan
    )
    calendar_change(swapped(), reason=REASON, at=AT)
    stale.save(force_insert=True)
    soon = AT + dt.timedelta(seconds=30)
    assert recalculation.latest_change_settle(at=soon).examined == 0
    found = recalculation.latest_change_settle(at=AT + dt.timedelta(minutes=10))
    assert [move.clock_id for move in found.moves] == [stale.pk]
    assert set(Clock.objects.values_list("due_on", flat=True)) == {on("2026-11-27")}
    assert recalculation.latest_change_settle(at=AT + dt.timedelta(minutes=20)).moves == []
    assert recalculation.latest_change_settle(at=AT + dt.timedelta(hours=3)).examined == 0
