"""What scanners look at, on every named address and on what lies beside them."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from tests.people import person_make
from tests.permissions.conftest import objects_made
from tests.permissions.matrix import MATRIX

pytestmark = pytest.mark.django_db
EXACT = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Permitted-Cross-Domain-Policies": "none",
}
POLICY = (
    "default-src 'none'", "script-src 'self'", "style-src 'self'", "object-src 'none'",
    "base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'", "frame-src 'none'",
)  # fmt: skip
COOKIES = {settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, "don", "cap-lai", "messages",
           "django_language"}  # fmt: skip
# The one page that other sites may frame, and the only files that their pages may read.
FRAMED = {"receptions:widget"}
OPEN_DATA = {"receptions:data_json", "receptions:data_csv"}
# Public files that are the same for everybody; all else is kept nowhere.
KEPT = {
    *FRAMED, *OPEN_DATA, "receptions:calendar_ics", "receptions:unit_ics", "receptions:post_ics",
    "api:reception-sessions",
}  # fmt: skip
BESIDE = [
    "/khong-co/",
    "/api/v1/khong-co/",
    "/static/css/portal.css",
    "/health/live/",
    "/api/v1/units",
]


def problems(response: Any) -> list[str]:
    found = [f"{n}: {response.get(n)}" for n, value in EXACT.items() if response.get(n) != value]
    policy = response.get("Content-Security-Policy", "")
    found += [f"policy lacks {words}" for words in POLICY if words not in policy]
    found += ["policy allows something unsafe"] if "unsafe" in policy else []
    powers = response.get("Permissions-Policy", "")
    found += [f"power {one}" for one in ("camera", "geolocation") if f"{one}=()" not in powers]
    for name, cookie in response.cookies.items():
        found += [] if name in COOKIES else [f"cookie {name}"]
        flags = (
            bool(cookie["httponly"]) or not cookie.value,
            cookie["samesite"] or not cookie.value,
        )
        found += [] if all(flags) else [f"flags of cookie {name}"]
    return found


@pytest.mark.parametrize("who", ["anonymous", "chair", "admin"])
def test_every_address_has_all_headers(who: str) -> None:
    objects = objects_made()
    client = Client(raise_request_exception=False)
    if who != "anonymous":
        client.force_login(person_make(who))
    for name, row in MATRIX.items():
        response = client.generic(row.method, row.path(name, objects))
        found = problems(response)
        if name in FRAMED:
            found = [what for what in found if "rame" not in what]
            assert "frame-ancestors *" in response["Content-Security-Policy"]
            assert "X-Frame-Options" not in response
            assert not [cookie for cookie in response.cookies.values() if cookie.value]
        if name in OPEN_DATA:
            found.remove("Cross-Origin-Resource-Policy: cross-origin")
        assert not found, (name, found)
        assert ("Access-Control-Allow-Origin" in response) == (name in OPEN_DATA), name
        kept = name in KEPT and row.expected(who) == 200
        assert ("public" if kept else "no-store") in response["Cache-Control"], name


@pytest.mark.parametrize("path", BESIDE)
def test_what_lies_beside_has_them_too(path: str, client: Client) -> None:
    response = client.get(path)
    assert not problems(response), problems(response)
    response.close()


def test_an_error_has_them_too(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr("hanoi_portal.views.render", broken)
    response = Client(raise_request_exception=False).get(reverse("home"))
    assert response.status_code == 500
    assert not problems(response), problems(response)
    assert Client().get("/", headers={"host": "bad host"}).status_code == 400


def test_pages_name_no_other_site(client: Client) -> None:
    """Links that a person follows may leave the site; nothing is fetched from another."""
    fetched = re.compile(
        r'<(?:script|img|link|iframe|form|source)[^>]*(?:src|href|action)="(\w+:)?//'
    )
    for name, row in MATRIX.items():
        if row.everybody == 200 and not row.args:
            page = client.get(reverse(name))
            if page["Content-Type"].startswith("text/html"):
                assert not fetched.search(page.content.decode()), name


# Fields that take who somebody is or what somebody wrote; they never go into an address.
PERSONAL = re.compile(
    r'name="[^"]*(full_name|identity_number|phone|address|email|content|secret|token|password'
    r'|respondent|reason|answer|note|text)[^"]*"'
)
GET_FORM = re.compile(r"<form(?![^>]*method=\"post\")[^>]*>.*?</form>", re.DOTALL | re.IGNORECASE)


def test_forms_with_personal_data_are_posted() -> None:
    for path in Path(settings.BASE_DIR, "templates").rglob("*.html"):
        for form in GET_FORM.findall(path.read_text()):
            assert not PERSONAL.search(form), path


def test_every_cookie_is_explained(client: Client) -> None:
    page = client.get(reverse("privacy")).content.decode()
    for name in COOKIES:
        assert f"<code>{name}</code>" in page
