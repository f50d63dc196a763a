"""What a cell of a file of assignments may say, and what is said of it when it may not."""

import datetime as dt
from typing import Any

import pytest

from common.sheet_reader import ReadCell, ReadTable
from communes.models import Unit
from directives.import_cells import Known, Line, Reader, columns_missing, columns_of, date_of
from directives.models import Task

ON, LAST = dt.date(2026, 11, 16), dt.date(2028, 1, 1)
HEAD = ["Mã nhiệm vụ", "Mã đơn vị", "Tên đơn vị", "Giao cho", "Hạn hoàn thành", "Ghi chú"]
ONCE = Task(pk=1, code="mot-lan", rhythm="once")
MONTHLY = Task(pk=2, code="hang-thang", rhythm="monthly")
PASSED = Task(pk=3, code="da-qua", rhythm="once", due_on=dt.date(2026, 11, 1))


def unit(pk: int, code: str, name: str, kind: str = "ward", **more: Any) -> Unit:
    values: dict[str, Any] = {"valid_from": dt.date(2025, 7, 1)}
    full = f"{'Phường' if kind == 'ward' else 'Xã'} {name}"
    return Unit(pk=pk, code=code, kind=kind, name=name, full_name=full, **(values | more))


UNITS = [
    unit(1, "00004", "Ba Đình"),
    unit(2, "00025", "Hòa Lạc"),
    unit(3, "00026", "Hòa Lạc", kind="commune"),
    unit(4, "00027", "Cũ", valid_to=dt.date(2026, 11, 15)),
    unit(5, "00028", "Mới", valid_from=dt.date(2027, 1, 1)),
    Unit(pk=6, code="HN", kind="city", name="Hà Nội", full_name="Thành phố Hà Nội",
         valid_from=dt.date(2025, 7, 1)),
]  # fmt: skip


def lines(*rows: list[str | ReadCell], head: list[str] | None = None, **known: Any) -> list[Line]:
    cells = [
        (n, [cell if isinstance(cell, ReadCell) else ReadCell(cell) for cell in row])
        for n, row in enumerate(rows, start=2)
    ]
    values = {"tasks": [ONCE, MONTHLY, PASSED], "units": UNITS, "given": set(), "on": ON}
    table = ReadTable(head or HEAD, cells)
    return list(Reader(Known(**(values | known), last=LAST), table).lines())


def codes(line: Line) -> dict[str, str]:
    return {name: code for name, (code, _params) in line.faults.items()}


def test_a_right_row() -> None:
    (line,) = lines(["mot-lan", "00004", "", "Mặt trận Tổ quốc", "31/12/2026", " Gấp "])
    assert line.faults == {}
    assert (line.task, line.unit) == (ONCE, UNITS[0])
    assert (line.addressee, line.due_on, line.note) == ("front", dt.date(2026, 12, 31), "Gấp")
    assert line.state == "new"


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        (["", "00004"], {"task": "empty"}),
        (["khong-co", "00004"], {"task": "unknown_task"}),
        (["mot-lan", ""], {"unit": "empty"}),
        (["mot-lan", "99999"], {"unit": "unknown_unit"}),
        (["mot-lan", "HN"], {"unit": "unknown_unit"}),
        (["mot-lan", "00027"], {"unit": "ended_unit"}),
        (["mot-lan", "00028"], {"unit": "future_unit"}),
        (["mot-lan", "", "Hòa Lạc"], {"name": "several_units"}),
        (["mot-lan", "00004", "Xã Hòa Lạc"], {"name": "other_name"}),
        (["mot-lan", "00004", "", "ai đó"], {"addressee": "unknown_addressee"}),
        (["mot-lan", "00004", "", "", "2026"], {"due_on": "not_a_date"}),
        (["mot-lan", "00004", "", "", "31/02/2027"], {"due_on": "not_a_date"}),
        (["mot-lan", "00004", "", "", "15/11/2026"], {"due_on": "passed"}),
        (["mot-lan", "00004", "", "", "01/01/2030"], {"due_on": "beyond_calendar"}),
        (["hang-thang", "00004", "", "", "31/12/2026"], {"due_on": "periodic"}),
        (["da-qua", "00004"], {"due_on": "task_date_passed"}),
        (["mot-lan", "00004", "", "", "", "x" * 501], {"note": "too_long"}),
        (["mot-lan", "00004", "", "", "", "a\0b"], {"note": "unreadable"}),
        (["mot-lan", ReadCell("00004", fault="formula")], {"unit": "formula"}),
        ([ReadCell("", fault="merged"), "00004"], {"task": "merged"}),
        (["", "", "", "", "nay", ""], {"task": "empty", "unit": "empty", "due_on": "not_a_date"}),
    ],
)
def test_what_is_wrong_is_said_at_its_cell(typed: list[str | ReadCell], code: Any) -> None:
    (line,) = lines(typed)
    assert codes(line) == code
    assert line.state == "wrong"


@pytest.mark.parametrize(
    "typed", [["", "Phường Ba Đình"], ["", "ba dinh"], ["Ba Đình", ""], ["4", "PHƯỜNG BA ĐÌNH"]]
)
def test_a_unit_is_found_by_code_or_name(typed: list[str]) -> None:
    (line,) = lines(["mot-lan", *typed])
    assert line.unit == UNITS[0]


@pytest.mark.parametrize("text", ["4", "4.0", "00004"])
def test_zeros_that_a_spreadsheet_dropped_come_back(text: str) -> None:
    (line,) = lines(["mot-lan", ReadCell(text, is_number=True)])
    assert line.unit == UNITS[0]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("31/12/2026", (2026, 12, 31)),
        ("1-2-2027", (2027, 2, 1)),
        ("03.04.2027", (2027, 4, 3)),
        ("2026-12-31", (2026, 12, 31)),
        ("2026-12-31T00:00:00", (2026, 12, 31)),
        ("46387", (2026, 12, 31)),
        ("46387.0", (2026, 12, 31)),
    ],
)
def test_forms_of_a_date(text: str, day: tuple[int, int, int]) -> None:
    assert date_of(ReadCell(text)) == dt.date(*day)


@pytest.mark.parametrize("text", ["12/31/2026", "31/12/26", "46387.5", "٣١/12/2026", "hôm nay"])
def test_other_forms_are_no_dates(text: str) -> None:
    with pytest.raises(ValueError):
        date_of(ReadCell(text))


def test_day_numbers_from_1904() -> None:
    assert date_of(ReadCell("44925"), is_1904=True) == dt.date(2026, 12, 31)


def test_a_repetition_names_the_first_row_also_under_another_name() -> None:
    first, second = lines(["mot-lan", "00004"], ["MOT-LAN", "", "Phường Ba Đình"])
    assert first.faults == {}
    assert second.faults == {"task": ("repeated", {"row": 2})}


def test_what_the_unit_has_already_is_no_fault() -> None:
    line, other = lines(["mot-lan", "00004"], ["mot-lan", "00025"], given={(1, 1)})
    assert (line.state, other.state) == ("existing", "new")


def test_columns_in_any_order_and_without_accents() -> None:
    head = ["GHI CHU", "han hoan thanh *", "Đơn vị", "ma nhiem vu"]
    (line,) = lines(["Gấp", "", "Ba Đình", "mot-lan"], head=head)
    assert (line.task, line.unit, line.note) == (ONCE, UNITS[0], "Gấp")
    assert columns_missing(columns_of(head)) == []
    assert columns_missing(columns_of(["Ghi chú"])) == ["task", "unit"]
