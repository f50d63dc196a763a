"""Wrong code and wrong secret take the same steps: the same queries, one HMAC, the same bytes.

How long they take is measured, not tested: ``benchmarks/timing.py``.
"""

import hashlib
import hmac
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from common.codes import code_new, secret_from_salt
from petitions.selectors_public import CODE_PREFIX
from tests.people import PASSWORD, Story, person_make
from tests.permissions.conftest import matrix_objects

__all__ = ["matrix_objects"]
pytestmark = pytest.mark.django_db
WRONG = secret_from_salt(b"w" * 16)
Ask = Callable[[str, str], Any]


def steps(ask: Callable[[], Any], *typed: str) -> tuple[list[str], int, int, str]:
    """Queries without their values, HMACs made, status, and the body without what was typed."""
    made = 0
    original = hmac.new

    def counted(*args: Any, **kwargs: Any) -> Any:
        nonlocal made
        made += 1
        return original(*args, **kwargs)

    with pytest.MonkeyPatch.context() as patch, CaptureQueriesContext(connection) as queries:
        patch.setattr("common.codes.hmac.new", counted)
        answer = ask()
    body = answer.content.decode()
    for text in typed:
        body = body.replace(text, "TYPED")
    body = re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", body)
    values = r"""'[^']*'|"s\d+_x\d+"|\b\d+\b"""  # also the names of savepoints
    shapes = [re.sub(values, "?", query["sql"]) for query in queries]
    return shapes, made, answer.status_code, body


def track_page(code: str, secret: str) -> Any:
    return Client().post(reverse("petitions:track"), {"code": code, "secret": secret})


def track_api(code: str, secret: str) -> Any:
    return Client().get(reverse("api:petition", args=[code]), headers={"X-Petition-Secret": secret})


def write_api(code: str, secret: str) -> Any:
    body = {"kind": "message", "text": "Xin hỏi."}
    return Client().post(
        reverse("api:petition-messages", args=[code]),
        body,
        content_type="application/json",
        headers={"X-Petition-Secret": secret},
    )


@pytest.mark.parametrize("ask", [track_page, track_api, write_api])
@pytest.mark.parametrize("kind", ["complaint", "denunciation"])
def test_a_petition(ask: Ask, kind: str, story: Callable[..., Story]) -> None:
    about = {"respondent": {"name": "Ông Thử", "unit": "00008"}}
    filed = story(kind=kind, **(about if kind == "denunciation" else {})).filed
    unknown = code_new(CODE_PREFIX)
    for _ in range(2):  # the first fills caches
        wrong_secret = steps(lambda: ask(filed.code, WRONG), filed.code)
        wrong_code = steps(lambda: ask(unknown, WRONG), unknown)
        right_secret = steps(lambda: ask(unknown, filed.secret), unknown, filed.secret)
    assert wrong_secret == wrong_code
    assert wrong_code[1] == 1
    assert right_secret[:3] == wrong_code[:3]


def lookup(code: str, secret: str) -> Any:
    data = {"code": code, "secret": secret}
    return Client().post(reverse("receptions:registration_lookup"), data)


def cancel(code: str, secret: str) -> Any:
    data = {"code": code, "secret": secret, "sure": "1"}
    return Client().post(reverse("receptions:registration_lookup"), data)


@pytest.mark.parametrize("ask", [lookup, cancel])
def test_a_registration(ask: Ask, matrix_objects: dict[str, Any]) -> None:
    code = matrix_objects["visit"]
    unknown = code_new(code.split("-")[0])
    for _ in range(2):
        wrong_secret = steps(lambda: ask(code, WRONG), code)
        wrong_code = steps(lambda: ask(unknown, WRONG), unknown)
    assert wrong_secret == wrong_code


def test_a_draft_that_never_was_and_one_that_is_gone() -> None:
    ask: Callable[[str], Any] = lambda token: Client().post(  # noqa: E731
        reverse("petitions:draft_resume"), {"token": token}
    )
    one, two = secret_from_salt(b"a" * 16), secret_from_salt(b"b" * 16)
    first = steps(lambda: ask(one), one)
    assert first == steps(lambda: ask(two), two)
    assert first[1] == 1


def test_signing_in_does_not_tell_who_has_an_account(monkeypatch: pytest.MonkeyPatch) -> None:
    person_make("clerk")
    hashed: list[int] = []
    original = hashlib.md5

    def counted(*args: Any, **kwargs: Any) -> Any:
        hashed.append(1)
        return original(*args, **kwargs)

    monkeypatch.setattr("django.contrib.auth.hashers.hashlib.md5", counted)

    def ask(name: str) -> Any:
        data = {"login": name, "password": PASSWORD + "x"}
        return Client().post(reverse("account_login"), data)

    found = []
    for name in ("clerk", "no_such"):
        hashed.clear()
        found.append((steps(lambda name=name: ask(name), name), len(hashed)))  # type: ignore[misc]
    (known, hashes), (unknown, other_hashes) = found
    assert known == unknown
    assert hashes == other_hashes > 0
