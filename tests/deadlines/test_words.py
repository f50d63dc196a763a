"""Every rule can be said in plain words, and what was not compared with the law says so."""

import pytest

from deadlines.rules import Rule, load_rules, rule_get
from deadlines.words import STARTS, UNVERIFIED, rule_mark, rule_words


@pytest.mark.parametrize("rule", load_rules().values(), ids=lambda rule: rule.code)
def test_every_rule_has_words(rule: Rule) -> None:
    words = rule_words(rule)
    assert words.startswith(rule.condition)
    assert words.endswith(".")
    if rule.days is None:
        assert "không ấn định số ngày" in words
    elif rule.days:
        assert STARTS[rule.clock_starts] in words


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("KN-ACC", "Thời hạn: 7 ngày làm việc kể từ ngày nhận được đơn, yêu cầu."),
        ("TCD-POST", "Ít nhất 5 ngày làm việc trước ngày tiếp công dân."),
        ("TC-CRIME", "Thực hiện ngay, tính từ ngày xác định có dấu hiệu tội phạm."),
        ("IH-URGENT", "Thời hạn: 4 giờ làm việc kể từ ngày thụ lý."),
        ("KP-RES", "Văn bản không ấn định số ngày."),
    ],
)
def test_words_of_a_rule(code: str, words: str) -> None:
    assert rule_words(rule_get(code)).endswith(words)


def test_what_was_not_compared_is_marked() -> None:
    assert rule_mark(rule_get("KN-ACC")) == ""
    assert rule_mark(rule_get("KN-PUB")) == UNVERIFIED
