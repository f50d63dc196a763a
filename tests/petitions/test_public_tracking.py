"""Tracking: one answer for anything wrong, plain words for what is right."""

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.test import Client, override_settings

from common import ratelimit
from petitions.models import Letter
from petitions.selectors_public import letter_track
from petitions.timeline import public_case
from tests.people import Story

pytestmark = pytest.mark.django_db
FILED = dt.datetime(2026, 11, 16, 2, 0, tzinfo=dt.UTC)
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="\w+"')
Tell = Callable[..., Story]


def _text(response: Any) -> str:
    return str(response.content.decode())


def _open(client: Client, story: Story) -> str:
    typed = {"code": story.filed.code.lower(), "secret": story.filed.secret.lower()}
    assert client.post("/tra-cuu/", typed)["Location"] == "/tra-cuu/don/"
    return _text(client.get("/tra-cuu/don/"))


def test_code_and_secret_open_the_petition(client: Client, story: Tell) -> None:
    with time_machine.travel(FILED + dt.timedelta(days=1)):
        page = _open(client, story(at=FILED))
    for words in ("Phường Ba Đình", "26/11/2026", "còn 9 ngày", "Ông/bà đã gửi đơn"):
        assert words in page


@pytest.mark.parametrize(
    ("code", "secret"),
    [
        ("HN-00000-00000-00", "right"),
        ("not a code", "right"),
        ("\x00", "right"),
        ("x" * 5000, "right"),
        ("right", "0" * 26),
        ("right", "ngắn"),
        ("right", "y" * 5000),
    ],
)
def test_everything_wrong_is_one_answer(
    story: Tell, code: str, secret: str, django_assert_num_queries: Any
) -> None:
    told = story()
    code = told.filed.code if code == "right" else code
    secret = told.filed.secret if secret == "right" else secret
    with django_assert_num_queries(1):
        assert letter_track(code, secret) is None


def test_a_wrong_secret_and_a_wrong_code_look_the_same(client: Client, story: Tell) -> None:
    filed = story().filed
    pages = []
    for code, secret in ((filed.code, "0" * 26), ("HN-00000-00000-00", filed.secret)):
        answer = client.post("/tra-cuu/", {"code": code, "secret": secret})
        pages.append((answer.status_code, _text(answer).replace(code, "").replace(secret, "")))
    plain = [(status, TOKEN.sub("", page)) for status, page in pages]
    for one, other in zip(plain[0][1].splitlines(), plain[1][1].splitlines(), strict=True):
        assert one == other
    assert plain[0][0] == plain[1][0]
    assert "không khớp" in plain[0][1]


def test_the_code_of_the_qr_is_filled_in_but_never_junk(client: Client, story: Tell) -> None:
    code = story().filed.code
    assert f'value="{code}"' in _text(client.get(f"/tra-cuu/?ma={code}"))
    assert 'value="javascript' not in _text(client.get("/tra-cuu/?ma=javascript:alert(1)"))


def test_empty_fields_are_named(client: Client) -> None:
    assert "mã bí mật" in _text(client.post("/tra-cuu/", {"code": "", "secret": ""}))


def test_too_many_tries_are_told_when_to_come_back(
    client: Client, story: Tell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(ratelimit.LIMITS, "track", (2, 600))
    typed = {"code": story().filed.code, "secret": "0" * 26}
    with override_settings(RATE_LIMITS=True):
        answers = [client.post("/tra-cuu/", typed) for _turn in range(3)]
    assert [a.status_code for a in answers] == [200, 200, 429]
    assert 0 < int(answers[2]["Retry-After"]) <= 600


def test_nothing_is_shown_without_code_and_secret(client: Client) -> None:
    assert client.get("/tra-cuu/don/")["Location"] == "/tra-cuu/"


def test_the_page_closes_itself_after_half_an_hour(client: Client, story: Tell) -> None:
    with time_machine.travel(FILED):
        _open(client, story(at=FILED))
    with time_machine.travel(FILED + dt.timedelta(minutes=31)):
        assert client.get("/tra-cuu/don/")["Location"] == "/tra-cuu/"
        assert "30 phút" in _text(client.get("/tra-cuu/"))


def test_leaving_quickly_forgets_the_petition(client: Client, story: Tell) -> None:
    _open(client, story())
    foreign = client.get("/roi-trang/", HTTP_SEC_FETCH_SITE="cross-site")
    assert foreign["Location"] == "/lich-tiep-dan/"
    assert "Clear-Site-Data" not in foreign
    assert client.get("/tra-cuu/don/").status_code == 200
    assert client.get("/roi-trang/")["Location"] == "/lich-tiep-dan/"
    assert client.get("/tra-cuu/don/")["Location"] == "/tra-cuu/"


def test_pages_of_a_petition_are_kept_by_no_cache(client: Client, story: Tell) -> None:
    _open(client, story())
    assert "no-store" in client.get("/tra-cuu/don/")["Cache-Control"]


def test_steps_of_officers_among_themselves_are_not_told(story: Tell) -> None:
    told = story(at=FILED).accepted(FILED + dt.timedelta(days=1))
    steps = public_case(Letter.objects.get(code=told.filed.code))["timeline"]
    titles = [entry["title"] for entry in steps]
    assert titles == [
        "Ông/bà đã gửi đơn",
        "Cơ quan đã tiếp nhận và vào sổ đơn của ông/bà",
        "Đơn đã được thụ lý để giải quyết",
    ]
    assert "Đủ điều kiện" not in str(steps)


def test_a_result_is_shown_once_it_was_sent(client: Client, story: Tell) -> None:
    told = story().decided()
    assert "Dự thảo kết quả" not in _open(client, told)
    told.do("clerk", "notify")
    page = _open(client, told)
    assert "Dự thảo kết quả" in page
    assert "khiếu nại lần hai" in page


def test_a_refusal_carries_its_ground_and_the_way_to_object(client: Client, story: Tell) -> None:
    told = story()
    told.do("clerk", "receive")
    told.do("chair", "propose", proposal="decline", ground="time_bar", text="Hết thời hiệu.")
    told.do("chair", "decline", ground="time_bar", number="9/TB-UBND", text="Không thụ lý.")
    page = _open(client, told)
    assert "Căn cứ pháp luật" in page
    assert "khởi kiện" in page


def test_what_must_be_supplied_is_told(client: Client, story: Tell) -> None:
    told = story()
    told.do("clerk", "receive")
    told.do("clerk", "request_supplement", reason="Cần bản sao quyết định thu hồi đất.")
    assert "Cần bản sao quyết định thu hồi đất." in _open(client, told)


def test_of_a_denunciation_neither_subject_nor_names_nor_texts_are_shown(
    client: Client, story: Tell
) -> None:
    told = story(
        kind="denunciation",
        subject="Nhận hối lộ",
        content="Ông Kín đã nhận tiền.",
        respondent={"name": "Ông Kín", "unit": "00008", "position": "officer"},
    )
    told.do("clerk", "receive", is_signed=True)
    told.do("clerk", "request_supplement", reason="Cần thêm bằng chứng về Ông Kín.")
    letter = Letter.objects.select_related("case__unit").get(code=told.filed.code)
    everything = _open(client, told) + str(public_case(letter))
    for words in ("Nhận hối lộ", "Ông Kín", "Vũ Thị Thử Nghiệm", "bằng chứng"):
        assert words not in everything


def test_reading_a_petition_is_bounded(story: Tell, django_assert_num_queries: Any) -> None:
    told = story().decided()
    with django_assert_num_queries(8):
        letter = letter_track(told.filed.code, told.filed.secret)
        assert letter is not None
        public_case(letter)
