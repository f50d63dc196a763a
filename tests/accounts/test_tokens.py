"""Tokens: shown once, for named uses, for a while."""

import datetime as dt
from html import unescape
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import get_resolver

from accounts.enums import Scope
from accounts.models import AccountEvent, ApiToken
from accounts.scopes import GROUPS, scope_for
from accounts.services import TokenPlan, api_token_create, tokens_tell
from common.api import MixedView, PublicView
from common.errors import InvalidInput
from common.time import today
from notifications.models import OutboxMessage
from tests.accounts.factors import confirmed
from tests.people import person_make
from tests.strict import StrictClient

pytestmark = pytest.mark.django_db
PAGE, CASES = "/tai-khoan/ma-api/", "/api/v1/cases/"


@pytest.fixture(autouse=True)
def _moment(time_machine: Any) -> None:
    time_machine.move_to("2026-11-30T02:00:00Z", tick=False)


def holder(*scopes: Scope, name: str = "clerk", days: int = 90) -> Client:
    token = api_token_create(user=person_make(name), plan=TokenPlan("thử", scopes, days))
    return Client(headers={"Authorization": f"Token {token}"})


def test_a_scope_opens_its_own_and_nothing_else() -> None:
    reader = holder(Scope.CASES_READ)
    assert reader.get(CASES).status_code == 200
    refused = {
        "GET /api/v1/overview/": "reports.read",
        "GET /api/v1/directives/": "directives.read",
        "POST /api/v1/letters/": "cases.write",
    }
    for call, scope in refused.items():
        method, path = call.split()
        answer = reader.generic(method, path, content_type="application/json")
        assert answer.status_code == 403, call
        assert (answer.json()["code"], answer.json()["scope"]) == ("scope_missing", scope)


def test_a_search_by_post_is_reading() -> None:
    answer = holder(Scope.CASES_READ).post("/api/v1/cases/search/", {}, "application/json")
    assert answer.json().get("code") != "scope_missing"


def test_a_scope_gives_no_right() -> None:
    """The handler's own rights decide; the scope only narrows."""
    every = holder(*Scope, name="front")
    assert every.get(CASES).json()["results"] == []


def test_every_operation_for_officers_has_a_scope() -> None:
    """What no scope names is open to no token: whoever adds an operation decides."""
    missing = []
    for name, view in _operations():
        methods = [m.upper() for m in ("get", "post", "put", "patch", "delete") if hasattr(view, m)]
        if issubclass(view, MixedView):
            methods = list(view.staff_methods)
        missing += [f"{m} {name}" for m in methods if scope_for(name, m) is None]
    assert missing == []


def test_every_scope_is_of_an_operation_that_there_is() -> None:
    names = {name for name, _view in _operations()}
    prefixes = [prefix for prefixes, _scopes in GROUPS for prefix in prefixes]
    assert [p for p in prefixes if not any(name.startswith(p) for name in names)] == []


def _operations(patterns: Any = None) -> list[tuple[str, Any]]:
    found = []
    for item in patterns if patterns is not None else get_resolver().url_patterns:
        if hasattr(item, "url_patterns"):
            if getattr(item, "namespace", None) != "admin":
                found += _operations(item.url_patterns)
        else:
            view = getattr(item.callback, "cls", None)
            if view is not None and item.name and not _is_open(view):
                found.append((item.name, view))
    return found


def _is_open(view: Any) -> bool:
    if issubclass(view, MixedView):
        return not view.staff_methods
    return (
        issubclass(view, PublicView)
        or not view.authentication_classes
        or "drf_spectacular" in view.__module__
    )


def test_it_ends_on_its_day_and_when_revoked(time_machine: Any) -> None:
    reader = holder(Scope.CASES_READ, days=30)
    assert reader.get(CASES).status_code == 200
    time_machine.shift(30 * 86400)
    answer = reader.get(CASES)
    assert answer.status_code == 401
    other = holder(Scope.CASES_READ)
    assert other.get(CASES).status_code == 200
    ApiToken.objects.update(revoked_at=dt.datetime.now(dt.UTC))
    gone = other.get(CASES)
    made_up = Client(headers={"Authorization": "Token x"}).get(CASES)
    assert gone.json() == made_up.json() == answer.json()


def test_the_day_of_the_last_use_is_kept_and_no_more(
    time_machine: Any, django_assert_num_queries: Any
) -> None:
    reader = holder(Scope.CASES_READ)
    assert ApiToken.objects.get().last_used_on is None
    reader.get(CASES)
    assert ApiToken.objects.get().last_used_on == today()


@pytest.mark.parametrize("days", [0, 366, -1])
def test_longer_than_a_year_is_refused(days: int) -> None:
    with pytest.raises(InvalidInput):
        holder(Scope.CASES_READ, days=days)


def test_it_is_shown_once_and_stored_as_a_hash(client: StrictClient) -> None:
    client.force_login(person_make("clerk"))
    confirmed(client, person_make("clerk"))
    typed = {"name": "Phần mềm văn bản", "scopes": ["cases.read"], "days": "30"}
    answer = client.post(PAGE + "moi/", typed)
    assert "no-store" in answer["Cache-Control"]
    token = answer.context["token"]
    assert answer.content.decode().count(token) == 1
    row = ApiToken.objects.get()
    assert token not in str(ApiToken.objects.values().get())
    assert (row.name, row.scopes) == ("Phần mềm văn bản", ["cases.read"])
    assert row.expires_at - row.created_at < dt.timedelta(days=31)
    page = unescape(client.get(PAGE).content.decode())
    assert token not in page
    assert "Phần mềm văn bản" in page
    assert client.post(f"{PAGE}{row.public_id}/").url == PAGE
    assert Client(headers={"Authorization": f"Token {token}"}).get(CASES).status_code == 401
    actions = AccountEvent.objects.filter(action__startswith="accounts.token")
    assert [row.action for row in actions.order_by("id")] == [
        "accounts.token.created",
        "accounts.token.revoked",
    ]


def test_a_reload_makes_no_second_token(client: StrictClient) -> None:
    client.force_login(person_make("clerk"))
    confirmed(client, person_make("clerk"))
    key = client.get(PAGE + "moi/").context["form"]["key"].value()
    typed = {"name": "Văn bản", "scopes": ["cases.read"], "days": "30", "key": key}
    token = client.post(PAGE + "moi/", typed).context["token"]
    again = client.post(PAGE + "moi/", typed)
    assert token not in again.content.decode()
    assert "đã được tạo và đã hiện trước đó" in unescape(again.content.decode())
    assert client.post(PAGE + "moi/", typed | {"name": "Khác"}).status_code == 422
    assert ApiToken.objects.count() == 1
    assert client.get(PAGE + "moi/").context["form"]["key"].value() != key


def test_nobody_revokes_the_token_of_another(client: StrictClient) -> None:
    holder(Scope.CASES_READ, name="chair")
    client.force_login(person_make("clerk"))
    confirmed(client, person_make("clerk"))
    row = ApiToken.objects.get()
    assert client.post(f"{PAGE}{row.public_id}/").status_code == 404
    assert ApiToken.objects.get().revoked_at is None


def test_the_owner_is_told_once_two_weeks_ahead(time_machine: Any) -> None:
    holder(Scope.CASES_READ, days=30)
    assert tokens_tell(today()) == 0
    time_machine.shift(17 * 86400)
    tokens_tell(today())
    tokens_tell(today())
    told = OutboxMessage.objects.filter(template="token_ends", channel="app")
    assert [row.recipient.username for row in told] == ["clerk"]


def test_the_command_takes_options(capsys: pytest.CaptureFixture[str]) -> None:
    person_make("clerk")
    call_command("create_api_token", "clerk")
    call_command("create_api_token", "clerk", scope=["reports.read"], days=10, name="Báo cáo")
    plain, narrow = ApiToken.objects.order_by("id")
    assert set(plain.scopes) == set(Scope.values)
    assert (narrow.scopes, narrow.name) == (["reports.read"], "Báo cáo")
    token = capsys.readouterr().out.split()[-1]
    assert Client(headers={"Authorization": f"Token {token}"}).get(CASES).status_code == 403
    with pytest.raises(CommandError):
        call_command("create_api_token", "clerk", days=1000)
