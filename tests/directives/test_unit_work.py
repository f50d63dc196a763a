"""Plans of units and study sessions."""

import datetime as dt
from typing import Any

import pytest
from django.db import transaction

from attachments.models import Attachment
from common.errors import DomainError, InvalidInput, NotVisible, Stale
from directives.models import (
    Assignment,
    AssignmentEvent,
    PlanEdition,
    StudySession,
    UnitPlan,
)
from directives.selectors_work import file_get_for
from directives.services import (
    Plan,
    plan_record,
    report_review,
    study_record,
    study_withdraw,
)
from tests.directives.giving import (
    DUE,
    MONDAY,
    actions,
    clocks,
    give,
    later,
    report,
    task_make,
    upload,
)
from tests.directives.stepping import do, told, whole
from tests.people import access_make

pytestmark = pytest.mark.django_db
WANTED = DUE + dt.timedelta(days=10)


@pytest.fixture(autouse=True)
def _on_the_day(time_machine: Any) -> None:
    time_machine.move_to(later(1), tick=False)


@pytest.fixture
def row(db: None) -> Assignment:
    return give(task_make())


# Plans and study sessions


def plan(row: Assignment, **changes: Any) -> UnitPlan:
    values = {"number": "15-KH/ĐU", "issued_on": MONDAY, "title": "Kế hoạch thực hiện"}
    known = UnitPlan.objects.filter(unit=row.unit, directive=row.task.group.directive).first()
    looked = changes.pop("plan_version", known.version if known else 0)
    at = changes.pop("at", later(1))
    found: UnitPlan = do(
        plan_record,
        row,
        "secretary",
        plan=Plan(**(values | changes)),
        plan_version=looked,
        at=at,
    )
    return found


def test_a_plan_says_who_approved_it_and_keeps_its_file() -> None:
    row = give(task_make(is_plan=True))
    found = plan(
        row, approved_by="Ban Thường vụ Đảng ủy phường", origin="reviewed", attachment=upload()
    )
    assert (found.approved_by, found.origin) == ("Ban Thường vụ Đảng ủy phường", "reviewed")
    file = found.attachment
    event = AssignmentEvent.objects.filter(assignment=row).latest("sequence")
    assert (event.data["origin"], event.data["file"]) == ("reviewed", str(file.public_id))
    assert plan(row, number="16-KH/ĐU").attachment == file
    whole()


def test_a_reviewed_plan_keeps_what_it_was_with_its_file() -> None:
    row = give(task_make(is_plan=True))
    first = plan(row, attachment=upload("cu.txt")).attachment
    found = plan(
        row, number="16-KH/ĐU", origin="reviewed", attachment=upload("moi.txt"), at=later(2)
    )
    assert (found.number, found.version, found.origin) == ("16-KH/ĐU", 2, "reviewed")
    kept = found.editions.get()
    assert (kept.number, kept.version, kept.origin, kept.attachment) == (
        "15-KH/ĐU", 1, "new", first,
    )  # fmt: skip
    assert (kept.recorded_at, kept.replaced_at) == (later(1), later(2))
    reader = access_make("city_secretary")
    for file in (first, found.attachment):
        assert file_get_for(reader, row.public_id, file.public_id) == file
    with pytest.raises(NotVisible):
        file_get_for(access_make("other_chair"), row.public_id, first.public_id)
    other = give(task_make())  # of the unit, but not about a plan
    with pytest.raises(NotVisible):
        file_get_for(reader, other.public_id, first.public_id)
    whole()


def test_the_same_plan_again_makes_no_edition() -> None:
    row = give(task_make(is_plan=True))
    plan(row)
    assert plan(row).version == 1
    assert not PlanEdition.objects.exists()


def test_two_tasks_on_one_plan_do_not_overwrite_each_other() -> None:
    """The version of a task says nothing of what was recorded on another task of the document."""
    row, other = give(task_make(is_plan=True)), give(task_make(is_plan=True))
    plan(row)
    plan(other, number="16-KH/ĐU")
    with pytest.raises(Stale) as caught, transaction.atomic():
        plan(row, number="17-KH/ĐU", plan_version=1)
    assert caught.value.extra["plan_version"] == 2
    assert UnitPlan.objects.get().number == "16-KH/ĐU"


def test_a_plan_changed_after_the_task_was_confirmed_is_told_to_the_body_in_charge() -> None:
    row = give(task_make(is_plan=True))
    plan(row)
    report(row, at=later(1))
    assert told("directive_plan_changed") == []
    do(report_review, row, "propaganda", is_accepted=True)
    plan(row, number="16-KH/ĐU", origin="reviewed", at=later(2))
    assert told("directive_plan_changed") == [("BTGDV", "propaganda")]
    assert Assignment.objects.get(pk=row.pk).state == "confirmed"
    assert UnitPlan.objects.get().editions.get().number == "15-KH/ĐU"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"origin": "old"}, "origin"),
        ({"approved_by": "x" * 161}, "approved_by"),
        ({"attachment": "khong-phai-tep"}, "attachment"),
    ],
)
def test_a_wrong_plan_names_its_field(changes: dict[str, str], field: str) -> None:
    row = give(task_make(is_plan=True))
    with pytest.raises(InvalidInput) as caught, transaction.atomic():
        plan(row, **changes)
    assert list(caught.value.fields) == [field]
    assert not UnitPlan.objects.exists()


def study(row: Assignment, **changes: Any) -> StudySession:
    values = {"held_on": MONDAY, "people": 45, "material": "Chỉ thị 07-CT/TU"}
    found: StudySession = do(study_record, row, "clerk", **(values | changes))
    return found


def test_a_study_session_is_recorded_and_taken_back(row: Assignment) -> None:
    made = study(row, note="Tại hội trường.", attachment=upload())
    assert made.attachment is not None
    assert Assignment.objects.get(pk=row.pk).state == "in_progress"
    assert clocks(row) == [("running", MONDAY, DUE)]
    do(study_withdraw, row, "secretary", study=made.public_id)
    assert not StudySession.objects.live().exists()
    assert StudySession.objects.get() == made
    assert actions(row)[1:] == ["study.recorded", "study.withdrawn"]
    with pytest.raises(DomainError) as caught:
        do(study_withdraw, row, "secretary", study=made.public_id)
    assert caught.value.code == "wrong_state"
    whole()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"held_on": MONDAY + dt.timedelta(days=9)}, "held_on"),
        ({"people": 0}, "people"),
        ({"people": 100_001}, "people"),
        ({"material": " "}, "material"),
        ({"attachment": "6f1d0a52-98c1-4c43-9a37-2f6f0f3b8f10"}, "attachment"),
    ],
)
def test_a_wrong_study_session_names_its_field(
    row: Assignment, changes: dict[str, Any], field: str
) -> None:
    with pytest.raises(InvalidInput) as caught, transaction.atomic():
        study(row, **changes)
    assert list(caught.value.fields) == [field]
    assert not StudySession.objects.exists()


def test_the_session_of_another_task_is_not_taken_back_here(row: Assignment) -> None:
    other = study(give(task_make()))
    with pytest.raises(NotVisible):
        do(study_withdraw, row, "secretary", study=other.public_id)


def test_uploads_of_refused_work_stay_free(row: Assignment) -> None:
    file = upload()
    with pytest.raises(InvalidInput), transaction.atomic():
        study(row, attachment=file, people=0)
    assert Attachment.objects.get(public_id=file).claimed_at is None
