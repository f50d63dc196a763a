"""Limits worked out by hand from the law and the calendar, not from the program's output."""

import pytest

from deadlines.clock import add_working_days, working_days_between
from deadlines.derivation import derivation_line, derivation_steps
from deadlines.faults import CalendarMissing, WrongSuspension
from tests.deadlines.days import CALENDAR, calendar_with, holiday, limit, on, spans

# rule, day of the event, legal last day, effective last day
EXAMPLES = [
    # 24 November 2026 is a holiday; Monday 23 is an ordinary day
    ("KN-ACC", "2026-11-16", "2026-11-26", "2026-11-26"),
    ("KN-RES1-N", "2026-11-26", "2026-12-26", "2026-12-28"),
    ("KN-RES1-C", "2026-11-26", "2027-01-10", "2027-01-11"),
    ("KN2-RES-N", "2026-11-26", "2027-01-10", "2027-01-11"),
    ("KN2-RES-C", "2026-11-26", "2027-01-25", "2027-01-25"),
    ("KN-RES1-RC", "2026-11-26", "2027-01-25", "2027-01-25"),
    ("TC-NEXT", "2026-11-04", "2026-11-24", "2026-11-25"),
    ("TCD-45", "2026-10-10", "2026-11-24", "2026-11-25"),
    ("IH-RECV", "2026-11-23", "2026-11-25", "2026-11-25"),
    # The law changed on 1 July 2026
    ("KN-ACC-OLD", "2026-06-30", "2026-07-10", "2026-07-10"),
    ("KN-ACC", "2026-07-01", "2026-07-10", "2026-07-10"),
    ("KN-ACC-OLD", "2026-06-24", "2026-07-04", "2026-07-06"),
    # Tết 2026 is off from Saturday 14 to Sunday 22 February
    ("TC-INIT", "2026-02-11", "2026-02-27", "2026-02-27"),
    ("KN-SEND1", "2026-02-13", "2026-02-25", "2026-02-25"),
    ("KP-NOTICE", "2026-02-13", "2026-03-06", "2026-03-06"),
    ("KN-RES1-N", "2026-01-17", "2026-02-16", "2026-02-23"),
    # Tết 2027 is off from Friday 5 to Thursday 11 February
    ("TC-INIT", "2027-02-03", "2027-02-19", "2027-02-19"),
    ("KN-2ND-FILE-D", "2027-01-06", "2027-02-05", "2027-02-12"),
    ("TC-FWD", "2027-02-04", "2027-02-18", "2027-02-18"),
    # Saturdays 10 January and 22 August 2026 are working days
    ("KN-SEND1", "2026-01-07", "2026-01-10", "2026-01-10"),
    ("KN-SEND1", "2025-12-31", "2026-01-07", "2026-01-07"),
    ("TC-INIT", "2026-08-14", "2026-08-24", "2026-08-24"),
    ("TC-FWD", "2026-08-22", "2026-08-28", "2026-08-28"),
    ("KN-EFF1", "2026-07-23", "2026-08-22", "2026-08-22"),
    # National Day 2026 is off from Saturday 29 August to Wednesday 2 September
    ("KN-SEND1", "2026-08-28", "2026-09-07", "2026-09-07"),
    ("KN-RES1-N", "2026-08-03", "2026-09-02", "2026-09-03"),
    # Spring holidays
    ("TC-RES", "2026-04-01", "2026-05-01", "2026-05-04"),
    ("KN-RES1-N", "2026-03-28", "2026-04-27", "2026-04-28"),
    ("DL-ACK", "2026-04-24", "2026-04-29", "2026-04-29"),
    ("KN-SEND1", "2027-04-29", "2027-05-06", "2027-05-06"),
    ("TCD-REFUSE", "2027-04-15", "2027-04-21", "2027-04-21"),
    # Ends of months and years
    ("KN-RES1-N", "2027-01-31", "2027-03-02", "2027-03-02"),
    ("KN-RES1-N", "2026-01-31", "2026-03-02", "2026-03-02"),
    ("KN-RES1-N", "2026-12-02", "2027-01-01", "2027-01-04"),
    ("KN-EFF1-R", "2026-12-18", "2027-02-01", "2027-02-01"),
    ("KN-FILE", "2026-11-23", "2027-02-21", "2027-02-22"),
    # Received on a Sunday, decided on a Friday
    ("KN-ACC", "2026-11-15", "2026-11-25", "2026-11-25"),
    ("KN2-SEND", "2026-11-20", "2026-11-27", "2026-11-27"),
    ("TC-PUB", "2026-11-20", "2026-12-02", "2026-12-02"),
    # An extension starts at the previous end
    ("TC-RES-X1", "2026-12-28", "2027-01-27", "2027-01-27"),
    # Never moved: postings, hours, retention
    ("TC-PUB-POST", "2026-11-20", "2026-12-05", "2026-12-05"),
    ("DL-BREACH", "2026-11-19", "2026-11-22", "2026-11-22"),
    ("DON-LUU", "2026-11-23", "2027-11-23", "2027-11-23"),
    # At once, and hours of a working day
    ("TC-CRIME", "2026-11-22", "2026-11-22", "2026-11-22"),
    ("TCD-DB", "2026-11-24", "2026-11-24", "2026-11-24"),
    ("IH-URGENT", "2026-11-23", "2026-11-23", "2026-11-23"),
    ("IH-URGENT", "2026-11-22", "2026-11-23", "2026-11-23"),
    ("IH-URGENT", "2026-11-24", "2026-11-25", "2026-11-25"),
    # Backwards from the day of the event
    ("TCD-POST", "2026-12-01", "2026-11-23", "2026-11-23"),
    ("TCD-POST", "2026-09-03", "2026-08-24", "2026-08-24"),
    ("TCD-POST", "2026-08-25", "2026-08-19", "2026-08-19"),
    ("TCD-ONLINE-NOT", "2026-11-30", "2026-11-20", "2026-11-20"),
    ("TCD-ONLINE-TEST", "2027-02-12", "2027-02-04", "2027-02-04"),
    ("KN-DLG-NOT", "2026-11-27", "2026-11-22", "2026-11-20"),
    ("KN-DLG-NOT", "2026-12-02", "2026-11-27", "2026-11-27"),
    ("KN-DLG-NOT", "2026-11-29", "2026-11-24", "2026-11-23"),
]

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


@pytest.mark.parametrize(("code", "start", "legal", "due"), EXAMPLES)
def test_worked_example(code: str, start: str, legal: str, due: str) -> None:
    found = limit(code, start)
    assert (found.legal_due_on, found.due_on) == (on(legal), on(due))


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
