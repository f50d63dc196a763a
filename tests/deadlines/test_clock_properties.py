"""The fast arithmetic against a day loop, and what must hold for every limit."""

import datetime as dt

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from deadlines.clock import (
    Calendar,
    Day,
    add_working_days,
    compute,
    working_days_between,
)
from deadlines.derivation import derivation_pack, derivation_steps, derivation_unpack
from deadlines.faults import CalendarMissing
from tests.deadlines.days import CALENDAR, DAY, Span, slow

starts = st.dates(dt.date(2025, 12, 1), dt.date(2027, 5, 31))
kinds = st.sampled_from(["calendar", "working"])
amounts = st.integers(-20, 70)
lengths = st.integers(1, 70)


@st.composite
def suspensions(draw: st.DrawFn) -> list[Span]:
    """Up to four suspensions near the limit, in order, some touching, some of no length."""
    spans: list[Span] = []
    date = draw(st.dates(dt.date(2025, 11, 20), dt.date(2027, 6, 30)))
    for _ in range(draw(st.integers(0, 4))):
        begin = date + DAY * draw(st.integers(0, 25))
        date = begin + DAY * draw(st.integers(0, 12))
        spans.append((begin, date))
    return spans


@settings(max_examples=600, deadline=None)
@given(amounts, kinds, st.booleans(), starts, suspensions())
def test_same_as_a_day_loop(
    amount: int, kind: str, rolls: bool, start: dt.date, spans: list[Span]
) -> None:
    rolls = rolls and amount >= 0
    try:
        fast = compute(amount, kind, rolls, start, CALENDAR, spans)
    except CalendarMissing:
        raw, end = slow(amount, kind, rolls, start, CALENDAR, spans)
        assert not CALENDAR.first <= min(raw, end) <= max(raw, end) <= CALENDAR.last
    else:
        found = (fast.legal_due_on, fast.due_on)
        assert found == slow(amount, kind, rolls, start, CALENDAR, spans)


@settings(deadline=None)
@given(amounts, kinds, st.booleans(), starts, suspensions())
def test_the_stored_form_gives_the_same_limit_and_the_same_days(
    amount: int, kind: str, rolls: bool, start: dt.date, spans: list[Span]
) -> None:
    limit = compute(amount, kind, rolls, start, CALENDAR, spans)
    steps = derivation_steps(limit, CALENDAR)
    again, calendar = derivation_unpack(derivation_pack(limit, CALENDAR))
    assert again == limit
    assert derivation_steps(again, calendar) == steps
    assert sum(step.counted for step in steps) == abs(amount)
    assert (steps[0].date, steps[-1].date) == (start, limit.due_on)


@settings(deadline=None)
@given(lengths, kinds, starts, suspensions(), st.integers(0, 20), st.integers(0, 20))
def test_later_or_longer_never_ends_earlier(
    amount: int, kind: str, start: dt.date, spans: list[Span], later: int, longer: int
) -> None:
    one = compute(amount, kind, True, start, CALENDAR, spans)
    other = compute(amount + longer, kind, True, start + DAY * later, CALENDAR, spans)
    assert one.legal_due_on <= other.legal_due_on
    assert one.due_on <= other.due_on


@settings(deadline=None)
@given(lengths, kinds, starts, suspensions())
def test_never_ends_on_a_day_off_or_while_it_stands_still(
    amount: int, kind: str, start: dt.date, spans: list[Span]
) -> None:
    due_on = compute(amount, kind, True, start, CALENDAR, spans).due_on
    assert CALENDAR.is_working(due_on)
    assert not any(begin <= due_on < end for begin, end in spans)


@settings(deadline=None)
@given(lengths, kinds, starts, st.sets(st.integers(0, 150), max_size=12))
def test_more_days_off_never_shorten(
    amount: int, kind: str, start: dt.date, offsets: set[int]
) -> None:
    extra = [Day(start + DAY * n, "holiday", "x") for n in offsets]
    special = {day.date: day for day in (*CALENDAR.days.values(), *extra)}
    poorer = Calendar(CALENDAR.first, CALENDAR.last, special.values())
    before = compute(amount, kind, True, start, CALENDAR)
    assert before.due_on <= compute(amount, kind, True, start, poorer).due_on


@settings(deadline=None)
@given(lengths, starts, st.data())
def test_suspending_n_days_inside_moves_the_raw_end_by_n(
    amount: int, start: dt.date, data: st.DataObject
) -> None:
    raw = compute(amount, "calendar", True, start, CALENDAR).legal_due_on
    begin = start + DAY * data.draw(st.integers(1, amount))
    days = data.draw(st.integers(0, 60))
    moved = compute(amount, "calendar", True, start, CALENDAR, [(begin, begin + DAY * days)])
    assert moved.legal_due_on == raw + DAY * days


@settings(deadline=None)
@given(lengths, kinds, starts, suspensions())
def test_suspending_never_shortens(
    amount: int, kind: str, start: dt.date, spans: list[Span]
) -> None:
    free = compute(amount, kind, True, start, CALENDAR)
    assert compute(amount, kind, True, start, CALENDAR, spans).due_on >= free.due_on


@settings(deadline=None)
@given(starts, st.integers(1, 60))
def test_forward_and_backward_agree(start: dt.date, count: int) -> None:
    assume(CALENDAR.is_working(start))
    end = add_working_days(start, count, CALENDAR)
    assert add_working_days(end, -count, CALENDAR) == start
    assert working_days_between(start, end, CALENDAR) == count
    assert working_days_between(end, start, CALENDAR) == -count
    assert compute(-count, "working", False, end, CALENDAR).due_on == start


@settings(deadline=None)
@given(starts, starts)
def test_between_counts_the_days_that_work(one: dt.date, other: dt.date) -> None:
    first, last = sorted((one, other))
    days = (first + DAY * n for n in range(1, (last - first).days + 1))
    assert working_days_between(first, last, CALENDAR) == sum(map(CALENDAR.is_working, days))
