"""Codes and secrets: forgiving to type, hard to guess."""

from hypothesis import given
from hypothesis import strategies as st

from common.codes import ALPHABET, code_clean, code_new, secret_clean, secret_from_salt
from common.text import fold

codes = st.builds(lambda _n: code_new("HN"), st.integers())


@given(codes)
def test_a_code_survives_how_people_type_it(code: str) -> None:
    assert code_clean(code, "HN") == code
    assert code_clean(code.lower().replace("-", " "), "HN") == code
    assert code_clean(code.replace("0", "o").replace("1", "l"), "HN") == code


@given(codes, st.integers(0, 9), st.sampled_from(ALPHABET))
def test_a_mistyped_character_is_mostly_noticed(code: str, place: int, letter: str) -> None:
    plain = code.replace("-", "")
    wrong = plain[: 2 + place] + letter + plain[3 + place :]
    found = code_clean(wrong, "HN")
    assert found is None or found.replace("-", "") == wrong


@given(st.text(max_size=60))
def test_anything_else_is_no_code(text: str) -> None:
    found = code_clean(text, "HN")
    assert found is None or found.startswith("HN-")


@given(st.binary(min_size=16, max_size=16))
def test_a_secret_carries_130_bits_and_reads_back(salt: bytes) -> None:
    secret = secret_from_salt(salt)
    assert len(secret_clean(secret)) == 26
    assert secret_clean(secret.lower().replace("-", " ")) == secret_clean(secret)
    assert secret_from_salt(salt) == secret


def test_folding_finds_vietnamese_without_accents() -> None:
    assert fold("Đất  ĐAI, Khiếu nại") == "dat dai, khieu nai"
