"""The moments of the ladder: working days, days off, swapped days."""

import datetime as dt

import pytest

from common.time import HANOI
from deadlines.models import Clock
from escalation.ladder import (
    INTERNAL,
    LADDERS,
    STATUTORY,
    add_weekdays,
    is_before_start,
    ladder_of,
    plan_for,
)

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


@pytest.mark.parametrize("name", LADDERS)
def test_ladders_climb(name: str) -> None:
    ladder = LADDERS[name]
    assert [step.offset for step in ladder] == sorted(step.offset for step in ladder)
    assert [step.level for step in ladder] == sorted(step.level for step in ladder)
    assert len({step.code for step in ladder}) == len(ladder)
    assert all(step.basis for step in ladder)


def test_a_reminder_on_the_first_day_of_a_short_limit_is_none() -> None:
    short = clock(dt.date(2026, 11, 20))
    short.started_on = dt.date(2026, 11, 17)
    moments = plan_for(short)
    early = [is_before_start(s, m, short) for s, m in zip(STATUTORY, moments, strict=True)]
    assert early == [True, False, False, False, False, False]
