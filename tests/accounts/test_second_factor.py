"""Officers work with a second factor or not at all; its secrets are sealed."""

import re
from html import unescape
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client, override_settings

from accounts.models import AccountEvent
from accounts.services import api_token_create
from common.history_check import table_check
from tests.accounts.factors import APP, FACTOR, LOGIN, code, confirmed, officer, set_up_app, sign_in
from tests.architecture.test_settings import settings_load
from tests.people import person_make
from tests.strict import StrictClient

pytestmark = pytest.mark.django_db
DESK = "/can-bo/"


@pytest.fixture(autouse=True)
def _moment(time_machine: Any) -> None:
    time_machine.move_to("2026-11-30T02:00:00Z", tick=False)


def test_without_one_every_page_leads_to_the_set_up(client: StrictClient) -> None:
    officer()
    assert sign_in(client, "clerk").url == DESK
    for page in (DESK, "/can-bo/vu-viec/", "/can-bo/thong-bao/", "/tai-khoan/phien/"):
        assert client.get(page).url == FACTOR
    shown = unescape(client.get(FACTOR).content.decode())
    assert "Cần thiết lập lớp bảo vệ thứ hai trước khi tiếp tục" in shown
    for page in ("/", "/tai-khoan/dang-xuat/", "/tai-khoan/doi-mat-khau/", "/tro-giup/"):
        assert client.get(page).status_code == 200, page


def test_without_one_the_session_opens_no_api(client: StrictClient) -> None:
    user = officer()
    client.force_login(user)
    answer = client.get("/api/v1/cases/")
    assert (answer.status_code, answer.json()["code"]) == (403, "second_factor_required")
    token = api_token_create(user=user)
    assert (
        Client(headers={"Authorization": f"Token {token}"}).get("/api/v1/cases/").status_code == 200
    )


def test_demo_accounts_are_excepted_in_the_demo_only(client: StrictClient) -> None:
    client.force_login(person_make("clerk"))
    assert client.get(DESK).status_code == 200
    with override_settings(DEMO_MODE=False):
        assert client.get(DESK).url == FACTOR


def test_the_exception_cannot_exist_in_production() -> None:
    show = "from hanoi_portal.settings import production as p; print(p.DEMO_MODE)"
    secret = "c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LXNlY3I="
    given = {
        "SECRET_KEY": "x" * 50,
        "ALLOWED_HOSTS": "a.example",
        "DATABASE_URL": "postgres://a@b/c",
        "REDIS_URL": "redis://a",
        "IDENTITY_KEYS": f"1:{secret}",
        "TOKEN_HMAC_KEY": secret,
        "BLIND_INDEX_KEY": secret,
        "PUBLIC_BASE_URL": "https://a.example",
        "EMAIL_URL": "smtp://a",
        "DEMO_MODE": "on",
        "RATE_LIMITS": "on",
    }
    ran = settings_load(given, show)
    assert ran.stdout.strip() == "False", ran.stderr


def test_from_set_up_to_sign_in_with_the_app(client: StrictClient, time_machine: Any) -> None:
    officer()
    sign_in(client, "clerk")
    secret = set_up_app(client)
    assert client.get(DESK).status_code == 200
    client.post("/tai-khoan/dang-xuat/")

    time_machine.shift(120)
    answer = sign_in(client, "clerk")
    assert answer.url == FACTOR + "dang-nhap/"
    assert client.get(DESK).status_code == 302  # the password alone opens nothing
    answer = client.post(answer.url, {"code": "000000"})
    assert "Mã không đúng hoặc đã được sử dụng." in unescape(answer.content.decode())
    answer = client.post(FACTOR + "dang-nhap/", {"code": code(secret)})
    assert answer.url == DESK
    assert client.get(DESK).status_code == 200


def test_a_code_works_once(client: StrictClient, time_machine: Any) -> None:
    officer()
    sign_in(client, "clerk")
    secret = set_up_app(client)
    time_machine.shift(120)
    shown = code(secret)
    for expected in (302, 200):
        other = StrictClient()
        sign_in(other, "clerk")
        assert other.post(FACTOR + "dang-nhap/", {"code": shown}).status_code == expected


def test_recovery_codes_are_shown_once_and_work_once(
    client: StrictClient, time_machine: Any
) -> None:
    officer()
    sign_in(client, "clerk")
    set_up_app(client)
    page = FACTOR + "ma-du-phong/"
    codes = re.findall(r'<li class="code">(\d{8})</li>', client.get(page).content.decode())
    assert len(set(codes)) == 10
    again = unescape(client.get(page).content.decode())
    assert not re.search(r"\b\d{8}\b", again)
    assert "Còn 10 mã." in again
    for expected in (302, 200):
        other = StrictClient()
        sign_in(other, "clerk")
        assert other.post(FACTOR + "dang-nhap/", {"code": codes[3]}).status_code == expected
    assert "Còn 9 mã." in unescape(client.get(FACTOR).content.decode())


def test_recovery_codes_are_saved_from_the_page_that_shows_them(client: StrictClient) -> None:
    officer()
    sign_in(client, "clerk")
    set_up_app(client)
    page = client.get(FACTOR + "ma-du-phong/")
    assert "no-store" in page.headers["Cache-Control"]
    (shown,) = re.findall(r'name="codes" value="([0-9 ]+)"', page.content.decode())
    answer = client.post(FACTOR + "ma-du-phong/tep/", {"codes": shown})
    assert answer.headers["Content-Disposition"] == 'attachment; filename="ma-du-phong.txt"'
    assert "no-store" in answer.headers["Cache-Control"]
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    lines = answer.content.decode().splitlines()
    assert lines[-10:] == shown.split()
    assert "clerk" in lines[1]
    for wrong in ("", "1234567", "<b>", f"{shown} 12345678", "12345678\n", "１２３４５６７８"):
        answer = client.post(FACTOR + "ma-du-phong/tep/", {"codes": wrong})
        assert answer.status_code == 400, wrong
    assert client.get(FACTOR + "ma-du-phong/tep/").status_code == 405


def test_what_is_stored_is_sealed(client: StrictClient) -> None:
    user = officer()
    sign_in(client, "clerk")
    secret = set_up_app(client)
    stored = Authenticator.objects.filter(user=user)
    assert {row.type for row in stored} == {"totp", "recovery_codes"}
    for row in stored:
        assert secret not in str(row.data)
        sealed = row.data.get("secret") or row.data.get("seed")
        assert re.fullmatch(r"2:[A-Za-z0-9+/=]{60,}", sealed)  # under the newest key


def test_changes_ask_for_the_password_and_stand_in_the_history(
    client: StrictClient, django_capture_on_commit_callbacks: Any
) -> None:
    user = officer()
    client.force_login(user)
    assert client.get(APP).url == f"/tai-khoan/xac-nhan/?next={APP.replace('/', '%2F')}"
    with django_capture_on_commit_callbacks(execute=True):
        set_up_app(client)
    actions = AccountEvent.objects.filter(user=user).values_list("action", flat=True)
    assert list(actions).count("accounts.second_factor.added") == 2
    assert list(table_check(AccountEvent)) == []


def test_removing_the_last_one_leads_back_to_the_set_up(client: StrictClient) -> None:
    user = officer()
    client.force_login(user)
    set_up_app(client)
    confirmed(client, user)
    assert client.get(APP + "bo/").status_code == 200
    assert client.post(APP + "bo/").url == FACTOR
    assert client.get(DESK).url == FACTOR
    assert not Authenticator.objects.filter(user=user).exists()


def test_the_confirmation_lasts_ten_minutes(client: StrictClient, time_machine: Any) -> None:
    client.force_login(person_make("clerk"))
    confirmed(client, person_make("clerk"))
    assert client.get(APP).status_code == 200
    time_machine.shift(601)
    assert "/xac-nhan/" in client.get(APP).url


def test_what_was_typed_survives_the_confirmation(client: StrictClient) -> None:
    client.force_login(person_make("clerk"))
    typed = {"name": "Hệ thống văn bản", "scopes": ["cases.read"], "days": "90"}
    asked = client.post("/tai-khoan/ma-api/moi/", typed)
    assert "/tai-khoan/xac-nhan/" in asked.url
    answer = client.post(
        asked.url, {"password": "mat-khau-thu-nghiem", "next": "/tai-khoan/ma-api/moi/"}
    )
    assert answer.status_code == 200
    assert "Đã tạo mã API" in unescape(answer.content.decode())
    assert "Hệ thống văn bản" in unescape(answer.content.decode())


def test_the_sign_in_page_says_nothing_of_second_factors(client: StrictClient) -> None:
    """Whether an account has one is told to who knows the password only."""
    officer()
    known = client.post(LOGIN, {"login": "clerk", "password": "falsch"})
    unknown = client.post(LOGIN, {"login": "nobody", "password": "falsch"})
    assert known.content.decode().count("lớp") == unknown.content.decode().count("lớp")
