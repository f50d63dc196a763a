"""The clocks follow from the history, for every way a case can go."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from deadlines.models import Clock
from petitions.invariants import clocks_follow_from_history
from petitions.models import CaseClock
from petitions.replay import history_replay
from tests.people import Story

pytestmark = pytest.mark.django_db
Make = Callable[..., Story]
NUMBER = {"number": "3/QĐ-UBND", "reason": "Chờ kết quả giám định."}


def at(day: int, month: int = 7) -> dt.datetime:
    return dt.datetime(2026, month, day, 2, tzinfo=dt.UTC)


def suspended_twice(story: Make) -> Story:
    tale = story(at=at(6)).accepted(at=at(10))
    tale.do("chair", "suspend", at(14), ground="obstacle", **NUMBER)
    tale.do("chair", "resume", at(16), number="4/QĐ-UBND")
    tale.do("chair", "extend", at(20), finding="complex", **NUMBER)
    tale.do("chair", "suspend", at(3, 8), ground="obstacle", **NUMBER)
    return tale


def test_suspensions_and_extensions_are_those_of_the_history(story: Make) -> None:
    tale = suspended_twice(story)
    clock = CaseClock.objects.get(case=tale.case, stage="resolution").clock
    assert clock.pauses == [["2026-07-14", "2026-07-16"], ["2026-08-03", None]]
    # 10/07 + 45 days = 24/08, and two suspended days.
    assert clock.legal_due_on == dt.date(2026, 8, 26)
    assert list(clocks_follow_from_history()) == []


def test_termination_ends_an_open_suspension(story: Make) -> None:
    tale = suspended_twice(story)
    tale.do("chair", "terminate", at(10, 8), ground="no_successor", **NUMBER)
    assert list(clocks_follow_from_history()) == []


def test_decided_and_closed(story: Make) -> None:
    tale = story(at=at(6))
    tale.decided(at=at(24))
    tale.do("clerk", "notify", at(27))
    tale.do("clerk", "mark_in_force", at(28, 8))
    tale.closed(at(28, 8))
    assert list(clocks_follow_from_history()) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"started_on": dt.date(2026, 7, 11)},
        {"pauses": [["2026-07-15", "2026-07-16"], ["2026-08-03", None]]},
        {"extensions": []},
    ],
)
def test_a_clock_moved_by_hand_is_found(story: Make, wrong: dict[str, object]) -> None:
    tale = suspended_twice(story)
    Clock.objects.filter(case_clock__case=tale.case, case_clock__stage="resolution").update(**wrong)
    assert list(clocks_follow_from_history()) == [tale.case.code]


def test_many_cases_cost_no_more_queries(story: Make) -> None:
    story(at=at(6)).accepted(at=at(10))
    with CaptureQueriesContext(connection) as one:
        list(clocks_follow_from_history())
    for _ in range(3):
        story(at=at(6)).accepted(at=at(10))
    with CaptureQueriesContext(connection) as four:
        list(clocks_follow_from_history())
    assert len(one) == len(four)


def test_the_day_is_that_of_ha_noi() -> None:
    late = dt.datetime(2026, 7, 9, 18, tzinfo=dt.UTC)
    assert history_replay([("accept", late)]).runs[0].started_on == dt.date(2026, 7, 10)
