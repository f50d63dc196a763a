"""Every view that is marked as sensitive asks for the password first: found by the resolver."""

import uuid
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accounts.sensitive import MARK
from tests.accounts.factors import confirmed, officer, set_up_app, sign_in
from tests.people import person_make
from tests.strict import StrictClient

pytestmark = pytest.mark.django_db
CONFIRM = "/tai-khoan/xac-nhan/"
# What needs no password though it lies among what does: giving rights back, looking for a name.
FREE = {"powers:elevation_over", "powers:people"}
# Of the second factor: what only shows, signing in and confirming themselves, and the file of codes
# that the page before has shown.
FACTOR_FREE = {
    "mfa_index",
    "mfa_list_webauthn",
    "mfa_authenticate",
    "mfa_reauthenticate",
    "mfa_recovery_codes_file",
}


class Address(NamedTuple):
    name: str
    path: str
    view: Any

    @property
    def methods(self) -> frozenset[str]:
        found: frozenset[str] = getattr(self.view, MARK, frozenset())
        return found


def _walk(patterns: Any, space: str = "") -> Iterator[Address]:
    made = {"UUIDConverter": uuid.UUID(int=1), "IntConverter": 1}
    for item in patterns:
        if isinstance(item, URLResolver):
            inner = f"{space}{item.namespace}:" if item.namespace else space
            if item.app_name != "admin":
                yield from _walk(item.url_patterns, inner)
        elif isinstance(item, URLPattern) and item.name:
            values = {
                name: made.get(type(one).__name__, "x")
                for name, one in item.pattern.converters.items()
            }
            name = space + item.name
            yield Address(name, reverse(name, kwargs=values), item.callback)


ADDRESSES = {one.name: one for one in _walk(get_resolver().url_patterns)}
ASKING = [
    (name, method) for name, one in sorted(ADDRESSES.items()) for method in sorted(one.methods)
]


@pytest.mark.parametrize(("name", "method"), ASKING)
def test_it_asks_before_anything_else(name: str, method: str, client: StrictClient) -> None:
    client.force_login(person_make("admin"))
    path = ADDRESSES[name].path
    answer = client.generic(method, path)
    assert answer.status_code == 302
    # A form that must not lie in a session is shown anew, and that page asks.
    assert answer.url.startswith((CONFIRM, path))
    if not answer.url.startswith(CONFIRM):
        assert client.get(path).url.startswith(CONFIRM)
    confirmed(client, person_make("admin"))
    assert CONFIRM not in client.generic(method, path).headers.get("Location", "")


def test_whatever_changes_powers_tokens_and_sign_ins_is_marked() -> None:
    """The walk above finds what is marked; here nothing is found that should have been."""
    kinds = ("powers:", "account_token_", "account_sign_in")
    taking = {name for name, one in ADDRESSES.items() if name.startswith(kinds) and _takes(one)}
    assert len(taking) >= 10
    assert {name for name in taking if "POST" not in ADDRESSES[name].methods} == FREE
    marked = {name for name, one in ADDRESSES.items() if one.methods}
    assert {"cases:denouncer_search", "cases:renew"} <= marked


def _takes(one: Address) -> bool:
    client = Client(raise_request_exception=False)
    client.force_login(person_make("admin"))
    return client.post(one.path).status_code != 405


def test_the_second_factor_is_changed_after_the_password_only(client: StrictClient) -> None:
    """The pages of the library that keep it."""
    names = {name for name in ADDRESSES if name.startswith("mfa_")}
    user = officer("clerk")
    sign_in(client, "clerk")
    set_up_app(client)
    fresh = Client(raise_request_exception=False)
    fresh.force_login(user)
    asked = {
        name
        for name in names
        if CONFIRM in fresh.get(ADDRESSES[name].path).headers.get("Location", "")
    }
    assert asked == names - FACTOR_FREE
