"""Every component renders, says its state in words and needs no script."""

import re
from datetime import date
from typing import Any

import pytest
from django.contrib.messages.storage.base import Message
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation

from common import ui
from communes.hexmap import HexUnit, LegendItem, hexmap_cells


@pytest.fixture(autouse=True)
def _vietnamese() -> Any:
    with translation.override("vi"):
        yield


def render(source: str, **context: Any) -> str:
    html = Template("{% load ui %}" + source).render(Context(context))
    assert not re.search(r"\sstyle=|\son[a-z]+=|<script", html)
    return re.sub(r"\s+", " ", html)


@pytest.mark.parametrize("tone", ["neutral", "info", "progress", "success", "warning", "danger"])
def test_status_badge_has_a_word_and_a_shape(tone: str) -> None:
    html = render("{% status_badge label tone %}", label="Đang xác minh", tone=tone)
    assert "Đang xác minh" in html
    assert f"status--{tone}" in html
    assert re.search(r"<(path|circle)", html)


def test_unknown_tone_is_neutral() -> None:
    assert "status--neutral" in render("{% status_badge 'x' 'shouting' %}")


def test_due_bar_says_days_and_date() -> None:
    bar = ui.due_bar(
        started_on=date(2026, 11, 16),
        due_on=date(2026, 11, 26),
        today=date(2026, 11, 23),
        days_left=2,
        working=True,
        pauses=[(date(2026, 11, 18), date(2026, 11, 20))],
    )
    html = render("{% due_bar bar 'Điều 28' %}", bar=bar)
    assert "còn 2 ngày làm việc" in html
    assert "26/11/2026" in html
    assert 'width="70.0"' in html
    assert "due__pause" in html
    assert "Điều 28" in html


def test_timeline_marks_the_present_step() -> None:
    items = [
        ui.TimelineItem("Đã nhận đơn", date(2026, 11, 16), "Chi tiết", "UBND phường", href="/x/"),
        ui.TimelineItem("Đang xác minh", state="current"),
        ui.TimelineItem("Quyết định", state="next"),
    ]
    html = render("{% timeline items %}", items=items)
    assert html.count('aria-current="step"') == 1
    assert html.index("Đã nhận đơn") < html.index("Đang xác minh") < html.index("Tiếp theo")


def test_summary_list_names_what_a_change_link_changes() -> None:
    rows = [ui.SummaryRow("Họ và tên", "<b>An</b>", "/sua/"), ui.SummaryRow("Thư điện tử", "")]
    html = render("{% summary_list rows %}", rows=rows)
    assert "&lt;b&gt;An&lt;/b&gt;" in html
    assert 'Sửa<span class="visually-hidden"> Họ và tên</span>' in html
    assert "không có" in html


def test_alert_and_confirmation_keep_their_content() -> None:
    html = render("{% alert tone='danger' title=t %}<p>{{ x }}</p>{% endalert %}", t="Lỗi", x="<i>")
    assert 'role="alert"' in html
    assert "<p>&lt;i&gt;</p>" in html
    html = render("{% confirmation title=t %}<p>Mã</p>{% endconfirmation %}", t="Đã gửi")
    assert "<h1" in html
    assert "Đã gửi" in html


def test_messages_stand_in_a_live_region() -> None:
    html = render("{% messages_list %}", messages=[Message(40, "Hỏng"), Message(25, "Xong")])
    assert 'role="status"' in html
    assert "notice--danger" in html
    assert "notice--success" in html


def test_small_parts() -> None:
    assert "Chưa có đơn" in render("{% empty_state 'Chưa có đơn' 'Thử lại' '/x/' 'Bỏ lọc' %}")
    assert 'rel="next"' in render("{% pager next_href='/a' %}")
    assert render("{% pager %}").strip() == ""
    assert ">7<" in render("{% stat_tile 'Quá hạn' 7 href='/x/' tone='danger' %}")
    assert 'value="60" max="126"' in render("{% progress_bar 60 126 'Tiến độ' %}")
    assert ">47%<" in render("{% progress_bar 60 126 'Tiến độ' %}")  # 47,6: never rounded up
    assert 'max="1"' in render("{% progress_bar 0 0 'Tiến độ' %}")
    crumbs = [ui.Crumb("Trang chủ", "/"), ui.Crumb("Phường, xã")]
    assert 'aria-current="page">Phường, xã' in render("{% breadcrumbs crumbs %}", crumbs=crumbs)
    days = render("{% due_words a b %}", a=date(2026, 11, 24), b=date(2026, 11, 23))
    assert days == "còn 1 ngày"


def test_month_calendar_is_a_table_with_named_days() -> None:
    entries = {date(2026, 11, 20): [ui.CalendarEntry("Xã Sóc Sơn", "/x/", "14:00", "còn 3 chỗ")]}
    grid = ui.month_grid(year=2026, month=11, entries=entries, today=date(2026, 11, 23))
    html = render("{% month_calendar grid '/truoc/' '/sau/' %}", grid=grid)
    assert "Tháng 11/2026" in html
    assert html.count('scope="col"') == 7
    assert "còn 3 chỗ" in html


def test_hexmap_cells_are_links_that_say_their_value() -> None:
    unit = HexUnit("00004", "Ba Đình", "ward", 9, 5, "/don-vi/ba-dinh/", "7", 3, "7 việc quá hạn")
    html = render("{% hexmap map 'Bản đồ' %}", map=hexmap_cells([unit], [LegendItem(3, "10–20%")]))
    assert '<a class="hex-cell hex-cell--ward hex-cell--3" href="/don-vi/ba-dinh/">' in html
    assert "<title>Ba Đình 7: 7 việc quá hạn</title>" in html
    assert "10–20%" in html


def test_nav_link_is_left_out_when_the_url_is_unknown_or_hidden() -> None:
    assert render("{% nav_link 'nowhere:page' 'X' %}") == ""
    assert render("{% staff_link 'help' 'X' %}", nav_hidden={"help"}) == ""
    assert "/tro-giup/" in render("{% staff_link 'help' 'X' %}", nav_hidden=set())
    request = RequestFactory().get("/tro-giup/")
    assert 'aria-current="page"' in render("{% nav_link 'help' 'X' %}", request=request)


def test_frame_names_the_person_unit_and_position() -> None:
    identity = {"name": "Nguyễn Thị Hà", "unit": "Phường Ba Đình", "role": "cán bộ tiếp nhận"}
    html = render("{% signed_in_person %}", staff_identity=identity, csrf_token="t")
    assert "Nguyễn Thị Hà" in html
    assert "cán bộ tiếp nhận · Phường Ba Đình" in html
    assert "Đăng xuất" in html
