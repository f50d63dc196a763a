"""When an e-mail may go: wishes, quiet hours, the digest. No database."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.time import HANOI, local_moment
from notifications.quiet import DIGEST_AT, NOW, Wishes, quiet_end, verdict
from notifications.topics import STAFF_TOPICS, TOPICS, EmailMode, Importance, Topic, topic_of

MONDAY = dt.date(2026, 11, 30)
OVERDUE, WORK, PROGRESS = (topic_of(t) for t in ("escalation", "case_assigned", "case_accepted"))
ARRIVALS = topic_of("petition_arrived")


def at(hour: int, minute: int = 0, day: dt.date = MONDAY) -> dt.datetime:
    return local_moment(day, hour, minute)


@pytest.mark.parametrize(
    ("moment", "end"),
    [
        (at(20, 59), None),
        (at(21), at(6, 30, MONDAY + dt.timedelta(days=1))),
        (at(23, 59), at(6, 30, MONDAY + dt.timedelta(days=1))),
        (at(0), at(6, 30)),
        (at(6, 29), at(6, 30)),
        (at(6, 30), None),
    ],
)
def test_the_usual_quiet_hours_go_over_midnight(
    moment: dt.datetime, end: dt.datetime | None
) -> None:
    assert quiet_end(Wishes(), moment) == end


def test_quiet_hours_within_a_day_and_none_at_all() -> None:
    noon = Wishes(quiet_from=dt.time(11, 30), quiet_until=dt.time(13, 30))
    assert quiet_end(noon, at(12)) == at(13, 30)
    assert quiet_end(noon, at(13, 30)) is None
    assert quiet_end(noon, at(3)) is None
    never = Wishes(quiet_from=dt.time(8), quiet_until=dt.time(8))
    assert [quiet_end(never, at(hour)) for hour in range(24)] == [None] * 24


times = st.times(timezones=st.none())


@given(times, times, st.integers(0, 2 * 365 * 24 * 3600))
def test_quiet_hours_end_ahead_within_a_day_and_are_over_then(
    start: dt.time, end: dt.time, seconds: int
) -> None:
    end = end.replace(second=0, microsecond=0)
    wishes = Wishes(quiet_from=start, quiet_until=end)
    moment = at(0) + dt.timedelta(seconds=seconds)
    until = quiet_end(wishes, moment)
    if until is not None:
        assert moment < until <= moment + dt.timedelta(days=1)
        assert until.astimezone(HANOI).time() == end
        assert quiet_end(wishes, until) is None


def test_urgent_goes_at_any_hour_the_rest_waits_for_the_morning() -> None:
    assert verdict(OVERDUE, Wishes(), at(2)) == NOW
    for topic in (WORK, ARRIVALS):
        assert verdict(topic, Wishes(), at(9)) == NOW
        assert verdict(topic, Wishes(), at(2)).until == at(6, 30)


def test_low_news_waits_for_the_next_digest() -> None:
    early, late = verdict(PROGRESS, Wishes(), at(7, 29)), verdict(PROGRESS, Wishes(), at(7, 30))
    assert (early.until, early.digest_on) == (at(7, 30), MONDAY)
    tuesday = MONDAY + dt.timedelta(days=1)
    assert (late.until, late.digest_on) == (at(7, 30, tuesday), tuesday)
    sleeper = Wishes(quiet_until=dt.time(9))
    assert verdict(PROGRESS, sleeper, at(7)).until == at(9)


def test_wishes_count_where_the_law_leaves_a_choice() -> None:
    wishes = Wishes({topic.code: "off" for topic in TOPICS})
    for topic in STAFF_TOPICS:
        assert verdict(topic, wishes, at(9)).is_off is not topic.is_legal
    daily = Wishes({topic.code: "digest" for topic in TOPICS})
    for topic in STAFF_TOPICS:
        assert (verdict(topic, daily, at(9)).digest_on is None) is topic.is_legal


def test_defaults_follow_the_importance() -> None:
    for topic in TOPICS:
        is_low = topic.importance is Importance.LOW
        assert topic.default_mode == (EmailMode.DIGEST if is_low else EmailMode.NOW)
    assert Topic("x", OVERDUE.label, Importance.LOW, is_legal=True).default_mode is EmailMode.NOW
    assert Wishes().quiet_until < DIGEST_AT
