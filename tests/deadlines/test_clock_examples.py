"""Limits worked out by hand from the law and the calendar, not from the program's output."""

import pytest

from deadlines.clock import Leg, add_working_days, compute_chain, working_days_between
from deadlines.derivation import COUNTED, derivation_line, derivation_steps
from deadlines.faults import CalendarMissing, WrongSuspension
from deadlines.rules import WORKING_DAYS, load_rules, rule_get
from tests.deadlines.days import CALENDAR, calendar_with, holiday, limit, on, spans
from tests.deadlines.worked import EXAMPLES, Worked

# rule, start, suspensions, legal last day, effective last day
SUSPENDED = [
    ("KN-RES1-N", "2026-07-01", ["2026-07-10/2026-07-20"], "2026-08-10", "2026-08-10"),
    (
        "KN-RES1-N",
        "2026-07-01",
        ["2026-07-10/2026-07-20", "2026-08-03/2026-08-05"],
        "2026-08-12",
        "2026-08-12",
    ),
    # Over the due date: seven days are left when it runs again
    ("KN-RES1-N", "2026-07-01", ["2026-07-25/2026-09-25"], "2026-10-01", "2026-10-01"),
    # Partly before the start, wholly before it, wholly after the end, of no length
    ("KN-RES1-N", "2026-07-01", ["2026-06-20/2026-07-05"], "2026-08-03", "2026-08-03"),
    ("KN-RES1-N", "2026-07-01", ["2026-06-01/2026-07-01"], "2026-07-31", "2026-07-31"),
    ("KN-RES1-N", "2026-07-01", ["2026-08-01/2026-09-01"], "2026-07-31", "2026-07-31"),
    ("KN-RES1-N", "2026-07-01", ["2026-07-10/2026-07-10"], "2026-07-31", "2026-07-31"),
    ("KN-RES1-N", "2026-07-01", ["2026-07-10/2026-07-11"], "2026-08-01", "2026-08-03"),
    # The end moved off a Saturday onto suspended days moves on
    ("KN-RES1-N", "2026-11-26", ["2026-12-28/2026-12-30"], "2026-12-26", "2026-12-30"),
    # Working days; a suspended weekend takes nothing
    ("KN-ACC", "2026-11-16", ["2026-11-18/2026-11-20"], "2026-11-30", "2026-11-30"),
    ("KN-ACC", "2026-11-16", ["2026-11-21/2026-11-23"], "2026-11-26", "2026-11-26"),
    (
        "KN-ACC",
        "2026-11-16",
        ["2026-11-18/2026-11-19", "2026-11-25/2026-11-27"],
        "2026-12-01",
        "2026-12-01",
    ),
    # Backwards: suspended days are not counted either
    ("TCD-POST", "2026-12-01", ["2026-11-26/2026-11-28"], "2026-11-19", "2026-11-19"),
]


# A limit and its extensions, start, suspensions, effective end of every stretch
CHAINED = [
    # 31/7 and 10 suspended days: Monday 10/8; 21 + 9 days more: Wednesday 9/9
    ("TC-RES TC-RES-X1", "2026-07-01", ["2026-07-10/2026-07-20"], "2026-08-10 2026-09-09"),
    # Suspended within the extension: 31/7; 30/8 and 5 days: Friday 4/9
    ("TC-RES TC-RES-X1", "2026-07-01", ["2026-08-10/2026-08-15"], "2026-07-31 2026-09-04"),
    # Twice, the second over the end: 10/8; 14 days to 24/8, 16 from 25/9 on: Saturday 10/10
    (
        "TC-RES TC-RES-X1",
        "2026-07-01",
        ["2026-07-10/2026-07-20", "2026-08-25/2026-09-25"],
        "2026-08-10 2026-10-12",
    ),
    # From the effective end: Saturday 26/12 became Monday 28/12; 3 + 27; 4 + 26
    (
        "TC-RES TC-RES-X2A TC-RES-X2B",
        "2026-11-26",
        [],
        "2026-12-28 2027-01-27 2027-02-26",
    ),
    # 24/11 is off: 25/11; 5 + 10
    ("DL-STOP DL-EXT", "2026-11-09", [], "2026-11-25 2026-12-10"),
]


@pytest.mark.parametrize("row", EXAMPLES, ids=lambda row: f"{row.code}-{row.start}")
def test_worked_example(row: Worked) -> None:
    found = limit(row.code, row.start)
    assert (found.legal_due_on, found.due_on) == (on(row.legal), on(row.due)), row.why
    if rule_get(row.code).day_kind == WORKING_DAYS:
        steps = derivation_steps(found, CALENDAR)
        assert [step.date.day for step in steps if step.code == COUNTED] == row.days, row.why


def test_every_rule_with_a_number_is_worked_out_by_hand() -> None:
    numbered = {rule.code for rule in load_rules().values() if rule.days is not None}
    assert numbered == {row.code for row in EXAMPLES}
    assert len(EXAMPLES) >= 60
    assert all(row.why for row in EXAMPLES)


@pytest.mark.parametrize(("codes", "start", "suspended", "ends"), CHAINED)
def test_extended_example(codes: str, start: str, suspended: list[str], ends: str) -> None:
    rules = [rule_get(code) for code in codes.split()]
    legs = [Leg(rule.days or 0, rule.day_kind, rule.rolls) for rule in rules]
    chain = compute_chain(legs, on(start), CALENDAR, spans(*suspended))
    assert [f"{stretch.due_on}" for stretch in chain] == ends.split()


@pytest.mark.parametrize(("code", "start", "suspended", "legal", "due"), SUSPENDED)
def test_suspended_example(
    code: str, start: str, suspended: list[str], legal: str, due: str
) -> None:
    found = limit(code, start, *suspended)
    assert (found.legal_due_on, found.due_on) == (on(legal), on(due))


def test_a_late_swap_of_monday_23_november_moves_the_end_by_a_day() -> None:
    swapped = calendar_with(holiday("2026-11-23"))
    assert limit("KN-ACC", "2026-11-16", calendar=swapped).due_on == on("2026-11-27")


def test_first_example_day_by_day() -> None:
    found = derivation_steps(limit("KN-ACC", "2026-11-16"), CALENDAR)
    assert [(f"{s.date:%d/%m}", s.counted, s.why) for s in found] == [
        ("16/11", False, "Ngày xảy ra sự kiện không tính (khoản 3 Điều 147 Bộ luật Dân sự)"),
        ("17/11", True, "Ngày làm việc thứ 1"),
        ("18/11", True, "Ngày làm việc thứ 2"),
        ("19/11", True, "Ngày làm việc thứ 3"),
        ("20/11", True, "Ngày làm việc thứ 4"),
        ("21/11", False, "Nghỉ hằng tuần: Thứ bảy"),
        ("22/11", False, "Nghỉ hằng tuần: Chủ nhật"),
        ("23/11", True, "Ngày làm việc thứ 5"),
        ("24/11", False, "Nghỉ lễ: Ngày Văn hóa Việt Nam"),
        ("25/11", True, "Ngày làm việc thứ 6"),
        ("26/11", True, "Ngày làm việc thứ 7, ngày cuối của thời hạn"),
    ]


def test_swapped_days_and_suspension_day_by_day() -> None:
    found = derivation_steps(limit("TC-FWD", "2026-08-20", "2026-08-24/2026-08-26"), CALENDAR)
    assert [(f"{s.date:%d/%m}", s.code) for s in found] == [
        ("20/08", "event_day"),
        ("21/08", "counted"),
        ("22/08", "counted"),
        ("23/08", "weekend"),
        ("24/08", "suspended"),
        ("25/08", "suspended"),
        ("26/08", "counted"),
        ("27/08", "counted"),
        ("28/08", "counted"),
    ]
    assert found[2].why == "Ngày làm việc thứ 2 (Làm bù cho 31/08)"


def test_end_on_a_day_off_day_by_day() -> None:
    found = derivation_steps(limit("KN-RES1-N", "2026-11-26"), CALENDAR)
    last = [(f"{s.date:%d/%m}", s.counted, s.code) for s in found[-3:]]
    assert last == [
        ("26/12", True, "counted"),
        ("27/12", False, "weekend"),
        ("28/12", False, "moved"),
    ]
    assert "khoản 5 Điều 148" in found[-1].why


def test_receipt_on_a_day_off_is_said() -> None:
    first = derivation_steps(limit("KN-ACC", "2026-11-15"), CALENDAR)[0]
    assert (first.counted, first.code) == (False, "event_day")
    assert "Chủ nhật" in first.why


def test_one_line() -> None:
    assert derivation_line(limit("KN-ACC", "2026-11-16"), CALENDAR) == (
        "7 ngày làm việc kể từ ngày 16/11/2026 (không tính ngày này); "
        "không tính Ngày Văn hóa Việt Nam: hạn cuối là 26/11/2026."
    )
    assert derivation_line(limit("KN-RES1-N", "2026-11-26"), CALENDAR) == (
        "30 ngày kể từ ngày 26/11/2026 (không tính ngày này); "
        "ngày cuối 26/12/2026 là ngày nghỉ: hạn cuối là 28/12/2026."
    )
    assert "ngay trong ngày 22/11/2026" in derivation_line(
        limit("TC-CRIME", "2026-11-22"), CALENDAR
    )


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        ("2026-02-13", 1, "2026-02-23"),
        ("2026-02-23", -1, "2026-02-13"),
        ("2026-01-09", 1, "2026-01-10"),
        ("2026-11-22", 0, "2026-11-22"),
    ],
)
def test_adding_working_days(start: str, count: int, end: str) -> None:
    assert add_working_days(on(start), count, CALENDAR) == on(end)
    assert working_days_between(on(start), on(end), CALENDAR) == count


@pytest.mark.parametrize(
    ("code", "start", "suspended"),
    [
        ("KN-RES1-N", "2027-12-15", []),
        ("TCD-NOTICE", "2027-12-20", []),
        ("TC-RES", "2025-10-31", []),
        ("TCD-POST", "2025-11-03", []),
        ("KN-ACC", "2027-12-01", ["2027-12-03/2028-01-10"]),
    ],
)
def test_beyond_the_calendar_is_never_guessed(code: str, start: str, suspended: list[str]) -> None:
    with pytest.raises(CalendarMissing):
        limit(code, start, *suspended)


def test_a_suspension_far_outside_the_calendar_does_not_matter() -> None:
    far = ["2020-01-01/2021-01-01", "2030-01-01/2031-01-01"]
    assert limit("KN-ACC", "2026-11-16", *far).due_on == on("2026-11-26")


@pytest.mark.parametrize(
    "suspended",
    [["2026-11-19/2026-11-18"], ["2026-11-17/2026-11-20", "2026-11-19/2026-11-25"]],
)
def test_wrong_suspensions_are_refused(suspended: list[str]) -> None:
    with pytest.raises(WrongSuspension):
        limit("KN-ACC", "2026-11-16", *suspended)


def test_touching_suspensions_are_one() -> None:
    two = limit("KN-ACC", "2026-11-16", "2026-11-17/2026-11-18", "2026-11-18/2026-11-20")
    one = limit("KN-ACC", "2026-11-16", "2026-11-17/2026-11-20")
    assert two.due_on == one.due_on
    assert two.suspensions == tuple(spans("2026-11-17/2026-11-18", "2026-11-18/2026-11-20"))
