"""Failures lock a name for a while; nobody learns from it which names exist."""

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.contrib.auth import hashers
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import AccountEvent, ApiToken, PasswordReset, SignIn, SignInLock, User
from accounts.services import api_token_create
from accounts.services_locks import NOBODY_NAME, account_or_nobody, locks_prune
from common.history_check import table_check
from notifications.models import OutboxMessage
from tests.accounts.factors import LOGIN, sign_in
from tests.people import PASSWORD, person_make
from tests.strict import StrictClient

pytestmark = pytest.mark.django_db
RESET, USE = "/tai-khoan/quen-mat-khau/", "/tai-khoan/mat-khau-moi/"
LOCKED = "Nhập sai quá nhiều lần"
WRONG = "Tên đăng nhập hoặc mật khẩu không đúng."


@pytest.fixture(autouse=True)
def _moment(time_machine: Any) -> None:
    time_machine.move_to("2026-11-30T02:00:00Z", tick=False)
    person_make("clerk")


def said(answer: Any) -> str:
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def fail(client: Client, name: str, times: int) -> list[str]:
    return [said(sign_in(client, name, "khong-dung")) for _ in range(times)]


Ask = Callable[[Client, str], Any]
WAYS: list[Ask] = [
    lambda client, name: sign_in(client, name, "khong-dung"),
    lambda client, name: client.post(RESET, {"login": name}),
]


@pytest.mark.parametrize("name", ["clerk", "khong-ton-tai"])
def test_five_failures_lock_any_name_in_the_same_way(client: StrictClient, name: str) -> None:
    pages = fail(client, name, 6)
    assert [LOCKED in page for page in pages] == [False] * 4 + [True] * 2
    assert all(WRONG in page for page in pages[:4])
    other = StrictClient()  # not a matter of the browser or the address
    assert LOCKED in said(sign_in(other, name, PASSWORD))


def test_it_opens_by_itself_after_a_quarter_of_an_hour(
    client: StrictClient, time_machine: Any
) -> None:
    fail(client, "clerk", 5)
    time_machine.shift(899)
    assert LOCKED in said(sign_in(client, "clerk"))
    time_machine.shift(2)
    assert sign_in(client, "clerk").url == "/can-bo/"


def test_the_right_password_and_time_forget_failures(
    client: StrictClient, time_machine: Any
) -> None:
    fail(client, "clerk", 4)
    sign_in(client, "clerk")
    client.post("/tai-khoan/dang-xuat/")
    fail(client, "clerk", 4)
    time_machine.shift(901)
    assert LOCKED not in fail(client, "clerk", 1)[0]
    time_machine.shift(2 * 86400)
    assert locks_prune() == 1


def test_the_owner_is_told_and_the_history_knows(client: StrictClient) -> None:
    fail(client, "clerk", 5)
    told = OutboxMessage.objects.filter(template="account_locked", channel="app")
    assert [row.recipient.username for row in told] == ["clerk"]
    actions = AccountEvent.objects.filter(user__username="clerk").values_list("action", flat=True)
    assert list(actions) == ["accounts.sign_in.locked"]
    fail(client, "khong-ton-tai", 5)
    assert not OutboxMessage.objects.filter(
        template="account_locked", channel="email", state="pending"
    ).exclude(recipient__username="clerk")
    assert User.objects.get(username=NOBODY_NAME).is_active is False


@pytest.mark.parametrize("typed", ["CLERK", " Clerk ", "\uff43lerk"])
def test_the_owner_is_told_however_the_name_was_typed(client: StrictClient, typed: str) -> None:
    """Failures are counted without a difference of case, so the lock is that account's too."""
    fail(client, typed, 5)
    assert LOCKED in said(sign_in(client, "clerk"))
    event = AccountEvent.objects.get(action="accounts.sign_in.locked")
    assert event.user.username == "clerk"
    told = OutboxMessage.objects.filter(template="account_locked", channel="app")
    assert [row.recipient.username for row in told] == ["clerk"]


def test_of_two_names_that_differ_in_case_the_typed_one_is_meant() -> None:
    other = User.objects.create_user("CLERK", full_name="Cán bộ khác")
    assert account_or_nobody("CLERK") == other
    assert account_or_nobody("clerk").username == "clerk"


def test_failures_stand_in_the_history_at_the_next_sign_in(
    client: StrictClient, time_machine: Any
) -> None:
    """Also those of a patient guesser, who stays below the lock."""
    fail(client, "clerk", 4)
    time_machine.shift(901)
    fail(client, "clerk", 3)
    sign_in(client, "clerk")
    rows = AccountEvent.objects.filter(user__username="clerk").order_by("sequence")
    assert [(row.action, row.data.get("failures")) for row in rows] == [
        ("accounts.sign_in.failed", 7),
        ("accounts.sign_in.begun", None),
    ]
    assert list(table_check(AccountEvent)) == []


@pytest.mark.parametrize("way", [0, 1], ids=["sign-in", "reset"])
def test_names_without_an_account_leave_nothing_that_grows(way: int) -> None:
    """And nobody waits for them: the row that stands for all of them is not locked."""
    ask = WAYS[way]
    ask(Client(), "khong-ton-tai-0")
    before = AccountEvent.objects.count()
    with CaptureQueriesContext(connection) as queries:
        for number in range(1, 4):
            ask(Client(), f"khong-ton-tai-{number}")
    assert AccountEvent.objects.count() == before
    locking = [q["sql"] for q in queries if "FOR NO KEY UPDATE" in q["sql"]]
    assert all("accounts_signinlock" in sql for sql in locking), locking


def test_no_typed_name_is_kept(client: StrictClient) -> None:
    fail(client, "khong-ton-tai", 3)
    rows = [*SignInLock.objects.values(), *AccountEvent.objects.values("data", "action")]
    assert "khong-ton-tai" not in str(rows)


@pytest.mark.parametrize("way", WAYS, ids=["sign-in", "reset"])
def test_known_and_unknown_names_run_the_same_steps(
    way: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One hash, the same queries in the same order, the same page."""
    hashes: list[str] = []
    encode = hashers.MD5PasswordHasher.encode

    def counted(self: Any, password: str, salt: str) -> str:
        hashes.append("hash")
        return encode(self, password, salt)

    monkeypatch.setattr(hashers.MD5PasswordHasher, "encode", counted)
    way(Client(), "first-unknown")  # makes the account that stands for none
    way(Client(), "clerk")
    found: dict[str, list[Any]] = {}
    for name in ("clerk", "first-unknown", "clerk", "first-unknown"):
        hashes.clear()
        with CaptureQueriesContext(connection) as queries:
            page = way(Client(), name).content.decode()
        shapes = [_shape(query["sql"]) for query in queries]
        found.setdefault(name, []).append((shapes, len(hashes), _plain(page, name)))
    assert found["clerk"] == found["first-unknown"]


def _shape(sql: str) -> str:
    """A statement without its values."""
    return re.sub(r"""'(?:[^']|'')*'|"s\d+_x\d+"|\b\d+\b|NULL""", "?", sql)[:200]


def _plain(page: str, name: str) -> str:
    page = page.replace(name, "NAME")
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page)


def test_five_failures_of_both_run_the_same_steps() -> None:
    """Also the failure that locks, and what comes after it."""
    fail(Client(), "warm", 5)  # makes the account that stands for none
    for name in ("clerk", "first-unknown"):
        sign_in(Client(), name, "x")
    counts: dict[str, list[int]] = {}
    for name in ("clerk", "first-unknown"):
        for _ in range(5):
            with CaptureQueriesContext(connection) as queries:
                sign_in(Client(), name, "x")
            counts.setdefault(name, []).append(len(queries))
    assert counts["clerk"] == counts["first-unknown"]


def link_of(name: str) -> str:
    """The address in the mail to somebody."""
    from notifications.rendering import words_of

    row = OutboxMessage.objects.get(template="password_reset", recipient__username=name)
    text = words_of(row.template, row.params).text
    return next(word for word in text.split() if "?ma=" in word).partition("testserver")[2]


def test_a_new_password_by_link(client: StrictClient) -> None:
    other = StrictClient()
    sign_in(other, "clerk")
    api_token_create(user=person_make("clerk"))
    fail(client, "clerk", 5)
    answer = client.post(RESET, {"login": "clerk"})
    assert "Hãy xem hộp thư điện tử" in said(answer)
    link = link_of("clerk")
    answer = client.get(link)
    assert answer.url == USE  # the secret leaves the address
    client.get(link)
    assert PasswordReset.objects.get().used_at is None  # opening changes nothing
    wrong = {"password": "mat-khau-moi-2026", "again": "khac"}
    assert client.post(USE, wrong).status_code == 422
    weak = {"password": "12345678", "again": "12345678"}
    assert client.post(USE, weak).status_code == 422
    assert PasswordReset.objects.get().used_at is None
    typed = {"password": "mat-khau-moi-2026", "again": "mat-khau-moi-2026"}
    assert client.post(USE, typed).url == LOGIN
    assert other.get("/can-bo/").status_code == 302
    assert SignIn.objects.get().ended_as == "password"
    assert ApiToken.objects.get().revoked_at is not None
    assert client.get(link, follow=True).status_code == 404
    assert sign_in(client, "clerk", "mat-khau-moi-2026").url == "/can-bo/"


def test_a_link_ends_after_an_hour_and_with_the_next_one(
    client: StrictClient, time_machine: Any
) -> None:
    client.post(RESET, {"login": "clerk"})
    link = link_of("clerk")
    time_machine.shift(3601)
    assert client.get(link, follow=True).status_code == 404
    OutboxMessage.objects.all().delete()
    client.post(RESET, {"login": "clerk"})
    second = link_of("clerk")
    OutboxMessage.objects.all().delete()
    client.post(RESET, {"login": "clerk"})
    assert client.get(second, follow=True).status_code == 404
    assert client.get(link_of("clerk"), follow=True).status_code == 200


@pytest.mark.parametrize("name", ["clerk", "khong-ton-tai"])
def test_asking_without_end_kills_no_link(
    client: StrictClient, time_machine: Any, name: str
) -> None:
    """Whoever asks for the links of another would keep that person from ever using one."""
    pages = set()
    for _ in range(5):
        pages.add(_plain(said(client.post(RESET, {"login": name})), name))
    assert len(pages) == 1
    assert PasswordReset.objects.count() == 3
    assert PasswordReset.objects.filter(used_at=None).count() == 1
    time_machine.shift(3601)
    client.post(RESET, {"login": name.upper()})
    assert PasswordReset.objects.count() == 4


def test_the_outbox_holds_no_key_of_the_link(client: StrictClient) -> None:
    client.post(RESET, {"login": "clerk"})
    link = link_of("clerk")
    secret = link.partition("?ma=")[2]
    assert secret not in str(list(OutboxMessage.objects.values()))
    assert (
        OutboxMessage.objects.filter(template="password_reset")
        .values_list("channel", flat=True)
        .get()
        == "email"
    )


def test_unknown_and_closed_accounts_get_nothing(client: StrictClient) -> None:
    User.objects.filter(username="clerk").update(is_active=False)
    for name in ("clerk", "khong-ton-tai"):
        assert "Hãy xem hộp thư điện tử" in said(client.post(RESET, {"login": name}))
    assert not OutboxMessage.objects.filter(state="pending").exists()
