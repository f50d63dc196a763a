"""Papers by the capacity in which the leader received: book, heading, basis, signature; one page."""

import datetime as dt
from typing import Any

import pypdfium2
import pytest
from django.test import Client
from django.utils import translation

from accounts.enums import Role
from communes.models import Unit
from papers.heads import parent_of
from receptions.conclusion_papers import minutes_pdf, notice_facts, notice_pdf, visit_notice_pdf
from receptions.invariants_conclusions import conclusion_numbers_are_gapless
from receptions.models import (
    ConclusionNotice,
    Minutes,
    ReceptionSession,
    Registration,
    VisitRecord,
)
from receptions.paper_heads import capacity, heading, sign_of
from receptions.posts import post_in
from receptions.services.conclusions import notice_issue
from receptions.services.minutes import minutes_draft_text
from receptions.services.visit_notices import visit_notice_send
from tests.people import access_make, person_make
from tests.receptions.cast import DAY, register, session_public
from tests.receptions.cast_plan import follow
from tests.receptions.concluding import (
    DURING,
    clock_of,
    drafted,
    issued,
    row,
    task_of,
    visit_of,
    ward,
)
from tests.receptions.test_papers_pdf import squeezed, text_of

pytestmark = pytest.mark.django_db


def state_session(**changes: Any) -> ReceptionSession:
    return session_public("chair", duty_holder="people_committee_chair", **changes)


def printed(pdf: bytes, *words: str) -> None:
    text = text_of(pdf)
    for one in words:
        assert squeezed(one) in text, one


def test_party_and_state_have_a_book_each_without_gaps() -> None:
    party, state = session_public(), state_session()
    shown = [
        issued(session=party).shown_number,
        issued(session=state, who="chair").shown_number,
        issued(session=party).shown_number,
        issued(session=state, who="chair").shown_number,
    ]
    assert shown == ["01-TB/ĐU", "01/TB-UBND-TD", "02-TB/ĐU", "02/TB-UBND-TD"]
    assert list(conclusion_numbers_are_gapless()) == []


def test_the_partys_notice_has_the_partys_heading_and_basis() -> None:
    pdf = notice_pdf(issued())
    printed(
        pdf, "ĐẢNG CỘNG SẢN VIỆT NAM", "ĐẢNG BỘ THÀNH PHỐ HÀ NỘI", "ĐẢNG ỦY PHƯỜNG BA ĐÌNH",
        "Số 01-TB/ĐU", "Căn cứ Quy định số 11-QĐi/TW", "215-KL/TW", "BÍ THƯ",
    )  # fmt: skip
    for other in ("CỘNG HÒA XÃ HỘI", "Nghị định số 154", "UBND"):
        assert squeezed(other) not in text_of(pdf)
    assert len(pypdfium2.PdfDocument(pdf)) == 1


def test_the_states_notice_has_the_national_heading_and_the_laws() -> None:
    pdf = notice_pdf(issued(session=state_session(), who="chair"))
    printed(
        pdf, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc",
        "ỦY BAN NHÂN DÂN PHƯỜNG BA ĐÌNH", "Số: 01/TB-UBND-TD", "Căn cứ Luật Tiếp công dân",
        "khoản 2 Điều 25 Nghị định số 154/2026/NĐ-CP", "CHỦ TỊCH",
    )  # fmt: skip
    for other in ("ĐẢNG CỘNG SẢN", "11-QĐi"):
        assert squeezed(other) not in text_of(pdf)


def test_a_draft_and_an_extract_are_marked() -> None:
    draft = drafted()
    printed(notice_pdf(draft), "DỰ THẢO", "Số ……")
    inner = row(what="Việc nội bộ của phường", is_internal=True)
    whole = issued(row(), inner, session=draft.session)
    extract = notice_pdf(whole, for_citizen=True)
    printed(extract, "TRÍCH SAO")
    assert squeezed("Việc nội bộ") not in text_of(extract)


def test_a_notice_issued_before_prints_what_was_kept() -> None:
    facts = notice_facts(session_public(), ConclusionNotice(), [])
    kept = {k: v for k, v in facts.items() if k not in ("basis", "signing", "stands_for")}
    old = ConclusionNotice(state="issued", facts=kept | {"delegated": True, "number": "7-TB/ĐU"})
    printed(
        notice_pdf(old), "7-TB/ĐU", "khoản 2 Điều 25 Nghị định số 154/2026/NĐ-CP",
        "(người được ủy quyền tiếp)", "BÍ THƯ ĐẢNG ỦY PHƯỜNG BA ĐÌNH",
    )  # fmt: skip


def test_a_stand_in_signs_in_the_place_of_the_head_or_by_order() -> None:
    stands_in = session_public(is_delegated=True, duty_holder="people_committee_chair")
    deputy = capacity(stands_in)
    assert deputy == {
        "post": "Bí thư Đảng ủy phường Ba Đình",
        "stands_for": "Chủ tịch Ủy ban nhân dân phường Ba Đình",
        "signing": ["KT. Chủ tịch", "Bí thư Đảng ủy"],
    }
    session = session_public(day=DAY - dt.timedelta(days=1))
    ReceptionSession.objects.filter(pk=session.pk).update(
        is_delegated=True, leader=person_make("clerk")
    )
    session.refresh_from_db()
    assert capacity(session)["signing"] == ["T/L Bí thư", "Văn thư, tiếp nhận đơn"]
    printed(
        notice_pdf(issued(session=session)),
        "tiếp thay bí thư Đảng ủy phường Ba Đình", "T/L BÍ THƯ", "VĂN THƯ, TIẾP NHẬN ĐƠN",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("code", "duty", "title", "sign"),
    [
        ("BTCD", "head_of_agency", ("Trưởng", "Trưởng ban"), "/TB-BTCD"),
        ("TTTP", "head_of_agency", ("Chánh", "Chánh Thanh tra"), "/TB-TTTP"),
        ("UBND", "people_committee_chair", ("Chủ tịch", "Chủ tịch"), "/TB-UBND"),
        ("UBKT", "head_of_agency", ("Chủ nhiệm", "Chủ nhiệm"), "/TB-UBKT"),
    ],
)
def test_heads_of_bodies_by_what_the_body_is(
    code: str, duty: str, title: tuple[str, str], sign: str
) -> None:
    unit = Unit.objects.get(code=code)
    assert post_in(unit, duty)[1:] == title
    assert sign_of(unit, party=False) == sign


def test_minutes_have_the_heading_of_their_session_and_say_the_people_once() -> None:
    visit = visit_of("taken_in", registration={"people": 1})
    session = visit.registration.session
    minutes = Minutes(visit=visit, text=minutes_draft_text(visit))
    party = minutes_pdf(session, minutes, {"full_name": "Người dân số 1"}, 1)
    printed(party, "ĐẢNG CỘNG SẢN VIỆT NAM", "ĐẢNG BỘ THÀNH PHỐ HÀ NỘI", "BIÊN BẢN", "Số người: 1")
    assert text_of(party).count(squeezed("Số người")) == 1
    session.unit = Unit.objects.get(code="TU")
    above = minutes_pdf(session, minutes, {"full_name": "Người dân số 1"}, 1)
    printed(above, "THÀNH ỦY HÀ NỘI")
    assert squeezed("ĐẢNG BỘ") not in text_of(above)
    session.duty_holder, session.unit = "people_committee_chair", ward()
    state = minutes_pdf(session, minutes, {"full_name": "Người dân số 1"}, 1)
    printed(state, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "ỦY BAN NHÂN DÂN PHƯỜNG BA ĐÌNH")


def paper_of(visit: Any, who: str = "clerk") -> Any:
    client = Client()
    client.force_login(person_make(who))
    row_ = visit.registration
    return client.get(
        f"/can-bo/tiep-dan/{row_.session.public_id}/sau-tiep/{row_.code}/thong-bao.pdf"
    )


def test_the_written_notice_says_what_when_and_whom_to_ask() -> None:
    visit = visit_of("taken_in", session=state_session(), who="chair")
    answer = paper_of(visit)
    assert answer.headers["Content-Type"] == "application/pdf"
    printed(
        answer.content, "CỘNG HÒA XÃ HỘI", "Số: ……/TB-UBND", "Kính gửi: Ông (bà) Người dân số 1",
        "Hỏi về tiến độ cấp giấy chứng nhận", "khoản 1 Điều 28 Luật Tiếp công dân",
        "cần có thêm thời gian", "chậm nhất hết ngày 24/12/2026", "Bà Mẫu, bộ phận một cửa", "CHỦ TỊCH",
    )  # fmt: skip
    assert len(pypdfium2.PdfDocument(answer.content)) == 1
    visit_notice_send(
        access=access_make("clerk"),
        session_id=visit.registration.session.public_id,
        code=visit.registration.code,
        number="25/TB-UBND",
        sent_on=DAY,
        at=DURING,
    )
    printed(paper_of(visit).content, "Số: 25/TB-UBND", "ngày 10 tháng 12 năm 2026")


def test_the_partys_written_notice_and_one_that_was_sent_on() -> None:
    other = Unit.objects.get(code="00008")
    visit = visit_of("forwarded", entry={"sent_to": other, "paper_number": "12-CV/ĐU"})
    printed(
        paper_of(visit, "secretary").content, "ĐẢNG CỘNG SẢN VIỆT NAM", "Quy định số 11-QĐi/TW",
        f"đã được chuyển đến {other.full_name} (văn bản số 12-CV/ĐU)", "BÍ THƯ",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("content", "printed_words"),
    [("Đề nghị mở lại ngõ", "Đề nghị mở lại ngõ"), ("", "Sẽ trình bày trực tiếp tại buổi tiếp")],
)
def test_the_written_notice_says_what_was_brought_forward_in_vietnamese(
    content: str, printed_words: str
) -> None:
    visit = visit_of("taken_in")
    VisitRecord.objects.update(content=content)
    Registration.objects.update(topic="")
    visit.refresh_from_db()
    session = visit.registration.session
    with translation.override("en"):
        printed(visit_notice_pdf(session, visit, None), printed_words)


@pytest.mark.parametrize(
    ("code", "above"),
    [
        ("TU", ""),
        ("UBND", ""),
        ("BNC", "Thành ủy Hà Nội"),
        ("SXD", "Ủy ban nhân dân thành phố Hà Nội"),
        ("TTTP", "Ủy ban nhân dân thành phố Hà Nội"),
        ("TTPTQD", "Ủy ban nhân dân thành phố Hà Nội"),
        ("MTTQ", "Thành phố Hà Nội"),
    ],
)
def test_what_stands_above_a_body_of_the_city(code: str, above: str) -> None:
    unit = Unit.objects.get(code=code)
    assert parent_of(unit, party=unit.line == "party") == above


def test_the_head_of_a_body_of_the_party_receives_as_the_party() -> None:
    follow("service_head", dt.date(2026, 7, 1), Role.AGENCY_HEAD, "BNC")
    session = session_public("service_head", unit="BNC", duty_holder="head_of_agency")
    draft = drafted(session=session, who="service_head")
    notice = notice_issue(
        access=access_make("service_head"), public_id=draft.public_id, version=1, at=DURING
    )
    assert notice.shown_number == "01-TB/BNC"
    printed(
        notice_pdf(notice), "ĐẢNG CỘNG SẢN VIỆT NAM", "THÀNH ỦY HÀ NỘI",
        "BAN NỘI CHÍNH THÀNH ỦY", "11-QĐi/TW", "TRƯỞNG BAN",
    )  # fmt: skip
    assert clock_of(task_of(notice)).ladder == "conclusion_party"
    assert list(conclusion_numbers_are_gapless()) == []


def test_who_gets_the_written_notice() -> None:
    visit = visit_of("answered")
    assert paper_of(visit).status_code == 404
    taken = visit_of("taken_in", session=visit.registration.session, registration={"number": 2})
    assert paper_of(taken, "front").status_code == 403
    assert paper_of(taken, "other_clerk").status_code == 404


def test_a_visit_of_many_words_takes_one_page_of_the_brief() -> None:
    session = session_public()
    register(session)
    register(session, 2)
    Registration.objects.filter(session=session, queue_number=1).update(
        topic="Đề nghị xem xét việc bồi thường, hỗ trợ khi thu hồi đất. " * 40
    )
    client = Client()
    client.force_login(person_make("secretary"))
    pdf = client.get(f"/can-bo/tiep-dan/{session.public_id}/tai-lieu/ban-in/").content
    document = pypdfium2.PdfDocument(pdf)
    pages = [squeezed(document[n].get_textpage().get_text_range()) for n in range(len(document))]
    assert len(pages) == 3
    assert "Số1:Ngườidânsố1" in pages[1]
    assert "Số2:Ngườidânsố2" in pages[2]


def test_the_heading_is_that_of_the_capacity() -> None:
    session = session_public()
    assert heading(session, dt.date(2026, 12, 10)) == {
        "party": True,
        "parent": "Đảng bộ thành phố Hà Nội",
        "issuer": "Đảng ủy phường Ba Đình",
        "dated": "Ba Đình, ngày 10 tháng 12 năm 2026",
    }
