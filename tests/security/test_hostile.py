"""Hostile inputs against real addresses as real people: refused, inert, and never in the logs.

The payloads lie in ``payloads.py``; uploads have a list of their own in ``tests/attachments``.
"""

import json
import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from hanoi_portal.logging import structured_logging
from tests.accounts.factors import signed_in
from tests.people import PASSWORD, Story, person_make
from tests.permissions.conftest import matrix_objects
from tests.permissions.matrix import MATRIX
from tests.security import payloads as p
from tests.security.database import changed, state

__all__ = ["matrix_objects"]

pytestmark = pytest.mark.django_db
SECONDS = 5.0  # of any one request on a busy machine
SEARCHES = ["cases:inbox", "communes:unit_list", "api:cases", "api:units"]
PLACES = {"case": "HN-00000-00000-00", "session": "00000000-0000-0000-0000-000000000001"}


class Lines(logging.Handler):
    """What would stand in the log of production."""

    def __init__(self) -> None:
        super().__init__()
        config = structured_logging(readable=False)["formatters"]["structured"]
        self.setFormatter(
            config["()"](
                processors=config["processors"], foreign_pre_chain=config["foreign_pre_chain"]
            )
        )
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@pytest.fixture(autouse=True)
def log() -> Iterator[Lines]:
    """No line of any test in this file quotes what was sent, but for the path of an address."""
    with listening() as handler:
        yield handler
    assert not [line for line in handler.lines if p.MARK in line or "evil.example" in line]


@contextmanager
def listening() -> Iterator[Lines]:
    handler = Lines()
    logging.getLogger().addHandler(handler)
    try:
        yield handler
    finally:
        logging.getLogger().removeHandler(handler)


def test_a_line_that_quotes_what_was_sent_would_be_found(log: Lines) -> None:
    """Else the fixture above would hold whatever is logged: the lines of a request and of a failure
    come by it, and what stands in them is seen."""
    with listening() as heard:
        client_of().get(f"/{p.MARK}/", {"q": "gia-tri"})
        logging.getLogger("petitions").warning("refused %s", p.MARK)
        try:
            int(p.MARK)  # whose message quotes it
        except ValueError:
            logging.getLogger("django.request").exception("failed")
    quoting = [line for line in heard.lines if p.MARK in line]
    assert any(f"GET /{p.MARK}/" in line for line in quoting)
    assert any("refused" in line for line in quoting)
    failure = next(line for line in heard.lines if "ValueError" in line)
    assert p.MARK not in failure  # of an error its kind and its place
    assert "test_hostile.py" in failure
    assert not [line for line in heard.lines if "gia-tri" in line]
    log.lines.clear()


def client_of(who: str = "", **options: Any) -> Client:
    client = Client(raise_request_exception=False, **options)
    if who:
        client.force_login(person_make(who))
    return client


class Scripts(HTMLParser):
    """Finds what a browser would run or load out of a payload."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            runs = name.startswith("on") or (
                name in ("src", "href", "action", "srcdoc")
                and (value or "").strip().lower().startswith(("javascript:", "data:text", "//"))
            )
            if runs or (p.MARK in name):
                self.found.append(f"<{tag} {name}={value}>")
        if tag in ("iframe", "math", "object", "embed"):
            self.found.append(f"<{tag}>")


def assert_inert(response: Any) -> None:
    """Nothing fails, and nothing of what was sent would run in a browser."""
    assert response.status_code < 500, response.status_code
    if response.get("Content-Type", "").startswith("text/html"):
        scripts = Scripts()
        page = response.content.decode()
        scripts.feed(page)
        assert not scripts.found
        assert f"alert('{p.MARK}')" not in page
        assert "49" + p.MARK not in page


def test_there_are_three_hundred_of_them() -> None:
    """Texts, addresses, headers and bodies that differ; the files that are refused are more."""
    lists = {name: value for name, value in vars(p).items() if isinstance(value, list)}
    inputs = {repr(one) for value in lists.values() for one in value}
    assert len(inputs) >= 300
    used = "".join(path.read_text() for path in Path(__file__).parent.glob("test_*.py"))
    parts = {"XSS", "TEMPLATES", "SQL", "COMMANDS", "UNICODE"}  # of TEXTS
    assert [name for name in lists if name not in parts and f"p.{name}" not in used] == []


@pytest.mark.parametrize("text", [*p.TEXTS, *p.DISGUISED])
def test_searched(text: str) -> None:
    clerk = client_of("clerk")
    for name in SEARCHES:
        response = clerk.get(reverse(name), {"q": text})
        assert_inert(response)
        if name == "api:cases" and response.status_code == 200:
            assert not response.json()["results"]


@pytest.mark.parametrize("text", [*p.TEXTS, *p.FORMULAS])
def test_filed_and_read_by_officers(text: str, story: Callable[..., Story]) -> None:
    """Stored and shown to staff: page, list, table file, API."""
    tale = story(subject=text, content=text, petitioners=[_person(text)])
    clerk = client_of("clerk")
    for url in (reverse("cases:case", args=[tale.filed.code]), reverse("cases:inbox")):
        assert_inert(clerk.get(url))
    table = b"".join(clerk.get(reverse("cases:export")).streaming_content).decode()  # type: ignore[attr-defined]
    cells = [cell for line in table.splitlines()[1:] for cell in line.split(",")]
    assert not [cell for cell in cells if cell.strip('"').startswith(("=", "+", "-", "@"))]
    answer = clerk.get(reverse("api:case", args=[tale.filed.code]))
    assert answer["Content-Type"] == "application/json"


def _person(text: str) -> dict[str, Any]:
    return {"full_name": text, "address": text, "representative": True}


@pytest.mark.parametrize("text", [*p.XSS, *p.DISGUISED])
def test_typed_into_public_forms(text: str) -> None:
    visitor = client_of()
    for name, data in (
        ("petitions:track", {"code": text, "secret": text}),
        ("petitions:draft_resume", {"token": text}),
        ("receptions:registration_lookup", {"code": text, "secret": text}),
        ("account_login", {"login": text, "password": text}),
    ):
        assert_inert(visitor.post(reverse(name), data))


@pytest.mark.parametrize("path", p.PATHS)
def test_paths(path: str) -> None:
    for who in ("", "admin"):
        response = client_of(who).get(path)
        assert response.status_code in (301, 302, 400, 404), response.status_code
        assert "root:" not in str(response.getvalue())
        if response.status_code in (301, 302):
            assert not response["Location"].startswith(("//", "\\", "/\\"))


@pytest.mark.parametrize("target", [*p.ELSEWHERE, *p.SPLIT])
def test_no_way_out_to_another_site(target: str) -> None:
    """``next`` and its like: after signing in, after choosing a language, back from an error."""
    person_make("clerk")
    answers = [
        client_of().post(
            reverse("account_login"), {"login": "clerk", "password": PASSWORD, "next": target}
        ),
        client_of().post(reverse("set_language"), {"language": "en", "next": target}),
        client_of().post(f"{reverse('set_language')}?{urlencode({'next': target})}"),
        client_of("clerk").get(f"{reverse('account_login')}?{urlencode({'next': target})}"),
    ]
    for answer in answers:
        assert answer.status_code in (200, 302, 400)
        where = answer.get("Location", "/")
        # A path of this site: neither another host nor what a browser takes for one.
        assert not any(urlsplit(where)[:2])
        assert not where.startswith(("//", "/\\", "\\", "/\t", "\t"))
        assert p.MARK not in answer.cookies
        assert "X-Zqx7" not in answer


@pytest.mark.parametrize("host", p.HOSTS)
def test_host(host: str, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["testserver"]
    assert client_of().get("/", headers={"host": host}).status_code == 400


@pytest.mark.parametrize("headers", p.FORWARDED)
def test_headers_that_caches_do_not_key_on_change_nothing(headers: dict[str, str]) -> None:
    for name in ("account_login", "help", "schema"):
        plain, sent = (client_of().get(reverse(name), headers=h) for h in ({}, headers))
        assert sent.status_code == plain.status_code
        assert b"evil.example" not in sent.content
        assert len(sent.content) == len(plain.content)


@pytest.mark.parametrize("value", p.NUMBERS)
def test_numbers(value: str) -> None:
    clerk = client_of("clerk")
    for query in ("page_size", "cursor", "escalation_level", "due_before", "received_after", "q"):
        for name in ("api:cases", "cases:inbox"):
            url = f"{reverse(name)}?{urlencode({query: value})}"
            assert clerk.get(url).status_code < 500, url


@pytest.mark.parametrize("text", p.LONG)
def test_long_inputs_take_no_time(text: str) -> None:
    person_make("clerk")
    clerk, started = client_of("clerk"), time.perf_counter()
    asked = [
        clerk.get(reverse("cases:inbox"), {"q": text[:4000]}),
        clerk.post(reverse("cases:person_search"), {"name": text, "identity_number": text}),
        client_of().post(reverse("petitions:track"), {"code": text, "secret": text}),
        client_of().post(reverse("petitions:draft_resume"), {"token": text}),
        client_of().post(
            reverse("api:petitions"),
            json.dumps({"subject": text, "petitioners": [_person(text) | {"email": text}]}),
            content_type="application/json",
        ),
    ]
    assert all(one.status_code < 500 for one in asked)
    assert time.perf_counter() - started < SECONDS * len(asked)


WRITES = sorted(n for n, row in MATRIX.items() if n.startswith("api:") and row.method == "POST")


def address(name: str) -> str:
    return reverse(name, args=[PLACES.get(arg, arg) for arg in _args(name)])


def _args(name: str) -> list[str]:
    known = {"unknown_uuid": PLACES["session"], "task": PLACES["session"], "ward": "00004",
             "ward_slug": "ba-dinh", "visit": PLACES["case"],
             "delegation": PLACES["session"], "import": PLACES["session"], "pattern": PLACES["session"],
             "programme": PLACES["session"], "opinion": PLACES["session"], "model": PLACES["session"],
             "signal": PLACES["session"], "land_project": PLACES["session"],
             "reform": PLACES["session"], "paper": PLACES["session"], "batch": PLACES["session"]}  # fmt: skip
    return [known.get(arg, arg) for arg in MATRIX[name].args]


@pytest.mark.parametrize("name", WRITES)
def test_bodies_that_are_none(name: str) -> None:
    client = client_of("chair")
    for body in p.BODIES:
        for kind in ("application/json", "text/xml", "application/x-www-form-urlencoded"):
            answer = client.post(address(name), body, content_type=kind)
            # An empty search finds nothing; everything else is refused.
            found_nothing = name == "api:case-search" and not answer.json().get("results", [1])
            assert 400 <= answer.status_code < 500 or found_nothing, (body[:20], kind)


POSTS = sorted(
    name
    for name, row in MATRIX.items()
    if not name.startswith(("api", "health", "schema", "docs")) and row.method == "POST"
)
FORMS = ["account_login", "account_logout", "account_change_password", "cases:letter_new",
         "receptions_staff:plan", "receptions_staff:pattern_new", "escalation:keeping", "notices:settings", "absences:list",
         "petitions:track", "petitions:draft_resume", "receptions:registration_lookup",
         "cases:routing", "petitions:file_step"]  # fmt: skip


@pytest.mark.parametrize("name", [*POSTS, *FORMS])
def test_a_form_of_another_site_is_refused(name: str) -> None:
    for who in ("chair", "admin"):
        client = client_of(who, enforce_csrf_checks=True)
        for headers in ({}, {"origin": "https://evil.example"}):
            data = dict(MATRIX[name].data) | {"csrfmiddlewaretoken": p.MARK}
            assert client.post(address(name), data, headers=headers).status_code == 403


@pytest.mark.parametrize("verb", p.VERBS)
def test_other_verbs(verb: str) -> None:
    clerk = client_of("clerk")
    for name in ("home", "cases:inbox", "petitions:track", "api:cases", "api:petitions"):
        status = clerk.generic(verb, reverse(name)).status_code
        assert 400 <= status < 500, (name, status)


OWNED = sorted(
    name
    for name, row in MATRIX.items()
    if {"case", "session", "visit", "task"} & set(row.args) and row.everybody is None
)


@pytest.mark.parametrize("name", OWNED)
def test_objects_of_another_unit(name: str, foreign: dict[str, Any]) -> None:
    """IDOR: whoever guesses an address of another unit reads and changes nothing there, though
    what is sent is right in itself and the password was just typed."""
    row = MATRIX[name]
    data, kind = "{}", "application/json"
    if row.data:
        data, kind = urlencode(row.data), "application/x-www-form-urlencoded"
    for who in ("other_clerk", "front", "admin"):
        client = signed_in(who, raise_request_exception=False)
        for method in ("GET", "POST"):
            before = state()
            response = client.generic(method, row.path(name, foreign), data, content_type=kind)
            # The Front of the ward reports on tasks of the ward.
            if who != "front" or response.status_code >= 400:
                assert not changed(before), (who, method)
            shown = response.content.decode() if not response.streaming else ""
            assert response.status_code >= 400 or foreign["subject"] not in shown, (who, method)
            assert response.status_code < 500
            assert "Vũ Thị Thử Nghiệm" not in shown


@pytest.fixture
def foreign(matrix_objects: dict[str, Any]) -> dict[str, Any]:
    return {**matrix_objects, "subject": "Khiếu nại mức bồi thường khi thu hồi đất"}


@pytest.mark.parametrize("query", ["kind=complaint&kind=denunciation", "q=a&q=b", "unit=00004&unit=00008",
                                   "ordering=due_on&ordering=-id", "open=1&open=0", "assignee=clerk&assignee="])  # fmt: skip
def test_parameters_given_twice(query: str) -> None:
    for name in ("cases:inbox", "cases:export", "api:cases"):
        assert client_of("clerk").get(f"{reverse(name)}?{query}").status_code in (200, 302, 400)


@pytest.mark.parametrize("raw", p.BROKEN)
def test_broken_text_in_an_address(raw: str) -> None:
    for name in (
        "cases:inbox",
        "api:cases",
        "communes:unit_list",
        "petitions:track",
        "reports:overview",
    ):
        for field in ("q", "unit", "ma", "do", raw):
            assert client_of("chair").get(f"{reverse(name)}?{field}={raw}").status_code < 500


@pytest.mark.parametrize("size", ["fields", "body", "field", "cookie", "header"])
def test_too_much(size: str) -> None:
    url, visitor = reverse("petitions:track"), client_of()
    if size == "fields":
        answer = visitor.post(url, {f"f{n}": "x" for n in range(400)})
    elif size == "body":
        answer = visitor.post(
            reverse("api:petitions"), b"x" * 3_000_000, content_type="application/json"
        )
    elif size == "field":
        answer = visitor.post(url, {"code": "x" * 2_500_000})
    else:
        visitor.cookies["don"] = p.MARK * 2000
        answer = visitor.get(url, headers={"x-long": "x" * 60_000, "accept-language": "x," * 9000})
        assert answer.status_code == 200
        return
    assert answer.status_code in (400, 413)


def test_a_session_that_was_fixed_is_not_signed_in() -> None:
    person_make("clerk")
    client = client_of()
    client.cookies[settings.SESSION_COOKIE_NAME] = "zqx7" * 8
    answer = client.post(reverse("account_login"), {"login": "clerk", "password": PASSWORD})
    assert answer.status_code == 302
    assert answer.cookies[settings.SESSION_COOKIE_NAME].value != "zqx7" * 8
    before = client.cookies[settings.SESSION_COOKIE_NAME].value
    client.post(reverse("account_logout"))
    other = client_of()
    other.cookies[settings.SESSION_COOKIE_NAME] = before
    assert other.get(reverse("cases:desk")).status_code == 302
