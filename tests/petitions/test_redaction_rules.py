"""Places in a text: what is proposed, what a phrase finds, what is left."""

import unicodedata

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from common.text import fold
from petitions.redaction_rules import MARK, Span, covered, merged, occurrences, pieces, proposals

FOUND = [
    ("Gọi 0912345678 nhé", "phone", "0912345678"),
    ("Gọi 0912 345 678 nhé", "phone", "0912 345 678"),
    ("ĐT: 0912.345.678.", "phone", "0912.345.678"),
    ("ĐT: +84 912 345 678", "phone", "+84 912 345 678"),
    ("máy bàn 024 3825 1234", "phone", "024 3825 1234"),
    ("thư vu.thi-x@example.com, cảm ơn", "email", "vu.thi-x@example.com"),
    ("CCCD số 001099012345 cấp", "identity", "CCCD số 001099012345"),
    ("CMND 012345678", "identity", "CMND 012345678"),
    ("hộ chiếu C1234567", "identity", "hộ chiếu C1234567"),
    ("tôi sinh ngày 12/3/1970 tại", "birth", "sinh ngày 12/3/1970"),
    ("Sinh năm: 1970", "birth", "Sinh năm: 1970"),
    ("sinh ngày 02 tháng 9 năm 1970,", "birth", "sinh ngày 02 tháng 9 năm 1970"),
    ("STK 19031234567 ngân hàng", "account", "STK 19031234567"),
    ("số tài khoản: 1903 1234 5678", "account", "số tài khoản: 1903 1234 5678"),
    ("trú tại số nhà 5, ngõ 12, phố Tưởng Tượng.", "address", "số nhà 5, ngõ 12, phố Tưởng Tượng"),
    ("ở thôn Đông Hạ, xã Thử", "address", "thôn Đông Hạ, xã Thử"),
    ("tổ 7 phường Giả Định", "address", "tổ 7 phường Giả Định"),
    ("Tôi là Vũ Bí Mật, cán bộ", "name", "Vũ Bí Mật"),
    ("Tôi tên là: VŨ THỊ BÍ MẬT sinh", "name", "VŨ THỊ BÍ MẬT"),
    ("tên tôi là Đỗ Ẩn Danh.", "name", "Đỗ Ẩn Danh"),
    ("Họ và tên: Ông Vũ Ẩn Danh", "name", "Vũ Ẩn Danh"),
    ("Người viết đơn\n(ký, ghi rõ họ tên)\n\nVũ Bí Mật", "name", "Vũ Bí Mật"),
    ("Ký tên: Vũ A", "name", "Vũ A"),
]


@pytest.mark.parametrize(("text", "what", "words"), FOUND)
def test_proposed(text: str, what: str, words: str) -> None:
    found = [(one.what, text[one.start : one.end]) for one in proposals(text)]
    assert (what, words) in found


@pytest.mark.parametrize(
    "text",
    [
        "Quyết định số 12/QĐ-UBND ngày 3/4/2026",
        "Theo Luật số 25/2018/QH14",
        "thu 500000 đồng",
        "không có gì cả",
        "Tôi là công dân của phường",
        "Tôi là Đảng viên lâu năm",
        "tôi là đảng viên",
        "Người viết đơn đã gặp Trần Văn Giả",
        "",
    ],
)
def test_not_proposed(text: str) -> None:
    assert [text[one.start : one.end] for one in proposals(text)] == []


@pytest.mark.parametrize(
    ("text", "phrase", "count"),
    [
        ("Ông Vũ Bí Mật gặp ông VŨ BÍ  MẬT", "vu bi mat", 2),
        ("Ông Vũ\nBí Mật", "Vũ Bí Mật", 1),
        ("Bà An ở lại ban an ninh", "An", 2),
        ("Bàn ghế", "an", 0),
        ("Đỗ Đức", "do duc", 1),
        ("0912 345 678 và 0912345678", "0912.345.678", 2),
        ("10912345678", "0912345678", 0),
        (unicodedata.normalize("NFD", "gặp Vũ Bí Mật."), "Vũ Bí Mật", 1),
        ("a.b (c) [d]", "(c)", 0),
        ("nhà Tý", "y", 0),
        ("", "An", 0),
    ],
)
def test_a_phrase_finds_every_place(text: str, phrase: str, count: int) -> None:
    found = occurrences(text, phrase)
    assert len(found) == count
    for one in found:
        assert fold(text[one.start : one.end]).replace(" ", "") in (
            fold(phrase).replace(" ", ""),
            fold(phrase).replace(".", ""),
        )


def test_marks_have_one_length_and_touching_places_become_one() -> None:
    text = "Tên An, tên Nguyễn Văn Rất Dài."
    assert covered(text, [(4, 6), (12, 30)]) == f"Tên {MARK}, tên {MARK}."
    assert covered("abcdef", [(0, 2), (2, 4), (1, 3)]) == f"{MARK}ef"
    assert merged([Span(5, 9), Span(0, 5)]) == [(0, 9)]
    assert pieces("abc", []) == [("abc", False)]
    assert covered("", []) == ""


# A busy machine is slow; only what is found counts.
PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


@PATIENT
@given(st.text(max_size=80), st.lists(st.tuples(st.integers(0, 80), st.integers(1, 20))))
def test_nothing_covered_is_left_and_nothing_else_is_lost(
    text: str, raw: list[tuple[int, int]]
) -> None:
    spans = [(a, min(len(text), a + n)) for a, n in raw if a < len(text)]
    hidden = {at for a, b in spans for at in range(a, b)}
    kept = "".join(letter for at, letter in enumerate(text) if at not in hidden)
    shown = "".join(words for words, is_covered in pieces(text, spans) if not is_covered)
    assert shown == kept


@PATIENT
@given(st.text(max_size=200))
def test_any_text_can_be_looked_through(text: str) -> None:
    for one in proposals(text):
        assert 0 <= one.start < one.end <= len(text)
    for one in occurrences(text, text[:10]):
        assert 0 <= one.start < one.end <= len(text)
