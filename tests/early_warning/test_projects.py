"""Land projects: the record, the order of stages, dialogues."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from common.errors import Conflict, DomainError, InvalidInput, NotPermitted, NotVisible, Stale
from common.time import local_moment
from communes.models import Unit
from continuity.evidence import gaps
from directives.models import Assignment
from early_warning.evidence import land_projects, signals
from early_warning.models import LandProjectEvent, Signal
from early_warning.policies import may_enter_projects
from early_warning.selectors_projects import (
    project_get_for,
    units_enterable,
)
from early_warning.services import (
    ProjectRecord,
    StageRecord,
    dialogue_withdraw,
    project_change,
    project_create,
    stage_record,
)
from receptions.models import ReceptionSession
from tests.directives.giving import upload
from tests.early_warning.hot import (
    MONDAY,
    NOW,
    ended,
    project_make,
    stage_done,
    talk,
)
from tests.early_warning.matters import signal_make
from tests.people import OTHER_WARD, WARD, access_make, person_make

pytestmark = pytest.mark.django_db
PAGES = "/can-bo/canh-bao-som/du-an/"


@pytest.fixture(autouse=True)
def _on_the_day(time_machine: Any) -> None:
    time_machine.move_to(NOW, tick=False)


def test_a_project_is_entered_with_six_stages() -> None:
    row = project_make(
        hectares=Decimal("12.345"), households=80, decision_number="45/QĐ-UBND",
        decision_on=MONDAY, decision_file=upload("quyet-dinh.txt"), units=(WARD, OTHER_WARD),
    )  # fmt: skip
    assert row.hectares == Decimal("12.34")
    assert [one.position for one in row.stages.all()] == [1, 2, 3, 4, 5, 6]
    assert LandProjectEvent.objects.get(project=row).data["units"] == [WARD, OTHER_WARD]
    for who in ("clerk", "front", "other_chair", "propaganda", "inspector"):
        assert project_get_for(access_make(who), row.public_id).pk == row.pk


def test_who_may_enter_and_see() -> None:
    row = project_make()
    with pytest.raises(NotVisible):
        project_get_for(access_make("other_chair"), row.public_id)
    with pytest.raises(NotPermitted):
        project_create(access=access_make("propaganda"), given=ProjectRecord("Tên", "Nơi", (WARD,)))
    with pytest.raises(InvalidInput) as caught:
        project_make("other_clerk")
    assert list(caught.value.fields) == ["units"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": " "}, "name"),
        ({"units": ()}, "units"),
        ({"units": (WARD, "BTCD")}, "units"),
        ({"hectares": Decimal("0.001")}, "hectares"),
        ({"decision_number": "1/QĐ"}, "decision_number"),
        ({"decision_number": "1/QĐ", "decision_on": dt.date(2027, 1, 1)}, "decision_on"),
        ({"households": -1}, "households"),
    ],
)
def test_a_wrong_record_says_where(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        project_make(**changes)
    assert list(caught.value.fields) == [field]


def test_a_change_says_what_from_and_to() -> None:
    row = project_make()
    given = ProjectRecord("Dự án Sen Vàng", row.area, (WARD,), households=5)
    row = project_change(
        access=access_make("clerk"), public_id=row.public_id, version=1, given=given
    )
    event = row.events.order_by("-sequence").first()
    assert event.data["fields"]["households"] == [None, 5]
    with pytest.raises(Stale):
        project_change(access=access_make("clerk"), public_id=row.public_id, version=1, given=given)


def test_stages_keep_their_order() -> None:
    row = project_make()
    with pytest.raises(InvalidInput):
        stage_done(row, "inventory", 10)
    stage_done(row, "announce", 60)
    row.refresh_from_db()
    row = stage_record(
        access=access_make("clerk"), public_id=row.public_id, version=row.version,
        stage="inventory", given=StageRecord(skipped_reason="Đất công, không kiểm đếm"),
    )  # fmt: skip
    stage_done(row, "plan_published", 20)
    with pytest.raises(InvalidInput):
        stage_done(row, "plan_approved", 30)
    row.refresh_from_db()
    with pytest.raises(InvalidInput):  # nothing was said
        stage_record(
            access=access_make("clerk"), public_id=row.public_id, version=row.version,
            stage="plan_approved", given=StageRecord(),
        )  # fmt: skip
    with pytest.raises(NotVisible):
        stage_done(row, "khong-co", 1)
    with pytest.raises(NotPermitted):
        stage_done(row, "plan_approved", 1, who="propaganda")


def test_dialogues_from_the_calendar_and_typed() -> None:
    row = project_make()
    day = MONDAY - dt.timedelta(days=20)
    session = ReceptionSession.objects.create(
        unit=Unit.objects.get(code=WARD), leader=person_make("secretary"),
        duty_holder="party_secretary", kind="dialogue", starts_at=local_moment(day, 8),
        ends_at=local_moment(day, 11), place="Nhà văn hóa", capacity=50,
        planned_content="Đối thoại", status="held",
        published_at=NOW - dt.timedelta(days=40),
    )  # fmt: skip
    found = talk(row, session=str(session.public_id), held_on=None)
    assert found.held_on == day
    with pytest.raises(Conflict):
        talk(row, session=str(session.public_id))
    typed = talk(row, attachment=upload())
    with pytest.raises(InvalidInput):
        talk(row, held_on=MONDAY + dt.timedelta(days=1))
    row.refresh_from_db()
    taken = dialogue_withdraw(
        access=access_make("secretary"), public_id=row.public_id, version=row.version,
        dialogue=typed.public_id,
    )  # fmt: skip
    with pytest.raises(DomainError):
        dialogue_withdraw(
            access=access_make("secretary"), public_id=row.public_id, version=taken.version,
            dialogue=typed.public_id,
        )  # fmt: skip


def test_nothing_new_begins_in_a_unit_that_is_no_more() -> None:
    row = project_make(units=(WARD, OTHER_WARD))
    ended(OTHER_WARD, by=WARD)
    access = access_make("clerk")
    offered = {unit.code for unit in units_enterable(access)}
    assert WARD in offered
    assert OTHER_WARD not in offered
    for units in ((OTHER_WARD,), (WARD, OTHER_WARD)):
        with pytest.raises(InvalidInput) as caught:
            project_create(access=access, given=ProjectRecord("Dự án", "Tổ 3", units))
        assert list(caught.value.fields) == ["units"]
    past = replace(access, past=access.unit_ids)
    assert may_enter_projects(access) is None
    assert may_enter_projects(past) is not None
    # What a project has stays, and is offered where it is corrected.
    given = ProjectRecord("Dự án Sen Vàng", row.area, (WARD, OTHER_WARD))
    project_change(access=access, public_id=row.public_id, version=1, given=given)
    known = [place.unit_id for place in row.places.all()]
    assert OTHER_WARD in {unit.code for unit in units_enterable(access, known)}


def test_evidence_of_a_task_is_the_unit_s_projects() -> None:
    row = project_make()
    tasks = Assignment.objects.filter(unit__code=WARD).select_related("task__group__directive")
    task = tasks.get(task__code="1699-cv-tu-4-petitions")
    other = tasks.get(task__code="1699-cv-tu-5-democracy")
    assert land_projects(access_make("propaganda"), other) == []
    found = land_projects(access_make("propaganda"), task)
    assert [one.url for one in found] == [f"{PAGES}{row.public_id}/"]
    assert land_projects(access_make("other_chair"), task) == []


def test_evidence_of_the_task_about_petitions_is_the_unit_s_live_signals() -> None:
    """Also the rows of the continuity board: work for the people is not interrupted."""
    tasks = Assignment.objects.filter(unit__code=WARD).select_related(
        "unit", "task__group__directive"
    )
    task = tasks.get(task__code="1699-cv-tu-4-petitions")
    other = tasks.get(task__code="1699-cv-tu-4-opinion")
    row = signal_make()
    signal_make(unit=OTHER_WARD)
    closed = signal_make(number=1)
    Signal.objects.filter(pk=closed.pk).update(state="settled", closed_at=NOW, closed_level=1)
    for who in ("chair", "clerk", "propaganda"):
        count, one = signals(access_make(who), task)
        assert str(count.label) == "1 tín hiệu cảnh báo sớm đang mở", who
        assert count.url.endswith(f"?unit={WARD}&state=live")
        assert one.url == f"/can-bo/canh-bao-som/tin-hieu/{row.public_id}/"
        assert row.rule.title in str(one.label)
        assert signals(access_make(who), other) == []
    assert signals(access_make("front"), task) == []
    assert "0 tín hiệu" in str(signals(access_make("other_chair"), task)[0].label)
    chair = [str(line.label) for line in gaps(access_make("chair"), task)]
    assert "nhiệm vụ" in " ".join(chair).lower()  # the tasks of the unit were not received
    assert gaps(access_make("chair"), other) == []
    assert gaps(access_make("clerk"), task) == []
