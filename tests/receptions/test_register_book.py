"""Register 03/TCD: thirteen columns, for whoever sees the unit's visitors."""

import csv
import datetime as dt
import io
import zipfile
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree as ET

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from communes.models import Unit
from receptions.forms_book import period_of
from receptions.models import (
    ConclusionNotice,
    ConclusionTask,
    Refusal,
    RegisterEvent,
    Registration,
)
from receptions.selectors_register import COLUMNS, register_page
from tests.people import OTHER_WARD, WARD, access_make, person_make
from tests.receptions.cast import DAY, NOW, register, session_public
from tests.receptions.cast_book import (
    BOOK,
    DURING,
    FILE,
    SEALED,
    YEAR,
    Tell,
    asked,
    cells,
    heard,
    rows,
    signed_in,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _monday() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def test_thirteen_columns_in_the_order_of_the_form() -> None:
    assert len(COLUMNS) == 13
    heard(
        session_public(),
        content="Đề nghị cấp giấy chứng nhận",
        kind="recommendation",
        people=3,
        handled_before="UBND phường đã trả lời",
        is_competent=True,
        note="Hẹn ngày 20",
        register_number=12,
        register_year=2026,
    )
    assert cells() == (
        "1",
        "10/12/2026",
        "Người dân số 1",
        "001088000001",
        "Đề nghị cấp giấy chứng nhận",
        "KNG",
        "3",
        "UBND phường đã trả lời",
        "x",
        "",
        "",
        "Tiếp nhận, trả lời sau",
        "Số trong sổ: 12/2026; Hẹn ngày 20",
    )


@pytest.mark.parametrize(("outcome", "column"), [("guided", 9), ("forwarded", 10)])
def test_guidance_and_forwarding_with_the_number_of_their_paper(outcome: str, column: int) -> None:
    there = Unit.objects.get(code="TTTP")
    heard(
        session_public(),
        outcome=outcome,
        sent_to=there,
        paper_number="15/HD-UBND",
        is_competent=False,
    )
    found = cells()
    assert found[column] == f"{there.full_name} (15/HD-UBND)"
    assert found[8] == ""


def test_the_progress_of_the_linked_case_stands_in_columns_9_to_12(story: Tell) -> None:
    tale = story().decided()
    heard(session_public(), petition=(tale.filed.code, tale.filed.secret))
    found = cells()
    assert (found[5], found[8]) == ("KN", "x")
    assert "12/TB-UBND" in found[10]
    assert "45/QĐ-UBND (30/11/2026)" in found[11]
    assert tale.filed.code in found[11]


def test_tasks_of_the_conclusion_stand_in_the_follow_up() -> None:
    visit = heard(session_public())
    notice = ConclusionNotice.objects.create(
        session=visit.registration.session,
        visit=visit,
        state="issued",
        number=1,
        year=2026,
        issued_at=NOW,
        drafted_by=person_make("secretary"),
        issued_by=person_make("secretary"),
        unit=visit.registration.session.unit,
        facts={"place": "Trụ sở"},
    )
    ConclusionTask.objects.create(
        notice=notice, position=1, what="Kiểm tra", unit=asked().unit, due_on=dt.date(2026, 12, 24)
    )
    assert "24/12/2026" in cells()[11]


def test_a_refused_visitor_is_entered_with_the_ground_an_absent_one_is_not() -> None:
    session = session_public()
    refused, absent = register(session, 1).code, register(session, 2).code
    Registration.objects.filter(code=refused).update(status="refused")
    Registration.objects.filter(code=absent).update(status="absent")
    Refusal.objects.create(
        registration=Registration.objects.get(code=refused),
        ground="final",
        explanation="Vụ việc đã có bản án có hiệu lực",
        number="3/TB",
        is_written=True,
        written_by=DAY,
        refused_by=person_make("clerk"),
        refused_at=DURING,
    )
    (entry,) = rows()
    assert entry.cells[12] == "Từ chối tiếp: Vụ việc đã có bản án có hiệu lực (01/TCD 3/TB)"
    assert rows(outcome="refused") == [entry]


def test_filters_by_kind_leader_and_outcome(story: Tell) -> None:
    session, tale = session_public(capacity=9), story()
    heard(session, 1, kind="feedback", outcome="answered")
    heard(session, 2, petition=(tale.filed.code, tale.filed.secret))
    assert [row.cells[5] for row in rows(kind="complaint")] == ["KN"]
    assert [row.cells[5] for row in rows(kind="feedback")] == ["PA"]
    assert len(rows(outcome="answered")) == 1
    assert len(rows(leader="secretary")) == 2
    assert rows(leader="chair") == []
    assert rows(since=dt.date(2026, 12, 11)) == []
    assert len(rows(since=DAY, until=DAY)) == 2


@pytest.mark.parametrize(
    ("period", "first", "last"),
    [
        ("day", "2026-12-10", "2026-12-10"),
        ("month", "2026-12-01", "2026-12-31"),
        ("quarter", "2026-10-01", "2026-12-31"),
        ("year", "2026-01-01", "2026-12-31"),
    ],
)
def test_periods(period: str, first: str, last: str) -> None:
    found = tuple(day.isoformat() for day in period_of(period, DAY))
    assert found == (first, last)


@pytest.mark.parametrize("who", ["front", "handler", "propaganda", "internal_affairs"])
def test_the_register_is_for_who_receives(who: str) -> None:
    heard(session_public())
    client = signed_in(who)
    assert client.get(BOOK).status_code == 403
    assert client.post(FILE, {"format": "csv"}).status_code == 403


def test_another_unit_is_not_there() -> None:
    assert signed_in("clerk").get(f"{BOOK}?unit={OTHER_WARD}").status_code == 404
    assert signed_in("city_chair").get(f"{BOOK}?unit={WARD}").status_code == 404


def test_pages_number_their_rows_on() -> None:
    session = session_public(capacity=9)
    for number in range(1, 6):
        heard(session, number)
    access = access_make("clerk")
    first, after, before = register_page(access, asked(), "", 2)
    second, _after, back = register_page(access, asked(), after, 2)
    assert [row.cells[0] for row in [*first, *second]] == ["1", "2", "3", "4"]
    assert (before, [row.cells[0] for row in register_page(access, asked(), back, 2)[0]]) == (
        "",
        ["1", "2"],
    )


def test_the_page_shows_this_month_and_what_is_wrong_with_a_period() -> None:
    heard(session_public())
    client = signed_in("clerk")
    assert "Không tiếp ai trong kỳ này" in client.get(BOOK).content.decode()
    page = client.get(BOOK + YEAR).content.decode()
    for words in ("Người dân số 1", "001088000001", "Mẫu số 03/TCD", "Theo dõi kết quả"):
        assert words in page
    wrong = client.get(f"{BOOK}?period=range&since=2026-12-31&until=2026-12-01")
    assert wrong.status_code == 422
    assert client.get(f"{BOOK}?period=range").status_code == 422
    assert client.get(f"{BOOK}?period=day&day=9999-12-31").status_code == 422


def test_queries_do_not_grow_with_the_rows(story: Tell) -> None:
    session = session_public(capacity=40)
    counts = []
    for more in (3, 9):
        for place in range(more):
            kind = "denunciation" if place % 3 == 2 else "complaint"
            tale, number = story(kind=kind, respondent=SEALED), session.registrations.count() + 1
            petition = (tale.filed.code, tale.filed.secret)
            if place % 3 == 1:
                # Refused, with a case: no content of a record stands for the topic.
                code = register(session, number, petition=petition).code
                Registration.objects.filter(code=code).update(status="refused")
            else:
                heard(session, number, petition=petition)
        client = signed_in("clerk")
        client.get(BOOK + YEAR)
        with CaptureQueriesContext(connection) as found:
            client.get(BOOK + YEAR)
        counts.append(len(found))
    assert counts[0] == counts[1]
    assert counts[0] <= 24


def sent(client: Client, file_format: str) -> bytes:
    answer: Any = client.post(
        FILE, {"unit": WARD, "period": "year", "day": "2026-12-01", "format": file_format}
    )
    assert answer.status_code == 200
    assert f".{file_format}" in answer["Content-Disposition"]
    return b"".join(answer.streaming_content)


def test_both_files_hold_what_the_page_holds_and_each_is_an_event() -> None:
    session = session_public(capacity=9)
    heard(session, 1, content="=1+1")
    heard(session, 2, content="Chữ \x0b <b>&amp;</b>")
    client = signed_in("clerk")
    lines = list(csv.reader(io.StringIO(sent(client, "csv").decode("utf-8-sig"))))
    assert [len(line) for line in lines] == [13, 13, 13]
    assert lines[0][0] == "STT"
    assert lines[1][4] == "'=1+1"
    sheet = xlsx_rows(sent(client, "xlsx"))
    assert [len(line) for line in sheet] == [13, 13, 13]
    assert sheet[1][4] == "=1+1"
    assert sheet[2][4] == "Chữ  <b>&amp;</b>"
    events = list(RegisterEvent.objects.order_by("sequence"))
    assert [event.data["format"] for event in events] == ["csv", "xlsx"]
    assert all(event.data["rows"] == 2 for event in events)
    assert events[0].actor == person_make("clerk")
    assert "2 dòng" in client.get(BOOK + YEAR).content.decode()


def xlsx_rows(raw: bytes) -> list[list[str]]:
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        assert archive.testzip() is None
        for name in archive.namelist():
            ET.fromstring(archive.read(name))
        root = ET.fromstring(archive.read("xl/worksheets/sheet1.xml"))
    space = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    return [
        [cell.findtext(f"{space}is/{space}t") or "" for cell in row.iter(f"{space}c")]
        for row in root.iter(f"{space}row")
    ]


def test_a_file_of_a_wrong_form_is_not_made() -> None:
    client = signed_in("clerk")
    assert client.post(FILE, {"format": "exe"}).status_code == 400
    assert client.get(FILE).status_code == 405
    assert not RegisterEvent.objects.exists()
