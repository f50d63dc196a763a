"""Steps of the workflow take number and date of an issued paper; typed numbers stay possible."""

import datetime as dt
import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from common.errors import InvalidInput
from common.time import local_date, local_moment
from papers.catalogue import KINDS
from papers.models import Paper
from papers.policies import may_decide
from papers.references import papers_to_take
from papers.services.issuing import paper_issue, paper_void
from petitions.issued_papers import issued_for
from petitions.models import Case, CaseEvent, Outcome
from petitions.services.actions import case_act
from petitions.workflow import BY_ACTION, PAPER, Action
from tests.papers.making import ACCUSED, corrected, issued, proposed, step, submitted
from tests.people import access_make, person_make
from tests.strict import StrictClient

pytestmark = pytest.mark.django_db
TAKEN_IN = local_moment(dt.date(2026, 7, 6), 9)


def squeezed_page(page: str) -> str:
    return " ".join(page.split())


def do(case: Case, action: str, who: str = "chair", **inputs: Any) -> Case:
    case.refresh_from_db()
    return case_act(
        access=access_make(who), code=case.code, action=action, version=case.version, inputs=inputs
    )


def last_event(case: Case) -> CaseEvent:
    return CaseEvent.objects.filter(case=case).order_by("-sequence")[0]


def numbers(case: Case, action: Action) -> list[str]:
    case.refresh_from_db()
    return [one.number for one in issued_for(case, action)]


def test_every_paper_of_a_step_can_be_issued_before_it() -> None:
    for kind in KINDS.values():
        for action in kind.steps:
            row = BY_ACTION[action]
            assert kind.states & row.sources, (kind.code, action)
            assert kind.case_kinds & row.kinds, (kind.code, action)
        carried = {name for action in kind.steps for name in BY_ACTION[action].kinds}
        assert not kind.steps or kind.case_kinds <= carried, kind.code


def test_every_step_that_takes_a_paper_has_one_for_each_kind_of_petition() -> None:
    for row in BY_ACTION.values():
        if PAPER in row.fields:
            fitting = [kind for kind in KINDS.values() if row.action in kind.steps]
            assert row.kinds <= {name for kind in fitting for name in kind.case_kinds}, row.action


def test_the_slip_comes_before_the_notice_of_forwarding() -> None:
    case = proposed("denunciation")
    slip = issued(case, "forwarding")
    notice = issued(case, "denunciation_forwarded_notice")
    assert numbers(case, Action.FORWARD) == [slip.shown_number, notice.shown_number]


def test_accepting_with_the_notice() -> None:
    case = proposed()
    paper = issued(case, "acceptance")
    do(case, "accept", paper=str(paper.public_id))
    event = last_event(case)
    assert event.data["number"] == paper.shown_number == "01/TB-UBND-HS"
    assert event.data["paper"] == str(paper.public_id)


def test_a_typed_number_is_as_good_as_before() -> None:
    case = proposed()
    issued(case, "acceptance")
    do(case, "accept", number="77/TB-UBND")
    assert last_event(case).data["number"] == "77/TB-UBND"
    assert "paper" not in last_event(case).data


def test_neither_paper_nor_number() -> None:
    case = proposed()
    with pytest.raises(InvalidInput) as refused:
        do(case, "accept")
    assert set(refused.value.fields) == {"number"}


def test_another_number_beside_the_paper_is_a_mistake() -> None:
    case = proposed()
    paper = issued(case, "acceptance")
    with pytest.raises(InvalidInput) as refused:
        do(case, "accept", paper=str(paper.public_id), number="9/TB-UBND")
    assert set(refused.value.fields) == {"number"}
    do(case, "accept", paper=str(paper.public_id), number=paper.shown_number)


def test_which_papers_fit() -> None:
    """Of the case, of a fitting kind, in force: no draft, none that is void, replaced or of
    another case."""
    case, other = proposed(), proposed(subject="Khiếu nại khác")
    foreign = issued(other, "acceptance")
    unfit, waiting = issued(case, "proposal"), submitted(case, "acceptance")
    void = step(paper_void, issued(case, "acceptance"), reason="Sai.")
    for paper in (foreign, unfit, waiting, void):
        with pytest.raises(InvalidInput) as refused:
            do(case, "accept", paper=str(paper.public_id))
        assert set(refused.value.fields) == {"paper"}
    old = issued(case, "acceptance")
    new = step(paper_issue, corrected(old))
    assert numbers(case, Action.ACCEPT) == [new.shown_number]
    assert numbers(case, Action.START_VERIFICATION) == []


def test_a_paper_is_taken_once() -> None:
    """A case that is suspended twice has two decisions."""
    case = proposed()
    do(case, "accept", number="1/TB")
    told = {"ground": "other_result", "reason": "Chờ kết quả của cơ quan khác."}
    first = issued(case, "suspension")
    do(case, "suspend", paper=str(first.public_id), **told)
    do(case, "resume", paper=str(issued(case, "resumption").public_id))
    assert numbers(case, Action.SUSPEND) == []
    with pytest.raises(InvalidInput):
        do(case, "suspend", paper=str(first.public_id), **told)
    second = issued(case, "suspension")
    do(case, "suspend", paper=str(second.public_id), **told)


def test_the_result_has_date_and_signature_of_the_paper(time_machine: Any) -> None:
    case = proposed()
    do(case, "accept", number="1/TB")
    do(case, "start_verification", "handler")
    do(case, "draft_outcome", "handler", text="Dự thảo.")
    paper = issued(case, "complaint_decision")
    time_machine.move_to(timezone.now() + dt.timedelta(days=3))
    do(case, "decide", paper=str(paper.public_id))
    outcome = Outcome.objects.get(case=case)
    assert outcome.number == "01/QĐ-UBND-HS"
    assert outcome.signed_by == person_make("chair")
    assert paper.issued_at is not None
    assert outcome.issued_on == local_date(paper.issued_at)
    assert last_event(case).data["paper_on"] == outcome.issued_on.isoformat()


def test_the_text_of_a_refusal_points_to_the_paper() -> None:
    """What a paper says lies under seal; it is not copied beside it."""
    case = proposed()
    paper = issued(case, "non_acceptance", body="Ông Vũ Thị Thử Nghiệm, số 5.")
    do(case, "decline", ground="time_bar", paper=str(paper.public_id))
    outcome = Outcome.objects.get(case=case)
    assert outcome.number == "01/TB-UBND-HS"
    assert "01/TB-UBND-HS" in outcome.text
    assert "Thử Nghiệm" not in outcome.text
    assert outcome.text.startswith("Nội dung theo văn bản số")


def test_pages_offer_the_paper_and_link_it(client: StrictClient) -> None:
    case = proposed()
    base = f"/can-bo/vu-viec/{case.code}/"
    client.force_login(person_make("chair"))
    assert "Văn bản đã ban hành" not in client.get(f"{base}buoc/accept/").content.decode()
    paper = issued(case, "acceptance")
    shown = client.get(f"{base}buoc/accept/").content.decode()
    assert f'<option value="{paper.public_id}" selected>' in shown
    data = {"version": case.version, "paper": str(paper.public_id), "number": ""}
    answer = client.post(f"{base}buoc/accept/", data)
    assert answer.status_code == 302
    shown = client.get(base).content.decode()
    assert f'<a href="{base}van-ban/{paper.public_id}/">Văn bản 01/TB-UBND-HS</a>' in shown


def test_a_void_paper_is_told_at_the_step_that_took_it(client: StrictClient) -> None:
    case = proposed()
    paper = issued(case, "acceptance")
    do(case, "accept", paper=str(paper.public_id))
    base = f"/can-bo/vu-viec/{case.code}/"
    client.force_login(person_make("chair"))
    page = client.get(f"{base}van-ban/{paper.public_id}/").content.decode()
    taken = f", {local_date(last_event(case).at):%d/%m/%Y}</dd>"
    assert re.search(rf"Đã dùng ở bước</dt><dd>[^<,]+{taken}", page)
    assert "Khi văn bản bị hủy, bước xử lý và các thời hạn vẫn giữ nguyên" in page
    assert "Văn bản 01/TB-UBND-HS</a>" in client.get(base).content.decode()
    step(paper_void, paper, reason="Sai thẩm quyền ký.")
    page = client.get(f"{base}van-ban/{paper.public_id}/").content.decode()
    assert "văn bản làm căn cứ đã hủy" in page
    assert "(Đã hủy: Sai thẩm quyền ký.)</a>" in client.get(base).content.decode()


def test_a_paper_that_no_step_took_says_nothing_of_steps(client: StrictClient) -> None:
    case = proposed()
    paper = step(paper_void, issued(case, "acceptance"), reason="Sai.")
    client.force_login(person_make("chair"))
    page = client.get(f"/can-bo/vu-viec/{case.code}/van-ban/{paper.public_id}/").content.decode()
    assert "đang ghi số văn bản này" not in page


def test_papers_of_the_unit_before_stay_there(story: Any) -> None:
    """After a superior took the case over, the ward's paper is the ward's alone: nobody else
    declares it void, and no step of the superior goes by its number."""
    tale = story(kind="denunciation", respondent=ACCUSED, at=TAKEN_IN).accepted(at=TAKEN_IN)
    paper = issued(tale.case, "suspension")
    assert may_decide(access_make("chair"), tale.case, paper) is None
    late = TAKEN_IN + dt.timedelta(days=120)
    tale.do(
        "city_chair", "take_over", late, ground="overdue", number="1/UBND", reason="Có văn bản."
    )
    case = tale.case
    assert case.unit.code != paper.unit.code
    assert may_decide(access_make("city_chair"), case, paper) is not None
    assert may_decide(access_make("chair"), case, paper) is None
    assert papers_to_take(case, Action.SUSPEND) == []


def test_the_form_without_a_choice_asks_for_the_number(client: StrictClient) -> None:
    case = proposed()
    issued(case, "acceptance")
    client.force_login(person_make("chair"))
    path = f"/can-bo/vu-viec/{case.code}/buoc/accept/"
    answer = client.post(path, {"version": case.version, "paper": "", "number": ""})
    assert "field--error" in answer.content.decode()
    answer = client.post(path, {"version": case.version, "paper": "", "number": "3/TB"})
    assert answer.status_code == 302


@pytest.mark.parametrize(("who", "writes"), [("chair", True), ("handler", True), ("clerk", False)])
def test_the_case_offers_to_write_the_paper_of_a_step(
    client: StrictClient, who: str, writes: bool
) -> None:
    case = proposed()
    client.force_login(person_make(who))
    shown = client.get(f"/can-bo/vu-viec/{case.code}/").content.decode()
    assert ("Soạn văn bản: Thông báo về việc thụ lý giải quyết khiếu nại" in shown) is writes
    assert "Soạn văn bản: Kết luận" not in shown
    if writes:
        path = f"/can-bo/vu-viec/{case.code}/van-ban/moi/"
        assert client.post(path, {"kind": "acceptance"}).status_code == 302
        assert Paper.objects.get().kind == "acceptance"


def test_queries_of_a_case_do_not_grow_with_its_papers(
    client: StrictClient,
) -> None:
    case = proposed()
    do(case, "accept", paper=str(issued(case, "acceptance").public_id))
    client.force_login(person_make("chair"))
    path = f"/can-bo/vu-viec/{case.code}/"
    client.get(path)
    with CaptureQueriesContext(connection) as few:
        client.get(path)
    told = {"ground": "other_result", "reason": "Chờ kết quả."}
    do(case, "suspend", paper=str(issued(case, "suspension").public_id), **told)
    do(case, "resume", paper=str(issued(case, "resumption").public_id))
    with CaptureQueriesContext(connection) as many:
        client.get(path)
    assert len(many) == len(few)


def test_api(by_token: Any) -> None:
    case = proposed()
    paper = issued(case, "acceptance")
    client: Client = by_token("chair")
    rows = client.get(f"/api/v1/cases/{case.code}/available-actions/").json()["results"]
    fields = next(row["fields"] for row in rows if row["action"] == "accept")
    asked = {field["name"]: field for field in fields}
    assert [one["value"] for one in asked["paper"]["choices"]] == [str(paper.public_id)]
    answer = client.post(
        f"/api/v1/cases/{case.code}/actions/accept/",
        {"version": case.version, "paper": str(paper.public_id)},
        content_type="application/json",
    )
    assert answer.status_code == 200
    wrong = client.post(
        f"/api/v1/cases/{case.code}/actions/suspend/",
        {"version": answer.json()["version"], "paper": "x" * 500},
        content_type="application/json",
    )
    assert "paper" in wrong.json()["fields"]
