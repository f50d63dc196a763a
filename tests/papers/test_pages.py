"""Officers' pages and the API: write, look, submit, issue, download."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from common.time import now
from papers.catalogue import KINDS
from papers.facts import content_begun
from papers.models import Paper
from papers.services.issuing import paper_correct, paper_void
from papers.services.writing import paper_begin
from tests.papers.making import case_of, drafted, issued, proposed, step, submitted
from tests.people import Story, access_make, person_make
from tests.strict import StrictClient

pytestmark = pytest.mark.django_db


@pytest.fixture
def chair(client: StrictClient) -> StrictClient:
    client.force_login(person_make("chair"))
    return client


def base_of(paper: Paper) -> str:
    return f"/can-bo/vu-viec/{paper.case.code}/van-ban/{paper.public_id}/"


def test_the_whole_way_by_forms(chair: StrictClient) -> None:
    case = case_of()
    home = f"/can-bo/vu-viec/{case.code}/van-ban/"
    page = chair.get(home).content.decode()
    assert "Phiếu đề xuất" in page
    assert "chưa thấy mẫu chính thức" in page  # beside the doubtful ones
    assert page.count("Không áp dụng ở trạng thái hiện tại") == 1  # the kinds stand below it
    answer = chair.post(f"{home}moi/", {"kind": "proposal"}, follow=True)
    assert answer.status_code == 200
    paper = Paper.objects.get()
    data = {"version": 1, "about": "xử lý đơn", "addressee": "Chủ tịch", "body": "| a |\n| <b> |"}
    look = chair.post(f"{base_of(paper)}sua/", data | {"look": "1"}).content.decode()
    assert "<td>&lt;b&gt;</td>" in look
    assert Paper.objects.get().version == 1
    assert chair.post(f"{base_of(paper)}sua/", data).status_code == 302
    stale = chair.post(f"{base_of(paper)}sua/", data | {"body": "Của tôi"})
    assert stale.status_code == 409
    assert "Của tôi" in stale.content.decode()
    assert chair.get(f"{base_of(paper)}tep/")["Content-Type"] == "application/pdf"
    assert chair.post(f"{base_of(paper)}trinh/", {"version": 2}).status_code == 302
    given_back = chair.post(f"{base_of(paper)}tra-lai/", {"return-version": 3})
    assert given_back.status_code == 422
    assert chair.post(f"{base_of(paper)}ban-hanh/", {"version": 3}).status_code == 302
    shown = chair.get(base_of(paper)).content.decode()
    assert "01/ĐX-UBND-HS" in shown
    pdf = chair.get(f"{base_of(paper)}tep/")
    assert b"".join(pdf.streaming_content).startswith(b"%PDF")
    assert "01/ĐX-UBND-HS" in chair.get(f"/can-bo/vu-viec/{case.code}/").content.decode()


def test_what_is_typed_into_a_paper_that_was_submitted_meanwhile_is_kept(
    chair: StrictClient,
) -> None:
    paper = submitted(case_of())
    assert chair.get(f"{base_of(paper)}sua/").status_code == 302
    typed = {"version": 1, "about": "x", "addressee": "x", "body": "Gõ dở dang"}
    late = chair.post(f"{base_of(paper)}sua/", typed)
    assert late.status_code == 409
    assert "Gõ dở dang" in late.content.decode()


def test_what_is_asked_for_later_is_not_called_optional(chair: StrictClient) -> None:
    page = chair.get(f"{base_of(drafted(proposed(), 'non_acceptance'))}sua/").content.decode()
    labels = re.findall(r'<label class="field__label" for="id_(\w+)">(.*?)</label>', page)
    optional = {name for name, words in labels if "không bắt buộc" in words}
    assert {name for name, _words in labels} - optional == {
        "about", "addressee", "own_reason", "body",
    }  # fmt: skip
    assert optional == {"recipients"}


def test_a_draft_that_the_case_has_outrun_says_so_and_is_laid_aside(chair: StrictClient) -> None:
    """Also of kinds that such cases had once: a slip of return, a resumption."""
    told = "Hiện không ban hành được văn bản này"
    case = proposed()
    late = drafted(case)
    assert told not in chair.get(base_of(late)).content.decode()
    Story(case).do("chair", "accept", number="1/TB")
    opinion = proposed("feedback", respondent=None)
    access, strays = access_make("chair"), [late]
    for code in ("return", "resumption"):
        words = content_begun(KINDS[code], opinion)
        strays.append(paper_begin(access, opinion, code, words, now()))
    for paper in strays:
        page = chair.get(base_of(paper)).content.decode()
        assert told in page
        assert "bỏ dự thảo này" in page
        assert chair.post(f"{base_of(paper)}bo/", {"version": 1}).status_code == 302
        page = chair.get(base_of(paper)).content.decode()
        assert told not in page
        assert "Bỏ trước khi ban hành" in page


def test_what_is_lacking_is_named(chair: StrictClient) -> None:
    paper = drafted(case_of())
    chair.post(f"{base_of(paper)}sua/", {"version": 1, "about": "x", "addressee": "x", "body": ""})
    answer = chair.post(f"{base_of(paper)}trinh/", {"version": 2})
    assert answer.status_code == 422
    assert "Nội dung" in answer.content.decode()


def test_dots_are_named_with_their_place(chair: StrictClient) -> None:
    paper = drafted(case_of())
    answer = chair.post(f"{base_of(paper)}trinh/", {"version": 1})
    assert answer.status_code == 422
    told = ">Nội dung văn bản</a>: Ghi đủ nội dung vào chỗ còn để trống: “Cơ quan đã giải quyết (nếu có): ……”"
    assert told in answer.content.decode()


def test_a_second_draft_of_a_kind_is_begun_on_purpose_alone(chair: StrictClient) -> None:
    first = drafted(proposed(), "acceptance")
    code = first.case.code
    home = f"/can-bo/vu-viec/{code}/van-ban/"
    told = "Đã có dự thảo Thông báo về việc thụ lý giải quyết khiếu nại, mở dự thảo"
    for path in (home, f"/can-bo/vu-viec/{code}/", f"/can-bo/vu-viec/{code}/buoc/accept/"):
        page = chair.get(path).content.decode()
        assert f'href="{base_of(first)}">{told}</a>' in page, path
        assert 'name="kind" value="acceptance"' not in page
    answer = chair.post(f"{home}moi/", {"kind": "acceptance"}, follow=True)
    assert "hệ thống không tạo thêm" in answer.content.decode()
    assert answer.redirect_chain[-1][0] == base_of(first)
    assert chair.post(f"{home}moi/", {"another": "acceptance"}).status_code == 302
    assert Paper.objects.filter(kind="acceptance").count() == 2
    # What is issued, or replaces another paper, is no such draft.
    other = step(paper_correct, issued(case_of(subject="Khác")))
    assert (
        'name="kind" value="proposal"'
        in chair.get(f"/can-bo/vu-viec/{other.case.code}/van-ban/").content.decode()
    )


@pytest.mark.parametrize("name", ["khong-co", "sua-lai"])
def test_unknown_steps(chair: StrictClient, name: str) -> None:
    assert chair.post(f"{base_of(drafted(case_of()))}{name}/", {"version": 1}).status_code == 404


def test_a_paper_of_another_case_is_not_found(chair: StrictClient) -> None:
    paper, other = drafted(case_of()), case_of(subject="Khiếu nại khác")
    path = base_of(paper).replace(paper.case.code, other.code)
    assert chair.get(path).status_code == 404
    assert chair.post(f"{path}trinh/", {"version": 1}).status_code == 404


def test_queries_of_the_list_do_not_grow(chair: StrictClient) -> None:
    case = case_of()
    path = f"/can-bo/vu-viec/{case.code}/van-ban/"
    issued(case)
    chair.get(path)
    with CaptureQueriesContext(connection) as few:
        chair.get(path)
    for _number in range(3):
        submitted(case)
    step(paper_void, issued(case), reason="Sai.")
    with CaptureQueriesContext(connection) as many:
        chair.get(path)
    assert len(many) == len(few) <= 9


def test_api(by_token: Any) -> None:
    case = case_of()
    paper, draft = issued(case), drafted(case)
    client: Client = by_token("clerk")
    rows = client.get(f"/api/v1/cases/{case.code}/papers/").json()["results"]
    assert [row["number"] for row in rows] == [None, "01/ĐX-UBND-HS"]
    one = client.get(f"/api/v1/cases/{case.code}/papers/{paper.public_id}/").json()
    assert one["sha256"] == bytes(paper.sha256).hex()
    assert one["content"]["about"] == "xử lý đơn"
    file = client.get(f"/api/v1/cases/{case.code}/papers/{paper.public_id}/file/")
    assert file["Content-Type"] == "application/pdf"
    path = f"/api/v1/cases/{case.code}/papers/{draft.public_id}/file/"
    assert client.get(path).status_code == 404
    assert client.get(f"/api/v1/cases/{case.code}/papers/khong/").status_code == 404
    other: Client = by_token("other_clerk")
    assert other.get(f"/api/v1/cases/{case.code}/papers/").status_code == 404
