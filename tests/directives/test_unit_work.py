"""Plans of units and study sessions."""

import datetime as dt
from typing import Any

import pytest
from django.db import transaction

from attachments.models import Attachment
from common.errors import DomainError, InvalidInput, NotVisible
from directives.models import (
    Assignment,
    AssignmentEvent,
    StudySession,
    UnitPlan,
)
from directives.services import (
    Plan,
    plan_record,
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
    task_make,
    upload,
)
from tests.directives.stepping import do, whole

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
    found: UnitPlan = do(plan_record, row, "secretary", plan=Plan(**(values | changes)))
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
