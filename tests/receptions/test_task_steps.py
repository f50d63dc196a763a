"""A task from its row to its end: both sides, dates, more time."""

import datetime as dt
import io

import pytest
from django.db import DatabaseError, transaction

from attachments.services import attachment_store
from common.errors import DomainError, InvalidInput, NotPermitted, NotVisible, Stale
from common.time import local_moment
from deadlines.models import Clock, ClockState
from notifications.models import OutboxMessage
from receptions.models import ConclusionTask, ConclusionTaskFile, SessionEvent
from receptions.selectors_conclusions import TaskFilter, task_file_get, task_files, tasks_of
from receptions.services.task_steps import FILES_MAX, TaskStep, steps_open, task_step
from tests.attachments.test_api import PDF
from tests.people import access_make
from tests.receptions.cast import DAY
from tests.receptions.concluding import (
    DURING,
    UNTIL,
    clock_of,
    drafted,
    issued,
    step,
    task_of,
    ward,
)

pytestmark = pytest.mark.django_db
DOER, LEADER = "other_clerk", "secretary"


@pytest.fixture
def task() -> ConclusionTask:
    return task_of(issued())


def names(who: str, task: ConclusionTask) -> set[str]:
    task.refresh_from_db()
    return {step.value for step in steps_open(access_make(who), task)}


def test_each_side_has_its_own_steps(task: ConclusionTask) -> None:
    assert names(DOER, task) == {"receive", "report", "ask"}
    assert names(LEADER, task) == {"extend", "cancel"}
    assert names("clerk", task) == names("front", task) == set()
    with pytest.raises(NotPermitted):
        step(task, "report", LEADER, text="Xong")
    with pytest.raises(NotPermitted):
        step(task, "cancel", DOER, text="Thôi")
    with pytest.raises(NotVisible):
        step(task, "report", "front", text="Xong")


def test_a_reported_task_is_done_on_the_day_of_the_report(task: ConclusionTask) -> None:
    step(task, "receive", DOER)
    reported = local_moment(UNTIL, 20)
    assert step(task, "report", DOER, at=reported, text="Đã kiểm tra, đã trả lời.").state == (
        "reported"
    )
    accepted = local_moment(UNTIL + dt.timedelta(days=6), 9)
    done = step(task, "accept", LEADER, at=accepted)
    assert (done.state, done.closed_on) == ("done", UNTIL + dt.timedelta(days=6))
    clock = Clock.objects.get(conclusion_clock__task=task)
    assert (clock.state, clock.closed_on) == (ClockState.MET, UNTIL)
    told = OutboxMessage.objects.filter(template="reception_task_step", channel="app")
    assert [m.params["step"] for m in told.order_by("id")] == ["reported", "accepted"]
    with pytest.raises(DomainError):
        step(task, "cancel", LEADER, text="Thôi")


def test_nothing_acts_while_a_report_waits_and_goes_on_when_it_is_returned(
    task: ConclusionTask,
) -> None:
    before = clock_of(task).next_action_at
    step(task, "report", DOER, text="Đã xong.")
    assert clock_of(task).next_action_at is None
    with pytest.raises(InvalidInput):
        step(task, "return", LEADER)
    returned = step(task, "return", LEADER, text="Chưa trả lời công dân.")
    assert (returned.state, returned.returned_reason) == ("returned", "Chưa trả lời công dân.")
    clock = clock_of(task)
    assert (clock.next_action_at, clock.state, clock.due_on) == (before, ClockState.RUNNING, UNTIL)
    assert names(DOER, task) == {"report", "ask"}


def test_more_time_is_asked_and_given_with_a_reason(task: ConclusionTask) -> None:
    later = UNTIL + dt.timedelta(days=10)
    step(task, "ask", DOER, text="Chờ kết quả đo đạc.", until=later)
    assert "keep_date" in names(LEADER, task)
    given = step(task, "extend", LEADER, text="Đồng ý.", until=later)
    assert (given.due_on, given.asked_until, given.extension_reason) == (later, None, "Đồng ý.")
    old, new = Clock.objects.filter(conclusion_clock__task=task).order_by("id")
    assert (old.state, old.due_on) == (ClockState.CANCELLED, UNTIL)
    assert (new.state, new.due_on, new.started_on) == (ClockState.RUNNING, later, DAY)
    event = SessionEvent.objects.get(action="receptions.task.extend")
    assert (event.data["from"], event.data["to"]) == (UNTIL.isoformat(), later.isoformat())


def test_more_time_after_the_date_leaves_it_missed(task: ConclusionTask) -> None:
    late = local_moment(UNTIL + dt.timedelta(days=3), 9)
    step(task, "extend", LEADER, at=late, text="Mưa lũ.", until=UNTIL + dt.timedelta(days=9))
    states = Clock.objects.filter(conclusion_clock__task=task).order_by("id")
    assert list(states.values_list("state", flat=True)) == ["missed", "running"]


def test_more_time_may_be_refused(task: ConclusionTask) -> None:
    step(task, "ask", DOER, text="Bận.", until=UNTIL + dt.timedelta(days=30))
    kept = step(task, "keep_date", LEADER, text="Việc đã rõ, làm đúng hạn.")
    assert (kept.due_on, kept.asked_until) == (UNTIL, None)


@pytest.mark.parametrize("until", [None, UNTIL, DAY, dt.date(2199, 1, 1)])
def test_a_new_date_lies_behind_the_old_one(task: ConclusionTask, until: dt.date | None) -> None:
    with pytest.raises(InvalidInput) as caught:
        step(task, "extend", LEADER, text="Lý do", until=until)
    assert "until" in caught.value.fields


def test_an_old_form_changes_nothing(task: ConclusionTask) -> None:
    step(task, "receive", DOER)
    with pytest.raises(Stale):
        task_step(
            access=access_make(DOER),
            public_id=task.public_id,
            version=1,
            step=TaskStep.RECEIVE,
            at=DURING,
        )


def test_a_draft_has_no_tasks_yet() -> None:
    task = task_of(drafted())
    assert names(LEADER, task) == set()
    with pytest.raises(NotVisible):
        step(task, "cancel", LEADER, text="Thôi")


def test_who_lists_which_tasks(task: ConclusionTask) -> None:
    other, own = task.unit, ward()
    doer, leader = access_make(DOER), access_make(LEADER)
    assert list(tasks_of(doer, other, TaskFilter())) == [task]
    assert list(tasks_of(leader, own, TaskFilter("given"))) == [task]
    assert list(tasks_of(leader, own, TaskFilter())) == []
    assert list(tasks_of(leader, other, TaskFilter())) == []
    assert list(tasks_of(access_make("front"), own, TaskFilter("given"))) == []
    assert list(tasks_of(doer, other, TaskFilter(state="done"))) == []
    assert list(tasks_of(doer, other, TaskFilter(late=True))) == []


def upload(name: str = "anh-hien-truong.pdf") -> str:
    return str(attachment_store(stream=io.BytesIO(PDF), name=name, at=DURING).public_id)


def test_a_report_carries_files_that_both_sides_see_and_nothing_changes(
    task: ConclusionTask,
) -> None:
    step(task, "report", DOER, text="Đã xong.", files=[upload()])
    kept = ConclusionTaskFile.objects.get()
    assert (kept.added_by.username, kept.attachment.claimed_at is not None) == (DOER, True)
    assert SessionEvent.objects.get(action="receptions.task.report").data["files"] == 1
    for who in (DOER, LEADER, "clerk"):
        found = task_file_get(access_make(who), task.public_id, kept.attachment.public_id)
        assert found == kept.attachment
    for who in ("front", "handler"):
        with pytest.raises(NotVisible):
            task_file_get(access_make(who), task.public_id, kept.attachment.public_id)
    with pytest.raises(DatabaseError), transaction.atomic():
        ConclusionTaskFile.objects.all().delete()
    step(task, "return", LEADER, text="Thiếu ảnh sau khi sửa.")
    step(task, "report", DOER, text="Đã bổ sung.", files=[upload("anh-sau.pdf")])
    names = [file.attachment.name for file in task_files(access_make(LEADER), task)]
    assert names == ["anh-hien-truong.pdf", "anh-sau.pdf"]


def test_a_file_of_another_task_is_no_file_of_this(task: ConclusionTask) -> None:
    step(task, "report", DOER, text="Đã xong.", files=[upload()])
    other = task_of(issued(session=task.notice.session))
    file_id = ConclusionTaskFile.objects.get().attachment.public_id
    with pytest.raises(NotVisible):
        task_file_get(access_make(DOER), other.public_id, file_id)


def test_files_that_cannot_be_taken_stop_the_report(task: ConclusionTask) -> None:
    taken = upload()
    step(task, "report", DOER, text="Đã xong.", files=[taken])
    other = task_of(issued(session=task.notice.session))
    for wrong in ([taken], ["không phải"], [upload() for _ in range(FILES_MAX + 1)]):
        with pytest.raises(InvalidInput) as caught:
            step(other, "report", DOER, text="Đã xong.", files=wrong)
        assert "attachments" in caught.value.fields
    other.refresh_from_db()
    assert (other.state, other.files.count()) == ("assigned", 0)
