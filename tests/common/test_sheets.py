"""Tables as files: what a spreadsheet program reads is what was in the table."""

import csv
import io

from attachments.office import office_text
from common.sheets import XLSX_TYPE, Sheet, csv_bytes, xlsx_bytes

SHEET = Sheet(
    "Tháng 11/2026: [thử]",
    ["Đơn vị", "Số ngày"],
    [["Phường <Ba Đình> & \x07khác", 2], ["=1+1", None], ["", 0]],
)


def test_csv_is_vietnamese_and_runs_no_formula() -> None:
    content = csv_bytes(SHEET)
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert rows[0] == ["Đơn vị", "Số ngày"]
    assert rows[2] == ["'=1+1", ""]


def test_a_workbook_holds_texts_and_numbers() -> None:
    content = xlsx_bytes(SHEET)
    assert content == xlsx_bytes(SHEET)
    text = office_text(content, XLSX_TYPE)
    assert "Phường <Ba Đình> & khác" in text
    assert "=1+1" in text
