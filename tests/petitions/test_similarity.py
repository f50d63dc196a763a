"""Likeness of texts and computed marks, without a database."""

import datetime as dt
import random
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.text import fold
from petitions.flags import Below, ComputedFlag, Facts, final_date, marks
from petitions.similarity import (
    BANDS,
    PERMUTATIONS,
    SHOWN,
    Signal,
    document_name,
    document_numbers,
    jaccard,
    likeness,
    score,
    shingles,
    signature,
)

SYLLABLES = [
    "đất",
    "thửa",
    "ruộng",
    "nhà",
    "cửa",
    "phường",
    "xã",
    "bồi",
    "thường",
    "giải",
    "phóng",
    "mặt",
    "bằng",
    "khiếu",
    "nại",
    "quyết",
    "định",
    "thu",
    "hồi",
    "đường",
    "ngõ",
    "nước",
    "thải",
    "rác",
    "trường",
    "học",
    "bệnh",
    "viện",
    "hồ",
    "sơ",
    "giấy",
    "chứng",
    "nhận",
    "tổ",
    "dân",
    "phố",
]
WORDS = st.lists(st.sampled_from(SYLLABLES), min_size=1, max_size=60)


@given(WORDS, st.randoms(use_true_random=False))
def test_accents_case_spacing_and_numbers_do_not_matter(
    words: list[str], rng: random.Random
) -> None:
    plain = signature(" ".join(words) + " số 12")
    other = [rng.choice((str.upper, str.title, fold, _spread))(word) for word in words]
    assert signature(" \n ".join(other) + "\tsố 9876 ") == plain


def _spread(word: str) -> str:
    return unicodedata.normalize("NFD", word)


@given(WORDS, WORDS)
def test_the_estimate_is_near_the_true_likeness(one: list[str], other: list[str]) -> None:
    a, b = " ".join(one + other[:20]), " ".join(other + one[:20])
    true = jaccard(shingles(a), shingles(b))
    # 5 standard deviations of the mean of 150 coins.
    spread = 5 * (true * (1 - true) / PERMUTATIONS) ** 0.5 + 0.02
    assert abs(likeness(signature(a).minima, signature(b).minima) - true) <= spread


@given(st.text(max_size=80))
def test_every_text_has_a_signature_that_postgresql_can_hold(text: str) -> None:
    signed = signature(text)
    assert (len(signed.bands), len(signed.minima)) == (BANDS, PERMUTATIONS)
    assert all(-(2**31) <= key < 2**31 for key in signed.bands)
    assert likeness(signed.minima, signed.minima) == 1


def test_other_letters_share_no_band() -> None:
    one = signature("Nước thải của xưởng chảy ra mương thủy lợi làm lúa chết hàng loạt.")
    other = signature("Đề nghị cấp lại giấy chứng nhận quyền sử dụng đất đã bị mất từ lâu.")
    assert set(one.bands).isdisjoint(other.bands)
    assert likeness(one.minima, other.minima) < 0.1


def test_the_order_of_words_matters() -> None:
    there, back = "nhà nước thu hồi đất của dân", "dân của đất hồi thu nước nhà"
    assert likeness(signature(there).minima, signature(back).minima) < 0.3


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Quyết định số 12/QĐ-UBND ngày 01/7/2026", ["12/qd-ubnd"]),
        ("quyet dinh so 012 / qd - ubnd", ["12/qd-ubnd"]),
        ("Thông báo 7/TB-UBND và công văn 1699-CV/TU", ["1699-cv/tu", "7/tb-ubnd"]),
        ("12/QĐ-UBND, nhắc lại 12/QĐ-UBND", ["12/qd-ubnd"]),
        # Rules for everybody say nothing about two letters.
        ("Luật Đất đai số 31/2024/QH15, Nghị định 102/2024/NĐ-CP, 61/2024/QĐ-UBND", []),
        ("ngày 12/7/2026, thửa 12/34, 3-4 người", []),
    ],
)
def test_numbers_of_decisions_are_found(text: str, found: list[str]) -> None:
    assert document_numbers(text) == found


@pytest.mark.parametrize("name", ["12/QĐ-UBND", "7/TB-UBND", "1699-CV/TU", "3/NQ-HĐND"])
def test_a_number_is_shown_as_people_write_it(name: str) -> None:
    assert document_name(document_numbers(f"số {name}")[0]) == name


def test_what_is_shown_and_what_never_is_alone() -> None:
    assert score(SHOWN, []) >= SHOWN
    assert score(0, [Signal.PERSON]) >= SHOWN
    assert score(0, [Signal.DOCUMENT, Signal.RESPONDENT]) >= SHOWN
    for weak in ([Signal.DOCUMENT], [Signal.ADDRESS], [Signal.RESPONDENT]):
        assert score(0.29, weak) < SHOWN
    assert score(0, [Signal.ADDRESS, Signal.RESPONDENT]) < SHOWN


@given(st.floats(0, 1), st.sets(st.sampled_from(Signal)), st.sampled_from(Signal))
def test_more_in_common_never_scores_less(words: float, had: set[Signal], more: Signal) -> None:
    assert 0 <= score(words, had) <= score(words, had | {more}) <= 1


DAY = dt.date(2026, 11, 16)


def flags(**facts: object) -> list[str]:
    return [mark.flag for mark in marks(Facts(**facts))]


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, []),
        ({"people": 4}, []),
        ({"people": 5}, [ComputedFlag.COLLECTIVE]),
        ({"duplicates": ("HN-1",)}, [ComputedFlag.DUPLICATE]),
        ({"letters": 2}, [ComputedFlag.REPEATED]),
        ({"visits": 1}, []),
        ({"visits": 2}, [ComputedFlag.REPEATED]),
        ({"is_sent_to_city": True, "below": Below.NOTHING}, [ComputedFlag.BYPASSING]),
        ({"is_sent_to_city": True, "below": Below.WITHIN_LIMIT}, [ComputedFlag.BYPASSING]),
        ({"is_sent_to_city": True, "below": Below.LATE_OR_DONE}, []),
        ({"is_sent_to_city": True, "below": Below.UNKNOWN}, []),
        ({"below": Below.NOTHING}, []),
        ({"final_on": DAY}, []),
        ({"letters_on": (DAY,)}, []),
        ({"final_on": DAY, "letters_on": (DAY - dt.timedelta(days=1),)}, []),
        ({"final_on": DAY, "letters_on": (DAY,)}, [ComputedFlag.PROLONGED]),
    ],
)
def test_each_mark_follows_from_its_facts(facts: dict[str, object], expected: list[str]) -> None:
    assert flags(**facts) == expected


def test_every_mark_says_why_in_whole_words() -> None:
    everything = Facts(
        people=7, letters=2, visits=3, duplicates=("HN-1", "HN-2"), is_sent_to_city=True,
        below=Below.NOTHING, final_on=DAY, letters_on=(DAY,),
    )  # fmt: skip
    said = {mark.flag: mark.reason % mark.values for mark in marks(everything)}
    assert set(said) == set(ComputedFlag)
    assert "HN-1, HN-2" in said[ComputedFlag.DUPLICATE]
    assert "16/11/2026" in said[ComputedFlag.PROLONGED]
    assert "%(" not in "".join(said.values())


@pytest.mark.parametrize(("remote", "day"), [(False, dt.date(2026, 12, 17)), (True, dt.date(2027, 1, 1))])  # fmt: skip
def test_a_decision_is_final_the_day_after_the_limit_to_complain(
    remote: bool, day: dt.date
) -> None:
    assert final_date(DAY, is_remote=remote) == day
