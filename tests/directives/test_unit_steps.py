"""What a unit does about its task, and what its limit does meanwhile."""

import datetime as dt
from typing import Any

import pytest
from django.db import transaction

from accounts.models import Membership
from common.errors import InvalidInput, NotPermitted, NotVisible, Stale
from directives.models import (
    Assignment,
    AssignmentEvent,
    ProgressReport,
)
from directives.services import (
    assignment_receive,
    assignment_withdraw,
    extension_answer,
    extension_ask,
    owner_appoint,
    report_review,
    study_record,
    study_withdraw,
)
from notifications.models import OutboxMessage
from tests.directives.giving import (
    DUE,
    MONDAY,
    actions,
    clocks,
    give,
    later,
    report,
    running,
    task_make,
    upload,
)
from tests.directives.stepping import do, told, whole
from tests.people import WARD, person_make

pytestmark = pytest.mark.django_db
WANTED = DUE + dt.timedelta(days=10)


@pytest.fixture(autouse=True)
def _on_the_day(time_machine: Any) -> None:
    time_machine.move_to(later(1), tick=False)


@pytest.fixture
def row(db: None) -> Assignment:
    return give(task_make())


# Receiving and the owner


def test_a_unit_notes_once_that_it_received(row: Assignment) -> None:
    found = do(assignment_receive, row, "clerk")
    assert (found.state, found.received_by_id) == ("received", person_make("clerk").pk)
    assert found.received_at == later(1)
    assert actions(row)[-1] == "assignment.received"
    with pytest.raises(NotPermitted):
        do(assignment_receive, row, "secretary")
    assert clocks(row) == [("running", MONDAY, DUE)]
    whole()


@pytest.mark.parametrize("who", ["propaganda", "city_secretary", "city_front"])
def test_the_city_does_not_receive_for_a_unit(row: Assignment, who: str) -> None:
    with pytest.raises(NotPermitted):
        do(assignment_receive, row, who)


@pytest.mark.parametrize(
    ("service", "values"),
    [
        (assignment_receive, {}),
        (owner_appoint, {"owner": "clerk"}),
        (extension_ask, {"wanted_on": WANTED, "reason": "Cần thêm thời gian."}),
        (study_record, {"held_on": MONDAY, "people": 3, "material": "Chỉ thị"}),
        (study_withdraw, {"study": "6f1d0a52-98c1-4c43-9a37-2f6f0f3b8f10"}),
    ],
)
def test_another_unit_does_not_see_it(
    row: Assignment, service: Any, values: dict[str, Any]
) -> None:
    with pytest.raises(NotVisible):
        do(service, row, "other_clerk", **values)


@pytest.mark.parametrize(
    ("service", "who", "values"),
    [
        (assignment_receive, "clerk", {}),
        (owner_appoint, "clerk", {"owner": ""}),
        (extension_ask, "clerk", {"wanted_on": WANTED, "reason": "Cần thêm thời gian."}),
        (extension_answer, "propaganda", {"is_granted": True}),
        (assignment_withdraw, "propaganda", {"reason": "Giao nhầm."}),
        (study_record, "clerk", {"held_on": MONDAY, "people": 3, "material": "Chỉ thị"}),
    ],
)
def test_a_stale_form_changes_nothing(
    row: Assignment, service: Any, who: str, values: dict[str, Any]
) -> None:
    with pytest.raises(Stale) as caught:
        do(service, row, who, **(values | {"version": 9}))
    assert caught.value.extra["version"] == 1
    assert actions(row) == ["assignment.created"]


def test_an_owner_is_a_person_of_the_unit_and_is_told(row: Assignment) -> None:
    owner = person_make("handler")
    assert do(owner_appoint, row, "clerk", owner="handler").owner == owner
    notice = OutboxMessage.objects.get(template="directive_owner", channel="app")
    assert notice.recipient_id == owner.pk
    event = AssignmentEvent.objects.filter(assignment=row).latest("sequence")
    assert event.data == {"version": 2, "owner": "handler"}
    assert do(owner_appoint, row, "clerk", owner="").owner is None
    whole()


@pytest.mark.parametrize("name", ["other_clerk", "propaganda", "ai-do"])
def test_nobody_else_becomes_the_owner(row: Assignment, name: str) -> None:
    if name != "ai-do":
        person_make(name)
    with pytest.raises(InvalidInput) as caught:
        do(owner_appoint, row, "clerk", owner=name)
    assert list(caught.value.fields) == ["owner"]


def test_whoever_left_the_unit_is_not_appointed(row: Assignment) -> None:
    Membership.objects.filter(user=person_make("handler")).update(valid_to=dt.date(2026, 1, 1))
    with pytest.raises(InvalidInput):
        do(owner_appoint, row, "clerk", owner="handler")


# Reports and their answers


def test_a_report_of_completion_meets_the_clock(row: Assignment) -> None:
    report(row, difficulties="Thiếu hội trường.", proposals="Bố trí kinh phí.", files=[upload()])
    assert clocks(row) == [("met", MONDAY, DUE)]
    written = row.reports.get()
    assert (written.kind, written.difficulties, written.proposals) == (
        "completion", "Thiếu hội trường.", "Bố trí kinh phí.",
    )  # fmt: skip
    assert written.files.get().attachment.claimed_at == later(1)
    event = AssignmentEvent.objects.filter(assignment=row).latest("sequence")
    assert event.data["files"] == 1
    whole()


def test_a_late_report_misses_the_limit(row: Assignment) -> None:
    report(row, at=later(30))
    assert clocks(row)[0][0] == "missed"


def test_progress_lets_the_clock_run(row: Assignment) -> None:
    report(row, state="in_progress")
    assert clocks(row) == [("running", MONDAY, DUE)]
    assert row.reports.get().kind == "progress"
    whole()


def test_while_the_city_reads_nothing_more_is_reported(row: Assignment) -> None:
    report(row)
    with pytest.raises(NotPermitted) as caught:
        report(row)
    assert "chờ Thành phố trả lời" in str(caught.value.message)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"difficulties": "x" * 4001}, "difficulties"),
        ({"proposals": "x" * 4001}, "proposals"),
        ({"files": ["6f1d0a52-98c1-4c43-9a37-2f6f0f3b8f10"]}, "attachments"),
        ({"files": ["khong-phai-tep"]}, "attachments"),
        ({"files": [str(n) for n in range(11)]}, "attachments"),
    ],
)
def test_a_wrong_report_writes_nothing(
    row: Assignment, changes: dict[str, Any], field: str
) -> None:
    with pytest.raises(InvalidInput) as caught, transaction.atomic():
        report(row, **changes)
    assert list(caught.value.fields) == [field]
    assert not ProgressReport.objects.filter(assignment=row).exists()
    assert actions(row) == ["assignment.created"]


def test_a_file_is_evidence_of_one_report(row: Assignment) -> None:
    file = upload()
    report(row, state="in_progress", files=[file])
    with pytest.raises(InvalidInput):
        report(row, state="in_progress", files=[file])


def test_a_figure_that_the_portal_counts_is_not_typed() -> None:
    row = give(task_make(source="receptions"))
    with pytest.raises(InvalidInput) as caught:
        report(row, value="3")
    assert list(caught.value.fields) == ["value"]
    assert "lịch tiếp công dân" in caught.value.fields["value"][0]
    report(row, value="")


def review(row: Assignment, *, accepted: bool, **changes: Any) -> Assignment:
    values = {"is_accepted": accepted, "text": "Chưa đủ căn cứ.", "at": later(5)}
    found: Assignment = do(report_review, row, "propaganda", **(values | changes))
    return found


def test_what_is_returned_has_as_much_time_as_was_left(row: Assignment) -> None:
    """Reported 24 days before the last day, returned 4 days later."""
    report(row)
    found = review(row, accepted=False)
    assert found.state == "returned"
    again = MONDAY + dt.timedelta(days=5 + 24)
    assert found.due_on == again
    assert clocks(row) == [
        ("met", MONDAY, DUE), ("running", MONDAY + dt.timedelta(days=5), again),
    ]  # fmt: skip
    assert told("directive_returned") == [(WARD, "secretary")]
    whole()


def test_a_return_may_set_another_date(row: Assignment) -> None:
    report(row)
    assert review(row, accepted=False, until=MONDAY + dt.timedelta(days=8)).due_on == (
        MONDAY + dt.timedelta(days=8)
    )


def test_where_no_time_was_left_the_return_needs_a_date(row: Assignment) -> None:
    report(row, at=later(30))
    with pytest.raises(InvalidInput) as caught:
        review(row, accepted=False, at=later(31))
    assert list(caught.value.fields) == ["until"]
    with pytest.raises(InvalidInput):
        review(row, accepted=False, at=later(31), until=MONDAY)
    review(row, accepted=False, at=later(31), until=MONDAY + dt.timedelta(days=40))
    assert clocks(row)[-1] == (
        "running", MONDAY + dt.timedelta(days=31), MONDAY + dt.timedelta(days=40),
    )  # fmt: skip
    whole()


def test_a_returned_task_without_a_date_stays_without() -> None:
    row = give(task_make(), due_on=None)
    report(row)
    assert review(row, accepted=False).due_on is None
    assert running(row) == 0
    report(row, at=later(6))
    assert review(row, accepted=True, at=later(7)).state == "confirmed"
    whole()


def test_the_answer_stands_on_the_report_of_completion(row: Assignment) -> None:
    report(row, state="in_progress", text="Đang làm.")
    report(row, at=later(2))
    review(row, accepted=False)
    reviews = dict(row.reports.values_list("kind", "review"))
    assert reviews == {"progress": "", "completion": "Chưa đủ căn cứ."}
