"""Feeds for calendar programs: stable addresses, changes that programs take over, hours, text."""

import datetime as dt
from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client
from icalendar import Calendar

from common.time import local_moment
from receptions.models import ReceptionSession
from tests.receptions.cast import DAY, NOW, session_draft, session_public
from tests.receptions.test_calendar_pages import NEW_DAY, call_off, move

pytestmark = pytest.mark.django_db
UNIT = "/lich-tiep-dan/lich/00004.ics"
POST = "/lich-tiep-dan/lich/00004/bi-thu.ics"
ALL = "/lich-tiep-dan/lich.ics"


@pytest.fixture(autouse=True)
def _monday() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def events(answer: Any) -> list[Any]:
    assert answer.status_code == 200
    return list(Calendar.from_ical(answer.content).walk("VEVENT"))


def test_each_feed_holds_what_its_address_says(client: Client) -> None:
    session_public()
    session_public("chair", duty_holder="people_committee_chair", day=dt.date(2026, 12, 11))
    session_draft(day=dt.date(2026, 12, 24))
    counts = {path: len(events(client.get(path))) for path in (ALL, UNIT, POST)}
    assert counts == {ALL: 2, UNIT: 2, POST: 1}
    assert events(client.get("/lich-tiep-dan/lich/00008.ics")) == []
    wrong = ("99999", "00004/vua", "BTCD/bi-thu", "00004/thu-truong")
    for path in wrong:
        assert client.get(f"/lich-tiep-dan/lich/{path}.ics").status_code == 404, path
    name = Calendar.from_ical(client.get(POST).content)["X-WR-CALNAME"]
    assert "Phường Ba Đình" in name


def test_the_words_of_an_event_keep_their_capitals(client: Client) -> None:
    session_public("chair", duty_holder="people_committee_chair")
    (event,) = events(client.get(UNIT))
    first = str(event["DESCRIPTION"]).splitlines()[0]
    assert first.startswith("Tiếp định kỳ – ")
    assert "UBND" in first


def test_a_moved_and_called_off_session_replaces_the_old_event(client: Client) -> None:
    session = session_public()
    (before,) = events(client.get(UNIT))
    assert before["STATUS"] == "CONFIRMED"
    with time_machine.travel(NOW + dt.timedelta(hours=2), tick=False):
        move(session)
        (moved,) = events(client.get(UNIT))
    assert moved["UID"] == before["UID"]
    assert moved["SEQUENCE"] > before["SEQUENCE"]
    assert moved.decoded("DTSTART") == local_moment(NEW_DAY, 8)
    assert "Lãnh đạo dự họp của Thành phố" in moved["DESCRIPTION"]
    call_off(session)
    (off,) = events(client.get(UNIT))
    assert (off["UID"], off["STATUS"]) == (before["UID"], "CANCELLED")
    assert off["SEQUENCE"] > moved["SEQUENCE"]
    assert off["SUMMARY"].startswith("ĐÃ HỦY")


def test_hours_are_those_of_hanoi_wherever_the_reader_is(client: Client) -> None:
    """Seven hours ahead of London in winter, six in summer: only the reader's clock moves."""
    for day in (DAY, dt.date(2027, 7, 8)):
        session_public(day=day)
    body = client.get(UNIT).content.decode()
    assert "DTSTART;TZID=Asia/Ho_Chi_Minh:20261210T080000" in body
    assert "TZID:Asia/Ho_Chi_Minh" in body
    assert "TZOFFSETTO:+0700" in body
    assert "DAYLIGHT" not in body
    winter, summer = events(client.get(UNIT))
    london = ZoneInfo("Europe/London")
    assert winter.decoded("DTSTART").astimezone(london).hour == 1
    assert summer.decoded("DTSTART").astimezone(london).hour == 2
    assert winter.decoded("DTEND") - winter.decoded("DTSTART") == dt.timedelta(hours=3, minutes=30)


def test_text_is_escaped_and_lines_are_short(client: Client) -> None:
    tricky = "Phòng 1, nhà A; tầng 2 \\ cổng\nATTACH:https://evil.example"
    session_public(place="Phòng 1, nhà A; tầng 2", planned_content=tricky)
    sent = client.get(UNIT).content
    assert all(len(line) <= 75 for line in sent.split(b"\r\n"))
    assert b"\r\nATTACH" not in sent
    (event,) = events(client.get(UNIT))
    assert event["LOCATION"] == "Phòng 1, nhà A; tầng 2"
    assert tricky in event["DESCRIPTION"]


@pytest.mark.parametrize("path", [ALL, UNIT, POST])
def test_programs_that_have_it_are_told_so(client: Client, path: str) -> None:
    session = session_public()
    first = client.get(path)
    assert first["Cache-Control"] == "public, max-age=900"
    for name, value in (
        ("If-None-Match", first["ETag"]),
        ("If-Modified-Since", first["Last-Modified"]),
    ):
        again = client.get(path, headers={name: value})
        assert (again.status_code, again.content) == (304, b"")
    with time_machine.travel(NOW + dt.timedelta(hours=1), tick=False):
        from receptions.services.sessions import session_cancel
        from tests.receptions.cast import secretary

        session_cancel(
            access=secretary(), public_id=session.public_id, version=session.version, reason="Bận"
        )
        changed = client.get(path, headers={"If-None-Match": first["ETag"]})
        later = client.get(path, headers={"If-Modified-Since": first["Last-Modified"]})
    assert changed.status_code == later.status_code == 200
    assert changed["ETag"] != first["ETag"]


def test_a_feed_is_one_file_for_everybody(client: Client) -> None:
    """Whatever language a browser chose: what lies between keeps one answer for all."""
    session_public()
    vietnamese = client.get(UNIT)
    client.post("/ngon-ngu/", {"language": "en"})
    english = client.get(UNIT)
    assert english.content == vietnamese.content
    assert english["Content-Language"] == "vi"
    assert not english.cookies


def test_a_feed_looks_a_month_back_and_a_year_ahead(client: Client) -> None:
    session = session_public()
    with time_machine.travel(local_moment(DAY + dt.timedelta(days=30)), tick=False):
        assert len(events(client.get(UNIT))) == 1
    with time_machine.travel(local_moment(DAY + dt.timedelta(days=40)), tick=False):
        assert events(client.get(UNIT)) == []
    ReceptionSession.objects.filter(pk=session.pk).update(
        starts_at=local_moment(DAY) + dt.timedelta(days=400),
        ends_at=local_moment(DAY) + dt.timedelta(days=400, hours=1),
    )
    assert events(client.get(UNIT)) == []


def test_few_queries_however_many_sessions(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    for days in range(10):
        session_public(day=DAY + dt.timedelta(days=days))
    client.get("/lich-tiep-dan/lich/00008.ics")
    for path in (ALL, UNIT, POST):
        for most in (4, 2):  # written, then kept
            with django_assert_max_num_queries(most):
                client.get(path)
