"""The register's fields and number, and what a correction replaces."""

import datetime as dt
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from common.errors import DomainError, InvalidInput, Stale
from common.time import local_moment
from communes.models import Unit
from petitions.models import RegisterCounter
from receptions.models import ReceptionSession, SessionEvent, VisitRecord, VisitVersion
from receptions.services.visit_entry import Entry
from receptions.services.visits import Visit, session_record
from tests.people import OTHER_WARD, access_make
from tests.receptions.cast import NOW, register, session_public
from tests.receptions.cast_day import MORNING, call_next, day_with, refuse, row_of

pytestmark = pytest.mark.django_db


def record(
    session: ReceptionSession,
    number: int = 1,
    *,
    at: dt.datetime = MORNING,
    who: str = "clerk",
    **values: Any,
) -> VisitRecord:
    said = {"said": "Hỏi về thủ tục", "outcome": "answered"} | values
    row = row_of(session, number)
    session_record(
        access=access_make(who),
        session_id=session.public_id,
        code=row.code,
        visit=Visit(**said),
        at=at,
    )
    return VisitRecord.objects.get(registration=row)


def test_a_record_takes_over_what_the_registration_says() -> None:
    session = session_public()
    register(session, 1, people=4)
    call_next(session)
    visit = record(session)
    assert visit.content == "Hỏi về tiến độ cấp giấy chứng nhận."
    assert (visit.people, visit.began_at) == (4, MORNING)


def test_the_fields_of_the_register_are_kept() -> None:
    session = day_with(1)
    entry = Entry(
        content="Đề nghị cấp giấy",
        people=2,
        kind="recommendation",
        handled_before="Phòng Kinh tế: đã trả lời",
        is_competent=False,
        sent_to=Unit.objects.get(code=OTHER_WARD),
        paper_number="7/UBND",
        note="Có người phiên dịch",
        began_at=MORNING,
        ended_at=MORNING,
    )
    visit = record(session, outcome="forwarded", entry=entry)
    for name, value in entry.items():
        assert getattr(visit, name) == value


def test_numbers_of_the_register_have_no_gap_and_are_given_once() -> None:
    session = day_with(3)
    assert [record(session, n).register_number for n in (2, 1)] == [1, 2]
    with pytest.raises(InvalidInput):
        record(session, 3, said="")
    assert record(session, 2, outcome="guided").register_number == 1
    assert record(session, 3).register_number == 3
    counter = RegisterCounter.objects.get(book="reception")
    assert (counter.unit.code, counter.year, counter.last) == ("00004", 2026, 3)


def test_a_visit_of_december_recorded_in_january_stays_in_its_year() -> None:
    session = session_public(day=dt.date(2026, 12, 31))
    register(session, 1)
    visit = record(session, at=local_moment(dt.date(2027, 1, 4), 9))
    assert (visit.register_number, visit.register_year) == (1, 2026)


def test_a_correction_raises_the_version_and_keeps_what_was() -> None:
    session = day_with(1)
    first = record(session, said="Bản đầu", entry=Entry(note="ghi chú"))
    second = record(session, said="Bản sửa", who="secretary", version=first.version)
    assert (second.version, second.said, second.note) == (2, "Bản sửa", "ghi chú")
    kept = VisitVersion.objects.get()
    assert (kept.version, kept.kept["said"], kept.kept["note"]) == (1, "Bản đầu", "ghi chú")
    assert kept.recorded_by is not None
    assert kept.recorded_by.username == "clerk"
    events = SessionEvent.objects.filter(action="receptions.visit.recorded").order_by("pk")
    assert [event.data.get("version") for event in events] == [None, 2]
    with pytest.raises(DatabaseError, match="append_only"), transaction.atomic():
        VisitVersion.objects.update(version=7)


@pytest.mark.parametrize("version", [0, 1])
def test_two_officers_do_not_overwrite_each_other(version: int) -> None:
    session = day_with(1)
    record(session, version=0)
    record(session, said="Sửa", version=1)
    with pytest.raises(Stale) as caught:
        record(session, said="Muộn", version=version)
    assert caught.value.extra["version"] == 2
    assert VisitRecord.objects.get().said == "Sửa"


def test_who_compares_no_version_still_corrects() -> None:
    session = day_with(1)
    record(session)
    assert record(session, said="Qua API").version == 2


@pytest.mark.parametrize(
    ("entry", "field"),
    [
        (Entry(people=0), "people"),
        (Entry(people=501), "people"),
        (Entry(kind="gossip"), "kind"),
        (Entry(content="x" * 4001), "content"),
        (Entry(paper_number="x" * 61), "paper_number"),
        (Entry(began_at=MORNING + dt.timedelta(hours=1)), "began_at"),
        (Entry(began_at=MORNING, ended_at=MORNING - dt.timedelta(minutes=1)), "ended_at"),
    ],
)
def test_what_cannot_be_used_is_named(entry: Entry, field: str) -> None:
    session = day_with(1)
    with pytest.raises(InvalidInput) as caught:
        record(session, entry=entry)
    assert list(caught.value.fields) == [field]


def test_nothing_is_recorded_before_the_day_or_of_somebody_refused() -> None:
    session = day_with(2)
    with pytest.raises(DomainError) as caught:
        record(session, at=NOW)
    assert caught.value.code == "too_early"
    refuse(session, 2)
    with pytest.raises(DomainError):
        record(session, 2)
    assert not VisitRecord.objects.exists()
