"""Site pages answer in both languages; error pages say what to do; the first load is small.

No test here opens the database, but for the home page, which shows the next receptions when it
can: these pages must stand when it does not.
"""

import csv
import gzip
import re
from pathlib import Path

import pytest
from django.db import OperationalError
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import translation

from common.errors import DomainError, Stale
from common.middleware import DomainErrorMiddleware

ROOT = Path(__file__).resolve().parents[2]
FIRST_LOAD = 120 * 1024
NEXT_LOAD = 40 * 1024
PAGES = [
    pytest.param("home", marks=pytest.mark.django_db), "help", "accessibility", "privacy",
]  # fmt: skip


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize(
    ("language", "brand"),
    [("vi", "Cổng tiếp công dân Hà Nội"), ("en", "Hanoi Citizens' Reception Portal")],
)
def test_page_in_both_languages(client: Client, name: str, language: str, brand: str) -> None:
    client.cookies["django_language"] = language
    html = client.get(reverse(name)).content.decode()
    assert f'<html lang="{language}">' in html
    assert brand in html
    assert html.count("<h1") == 1
    assert not re.search(r"\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)", html)


def test_home_stands_without_the_database(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_args: object) -> None:
        raise OperationalError

    monkeypatch.setattr("receptions.templatetags.reception_calendar.sessions_upcoming", away)
    page = client.get("/")
    assert page.status_code == 200
    assert "next-receptions" not in page.content.decode()


def test_language_switch_keeps_the_page(client: Client) -> None:
    response = client.post(reverse("set_language"), {"language": "en", "next": reverse("help")})
    assert response.status_code == 302
    assert response["Location"] == reverse("help")
    assert b'<html lang="en">' in client.get(reverse("help")).content


@pytest.mark.parametrize("name", ["403", "403_csrf", "404", "409", "422", "429", "500", "400"])
def test_error_pages_need_no_context(name: str) -> None:
    with translation.override("vi"):
        html = render_to_string(f"{name}.html")
    assert html.count("<h1") == 1
    assert "Về trang chủ" in html


def test_conflict_page_gives_back_what_was_typed() -> None:
    context = {"message": "Đã đổi", "back_href": "/x/", "typed": ["một\nhai"]}
    html = render_to_string("409.html", context, request=RequestFactory().get("/"))
    assert "một<br>hai" in html
    assert 'href="/x/"' in html


def test_refused_form_comes_back_with_what_was_typed() -> None:
    request = RequestFactory().post(
        "/can-bo/vu-viec/x/",
        {"opinion": "Đề nghị thụ lý vì đủ điều kiện", "secret": "k" * 40, "version": "3"},
        headers={"referer": "http://testserver/can-bo/vu-viec/x/?a=1"},
    )
    middleware = DomainErrorMiddleware(lambda _request: HttpResponse())
    response = middleware.process_exception(request, Stale())
    assert response is not None
    html = response.content.decode()
    assert response.status_code == 409
    assert "Đề nghị thụ lý vì đủ điều kiện" in html
    assert 'href="/can-bo/vu-viec/x/"' in html
    assert "k" * 40 not in html


def test_foreign_referer_is_no_way_back() -> None:
    request = RequestFactory().post("/x/", headers={"referer": "https://elsewhere.example/a/"})
    middleware = DomainErrorMiddleware(lambda _request: HttpResponse())
    response = middleware.process_exception(request, DomainError(code="full", status=409))
    assert response is not None
    assert "elsewhere" not in response.content.decode()


def test_too_many_requests_says_when_to_come_back() -> None:
    with translation.override("vi"):
        assert "sau 30 giây" in render_to_string("429.html", {"extra": {"retry_after": 30}})


def _wire_size(path: Path) -> int:
    data = path.read_bytes()
    return len(data) if path.suffix == ".woff2" else len(gzip.compress(data, 6))


def _referenced(html: str) -> set[Path]:
    """Files of ``static/`` that a page loads, whatever hash the storage put in their names."""
    found = set()
    for address in re.findall(r'(?:href|src)="/static/([^"]+)"', html):
        plain = ROOT / "static" / re.sub(r"\.[0-9a-f]{12}(?=\.\w+$)", "", address)
        assert plain.is_file(), address
        found.add(plain)
    return found


@pytest.mark.parametrize("name", PAGES)
def test_budget(client: Client, name: str) -> None:
    content = client.get(reverse(name)).content
    page = len(gzip.compress(content, 6))
    files = {path: _wire_size(path) for path in _referenced(content.decode())}
    assert len([path for path in files if path.suffix == ".woff2"]) == 4
    assert page + sum(files.values()) <= FIRST_LOAD, files
    assert page <= NEXT_LOAD


def test_limits_on_the_help_page_are_those_of_the_rules(client: Client) -> None:
    client.cookies["django_language"] = "en"
    html = client.get(reverse("help")).content.decode()
    shown = dict(re.findall(r'data-rule="([A-Z0-9-]+)">([^<]+)<', html))
    with (ROOT / "deadlines/rules.csv").open(encoding="utf-8", newline="") as file:
        rules = {row["code"]: row for row in csv.DictReader(file)}
    assert len(shown) == 8
    for code, words in shown.items():
        kind = "working days" if rules[code]["day_kind"] == "working" else "days"
        assert words == f"{rules[code]['days']} {kind}", code


def test_pages_travel_compressed() -> None:
    response = Client().get(reverse("help"), headers={"accept-encoding": "gzip"})
    assert response.headers["Content-Encoding"] == "gzip"
