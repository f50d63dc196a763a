"""The harness itself notices what it is there for."""

import os
import socket
import warnings

import pytest
from django.http import HttpResponse
from django.template import engines
from django.test import RequestFactory

from hanoi_portal import embedded
from tests.servers import NetworkUse
from tests.strict import page_problems

POLICY = "default-src 'none'; script-src 'self'; style-src 'self'"


def problems(body: str, policy: str = POLICY, path: str = "/") -> list[str]:
    response = HttpResponse(body, headers={"Content-Security-Policy": policy})
    return page_problems(response, path)


def test_a_clean_page_passes() -> None:
    body = '<p class="a">x</p><script src="/static/a.js" defer></script>'
    assert problems(body + '<script type="application/json">{}</script>') == []


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ('<p style="color:red">', "inline style on <p>"),
        ('<svg><rect style="fill:red"/></svg>', "inline style on <rect>"),
        ('<a onclick="x()">', "inline onclick"),
        ("<style>p{}</style>", "inline <style>"),
        ("<script>x()</script>", "inline <script>"),
        ("<p>{{ name }}</p>", "unrendered {{"),
        ("<p>{% if %}</p>", "unrendered {%"),
    ],
)
def test_inline_code_is_noticed(body: str, told: str) -> None:
    assert any(told in problem for problem in problems(body))


def test_a_weak_policy_is_noticed() -> None:
    assert problems("<p>", "")
    assert problems("<p>", POLICY + " 'unsafe-inline'")


def test_an_undefined_variable_fails() -> None:
    template = engines["django"].from_string("{{ nobody_gave_this }}")
    with pytest.raises(AssertionError, match="nobody_gave_this"):
        template.render({}, RequestFactory().get("/"))


@pytest.mark.parametrize("text", ["{% if nobody_gave_this %}{% endif %}", "{{ given }}"])
def test_a_question_about_a_variable_may_be_asked(text: str) -> None:
    assert engines["django"].from_string(text).render({"given": ""}) == ""


def test_the_network_is_out_of_reach() -> None:
    with socket.socket() as outside, pytest.raises(NetworkUse):
        outside.connect(("203.0.113.1", 80))
    with pytest.raises(NetworkUse):
        socket.create_connection(("portal.example", 80))


def test_warnings_are_errors() -> None:
    with pytest.raises(UserWarning):
        warnings.warn("x", stacklevel=1)


def test_the_suite_has_servers_of_its_own() -> None:
    assert embedded.data_dir() != embedded.BASE_DIR / ".data"
    assert "DATABASE_URL" not in os.environ
