"""Letters find letters like them: the arithmetic, the service, and who is told what."""

import io
import random
import unicodedata
from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from petitions.alike import similar_cases
from petitions.models import Case, LetterSignature
from petitions.similarity import alike, bands, document_numbers, pack, shingles, signature
from tests.people import PERSON, Story, access_make

Make = Callable[..., Story]
STORY = (
    "Gia đình tôi có thửa đất số 12, tờ bản đồ số 5, sử dụng ổn định từ năm 1993. Ngày 5 tháng 3"
    " Ủy ban nhân dân phường ban hành Quyết định số 145/QĐ-UBND thu hồi đất để làm đường. Phương"
    " án bồi thường áp giá đất vườn trong khi gia đình đã xây nhà ở từ trước, kiểm đếm thiếu hai"
    " gian nhà cấp bốn và toàn bộ cây ăn quả. Tôi đã nhiều lần gửi đơn nhưng chưa được trả lời."
)
OTHER = (
    "Đường ngõ 8 phố Tưởng Tượng hỏng nặng sau đợt mưa, nước cống tràn vào nhà dân mỗi khi mưa to."
    " Đề nghị phường cho sửa chữa, nạo vét cống và lắp thêm đèn chiếu sáng để trẻ em đi học an toàn"
    " hơn vào buổi tối, nhất là đoạn gần trường tiểu học và nhà văn hóa của tổ dân phố số 3."
)
SOMEBODY = {**PERSON, "full_name": "Trần Văn Khác", "identity_number": "001088055555",
            "address": "Số 9, phố Khác", "phone": "0987654321", "email": ""}  # fmt: skip
ELSEWHERE = {"name": "Ông Đặng Văn Thử", "unit": "00025", "position": "officer"}


def estimate(one: str, other: str) -> float:
    return alike(pack(signature(one)), pack(signature(other)))


def jaccard(one: str, other: str) -> float:
    a, b = shingles(one), shingles(other)
    return len(a & b) / len(a | b)


@given(st.sampled_from([STORY, OTHER]), st.randoms())
def test_accents_case_and_punctuation_do_not_matter(text: str, rng: random.Random) -> None:
    bare = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    other = bare.replace("đ", "d").replace("Đ", "D").upper().replace(",", " ; ")
    assert signature(other) == signature(text)


@given(st.text(max_size=300))
def test_any_text_has_a_signature(text: str) -> None:
    bins = signature(text)
    assert estimate(text, text) == (1.0 if shingles(text) else 0.0)
    assert len(bands(bins)) in (0, 32)


@pytest.mark.parametrize("kept", [0.95, 0.8, 0.6, 0.4, 0.2])
def test_the_estimate_is_near_the_true_index(kept: float) -> None:
    rng = random.Random(f"{kept}")
    words = [f"tu{n}" for n in range(500)]
    errors = []
    for _ in range(30):
        other = list(words)
        start = rng.randrange(1, 100)
        other[start : start + int(500 * (1 - kept))] = [
            f"khac{n}" for n in range(int(500 * (1 - kept)))
        ]
        one, two = " ".join(words), " ".join(other)
        errors.append(estimate(one, two) - jaccard(one, two))
    assert abs(sum(errors) / len(errors)) < 0.06
    assert max(abs(error) for error in errors) < 0.2


def test_different_letters_share_no_band() -> None:
    assert not set(bands(signature(STORY))) & set(bands(signature(OTHER)))
    assert estimate(STORY, OTHER) < 0.1


def test_document_numbers_as_people_write_them() -> None:
    text = "Quyết định 145/QĐ-UBND, số 0012 / 2024 / TB-UBND và ngày 12/3/2026."
    assert document_numbers(text) == {"145/QĐ-UBND", "12/2024/TB-UBND"}


@pytest.mark.django_db
def test_a_repeated_letter_is_found_with_its_reasons(story: Make) -> None:
    first = story(content=STORY)
    second = story(content=STORY.replace("1993", "1995").replace("hai gian", "ba gian"))
    unlike = story(content=OTHER, petitioners=[SOMEBODY], kind="feedback", subject="Đường hỏng")
    (found,) = similar_cases(access_make("clerk"), second.case)
    assert found.case == first.case
    assert found.score > 0.8
    assert "cùng người gửi" in found.why
    assert "145/QĐ-UBND" in found.why
    assert similar_cases(access_make("clerk"), unlike.case) == []


@pytest.mark.django_db
def test_other_people_on_the_same_matter_are_found_by_the_text(story: Make) -> None:
    first = story(content=STORY)
    second = story(
        content=STORY.replace("thửa đất số 12", "thửa đất số 40"), petitioners=[SOMEBODY]
    )
    (found,) = similar_cases(access_make("clerk"), second.case)
    assert found.case == first.case
    assert "cùng người gửi" not in found.why


@pytest.mark.django_db
def test_nothing_is_suggested_from_another_unit(story: Make) -> None:
    story(content=STORY, unit="00008")
    assert similar_cases(access_make("clerk"), story(content=STORY).case) == []


@pytest.mark.django_db
def test_a_sealed_denouncer_is_never_told_by_likeness(story: Make) -> None:
    """The same person complains and denounces: who may not open the identity learns nothing."""
    complaint = story(content=STORY)
    denounced = story(kind="denunciation", content=OTHER, respondent=ELSEWHERE, subject="Tố cáo")
    denounced.do("clerk", "receive", is_signed=True)
    denounced.do("clerk", "assign", assignee=access_handler())
    (found,) = similar_cases(access_make("clerk"), complaint.case)
    assert found.reasons == ["cùng người gửi"]
    # The handler sees the denunciation, but neither its text nor who wrote it.
    assert Case.objects.visible_to(access_make("handler")).filter(pk=denounced.case.pk).exists()
    assert similar_cases(access_make("handler"), complaint.case) == []
    assert similar_cases(access_make("handler"), denounced.case) == []


def access_handler() -> str:
    access_make("handler")
    return "handler"


@pytest.mark.django_db
def test_the_accused_unit_never_gets_a_suggestion(story: Make) -> None:
    story(kind="denunciation", content=STORY)
    assert similar_cases(access_make("chair"), story(content=STORY).case) == []


@pytest.mark.django_db
def test_older_letters_get_their_signature_by_command(story: Make) -> None:
    first, second = story(content=STORY), story(content=STORY)
    wanted = list(LetterSignature.objects.order_by("pk").values_list("pk", "bands", "signals"))
    LetterSignature.objects.all().delete()
    assert similar_cases(access_make("clerk"), first.case) == []
    for _ in range(2):
        call_command("index_similar", stdout=io.StringIO())
    stored = list(LetterSignature.objects.order_by("pk").values_list("pk", "bands", "signals"))
    assert stored == wanted
    assert similar_cases(access_make("clerk"), first.case)[0].case == second.case


@pytest.mark.django_db
def test_the_api_answers_with_code_score_and_reasons(
    story: Make, by_token: Callable[[str], Client], django_assert_max_num_queries: Any
) -> None:
    first, second = story(content=STORY), story(content=STORY)
    client = by_token("clerk")
    with django_assert_max_num_queries(8):
        answer = client.get(f"/api/v1/cases/{second.filed.code}/similar/").json()
    (row,) = answer["results"]
    assert row["code"] == first.filed.code
    assert 0 < row["score"] <= 1
    assert row["reasons"]
    assert (
        by_token("other_clerk").get(f"/api/v1/cases/{second.filed.code}/similar/").status_code
        == 404
    )
