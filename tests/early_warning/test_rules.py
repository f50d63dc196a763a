"""The rules themselves: facts in, matches with their explanation out. No database."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from early_warning.chart import chart_of
from early_warning.rules import (
    SCOPES,
    SENTENCES,
    CaseMatter,
    Measure,
    PlaceMatter,
    Rule,
    Score,
    Span,
    StageMatter,
    by_week,
    match,
    matches,
    precision,
    trial,
)
from early_warning.stages import StageDates, stage_problems

ON = dt.date(2026, 11, 30)
OPEN = Rule("CUM", Measure.OPEN_PETITIONS, least=5, step=5, window=30)
RISE = Rule("TANG", Measure.RISE, least=6, step=6, window=30, factor=200)
STAGE = Rule("DA", Measure.AFTER_STAGE, least=5, step=5, window=30, factor=150)


def day(before: int) -> dt.date:
    return ON - dt.timedelta(days=before)


def place(*spans: Span, sent_up: tuple[dt.date, ...] = ()) -> PlaceMatter:
    return PlaceMatter(1, "land_compensation", spans, sent_up)


def test_every_measure_has_a_scope_and_a_sentence() -> None:
    assert set(SCOPES) == set(SENTENCES) == set(Measure)


def test_what_was_closed_or_is_too_old_is_not_open() -> None:
    spans = (Span(day(0), petitions=4), Span(day(29)), Span(day(30)), Span(day(3), day(1)))
    found = match(OPEN, place(*spans), ON)
    assert found
    assert (found.measured, found.threshold, found.level) == (5, 5, 1)
    assert match(OPEN, place(*spans[:1]), ON) is None


def test_what_was_closed_later_was_open_then() -> None:
    spans = (Span(day(10), day(5), 5),)
    assert match(OPEN, place(*spans), ON) is None
    assert match(OPEN, place(*spans), day(6)) is not None


def test_a_rise_is_held_against_the_usual_number() -> None:
    usual = [Span(day(35 + 30 * n), petitions=5) for n in range(3)]
    assert match(RISE, place(*usual, Span(day(1), petitions=9)), ON) is None
    found = match(RISE, place(*usual, Span(day(1), petitions=10)), ON)
    assert found
    assert found.threshold == 10
    assert found.values["usual"] == "5"


def test_a_small_rise_is_none() -> None:
    assert match(RISE, place(Span(day(1), petitions=5)), ON) is None
    assert match(RISE, place(Span(day(1), petitions=6)), ON) is not None


def test_a_rule_of_a_field_leaves_the_others() -> None:
    narrow = Rule("X", Measure.OPEN_PETITIONS, 1, 1, window=30, fields=frozenset({"housing"}))
    assert match(narrow, place(Span(day(1))), ON) is None


def test_levels_grow_by_the_step() -> None:
    levels = [match(OPEN, place(Span(day(1), petitions=n)), ON).level for n in (5, 9, 10, 15)]
    assert levels == [1, 1, 2, 3]


def test_petitions_after_a_stage_are_held_against_those_before_it() -> None:
    done = day(20)
    before = tuple(done - dt.timedelta(days=30 * n + 1) for n in range(3)) * 3  # 3 a month
    after = tuple(done + dt.timedelta(days=n) for n in range(5))
    matter = StageMatter(1, 2, 3, done, (*before, *after))
    found = match(STAGE, matter, ON)
    assert found
    assert (found.measured, found.threshold, found.values["usual"]) == (5, 5, "3")
    assert match(STAGE, matter, done) is None  # one so far


def test_a_burst_after_two_stages_follows_the_second() -> None:
    first, second = day(20), day(10)
    burst = tuple(second + dt.timedelta(days=n) for n in range(6))
    one = StageMatter(1, 2, 3, first, burst, later=(second,))
    other = StageMatter(1, 3, 3, second, burst, earlier=(first,))
    found = matches([STAGE], [one, other], ON)
    assert [(match.key, match.measured) for match in found] == [("DA:stage:3", 6)]
    assert match(STAGE, one, day(11)) is None
    # On the same day the later stage has it.
    assert match(STAGE, StageMatter(1, 2, 3, second, burst, later=(second,)), ON) is None


def test_what_a_stage_stirred_up_is_not_usual_for_the_next() -> None:
    first, second = day(20), day(10)
    came = (first,) * 12 + (second,) * 5
    found = match(STAGE, StageMatter(1, 3, 3, second, came, earlier=(first,)), ON)
    assert found
    assert (found.measured, found.values["usual"]) == (5, "0")
    # A stage a whole window before is no neighbour: its petitions are the usual ones.
    far = second - dt.timedelta(days=30)
    came = (far,) * 12 + (second,) * 5
    assert match(STAGE, StageMatter(1, 3, 3, second, came, earlier=(far,)), ON) is None


def test_what_comes_after_the_window_of_a_stage_does_not_count() -> None:
    done = day(60)
    late = tuple(done + dt.timedelta(days=30 + n) for n in range(9))
    assert match(STAGE, StageMatter(1, 2, 3, done, late), ON) is None


def test_the_key_names_rule_and_matter_and_no_number() -> None:
    keys = {
        found.key
        for n in (5, 50)
        for found in matches([OPEN], [place(Span(day(1), petitions=n))], ON)
    }
    assert keys == {"CUM:place:1:land_compensation"}
    case = CaseMatter(7, 1, "housing", {"people": 12})
    people = Rule("N", Measure.PEOPLE, 10, 10)
    assert [found.key for found in matches([people, OPEN], [case], ON)] == ["N:case:7"]


def test_a_trial_looks_back_week_by_week() -> None:
    gone = place(Span(day(80), day(60), 6))
    assert matches([OPEN], [gone], ON) == []
    assert [found.measured for found in trial(OPEN, [gone], ON, days=90)] == [6]
    assert trial(OPEN, [gone], ON, days=7) == []


@given(st.integers(0, 40), st.integers(1, 40), st.integers(1, 10))
def test_a_higher_threshold_never_finds_more(count: int, least: int, more: int) -> None:
    matter = place(Span(day(1), petitions=count)) if count else place()
    loose = Rule("A", Measure.OPEN_PETITIONS, least, 1, window=30)
    strict = Rule("A", Measure.OPEN_PETITIONS, least + more, 1, window=30)
    assert bool(match(strict, matter, ON)) <= bool(match(loose, matter, ON))


def test_precision_says_nothing_of_few() -> None:
    assert precision(Score(4, 0)) is None
    assert precision(Score(4, 1)) == 80


def test_weeks_without_petitions_are_there() -> None:
    weeks = by_week([dt.date(2026, 11, 4)], dt.date(2026, 11, 1), dt.date(2026, 11, 10))
    assert [(f"{monday:%d/%m}", count) for monday, count in weeks] == [
        ("26/10", 0), ("02/11", 1), ("09/11", 0),
    ]  # fmt: skip
    chart = chart_of(weeks, [(1, dt.date(2026, 11, 2))])
    assert chart
    assert len(chart.bars) == 3
    assert chart.top == 1
    assert chart_of([], []) is None


ALL = [StageDates() for _n in range(6)]


@pytest.mark.parametrize(
    ("stages", "number", "wanted", "field"),
    [
        (ALL, 1, StageDates(done_on=day(1)), "done_on"),  # the first is not over
        ([StageDates(done_on=day(9)), *ALL[1:]], 1, StageDates(done_on=day(10)), "done_on"),
        (ALL, 0, StageDates(done_on=day(-1)), "done_on"),
        ([StageDates(), StageDates(done_on=day(3)), *ALL[2:]], 0, StageDates(), "done_on"),
        ([StageDates(planned_on=day(1)), *ALL[1:]], 1, StageDates(planned_on=day(5)), "planned_on"),
    ],
)
def test_stages_out_of_order_are_refused(
    stages: list[StageDates], number: int, wanted: StageDates, field: str
) -> None:
    assert list(stage_problems(stages, number, wanted, ON)) == [field]


def test_a_stage_left_out_lets_the_next_follow() -> None:
    stages = [StageDates(done_on=day(9)), StageDates(is_skipped=True), *ALL[2:]]
    assert stage_problems(stages, 2, StageDates(done_on=day(9)), ON) == {}
