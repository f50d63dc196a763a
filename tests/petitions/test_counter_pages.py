"""The counter: letters on paper, typed in by an officer."""

from collections.abc import Callable

import pytest
from django.test import Client

from petitions.models import Case
from tests.people import WARD
from tests.petitions.test_staff_pages import sign_in, text

__all__ = ["sign_in"]
pytestmark = pytest.mark.django_db


def test_the_counter_registers_a_letter_once_for_a_double_click(
    sign_in: Callable[[str], Client],
) -> None:
    client = sign_in("clerk")
    assert client.get("/can-bo/don/moi/").status_code == 200
    data = {
        "key": "k1",
        "channel": "paper",
        "kind": "complaint",
        "field": "housing",
        "subject": "Khiếu nại",
        "content": "Nội dung khiếu nại.",
        "full_name": "Vũ Thị Thử Nghiệm",
        "address": "Số 5",
        "respondent_name": "UBND phường",
        "respondent_unit": WARD,
        "is_signed": "on",
    }
    one, two = client.post("/can-bo/don/moi/", data), client.post("/can-bo/don/moi/", data)
    assert Case.objects.count() == 1
    assert one.status_code == 201
    assert one.context["secret"] == two.context["secret"]
    wrong = client.post(
        "/can-bo/don/moi/", data | {"key": "k2", "identity_number": "0010990123456"}
    )
    assert wrong.status_code == 200
    assert "0010990123456" in text(wrong)
    assert Case.objects.count() == 1


def counter_letter(**changes: str) -> dict[str, str]:
    return {
        "channel": "paper",
        "kind": "recommendation",
        "field": "housing",
        "subject": "Kiến nghị sửa nhà chung cư",
        "content": "Nhà xuống cấp nhiều năm.",
        "full_name": "Vũ Thị Thử",
        "address": "Số 5 phố Tưởng Tượng",
        "representatives": "1",
        "key": "k1",
        **changes,
    }


def test_a_collective_letter_at_the_counter(sign_in: Callable[[str], Client]) -> None:
    lines = "\n".join(f"Người Thử {n}; 00108809999{n}; Số {n} phố Thử" for n in range(5))
    client = sign_in("clerk")
    data = counter_letter(others=lines, representatives="3")
    refused = text(client.post("/can-bo/don/moi/", data))
    assert "6 người cử nhiều nhất 2 người đại diện" in refused
    assert "Người Thử 4; 001088099994" in refused
    answer = client.post("/can-bo/don/moi/", counter_letter(others=lines, representatives="2"))
    assert answer.status_code == 201
    case = Case.objects.get()
    assert "collective" in case.flags
    parties = case.letters.get().parties.filter(role="petitioner").order_by("number")
    assert [party.is_representative for party in parties] == [True, True, *[False] * 4]


def test_a_line_that_says_too_much_is_named_and_kept(sign_in: Callable[[str], Client]) -> None:
    data = counter_letter(others="Trần Văn Khác; 001088055555; Số 9; gì nữa")
    page = text(sign_in("clerk").post("/can-bo/don/moi/", data))
    assert "“Trần Văn Khác; 001088055555; Số 9; gì nữa”: ghi họ và tên" in page
    assert not Case.objects.exists()


def test_a_wrong_number_or_a_name_too_long_is_told_with_its_line(
    sign_in: Callable[[str], Client],
) -> None:
    client = sign_in("clerk")
    lines = "Lê Thị Một; 001088055555; Số 9\nTrần Văn Hai; 12"
    page = text(client.post("/can-bo/don/moi/", counter_letter(others=lines)))
    assert "“Trần Văn Hai; 12”:" in page
    page = text(client.post("/can-bo/don/moi/", counter_letter(others="A" * 500)))
    assert "ghi họ và tên" in page
    assert not Case.objects.exists()


def test_a_pile_of_letters_goes_on_from_the_receipt_of_the_last(
    sign_in: Callable[[str], Client],
) -> None:
    client = sign_in("clerk")
    assert "autofocus" in text(client.get("/can-bo/don/moi/"))
    answer = client.post("/can-bo/don/moi/", counter_letter(channel="reception", next="1"))
    page, form = text(answer), answer.context["form"]
    assert answer.status_code == 201
    assert answer.context["secret"] in page
    assert Case.objects.get().code in page
    assert "autofocus" in page
    assert form.initial == {"channel": "reception", "kind": "recommendation", "field": "housing"}
    assert "Nhà xuống cấp" not in page
    assert answer.context["key"] != "k1"
    again = client.post("/can-bo/don/moi/", counter_letter(channel="reception", next="1"))
    assert again.context["secret"] == answer.context["secret"]
    assert Case.objects.count() == 1


def test_a_form_with_errors_leaves_the_focus_to_the_summary(
    sign_in: Callable[[str], Client],
) -> None:
    page = text(sign_in("clerk").post("/can-bo/don/moi/", counter_letter(subject="")))
    assert "autofocus" not in page
