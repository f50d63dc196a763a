"""Counting reception days against the law's minimum. No database here.

A day counts once for the duty it was held in. Delegated days never count (Law 136/2025 gives no
delegation); ad hoc receptions and dialogues come on top of the minimum.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import NamedTuple, Protocol, TypeVar

from accounts.enums import Role
from receptions.enums import DutyHolder, Level, Per, SessionKind, SessionStatus

COUNTED_KINDS = (SessionKind.REGULAR, SessionKind.PERIODIC)
THURSDAY = 3
# Which post carries which duty. City posts are found by their own role.
DUTY_OF_ROLE = {
    Role.SECRETARY: DutyHolder.PARTY_SECRETARY,
    Role.HEAD: DutyHolder.PEOPLE_COMMITTEE_CHAIR,
    Role.CITY_SECRETARY: DutyHolder.PARTY_SECRETARY,
    Role.CITY_CHAIR: DutyHolder.PEOPLE_COMMITTEE_CHAIR,
    Role.BOARD_HEAD: DutyHolder.HEAD_OF_AGENCY,
    Role.INSPECTOR: DutyHolder.HEAD_OF_AGENCY,
}


class Rule(Protocol):
    duty_holder: str
    level: str
    minimum_days: int
    per: str
    valid_from: dt.date
    valid_to: dt.date | None


AnyRule = TypeVar("AnyRule", bound=Rule)


class Day(NamedTuple):
    """A local date with the status of a session on it."""

    on: dt.date
    status: str


class Tally(NamedTuple):
    """Days of a month. ``planned`` includes drafts, ``published`` includes held days;
    ``missing`` is what the minimum lacks beside held days and days still to come."""

    required: int
    planned: int
    published: int
    held: int
    missing: int


def rule_for(rules: Iterable[AnyRule], duty: str, level: str, month: dt.date) -> AnyRule | None:
    """The rule in force on the first day of ``month`` for a duty at a level."""
    for rule in rules:
        fits = rule.duty_holder == duty and rule.level in (level, Level.ANY)
        in_force = rule.valid_from <= month and (not rule.valid_to or month <= rule.valid_to)
        if fits and in_force:
            return rule
    return None


def month_weeks(month: dt.date) -> list[dt.date]:
    """Mondays of the weeks that belong to a month: those with their Thursday in it."""
    first = month.replace(day=1)
    monday = first - dt.timedelta(days=first.weekday())
    mondays = (monday + dt.timedelta(weeks=n) for n in range(6))
    return [d for d in mondays if _thursday(d).replace(day=1) == first]


def span(rule: Rule, month: dt.date) -> tuple[dt.date, dt.date]:
    """The first and the last date whose sessions matter for a month under a rule."""
    if rule.per == Per.WEEK:
        weeks = month_weeks(month)
        return weeks[0], weeks[-1] + dt.timedelta(days=6)
    first = month.replace(day=1)
    return first, next_month(first) - dt.timedelta(days=1)


def next_month(month: dt.date) -> dt.date:
    return (month.replace(day=1) + dt.timedelta(days=32)).replace(day=1)


def tally(rule: Rule, month: dt.date, days: Iterable[Day], today: dt.date) -> Tally:
    """Count the days of a month against a rule, in each week when the rule is weekly."""
    first, last = span(rule, month)
    inside = [day for day in days if first <= day.on <= last]
    standing = {SessionStatus.DRAFT, SessionStatus.PUBLISHED, SessionStatus.HELD}
    held = _dates(inside, {SessionStatus.HELD})
    coming = {d for d in _dates(inside, standing) if d >= today}
    periods = _periods(rule, month)
    return Tally(
        required=rule.minimum_days * len(periods),
        planned=len(_dates(inside, standing)),
        published=len(_dates(inside, {SessionStatus.PUBLISHED, SessionStatus.HELD})),
        held=len(held),
        missing=sum(_lacking(rule.minimum_days, period, held | coming) for period in periods),
    )


def _periods(rule: Rule, month: dt.date) -> Sequence[tuple[dt.date, dt.date]]:
    if rule.per == Per.WEEK:
        return [(monday, monday + dt.timedelta(days=6)) for monday in month_weeks(month)]
    return [span(rule, month)]


def _lacking(minimum: int, period: tuple[dt.date, dt.date], dates: set[dt.date]) -> int:
    first, last = period
    return max(0, minimum - sum(first <= d <= last for d in dates))


def _dates(days: Iterable[Day], statuses: set[SessionStatus]) -> set[dt.date]:
    return {day.on for day in days if day.status in statuses}


def _thursday(monday: dt.date) -> dt.date:
    return monday + dt.timedelta(days=THURSDAY)
