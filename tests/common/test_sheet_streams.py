"""Tables written while they are read are the tables written at once."""

import io
import zipfile

from common.sheet_streams import csv_lines, xlsx_pieces
from common.sheets import Sheet, csv_bytes, xlsx_bytes

HEAD = ["Số", "Nội dung"]
ROWS = [["1", "=1+1"], ["2", "a < b & c"], ["3", "\x0bxin\ud800chào"]]


def parts(raw: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def test_csv_is_the_same() -> None:
    rows = ROWS[:2]
    assert "".join(csv_lines(HEAD, rows)).encode() == csv_bytes(Sheet("x", HEAD, rows))


def test_a_workbook_is_the_same() -> None:
    streamed = parts(b"".join(xlsx_pieces("Sổ", HEAD, ROWS)))
    assert streamed == parts(xlsx_bytes(Sheet("Sổ", HEAD, ROWS)))


def test_pieces_come_before_the_last_row() -> None:
    read = []

    def rows() -> object:
        for number in range(40_000):
            read.append(number)
            yield [str(number), f"{number * 7919:x}" * 9]

    pieces = xlsx_pieces("x", HEAD, rows())  # type: ignore[arg-type]
    first = next(piece for piece in pieces if piece)
    assert len(first) > 60_000
    assert len(read) < 40_000
    assert len(parts(first + b"".join(pieces))) == 6
