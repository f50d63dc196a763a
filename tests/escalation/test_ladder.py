"""The moments of the ladder: working days, days off, swapped days."""

import datetime as dt

import pytest

from common.time import HANOI
from deadlines.models import Clock
from deadlines.rules import load_rules
from escalation.enums import Anchor, LadderGroup, Place, StepKind
from escalation.ladder import (
    DEFAULTS,
    INTERNAL,
    SHIPPED,
    STATUTORY,
    add_weekdays,
    group_of,
    skip_reason,
)
from escalation.ladders import ladder_of, plan_for

pytestmark = pytest.mark.django_db


def clock(due_on: dt.date, **values: object) -> Clock:
    return Clock(started_on=due_on - dt.timedelta(days=30), due_on=due_on, **values)


def local(due_on: dt.date, **values: object) -> dict[str, str]:
    """Hà Nội wall-clock times by step."""
    made = clock(due_on, **values)
    moments = plan_for(made)
    return {
        step.code: moment.astimezone(HANOI).strftime("%Y-%m-%d %H:%M")
        for step, moment in zip(ladder_of(made), moments, strict=True)
    }


def test_reminders_in_the_morning_breach_at_midnight() -> None:
    # 24 November 2026 is a day off: three working days before the 30th is the 25th.
    assert local(dt.date(2026, 11, 30)) == {
        "due_in_3": "2026-11-25 08:00",
        "due_in_1": "2026-11-27 08:00",
        "breach": "2026-12-01 00:00",
        "board_urges": "2026-12-03 08:00",
        "city_chair": "2026-12-09 08:00",
        "inspector": "2026-12-16 08:00",
    }


def test_a_swapped_saturday_counts() -> None:
    assert local(dt.date(2026, 8, 24))["due_in_1"] == "2026-08-22 08:00"


def test_days_off_lengthen_the_wait_and_never_shorten_it() -> None:
    # 31 August (swapped), 1 and 2 September are off.
    assert local(dt.date(2026, 8, 28))["board_urges"] == "2026-09-07 08:00"


def test_the_first_morning_after_tet_is_the_first_working_day() -> None:
    moments = local(dt.date(2026, 2, 13))
    assert moments["breach"] == "2026-02-14 00:00"
    assert moments["board_urges"] == "2026-02-25 08:00"


def test_beyond_the_known_calendar_weekends_alone_are_off() -> None:
    assert local(dt.date(2027, 12, 24))["inspector"] == "2028-01-11 08:00"
    assert add_weekdays(dt.date(2027, 12, 24), 12) == dt.date(2028, 1, 11)
    assert add_weekdays(dt.date(2028, 1, 10), -1) == dt.date(2028, 1, 7)


def test_internal_targets_stay_inside_the_unit() -> None:
    steps = local(dt.date(2026, 11, 30), is_internal=True)
    assert list(steps) == ["due_in_3", "due_in_1", "breach"]
    assert {step.to for step in INTERNAL} == {"handler", "head"}


def test_an_unknown_ladder_is_an_error() -> None:
    with pytest.raises(KeyError):
        ladder_of(clock(dt.date(2026, 11, 30), ladder="of dreams"))


@pytest.mark.parametrize("name", SHIPPED)
def test_ladders_climb(name: str) -> None:
    ladder = SHIPPED[name]
    from_due = [step.offset for step in ladder if step.anchor is Anchor.DUE]
    assert from_due == sorted(from_due)
    assert [step.level for step in ladder] == sorted(step.level for step in ladder)
    assert len({step.code for step in ladder}) == len(ladder)
    assert all(step.basis for step in ladder)
    assert ladder[0].kind is StepKind.REMINDER
    moments = plan_for(clock(dt.date(2026, 11, 30), ladder=name))
    assert moments == sorted(moments)


def test_every_kind_of_clock_has_a_ladder() -> None:
    assert {group for group, _kind in DEFAULTS} == set(LadderGroup)
    for rule in load_rules().values():
        for is_internal in (False, True):
            assert (group_of(rule.stage, is_internal=is_internal), "") in DEFAULTS


def test_whom_each_step_names() -> None:
    """Before the limit handler and head; at the breach the secretary, too; the sender urges."""
    by_code = {step.code: step for step in SHIPPED["first_answer"]}
    assert (by_code["due_in_3"].to, by_code["due_in_1"].to) == (Place.HANDLER, Place.HEAD)
    assert by_code["breach"].told == (Place.HANDLER, Place.SECRETARY)
    assert (by_code["forwarder_urges"].to, by_code["forwarder_urges"].drafts) == (
        Place.FORWARDER,
        "urging",
    )
    assert (by_code["city_chair"].to, by_code["city_chair"].drafts) == (
        Place.CHAIR,
        "responsibility_check",
    )
    assert by_code["inspector"].to == Place.INSPECTOR
    assert by_code["threshold_45"].basis.startswith("Điểm b khoản 3 Điều 41")
    assert not any(step.code.startswith("threshold") for step in SHIPPED["resolution"])
    assert [s.code for s in SHIPPED["resolution"] if s.tells_citizen] == ["breach"]


def test_the_threshold_counts_calendar_days_from_the_receipt() -> None:
    made = Clock(started_on=dt.date(2026, 8, 3), due_on=dt.date(2026, 8, 12), ladder="first_answer")
    found = dict(zip((s.code for s in ladder_of(made)), plan_for(made), strict=True))
    assert found["threshold_45"].astimezone(HANOI).isoformat() == "2026-09-18T00:00:00+07:00"
    assert found["threshold_near"].astimezone(HANOI).date() == dt.date(2026, 9, 13)


def test_a_step_never_comes_before_the_one_below_it() -> None:
    """A limit that moved far away pushes the threshold behind its other steps."""
    made = Clock(
        started_on=dt.date(2026, 8, 3), due_on=dt.date(2026, 10, 30), ladder="first_answer"
    )
    assert plan_for(made) == sorted(plan_for(made))


def test_a_reminder_on_the_first_day_of_a_short_limit_is_none() -> None:
    short = clock(dt.date(2026, 11, 20))
    short.started_on = dt.date(2026, 11, 17)
    moments = plan_for(short)
    reasons = [skip_reason(s, m, short) for s, m in zip(STATUTORY, moments, strict=True)]
    assert reasons == ["before_start", "", "", "", "", ""]


def test_a_moved_limit_does_not_push_the_threshold_away() -> None:
    """The City's own days after the breach give way to what the law counts from the receipt."""
    made = Clock(started_on=dt.date(2026, 8, 3), due_on=dt.date(2026, 9, 10), ladder="first_answer")
    found = dict(zip((s.code for s in ladder_of(made)), plan_for(made), strict=True))
    assert found["threshold_45"].astimezone(HANOI).isoformat() == "2026-09-18T00:00:00+07:00"
    assert found["breach"] < found["city_chair"] <= found["threshold_45"]
    assert plan_for(made) == sorted(plan_for(made))
