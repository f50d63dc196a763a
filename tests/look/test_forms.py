"""Fields carry label, hint and error; the summary links to them; text is cleaned."""

import unicodedata

import pytest
from django import forms
from django.template import Context, Template
from django.utils import translation

from common.forms import DateInput, HintedRadioSelect, PortalForm, TextField


class LetterForm(PortalForm):
    kind = forms.ChoiceField(
        label="Việc gì",
        choices=[("a", "Khiếu nại"), ("b", "Phản ánh")],
        widget=HintedRadioSelect(hints={"a": "Không đồng ý với một quyết định"}),
    )
    content = TextField(label="Nội dung", rows=4, max_length=20, help_text="Viết <ngắn>")
    held_on = forms.DateField(label="Ngày", widget=DateInput(), required=False)
    agree = forms.BooleanField(label="Tôi cam đoan")
    origin = forms.CharField(widget=forms.HiddenInput(), required=False)


@pytest.fixture(autouse=True)
def _vietnamese() -> object:
    with translation.override("vi"):
        yield


def test_text_is_composed_and_has_line_feeds() -> None:
    form = LetterForm(
        {"kind": "a", "content": unicodedata.normalize("NFD", "Đường\r\nTôn"), "agree": "on"}
    )
    assert form.is_valid(), form.errors
    assert form.cleaned_data["content"] == "Đường\nTôn"


@pytest.mark.parametrize("content", ["", "x" * 21, "a\x00b"])
def test_bad_text_is_refused(content: str) -> None:
    form = LetterForm({"kind": "a", "content": content, "agree": "on"})
    assert list(form.errors) == ["content"]


def test_unbound_form_has_no_summary_and_marks_what_is_optional() -> None:
    html = str(LetterForm())
    assert "error-summary" not in html
    assert html.count("không bắt buộc") == 1
    assert 'type="date"' in html
    assert 'aria-describedby="id_content_helptext"' in html
    assert "Viết &lt;ngắn&gt;" in html
    assert 'type="hidden"' in html


def test_every_error_is_in_the_summary_and_at_its_field() -> None:
    html = str(LetterForm({"held_on": "31/02/2026", "content": "x" * 21}))
    for name in ("kind", "content", "held_on", "agree"):
        assert f'href="#id_{name}"' in html
        assert f'id="id_{name}_error"' in html
        assert f'id="id_{name}"' in html
    assert "x" * 21 in html
    assert 'aria-describedby="id_content_helptext id_content_error"' in html


def test_radio_hint_is_bound_to_its_option() -> None:
    html = str(LetterForm()["kind"].as_field_group())
    assert 'aria-describedby="id_kind_0_hint"' in html
    assert 'id="id_kind_0_hint"' in html
    assert "<legend" in html


def test_title_says_error_first() -> None:
    template = Template("{% load ui %}{% title_prefix %}X")
    assert template.render(Context({"form": LetterForm({})})) == "Lỗi: X"
    assert template.render(Context({"form": LetterForm()})) == "X"


def test_what_is_missing_is_said_in_plain_words() -> None:
    errors = LetterForm({}).errors
    assert errors["kind"] == ["Xin chọn một mục."]
    assert errors["content"] == ["Xin điền mục này."]
    assert errors["agree"] == ["Xin đánh dấu vào ô này để tiếp tục."]
