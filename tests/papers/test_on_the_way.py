"""What stands between a draft and its issue: what is lacking, days, second thoughts, ways on."""

import datetime as dt
from typing import Any

import pytest

from common.errors import Conflict, InvalidInput, NotPermitted
from common.time import local_date, now
from papers.content import content_read
from papers.documents import facts_of, paper_file
from papers.models import Paper
from papers.services.issuing import paper_again, paper_correct, paper_issue, paper_void
from papers.services.writing import paper_recall, paper_submit
from petitions.services.actions import case_act
from tests.papers.making import (
    case_of,
    drafted,
    in_a_month,
    issued,
    proposed,
    step,
    submitted,
    written,
)
from tests.people import access_make, person_make
from tests.receptions.test_papers_pdf import text_of
from tests.strict import StrictClient

pytestmark = pytest.mark.django_db


@pytest.fixture
def chair(client: StrictClient) -> StrictClient:
    client.force_login(person_make("chair"))
    return client


def base_of(paper: Paper) -> str:
    return f"/can-bo/vu-viec/{paper.case.code}/van-ban/{paper.public_id}/"


def test_what_is_lacking_stands_before_the_button(chair: StrictClient) -> None:
    paper = drafted(case_of(), "supplement")
    page = chair.get(base_of(paper)).content.decode()
    assert "Còn thiếu:" in page
    assert f'<a href="{base_of(paper)}sua/#id_own_until">Thời hạn</a>: ' in page
    assert page.index("Còn thiếu:") < page.index("Trình lãnh đạo")
    answer = chair.post(f"{base_of(paper)}trinh/", {"version": 1})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Văn bản chưa hoàn chỉnh." in page
    assert f"{base_of(paper)}sua/#id_own_until" in page
    assert "Lịch sử" in page  # the officers' page of the paper, no bare one
    paper = written(paper)
    assert "Còn thiếu:" not in chair.get(base_of(paper)).content.decode()


def test_a_refused_issue_comes_back_to_the_paper(chair: StrictClient, time_machine: Any) -> None:
    day = (local_date(now()) + dt.timedelta(days=2)).isoformat()
    paper = submitted(case_of(), "supplement", fields={"until": day})
    time_machine.move_to(now() + dt.timedelta(days=3))
    answer = chair.post(f"{base_of(paper)}ban-hanh/", {"version": paper.version})
    assert answer.status_code == 422
    assert "Thời hạn: Ngày này trước ngày ban hành văn bản." in answer.content.decode()
    late = chair.post(f"{base_of(paper)}ban-hanh/", {"version": 1})
    assert late.status_code == 409
    assert "Rút lại để sửa" in late.content.decode()


@pytest.mark.parametrize(
    ("typed", "told"),
    [("ngày mai", "không phải là ngày"), ("2020-01-31", "trước ngày ban hành")],
)
def test_a_deadline_is_a_day(typed: str, told: str) -> None:
    paper = written(drafted(case_of(), "supplement"), fields={"until": typed})
    with pytest.raises(InvalidInput) as refused:
        step(paper_submit, paper)
    assert told in str(refused.value.fields["until"][0])


def test_a_day_prints_in_words(chair: StrictClient) -> None:
    paper = written(drafted(case_of(), "supplement"), fields={"until": "2099-12-05"})
    facts = facts_of(paper, paper.case, content_read(paper))
    assert facts["lines"] == ["Thời hạn: ngày 05 tháng 12 năm 2099"]
    assert "ngày 05 tháng 12 năm 2099" in chair.get(base_of(paper)).content.decode()
    shown = chair.get(f"{base_of(paper)}sua/").content.decode()
    assert '<input type="date" name="own_until" value="2099-12-05"' in shown


def test_the_editor_takes_a_day_alone(chair: StrictClient) -> None:
    paper = drafted(case_of(), "supplement")
    data = {"version": 1, "about": "x", "addressee": "x", "body": "x", "own_until": "mai"}
    answer = chair.post(f"{base_of(paper)}sua/", data)
    assert answer.status_code == 422
    assert 'value="mai"' in answer.content.decode()
    day = in_a_month()
    assert chair.post(f"{base_of(paper)}sua/", data | {"own_until": day}).status_code == 302
    assert content_read(Paper.objects.get()).fields == {"until": day}


def test_the_writer_takes_it_back(chair: StrictClient) -> None:
    paper = submitted(case_of())
    answer = chair.post(f"{base_of(paper)}rut-lai/", {"version": paper.version}, follow=True)
    page = answer.content.decode()
    assert "Văn bản đã trở lại là dự thảo." in page
    assert "Rút lại để sửa" in page  # in the history
    assert Paper.objects.get().state == "draft"
    with pytest.raises(Conflict):
        step(paper_recall, paper)
    step(paper_issue, step(paper_submit, paper))
    with pytest.raises(Conflict):
        step(paper_recall, paper)


def test_who_does_not_write_it_takes_nothing_back() -> None:
    paper = submitted(case_of())
    with pytest.raises(NotPermitted):
        step(paper_recall, paper, "clerk")


def test_who_decides_gives_back_what_another_wrote() -> None:
    case = proposed()
    paper = step(
        paper_submit, written(drafted(case, "acceptance", "handler"), "handler"), "handler"
    )
    with pytest.raises(NotPermitted):
        step(paper_recall, paper)
    assert step(paper_recall, paper, "handler").state == "draft"


def test_what_cannot_be_undone_is_asked_first(chair: StrictClient) -> None:
    paper = submitted(case_of())
    page = chair.get(base_of(paper)).content.decode()
    asked = page.partition("<summary>Ban hành …</summary>")[2].partition("</details>")[0]
    assert "Số và ngày được cấp ngay" in asked
    assert "Phiếu đề xuất" in asked
    assert f'action="{base_of(paper)}ban-hanh/"' in asked
    aside = page.partition("<summary>Bỏ dự thảo này …</summary>")[2].partition("</details>")[0]
    assert f'action="{base_of(paper)}bo/"' in aside


def test_a_way_on_from_a_void_paper(chair: StrictClient) -> None:
    paper = issued(case_of(), body="Nội dung đã viết.")
    with pytest.raises(Conflict):
        step(paper_again, paper)
    step(paper_void, paper, reason="Ký nhầm bản.")
    page = chair.get(base_of(paper)).content.decode()
    assert '<p class="flag">Văn bản này không còn giá trị.</p>' in page
    version = Paper.objects.get().version
    chair.post(f"{base_of(paper)}soan-lai/", {"version": version})
    new = Paper.objects.latest("pk")
    assert (new.state, new.replaces_id) == ("draft", None)
    assert content_read(new).body == "Nội dung đã viết."
    assert Paper.objects.get(pk=paper.pk).state == "voided"
    again = chair.post(f"{base_of(paper)}soan-lai/", {"version": version})
    assert again.status_code == 409  # a second press begins nothing
    assert Paper.objects.latest("pk") == new


def test_the_same_words_replace_nothing() -> None:
    new = step(paper_correct, issued(case_of()))
    with pytest.raises(InvalidInput) as refused:
        step(paper_submit, new)
    assert "giống hệt văn bản được thay thế" in str(refused.value.fields["body"][0])
    step(paper_submit, written(new, about="xử lý đơn lần hai"))


@pytest.mark.parametrize(("kind", "action"), [("acceptance", "accept"), ("proposal", "propose")])
def test_a_step_leads_to_its_issued_paper(chair: StrictClient, kind: str, action: str) -> None:
    case = proposed() if action == "accept" else case_of()
    paper = issued(case, kind)
    link = f'href="{base_of(paper)}">Đã ban hành {paper.shown_number}: '
    page = chair.get(f"/can-bo/vu-viec/{case.code}/").content.decode()
    assert link in page
    assert f'name="kind" value="{kind}"' not in page
    if action == "accept":
        case_act(
            access=access_make("chair"), code=case.code, action=action, version=case.version,
            inputs={"paper": str(paper.public_id)},
        )  # fmt: skip
        assert link not in chair.get(f"/can-bo/vu-viec/{case.code}/").content.decode()


def test_drafts_are_signed_by_hand_issued_papers_bear_a_name() -> None:
    draft = submitted(case_of())
    hand = "ghirõhọtên"
    before = text_of(paper_file(draft, draft.case, content_read(draft)))
    done = step(paper_issue, draft)
    after = text_of(paper_file(done, done.case, content_read(done)))
    assert hand in before
    assert hand not in after
