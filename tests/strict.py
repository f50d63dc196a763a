"""A test client that looks at every page it gets as a strict browser would."""

from html.parser import HTMLParser
from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.test import Client

FOREIGN_PAGES = ("/quan-tri/", "/api/docs/")  # templates of Django and drf-spectacular
POLICY_WORDS = ("default-src 'none'", "script-src 'self'", "style-src 'self'")


class StrictClient(Client):
    """Fails on HTML without our content security policy, inline code or an unrendered tag."""

    def request(self, **request: Any) -> Any:
        response = super().request(**request)
        if response.get("Content-Type", "").startswith("text/html") and not response.streaming:
            problems = page_problems(response, request.get("PATH_INFO", ""))
            assert not problems, f"{request.get('PATH_INFO')}: {'; '.join(problems)}"
        return response


class InlineCode(HTMLParser):
    """Collects what the content security policy would refuse."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.problems: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = dict(attrs)
        line = self.getpos()[0]
        for name in names:
            if name == "style" or name.startswith("on"):
                self.problems.append(f"inline {name} on <{tag}> in line {line}")
        if tag == "style":
            self.problems.append(f"inline <style> in line {line}")
        if tag == "script" and "src" not in names and names.get("type") != "application/json":
            self.problems.append(f"inline <script> in line {line}")


def page_problems(response: HttpResponseBase, path: str) -> list[str]:
    """What is wrong with an HTML answer; empty when nothing is."""
    policy = response.get("Content-Security-Policy", "")
    found = [f"policy lacks {words}" for words in POLICY_WORDS if words not in policy]
    if "unsafe" in policy:
        found.append("policy allows something unsafe")
    if path.startswith(FOREIGN_PAGES):
        return found
    assert isinstance(response, HttpResponse)
    text = response.content.decode(response.charset or "utf-8")
    found += [f"unrendered {mark}" for mark in ("{{", "{%") if mark in text]
    parser = InlineCode()
    parser.feed(text)
    return found + parser.problems
