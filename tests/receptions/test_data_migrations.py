"""Data of before: what was late, days off that were meant, and words of denunciations."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import timezone

from common.time import local_date, local_moment
from deadlines.models import CalendarDay
from receptions.invariants_conclusions import signed_minutes_are_those_of_the_history
from receptions.models import (
    ConclusionNotice,
    Minutes,
    ReceptionSession,
    Registration,
    VisitRecord,
)
from receptions.services.minutes import (
    minutes_draft_text,
    minutes_save,
    minutes_sign,
    minutes_visitor_sign,
)
from tests.migrating import migrate_app, whole_again
from tests.people import access_make
from tests.receptions.cast import DAY, session_public
from tests.receptions.concluding import UNTIL, drafted, row, visit_of, ward

pytestmark = pytest.mark.django_db(transaction=True)
BEFORE, AFTER = "0011_told_and_stored", "0015_task_files"
HIDDEN = "Ông Bryxol nhận phong bì màu xanh."


def migrate(name: str) -> None:
    migrate_app("receptions", name)


@pytest.fixture(autouse=True)
def _whole_again(reference_data: Any) -> Iterator[None]:
    """Whatever happens, the next test finds the schema of today."""
    yield
    whole_again("receptions")


def saturday(weeks: int) -> dt.date:
    day = local_date(timezone.now()) + dt.timedelta(weeks=weeks)
    return day + dt.timedelta(days=5 - day.weekday())


def planned_on(day: dt.date) -> ReceptionSession:
    session = session_public()
    ReceptionSession.objects.filter(pk=session.pk).update(
        starts_at=local_moment(day, 8), ends_at=local_moment(day, 11)
    )
    return session


def special(day: dt.date, kind: str) -> None:
    CalendarDay.objects.update_or_create(
        date=day,
        defaults={"kind": kind, "name": "Ngày thử", "basis": "Thử", "status": "verified"},
    )


def test_days_off_were_meant_and_swapped_working_days_are_none() -> None:
    off, swapped, holiday, usual = (
        saturday(3), saturday(4), saturday(5) + dt.timedelta(days=2),
        saturday(6) + dt.timedelta(days=3),
    )  # fmt: skip
    sessions = [planned_on(day) for day in (off, swapped, holiday, usual)]
    CalendarDay.objects.filter(date__in=(off, usual)).delete()
    special(swapped, "swapped_working")
    special(holiday, "holiday")
    migrate(BEFORE)
    ReceptionSession.objects.update(on_day_off=False)
    migrate(AFTER)
    found = dict(ReceptionSession.objects.values_list("pk", "on_day_off"))
    assert [found[one.pk] for one in sessions] == [True, False, True, False]


def test_what_was_announced_late_is_read_from_its_event() -> None:
    usual, gone = session_public(), session_public(day=DAY + dt.timedelta(days=1))
    late = session_public(
        "chair",
        duty_holder="people_committee_chair",
        kind="ad_hoc",
        at=local_moment(DAY - dt.timedelta(days=2), 9),
    )
    told = [
        one.events.get(action="receptions.session.published").data["late"] for one in (late, usual)
    ]
    assert told == [True, False]
    ReceptionSession.objects.filter(pk=gone.pk).update(move_reason="Họp")
    migrate(BEFORE)
    ReceptionSession.objects.update(announced_late=None)
    migrate(AFTER)
    found = dict(ReceptionSession.objects.values_list("pk", "announced_late"))
    # Of what was moved later no event says it.
    assert [found[one.pk] for one in (late, usual, gone)] == [*told, None]


def minutes_of(visit: VisitRecord, *steps: str) -> None:
    given = {
        "access": access_make("secretary"),
        "session_id": visit.registration.session.public_id,
        "code": visit.registration.code,
    }
    minutes_save(version=0, text=HIDDEN, **given)
    if "receiver" in steps:
        minutes_sign(version=1, **given)
    if "visitor" in steps:
        minutes_visitor_sign(version=1 + len(steps[:-1]), how="paper", note=HIDDEN, **given)


def as_recorded_before(visits: list[VisitRecord]) -> None:
    """Records of denunciations as they were kept in the open."""
    rows = VisitRecord.objects.filter(pk__in=[one.pk for one in visits])
    rows.update(
        kind="denunciation", said=HIDDEN, content=HIDDEN, handled_before=HIDDEN, note=HIDDEN
    )
    rows.filter(outcome="conclusion").update(conclusion=HIDDEN)
    Registration.objects.filter(visit__in=rows).update(topic=HIDDEN)


def test_words_of_denunciations_go_under_seal_with_drafts_and_unsigned_minutes() -> None:
    session = session_public(capacity=9)
    sealed = [
        visit_of("taken_in", session=session),
        visit_of(
            "conclusion", session=session, who="clerk", conclusion="Giao", responsible_unit=ward(),
            responsible_person="Địa chính", due_on=UNTIL,
        ),
        visit_of("answered", session=session),
    ]  # fmt: skip
    other = visit_of("taken_in", session=session)
    minutes_of(sealed[0], "receiver")
    minutes_of(sealed[1], "visitor")
    minutes_of(sealed[2], "receiver", "visitor")
    minutes_of(other, "receiver")
    drafted(row(what=HIDDEN), session=session, code=sealed[0].registration.code)
    drafted(row(), session=session, code=other.registration.code)
    versions = dict(Minutes.objects.values_list("visit_id", "version"))
    migrate(BEFORE)
    as_recorded_before(sealed)
    migrate(AFTER)
    for visit in sealed:
        visit.refresh_from_db()
        visit.registration.refresh_from_db()
        assert "Bryxol" not in f"{visit.said} {visit.content} {visit.note} {visit.conclusion}"
        assert (visit.kind, visit.registration.topic) == ("", "")
        assert (visit.sealed_words["said"], visit.sealed_words["topic"]) == (HIDDEN, HIDDEN)
        assert visit.sealed_at is not None
    minutes = {one.visit_id: one for one in Minutes.objects.all()}
    for visit in sealed[:2]:
        found = minutes[visit.pk]
        assert found.text == minutes_draft_text(visit)
        assert (found.receiver, found.visitor_signed, found.visitor_note) == (None, "", "")
        assert found.version == versions[visit.pk]
    # Signed ones cannot change, and are covered where they are read.
    assert (minutes[sealed[2].pk].text, minutes[other.pk].text) == (HIDDEN, HIDDEN)
    assert minutes[other.pk].receiver is not None
    drafts = ConclusionNotice.objects.order_by("pk").values_list("visit", "is_sealed")
    assert sorted(drafts) == sorted([(sealed[0].pk, True), (sealed[1].pk, True), (other.pk, False)])
    assert list(signed_minutes_are_those_of_the_history()) == []
    migrate(BEFORE)
    assert set(VisitRecord.objects.filter(kind="denunciation").values_list("said", flat=True)) == {
        HIDDEN
    }
