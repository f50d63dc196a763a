"""The day: who came, what was decided."""

import datetime as dt
from typing import Any

import pytest

from common.errors import DomainError, InvalidInput, NotPermitted, NotVisible
from common.time import local_moment
from communes.models import Unit
from deadlines.models import Clock
from notifications.models import OutboxMessage
from receptions.models import (
    ConclusionTask,
    ReceptionSession,
    Registration,
    SessionEvent,
    VisitRecord,
)
from receptions.services.registrations import registration_cancel
from receptions.services.visits import Visit, session_record
from tests.people import OTHER_WARD, access_make
from tests.receptions.cast import DAY, NOW, register, session_public

pytestmark = pytest.mark.django_db
DURING = local_moment(DAY, 9)


def conclusion(**changes: object) -> Visit:
    values: dict[str, object] = {
        "said": "Công dân đề nghị kiểm tra việc lấn chiếm ngõ đi chung.",
        "outcome": "conclusion",
        "conclusion": "Kiểm tra thực địa và trả lời bằng văn bản.",
        "responsible_unit": Unit.objects.get(code=OTHER_WARD),
        "responsible_person": "Trần Văn Mẫu, địa chính",
        "due_on": DAY + dt.timedelta(days=14),
    }
    return Visit(**(values | changes))  # type: ignore[arg-type]


def record(
    code: str, visit: Visit | None, who: str = "secretary", at: dt.datetime = DURING
) -> Registration:
    row = Registration.objects.get(code=code)
    return session_record(
        access=access_make(who),
        session_id=row.session.public_id,
        code=code,
        visit=visit,
        at=at,
    )


def test_a_conclusion_says_what_who_and_until_when() -> None:
    made = register(session_public())
    assert record(made.code, conclusion()).status == "received"
    visit = VisitRecord.objects.get()
    assert (visit.outcome, visit.due_on) == ("conclusion", dt.date(2026, 12, 24))
    event = SessionEvent.objects.get(action="receptions.visit.recorded")
    assert event.data == {"number": 1, "outcome": "conclusion", "due": "2026-12-24"}
    task = OutboxMessage.objects.get(template="reception_task", channel="app")
    assert (task.unit.code if task.unit else "", task.position) == (OTHER_WARD, "clerk")
    row = ConclusionTask.objects.get()
    assert task.params["href"] == f"/can-bo/tiep-dan/viec-duoc-giao/{row.public_id}/"


def test_a_record_is_corrected_after_its_date_has_passed() -> None:
    made = register(session_public())
    record(made.code, conclusion())
    later = local_moment(DAY + dt.timedelta(days=15), 9)
    done = record(made.code, conclusion(said="Công dân hỏi về ngõ chung."), at=later)
    assert done.visit.said == "Công dân hỏi về ngõ chung."
    # A new notice would promise a date that has passed, and so would another such date.
    for changes in (
        {"conclusion": "Đối thoại với các hộ."},
        {"due_on": DAY + dt.timedelta(days=13)},
    ):
        with pytest.raises(InvalidInput) as caught:
            record(made.code, conclusion(**changes), at=later)
        assert "due_on" in caught.value.fields
    record(made.code, conclusion(outcome="taken_in"), at=later)
    assert VisitRecord.objects.get().outcome == "taken_in"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"conclusion": " "}, "conclusion"),
        ({"responsible_unit": None}, "responsible_unit"),
        ({"due_on": None}, "due_on"),
        ({"due_on": DAY - dt.timedelta(days=1)}, "due_on"),
        ({"said": ""}, "said"),
        ({"outcome": "nonsense"}, "outcome"),
        ({"responsible_person": "x" * 121}, "responsible_person"),
    ],
)
def test_what_is_missing_is_named(changes: dict[str, object], field: str) -> None:
    made = register(session_public())
    with pytest.raises(InvalidInput) as caught:
        record(made.code, conclusion(**changes))
    assert field in caught.value.fields
    assert not VisitRecord.objects.exists()


def test_what_needs_longer_says_until_when_and_whom_to_ask() -> None:
    made = register(session_public())
    with pytest.raises(InvalidInput) as caught:
        record(made.code, Visit("Hỏi về ngõ chung.", "taken_in", responsible_person=" "))
    assert set(caught.value.fields) == {"responsible_person", "due_on"}
    told = {"responsible_person": "Bà Mẫu, bộ phận một cửa", "due_on": DAY}
    record(made.code, Visit("Hỏi về ngõ chung.", "taken_in", **told))
    assert VisitRecord.objects.get().responsible_person == "Bà Mẫu, bộ phận một cửa"


def test_answered_on_the_spot_needs_no_task_and_can_be_corrected() -> None:
    made = register(session_public())
    record(made.code, Visit("Hỏi về thủ tục", "answered", "Đã giải thích."), "clerk")
    record(made.code, Visit("Hỏi về thủ tục đất đai", "guided"))
    assert VisitRecord.objects.get().outcome == "guided"
    assert SessionEvent.objects.filter(action="receptions.visit.recorded").count() == 2


def test_somebody_who_did_not_come() -> None:
    session = session_public(capacity=1)
    made, waiting = register(session, 1), register(session, 2, waiting_list=True)
    assert record(made.code, None).status == "absent"
    with pytest.raises(DomainError):
        record(waiting.code, None)
    # Came late after all.
    assert record(made.code, Visit("Đến muộn", "answered")).status == "received"
    with pytest.raises(DomainError):
        record(made.code, None)


def test_a_cancelled_registration_is_not_recorded() -> None:
    made = register(session_public())
    registration_cancel(code=made.code, secret=made.secret, at=NOW)
    with pytest.raises(DomainError):
        record(made.code, Visit("Có đến", "answered"))


@pytest.mark.parametrize(
    ("who", "error"),
    [
        ("front", NotPermitted),
        ("handler", NotPermitted),
        ("city_chair", NotPermitted),
        ("other_chair", NotVisible),
    ],
)
def test_others_do_not_record(who: str, error: type[Exception]) -> None:
    made = register(session_public())
    with pytest.raises(error):
        record(made.code, Visit("Có đến", "answered"), who)


def test_the_secretary_follows_what_was_brought_to_his_reception(story: Any) -> None:
    tale = story(at=NOW)
    register_for(tale, session_public())
    clock = Clock.objects.get(case_clock__case=tale.case)
    assert clock.tells_secretary
    assert Registration.objects.get().case == tale.case


def test_the_chairs_reception_is_not_the_secretarys(story: Any) -> None:
    tale = story(at=NOW)
    session = session_public()
    ReceptionSession.objects.update(duty_holder="people_committee_chair")
    register_for(tale, session)
    assert not Clock.objects.get(case_clock__case=tale.case).tells_secretary


def register_for(tale: Any, session: ReceptionSession) -> None:
    made = register(session, petition=(tale.filed.code, tale.filed.secret))
    record(made.code, conclusion())
