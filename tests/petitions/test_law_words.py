"""Codes of laws on the pages of steps, written out."""

import re

import pytest
from django.utils import translation

from petitions.law_words import basis_words
from petitions.workflow import TRANSITIONS


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("LR 25; LD 24.1", "Điều 25 Luật Tiếp công dân; khoản 1 Điều 24 Luật Tố cáo"),
        ("LC 31, 40", "Điều 31, Điều 40 Luật Khiếu nại"),
        ("LR 26.1.b", "điểm b khoản 1 Điều 26 Luật Tiếp công dân"),
        ("D124 3a", "Điều 3a Nghị định 124/2020"),
        ("D124 as amended", "quy định của Nghị định 124/2020 đã được sửa đổi, bổ sung"),
        ("Circular 05/2021 14.1", "khoản 1 Điều 14 Thông tư 05/2021"),
        ("Luật khác", "Luật khác"),
    ],
)
def test_written_out(code: str, words: str) -> None:
    with translation.override("vi"):
        assert basis_words(code) == words


def test_no_code_is_left_on_any_step() -> None:
    with translation.override("vi"):
        shown = [basis_words(row.basis) for row in TRANSITIONS]
    assert not [words for words in shown if re.search(r"\b(L[RCD]|D124|Decree|Circular)\b", words)]
