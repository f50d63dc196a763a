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
    ],
)
def test_a_notice_names_unit_document_and_page(template: str, words: str) -> None:
    subject, body = render(template, PARAMS)
    assert "1699-CV/TU" in body
    assert words in subject + body
    assert "Phường Ba Đình" in body
    assert f"/can-bo/chi-dao/viec/{PARAMS['id']}/" in body
