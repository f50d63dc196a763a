"""Nobody computes a hidden number from what is published beside it."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from common.suppression import FLOOR, hidden_in_line, hidden_in_rows

COUNTS = st.one_of(st.just(0), st.integers(0, 6), st.integers(0, 60))


@given(st.lists(COUNTS, min_size=1, max_size=12))
def test_a_line_with_its_sum_gives_nothing_back(values: list[int]) -> None:
    hidden, is_sum_hidden = hidden_in_line(values)
    assert {place for place, value in enumerate(values) if value < FLOOR} <= hidden
    if not hidden or is_sum_hidden:
        return
    # Everything else and the sum are published: what the hidden ones share is known, no more.
    shared = sum(values) - sum(v for place, v in enumerate(values) if place not in hidden)
    assert len(hidden) > 1
    assert shared + 1 >= FLOOR


ROWS = st.lists(
    st.tuples(COUNTS, st.integers(0, 60), st.integers(0, 60)).map(
        lambda t: [t[0], min(t[1], t[0]), max(0, min(t[2], t[0] - t[1]))]
    ),
    min_size=2,
    max_size=8,
)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(ROWS)
def test_rows_of_a_whole_and_its_parts_give_nothing_back(rows: list[list[int]]) -> None:
    """The whole, and two parts that share no case: the sums and the other numbers of the row."""
    hidden, sums = hidden_in_rows(rows)
    for place, column in enumerate(zip(*rows, strict=True)):
        own = {number for number, places in enumerate(hidden) if place in places}
        assert {number for number, value in enumerate(column) if value < FLOOR} <= own
        if own and place not in sums:
            assert len(own) > 1
            assert sum(column[number] for number in own) >= FLOOR - 1
    for row, places in zip(rows, hidden, strict=True):
        if 0 in places:
            assert places == {0, 1, 2}
        elif places:
            left = row[0] - sum(row[place] for place in (1, 2) if place not in places)
            assert left >= FLOOR - 1


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([7, 9, 12], (set(), False)),
        ([2, 9, 12], ({0, 1}, False)),
        ([2, 3, 12], ({0, 1}, False)),
        ([0, 0, 8, 12], ({0, 1, 2}, False)),
        ([0, 3], ({0, 1}, True)),
        ([1, 3, 0, 9], ({0, 1, 2}, False)),
        ([3], ({0}, True)),
        ([0, 30], ({0, 1}, False)),
        ([30], (set(), False)),
    ],
)
def test_lines_by_hand(values: list[int], expected: tuple[set[int], bool]) -> None:
    assert hidden_in_line(values) == expected
