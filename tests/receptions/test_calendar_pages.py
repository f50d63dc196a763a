"""The public calendar by unit, name, post, district, kind and map; what moved; empty months."""

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.test import Client

from common.time import local_moment
from receptions.enums import SessionKind
from receptions.models import ReceptionSession
from receptions.services.sessions import session_cancel, session_postpone
from tests.receptions.cast import DAY, NOW, secretary, session_draft, session_public

pytestmark = pytest.mark.django_db
LIST = "/lich-tiep-dan/"
MAP = "/lich-tiep-dan/ban-do/"
POST = "/lich-tiep-dan/lanh-dao/00004/bi-thu/"
NEW_DAY = dt.date(2026, 12, 17)


@pytest.fixture(autouse=True)
def _monday() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def text(answer: Any) -> str:
    assert answer.status_code == 200, answer
    return str(answer.content.decode())


def move(session: ReceptionSession, day: dt.date = NEW_DAY, hour: int = 8) -> None:
    session.refresh_from_db()
    session_postpone(
        access=secretary(), public_id=session.public_id, version=session.version, at=NOW,
        starts_at=local_moment(day, hour), ends_at=local_moment(day, hour + 3),
        reason="Lãnh đạo dự họp của Thành phố", on_day_off=True,
    )  # fmt: skip


def call_off(session: ReceptionSession) -> None:
    session.refresh_from_db()
    session_cancel(
        access=secretary(), public_id=session.public_id, version=session.version,
        reason="Lãnh đạo đi công tác", at=NOW,
    )  # fmt: skip


def cards(page: str) -> int:
    """Sessions in the list below the month."""
    return (
        page.split('id="list"')[1]
        .split('id="subscribe"', maxsplit=1)[0]
        .count('<div class="panel">')
    )


def test_a_unit_is_found_by_its_name_without_accents(client: Client) -> None:
    session_public()
    page = text(client.get(LIST, {"q": "ba dinh", "month": "2026-12"}))
    assert "Lịch tiếp công dân của Phường Ba Đình" in page
    assert cards(page) == 1
    many = text(client.get(LIST, {"q": "phuong"}))
    assert "Ông/bà muốn tìm đơn vị nào?" in many
    assert "?unit=00004" in many
    assert "Không tìm thấy đơn vị có tên này" in text(client.get(LIST, {"q": "zzzz"}))


@pytest.mark.parametrize(
    ("query", "is_found"),
    [
        ({"kind": "periodic"}, True),
        ({"kind": "dialogue"}, False),
        ({"duty_holder": "party_secretary"}, True),
        ({"duty_holder": "people_committee_chair"}, False),
        ({"district": "Quận Ba Đình"}, True),
        ({"district": "Huyện Ba Vì"}, False),
        ({"mode": "place"}, True),
        ({"mode": "online"}, False),
    ],
)
def test_filters(client: Client, query: dict[str, str], is_found: bool) -> None:
    session_public()
    page = text(client.get(LIST, {**query, "month": "2026-12"}))
    assert cards(page) == is_found
    assert ("1 buổi" in page) == is_found
    assert "filters__more" in page
    assert " open>" in page.split("filters__more")[1][:20]


def test_a_session_both_ways_answers_to_either(client: Client) -> None:
    session = session_public()
    ReceptionSession.objects.filter(pk=session.pk).update(
        mode="both", participants="Văn phòng, Thanh tra", slot_minutes=20
    )
    for mode in ("place", "online"):
        page = text(client.get(LIST, {"mode": mode, "month": "2026-12"}))
        assert cards(page) == 1
        assert "Văn phòng, Thanh tra" in page
        assert "mỗi lượt 20 phút" in page


def test_a_moved_session_stands_on_both_days(client: Client) -> None:
    session = session_public()
    move(session)
    page = text(client.get(LIST + "?unit=00004&month=2026-12"))
    assert "Đã dời sang ngày khác" in page
    assert "10/12/2026, Cán bộ secretary" in page
    assert "dời sang 17/12/2026, 08:00" in page
    assert "Dời từ ngày 10/12/2026:" in page
    assert "Lãnh đạo dự họp của Thành phố" in page
    assert "Ngày đã công bố trước đó là 10/12/2026" in text(
        client.get(f"{LIST}{session.public_id}/")
    )
    # For all units, and for the month that it left when it goes to the next year.
    move(session, dt.date(2027, 1, 5))
    december = text(client.get(LIST + "?month=2026-12"))
    assert cards(december) == 0
    assert december.count("dời sang 05/01/2027, 08:00") == 2
    assert "Dời từ ngày 17/12/2026:" in text(client.get(LIST + "?month=2027-01"))
    assert "dời sang" not in text(client.get(LIST + "?month=2026-12&unit=00008"))


def test_moving_back_or_within_the_day_leaves_no_trace_of_a_day(client: Client) -> None:
    session = session_public()
    move(session, DAY, hour=13)
    page = text(client.get(LIST + "?unit=00004&month=2026-12"))
    assert "Đã dời sang ngày khác" not in page
    assert "Đổi giờ:" in page
    move(session)
    move(session, DAY)
    page = text(client.get(LIST + "?unit=00004&month=2026-12"))
    assert "10/12/2026, Cán bộ secretary" not in page
    assert "17/12/2026, Cán bộ secretary" in page


def test_a_draft_that_moved_betrays_no_day(client: Client) -> None:
    draft = session_draft()
    move(draft)
    assert "17/12/2026" not in text(client.get(LIST + "?unit=00004&month=2026-12"))
    from receptions.services.sessions import session_publish

    draft.refresh_from_db()
    session_publish(
        access=secretary(), public_id=draft.public_id, version=draft.version,
        at=NOW + dt.timedelta(minutes=1),
    )  # fmt: skip
    page = text(client.get(LIST + "?unit=00004&month=2026-12"))
    assert cards(page) == 1
    assert "10/12/2026" not in page


def test_a_called_off_session_says_why(client: Client) -> None:
    session = session_public()
    call_off(session)
    page = text(client.get(LIST + "?month=2026-12"))
    assert 'Đã hủy:</strong> <span lang="vi">Lãnh đạo đi công tác' in page


def test_an_empty_month_leads_to_the_next_session(client: Client) -> None:
    assert "Các tháng sau cũng chưa có" in text(client.get(LIST + "?month=2026-12"))
    session = session_public(day=dt.date(2027, 1, 7))
    page = text(client.get(LIST + "?month=2026-12&unit=00004"))
    assert "Buổi gần nhất vào ngày 07/01/2027: Phường Ba Đình." in page
    assert f'href="/lich-tiep-dan/{session.public_id}/"' in page
    call_off(session)
    assert "Các tháng sau cũng chưa có" in text(client.get(LIST + "?month=2026-12"))


def test_borders_of_months_and_years_are_those_of_hanoi(client: Client) -> None:
    """Midnight of Hà Nội is 17:00 UTC the day before."""
    last = session_public(
        starts_at=local_moment(dt.date(2026, 12, 31), 23),
        ends_at=local_moment(dt.date(2026, 12, 31), 23, 30),
    )
    first = session_public(
        starts_at=local_moment(dt.date(2027, 1, 1), 0, 30),
        ends_at=local_moment(dt.date(2027, 1, 1), 1),
    )
    december, january = (
        text(client.get(f"{LIST}?unit=00004&month={month}")) for month in ("2026-12", "2027-01")
    )
    assert (str(last.public_id) in december, str(first.public_id) in december) == (True, False)
    assert (str(last.public_id) in january, str(first.public_id) in january) == (False, True)
    assert "month=2027-01" in december
    week = text(client.get(MAP + "?week=2026-W53"))
    assert "Tuần từ 28/12/2026 đến 03/01/2027" in week
    assert "Phường Ba Đình" in week
    assert "Có 2 buổi tiếp" in week
    assert "week=2027-W01" in week


def test_the_list_pages_without_losing_its_filters(client: Client) -> None:
    for days in range(23):
        session_public(day=DAY + dt.timedelta(days=days), kind=SessionKind.REGULAR)
    page = text(client.get(LIST + "?kind=regular&unit=00004"))
    assert cards(page) == 20
    href = page.split('class="pager"')[1].split('href="')[1].split('"')[0].replace("&amp;", "&")
    assert "kind=regular" in href
    assert cards(text(client.get(LIST + href.split("#")[0]))) == 3


def test_the_map_counts_sessions_to_be_held_and_links_every_unit(client: Client) -> None:
    session_public()
    call_off(session_public(day=dt.date(2026, 12, 24)))
    page = text(client.get(MAP + "?month=2026-12"))
    assert page.count('<a class="hex-cell') == 126
    assert "<title>Ba Đình 1: 1 buổi</title>" in page
    assert "?unit=00004&amp;month=2026-12#list" in page
    assert page.count('<th scope="row">') == 126
    assert "125 đơn vị không có buổi nào." in page
    small = text(client.get(MAP, {"month": "2026-12", "district": "Quận Ba Đình"}))
    assert 1 <= small.count('<th scope="row">') < 20
    assert "0 buổi" in text(client.get(MAP + "?month=2026-12&kind=dialogue"))


def test_a_post_has_a_page_of_its_own(client: Client) -> None:
    assert "Hiện" not in text(client.get(POST)).split('id="list"')[0]
    session = session_public()
    page = text(client.get(POST))
    assert "Bí thư Đảng ủy, Phường Ba Đình" in page
    assert str(session.public_id) in page
    assert "webcal://testserver/lich-tiep-dan/lich/00004/bi-thu.ics" in page
    # Of the person: the name beside the post, nothing more.
    for private in ("secretary@example.com", ">secretary<"):
        assert private not in page
    assert str(session.public_id) not in text(client.get(POST.replace("bi-thu", "chu-tich")))
    for wrong in ("00004/vua", "99999/bi-thu", "BTCD/bi-thu", "00004/thu-truong"):
        assert client.get(f"/lich-tiep-dan/lanh-dao/{wrong}/").status_code == 404, wrong


def test_home_and_the_page_of_the_unit_show_what_comes_next(client: Client) -> None:
    assert "Hiện chưa có buổi tiếp nào" in text(client.get("/"))
    session = session_public()
    for path in ("/", "/don-vi/ba-dinh/"):
        assert f"/lich-tiep-dan/{session.public_id}/" in text(client.get(path)), path
    assert "webcal://testserver/lich-tiep-dan/lich/00004.ics" in text(
        client.get("/don-vi/ba-dinh/")
    )
    assert str(session.public_id) not in text(client.get("/don-vi/hoan-kiem/"))


HOSTILE = [
    "unit=%00", "unit=" + "9" * 500, "q=%00", "q=" + "a" * 5000, "q=%F0%9F%98%80", "q=%ED%A0%80",
    "district=%27%3B--", "duty_holder=king", "kind=%00", "mode=air", "leader=" + "x" * 3000,
    "month=2026-13", "month=0000-01", "month=2100-12", "month=2014-01", "month=-1", "date=2100-12-31",
    "date=2014-01-01", "week=2026-W54", "week=9999-W52", "week=0001-W01", "week=%00",
    "week=2026-W00", "month=2026-12&date=2026-02-30", "q=%25%5F", "unit=00004&q=ba+dinh&unit=2",
]  # fmt: skip


@pytest.mark.parametrize("path", [LIST, MAP, LIST + "nhung/"])
def test_hostile_addresses_give_a_page(client: Client, path: str) -> None:
    for query in HOSTILE:
        assert client.get(f"{path}?{query}").status_code == 200, query


def test_queries_do_not_grow_with_sessions(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    for days in range(12):
        move(session_public(day=DAY + dt.timedelta(days=days)), DAY + dt.timedelta(days=days), 13)
    client.get(LIST)
    limits = {
        LIST + "?month=2026-12": 5,
        LIST + "?unit=00004&month=2026-12": 8,
        MAP + "?month=2026-12": 2,
        POST: 3,
        "/": 1,
    }
    for path, most in limits.items():
        with django_assert_max_num_queries(most):
            client.get(path)


def test_in_english_what_officers_wrote_is_marked_as_vietnamese(client: Client) -> None:
    """WCAG 3.1.2: a reader's voice changes where the language does."""
    words = {
        "place": "Trụ sở phường",
        "planned_content": "Tiếp định kỳ tháng 12",
        "participants": "Văn phòng, Thanh tra",
        "late_reason": "Vụ việc kéo dài",
        "change_reason": "Đổi phòng tiếp",
    }
    session = session_public()
    move(session)
    ReceptionSession.objects.update(**words)
    client.post("/ngon-ngu/", {"language": "en"})
    own = f"{LIST}{session.public_id}/"
    seen = ""
    for path in (own, f"{LIST}?month=2026-12&unit=00004", f"{LIST}?month=2026-12"):
        page = text(client.get(path))
        assert '<html lang="en"' in page
        plain = re.sub(r'<(\w+)[^>]* lang="vi"[^>]*>.*?</\1>', "", page, flags=re.DOTALL)
        assert [word for word in (*words.values(), "họp của Thành phố") if word in plain] == []
        assert "moved" in page.lower()
        seen += page
    assert [word for word in words.values() if word not in seen] == []
    assert "Thursday, 17/12/2026" in seen
