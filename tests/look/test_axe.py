"""In a real browser: zero axe violations, no sideways scrolling, nothing that the CSP stops.

Requests are answered in the process by Django's test client, so nothing leaves the machine.
"""

import os
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django import forms
from django.template import engines
from django.test import Client, RequestFactory
from django.utils import translation
from playwright.sync_api import Browser, Request, Route, sync_playwright

from common import ui
from common.forms import DateInput, HintedRadioSelect, PortalForm, TextField
from communes.hexmap import HexUnit, LegendItem, hexmap_cells

ROOT = Path(__file__).resolve().parents[2]
ORIGIN = "http://localhost"  # never asked: every request is answered below
CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--headless",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
TODAY = date(2026, 11, 23)
TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


class SampleForm(PortalForm):
    kind = forms.ChoiceField(
        label="Ông/bà muốn gửi đơn về việc gì?",
        choices=[("a", "Tôi không đồng ý với một quyết định"), ("b", "Tôi phản ánh")],
        widget=HintedRadioSelect(hints={"a": "Quyết định ảnh hưởng đến ông/bà."}),
    )
    content = TextField(label="Nội dung", rows=4, help_text="Kể lại sự việc.")
    held_on = forms.DateField(label="Ngày", widget=DateInput(), required=False)
    unit = forms.ChoiceField(label="Đơn vị", choices=[("", "Chọn"), ("1", "Phường Ba Đình")])
    evidence = forms.FileField(label="Tệp", required=False)
    agree = forms.BooleanField(label="Tôi cam đoan nội dung đúng sự thật")


def _bars() -> list[ui.DueBar]:
    start = date(2026, 11, 2)
    ends = [date(2026, 12, 20), date(2026, 11, 25), date(2026, 11, 20)]
    running = [ui.due_bar(started_on=start, due_on=end, today=TODAY) for end in ends]
    states = ["paused", "met", "missed", "cancelled"]
    pause = [(date(2026, 11, 10), None)]
    return running + [
        ui.due_bar(started_on=start, due_on=ends[0], today=TODAY, state=state, pauses=pause)
        for state in states
    ]


def _gallery() -> str:
    units = [
        HexUnit(f"{i}", f"Đơn vị {i}", kind, i % 4, i // 4, "/", str(i), i % 6, f"{i} quá hạn")
        for i, kind in enumerate(["ward", "commune"] * 6)
    ]
    entry = ui.CalendarEntry("Phường Ba Đình", "/", "08:00", "còn 3 chỗ")
    context: dict[str, Any] = {
        "crumbs": [ui.Crumb("Trang chủ", "/"), ui.Crumb("Thành phần")],
        "tones": ["neutral", "info", "progress", "success", "warning", "danger"],
        "bars": _bars(),
        "events": [
            ui.TimelineItem("Đã nhận đơn", TODAY, "Phường đã nhận đơn.", "UBND phường", href="/"),
            ui.TimelineItem("Đang xác minh", state="current"),
            ui.TimelineItem("Quyết định", state="next"),
        ],
        "rows": [ui.SummaryRow("Họ và tên", "Nguyễn Văn An", "/"), ui.SummaryRow("Ghi chú", "")],
        "grid": ui.month_grid(
            year=2026,
            month=11,
            entries={date(2026, 11, 20): [entry]},
            today=TODAY,
            days_off={date(2026, 11, 24): "ngày nghỉ"},
        ),
        "map": hexmap_cells(units, [LegendItem(i, f"Mức {i}") for i in range(6)]),
        "form": SampleForm({"content": ""}),
    }
    source = (ROOT / "tests/look/gallery.html").read_text(encoding="utf-8")
    with translation.override("vi"):
        template = engines["django"].from_string(source)
        return template.render(context, RequestFactory().get("/thanh-phan/"))


def _static(path: str) -> dict[str, Any]:
    file = ROOT / path.lstrip("/")
    return {"body": file.read_bytes(), "content_type": TYPES.get(file.suffix, "font/woff2")}


def _answer(route: Route, request: Request) -> None:
    path = urlsplit(request.url).path
    if not request.url.startswith(ORIGIN):
        route.abort()
    elif path.startswith("/static/"):
        route.fulfill(**_static(path))
    elif path == "/thanh-phan/":
        policy = Client().get("/tro-giup/").headers.get("Content-Security-Policy", "")
        headers = {"content-type": "text/html; charset=utf-8", "content-security-policy": policy}
        route.fulfill(body=_gallery(), headers=headers)
    else:
        response = Client().get(path)
        route.fulfill(
            status=response.status_code, body=response.content, headers=dict(response.headers)
        )


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if not Path(CHROMIUM).exists():
        if os.environ.get("CI"):
            pytest.fail("Chromium is missing")
        pytest.skip("Chromium is not installed")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_ARGUMENTS)
        yield started
        started.close()


@pytest.mark.browser
@pytest.mark.parametrize("path", ["/tro-giup/", "/kha-nang-tiep-can/", "/thanh-phan/"])
@pytest.mark.parametrize(("width", "scheme"), [(360, "light"), (1280, "light"), (1280, "dark")])
def test_page(browser: Browser, path: str, width: int, scheme: Any) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": 800}, color_scheme=scheme, reduced_motion="reduce"
    )
    context.route("**/*", _answer)
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(ORIGIN + path, wait_until="load")
    page.evaluate((ROOT / "tests/vendor/axe/axe.min.js").read_text(encoding="utf-8"))
    found = page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)["violations"]
    root = page.evaluate(
        "(({scrollWidth, clientWidth}) => [scrollWidth, clientWidth])(document.documentElement)"
    )
    context.close()
    assert [(rule["id"], rule["nodes"][0]["html"]) for rule in found] == []
    assert root[0] <= root[1]
    assert complaints == []
