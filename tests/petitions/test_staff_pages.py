"""Officers' pages: HTTP in, HTML and state out."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from petitions.models import Case, CaseEvent, IdentityOpening
from tests.people import PERSON, Story

pytestmark = pytest.mark.django_db
Make = Callable[..., Story]


@pytest.fixture
def sign_in(client: Client, person: Callable[[str], User]) -> Callable[[str], Client]:
    def make(name: str) -> Client:
        client.force_login(person(name))
        return client

    return make


def case_url(tale: Story) -> str:
    return f"/can-bo/vu-viec/{tale.filed.code}/"


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_the_inbox_shows_the_units_cases_and_nobody_elses(
    story: Make, sign_in: Callable[[str], Client]
) -> None:
    tale = story()
    assert tale.filed.code in text(sign_in("clerk").get("/can-bo/vu-viec/"))
    assert tale.filed.code not in text(sign_in("other_clerk").get("/can-bo/vu-viec/"))


def test_the_inbox_explains_an_empty_result(sign_in: Callable[[str], Client]) -> None:
    client = sign_in("clerk")
    assert "Chưa có vụ việc nào" in text(client.get("/can-bo/vu-viec/"))
    assert "Không có vụ việc nào phù hợp" in text(client.get("/can-bo/vu-viec/?kind=feedback"))


def test_a_wrong_filter_is_left_out_with_a_word(sign_in: Callable[[str], Client]) -> None:
    answer = sign_in("clerk").get("/can-bo/vu-viec/?status=nonsense", follow=True)
    assert answer.redirect_chain == [("/can-bo/vu-viec/", 302)]
    assert "bộ lọc" in text(answer)


def test_the_main_line_in_the_browsers_words(
    story: Make, sign_in: Callable[[str], Client], person: Callable[[str], User]
) -> None:
    tale = story()
    person("handler")

    def step(who: str, action: str, **inputs: Any) -> None:
        url = f"{case_url(tale)}buoc/{action}/"
        client = sign_in(who)
        page = client.get(url)
        assert page.status_code == 200, action
        data = {"version": tale.case.version, **inputs}
        answer = client.post(url, data, follow=True)
        assert answer.redirect_chain[-1][0] == case_url(tale), text(answer)

    step("clerk", "receive", is_signed="on")
    step("clerk", "classify", field="housing")
    step("clerk", "assign", assignee="handler")
    step("handler", "propose", proposal="accept", text="Đủ điều kiện.")
    step("chair", "accept", number="12/TB-UBND")
    step("handler", "start_verification")
    step("handler", "hold_dialogue", held_on="2026-11-20", text="Hai bên đã trao đổi.")
    step("handler", "draft_outcome", text="Dự thảo quyết định.")
    step("chair", "decide", number="45/QĐ-UBND")
    step("clerk", "notify")
    step("clerk", "close")
    assert tale.case.status == "closed"
    assert "45/QĐ-UBND" in text(sign_in("clerk").get(case_url(tale)))


def test_an_error_keeps_what_was_typed(story: Make, sign_in: Callable[[str], Client]) -> None:
    tale = story()
    tale.do("clerk", "receive", is_signed=True)
    url = f"{case_url(tale)}buoc/propose/"
    data = {
        "version": 2,
        "proposal": "decline",
        "ground": "",
        "text": "Đã hết thời hiệu khiếu nại.",
    }
    answer = sign_in("chair").post(url, data)
    assert answer.status_code == 200
    assert "Đã hết thời hiệu khiếu nại." in text(answer)
    assert tale.case.status == "received"


def test_a_stale_form_loses_nothing_and_can_be_sent_again(
    story: Make, sign_in: Callable[[str], Client]
) -> None:
    tale = story()
    tale.do("clerk", "receive")
    client = sign_in("clerk")
    url = f"{case_url(tale)}buoc/classify/"
    tale.do("clerk", "classify", field="environment")
    answer = client.post(url, {"version": 2, "field": "housing", "note": "Ghi chú dài"})
    assert "Ghi chú dài" in text(answer)
    assert tale.case.field.code == "environment"
    client.post(url, {"version": 3, "field": "housing", "note": "Ghi chú dài"})
    assert tale.case.field.code == "housing"


def test_a_step_that_is_gone_leads_back_to_the_case(
    story: Make, sign_in: Callable[[str], Client]
) -> None:
    tale = story()
    answer = sign_in("clerk").get(f"{case_url(tale)}buoc/decide/", follow=True)
    assert answer.redirect_chain[-1][0] == case_url(tale)


def test_a_protected_identity_opens_with_a_reason_and_is_recorded(
    story: Make, sign_in: Callable[[str], Client]
) -> None:
    tale = story(kind="denunciation", respondent={"name": "A", "unit": "00008"})
    client = sign_in("clerk")
    name = PERSON["full_name"]
    assert name not in text(client.get(case_url(tale)))
    url = f"{case_url(tale)}danh-tinh/1/"
    assert name not in text(client.post(url, {"reason": "ngắn"}))
    assert not IdentityOpening.objects.exists()
    answer = client.post(url, {"reason": "Xác minh danh tính người tố cáo theo Điều 24."})
    assert name in text(answer)
    assert "no-store" in answer.headers["Cache-Control"]
    assert IdentityOpening.objects.get().by.username == "clerk"
    assert CaseEvent.objects.filter(action="petitions.identity.opened").count() == 1
    assert name not in text(client.get(case_url(tale)))


def test_a_handler_sees_the_assigned_denunciation_without_the_denouncer(
    story: Make, sign_in: Callable[[str], Client]
) -> None:
    tale = story(kind="denunciation", respondent={"name": "A", "unit": "00008"})
    assert sign_in("handler").get(case_url(tale)).status_code == 404
    tale.do("clerk", "assign", assignee="handler")
    client = sign_in("handler")
    assert client.get(case_url(tale)).status_code == 200
    answer = client.post(f"{case_url(tale)}danh-tinh/1/", {"reason": "Tôi muốn biết người tố cáo."})
    assert answer.status_code == 403
    assert PERSON["full_name"] not in text(answer)


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
        "respondent_is_here": "on",
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


def test_list_and_case_pages_have_a_fixed_number_of_queries(
    story: Make, sign_in: Callable[[str], Client], django_assert_max_num_queries: Any
) -> None:
    tales = [story() for _ in range(6)]
    client = sign_in("clerk")
    for url, limit in (("/can-bo/", 12), ("/can-bo/vu-viec/", 8), (case_url(tales[0]), 18)):
        with django_assert_max_num_queries(limit):
            assert client.get(url).status_code == 200


def test_the_desk_counts_what_waits(story: Make, sign_in: Callable[[str], Client]) -> None:
    story()
    story().do("clerk", "receive")
    answer = sign_in("clerk").get("/can-bo/")
    assert answer.context["counts"]["open"] == 2
    assert answer.context["counts"]["new"] == 1
