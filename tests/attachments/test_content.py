"""What a file is, told from its content."""

import io
import zipfile

import pytest

from attachments.content import content_type_of


def archive(*names: str) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as file:
        for name in names:
            file.writestr(name, "x")
    return held.getvalue()


WORD = archive("[Content_Types].xml", "word/document.xml")
EXCEL = archive("[Content_Types].xml", "xl/workbook.xml")
ACCEPTED = {
    "application/pdf": b"%PDF-1.7\n",
    "image/jpeg": b"\xff\xd8\xff\xe0\x00\x10JFIF",
    "image/png": b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR",
    "image/webp": b"RIFF\x10\x00\x00\x00WEBPVP8 ",
    "image/heic": b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00",
    "audio/mpeg": b"ID3\x03\x00\x00",
    "audio/mp4": b"\x00\x00\x00\x18ftypM4A \x00\x00\x00\x00",
    "video/mp4": b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00",
    "text/plain": "Đơn khiếu nại\r\nKính gửi: …".encode(),
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": WORD,
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": EXCEL,
}
REFUSED = {
    "program": b"MZ\x90\x00\x03",
    "script for Linux": b"\x7fELF\x02",
    "page": b"<!DOCTYPE html><script>alert(1)</script>",
    "drawing with script": b'\n <svg xmlns="http://www.w3.org/2000/svg" onload="x()"/>',
    "picture of another kind": b"GIF89a\x01\x00\x01\x00",
    "archive": archive("a.txt"),
    "broken archive": b"PK\x03\x04" + b"\x00" * 40,
    "old Word": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    "other encoding": "khiếu nại".encode("utf-16"),
    "text with NUL": b"abc\x00def",
    "film of an unknown brand": b"\x00\x00\x00\x18ftypxxxx",
}


@pytest.mark.parametrize("content_type", ACCEPTED)
def test_accepted(content_type: str) -> None:
    assert content_type_of(ACCEPTED[content_type]) == content_type


@pytest.mark.parametrize("what", REFUSED)
def test_refused(what: str) -> None:
    assert content_type_of(REFUSED[what]) is None
