"""Every named URL and API operation × every role. A new URL without a row fails.

A cell is the status of a GET (or of the method named in the row) by somebody of that role;
``login`` means a redirect to the sign-in page. Objects in the path are a complaint and a reception
day of the ward ``00004``.
"""

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from accounts.models import User
from tests.people import CAST
from tests.permissions.matrix import MATRIX, OPEN, SKIPPED_PREFIXES
from tests.permissions.rows import Row

pytestmark = pytest.mark.django_db
WHO = ["anonymous", *CAST]
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


def test_every_url_has_a_name() -> None:
    def unnamed(patterns: Any) -> Iterator[str]:
        for item in patterns:
            if isinstance(item, URLResolver):
                if item.app_name != "admin":
                    yield from unnamed(item.url_patterns)
            elif not item.name:
                yield str(item.pattern)

    assert list(unnamed(get_resolver().url_patterns)) == []


@pytest.mark.parametrize("name", sorted(MATRIX))
def test_each_role_gets_what_the_matrix_says(
    name: str, person: Callable[[str], User], matrix_objects: dict[str, Any]
) -> None:
    row: Row = MATRIX[name]
    who = WHO if row.everybody is None else OPEN_SAMPLE
    found = {one: ask(name, row, one, person, matrix_objects) for one in who}
    assert found == {one: row.expected(one) for one in who}, name


def ask(name: str, row: Row, who: str, person: Any, objects: dict[str, Any]) -> int | str:
    """The answer to one person; what it changed is taken back, so the next one meets the same."""
    client = Client(raise_request_exception=False)
    if who != "anonymous":
        client.force_login(person(who))
    options: dict[str, Any] = {"content_type": "application/json"}
    if row.data:
        options = {"data": urlencode(row.data), "content_type": "application/x-www-form-urlencoded"}
    with transaction.atomic():
        answer = client.generic(row.method, row.path(name, objects), **options)
        transaction.set_rollback(True)
    if answer.status_code == 302 and "/tai-khoan/dang-nhap/" in answer.headers["Location"]:
        return "login"
    return int(answer.status_code)


def test_public_pages_are_listed_in_one_place() -> None:
    """Whoever opens a page to everybody adds it here knowingly."""
    assert {name for name, row in MATRIX.items() if row.everybody is not None} == OPEN
