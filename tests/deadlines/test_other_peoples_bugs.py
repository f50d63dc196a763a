"""What other systems get wrong about limits, each as one case that must never happen here."""

import datetime as dt
import os
import time
from collections.abc import Callable, Iterator

import pytest

from common.errors import DomainError, InvalidInput
from common.time import local_moment
from communes.models import Unit
from deadlines.calendars import calendar_file
from deadlines.clock import Day
from deadlines.derivation import derivation_steps
from deadlines.models import Clock, ClockState
from deadlines.recalculation import calendar_change
from deadlines.services import (
    clock_build,
    clock_cancel,
    clock_extend,
    clock_meet,
    clock_pause,
    clock_resume,
)
from escalation.models import Escalation
from escalation.sweep import sweep_run
from tests.deadlines.days import CALENDAR, calendar_with, holiday, limit, on
from tests.people import Story, person_make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("calendar")]
Make = Callable[..., Story]
NOON = 5  # UTC hour of noon in Hà Nội


@pytest.fixture(autouse=True)
def _people(db: None) -> None:
    for name in ("clerk", "handler", "chair", "board_head", "city_chair", "inspector"):
        person_make(name)


@pytest.fixture
def _wrong_zone() -> Iterator[None]:
    """The process believes to be in Honolulu."""
    before = os.environ.get("TZ")
    os.environ["TZ"] = "Pacific/Honolulu"
    time.tzset()
    yield
    os.environ.pop("TZ")
    if before is not None:
        os.environ["TZ"] = before
    time.tzset()


def at(day: str, hour: int = NOON, minute: int = 0) -> dt.datetime:
    return dt.datetime.combine(on(day), dt.time(hour, minute), dt.UTC)


def clock_of(tale: Story, state: str = ClockState.RUNNING) -> Clock:
    return Clock.objects.get(case_clock__case=tale.case, state=state)


def start(unit: Unit, code: str = "KN-RES1-N", day: str = "2026-07-01") -> Clock:
    clock = clock_build(rule_code=code, started_on=on(day), holder_unit=unit)
    clock.save(force_insert=True)
    return clock


def test_a_holiday_lengthens_and_never_shortens() -> None:
    # Their day off fell out of the count of hours and the limit came a day early.
    plain = limit("KN-ACC", "2026-11-25").due_on
    longer = limit("KN-ACC", "2026-11-25", calendar=calendar_with(holiday("2026-11-30"))).due_on
    assert (plain, longer) == (on("2026-12-04"), on("2026-12-07"))
    assert limit("KN-ACC", "2026-11-16").due_on > limit("KN-ACC", "2026-11-09").due_on


def test_nine_day_tet_first_morning(story: Make) -> None:
    # Filed on Friday 6/2/2026: 10 days end on Monday 16/2, in Tết (14 to 22/2): Monday 23/2.
    tale = story(at=at("2026-02-06"))
    assert clock_of(tale).due_on == on("2026-02-23")
    sweep_run(at=local_moment(on("2026-02-23"), 7, 59))
    assert not Escalation.objects.filter(level__gt=0).exists()
    sweep_run(at=local_moment(on("2026-02-23"), 23, 59))
    assert not Escalation.objects.filter(level__gt=0).exists()
    sweep_run(at=local_moment(on("2026-02-24")))
    assert Escalation.objects.filter(level=1).count() == 1


def test_a_working_saturday_counts() -> None:
    assert limit("KN-SEND1", "2026-01-07").due_on == on("2026-01-10")
    assert limit("KN-EFF1", "2026-07-23").due_on == on("2026-08-22")


def test_a_clock_suspended_over_its_due_date_has_its_days_left_when_it_runs_again(
    unit: Unit,
) -> None:
    clock = start(unit)  # 30 days to 31/7; 24 are used when it is suspended on 25/7
    clock_pause(clock=clock, on=on("2026-07-25"))
    clock_resume(clock=clock, on=on("2026-09-25"))
    # Left: 25 to 31/7 are seven days, from 25/9 on: Thursday 1/10
    assert clock.due_on == on("2026-10-01")


def test_a_clock_suspended_twice_loses_both_times(unit: Unit) -> None:
    clock = start(unit)
    for begin, end in (("2026-07-10", "2026-07-20"), ("2026-08-03", "2026-08-05")):
        clock_pause(clock=clock, on=on(begin))
        clock_resume(clock=clock, on=on(end))
    assert clock.due_on == on("2026-08-12")
    assert len(clock.pauses) == 2


def test_an_extension_after_the_breach_is_refused(unit: Unit) -> None:
    clock = start(unit, "TC-RES")  # to Friday 31/7
    with pytest.raises(InvalidInput) as refused:
        clock_extend(clock=clock, rule_code="TC-RES-X1", on=on("2026-08-01"))
    assert "Điều 30 Luật Tố cáo" in str(refused.value.fields)
    clock.refresh_from_db()
    assert (clock.due_on, clock.extensions) == (on("2026-07-31"), [])


def test_a_calendar_changed_while_the_clock_is_open_moves_it_and_escalates_nothing(
    story: Make,
) -> None:
    tale = story(at=at("2026-11-16"))
    swap = Day(on("2026-11-26"), "swapped_off", "Nghỉ hoán đổi", "", "verified")
    calendar_change([*calendar_file(), swap], reason="hoán đổi", at=at("2026-11-25"))
    assert clock_of(tale).due_on == on("2026-11-27")
    sweep_run(at=local_moment(on("2026-11-27")))
    assert not Escalation.objects.filter(level__gt=0).exists()


def test_the_law_changed_between_receipt_and_acceptance(story: Make) -> None:
    tale = story(at=at("2026-06-29")).accepted(at("2026-07-02"))
    # Received under the old law, and measured by it; accepted under the new one.
    old, new = clock_of(tale, ClockState.MET), clock_of(tale)
    assert (old.rule_code, old.due_on) == ("KN-ACC-OLD", on("2026-07-09"))
    assert (new.rule_code, new.started_on) == ("KN-RES1-N", on("2026-07-02"))


@pytest.mark.parametrize(
    ("minute", "code", "day"),
    [
        (at("2026-06-30", 16, 59), "KN-ACC-OLD", "2026-06-30"),  # 23:59 in Hà Nội
        (at("2026-06-30", 17, 0), "KN-ACC", "2026-07-01"),  # midnight
    ],
)
def test_receipt_at_23_59_counts_from_that_day(
    story: Make, minute: dt.datetime, code: str, day: str
) -> None:
    clock = clock_of(story(at=minute))
    assert (clock.rule_code, clock.started_on, clock.due_on) == (code, on(day), on("2026-07-10"))


def test_receipt_on_a_sunday_counts_from_that_day_and_says_so(story: Make) -> None:
    clock = clock_of(story(at=at("2026-11-15")))
    assert (clock.started_on, clock.due_on) == (on("2026-11-15"), on("2026-11-25"))
    assert "Chủ nhật" in clock.steps[0]["why"]


def test_31_january_plus_thirty_days_is_in_march_and_no_day_is_lost() -> None:
    found = limit("KN-RES1-N", "2026-01-31")
    assert found.due_on == on("2026-03-02")
    assert sum(step.counted for step in derivation_steps(found, CALENDAR)) == 30


def test_a_step_one_minute_before_the_breach_does_not_touch_the_clock(story: Make) -> None:
    # Their overdue count began anew with every comment.
    tale = story(at=at("2026-11-16"))
    before = clock_of(tale)
    last = local_moment(on("2026-11-26"), 23, 59)
    tale.do("clerk", "receive", last, is_signed=True)
    tale.do("clerk", "classify", last, field="land_compensation")
    tale.do("clerk", "assign", last, assignee=person_make("handler").username)
    after = clock_of(tale)
    assert (after.pk, after.due_on, after.started_on) == (
        before.pk,
        before.due_on,
        on("2026-11-16"),
    )
    assert after.step_moments == before.step_moments
    sweep_run(at=local_moment(on("2026-11-27")))
    assert Escalation.objects.filter(level=1).count() == 1


@pytest.mark.parametrize("close", [clock_meet, clock_cancel])
def test_reopen_a_closed_clock_never_runs_again(unit: Unit, close: Callable[..., None]) -> None:
    clock = start(unit)
    close(clock=clock, on=on("2026-07-20"))
    kept = Clock.objects.filter(pk=clock.pk).values().get()
    attempts: list[Callable[[], None]] = [
        lambda: clock_resume(clock=clock, on=on("2026-07-21")),
        lambda: clock_pause(clock=clock, on=on("2026-07-21")),
        lambda: clock_meet(clock=clock, on=on("2026-07-21")),
        lambda: clock_extend(clock=clock, rule_code="KN-RES1-C", on=on("2026-07-21")),
    ]
    for again in attempts:
        with pytest.raises(DomainError):
            again()
    assert Clock.objects.filter(pk=clock.pk).values().get() == kept
    # Work that begins again has a limit of its own, from its own event.
    assert start(unit, day="2026-09-01").due_on == on("2026-10-01")


def test_merge_a_clock_that_no_longer_applies_is_silent(story: Make) -> None:
    tale = story(at=at("2026-11-16"))
    clock_cancel(clock=clock_of(tale), on=on("2026-11-18"))
    assert sweep_run(at=local_moment(on("2027-03-01"))).examined == 0
    assert not Escalation.objects.exists()


def test_import_of_closed_cases_sets_off_nothing(unit: Unit) -> None:
    made = []
    for day in range(1, 21):
        clock = clock_build(
            rule_code="KN-RES1-N",
            started_on=dt.date(2026, 1, day),
            holder_unit=unit,
            plan=lambda clock: [local_moment(clock.due_on, 8)],
            ladder="case",
        )
        clock.state, clock.closed_on, clock.next_action_at = ClockState.MET, clock.due_on, None
        made.append(clock)
    Clock.objects.bulk_create(made)
    assert sweep_run(at=local_moment(on("2026-11-28"))).examined == 0


@pytest.mark.usefixtures("_wrong_zone")
def test_a_time_zone_set_wrong_moves_no_date(story: Make) -> None:
    assert time.localtime(0).tm_gmtoff == -10 * 3600
    clock = clock_of(story(at=at("2026-07-05", 17, 30)))  # Monday 00:30 in Hà Nội
    assert (clock.started_on, clock.due_on) == (on("2026-07-06"), on("2026-07-15"))
    breach = local_moment(on("2026-07-16"))
    assert breach == at("2026-07-15", 17)
    sweep_run(at=breach - dt.timedelta(minutes=1))
    assert not Escalation.objects.filter(level__gt=0).exists()
    sweep_run(at=breach)
    assert Escalation.objects.filter(level=1).count() == 1
