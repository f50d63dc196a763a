"""``/thoi-han/``: the public calculator, HTTP in, HTML and calendar file out."""

from typing import Any
from urllib.parse import urlencode

import pytest
import time_machine
from django.test import Client
from icalendar import Calendar

from deadlines.links import calculator_href
from tests.deadlines.days import on

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("calendar")]
PAGE = "/thoi-han/"
ASKED = {"kind": "complaint", "date": "2026-11-24", "to": "unit"}


def ask(client: Client, path: str = PAGE, **given: str) -> Any:
    return client.get(f"{path}?{urlencode(ASKED | given)}")


def body(answer: Any) -> str:
    return str(answer.content.decode())


@pytest.fixture(autouse=True)
def _today() -> Any:
    with time_machine.travel("2026-12-04T03:00:00+00:00", tick=False):
        yield


def test_the_empty_page_asks_and_shows_no_date(client: Client) -> None:
    page = body(client.get(PAGE))
    assert "Ông/bà đã gửi gì?" in page
    assert 'value="2026-12-04"' in page
    assert "timeline" not in page
    assert "Xin kiểm tra lại" not in page


def test_the_answer_tells_every_date_its_article_and_every_day(client: Client) -> None:
    page = body(ask(client))
    for date in ("03/12/2026", "04/01/2027", "07/01/2027", "08/01/2027", "12/02/2027"):
        assert f", {date}</time>" in page
    assert "hoản 1 Điều 16 Nghị định 124/2020/NĐ-CP" in page
    assert "Nghỉ lễ: Ngày Văn hóa Việt Nam" in page
    assert "Ngày làm việc thứ 7, ngày cuối của thời hạn" in page
    assert "Tính trong trường hợp bước trước" in page
    assert "Điều 7 và Điều 33 Luật Khiếu nại" in page


def test_what_has_passed_and_what_comes_next(client: Client) -> None:
    page = body(ask(client))
    assert page.count('aria-current="step"') == 1
    assert page.count(">đã qua<") == 1
    current = page.index("timeline__item--current")
    assert "04/01/2027" in page[current : current + 400]


@pytest.mark.parametrize("text", ["24/11/2026", "24-11-2026", "24.11.2026"])
def test_a_date_as_people_write_it(client: Client, text: str) -> None:
    assert ", 03/12/2026</time>" in body(ask(client, date=text))


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"date": "24/13/2026"}, "Nhập ngày theo dạng ngày/tháng/năm"),
        ({"date": ""}, "Nhập ngày theo dạng ngày/tháng/năm"),
        ({"date": "2019-05-06"}, "Lịch nghỉ chỉ có từ ngày 01/11/2025 đến ngày 31/12/2027"),
        ({"date": "9999-12-31"}, "Lịch nghỉ chỉ có từ ngày"),
        ({"kind": "x"}, "Xin kiểm tra lại các mục sau"),
        ({"to": "fax"}, "Xin kiểm tra lại các mục sau"),
    ],
)
def test_a_wrong_question_says_what_to_do_and_keeps_the_rest(
    client: Client, given: dict[str, str], message: str
) -> None:
    answer = ask(client, **({"remote": "on"} | given))
    page = body(answer)
    assert answer.status_code == 200
    assert message in page
    assert "checked" in page
    assert f'value="{(ASKED | given)["date"]}"' in page or not given.get("date")
    assert "timeline__item" not in page


def test_a_result_without_a_limit_of_the_law_is_an_internal_target(client: Client) -> None:
    page = body(ask(client, kind="recommendation"))
    assert "Pháp luật không ấn định ngày" in page
    assert ">chỉ tiêu nội bộ<" in page


def test_the_calendar_file_holds_each_date_and_no_word_of_what_was_sent(client: Client) -> None:
    answer = ask(client, f"{PAGE}lich.ics", kind="denunciation", level="complex")
    assert answer["Content-Type"].startswith("text/calendar")
    events = Calendar.from_ical(answer.content).walk("VEVENT")
    days = {event["dtstart"].dt.isoformat() for event in events}
    assert {"2026-12-03", "2027-01-04", "2027-02-03", "2027-02-17"} <= days
    assert len({str(event["uid"]) for event in events}) == len(events)
    said = answer.content.decode().lower()
    assert "tố cáo" not in said
    assert "denunciation" not in said


def test_a_wrong_question_for_the_calendar_file_goes_back_to_the_page(client: Client) -> None:
    answer = ask(client, f"{PAGE}lich.ics", date="x")
    assert answer.status_code == 302
    assert "Nhập ngày theo dạng" in body(client.get(answer["Location"]))
    bare = client.get(f"{PAGE}lich.ics")
    assert "Xin kiểm tra lại" in body(client.get(bare["Location"]))


def test_in_english(client: Client) -> None:
    client.post("/ngon-ngu/", {"language": "en"})
    page = body(ask(client))
    assert "The result is signed" in page
    assert "When must I get an answer?" in page


def test_receipts_fill_the_calculator_in_except_for_a_denunciation() -> None:
    day = on("2026-11-24")
    assert calculator_href("complaint", day) == ("/thoi-han/?kind=complaint&date=2026-11-24#dates")
    assert "kind=second_complaint" in calculator_href("complaint", day, 2)
    assert calculator_href("denunciation", day) == "/thoi-han/"
