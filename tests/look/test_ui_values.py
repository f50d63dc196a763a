"""Words and geometry behind the components; no database."""

from datetime import date

import pytest
from django.utils import translation

from common import ui

START, END = date(2026, 11, 2), date(2026, 11, 12)


@pytest.mark.parametrize(
    ("days", "working", "words"),
    [
        (0, True, "đến hạn hôm nay"),
        (3, True, "còn 3 ngày làm việc"),
        (-2, True, "quá hạn 2 ngày làm việc"),
        (38, False, "còn 38 ngày"),
        (-1, False, "quá hạn 1 ngày"),
    ],
)
def test_days_in_words(days: int, working: bool, words: str) -> None:
    with translation.override("vi"):
        assert ui.days_words(days, working=working) == words


def test_english_knows_the_plural() -> None:
    with translation.override("en"):
        assert ui.days_words(1) == "1 working day left"
        assert ui.days_words(2) == "2 working days left"


@pytest.mark.parametrize(
    ("today", "state", "tone", "elapsed"),
    [
        (date(2026, 11, 4), "running", "ok", 20.0),
        (date(2026, 11, 10), "running", "soon", 80.0),
        (date(2026, 11, 20), "running", "overdue", 100.0),
        (date(2026, 11, 4), "paused", "paused", 20.0),
        (date(2026, 11, 4), "met", "met", 100.0),
        (date(2026, 11, 4), "cancelled", "cancelled", 20.0),
    ],
)
def test_bar_shows_the_share_of_time_gone(
    today: date, state: str, tone: str, elapsed: float
) -> None:
    bar = ui.due_bar(started_on=START, due_on=END, today=today, state=state)
    assert (bar.tone, bar.elapsed) == (tone, elapsed)


def test_bar_of_a_single_day_does_not_divide_by_zero() -> None:
    assert ui.due_bar(started_on=START, due_on=START, today=START).elapsed == 0.0


def test_an_open_pause_lasts_until_today() -> None:
    pauses = [(date(2026, 11, 4), None), (date(2026, 11, 30), None)]
    bar = ui.due_bar(started_on=START, due_on=END, today=date(2026, 11, 7), pauses=pauses)
    assert bar.pauses == [ui.DueSegment(x=20.0, width=30.0)]


def test_month_starts_on_monday_and_holds_its_entries() -> None:
    entry = ui.CalendarEntry("Phường Ba Đình")
    grid = ui.month_grid(
        year=2026,
        month=11,
        entries={date(2026, 11, 20): [entry]},
        today=date(2026, 11, 23),
        days_off={date(2026, 11, 24): "ngày nghỉ"},
    )
    cells = {cell.day: cell for week in grid.weeks for cell in week}
    assert grid.weeks[0][0].day == date(2026, 10, 26)
    assert not cells[date(2026, 10, 26)].in_month
    assert cells[date(2026, 11, 20)].entries == (entry,)
    assert cells[date(2026, 11, 23)].is_today
    assert cells[date(2026, 11, 24)].off_reason == "ngày nghỉ"
