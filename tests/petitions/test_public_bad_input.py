"""What goes wrong at the filing pages gets clear words and loses nothing."""

from typing import Any

import pytest
from django.test import Client, override_settings

from common import ratelimit
from common.errors import TooMany
from petitions.models import Draft, Letter
from petitions.selectors_public import draft_open
from tests.petitions.public_walk import CONTENT, PERSON, step, write
from tests.strict import StrictClient

pytestmark = pytest.mark.django_db
TYPED = "Điều tôi đã gõ và không được mất"


def _text(response: Any) -> str:
    return str(response.content.decode())


@pytest.mark.parametrize(
    ("page", "typed", "words"),
    [
        ("noi-dung", {**CONTENT, "subject": ""}, "tóm tắt sự việc"),
        ("noi-dung", {**CONTENT, "request": ""}, "yêu cầu giải quyết"),
        ("noi-dung", {**CONTENT, "subject": "á" * 301}, "300 ký tự"),
        ("noi-dung", {**CONTENT, "content": "á" * 20001}, "20001 ký tự"),
        ("noi-dung", {**CONTENT, "subject": "có\0ký tự"}, "không lưu được"),
        ("nguoi-gui", {**PERSON, "identity_number": "0010990123456"}, "12 số"),
        ("nguoi-gui", {**PERSON, "phone": "12345"}, "0912345678"),
        ("nguoi-gui", {**PERSON, "email": "không phải thư"}, "an@example.com"),
        ("nguoi-gui", {**PERSON, "full_name": "  "}, "họ và tên"),
        ("noi-nhan", {"unit": "99999"}, "Không có cơ quan này"),
        ("noi-nhan", {"unit": "CITY"}, "Không có cơ quan này"),
        ("ve-ai", {"name": "Ông Giả", "unit": "99999"}, "Không có cơ quan này"),
        ("linh-vuc", {}, "gần đúng nhất"),
        ("loai", {"kind": "song"}, "loai"),
    ],
)
def test_each_wrong_answer_says_what_is_expected(
    client: Client, page: str, typed: dict[str, str], words: str
) -> None:
    write(client, "ve-ai")
    before = draft_open(client.cookies["don"].value)
    answer = client.post(step(page), typed)
    assert answer.status_code == 200
    assert words in _text(answer)
    assert "error-summary" in _text(answer)
    after = draft_open(client.cookies["don"].value)
    assert before is not None
    assert after is not None
    assert after.data == before.data


def test_an_error_keeps_what_was_typed(client: Client) -> None:
    write(client, "ve-ai")
    answer = client.post(step("noi-dung"), {"subject": "", "content": TYPED, "request": "x"})
    assert TYPED in _text(answer)


def test_the_browser_never_cuts_a_pasted_text(client: Client) -> None:
    write(client, "linh-vuc")
    assert 'maxlength="20000"' not in _text(client.get(step("noi-dung")))


def test_bytes_that_are_not_utf8_are_said(client: Client) -> None:
    write(client, "linh-vuc")
    answer = client.post(
        step("noi-dung"),
        b"subject=tr%E1%BA&content=x&request=y",
        content_type="application/x-www-form-urlencoded",
    )
    assert "bị hỏng" in _text(answer)


def test_an_oversized_body_is_said_and_the_draft_stays(client: Client) -> None:
    write(client, "linh-vuc")
    with override_settings(DATA_UPLOAD_MAX_MEMORY_SIZE=1000):
        answer = client.post(
            step("noi-dung"),
            "content=" + "a" * 5000,
            content_type="application/x-www-form-urlencoded",
        )
    assert answer.status_code == 413
    assert "quá lớn" in _text(answer)
    assert client.get(step("kiem-tra"))["Location"] == step("noi-dung")


def test_a_declared_length_beyond_all_bounds_is_not_even_read(client: Client) -> None:
    write(client, "nguoi-gui")
    answer = client.post(step("tep"), {"uploads": []}, CONTENT_LENGTH="900000000")
    assert answer.status_code == 413


def test_a_damaged_multipart_body_is_said(client: Client) -> None:
    write(client, "nguoi-gui")
    answer = client.post(step("tep"), b"x", content_type="multipart/form-data; boundary=\xff")
    assert answer.status_code == 400


def test_an_expired_form_comes_back_with_what_was_typed() -> None:
    client = StrictClient()
    write(client, "linh-vuc")
    strict = StrictClient(enforce_csrf_checks=True)
    strict.cookies = client.cookies
    answer = strict.post(
        step("noi-dung"),
        {"subject": TYPED, "content": "x", "request": "y"},
        HTTP_ORIGIN="http://testserver",
    )
    assert answer.status_code == 403
    assert TYPED in _text(answer)
    assert "hết hạn" in _text(answer)


@pytest.mark.parametrize("page", ["loai", "bao-ve", "nguoi-gui", "tep", "kiem-tra"])
def test_every_page_survives_its_expired_form(page: str) -> None:
    client = StrictClient()
    write(client, loai={"kind": "denunciation"})
    strict = StrictClient(enforce_csrf_checks=True)
    strict.cookies = client.cookies
    answer = strict.post(step(page), {}, HTTP_ORIGIN="http://testserver")
    assert answer.status_code == 403
    assert "hết hạn" in _text(answer)


def test_a_form_from_another_site_is_refused() -> None:
    client = StrictClient(enforce_csrf_checks=True)
    answer = client.post(step("loai"), {"kind": "feedback"}, HTTP_ORIGIN="https://attacker.example")
    assert answer.status_code == 403
    assert not Draft.objects.exists()


def test_unknown_pages_are_not_found(client: Client) -> None:
    assert client.get(step("khong-co")).status_code == 404


@pytest.mark.parametrize("typed", ["", "0", "-3", "999", "abc", "99999999999"])
def test_any_number_of_a_person_shows_a_page(client: Client, typed: str) -> None:
    write(client)
    assert client.get(f"{step('nguoi-gui')}?nguoi={typed}").status_code == 200
    assert client.post(step("nguoi-gui"), {"remove": typed}).status_code == 302


def test_a_wrong_cookie_is_no_draft(client: Client) -> None:
    client.cookies["don"] = "x" * 4000
    assert client.get(step("noi-dung"))["Location"] == "/gui-don/"
    assert client.get("/gui-don/").status_code == 200


def test_too_many_sendings_are_told_when_to_come_back_and_the_draft_stays(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(ratelimit.LIMITS, "file", (0, 3600))
    write(client)
    with override_settings(RATE_LIMITS=True):
        answer = client.post(step("kiem-tra"))
    assert answer.status_code == 429
    assert 0 < int(answer["Retry-After"]) <= 3600
    assert not Letter.objects.exists()
    client.post(step("kiem-tra"))
    assert Letter.objects.count() == 1


def test_too_many_new_drafts_are_told_when_to_come_back(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(ratelimit.LIMITS, "draft", (0, 3600))
    with override_settings(RATE_LIMITS=True):
        assert client.post(step("loai"), {"kind": "feedback"}).status_code == 429
    assert not Draft.objects.exists()


def test_what_was_typed_comes_back_when_a_limit_is_hit(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_purpose: str, _address: str) -> None:
        raise TooMany(retry_after=60)

    monkeypatch.setattr("petitions.public.visit.limit", full)
    typed = {**CONTENT, "token": "mã-nháp-không-được-hiện-lại"}
    answer = client.post(step("noi-dung"), typed, headers={"referer": "http://testserver/gui-don/"})
    assert answer.status_code == 429
    page = answer.content.decode()
    assert CONTENT["subject"] in page
    assert 'href="/gui-don/"' in page
    assert "mã-nháp" not in page
