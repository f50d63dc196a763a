"""A visitor who opens every page in reach and writes down every byte of it."""

import io
import re
import zipfile
from collections import Counter, deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import parse_qsl, urlencode, urlsplit

from django.test import Client
from django.urls import Resolver404, resolve

from papers.word import WORD
from tests.permissions.matrix import OPEN

# What a page says anew each time, whatever is in the database.
VOLATILE = [
    (re.compile(rb'name="csrfmiddlewaretoken" value="[^"]*"'), b"CSRF"),
    (re.compile(rb'name="key" value="[^"]*"'), b"KEY"),
    (re.compile(rb'name="message" value="[^"]*"'), b"TOKEN"),
    # Setting up a second factor.
    (re.compile(rb'"challenge": "[^"]*"'), b"CHALLENGE"),
    (re.compile(rb'src="data:image/svg[^"]*" width="240" height="240"'), b"QR"),
    (re.compile(rb'<span class="code code--long">[A-Z2-7]{16,}</span>'), b"FACTOR"),
]
HEADERS = ("ETag", "Last-Modified", "Content-Disposition", "Location", "Content-Type")
HREF = re.compile(r'(?:href|src|action)="([^"#]*)[^"]*"')
FORM = re.compile(r'<form[^>]*method="get"[^>]*>(.*?)</form>', re.DOTALL)
SELECT = re.compile(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', re.DOTALL)
OPTION = re.compile(r'<option value="([^"]+)"')
NEVER = ("/tai-khoan/dang-xuat/", "/static/", "/roi-trang/", "/api/docs/", "/quan-tri/")
PER_VIEW = 2  # addresses of one view with the same names in the query
FOLLOWED_MAX = 40  # addresses found by links, beside the seeds


@dataclass(frozen=True)
class Answer:
    """What came back: all that a reader can see or measure."""

    status: int
    body: bytes
    headers: tuple[tuple[str, str], ...]

    @property
    def text(self) -> str:
        """Everything a reader sees, entities read as their letters."""
        words = unescape(self.body.decode("utf-8", "replace"))
        return words + " ".join(value for _name, value in self.headers)


@dataclass
class Crawl:
    """Every answer by address. ``seeds``: all of them are opened; some links are followed."""

    client: Client
    is_public: bool = True
    found: dict[str, Answer] = field(default_factory=dict)
    _queue: deque[str] = field(default_factory=deque)
    _views: Counter[tuple[str, ...]] = field(default_factory=Counter)

    def run(self, seeds: Iterable[str]) -> dict[str, Answer]:
        for url in seeds:
            self._visit(url)
        most = len(self.found) + FOLLOWED_MAX
        while self._queue and len(self.found) < most:
            url = self._queue.popleft()
            if url not in self.found and self._wanted(url):
                self._visit(url)
        return self.found

    def _wanted(self, url: str) -> bool:
        """A few of a kind: 126 pages of units are one page with other words."""
        parts = urlsplit(url)
        if not parts.path.startswith("/") or parts.path.startswith(NEVER) or parts.netloc:
            return False
        try:
            view = resolve(parts.path).view_name
        except Resolver404:
            return False
        if view in OPEN and not self.is_public:
            return False
        kind = (view, *sorted(name for name, _value in parse_qsl(parts.query)))
        self._views[kind] += 1
        return self._views[kind] <= PER_VIEW

    def _visit(self, url: str) -> None:
        self.found[url] = answer = read(self.client.get(url))
        if dict(answer.headers).get("Content-Type", "").startswith("text/html"):
            self._queue.extend(_links(answer.body.decode(), url))
        location = dict(answer.headers).get("Location")
        if location:
            self._queue.append(location)


def read(response: object) -> Answer:
    """The normalised answer of a test client; of a Word file what stands in it."""
    streaming = getattr(response, "streaming", False)
    body = b"".join(response.streaming_content) if streaming else response.content  # type: ignore[attr-defined]
    if response.get("Content-Type") == WORD:  # type: ignore[attr-defined]
        body = zipfile.ZipFile(io.BytesIO(body)).read("word/document.xml")
    for pattern, word in VOLATILE:
        body = pattern.sub(word, body)
    headers = [(name, response[name]) for name in HEADERS if name in response]  # type: ignore[index,operator]
    return Answer(response.status_code, body, tuple(headers))  # type: ignore[attr-defined]


def _links(page: str, here: str) -> list[str]:
    path = urlsplit(here).path
    found = [unescape(link) for link in HREF.findall(page)]
    urls = [path + link if link.startswith("?") else link for link in found if link]
    for form in FORM.findall(page):
        for name, options in SELECT.findall(form):
            urls += [f"{path}?{urlencode({name: unescape(v)})}" for v in OPTION.findall(options)]
    return urls
