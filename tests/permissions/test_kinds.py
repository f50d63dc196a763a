"""Every address with a case × every role × the kind of petition and who is accused.

Who must not know of a case gets, at every address and by every method, the very answer that a
code gets which never existed. The addresses come from the resolver: a new one is walked without
anybody's doing. Who may know is written down here by law, not asked of the code.
"""

import re
import uuid
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple
from urllib.parse import urlencode

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from common.codes import code_new
from tests.accounts.factors import confirmed
from tests.people import CAST, OTHER_WARD, WARD, Story, person_make
from tests.permissions.matrix import MATRIX

pytestmark = pytest.mark.django_db
Tell = Callable[..., Story]
# Whoever oversees all cases; the City's secretary no denunciations.
CITY = {"board_head", "city_chair", "inspector"}
# Enough for kinds that are hidden from other bodies only.
SAMPLE = {"other_chair", "board_officer", "party_office", "front", "admin"}
OFFICIAL = {"name": "Ông Phạm Văn Bịa", "position": "officer"}


NEVER = code_new("HN")
_UNKNOWN: dict[tuple[str, str, str], tuple[int, str]] = {}


class Situation(NamedTuple):
    """What is filed to the ward, and who may know of it."""

    filed: dict[str, Any]
    knows: set[str]


SITUATIONS = {
    "complaint": Situation({}, {"clerk", "handler", "chair", "secretary", "city_secretary", *CITY}),
    "feedback": Situation(
        {"kind": "feedback"}, {"clerk", "handler", "chair", "secretary", "city_secretary", *CITY}
    ),
    "recommendation": Situation(
        {"kind": "recommendation"},
        {"clerk", "handler", "chair", "secretary", "city_secretary", *CITY},
    ),
    # Article 56 of the Law on Denunciations: who takes it in and who resolves it.
    "denunciation of another unit": Situation(
        {"kind": "denunciation", "respondent": OFFICIAL | {"unit": OTHER_WARD}},
        {"clerk", "chair", *CITY},
    ),
    # The accused unit is told nothing, nor is who works there: the reception board takes it in.
    "denunciation of the own unit": Situation(
        {"kind": "denunciation", "respondent": OFFICIAL | {"unit": WARD, "position": "head"}},
        {"board_officer", *CITY},
    ),
}


class Address(NamedTuple):
    name: str
    arguments: dict[str, Any]

    def path(self, code: str) -> str:
        return reverse(self.name, kwargs=self.arguments | {"code": code})


def addresses() -> list[Address]:
    """Every staff address with the code of a case in it."""
    return [
        Address(name, _values(pattern))
        for name, pattern in _walk(get_resolver().url_patterns)
        if name.startswith(("cases:", "api:case")) and "code" in pattern.pattern.converters
    ]


def _walk(patterns: Any, space: str = "") -> Iterator[tuple[str, URLPattern]]:
    for item in patterns:
        if isinstance(item, URLResolver):
            inner = f"{space}{item.namespace}:" if item.namespace else space
            yield from _walk(item.url_patterns, inner)
        elif item.name:
            yield space + item.name, item


def _values(pattern: URLPattern) -> dict[str, Any]:
    made = {"IntConverter": 1, "UUIDConverter": uuid.UUID(int=1)}
    return {
        name: made.get(type(converter).__name__, "receive")
        for name, converter in pattern.pattern.converters.items()
        if name != "code"
    }


def unknown(who: str, client: Client, method: str, address: Address) -> tuple[int, str]:
    """The answer for a code that never existed: the same whatever was filed, so asked once."""
    key = (who, method, address.name)
    if key not in _UNKNOWN:
        _UNKNOWN[key] = answer(client, method, address, NEVER)
    return _UNKNOWN[key]


def answer(client: Client, method: str, address: Address, code: str) -> tuple[int, str]:
    """Status and text without what differs from request to request."""
    options: dict[str, Any] = {"content_type": "application/json"}
    row = MATRIX.get(address.name)
    if method == "POST" and row is not None and row.data:
        form = "application/x-www-form-urlencoded"
        options = {"data": urlencode(row.data), "content_type": form}
    mark = transaction.savepoint()  # no block: a step that must be the outermost one still is
    got = client.generic(method, address.path(code), **options)
    transaction.savepoint_rollback(mark)
    text = b"".join(got.streaming_content) if got.streaming else got.content
    plain = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", text.decode("utf-8", "replace"))
    return got.status_code, plain.replace(code, "CODE") + got.headers.get("Location", "").replace(
        code, "CODE"
    )


def test_the_walk_finds_the_addresses() -> None:
    found = {address.name for address in addresses()}
    assert {"cases:case", "cases:action", "cases:identity", "api:case", "api:case-events"} <= found


@pytest.mark.parametrize("name", SITUATIONS)
def test_who_must_not_know_meets_what_never_was(name: str, story: Tell) -> None:
    situation = SITUATIONS[name]
    for who in CAST:
        person_make(who)
    code = story(**situation.filed).filed.code
    differing: list[str] = []
    walked_addresses = addresses()
    walked = set(CAST) if "denunciation" in name else SAMPLE
    for who in sorted(walked - situation.knows):
        client = Client(raise_request_exception=False)
        client.force_login(person_make(who))
        confirmed(client, person_make(who))  # else the password is asked before the right
        differing += [
            f"{who} {method} {address.name}"
            for address in walked_addresses
            for method in ("GET", "POST")
            if answer(client, method, address, code) != unknown(who, client, method, address)
        ]
    assert differing == []


@pytest.mark.parametrize("name", SITUATIONS)
def test_who_may_know_gets_the_page_and_the_api(name: str, story: Tell) -> None:
    """The other side of the rule: the walk above would also pass with everything closed."""
    situation = SITUATIONS[name]
    for who in CAST:
        person_make(who)
    code = story(**situation.filed).filed.code
    seen = set()
    for who in CAST:
        client = Client()
        client.force_login(person_make(who))
        statuses = {
            client.get(reverse(address, args=[code])).status_code
            for address in ("cases:case", "api:case")
        }
        assert len(statuses) == 1, who
        if statuses == {200}:
            seen.add(who)
    assert seen == situation.knows


def test_a_handler_knows_a_denunciation_that_was_assigned(story: Tell) -> None:
    tale = story(**SITUATIONS["denunciation of another unit"].filed)
    tale.do("clerk", "receive", is_signed=True)
    tale.do("clerk", "classify", field="land_compensation")
    tale.do("clerk", "assign", assignee=person_make("handler").username)
    client = Client()
    client.force_login(person_make("handler"))
    assert client.get(reverse("cases:case", args=[tale.filed.code])).status_code == 200
