"""The words of mails: every template, in both languages, with what messages bring."""

import pytest

from notifications.rendering import render

# Those of petitions and of the ladder; other apps bring their own words and test them.
NAMES = (
    "generic",
    "petition_arrived",
    "petition_filed",
    "petition_news",
    "case_assigned",
    "proposal_waiting",
    "proposal_returned",
    "case_accepted",
    "draft_waiting",
    "draft_returned",
    "case_decided",
    "case_withdrawn",
    "citizen_wrote",
    "bad_rating",
    "case_taken_over",
    "closing_waiting",
    "forward_arrived",
    "forward_accepted",
    "forward_returned",
    "reminder",
    "escalation",
)
PARAMS = {
    "code": "HN-00000-00000-00",
    "unit": "Phường Ba Đình & phụ cận",
    "due_on": "2026-11-30",
    "step": "city_chair",
    "level": 3,
    "limit": "Điều 28 Luật Khiếu nại",
    "basis": "Điều 32 Nghị định 154/2026/NĐ-CP",
    "nobody_found": True,
}


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("name", NAMES)
def test_every_template_has_a_subject_and_a_body(name: str, language: str) -> None:
    subject, body = render(name, PARAMS, language=language)
    assert 0 < len(subject) <= 120
    assert len(body) > 40
    assert "&amp;" not in body
    assert "{" not in subject + body


@pytest.mark.parametrize("name", NAMES)
def test_a_template_needs_nothing_but_what_it_is_given(name: str) -> None:
    subject, body = render(name, {})
    assert subject
    assert "None" not in body


def test_the_escalation_says_what_is_asked_of_whom() -> None:
    subject, body = render("escalation", PARAMS)
    assert subject == "Vụ việc HN-00000-00000-00 quá hạn: báo cáo lên cấp 3"
    assert "30/11/2026" in body
    assert "kiểm tra trách nhiệm" in body
    assert "Điều 32 Nghị định 154/2026/NĐ-CP" in body
    assert "chưa có người giữ" in body


def test_an_unknown_template_falls_back_to_a_general_notice() -> None:
    subject, body = render("something_new", {})
    assert subject == "Thông tin mới trên Cổng tiếp công dân"
    assert "đăng nhập" in body
