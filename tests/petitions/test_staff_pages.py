"""Officers' pages: HTTP in, HTML and state out."""

import datetime as dt
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from accounts.services import api_token_create
from attachments.services import attachment_store
from common.time import today
from petitions import invariants
from petitions.filters import filters_clean
from petitions.models import Case, Outcome
from petitions.policies import may_act
from petitions.selectors import case_list_for
from petitions.workflow import BY_ACTION, Action
from tests.people import PASSWORD, PERSON, WARD, Story

pytestmark = pytest.mark.django_db
Make = Callable[..., Story]
PDF = b"%PDF-1.7\n" + b"x" * 100


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
    # Nobody complained a second time in 30 days.
    long_ago = today() - dt.timedelta(days=60)
    Outcome.objects.filter(case=tale.case).update(issued_on=long_ago, notified_on=long_ago)
    step("clerk", "mark_in_force")
    step("clerk", "propose_closing", ground="done", evidence="Biên bản số 5")
    step("chair", "close")
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
    (change,) = answer.context["changes"]
    assert (change.title, change.actor) == ("Phân loại đơn", "Cán bộ clerk")
    assert "trạng thái: Đã tiếp nhận → Đang phân loại" in change.text
    assert f"lĩnh vực: {tale.case.field.label_vi}" in change.text
    (difference,) = answer.context["differences"]
    assert difference["now"] == tale.case.field.label_vi
    assert difference["typed"] != difference["now"]
    assert "Làm lại trên phiên bản mới: Phân loại đơn" in text(answer)
    assert "Để nguyên vụ việc như hiện nay" in text(answer)
    assert tale.case.field.code == "environment"
    client.post(url, {"version": 3, "field": "housing", "note": "Ghi chú dài"})
    assert tale.case.field.code == "housing"


def test_a_form_that_nobody_overtook_shows_no_second_version(
    story: Make, sign_in: Callable[[str], Client]
) -> None:
    tale = story()
    tale.do("clerk", "receive")
    page = sign_in("clerk").get(f"{case_url(tale)}buoc/classify/")
    assert (page.context["changes"], page.context["differences"]) == ([], [])
    assert "phiên bản mới" not in text(page)


def test_an_officer_who_was_given_the_case_meanwhile_is_named(
    story: Make, sign_in: Callable[[str], Client], person: Callable[[str], User]
) -> None:
    tale = story()
    tale.do("clerk", "receive")
    person("handler")
    tale.do("clerk", "assign", assignee="handler")
    answer = sign_in("chair").post(
        f"{case_url(tale)}buoc/assign/", {"version": 2, "assignee": person("chair").username}
    )
    assert "cán bộ Cán bộ handler" in answer.context["changes"][0].text
    (difference,) = answer.context["differences"]
    assert (difference["typed"], difference["now"]) == ("Cán bộ chair", "Cán bộ handler")


def test_what_was_typed_for_a_step_that_is_gone_is_shown_with_what_happened(
    story: Make, sign_in: Callable[[str], Client]
) -> None:
    tale = story()
    url = f"{case_url(tale)}buoc/receive/"
    tale.do("clerk", "receive", is_signed=True)
    answer = sign_in("clerk").post(url, {"version": 1, "note": "Ghi chú dài"})
    assert answer.status_code == 409
    page = text(answer)
    assert "Ghi chú dài" in page
    assert [item.title for item in answer.context["changes"]] == ["Tiếp nhận và vào sổ"]
    assert "btn-primary" not in page.split("<main", 1)[1]
    assert tale.case.version == 2


def test_a_step_that_is_gone_leads_back_to_the_case(
    story: Make, sign_in: Callable[[str], Client]
) -> None:
    tale = story()
    answer = sign_in("clerk").get(f"{case_url(tale)}buoc/decide/", follow=True)
    assert answer.redirect_chain[-1][0] == case_url(tale)


def test_a_handler_sees_the_assigned_denunciation_without_the_denouncer(
    story: Make, sign_in: Callable[[str], Client]
) -> None:
    tale = story(kind="denunciation", respondent={"name": "A", "unit": "00008"})
    assert sign_in("handler").get(case_url(tale)).status_code == 404
    tale.do("clerk", "assign", assignee="handler")
    client = sign_in("handler")
    assert client.get(case_url(tale)).status_code == 200
    url = f"{case_url(tale)}danh-tinh/1/"
    why = {"ground": "verify", "reason": "Tôi muốn biết người tố cáo."}
    asked = client.post(url, why)
    assert asked.headers["Location"].startswith("/tai-khoan/xac-nhan/")
    answer = client.post(asked.headers["Location"], {"password": PASSWORD})
    assert answer.status_code == 403
    assert PERSON["full_name"] not in text(answer)


@pytest.mark.parametrize(
    ("who", "reads"), [("clerk", True), ("chair", True), ("handler", False), ("inspector", False)]
)
def test_text_and_files_of_a_denunciation_are_read_where_identities_are(
    story: Make, sign_in: Callable[[str], Client], person: Callable[[str], User], who: str,
    reads: bool,
) -> None:  # fmt: skip
    file = attachment_store(stream=BytesIO(PDF), name="don.pdf")
    tale = story(
        kind="denunciation",
        respondent={"name": "A", "unit": "00008"},
        subject="Có dấu hiệu nhận tiền",
        content="Tôi là hàng xóm.",
        request="Xin giữ kín.",
        attachments=[str(file.public_id)],
    )
    person("handler")
    tale.do("clerk", "assign", assignee="handler")
    page = sign_in(who).get(case_url(tale))
    assert "Tố cáo – lĩnh vực Bồi thường" in text(page)
    for words in ("Có dấu hiệu nhận tiền", "Tôi là hàng xóm.", "Xin giữ kín.", "don.pdf"):
        assert (words in text(page)) is reads
    opened = sign_in(who).get(f"{case_url(tale)}tep/{file.public_id}/")
    assert opened.status_code == (200 if reads else 403)
    token = api_token_create(user=person(who))
    whole = Client(headers={"Authorization": f"Token {token}"}).get(
        f"/api/v1/cases/{tale.filed.code}/"
    )
    (letter,) = whole.json()["letters"]
    assert (letter["sealed"] is None) is reads
    assert letter["content"] == ("Tôi là hàng xóm." if reads else None)
    assert (letter["request"] is None, letter["attachments"] is None) == (not reads, not reads)


def test_a_rerouted_letter_has_no_link_to_a_case_that_the_clerk_cannot_see(
    sign_in: Callable[[str], Client],
) -> None:
    data = {
        "channel": "paper",
        "kind": "denunciation",
        "field": "housing",
        "subject": "Tố cáo",
        "content": "Nội dung tố cáo.",
        "full_name": "Vũ Thị Thử Nghiệm",
        "address": "Số 5",
        "respondent_name": "Ông A",
    }
    client = sign_in("clerk")
    rerouted = client.post("/can-bo/don/moi/", data)
    assert rerouted.context["answer"]["unit"]["code"] == "BTCD"
    code = rerouted.context["answer"]["code"]
    assert f"/can-bo/vu-viec/{code}/" not in text(rerouted)
    elsewhere = client.post("/can-bo/don/moi/", data | {"respondent_unit": "00008"})
    code = elsewhere.context["answer"]["code"]
    assert elsewhere.context["answer"]["unit"]["code"] == WARD
    assert f"/can-bo/vu-viec/{code}/" in text(elsewhere)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("escalation_level=0", "calm"),
        ("escalation_level=2", "high"),
        ("escalated=false", "calm"),
        ("escalated=true", "high"),
        ("overdue=false", "calm"),
        ("overdue=true", "high"),
        ("open=false", None),
    ],
)
def test_a_filter_for_nothing_filters_too(
    story: Make, access: Callable[[str], Any], query: str, found: str | None
) -> None:
    tales = {"calm": story(), "high": story()}
    late = Case.objects.filter(code=tales["high"].filed.code)
    late.update(escalation_level=2, due_on="2020-01-01")
    name, value = query.split("=")
    rows = case_list_for(access("clerk"), filters_clean({name: value}))
    codes = {tales[found].filed.code} if found else set()
    assert {case.code for case in rows} == codes


def test_a_version_that_the_history_does_not_tell_is_found(story: Make) -> None:
    tale = story()
    tale.do("clerk", "receive")
    assert not [*invariants.history_tells_every_version()]
    Case.objects.update(version=5)
    assert [*invariants.history_tells_every_version()] == [tale.filed.code]


def test_unassigned_work_is_not_said_to_be_somebody_elses(
    story: Make, access: Callable[[str], Any]
) -> None:
    tale = story()
    row = BY_ACTION[Action.PROPOSE]
    assert "phải được giao" in str(may_act(access("handler"), tale.case, row))


def test_list_and_case_pages_have_a_fixed_number_of_queries(
    story: Make, sign_in: Callable[[str], Client], django_assert_max_num_queries: Any
) -> None:
    tales = [story() for _ in range(6)]
    client = sign_in("clerk")
    for url, limit in (("/can-bo/", 12), ("/can-bo/vu-viec/", 8), (case_url(tales[0]), 24)):
        with django_assert_max_num_queries(limit):
            assert client.get(url).status_code == 200


def test_the_desk_counts_what_waits(story: Make, sign_in: Callable[[str], Client]) -> None:
    story()
    story().do("clerk", "receive")
    answer = sign_in("clerk").get("/can-bo/")
    assert answer.context["counts"]["open"] == 2
    assert answer.context["counts"]["new"] == 1
