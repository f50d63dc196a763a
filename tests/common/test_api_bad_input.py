"""What a stranger may send to the API: never a 500, always the one form of error."""

import base64
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from accounts.services import api_token_create
from common.crypto import token_open
from petitions.models import Case
from receptions.forms import TimesForm
from tests.people import PERSON, WARD, Story

pytestmark = pytest.mark.django_db
PETITIONS = "/api/v1/petitions/"
BODY = {
    "kind": "recommendation",
    "subject": "Đèn đường",
    "content": "Đèn đường hỏng.",
    "field": "land_compensation",
    "unit": WARD,
    "petitioners": [PERSON],
}


def post(raw: Any, path: str = PETITIONS, content_type: str = "application/json") -> Any:
    data = raw if isinstance(raw, bytes) else json.dumps(raw).encode()
    return Client().post(path, data, content_type=content_type)


@pytest.fixture
def clerk(person: Callable[[str], User]) -> Client:
    token = api_token_create(user=person("clerk"))
    return Client(headers={"Authorization": f"Token {token}"})


def nested(levels: int) -> Any:
    value: Any = "x"
    for _ in range(levels):
        value = [value]
    return value


@pytest.mark.parametrize(
    "body",
    [
        BODY | {"kind": "\ud800"},
        BODY | {"subject": "a\udfffb"},
        BODY | {"\ud800": 1},
        BODY | {"petitioners": [PERSON | {"full_name": "\ud83d"}]},
        BODY | {"subject": "a\0b"},
        BODY | {"a\0b": 1},
    ],
)
def test_what_cannot_be_stored_is_refused(body: dict[str, Any]) -> None:
    answer = post(body)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")
    assert "ký tự" in answer.json()["message"]


def test_an_emoji_is_text() -> None:
    assert post(BODY | {"subject": "Đèn 💡"}).status_code == 201


@pytest.mark.parametrize(
    "raw",
    [
        b"[" * 100_000,
        b'{"kind":' + b"[" * 100_000,
        json.dumps(BODY | {"kind": nested(21)}).encode(),
        json.dumps(BODY | {"kind": nested(800)}).encode(),
        b'{"subject": "\xff"}',
        b"\xff\xfe",
        b"{",
    ],
)
def test_what_is_no_json_is_refused_in_vietnamese(raw: bytes) -> None:
    answer = post(raw)
    assert (answer.status_code, answer.json()["code"]) == (400, "parse_error")
    assert answer.json()["message"].startswith("Nội dung yêu cầu")


def test_twenty_levels_are_read_and_then_checked() -> None:
    assert set(post(BODY | {"kind": nested(19)}).json()["fields"]) == {"kind"}


def test_an_action_refuses_them_too(clerk: Client, story: Callable[..., Story]) -> None:
    url = f"/api/v1/cases/{story().filed.code}/actions/assign/"
    answer = clerk.post(url, {"version": 1, "assignee": "\ud800"}, "application/json")
    assert answer.status_code == 400


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"subject": []}, "subject", "chuỗi"),
        ({"subject": "x" * 301}, "subject", "300 ký tự"),
        ({"subject": None}, "subject", "trống"),
        ({"kind": "wish"}, "kind", "wish"),
        ({"petitioners": "all"}, "petitioners", "danh sách"),
        ({"petitioners": [PERSON] * 201}, "petitioners", "200"),
        ({"petitioners": ["me"]}, "petitioners.0", "str"),
        ({"petitioners": [PERSON | {"representative": "?"}]}, "petitioners.0.representative", ""),
        ({"petitioners": [PERSON | {"email": "me"}]}, "petitioners.0.email", "email"),
        ({"attachments": ["?"]}, "attachments.0", "UUID"),
    ],
)
def test_what_is_wrong_is_said_in_vietnamese(
    changes: dict[str, Any], field: str, words: str
) -> None:
    (text,) = post(BODY | changes).json()["fields"][field]
    assert words in text
    assert not {"Not", "valid", "Ensure", "Expected", "This", "Must"} & set(text.split())


def test_other_refusals_are_in_vietnamese_too(clerk: Client) -> None:
    kind = post(b"a=1", content_type="application/x-www-form-urlencoded")
    assert (kind.status_code, kind.json()["code"]) == (415, "unsupported_media_type")
    large = post(BODY | {"content": "x" * (3 * 1024 * 1024)})
    assert (large.status_code, large.json()["code"]) == (413, "too_large")
    nobody = Client().get("/api/v1/cases/")
    method = clerk.delete("/api/v1/cases/")
    answers = [kind, large, nobody, method]
    assert [a.status_code for a in answers] == [415, 413, 401, 405]
    for answer in answers:
        assert not answer.json()["message"].isascii()


def test_a_form_that_is_too_large_beside_its_file_is_refused() -> None:
    part = b'--x\r\nContent-Disposition: form-data; name="file"\r\n\r\n'
    raw = part + b"x" * (3 * 1024 * 1024) + b"\r\n--x--\r\n"
    answer = post(raw, "/api/v1/uploads/", "multipart/form-data; boundary=x")
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


def packed(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "cursor", ["[[[", "é", "%00", "A", "A" * 5000, packed("[" * 5000), packed('[0,"x","1"]')]
)
def test_a_made_up_cursor_is_named(clerk: Client, cursor: str) -> None:
    for path in ("/api/v1/reception-sessions/", "/api/v1/cases/", "/api/v1/units/"):
        answer = clerk.get(path, {"cursor": cursor})
        assert (answer.status_code, set(answer.json()["fields"])) == (400, {"cursor"})


def test_a_cursor_tells_no_key_and_fits_its_list_only(
    clerk: Client, story: Callable[..., Story]
) -> None:
    tales = [story(), story()]
    first = clerk.get("/api/v1/cases/?page_size=1").json()["next"]
    assert first == clerk.get("/api/v1/cases/?page_size=1").json()["next"]
    cursor = first.partition("cursor=")[2].partition("&")[0]
    raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
    for case in Case.objects.filter(code__in=[tale.filed.code for tale in tales]):
        assert str(case.submitted_at.year).encode() not in raw
    assert token_open(raw, context="-submitted_at,-id") is not None
    assert token_open(raw, context="code") is None
    assert clerk.get("/api/v1/cases/", {"cursor": cursor}).status_code == 200
    turned = clerk.get("/api/v1/cases/", {"cursor": cursor, "ordering": "submitted_at"})
    assert turned.status_code == 400


@pytest.mark.parametrize(
    "text", ["0001-01-01", "9999-12-31", "0001-01-01T00:00:00+07:00", "9999-12-31T23:00:00-07:00"]
)
def test_years_that_nobody_means_are_named(clerk: Client, text: str) -> None:
    for path, name in (
        ("/api/v1/reception-sessions/", "from"),
        ("/api/v1/reception-sessions/", "to"),
        ("/api/v1/cases/", "received_after"),
        ("/api/v1/cases/", "received_before"),
    ):
        answer = clerk.get(path, {name: text})
        assert (answer.status_code, set(answer.json()["fields"])) == (400, {name})


def test_the_form_of_a_session_refuses_them_too() -> None:
    form = TimesForm({"day": "0001-01-01", "starts": "00:30", "ends": "01:00"})
    assert set(form.errors) == {"day"}


@pytest.mark.parametrize("path", ["/api/", "/api/v1/", "/api/v2/cases/", "/api/v1/nothing/here/"])
def test_an_unknown_path_is_the_same_404(path: str) -> None:
    known = Client().get(f"{PETITIONS}HN-0/").json()
    for method in ("GET", "POST", "DELETE"):
        answer = Client().generic(method, path, b"{")
        assert answer.status_code == 404
        assert answer.json() == known
    without = Client().get("/api/v1/nothing", follow=True)
    assert (without.status_code, without.json()) == (404, known)
    assert Client().get("/api/v1/units", follow=True).status_code == 200
