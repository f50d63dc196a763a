"""Pages of the test client in a real browser: no server, no commit, one request at a time.

Whatever the browser asks for is answered in the process, inside the transaction of the test, so
the state of a page is made as in any other test.
"""

import contextvars
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import ConsoleMessage, Page, Request, Route

from tests.strict import StrictClient

ROOT = Path(__file__).resolve().parents[2]
ORIGIN = "http://localhost"
TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OPEN_ALL = "document.querySelectorAll('details').forEach(item => { item.open = true; })"
WIDTHS = "(({scrollWidth, clientWidth}) => [scrollWidth, clientWidth])(document.documentElement)"


class Mirror:
    """Shows what ``client`` gets on ``page``."""

    def __init__(self, page: Page, client: StrictClient) -> None:
        self.page, self.client = page, client
        self.complaints: list[str] = []
        # Playwright calls back in a context of its own, where Django would open another connection
        self.context = contextvars.copy_context()
        page.route("**/*", self._answer)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", self._said)

    def _said(self, said: ConsoleMessage) -> None:
        """Every word of the console, but for what only this build of the browser does not know."""
        if "Permissions-Policy header: Unrecognized feature" not in said.text:
            self.complaints.append(said.text)

    def _answer(self, route: Route, request: Request) -> None:
        parts = urlsplit(request.url)
        if not request.url.startswith(ORIGIN):
            route.abort()
        elif parts.path.startswith("/static/"):
            file = ROOT / parts.path.lstrip("/")
            kind = TYPES.get(file.suffix, "font/woff2")
            route.fulfill(body=file.read_bytes(), content_type=kind)
        else:
            path = f"{parts.path}?{parts.query}"
            route.fulfill(**self.context.copy().run(self._asked, request, path))

    def _asked(self, request: Request, path: str) -> dict[str, Any]:
        """The client's answer, redirects followed here: the browser would leave the process."""
        if request.method == "POST":
            kind = request.headers.get("content-type", "")
            body = request.post_data_buffer or b""
            answer = self.client.post(path, body, content_type=kind, follow=True)
        else:
            answer = self.client.get(path, follow=True)
        headers = {k: v for k, v in answer.headers.items() if k.lower() != "content-length"}
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        return {"status": answer.status_code, "body": body, "headers": headers}

    def open(self, path: str) -> "Mirror":
        """Show a page with everything that can be unfolded unfolded."""
        self.page.goto(ORIGIN + path, wait_until="load")
        self.page.evaluate(OPEN_ALL)
        return self

    def send(self) -> "Mirror":
        """Press the main button of the page's form as it stands."""
        with self.page.expect_navigation(wait_until="load"):
            self.page.locator("main form[method=post]:not([data-beside])").last.evaluate(
                "form => form.submit()"
            )
        self.page.evaluate(OPEN_ALL)
        return self

    def faults(self, axe: str) -> list[str]:
        """What axe finds and what sticks out, on a desk and on a phone."""
        return page_faults(self.page, axe)


def page_faults(page: Page, axe: str) -> list[str]:
    """What axe finds on a page and what sticks out of it, on a desk and on a phone."""
    found: list[str] = []
    page.evaluate(axe)
    for width in (1280, 360):
        page.set_viewport_size({"width": width, "height": 800})
        run = "rules => axe.run(document, {runOnly: rules, resultTypes: ['violations']})"
        rules = page.evaluate(run, RULES)["violations"]
        found += [f"{width}: {rule['id']} {rule['nodes'][0]['html']}" for rule in rules]
        wide, room = page.evaluate(WIDTHS)
        if wide > room:
            found.append(f"{width}: {wide} px wide in {room}: {_widest(page)}")
    return found


def _widest(page: Page) -> str:
    script = """() => [...document.querySelectorAll('main *, header *, footer *, aside *')]
        .filter(item => item.getBoundingClientRect().right > innerWidth + 0.5)
        .map(item => item.outerHTML.slice(0, 160))[0] || ''"""
    return str(page.evaluate(script))
