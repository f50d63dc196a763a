"""The words of the notices about directives."""

import pytest

from notifications.rendering import render

PARAMS = {
    "unit": "Phường Ba Đình",
    "directive": "1699-CV/TU",
    "task": "Rà soát hoặc ban hành kế hoạch thực hiện của đơn vị",
    "id": "0b0f2c9e-6a53-4f0e-9f0e-2f8f3d1c7a11",
}


@pytest.mark.parametrize(
    ("template", "words"),
    [
        ("directive_report", "báo cáo tiến độ"),
        ("directive_confirmed", "xác nhận"),
        ("directive_returned", "trả lại"),
        ("directive_plan_changed", "sau khi nhiệm vụ đã được xác nhận"),
    ],
)
def test_a_notice_names_unit_document_and_page(template: str, words: str) -> None:
    subject, body = render(template, PARAMS)
    assert "1699-CV/TU" in body
    assert words in subject + body
    assert "Phường Ba Đình" in body
    assert f"/can-bo/chi-dao/viec/{PARAMS['id']}/" in body


@pytest.mark.parametrize(
    ("template", "more", "words"),
    [
        ("directive_assigned", {"due_on": "2026-12-11"}, "hoàn thành: 11/12/2026"),
        ("directive_assigned", {"due_on": ""}, "được giao nhiệm vụ"),
        ("directive_owner", {"due_on": "2026-12-11"}, "được giao theo dõi"),
        ("directive_withdrawn", {}, "đã được thu hồi"),
        ("directive_due_set", {"step": "set", "due_on": "2026-12-04"}, "hoàn thành: 04/12/2026"),
        ("directive_due_set", {"step": "none"}, "không còn thời hạn"),
        ("directive_extension_asked", {"wanted_on": "2026-12-21"}, "đến ngày 21/12/2026"),
        (
            "directive_extension_answered",
            {"step": "granted", "due_on": "2026-12-21"},
            "được gia hạn đến ngày 21/12/2026",
        ),
        ("directive_extension_answered", {"step": "refused"}, "không được gia hạn"),
    ],
)
def test_what_a_step_tells(template: str, more: dict[str, str], words: str) -> None:
    _subject, body = render(template, PARAMS | more)
    assert words in body
    assert "1699-CV/TU" in body
    assert f"/can-bo/chi-dao/viec/{PARAMS['id']}/" in body


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"number": "22-CV/TU", "step": "keep"}, "tiếp tục thực hiện"),
        ({"number": "22-CV/TU", "step": "withdraw"}, "đã được thu hồi"),
        ({"number": "", "step": "withdraw"}, "đã được thu hồi"),
    ],
)
def test_what_a_replacement_tells(more: dict[str, str], words: str) -> None:
    href = "/can-bo/chi-dao/1699-cv-tu/00004/"
    _subject, body = render(
        "directive_replaced", PARAMS | {"id": "", "due": 2, "href": href} | more
    )
    assert words in body
    assert ("được thay thế bởi 22-CV/TU" in body) is bool(more["number"])
    assert "số nhiệm vụ: 2" in body
    assert href in body
