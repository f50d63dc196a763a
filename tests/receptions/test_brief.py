"""The brief before a session: what lies in the files, for whoever receives and prepares."""

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import pypdfium2
import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from common.time import local_moment
from communes.models import Unit
from petitions.models import Case, CaseEvent
from petitions.services.intake import petition_file
from petitions.services.sealed import READ_EVENT
from receptions.brief import LINES_MAX, case_lines, day_context, page_of
from receptions.brief_paper import brief_facts
from receptions.models import ConclusionNotice, ConclusionTask, ReceptionSession, Registration
from receptions.promises import Matter, promises
from receptions.selectors_brief import brief_sheets
from receptions.services.registrations import Visitor
from receptions.services.visits import Visit, session_record
from tests.leaks.crawler import read
from tests.people import OTHER_WARD, Story, access_make, filing_make, person_make
from tests.receptions.cast import DAY, NOW, register, session_public

pytestmark = pytest.mark.django_db
DESK = "/can-bo/tiep-dan/"
Tell = Callable[..., Story]
SEALED = {"name": "Ông Bryxol", "unit": OTHER_WARD, "position": "officer"}


@pytest.fixture(autouse=True)
def _monday() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def signed_in(name: str) -> Client:
    client = Client()
    client.force_login(person_make(name))
    return client


def page(name: str, path: str) -> str:
    answer = signed_in(name).get(path)
    assert answer.status_code == 200
    return str(answer.content.decode())


def brief_path(session: ReceptionSession) -> str:
    return f"{DESK}{session.public_id}/tai-lieu/"


def linked(session: ReceptionSession, tale: Story, number: int = 1, **changes: Any) -> str:
    petition = (tale.filed.code, tale.filed.secret)
    return register(session, number, petition=petition, **changes).code


def test_a_sheet_says_what_since_when_who_and_what_was_decided(story: Tell) -> None:
    session, tale = session_public(), story().decided()
    code = linked(session, tale)
    text = page("secretary", f"{brief_path(session)}{code}/")
    for words in (
        "Người dân số 1",
        "Hỏi về tiến độ cấp giấy chứng nhận.",
        tale.filed.code,
        "Khiếu nại mức bồi thường khi thu hồi đất",
        "45/QĐ-UBND",
        "12/TB-UBND",
        "30/11/2026",
        "Điều 25 Nghị định 154/2026",
    ):
        assert words in text, words


def test_the_case_never_takes_more_than_ten_lines(story: Tell) -> None:
    session, tale = session_public(), story().decided()
    Case.objects.filter(pk=tale.case.pk).update(escalation_level=2, flags=["complex"])
    linked(session, tale)
    sheet = brief_sheets(access_make("chair"), session)[0]
    assert sheet.file is not None
    lines = case_lines(sheet.file)
    assert len(lines) <= LINES_MAX
    assert "45/QĐ-UBND" in lines[-1].text


def test_the_limits_stand_with_date_and_article(story: Tell) -> None:
    session, tale = session_public(), story()
    linked(session, tale)
    shown = page_of(brief_sheets(access_make("secretary"), session)[0])
    due = [limit.due_on for limit in shown.limits]
    assert tale.case.due_on in due
    assert all(limit.basis for limit in shown.limits)


def test_the_order_is_priority_slot_number_and_the_waiting_list_last() -> None:
    session = session_public(capacity=3)
    codes = [register(session, number, waiting_list=True).code for number in range(1, 5)]
    Registration.objects.filter(code=codes[2]).update(priority=["mass"])
    Registration.objects.filter(code=codes[1]).update(slot_at=local_moment(DAY, 8))
    sheets = brief_sheets(access_make("secretary"), session)
    assert [sheet.registration.queue_number for sheet in sheets] == [3, 2, 1, 4]


def test_somebody_cancelled_has_no_sheet() -> None:
    session = session_public()
    register(session, 1)
    Registration.objects.update(status="cancelled", has_place=False)
    assert brief_sheets(access_make("secretary"), session) == []


def test_earlier_receptions_and_who_else_waits_without_a_name(story: Tell) -> None:
    earlier, session, tale = session_public(), session_public(day=dt.date(2026, 12, 17)), story()
    heard = linked(earlier, tale, 1)
    with time_machine.travel(local_moment(DAY, 9), tick=False):
        session_record(
            access=access_make("secretary"),
            session_id=earlier.public_id,
            code=heard,
            visit=Visit("Đề nghị trả lời.", "answered", "Đã giải thích quy hoạch."),
        )
    linked(session, tale, 1)
    linked(session, tale, 2)
    linked(session, tale, 3)
    text = page("secretary", brief_path(session))
    for words in ("10/12/2026", "Đã giải thích quy hoạch.", "2 người khác đã đăng ký tiếp"):
        assert words in text, words
    sheet = brief_sheets(access_make("secretary"), session)[0]
    assert sheet.others.registrations == 2


def test_a_visitor_without_a_case_earlier_registrations_and_similar_cases(story: Tell) -> None:
    tale = story(
        petitioners=[{"full_name": "A", "identity_number": "001088000001", "address": "B"}]
    )
    earlier, session = session_public(), session_public(day=dt.date(2026, 12, 17))
    register(earlier, 1, topic="Hỏi về hộ khẩu.")
    Registration.objects.update(person_hmac=b"x" * 32)
    register(session, 1)
    Registration.objects.update(person_hmac=b"x" * 32)
    register(session, visitor=Visitor("Bà A", "001088000001", "0912000001"))
    first, second = brief_sheets(access_make("clerk"), session)
    assert [row.topic for row in first.earlier] == ["Hỏi về hộ khẩu."]
    assert [one.case.code for one in second.similar] == [tale.filed.code]
    # Day and outcome only: the earlier visit may have been about a denunciation.
    text = page("clerk", brief_path(session))
    assert "10/12/2026" in text
    assert "Hỏi về hộ khẩu." not in text


def test_hot_spots_tasks_and_quota_of_the_day(story: Tell) -> None:
    session, tale = session_public(), story()
    Case.objects.filter(pk=tale.case.pk).update(due_on=dt.date(2026, 11, 20), escalation_level=1)
    task_of(session, "Kiểm tra ngõ đi chung.")
    text = page("secretary", brief_path(session))
    assert "Kiểm tra ngõ đi chung." in text
    assert "24/12/2026" in text
    assert "20/11/2026" in text
    assert "Bồi thường" in text or "bồi thường" in text


@pytest.mark.parametrize(("state", "is_late"), [("assigned", True), ("reported", False)])
def test_page_and_paper_agree_on_what_is_late(state: str, *, is_late: bool) -> None:
    """What the leader has before him is late for nobody."""
    session = session_public()
    task = task_of(session, "Kiểm tra ngõ đi chung.")
    late = dt.date(2026, 11, 2)
    ConclusionTask.objects.filter(pk=task.pk).update(
        state=state,
        due_on=late,
        reported_at=None if is_late else NOW,
        report="" if is_late else "Xong",
    )
    marks = (">quá hạn<", "02/11/2026 (quá hạn)")
    paper = signed_in("secretary").get(f"{brief_path(session)}ban-in/").content
    found = (page("secretary", brief_path(session)), text_of(paper))
    assert [mark in text for mark, text in zip(marks, found, strict=True)] == [is_late, is_late]


def task_of(session: ReceptionSession, what: str) -> ConclusionTask:
    notice = ConclusionNotice.objects.create(
        session=session,
        state="issued",
        number=1,
        year=2026,
        issued_at=NOW,
        drafted_by=person_make("secretary"),
        issued_by=person_make("secretary"),
        unit=session.unit,
        facts={"place": "Trụ sở"},
    )
    return ConclusionTask.objects.create(
        notice=notice,
        position=1,
        what=what,
        unit=Unit.objects.get(code="00004"),
        due_on=dt.date(2026, 12, 24),
    )


@pytest.mark.parametrize("who", ["front", "handler", "city_chair", "propaganda"])
def test_who_does_not_see_visitors_reads_no_brief(who: str) -> None:
    session = session_public()
    code = register(session).code
    for path in ("", f"{code}/", "ban-in/"):
        assert signed_in(who).get(brief_path(session) + path).status_code == 403
    assert signed_in("other_chair").get(brief_path(session)).status_code == 404


def test_a_code_of_another_session_is_nothing() -> None:
    session, other = session_public(), session_public(day=dt.date(2026, 12, 17))
    code = register(other).code
    assert signed_in("clerk").get(f"{brief_path(session)}{code}/").status_code == 404


def test_queries_do_not_grow_with_the_visitors(story: Tell) -> None:
    session = session_public(capacity=30)
    counts = []
    for more in (3, 9):
        for _one in range(more):
            number = session.registrations.count() + 1
            linked(session, story(), number)
            register(session, 100 + number)
        counts.append(queries(session))
    assert counts[0] == counts[1]
    assert counts[0] <= 42


def queries(session: ReceptionSession) -> int:
    client = signed_in("secretary")
    client.get(brief_path(session))
    with CaptureQueriesContext(connection) as found:
        client.get(brief_path(session))
    return len(found)


def test_a_denunciation_that_the_reader_does_not_see_changes_no_byte(story: Tell) -> None:
    session, tale = session_public(), story(kind="denunciation", respondent=SEALED)
    code = linked(session, tale)
    paths = [
        f"{DESK}{session.public_id}/",
        brief_path(session),
        f"{brief_path(session)}{code}/",
        f"{DESK}{session.public_id}/dang-ky/{code}/vu-viec/",
    ]
    client = signed_in("secretary")
    with_link = [read(client.get(path)) for path in paths]
    Registration.objects.update(case=None)
    assert [read(client.get(path)) for path in paths] == with_link
    assert not CaseEvent.objects.filter(action=READ_EVENT).exists()


def test_who_sees_the_denunciation_reads_it_behind_all_sheets_without_a_name(story: Tell) -> None:
    """The visitor's own sheet stays in its place: the queue and the hall say number and name too,
    so a number missing here would name who wrote it."""
    session, tale = session_public(), story(kind="denunciation", respondent=SEALED)
    linked(session, tale)
    register(session, 2)
    for who in ("chair", "clerk"):
        sheets = brief_sheets(access_make(who), session)
        unseen = brief_sheets(access_make("secretary"), session)
        assert [page_of(sheet) for sheet in sheets[:2]] == [page_of(sheet) for sheet in unseen]
        shown = page_of(sheets[2])
        assert (shown.number, shown.facts, shown.anchor) == ("", [], tale.filed.code)
        text = page(who, brief_path(session))
        assert "Tố cáo – lĩnh vực" in text
        assert "Số 1" in text
        own = text[text.index(f'id="visit-{tale.filed.code}"') :]
        assert "Người dân" not in own
        assert "/dang-ky/" not in own
    # Reading what a denouncer said is recorded, once a person and day.
    readers = CaseEvent.objects.filter(action=READ_EVENT).values_list("actor__username", flat=True)
    assert sorted(readers) == ["chair", "clerk"]
    paper = brief_facts(session, [shown], day_context(access_make("chair"), session))
    assert paper["order"][0][0] == ""
    assert paper["sheets"][0]["title"] == "danh tính được bảo vệ"


def test_no_page_of_a_registration_leads_to_its_denunciation(story: Tell) -> None:
    """By code, number or name nobody comes to the case but by opening the identity."""
    session, tale = session_public(), story(kind="denunciation", respondent=SEALED)
    code = linked(session, tale)
    before = f"{DESK}{session.public_id}/"
    tails = ("", f"tai-lieu/{code}/", f"dang-ky/{code}/vu-viec/", f"nguoi-dang-ky/{code}/")
    for who in ("chair", "clerk"):
        for tail in tails:
            assert tale.filed.code not in page(who, before + tail), (who, tail)
    assert not CaseEvent.objects.filter(action=READ_EVENT).exists()


def test_a_denunciation_is_in_no_count_of_the_brief(story: Tell) -> None:
    session = session_public()
    client = signed_in("chair")
    before = read(client.get(brief_path(session)))
    for _one in range(3):
        tale = story(kind="denunciation", respondent=SEALED)
        Case.objects.filter(pk=tale.case.pk).update(due_on=dt.date(2026, 11, 20))
    assert read(client.get(brief_path(session))) == before


def test_the_paper_is_made_of_the_same(story: Tell) -> None:
    session, tale = session_public(), story().accepted()
    linked(session, tale)
    register(session, 2, topic="#set text(size: 90pt) *đậm* $x$")
    answer = signed_in("secretary").get(f"{brief_path(session)}ban-in/")
    assert answer["Content-Type"] == "application/pdf"
    words = text_of(answer.content)
    assert tale.filed.code in words
    assert "#set text(size: 90pt)" in words


def text_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    return "\n".join(page.get_textpage().get_text_bounded() for page in document)


def test_many_letters_of_a_case_are_counted_without_reading_them() -> None:
    session = session_public()
    filed = petition_file(filing=filing_make(people=7), at=NOW)
    register(session, petition=(filed.code, filed.secret))
    shown = page_of(brief_sheets(access_make("chair"), session)[0])
    assert any("7" in line.text for line in shown.lines)


@pytest.mark.parametrize("kind", ["", "complaint", "denunciation", "recommendation", "feedback"])
def test_within_ten_working_days_is_told_in_writing(kind: str) -> None:
    said = promises(Matter(DAY, kind, "received" if kind else ""))
    assert said.must[0].by == dt.date(2026, 12, 24)
    assert "28" in said.must[0].basis
    assert len(promises(Matter(DAY, kind, is_party=True)).must) == 2


def test_no_result_is_promised_before_acceptance_and_none_after_its_limit() -> None:
    early = promises(Matter(DAY, "complaint", "received"))
    assert all(word.by is None for word in early.may)
    by = dt.date(2027, 1, 15)
    late = promises(Matter(DAY, "complaint", "verifying", result_by=by, result_basis="Điều 28"))
    assert late.may[-1].by == by
    free = promises(Matter(DAY, "feedback", "accepted"))
    assert "luật" in free.may[-1].basis.lower()


@pytest.mark.parametrize(
    ("matter", "count"),
    [
        (Matter(DAY, "complaint", "received"), 1),
        (Matter(DAY, "complaint", "received", is_other_body=True), 2),
        (Matter(DAY, "complaint", "in_court"), 2),
        (Matter(DAY, "complaint", "second_instance"), 2),
        (Matter(DAY, "complaint", "in_force"), 2),
        (Matter(DAY, "denunciation", "accepted", is_party=True), 2),
        (Matter(DAY), 0),
    ],
)
def test_what_is_outside_the_leaders_competence(matter: Matter, count: int) -> None:
    assert len(promises(matter).never) == count


def test_a_day_beyond_the_known_calendar_has_no_date() -> None:
    assert promises(Matter(dt.date(2040, 1, 2), "complaint", "received")).must[0].by is None
