"""Counting days against the minimum, over both versions of the law."""

import datetime as dt

import pytest

from common.reference import csv_rows
from receptions.models import DutyQuota
from receptions.quotas import Day, Span, Tally, month_weeks, periods_of, rules_in, tally
from receptions.services.reference import QUOTAS, _row

RULES = [DutyQuota(**_row(raw)) for raw in csv_rows(QUOTAS)]
JUNE, JULY, NOVEMBER = dt.date(2026, 6, 1), dt.date(2026, 7, 1), dt.date(2026, 11, 1)
LATER = dt.date(2027, 1, 1)
CHAIR, SECRETARY = "people_committee_chair", "party_secretary"


def days(text: str, month: dt.date) -> list[Day]:
    """``"10h 25p 3d 4x"``: held, published, draft, held by a stand-in."""
    words = {"h": "held", "p": "published", "d": "draft", "m": "missed", "x": "held"}
    return [
        Day(month.replace(day=int(word[:-1])), words[word[-1]], word[-1] == "x")
        for word in text.split()
    ]


def counted(
    duty: str,
    month: dt.date,
    text: str,
    *,
    today: dt.date = LATER,
    alive: Span | None = None,
    level: str = "commune",
) -> Tally:
    rules = rules_in(RULES, duty, level, month)
    periods = [period for rule in rules for period in periods_of(rule, month, alive)]
    return tally(periods, days(text, month), today)


@pytest.mark.parametrize(
    ("duty", "level", "month", "code"),
    [
        (CHAIR, "commune", JUNE, "TD-UB-XA-OLD"),
        (CHAIR, "commune", JULY, "TD-UB-XA"),
        (CHAIR, "city", JULY, "TD-UB-TP"),
        (SECRETARY, "commune", JUNE, "TD-DANG-XA"),
        (SECRETARY, "city", JULY, "TD-DANG-TP"),
        ("head_of_agency", "any", JULY, "TD-CQ"),
        ("head_of_public_service_unit", "any", JUNE, None),
        ("head_of_public_service_unit", "any", JULY, "TD-DVSN"),
    ],
)
def test_the_rule_is_the_one_in_force(
    duty: str, level: str, month: dt.date, code: str | None
) -> None:
    found = rules_in(RULES, duty, level, month)
    assert [rule.code for rule in found] == ([code] if code else [])


def test_a_week_belongs_to_the_month_of_its_thursday() -> None:
    assert month_weeks(JUNE) == [dt.date(2026, 6, day) for day in (1, 8, 15, 22)]
    assert month_weeks(dt.date(2026, 5, 1))[0] == dt.date(2026, 5, 4)
    for year in (2024, 2025, 2026):
        weeks = [m for n in range(1, 13) for m in month_weeks(dt.date(year, n, 1))]
        assert len(weeks) == len(set(weeks)) in (52, 53)


# Month, what happened, days required, planned, published, held, missing, delegated; by hand.
TABLE = [
    # Until 30 June 2026 a commune chair owed a day every week: 4 weeks in June, 5 in April.
    (CHAIR, "2026-06", "", 4, 0, 0, 0, 4, 0),
    (CHAIR, "2026-06", "1h 9h 16h 25h", 4, 4, 4, 4, 0, 0),
    (CHAIR, "2026-06", "1h 2h 9h 16h", 4, 4, 4, 4, 1, 0),
    (CHAIR, "2026-06", "1h 2h 3h 4h 5h", 4, 5, 5, 5, 3, 0),
    (CHAIR, "2026-06", "1x 9x 16x 25x", 4, 0, 0, 0, 4, 4),
    # 29 and 30 June lie in a week whose Thursday is in July, when the law had changed.
    (CHAIR, "2026-06", "1h 9h 16h 30h", 4, 3, 3, 3, 1, 0),
    (CHAIR, "2026-04", "", 5, 0, 0, 0, 5, 0),
    (CHAIR, "2026-04", "2h 9h 16h 23h", 5, 4, 4, 4, 1, 0),
    (CHAIR, "2026-04", "2h 9h 16h 23h 28h", 5, 5, 5, 5, 0, 0),
    (CHAIR, "2026-02", "3h 10h 17h 24h", 4, 4, 4, 4, 0, 0),
    (CHAIR, "2025-12", "4h 11h 18h 25h", 4, 4, 4, 4, 0, 0),
    # Since 1 July 2026 two days a month, in whatever weeks.
    (CHAIR, "2026-07", "", 2, 0, 0, 0, 2, 0),
    (CHAIR, "2026-07", "1h 2h", 2, 2, 2, 2, 0, 0),
    (CHAIR, "2026-07", "1h", 2, 1, 1, 1, 1, 0),
    (CHAIR, "2026-07", "1h 2x", 2, 1, 1, 1, 1, 1),
    (CHAIR, "2026-08", "10h 25m", 2, 1, 1, 1, 1, 0),
    (CHAIR, "2026-09", "10h 25p", 2, 2, 2, 1, 1, 0),
    (CHAIR, "2026-09", "10h 25d", 2, 2, 1, 1, 1, 0),
    (CHAIR, "2026-11", "10h 25h", 2, 2, 2, 2, 0, 0),
    (CHAIR, "2026-12", "3h 4h 5h", 2, 3, 3, 3, 0, 0),
    # Party secretaries of communes: two days a month under both versions.
    (SECRETARY, "2026-06", "10h 25h", 2, 2, 2, 2, 0, 0),
    (SECRETARY, "2026-06", "10h 11x", 2, 1, 1, 1, 1, 1),
    (SECRETARY, "2026-07", "10h", 2, 1, 1, 1, 1, 0),
    (SECRETARY, "2026-07", "10h 10h", 2, 1, 1, 1, 1, 0),
    (SECRETARY, "2026-07", "10h 10x", 2, 1, 1, 1, 1, 1),
]


@pytest.mark.parametrize(("duty", "month", "text", "required", "planned", "published", "held",
                          "missing", "delegated"), TABLE)  # fmt: skip
def test_days_are_counted(
    duty: str,
    month: str,
    text: str,
    required: int,
    planned: int,
    published: int,
    held: int,
    missing: int,
    delegated: int,
) -> None:
    first = dt.date.fromisoformat(f"{month}-01")
    expected = Tally(required, planned, published, held, missing, delegated)
    assert counted(duty, first, text) == expected


@pytest.mark.parametrize(
    ("duty", "level", "month", "required"),
    [
        (SECRETARY, "city", "2026-06", 1),
        (CHAIR, "city", "2026-06", 1),
        (CHAIR, "city", "2026-07", 1),
        ("head_of_agency", "any", "2026-06", 1),
        ("head_of_public_service_unit", "any", "2026-06", 0),
        ("head_of_public_service_unit", "any", "2026-07", 1),
        (SECRETARY, "any", "2026-07", 0),
    ],
)
def test_what_others_owe(duty: str, level: str, month: str, required: int) -> None:
    first = dt.date.fromisoformat(f"{month}-01")
    assert counted(duty, first, "", level=level).required == required


@pytest.mark.parametrize(
    ("duty", "month", "born", "ended", "required"),
    [
        # A monthly minimum by the share of the days, a half rounded up.
        (SECRETARY, NOVEMBER, "2026-11-01", "2026-11-30", 2),
        (SECRETARY, NOVEMBER, "2026-11-16", "2026-12-31", 1),
        (SECRETARY, NOVEMBER, "2026-11-23", "2026-12-31", 1),
        (SECRETARY, NOVEMBER, "2026-11-24", "2026-12-31", 0),
        (SECRETARY, NOVEMBER, "2026-01-01", "2026-11-22", 1),
        (SECRETARY, NOVEMBER, "2026-01-01", "2026-11-23", 2),
        # A weekly one by its Thursdays: 4, 11, 18 and 25 June.
        (CHAIR, JUNE, "2026-06-11", "2026-12-31", 3),
        (CHAIR, JUNE, "2026-06-12", "2026-12-31", 2),
        (CHAIR, JUNE, "2026-01-01", "2026-06-17", 2),
        (CHAIR, JUNE, "2026-06-26", "2026-12-31", 0),
    ],
)
def test_a_unit_of_a_part_of_the_month(
    duty: str, month: dt.date, born: str, ended: str, required: int
) -> None:
    alive = Span(dt.date.fromisoformat(born), dt.date.fromisoformat(ended))
    assert counted(duty, month, "", alive=alive).required == required


def test_days_beyond_the_end_of_a_unit_do_not_count() -> None:
    alive = Span(dt.date(2026, 1, 1), dt.date(2026, 11, 23))
    assert counted(SECRETARY, NOVEMBER, "10h 25h", alive=alive)[:4] == (2, 1, 1, 1)


def test_a_month_in_which_the_law_changes_owes_both_parts() -> None:
    """Invented: weekly until Wednesday 17 June, two days a month from the 18th."""
    weekly, monthly = rules_in(RULES, CHAIR, "commune", JUNE) + rules_in(
        RULES, CHAIR, "commune", JULY
    )
    weekly = DutyQuota(**{f.name: getattr(weekly, f.name) for f in DutyQuota._meta.fields})
    monthly = DutyQuota(**{f.name: getattr(monthly, f.name) for f in DutyQuota._meta.fields})
    weekly.valid_to, monthly.valid_from = dt.date(2026, 6, 17), dt.date(2026, 6, 18)
    rules = rules_in([monthly, weekly], CHAIR, "commune", JUNE)
    assert rules == [weekly, monthly]
    periods = [period for rule in rules for period in periods_of(rule, JUNE)]
    # Thursdays 4 and 11 June; 13 of 30 days of two: 0.87.
    assert [period.minimum for period in periods] == [1, 1, 1]
    assert tally(periods, days("2h 9h 20h", JUNE), LATER) == (3, 3, 3, 3, 0, 0)
    assert tally(periods, days("2h 3h 20h", JUNE), LATER).missing == 1


def test_rules_of_one_duty_never_overlap() -> None:
    for one in RULES:
        for other in RULES:
            same = (one.duty_holder, one.level) == (other.duty_holder, other.level)
            if same and one.code < other.code:
                assert not Span(one.valid_from, one.valid_to or LATER).within(
                    other.valid_from, other.valid_to
                )


def test_a_day_to_come_is_not_missing_but_a_day_not_held_is() -> None:
    for today, missing in ((1, 0), (11, 1)):
        on = NOVEMBER.replace(day=today)
        assert counted(SECRETARY, NOVEMBER, "10p 25d", today=on)[:5] == (2, 2, 1, 0, missing)
    assert counted(SECRETARY, NOVEMBER, "10p 25d").missing == 2
