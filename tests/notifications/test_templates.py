"""The words of mails: every template, in both languages, with what messages bring."""

import html
import re

import pytest

from notifications.rendering import render, words_of
from notifications.texts import text_versions
from notifications.topics import TOPIC_OF

# Who took elevated rights is read when it is shown.
pytestmark = pytest.mark.django_db

NAMES = sorted(text_versions())
PARAMS = {
    "code": "HN-00000-00000-00",
    "unit": "Phường Ba Đình & phụ cận",
    "due_on": "2026-11-30",
    "step": "city_chair",
    "level": 3,
    "limit": "Điều 28 Luật Khiếu nại",
    "basis": "Điều 32 Nghị định 154/2026/NĐ-CP",
    "nobody_found": True,
    "year": 2028,
    "session_on": "2026-12-03",
    "directive": "1699-CV/TU",
    "task": "Ban hành kế hoạch",
    "id": "0b0f2c9e-6a53-4f0e-9f0e-2f8f3d1c7a11",
    "items": [{"subject": "Có hồ sơ sắp đến hạn", "text": "Vụ việc.", "links": []}],
    "more": 3,
}


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("name", NAMES)
def test_every_template_has_a_subject_and_a_body(name: str, language: str) -> None:
    subject, body = render(name, PARAMS, language=language)
    assert 0 < len(subject) <= 120
    assert len(body) > 40
    assert "&amp;" not in body
    assert "{" not in subject + body


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("name", NAMES)
def test_a_subject_says_nothing_of_the_matter(name: str, language: str) -> None:
    """Whatever a message brings, its subject is the same."""
    assert render(name, PARAMS, language=language)[0] == render(name, {}, language=language)[0]


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("name", NAMES)
def test_every_text_is_complete_in_both_languages(name: str, language: str) -> None:
    """English has none of the Vietnamese of the frame, Vietnamese none of the English."""
    words = words_of(name, {}, language=language)
    assert ("Thư này được gửi tự động" in words.text) is (language == "vi")
    english = words_of(name, {}, language="en")
    assert (words.subject == english.subject) is (language == "en")


@pytest.mark.parametrize("name", NAMES)
def test_the_html_says_the_same_and_loads_nothing(name: str) -> None:
    words = words_of(name, PARAMS)
    plain = re.sub(r"<[^>]+>", " ", words.html)
    for block in words.blocks:
        for line in block.lines:
            assert html.escape(line.strip()) in html.escape(html.unescape(plain)), line
        assert not block.href or f'<a href="{block.href}">' in words.html
    for forbidden in ("<img", "<script", "<link", "style=", "src=", "<iframe"):
        assert forbidden not in words.html
    assert "&amp; phụ cận" in words.html or "& phụ cận" not in words.text


@pytest.mark.parametrize(
    "name", [name for name in NAMES if TOPIC_OF[name] in {"receipt", "answer"}]
)
def test_a_citizens_mail_leads_to_tracking_and_warns(name: str) -> None:
    vi, en = words_of(name, PARAMS), words_of(name, PARAMS, language="en")
    for words in (vi, en):
        assert [block.href.endswith("/tra-cuu/") for block in words.blocks if block.href] == [True]
    assert "We never ask for your secret" in en.text
    assert "HN-00000-00000-00" in en.text


@pytest.mark.parametrize("name", NAMES)
def test_a_template_needs_nothing_but_what_it_is_given(name: str) -> None:
    subject, body = render(name, {})
    assert subject
    assert "None" not in body


def test_the_escalation_says_what_is_asked_of_whom() -> None:
    subject, body = render("escalation", PARAMS)
    assert subject == "Có hồ sơ quá hạn cần xử lý"
    assert "HN-00000-00000-00" in body
    assert "báo cáo lên cấp 3" in body
    assert "30/11/2026" in body
    assert "kiểm tra trách nhiệm" in body
    assert "Điều 32 Nghị định 154/2026/NĐ-CP" in body
    assert "chưa có người giữ" in body


def test_an_unknown_template_falls_back_to_a_general_notice() -> None:
    subject, body = render("something_new", {})
    assert subject == "Thông tin mới trên Cổng tiếp công dân"
    assert "đăng nhập" in body
