"""Second factors and confirmed passwords, for tests."""

import time
from typing import Any, TypeVar

from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client

from accounts.models import User
from tests.people import PASSWORD, person_make

LOGIN, FACTOR = "/tai-khoan/dang-nhap/", "/tai-khoan/lop-2/"
APP = FACTOR + "ung-dung/"
AnyClient = TypeVar("AnyClient", bound=Client)


def officer(name: str = "clerk") -> User:
    """Somebody of the cast whom no demo excepts."""
    user = person_make(name)
    User.objects.filter(pk=user.pk).update(is_demo=False)
    return User.objects.get(pk=user.pk)


def sign_in(client: Client, name: str, password: str = PASSWORD, **extra: Any) -> Any:
    return client.post(LOGIN, {"login": name, "password": password}, **extra)


def code(secret: str, steps: int = 0) -> str:
    """What the app shows now, or so many half minutes later."""
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps)))


def confirmed(client: AnyClient, user: User, *, for_seconds: int = 0) -> AnyClient:
    """As if the password had been confirmed just now, or so many seconds ahead."""
    session = client.session
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [
        {"method": "password", "at": time.time() + for_seconds, "reauthenticated": True}
    ]
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()
    return client


def signed_in(name: str, **options: Any) -> Client:
    """The browser of somebody of the cast who has just typed the password again."""
    client, user = Client(**options), person_make(name)
    client.force_login(user)
    return confirmed(client, user)


def set_up_app(client: Client) -> str:
    """Through the pages: confirm the password, type the app's code; returns the app's key."""
    page = client.get(APP, follow=True)
    if page.redirect_chain:
        client.post(page.redirect_chain[-1][0], {"password": PASSWORD})
    page = client.get(APP)
    secret = str(page.context["form"].secret)
    assert secret in page.content.decode()
    answer = client.post(APP, {"code": code(secret)})
    assert answer.status_code == 302, answer.content.decode()
    return secret
