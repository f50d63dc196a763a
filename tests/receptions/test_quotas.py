"""Counting days against the minimum, over both versions of the law."""

import datetime as dt

import pytest

from common.reference import csv_rows
from receptions.models import DutyQuota
from receptions.quotas import Day, month_weeks, rule_for, tally
from receptions.services.reference import QUOTAS, _row

RULES = [DutyQuota(**_row(raw)) for raw in csv_rows(QUOTAS)]
JUNE, JULY, NOVEMBER = dt.date(2026, 6, 1), dt.date(2026, 7, 1), dt.date(2026, 11, 1)
LATER = dt.date(2027, 1, 1)


def held(*days: int, month: dt.date = NOVEMBER) -> list[Day]:
    return [Day(month.replace(day=day), "held") for day in days]


@pytest.mark.parametrize(
    ("duty", "level", "month", "code"),
    [
        ("people_committee_chair", "commune", JUNE, "TD-UB-XA-OLD"),
        ("people_committee_chair", "commune", JULY, "TD-UB-XA"),
        ("people_committee_chair", "city", JULY, "TD-UB-TP"),
        ("party_secretary", "commune", JUNE, "TD-DANG-XA"),
        ("party_secretary", "city", JULY, "TD-DANG-TP"),
        ("head_of_agency", "any", JULY, "TD-CQ"),
        ("head_of_public_service_unit", "any", JUNE, None),
        ("head_of_public_service_unit", "any", JULY, "TD-DVSN"),
    ],
)
def test_the_rule_is_the_one_in_force(
    duty: str, level: str, month: dt.date, code: str | None
) -> None:
    rule = rule_for(RULES, duty, level, month)
    assert (rule.code if rule else None) == code


def test_a_week_belongs_to_the_month_of_its_thursday() -> None:
    assert month_weeks(JUNE) == [dt.date(2026, 6, day) for day in (1, 8, 15, 22)]
    assert month_weeks(dt.date(2026, 5, 1))[0] == dt.date(2026, 5, 4)
    for year in (2024, 2025, 2026):
        weeks = [m for n in range(1, 13) for m in month_weeks(dt.date(year, n, 1))]
        assert len(weeks) == len(set(weeks)) in (52, 53)


def test_until_june_2026_a_commune_chair_owes_a_day_every_week() -> None:
    rule = rule_for(RULES, "people_committee_chair", "commune", JUNE)
    assert rule is not None
    assert tally(rule, JUNE, [], LATER).required == 4
    # Two days in one week do not make up for a week without any.
    count = tally(rule, JUNE, held(1, 2, 9, 16, month=JUNE), LATER)
    assert (count.held, count.missing) == (4, 1)


def test_since_july_2026_two_days_a_month() -> None:
    rule = rule_for(RULES, "people_committee_chair", "commune", NOVEMBER)
    assert rule is not None
    assert tally(rule, NOVEMBER, [], LATER) == (2, 0, 0, 0, 2)
    assert tally(rule, NOVEMBER, held(10), LATER).missing == 1
    assert tally(rule, NOVEMBER, held(10, 25), LATER) == (2, 2, 2, 2, 0)


def test_two_sessions_on_a_day_are_one_day() -> None:
    rule = rule_for(RULES, "party_secretary", "commune", NOVEMBER)
    assert rule is not None
    assert tally(rule, NOVEMBER, held(10) * 2, LATER).held == 1


def test_a_day_to_come_is_not_missing_but_a_day_not_held_is() -> None:
    rule = rule_for(RULES, "party_secretary", "commune", NOVEMBER)
    assert rule is not None
    days = [Day(NOVEMBER.replace(day=10), "published"), Day(NOVEMBER.replace(day=25), "draft")]
    assert tally(rule, NOVEMBER, days, NOVEMBER) == (2, 2, 1, 0, 0)
    assert tally(rule, NOVEMBER, days, NOVEMBER.replace(day=11)).missing == 1
    assert tally(rule, NOVEMBER, days, LATER).missing == 2
