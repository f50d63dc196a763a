"""What allauth says on the way is Vietnamese; it brings no Vietnamese of its own."""

import re
from html import unescape
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from accounts.words_of_allauth import WORDS
from tests.accounts.factors import APP, FACTOR, code, confirmed, officer, sign_in
from tests.people import PASSWORD
from tests.strict import StrictClient

pytestmark = pytest.mark.django_db
ENGLISH = re.compile(
    r"\b(successfully|signed|password|authenticator|recovery|codes?|security|key|added|removed|"
    r"forgot|current|new|again|please|must|your|you|has|been|this|field|required)\b",
    re.IGNORECASE,
)
TEXTS = (
    "account/messages/logged_in.txt",
    "account/messages/logged_out.txt",
    "account/messages/password_changed.txt",
    "account/messages/password_set.txt",
    "mfa/messages/recovery_codes_generated.txt",
    "mfa/messages/totp_activated.txt",
    "mfa/messages/totp_deactivated.txt",
    "mfa/messages/webauthn_added.txt",
    "mfa/messages/webauthn_removed.txt",
)


@pytest.fixture(autouse=True)
def _moment(time_machine: Any) -> None:
    time_machine.move_to("2026-11-30T02:00:00Z", tick=False)


def words(answer: Any) -> str:
    """What a person reads on a page, without what stands in the attributes."""
    body = answer.content.decode().partition("<body")[2]
    body = re.sub(r"(Google|Microsoft) Authenticator", "", body)
    body = re.sub(r"<script.*?</script>|<noscript>|</noscript>", " ", body, flags=re.DOTALL)
    return unescape(re.sub(r"<[^>]+>", " ", body)).replace("\N{NO-BREAK SPACE}", " ")


def vietnamese(answer: Any) -> str:
    said = words(answer)
    assert answer.status_code in (200, 422)
    assert said.strip()
    assert ENGLISH.findall(said) == [], said
    return said


def test_from_sign_in_to_sign_out(client: StrictClient) -> None:
    user = officer()
    page = client.post(
        "/tai-khoan/dang-nhap/", {"login": "clerk", "password": PASSWORD}, follow=True
    )
    assert "Đã đăng nhập" in vietnamese(page)
    vietnamese(client.get(APP, follow=True))
    client.post("/tai-khoan/xac-nhan/", {"password": PASSWORD, "next": APP})
    page = client.get(APP)
    typed = {"code": code(page.context["form"].secret)}
    vietnamese(client.post(APP, typed, follow=True))  # says it on commit: see the texts below
    confirmed(client, user)
    made = client.post(FACTOR + "ma-du-phong/moi/", follow=True)
    vietnamese(made)
    vietnamese(client.get("/tai-khoan/lop-2/xac-nhan/", follow=True))
    vietnamese(client.get("/tai-khoan/doi-mat-khau/"))
    wrong = {"oldpassword": "x", "password1": "mot-mat-khau-moi-1", "password2": "khac"}
    vietnamese(client.post("/tai-khoan/doi-mat-khau/", wrong))
    new = "mot-mat-khau-moi-1"
    right = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    assert "Đã đổi mật khẩu" in vietnamese(
        client.post("/tai-khoan/doi-mat-khau/", right, follow=True)
    )
    confirmed(client, user)
    gone = client.post(APP + "bo/", follow=True)
    assert "Đã gỡ ứng dụng xác thực" in vietnamese(gone)
    assert "Đã đăng xuất" in words(client.post("/tai-khoan/dang-xuat/", follow=True))


def test_the_code_has_a_name_of_its_own(client: StrictClient, time_machine: Any) -> None:
    officer()
    sign_in(client, "clerk")
    client.get(APP, follow=True)
    client.post("/tai-khoan/xac-nhan/", {"password": PASSWORD, "next": APP})
    page = client.get(APP)
    assert "Mã xác thực" in vietnamese(page)
    assert "Mã tra cứu" not in words(page)
    empty = vietnamese(client.post(APP, {"code": ""}))
    assert "Mã tra cứu" not in empty
    client.post(APP, {"code": code(page.context["form"].secret)})
    time_machine.shift(120)
    other = StrictClient()
    sign_in(other, "clerk")
    asked = vietnamese(other.get(FACTOR + "dang-nhap/"))
    assert "Mã xác thực hoặc mã dự phòng" in asked
    assert "Mã không đúng" in vietnamese(other.post(FACTOR + "dang-nhap/", {"code": "000000"}))


@pytest.mark.parametrize("template", TEXTS)
def test_every_message_is_said_in_vietnamese(template: str) -> None:
    with translation.override("vi"):
        said = render_to_string(
            template, {"user": officer(), "MFA_RECOVERY_CODES_SHOW_ONCE": True}
        ).strip()
    assert said
    assert ENGLISH.findall(said) == []


def test_every_borrowed_word_is_one_of_allauth() -> None:
    """A new release may say it otherwise: then the Vietnamese would silently be gone."""
    from importlib.resources import files

    root = files("allauth")
    sources = " ".join(
        path.read_text(encoding="utf-8").replace("{{name}}", "%(name)s")
        for folder in ("account", "mfa", "templates/account/messages", "templates/mfa/messages")
        for path in (root / folder).rglob("*")  # type: ignore[attr-defined]
        if path.suffix in (".py", ".txt")
    )
    assert [word for word in WORDS if word not in sources] == []
