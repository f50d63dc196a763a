"""Hostile uploads: each is refused, or taken in and made harmless; the log says so without data."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from structlog.testing import capture_logs

from attachments.models import Attachment
from attachments.names import EXTENSIONS
from attachments.views import attachment_response
from tests.attachments.papers import CONTENT_TYPES, W, archive, excel, pdf, photo, word

pytestmark = pytest.mark.django_db
URL = "/api/v1/uploads/"
SECRET = "Bi Mat Tuyet Doi"
RELS = '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'
OFFICE_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
XXE = f'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><w:document xmlns:w="{W}">&x;</w:document>'
LAUGHS = '<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><l>&b;</l>'
HTML = b"<html><script>alert(1)</script></html>"


def external(kind: str) -> str:
    one = f'<Relationship Id="a" Type="{OFFICE_REL}/{kind}" Target="https://x.example/t" TargetMode="External"/>'
    return RELS.format(one)


def action(body: bytes) -> bytes:
    return pdf(extra=body)


def object_stream(body: bytes) -> bytes:
    packed = zlib.compress(body)
    head = f"<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length {len(packed)} >>\nstream\n"
    return pdf(extra=head.encode() + packed + b"\nendstream")


def png_of(width: int, height: int) -> bytes:
    """A PNG whose head announces a size that its bytes do not have."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + head
    return (
        b"\x89PNG\r\n\x1a\n"
        + struct.pack(">I", len(head))
        + chunk
        + struct.pack(">I", zlib.crc32(chunk))
        + struct.pack(">I", 0)
        + b"IDAT"
        + struct.pack(">I", zlib.crc32(b"IDAT"))
    )


def jpeg_of(width: int, height: int) -> bytes:
    """A JPEG whose frame says another size."""
    data = bytearray(photo(size=(40, 30)))
    place = data.index(b"\xff\xc0") + 5
    data[place : place + 4] = struct.pack(">HH", height, width)
    return bytes(data)


def zip_in(data: bytes) -> bytes:
    return data + archive({"run.exe": b"MZ"})


def locked_word() -> bytes:
    data = bytearray(word("x"))
    for sign, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = -1
        while (place := data.find(sign, place + 1)) >= 0:
            data[place + at] |= 1
    return bytes(data)


def twice() -> bytes:
    held = io.BytesIO(word("x"))
    with zipfile.ZipFile(held, "a") as file, pytest.warns(UserWarning, match="Duplicate"):
        file.writestr("word/document.xml", "y")
    return held.getvalue()


def many_parts() -> bytes:
    return word("x", **{f"word__a{n}.xml": "" for n in range(2_001)})


# What each is, the bytes, and the word that the log says.
REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    # Programs and pages, whatever they are called
    "program of Windows": (lambda: b"MZ\x90\x00\x03" + b"\x00" * 60, "wrong_type"),
    "program of Linux": (lambda: b"\x7fELF\x02\x01\x01" + b"\x00" * 60, "wrong_type"),
    "program of macOS": (lambda: b"\xcf\xfa\xed\xfe" + b"\x00" * 60, "wrong_type"),
    "Java class": (lambda: b"\xca\xfe\xba\xbe\x00\x00\x00\x34", "wrong_type"),
    "page": (lambda: HTML, "wrong_type"),
    "page after blanks": (lambda: b"\n\t  <!DOCTYPE html>" + HTML, "wrong_type"),
    "page after a byte order mark": (lambda: b"\xef\xbb\xbf" + HTML, "wrong_type"),
    "drawing with script": (lambda: b'<svg onload="alert(1)"/>', "wrong_type"),
    "XML with an entity": (XXE.encode, "wrong_type"),
    "page in UTF-16": (lambda: HTML.decode().encode("utf-16"), "wrong_type"),
    "page in UTF-32": (lambda: HTML.decode().encode("utf-32"), "wrong_type"),
    "PHP": (lambda: b"<?php system($_GET[0]);", "wrong_type"),
    "text with NUL": (lambda: b"abc\x00def", "wrong_type"),
    "text with escapes for a terminal": (lambda: b"\x1b]0;x\x07abc", "wrong_type"),
    "PostScript": (lambda: b"%!PS-Adobe-3.0\n\xff", "wrong_type"),
    "old Word": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 60, "wrong_type"),
    "RTF with an object": (lambda: b"{\\rtf1{\\object\\objdata 00\xff}}", "wrong_type"),
    "Flash": (lambda: b"CWS\x0a\x00\x00\x00\x00\xff", "wrong_type"),
    "shortcut": (lambda: b"L\x00\x00\x00\x01\x14\x02\x00", "wrong_type"),
    "film of an unknown brand": (lambda: b"\x00\x00\x00\x18ftypxxxx", "wrong_type"),
    # Archives
    "archive": (lambda: archive({"a.txt": b"a"}), "wrong_type"),
    "program for Android": (
        lambda: archive({"AndroidManifest.xml": b"a", "classes.dex": b"b"}), "wrong_type",
    ),
    "program for Java": (
        lambda: archive({"META-INF/MANIFEST.MF": b"a", "A.class": b"b"}), "wrong_type",
    ),
    "gzip": (lambda: b"\x1f\x8b\x08\x00" + b"\x00" * 30, "wrong_type"),
    "rar": (lambda: b"Rar!\x1a\x07\x01\x00" + b"\xff" * 30, "wrong_type"),
    "broken archive": (lambda: b"PK\x03\x04" + b"\x00" * 40, "wrong_type"),
    "archive with nothing in it": (lambda: b"PK\x05\x06" + b"\x00" * 18, "wrong_type"),
    # Two kinds at once
    "photo with a page in its head": (
        lambda: photo()[:20] + b"\xff\xfe\x00\x40" + HTML + b"\x00" * 24 + photo()[20:], "polyglot",
    ),
    "photo with an archive behind it": (lambda: zip_in(photo()), "polyglot"),
    "PNG with an archive behind it": (lambda: zip_in(photo("PNG")), "polyglot"),
    "PDF with an archive behind it": (lambda: zip_in(pdf()), "polyglot"),
    "sound with an archive behind it": (lambda: zip_in(b"ID3\x03\x00\x00" + b"\x00" * 50), "polyglot"),
    "film with a page in its head": (
        lambda: b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00" + HTML, "polyglot",
    ),
    "sound that is a page": (lambda: b"ID3\x03" + HTML, "polyglot"),
    "sound that is a page in UTF-16": (
        lambda: b"ID3\x03" + HTML.decode().encode("utf-16-le"), "polyglot",
    ),
    "photo that is a PDF": (
        lambda: b"\xff\xd8\xff\xfe\x00\x20" + pdf() + photo(), "polyglot",
    ),
    "PDF that is a page": (lambda: b"%PDF-1.7\n" + HTML + pdf(), "polyglot"),
    "PDF that is PHP": (lambda: b"%PDF-1.7\n<?php x();?>" + pdf(), "polyglot"),
    # PDF that does something
    "PDF with JavaScript": (
        lambda: action(b"<< /S /JavaScript /JS (app.alert\\(1\\)) >>"), "active",
    ),
    "PDF with JavaScript in hexadecimal": (
        lambda: action(b"<< /S /J#61vaScript /JS (x) >>"), "active",
    ),
    "PDF with JavaScript all in hexadecimal": (
        lambda: action(b"<< /S /#4A#61#76#61#53#63#72#69#70#74 >>"), "active",
    ),
    "PDF that launches": (lambda: action(b"<< /S /Launch /F (cmd.exe) >>"), "active"),
    "PDF with a file inside": (
        lambda: action(b"<< /Type /Filespec /EF << >> /Type /EmbeddedFile >>"), "active",
    ),
    "PDF with files by name": (lambda: action(b"<< /Names << /EmbeddedFiles 9 0 R >> >>"), "active"),
    "PDF with a film": (lambda: action(b"<< /Subtype /RichMedia >>"), "active"),
    "PDF with JavaScript packed": (
        lambda: object_stream(b"1 0 << /S /JavaScript /JS (x) >>"), "active",
    ),
    "PDF that launches, packed and in hexadecimal": (
        lambda: object_stream(b"1 0 << /S /L#61unch >>"), "active",
    ),
    # Pictures that are too much
    "PNG bomb": (lambda: png_of(60_000, 60_000), "picture"),
    "PNG of two thousand million pixels": (lambda: png_of(2_000_000_000, 1), "picture"),
    "PNG just above the limit": (lambda: png_of(65_001, 1_000), "picture"),
    "JPEG bomb": (lambda: jpeg_of(65_500, 65_500), "picture"),
    "JPEG without a picture": (lambda: b"\xff\xd8\xff\xe0\x00\x10JFIF" + b"\x00" * 60, "picture"),
    "PNG without a picture": (lambda: b"\x89PNG\r\n\x1a\n" + b"\x00" * 60, "picture"),
    "WEBP without a picture": (lambda: b"RIFF\x10\x00\x00\x00WEBPVP8 " + b"\x00" * 9, "picture"),
    "WEBP in nothing": (lambda: b"XXXX\x10\x00\x00\x00WEBPVP8 " + b"\x00" * 9, "picture"),
    # Word and Excel
    "Word with macros": (lambda: word("x", **{"word__vbaProject.bin": b"x"}), "macro"),
    "Word with macros under another name": (
        lambda: word("x", **{"word__VBAPROJECT.BIN": b"x"}), "macro",
    ),
    "Word that says it has macros": (
        lambda: archive({
            "[Content_Types].xml": '<Types><Override ContentType="application/vnd.ms-word.document.'
            'macroEnabled.main+xml"/></Types>',
            "word/document.xml": "<a/>",
        }), "macro",
    ),
    "Word with a control": (lambda: word("x", **{"word__activeX__activeX1.bin": b"x"}), "macro"),
    "Word with an object": (lambda: word("x", **{"word__embeddings__oleObject1.bin": b"x"}), "macro"),
    "Word with a program": (lambda: word("x", **{"word__media__a.exe": b"MZ"}), "macro"),
    "Excel with a macro sheet": (
        lambda: archive({
            "[Content_Types].xml": CONTENT_TYPES, "xl/workbook.xml": "<a/>",
            "xl/macrosheets/sheet1.xml": "<a/>",
        }), "macro",
    ),
    "Word with a template from elsewhere": (
        lambda: word("x", **{"word___rels__settings.xml.rels": external("attachedTemplate")}),
        "external",
    ),
    "Word with an object from elsewhere": (
        lambda: word("x", **{"word___rels__document.xml.rels": external("oleObject")}), "external",
    ),
    "Word that starts a command": (
        lambda: word("x", **{"word__footer1.xml": '<w:instrText>DDEAUTO c:\\\\cmd.exe</w:instrText>'}),
        "external",
    ),
    "Excel that starts a command": (
        lambda: archive({
            "[Content_Types].xml": CONTENT_TYPES, "xl/workbook.xml": "<a/>",
            "xl/externalLinks/externalLink1.xml": '<ddeLink ddeService="cmd"/>',
        }), "external",
    ),
    "Word with an external entity": (
        lambda: archive({"[Content_Types].xml": CONTENT_TYPES, "word/document.xml": XXE}), "xml",
    ),
    "Word with a million laughs": (lambda: word("x", **{"word__styles.xml": LAUGHS}), "xml"),
    "Word with an entity in UTF-16": (
        lambda: word("x", **{"word__styles.xml": LAUGHS.encode("utf-16")}), "xml",
    ),
    "Word with relations that are no XML": (
        lambda: word("x", **{"_rels__.rels": "<a><b></a>"}), "xml",
    ),
    "Word bomb of one part": (
        lambda: word("x", **{"word__a.xml": b"\x20" * (30 * 1024 * 1024)}), "bomb",
    ),
    "Word bomb of many parts": (many_parts, "bomb"),
    "Word bomb of the whole": (
        lambda: word(**{f"word__a{n}.bin": b"\x00" * (1024 * 1024) for n in range(121)}), "bomb",
    ),
    "Word with a way out": (lambda: word("x", **{"..__..__etc__passwd.xml": "x"}), "name"),
    "Word with a way from the root": (lambda: word("x", __etc__passwd="x"), "name"),
    "Word with a drive": (lambda: word("x", **{"C:__a.xml": "x"}), "name"),
    "Word with a part twice": (twice, "name"),
    "Word with parts that differ in capitals": (
        lambda: word("x", **{"WORD__DOCUMENT.XML": "y"}), "name",
    ),
    "locked Word": (locked_word, "locked"),
    "Word with a broken part": (
        lambda: word("a" * 500).replace(b"word/document.xml", b"word/document.xmk", 1), "broken",
    ),
}  # fmt: skip

# Name as sent, bytes, name as downloaded.
NEUTRALISED: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "two endings": ("anh.jpg.exe", photo, "anh.jpg"),
    "ending of a program": ("cai-dat.exe", pdf, "cai-dat.pdf"),
    "ending of a page": ("don.html", pdf, "don.pdf"),
    "ending that is hidden by blanks": ("don.pdf      .exe", pdf, "don.pdf"),
    "ending turned round": ("don\u202efdp.exe", pdf, "donfdp.pdf"),
    "NUL": ("don.php\x00.pdf", pdf, "don.php.pdf"),
    "way out": ("../../../etc/passwd", pdf, "passwd.pdf"),
    "way out of Windows": ("..\\..\\windows\\win.ini", pdf, "win.pdf"),
    "device": ("CON", pdf, "tep-CON.pdf"),
    "device with an ending": ("nul.pdf", pdf, "tep-nul.pdf"),
    "device with a number": ("COM1.txt", pdf, "tep-COM1.pdf"),
    "stream of Windows": ("don.pdf:evil.exe", pdf, "don.pdf_evil.pdf"),
    "new line for a header": ("a\r\nSet-Cookie: x=1.pdf", pdf, "aSet-Cookie_ x=1.pdf"),
    "quote for a header": ('a"; filename="b.exe', pdf, "a__ filename=_b.pdf"),
    "percent for a header": ("a%0d%0ab.pdf", pdf, "a_0d_0ab.pdf"),
    "only dots": ("...", pdf, "tep.pdf"),
    "hidden file": (".htaccess", pdf, "htaccess.pdf"),
    "blank of no width": ("don\u200b.pdf", pdf, "don.pdf"),
    "very long": ("x" * 400 + ".pdf", pdf, "x" * 156 + ".pdf"),
    "GIF that is a script": ("a.gif", lambda: b"GIF89a/*<script>*/=1;alert(1)", "a.txt"),
    "RTF that is text": ("a.rtf", lambda: b"{\\rtf1{\\object\\objdata 00}}", "a.txt"),
    "page as text": ("a.html", lambda: b"hay xem <script>alert(1)</script>", "a.txt"),
    "formula as text": ("a.csv", lambda: b"=cmd|' /C calc'!A0", "a.txt"),
    "script as text": ("a.bat", lambda: b"@echo off\r\ndel *.*", "a.txt"),
    "photo with a script in its comment": (
        "a.svg", lambda: photo(size=(900, 900)) + b"<script>alert(1)</script>", "a.jpg",
    ),
}  # fmt: skip


def sent(data: bytes, name: str) -> tuple[Any, list[Any]]:
    """The answer to an upload and what was logged of it."""
    with capture_logs() as logs:
        answer = Client().generic("POST", URL, *multipart(data, name))
    return answer, list(logs)


def multipart(data: bytes, name: str) -> tuple[bytes, str]:
    """A form as a hostile client writes it, with any name."""
    quoted = name.replace("\\", "\\\\").replace('"', '\\"').replace("\r", "").replace("\n", "")
    head = (
        "--edge\r\n"
        f'Content-Disposition: form-data; name="file"; filename="{quoted}"\r\n'
        "Content-Type: image/jpeg\r\n\r\n"
    )
    return head.encode() + data + b"\r\n--edge--\r\n", "multipart/form-data; boundary=edge"


@pytest.mark.parametrize("what", REFUSED)
def test_refused(what: str) -> None:
    make, fault = REFUSED[what]
    answer, logs = sent(make(), f"{SECRET}.pdf")
    assert answer.status_code == 400, what
    assert answer.json()["code"] == ("wrong_type" if fault == "wrong_type" else "hostile_file")
    assert set(answer.json()["fields"]) == {"file"}
    assert not Attachment.objects.exists()
    told = [one for one in logs if one["event"] == "upload_refused"]
    assert [one["fault"] for one in told] == [fault]
    assert SECRET not in str(logs)


@pytest.mark.parametrize("what", NEUTRALISED)
def test_neutralised(what: str) -> None:
    name, make, shown = NEUTRALISED[what]
    answer, logs = sent(make(), name)
    assert answer.status_code == 201, answer.content
    kept = Attachment.objects.get()
    assert kept.file.name.endswith(kept.public_id.hex)
    assert kept.name not in str(logs) or kept.name == "tep"
    given = attachment_response(kept)
    header = given["Content-Disposition"]
    assert header.startswith("attachment;")
    assert f'filename="{shown}"' in header
    assert shown.rpartition(".")[2] in EXTENSIONS[kept.content_type]
    assert (given["X-Content-Type-Options"], "no-store" in given["Cache-Control"]) == (
        "nosniff",
        True,
    )
    assert "sandbox" in given["Content-Security-Policy"]
    given.close()


def test_the_table_is_long_enough() -> None:
    assert len(REFUSED) + len(NEUTRALISED) >= 60


@pytest.mark.parametrize(
    "make",
    [pdf, photo, lambda: photo("PNG"), lambda: photo("WEBP"), lambda: word("Đơn", "Kính gửi"),
     lambda: excel("Tên", "Số"), "Đơn tố cáo có chữ JavaScript".encode,
     lambda: word("DDE là gì", **{"word___rels__document.xml.rels": external("hyperlink")}),
     lambda: pdf("JavaScript va Launch")],
)  # fmt: skip
def test_honest_files_come_through(make: Callable[[], bytes]) -> None:
    answer, _logs = sent(make(), "don.bin")
    assert answer.status_code == 201, answer.content


def test_a_pdf_made_to_be_slow_is_read_once() -> None:
    """Five million beginnings without an end must not be read five million times."""
    slow = b"%PDF-1.7\n" + b"/ObjStm stream\n" * 300_000 + b"/ObjStm" * 300_000
    answer, _logs = sent(slow, "don.pdf")
    assert answer.status_code == 201
