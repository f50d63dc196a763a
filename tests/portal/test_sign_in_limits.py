"""Limits of sign-in are allauth's; they are switched off with ours and say when to come back."""

import pytest
from django.test import Client, override_settings

from tests.architecture.test_settings import settings_load

LOGIN = "/tai-khoan/dang-nhap/"
SHOW = "from hanoi_portal.settings import base; print(base.ACCOUNT_RATE_LIMITS)"


def test_they_follow_ours() -> None:
    assert settings_load({"RATE_LIMITS": "off"}, SHOW).stdout.strip() == "False"
    assert settings_load({"RATE_LIMITS": "on"}, SHOW).stdout.strip() == "{}"


@pytest.mark.django_db
@override_settings(ACCOUNT_RATE_LIMITS={"login": "1/m/ip"})
def test_a_limit_says_when_to_come_back(client: Client) -> None:
    typed = {"login": "clerk-of-the-ward-00004", "password": "not-the-password"}
    assert client.post(LOGIN, typed).status_code == 200
    answer = client.post(LOGIN, typed)
    assert (answer.status_code, answer["Retry-After"]) == (429, "60")
    assert "60 giây" in answer.content.decode()
    assert "not-the-password" not in answer.content.decode()


@pytest.mark.django_db
def test_the_account_page_is_the_sign_in(client: Client) -> None:
    assert client.get("/tai-khoan/")["Location"] == LOGIN
