"""Every named URL and API operation × every role. A new URL without a row fails.

A cell is the status of a GET (or of the method named in the row) by somebody of that role;
``login`` means a redirect to the sign-in page. Objects in the path are a complaint and a reception
day of the ward ``00004``.
"""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from accounts.models import SignIn, User
from common.time import now
from tests.accounts.factors import confirmed
from tests.people import CAST, person_make
from tests.permissions.matrix import MATRIX, OPEN, PARTS, SKIPPED_PREFIXES
from tests.permissions.rows import Row
from tests.security.database import changed, state

pytestmark = pytest.mark.django_db
WHO = ["anonymous", *CAST]
Ask = Callable[..., int | str]
OPEN_SAMPLE = ["anonymous", "clerk", "admin"]


def named_urls(patterns: Any = None, prefix: str = "") -> Iterator[str]:
    """Every named URL of the project as ``namespace:name``."""
    for item in patterns if patterns is not None else get_resolver().url_patterns:
        if isinstance(item, URLResolver):
            space = f"{prefix}{item.namespace}:" if item.namespace else prefix
            yield from named_urls(item.url_patterns, space)
        elif isinstance(item, URLPattern) and item.name:
            yield f"{prefix}{item.name}"


def test_every_url_has_a_row_and_every_row_a_url() -> None:
    known = {name for name in named_urls() if not name.startswith(SKIPPED_PREFIXES)}
    assert known == set(MATRIX)
    assert sum(len(part) for part in PARTS) == len(MATRIX)  # in one part only


def test_every_url_has_a_name() -> None:
    def unnamed(patterns: Any) -> Iterator[str]:
        for item in patterns:
            if isinstance(item, URLResolver):
                if item.app_name != "admin":
                    yield from unnamed(item.url_patterns)
            elif not item.name:
                yield str(item.pattern)

    assert list(unnamed(get_resolver().url_patterns)) == []


@pytest.fixture(scope="module")
def sessions(matrix_objects: dict[str, Any]) -> dict[str, str]:
    """The key of a session of each of the cast who has just typed the password again, kept in the
    transaction of the objects: signing in costs more than most answers."""
    keys = {who: _signed_in(person_make(who)) for who in CAST}
    # Seen in an hour: until then no request writes that its person was there
    SignIn.objects.update(seen_at=now() + dt.timedelta(hours=1))
    return keys


def _signed_in(user: User) -> str:
    client = Client()
    client.force_login(user)
    return str(confirmed(client, user, for_seconds=3600).session.session_key)


@pytest.fixture
def ask(matrix_objects: dict[str, Any], sessions: dict[str, str]) -> Ask:
    """The answer to one person whose password was just typed, so that the right behind is asked;
    what it changed is taken back unless it is to be looked at, so the next one meets the same."""

    def asked(name: str, row: Row, who: str, *, keep: bool = False) -> int | str:
        client = Client(raise_request_exception=False)
        if who in sessions:
            client.cookies[settings.SESSION_COOKIE_NAME] = sessions[who]
        mark = transaction.savepoint()  # no block: a step that must be the outermost one still is
        answer = client.generic(row.method, row.path(name, matrix_objects), **_sent(row))
        if not keep:
            transaction.savepoint_rollback(mark)
        if answer.status_code == 302 and "/tai-khoan/dang-nhap/" in answer.headers["Location"]:
            return "login"
        return int(answer.status_code)

    return asked


def _sent(row: Row) -> dict[str, Any]:
    if row.data:
        return {
            "data": urlencode(row.data), "content_type": "application/x-www-form-urlencoded"
        }  # fmt: skip
    return {"content_type": "application/json"}


@pytest.mark.parametrize("name", sorted(MATRIX))
def test_each_role_gets_what_the_matrix_says(name: str, ask: Ask) -> None:
    row: Row = MATRIX[name]
    who = WHO if row.everybody is None else OPEN_SAMPLE
    found = {one: ask(name, row, one) for one in who}
    assert found == {one: row.expected(one) for one in who}, name


LOOKED_AT = sorted(n for n, row in MATRIX.items() if row.everybody is None and row.method == "GET")


@pytest.mark.parametrize("name", LOOKED_AT)
def test_who_may_not_look_may_not_post(name: str, ask: Ask) -> None:
    """A page that takes forms refuses them to whom it does not show itself, whatever they say, and
    nothing is written. Rows of a POST are asked by the test above."""
    row = MATRIX[name]
    shut = [who for who in CAST if row.expected(who) in (403, 404)]
    posted = replace(row, method="POST", data=row.data or {"version": "1", "do": "x"})
    before = state()
    found = {who: ask(name, posted, who, keep=True) for who in shut}
    assert [who for who, status in found.items() if status not in (403, 404, 405)] == []
    assert changed(before) == set()


def test_public_pages_are_listed_in_one_place() -> None:
    """Whoever opens a page to everybody adds it here knowingly."""
    assert {name for name, row in MATRIX.items() if row.everybody is not None} == OPEN
