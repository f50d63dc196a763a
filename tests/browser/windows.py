"""What a person does in a browser window, in the words of the page."""

import re
from typing import Any

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, expect

from tests.people import PASSWORD, person_make

TIMEOUT = 20_000  # milliseconds; a busy machine is slow, a wrong page is wrong for ever
PHONE = {"width": 360, "height": 740}
DESKTOP = {"width": 1280, "height": 800}


class Window:
    """One page of one person."""

    def __init__(self, page: Page, origin: str) -> None:
        self.page, self.origin = page, origin
        page.set_default_timeout(TIMEOUT)

    def go(self, path: str) -> "Window":
        answer = self.page.goto(self.origin + path)
        assert answer is not None
        assert answer.ok, f"{answer.status} {path}"
        return self

    def fill(self, **fields: str) -> "Window":
        """Type into the fields with these form names."""
        for name, value in fields.items():
            field = self.page.locator(f'main [name="{name.replace("__", "-")}"]')
            if field.evaluate("field => field.tagName") == "SELECT":
                field.select_option(value)
            else:
                field.fill(value)
        return self

    def choose(self, label: str) -> "Window":
        """Tick the box or the radio button with this label."""
        self.page.get_by_label(label, exact=True).check()
        return self

    def press(self, name: str) -> "Window":
        self.page.locator("main, aside").get_by_role("button", name=name, exact=True).click()
        return self

    def follow(self, name: str) -> "Window":
        self.page.locator("main, aside").get_by_role("link", name=name, exact=True).click()
        return self

    def menu(self, name: str) -> "Window":
        self.page.get_by_role("navigation", name="Chính").get_by_role("link", name=name).click()
        return self

    def sees(self, *texts: str) -> "Window":
        for text in texts:
            expect(self.page.locator("body")).to_contain_text(text, timeout=TIMEOUT)
        return self

    def sees_not(self, text: str) -> "Window":
        expect(self.page.locator("body")).not_to_contain_text(text, timeout=TIMEOUT)
        return self

    def title_is(self, words: str) -> "Window":
        expect(self.page.get_by_role("heading", level=1)).to_contain_text(words, timeout=TIMEOUT)
        return self

    def part(self, heading: str) -> Locator:
        """The region of the page with this heading."""
        return self.page.get_by_role("region", name=heading)

    def fits(self) -> "Window":
        """Nothing sticks out sideways."""
        self.page.wait_for_load_state("load")
        wide, room = self.page.evaluate(
            "(({scrollWidth, clientWidth}) => [scrollWidth, clientWidth])(document.documentElement)"
        )
        assert wide <= room, f"{self.page.url} is {wide} px wide in {room}"
        return self

    @property
    def path(self) -> str:
        return re.sub(r"^https?://[^/]+", "", self.page.url)


class Office:
    """Opens windows on one site and hears what their pages complain about."""

    def __init__(self, browser: Browser, origin: str) -> None:
        self.browser, self.origin = browser, origin
        self.complaints: list[str] = []
        self.contexts: list[BrowserContext] = []

    def window(self, **options: Any) -> Window:
        context = self.browser.new_context(
            locale="vi-VN", reduced_motion="reduce", **{"viewport": DESKTOP, **options}
        )
        self.contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", self._hear)
        return Window(page, self.origin)

    def _hear(self, said: ConsoleMessage) -> None:
        # A form that says what is wrong is answered with 422, which is no fault of the page.
        if said.type == "error" and "the server responded with a status of 422" not in said.text:
            self.complaints.append(f"{said.text} {said.location.get('url', '')}".strip())

    def citizen(self, *, script: bool = False) -> Window:
        """A citizen on a small phone, without JavaScript unless asked."""
        return self.window(java_script_enabled=script, viewport=PHONE)

    def sign_in(self, name: str) -> Window:
        """Somebody of the cast, through the password form."""
        person_make(name)
        window = self.window().go("/tai-khoan/dang-nhap/")
        window.fill(login=name, password=PASSWORD).press("Đăng nhập")
        return window.title_is("Bàn làm việc")

    def close(self) -> None:
        for context in self.contexts:
            context.close()
