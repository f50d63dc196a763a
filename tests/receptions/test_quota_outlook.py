"""Whether a month can still reach its minimum, and who must hear of it."""

import datetime as dt

import pytest

from receptions.posting import openings, was_late
from receptions.quotas import Day, Openings, Outlook, Period, State, due_step, outlook

pytestmark = pytest.mark.django_db
# November 2026: Sunday the 1st; working days 2-6, 9-13, 16-20, 23, 25-27, 30; the 24th
# is a day off.
NOVEMBER = Period(dt.date(2026, 11, 1), dt.date(2026, 11, 30), 2)
WORDS = {"h": "held", "p": "published", "d": "draft", "m": "missed", "x": "held"}


def look(today: int, text: str, minimum: int = 2, month: Period = NOVEMBER) -> Outlook:
    on = month.first.replace(day=today)
    days = [
        Day(month.first.replace(day=int(word[:-1])), WORDS[word[-1]], word[-1] == "x")
        for word in text.split()
    ]
    free = openings(month.first, month.last, on)
    return outlook([month._replace(minimum=minimum)], days, on, free)


@pytest.mark.parametrize(
    ("today", "text", "state", "lacking", "in_time", "at_all", "step"),
    [
        # Announced on Monday the 2nd, a session of Monday the 9th is in time: 15 days left.
        (2, "", State.AT_RISK, 2, 15, 19, 0),
        (2, "10p 25p", State.FINE, 0, 0, 0, 0),
        (2, "10d 25d", State.FINE, 0, 0, 0, 0),
        (2, "10x 25x", State.AT_RISK, 2, 15, 19, 0),
        (2, "10p", State.AT_RISK, 1, 14, 18, 0),
        # A draft of the 6th can only be announced late; other days can still be in time.
        (2, "6d 10p", State.AT_RISK, 1, 14, 18, 0),
        (11, "3h", State.AT_RISK, 1, 8, 12, 0),
        (16, "", State.AT_RISK, 2, 5, 9, 1),
        (16, "10h", State.AT_RISK, 1, 5, 9, 1),
        (16, "10m", State.AT_RISK, 2, 5, 9, 1),
        (20, "", State.NEEDS_LATE, 2, 1, 5, 2),
        (20, "10h", State.AT_RISK, 1, 1, 5, 1),
        (20, "30d 10h", State.FINE, 0, 0, 0, 0),
        (23, "", State.NEEDS_LATE, 2, 0, 4, 2),
        (24, "10h", State.NEEDS_LATE, 1, 0, 4, 2),
        (24, "30d 10h", State.NEEDS_LATE, 1, 0, 4, 2),
        (25, "", State.NEEDS_LATE, 2, 0, 3, 3),
        (26, "", State.NEEDS_LATE, 2, 0, 2, 3),
        (27, "", State.IMPOSSIBLE, 2, 0, 1, 3),
        (27, "10h", State.NEEDS_LATE, 1, 0, 1, 3),
        (27, "10h 30p", State.FINE, 0, 0, 0, 0),
        (30, "10h", State.IMPOSSIBLE, 1, 0, 0, 3),
        (30, "10h 30p", State.FINE, 0, 0, 0, 0),
        (30, "10h 30d", State.NEEDS_LATE, 1, 0, 1, 3),
        (30, "10h 25h", State.FINE, 0, 0, 0, 0),
        # Published and passed: to be recorded, by the duty holder first.
        (30, "10h 25p", State.IMPOSSIBLE, 1, 0, 0, 1),
        (30, "25p", State.IMPOSSIBLE, 2, 0, 0, 3),
    ],
)
def test_how_november_stands(
    today: int, text: str, state: State, lacking: int, in_time: int, at_all: int, step: int
) -> None:
    found = look(today, text)
    assert found[:4] == (state, lacking, in_time, at_all)
    assert due_step(found, is_over=False) == step


def test_on_a_sunday_nothing_is_announced_before_monday() -> None:
    """Posted on Sunday the 15th, a session of Friday the 20th is late, of Monday the 23rd not."""
    assert look(15, "10h")[:3] == (State.AT_RISK, 1, 5)
    assert was_late(dt.date(2026, 11, 20), dt.date(2026, 11, 15))
    assert not was_late(dt.date(2026, 11, 20), dt.date(2026, 11, 13))
    assert not was_late(dt.date(2026, 11, 23), dt.date(2026, 11, 15))


def test_a_month_that_is_over_is_put_before_the_city() -> None:
    on = dt.date(2026, 12, 1)
    found = outlook([NOVEMBER], [Day(dt.date(2026, 11, 10), "held")], on, Openings())
    assert (found.state, due_step(found, is_over=True)) == (State.IMPOSSIBLE, 3)
    unrecorded = [Day(dt.date(2026, 11, n), "published") for n in (10, 25)]
    found = outlook([NOVEMBER], unrecorded, on, Openings())
    assert (due_step(found, is_over=False), due_step(found, is_over=True)) == (1, 3)


def test_the_worst_week_decides_under_the_old_law() -> None:
    weeks = [Period(dt.date(2026, 6, n), dt.date(2026, 6, n + 6), 1) for n in (1, 8, 15, 22)]
    on = dt.date(2026, 6, 10)
    free = openings(dt.date(2026, 6, 1), dt.date(2026, 6, 28), on)
    held = [Day(dt.date(2026, 6, 3), "held"), Day(dt.date(2026, 6, 9), "held")]
    assert outlook(weeks, held, on, free).state == State.AT_RISK
    assert outlook(weeks, held[1:], on, free).state == State.IMPOSSIBLE


def test_beyond_the_known_calendar_weekdays_count() -> None:
    """No day of 2035 is known: nothing is refused, Monday to Friday and a week's notice count."""
    on = dt.date(2035, 11, 1)
    free = openings(dt.date(2035, 11, 1), dt.date(2035, 11, 30), on)
    assert len(free.at_all) == 21
    assert min(free.in_time) == dt.date(2035, 11, 8)
    month = Period(dt.date(2035, 11, 1), dt.date(2035, 11, 30), 2)
    assert outlook([month], [], on, free).state == State.AT_RISK


def test_across_the_end_of_a_year_new_year_is_a_day_off() -> None:
    free = openings(dt.date(2026, 12, 25), dt.date(2027, 1, 5), dt.date(2026, 12, 25))
    assert dt.date(2027, 1, 1) not in free.at_all
    assert dt.date(2027, 1, 4) in free.in_time
    assert dt.date(2026, 12, 31) not in free.in_time
