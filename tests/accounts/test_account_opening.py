"""Accounts are opened by administrators, the first one on the command line."""

from html import unescape
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from accounts.access import access_of
from accounts.models import User
from accounts.roles import Permission
from accounts.services_reset import reset_ask, reset_use
from accounts.templatetags.account_words import reset_secret
from common.errors import NotVisible
from notifications.models import OutboxMessage
from notifications.rendering import words_of
from tests.accounts.elevated import PAGE, PEOPLE, admin, second_admin, take, told_of
from tests.strict import StrictClient

__all__ = ["admin"]
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _moment(time_machine: Any) -> None:
    time_machine.move_to("2026-11-30T02:00:00Z", tick=False)


def test_an_account_is_never_opened_untold(admin: StrictClient) -> None:
    second_admin()
    take()
    typed = {"username": "moi.00004", "full_name": "Cán bộ mới", "email": "moi@example.com"}
    admin.post(PEOPLE + "mo-tai-khoan/", typed)
    assert told_of("account_opened") == ["admin2"]


def test_opening_an_account(admin: StrictClient) -> None:
    page = PEOPLE + "mo-tai-khoan/"
    typed = {"username": "moi.00004", "full_name": "Cán bộ mới", "email": "moi@example.com"}
    assert admin.get(page).url == PAGE
    take()
    assert admin.post(page, typed | {"username": "admin"}).status_code == 422
    assert admin.post(page, typed).url == PEOPLE
    user = User.objects.get(username="moi.00004")
    assert not user.has_usable_password()
    assert not user.is_demo
    assert "Cán bộ mới" in unescape(admin.get(PEOPLE).content.decode())
    told = OutboxMessage.objects.filter(recipient=user)
    assert [row.template for row in told] == ["account_invitation"]


def test_the_first_mail_says_name_and_place_and_holds_three_days(
    client: StrictClient, time_machine: Any
) -> None:
    given = {"name": "Quản trị viên", "email": "quan.tri@example.com"}
    call_command("create_account", "quantri", **given)
    row = OutboxMessage.objects.get(template="account_invitation")
    mail = words_of(row.template, row.params)
    assert "quantri" not in mail.subject
    for said in ("quantri", "/tai-khoan/dang-nhap/", "/tai-khoan/quen-mat-khau/", "ba ngày"):
        assert said in mail.text
    time_machine.shift(3 * 86400 - 1)
    secret = reset_secret(row.params["salt"])
    user = reset_use(secret=secret, password="mot-mat-khau-moi-1")
    reset_ask("quantri")  # from now on it is an ordinary one
    row = OutboxMessage.objects.get(template="password_reset")
    time_machine.shift(3601)
    with pytest.raises(NotVisible):
        reset_use(secret=reset_secret(row.params["salt"]), password="mot-mat-khau-moi-2")
    assert user.has_usable_password()


def test_the_first_link_ends_after_three_days(time_machine: Any) -> None:
    call_command("create_account", "quantri", name="Quản trị viên", email="a@example.com")
    secret = reset_secret(OutboxMessage.objects.get(template="account_invitation").params["salt"])
    time_machine.shift(3 * 86400)
    with pytest.raises(NotVisible):
        reset_use(secret=secret, password="mot-mat-khau-moi-1")


def test_the_first_administrator_comes_from_the_command_line() -> None:
    given = {"name": "Quản trị viên", "email": "quan.tri@example.com"}
    call_command("create_account", "quantri", **given)
    assert access_of(User.objects.get(username="quantri")).has(Permission.ELEVATE)
    with pytest.raises(CommandError):
        call_command("create_account", "quantri", **given)
