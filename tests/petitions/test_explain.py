"""``manage.py explain`` and the words beside a date on page and API."""

import datetime as dt
from collections.abc import Callable
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from deadlines.models import Clock
from petitions.enums import Kind
from tests.people import PERSON, Story, person_make

pytestmark = pytest.mark.django_db
Make = Callable[..., Story]
FOUND = {"number": "3/QĐ-UBND", "reason": "Phải xác minh tại nhiều nơi."}


def at(day: int, month: int = 7) -> dt.datetime:
    return dt.datetime(2026, month, day, 2, tzinfo=dt.UTC)


def explained(code: str, *options: str) -> str:
    out = StringIO()
    call_command("explain", code, *options, stdout=out)
    return out.getvalue()


def test_every_clock_with_article_pauses_extension_and_skipped_days(story: Make) -> None:
    tale = story(at=at(6)).accepted(at=at(10))
    tale.do(
        "chair",
        "suspend",
        at(14),
        ground="other_result",
        number="2/QĐ",
        reason="Chờ kết quả giám định.",
    )
    tale.do("chair", "resume", at(16), number="4/QĐ")
    tale.do("chair", "extend", at(20), finding="complex", **FOUND)
    text = explained(tale.case.code)
    assert "KN-ACC (thời hạn theo luật)" in text
    assert "khoản 1 Điều 16 Nghị định 124/2020/NĐ-CP" in text
    assert "Thời hạn: 7 ngày làm việc kể từ ngày nhận được đơn, yêu cầu." in text
    assert "tạm dừng: từ 2026-07-14 đến trước 2026-07-16" in text
    assert "gia hạn ngày 2026-07-20: 45 ngày, KN-RES1-C" in text
    assert "- 14/07/2026: Thời gian tạm đình chỉ" in text
    assert "+ 17/07/2026" not in text
    assert "+ 17/07/2026: Ngày thứ 5" in explained(tale.case.code, "--days")


def test_a_denunciation_is_explained_without_a_word_of_it(story: Make) -> None:
    tale = story(kind=Kind.DENUNCIATION, respondent={"name": "Trần Bịa", "unit": "00008"})
    text = explained(tale.case.code.lower())
    assert "TCD-NOTICE" in text
    for secret in (PERSON["full_name"], "Trần Bịa", tale.case.subject):
        assert secret not in text


def test_an_internal_target_is_called_so_and_never_law(story: Make) -> None:
    tale = story(kind="recommendation", at=at(6)).accepted(at=at(10))
    text = explained(tale.case.code)
    assert "KP-RES (chỉ tiêu nội bộ)" in text


def test_an_unknown_code_is_refused() -> None:
    with pytest.raises(CommandError, match="HN-KHONG"):
        explained("HN-KHONG")


def test_the_page_says_the_article_in_words_and_marks_what_was_not_compared(
    story: Make, client: Client
) -> None:
    tale = story(at=at(6))
    client.force_login(person_make("clerk"))
    page = client.get(f"/can-bo/vu-viec/{tale.case.code}/").content.decode()
    assert "Thời hạn: 7 ngày làm việc kể từ ngày nhận được đơn, yêu cầu." in page
    assert "chưa đối chiếu văn bản" not in page
    Clock.objects.update(rule_code="DON-FWD-TT05")
    page = client.get(f"/can-bo/vu-viec/{tale.case.code}/").content.decode()
    assert "chưa đối chiếu văn bản" in page
