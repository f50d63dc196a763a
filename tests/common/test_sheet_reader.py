"""Reading tables that somebody else made: what a cell says, and what is marked or refused."""

import pytest

from common.sheet_reader import (
    CELL_MAX,
    ROWS_MAX,
    ReadTable,
    SheetFault,
    csv_read,
    xlsx_read,
)
from common.sheet_streams import csv_lines, xlsx_pieces
from tests.common.workbooks import Cell, Raw, formula, workbook

HEAD = ["Mã", "Tên"]


def texts(table: ReadTable) -> list[list[str]]:
    return [[cell.text for cell in cells] for _number, cells in table.rows]


def faults(table: ReadTable) -> list[list[str]]:
    return [[cell.fault for cell in cells] for _number, cells in table.rows]


def test_what_the_portal_writes_is_read_back() -> None:
    rows = [["00004", "Phường Ba Đình"], ["", "  x "], ["=1+1", "+84"]]
    pieces = b"".join(xlsx_pieces("Trang", HEAD, rows))
    assert texts(xlsx_read(pieces)) == [["00004", "Phường Ba Đình"], ["", "x"], ["=1+1", "+84"]]
    lines = "".join(csv_lines(HEAD, rows)).encode()
    assert texts(csv_read(lines)) == [["00004", "Phường Ba Đình"], ["", "x"], ["=1+1", "+84"]]
    assert csv_read(lines).head == xlsx_read(pieces).head == HEAD


def test_rows_keep_their_numbers_when_others_are_empty() -> None:
    table = xlsx_read(workbook([HEAD, ["", ""], ["a", "b"], [], ["c", "d"]]))
    assert [number for number, _cells in table.rows] == [3, 5]


def test_numbers_are_known_as_numbers_and_shared_texts_are_found() -> None:
    shared: list[Cell] = [Raw("<v>1</v>", ' t="s"'), 46387]
    table = xlsx_read(workbook([HEAD, shared], shared=["a", "Phường"]))
    cells = table.rows[0][1]
    assert [(cell.text, cell.is_number) for cell in cells] == [("Phường", False), ("46387", True)]


def test_days_from_1904() -> None:
    rows = [HEAD, ["a", "b"]]
    assert xlsx_read(workbook(rows, properties='<workbookPr date1904="1"/>')).is_1904
    assert not xlsx_read(workbook(rows)).is_1904


def test_formulas_and_errors_are_marked() -> None:
    error = Raw("<v>#REF!</v>", ' t="e"')
    table = xlsx_read(workbook([HEAD, [formula("A1", "00004"), error]]))
    assert faults(table) == [["formula", "error"]]
    assert faults(csv_read(b"Ma,Ten\n=HYPERLINK(1),x\n")) == [["formula", ""]]


def test_merged_cells_are_marked_over_their_whole_range() -> None:
    merged = '<mergeCells><mergeCell ref="A2:A3"/></mergeCells>'
    table = xlsx_read(workbook([HEAD, ["a", "b"], ["", "c"], ["d", "e"]], after=merged))
    assert faults(table) == [["merged", ""], ["merged", ""], ["", ""]]


def test_hidden_rows_and_columns_are_marked() -> None:
    rows = [HEAD, ["a", "b"], ["c", "d"]]
    table = xlsx_read(workbook(rows, row_attributes={3: ' hidden="1"'}))
    assert faults(table) == [["", ""], ["hidden", "hidden"]]
    column = '<cols><col min="2" max="2" hidden="1"/></cols>'
    assert faults(xlsx_read(workbook(rows, before=column))) == [["", "hidden"], ["", "hidden"]]


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_a_hidden_sheet_is_refused_by_name(state: str) -> None:
    sheets = [("Giao việc", "visible"), ("Bí mật", state)]
    with pytest.raises(SheetFault) as refused:
        xlsx_read(workbook([HEAD, ["a", "b"]], sheets=sheets))
    assert (refused.value.code, refused.value.name) == ("hidden", "Bí mật")


def test_long_texts_are_cut_and_marked() -> None:
    cell = xlsx_read(workbook([HEAD, ["x" * (CELL_MAX + 1), "b"]])).rows[0][1][0]
    assert (len(cell.text), cell.fault) == (CELL_MAX, "long")


def test_too_many_rows_are_refused() -> None:
    rows = [HEAD, *[["a", "b"]] * ROWS_MAX]
    assert len(xlsx_read(workbook(rows)).rows) == ROWS_MAX
    for data, read in (
        (workbook([*rows, ["a", "b"]]), xlsx_read),
        (b"a,b\n" * (ROWS_MAX + 2), csv_read),
    ):
        with pytest.raises(SheetFault) as refused:
            read(data)
        assert refused.value.code == "long"


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_with_any_usual_delimiter(delimiter: str) -> None:
    text = delimiter.join(HEAD) + "\r\n" + delimiter.join(["1", '"a,b;c"']) + "\r\n"
    assert texts(csv_read(text.encode())) == [["1", "a,b;c"]]


@pytest.mark.parametrize("data", [b"", b"\n\n", workbook([]), workbook([["", ""]])])
def test_an_empty_table_is_refused(data: bytes) -> None:
    with pytest.raises(SheetFault) as refused:
        (xlsx_read if data.startswith(b"PK") else csv_read)(data)
    assert refused.value.code == "empty"


@pytest.mark.parametrize(
    "data",
    [
        b"PK\x03\x04broken",
        workbook([HEAD])[:-40],
        workbook([[Raw("<v>7</v>", ' t="s"')]]).replace(b"sheet1", b"sheet9"),
        workbook([HEAD, ["a"]], after='<mergeCells><mergeCell ref="?"/></mergeCells>'),
        workbook([HEAD, [Raw("<v>x</v>", ' t="s"')]]),
    ],
)
def test_a_broken_workbook_is_refused(data: bytes) -> None:
    with pytest.raises(SheetFault):
        xlsx_read(data)


def test_entities_are_refused() -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaa">]>'
    data = workbook([HEAD, ["a", "b"]])
    plain = workbook([HEAD, ["a", "b"]], before="<sheetPr/>")
    assert texts(xlsx_read(plain)) == texts(xlsx_read(data))
    import io
    import zipfile

    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            head = bomb.encode() if name.endswith("sheet1.xml") else b""
            target.writestr(name, head + source.read(name))
    with pytest.raises(SheetFault) as refused:
        xlsx_read(out.getvalue())
    assert refused.value.code == "broken"
