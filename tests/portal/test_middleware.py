"""The visitor's address, language and what is logged about a request."""

import json
import logging
import sys
from typing import Any

import pytest
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse
from pytest_django.fixtures import Settings

from hanoi_portal.logging import structured_logging
from hanoi_portal.middleware import RealAddress, RequestLog


def seen_address(remote: str, forwarded: str = "") -> str:
    def page(request: HttpRequest) -> HttpResponse:
        return HttpResponse(request.META["REMOTE_ADDR"])

    request = RequestFactory().get("/", REMOTE_ADDR=remote)
    if forwarded:
        request.META["HTTP_X_FORWARDED_FOR"] = forwarded
    return RealAddress(page)(request).content.decode()


@pytest.mark.parametrize(
    ("remote", "forwarded", "seen"),
    [
        ("203.0.113.5", "198.51.100.7", "203.0.113.5"),
        ("172.16.0.2", "198.51.100.7", "198.51.100.7"),
        ("172.16.0.2", "1.2.3.4, 198.51.100.7", "198.51.100.7"),
        ("172.16.0.2", "198.51.100.7, 172.16.0.9", "198.51.100.7"),
        ("172.16.0.2", "", "172.16.0.2"),
        ("172.16.0.2", "nonsense", "nonsense"),
    ],
)
def test_only_our_proxy_is_believed(
    settings: Settings, remote: str, forwarded: str, seen: str
) -> None:
    settings.TRUSTED_PROXIES = ["172.16.0.0/12"]
    assert seen_address(remote, forwarded) == seen


def test_without_a_proxy_nothing_is_believed() -> None:
    with pytest.raises(MiddlewareNotUsed):
        seen_address("203.0.113.5", "198.51.100.7")


def test_vietnamese_whatever_the_browser_prefers(client: Client) -> None:
    html = client.get(reverse("help"), headers={"accept-language": "en"})
    assert html["Content-Language"] == "vi"
    client.cookies["django_language"] = "en"
    assert client.get(reverse("help"))["Content-Language"] == "en"
    client.cookies["django_language"] = "../xx"
    assert client.get(reverse("help"))["Content-Language"] == "vi"


def test_request_line_has_no_query_string() -> None:
    request = RequestFactory().get("/tra-cuu/", {"q": "Nguyễn Văn An"})
    assert RequestLog.format_request(request) == "GET /tra-cuu/"


def test_log_lines_hold_no_personal_data() -> None:
    line = json.loads(_formatted({"event": "request_started", "user_agent": "Firefox"}))
    assert line["event"] == "request_started"
    assert "user_agent" not in line


def test_errors_are_frames_without_messages() -> None:
    try:
        int("00109901234x")
    except ValueError:
        text = _formatted("boom", sys.exc_info())
    line = json.loads(text)
    assert line["error"] == "builtins.ValueError"
    assert line["frames"]
    assert "00109901234x" not in text


def _formatted(message: Any, error: Any = None) -> str:
    config = structured_logging(readable=False)["formatters"]["structured"]
    formatter = config["()"](
        processors=config["processors"], foreign_pre_chain=config["foreign_pre_chain"]
    )
    record = logging.LogRecord("test", logging.INFO, "", 0, message, (), error)
    if isinstance(message, dict):
        record._from_structlog = True
        record._logger, record._name = None, "info"
        for step in config["foreign_pre_chain"][3:]:
            message = step(None, "info", message)
        record.msg = message
    return str(formatter.format(record))
