"""A real Chromium that reaches nothing but this machine, and windows of the people at work."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.mirror import Mirror
from tests.browser.windows import Office
from tests.people import person_make
from tests.servers import chromium
from tests.strict import StrictClient

Check = Callable[..., None]
ROOT = Path(__file__).resolve().parents[2]
ARGUMENTS = [
    "--no-sandbox",
    "--headless",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Headless Chromium; ``tests.servers`` skips the test when there is none."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        yield started
        started.close()


@pytest.fixture
def office(browser: Browser, reference_data: None, live_server: object) -> Iterator[Office]:
    """Windows on a running site; at the end no page may have complained."""
    opened = Office(browser, str(live_server))
    yield opened
    opened.close()
    assert opened.complaints == []


@pytest.fixture(scope="session")
def axe_source() -> str:
    return (ROOT / "tests/vendor/axe/axe.min.js").read_text(encoding="utf-8")


@pytest.fixture
def mirror(browser: Browser, client: StrictClient) -> Iterator[Mirror]:
    """A window on the pages of the test client."""
    context = browser.new_context(reduced_motion="reduce", locale="vi-VN")
    shown = Mirror(context.new_page(), client)
    yield shown
    context.close()
    refused = "the server responded with a status of 4"  # a page that says so is looked at, too
    assert [text for text in shown.complaints if refused not in text] == []


@pytest.fixture
def check(mirror: Mirror, client: StrictClient, axe_source: str) -> Check:
    """``check(path, who=, sent=)``: look at a page, with ``sent`` also at its form sent empty."""

    def look(path: str, *, who: str = "", sent: bool = False) -> None:
        if who:
            client.force_login(person_make(who))
        assert mirror.open(path).faults(axe_source) == []
        if sent:
            assert "error-summary" in mirror.send().page.content()
            assert mirror.faults(axe_source) == []

    return look
