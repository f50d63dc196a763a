"""Shares, shades, months and bars of the overview. No database."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.time import month_after, months_between
from communes.hexmap import grid_rows
from directives.charts import HEIGHT, chart_of
from directives.likeness import Places, places_of
from directives.overview import Cell, Told, level, share, summed

COUNTS = st.integers(0, 5000)


@given(done=COUNTS, more=COUNTS)
def test_everything_is_done_only_when_it_is(done: int, more: int) -> None:
    cell = Cell(done + more, done, 0)
    assert (cell.share_done == 100) == (more == 0 and done > 0)
    assert 0 <= cell.share_done <= 100


@given(late=st.integers(1, 5000), more=COUNTS)
def test_what_is_late_is_never_nothing(late: int, more: int) -> None:
    assert Cell(late + more, 0, late).share_late >= 1


@given(st.lists(st.tuples(COUNTS, COUNTS, COUNTS, COUNTS), max_size=5))
def test_shares_of_reports_are_a_hundred_together(rows: list[tuple[int, int, int, int]]) -> None:
    total = Told()
    for row in rows:
        total = total.plus(Told(*row))
    assert sum(total.shares()) == (100 if total.due else 0)
    assert total.due == sum(sum(row[:3]) for row in rows)


@pytest.mark.parametrize(
    ("percent", "shade"), [(0, 1), (19, 1), (20, 2), (59, 3), (79, 4), (80, 5), (100, 5)]
)
def test_shades(percent: int, shade: int) -> None:
    assert level(percent, 3) == shade
    assert level(percent, 0) == 0


def test_sums() -> None:
    assert summed([Cell(2, 1, 1), Cell(3, 3, 0)]) == Cell(5, 4, 1)
    assert share(0, 0) == 0


def test_months_over_the_new_year() -> None:
    assert month_after(dt.date(2026, 11, 1), 2) == dt.date(2027, 1, 1)
    assert month_after(dt.date(2026, 1, 1), -1) == dt.date(2025, 12, 1)
    assert len(months_between(dt.date(2025, 11, 1), dt.date(2026, 2, 1))) == 4


@given(on_time=COUNTS, late=COUNTS, missing=COUNTS)
def test_a_bar_is_as_high_as_the_scale(on_time: int, late: int, missing: int) -> None:
    chart = chart_of({dt.date(2026, 11, 1): Told(on_time, late, missing)})
    parts = chart.bars[0].parts
    height = sum(float(part.height) for part in parts)
    assert height == pytest.approx(HEIGHT if on_time + late + missing else 0, abs=0.2)


def test_alike_across_units_periods_or_tasks() -> None:
    """Of reports as unit, task and period."""
    assert places_of([(1, 5, 0), (2, 5, 0)]) == Places(units=True)
    assert places_of([(1, 5, 7), (1, 5, 8)]) == Places(periods=True)
    assert places_of([(1, 5, 7), (1, 5, 8), (2, 5, 7)]) == Places(units=True, periods=True)
    assert places_of([(1, 5, 0), (1, 6, 0)]) == Places(tasks=True)


def test_the_map_in_rows() -> None:
    rows = grid_rows([(2, 0, "a"), (4, 0, "b"), (2, 1, "c")])
    assert [row.places for row in rows] == [["a", None, "b"], ["c", None, None]]
    assert [row.is_shifted for row in rows] == [False, True]
    assert grid_rows([]) == []
