"""What a unit does about its task, and what its limit does meanwhile."""

import datetime as dt
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from accounts.models import Membership
from attachments.models import Attachment
from common.errors import Conflict, DomainError, InvalidInput, NotPermitted, NotVisible, Stale
from common.history_check import table_check
from directives import invariants
from directives.models import (
    Assignment,
    AssignmentEvent,
    ExtensionRequest,
    ProgressReport,
    StudySession,
    UnitPlan,
)
from directives.services import (
    Plan,
    assignment_receive,
    assignment_withdraw,
    extension_answer,
    extension_ask,
    owner_appoint,
    plan_record,
    report_review,
    study_record,
    study_withdraw,
)
from notifications.models import OutboxMessage
from tests.directives.giving import (
    DUE,
    MONDAY,
    actions,
    all_told,
    clocks,
    give,
    later,
    report,
    running,
    task_make,
    upload,
)
from tests.people import WARD, access_make, person_make

pytestmark = pytest.mark.django_db
WANTED = DUE + dt.timedelta(days=10)


@pytest.fixture(autouse=True)
def _on_the_day(time_machine: Any) -> None:
    time_machine.move_to(later(1), tick=False)


@pytest.fixture
def row(db: None) -> Assignment:
    return give(task_make())


def told(template: str) -> list[tuple[str, str]]:
    return all_told(template, OutboxMessage.objects.filter(channel="app"))


def do(service: Any, row: Assignment, who: str, **values: Any) -> Any:
    """Call a service on the assignment as it is now."""
    version = Assignment.objects.get(pk=row.pk).version
    known = {"version": version, "at": later(1)} | values
    return service(access=access_make(who), public_id=row.public_id, **known)


def whole() -> None:
    """Every statement about directives holds."""
    checks = [getattr(invariants, name) for name in dir(invariants)]
    own = [check for check in checks if getattr(check, "__module__", "") == invariants.__name__]
    for check in own:
        if not check.__name__.startswith("_"):
            assert list(check()) == [], check.__name__
    assert list(table_check(AssignmentEvent)) == []


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


# More time


def ask(row: Assignment, who: str = "secretary", **changes: Any) -> ExtensionRequest:
    values = {"wanted_on": WANTED, "reason": "Chờ ý kiến nhân dân."}
    found: ExtensionRequest = do(extension_ask, row, who, **(values | changes))
    return found


def answer(row: Assignment, *, granted: bool, text: str = "", **changes: Any) -> ExtensionRequest:
    values = {"is_granted": granted, "answer": text, "at": later(3)}
    found: ExtensionRequest = do(extension_answer, row, "party_office", **(values | changes))
    return found


def test_more_time_is_a_new_date_and_a_new_clock(row: Assignment) -> None:
    ask(row)
    assert Assignment.objects.get(pk=row.pk).due_on == DUE
    assert told("directive_extension_asked") == [("BTGDV", "propaganda")]
    answer(row, granted=True)
    assert Assignment.objects.get(pk=row.pk).due_on == WANTED
    assert clocks(row) == [
        ("cancelled", MONDAY, DUE), ("running", MONDAY + dt.timedelta(days=3), WANTED),
    ]  # fmt: skip
    assert told("directive_extension_answered") == [(WARD, "secretary")]
    event = AssignmentEvent.objects.filter(assignment=row).latest("sequence")
    assert event.action == "directives.extension.granted"
    assert event.data == {"version": 3, "from": DUE.isoformat(), "to": WANTED.isoformat()}
    whole()


def test_more_time_after_the_last_day_leaves_it_missed(row: Assignment) -> None:
    ask(row, at=later(30))
    answer(row, granted=True, at=later(31))
    assert [state for state, _from, _to in clocks(row)] == ["missed", "running"]


def test_a_refusal_needs_a_reason_and_changes_no_date(row: Assignment) -> None:
    ask(row)
    with pytest.raises(InvalidInput) as caught:
        answer(row, granted=False)
    assert list(caught.value.fields) == ["answer"]
    refused = answer(row, granted=False, text="Đã có đủ thời gian.")
    assert (refused.state, refused.answer) == ("refused", "Đã có đủ thời gian.")
    assert clocks(row) == [("running", MONDAY, DUE)]
    whole()


def test_one_request_at_a_time(row: Assignment) -> None:
    ask(row)
    with pytest.raises(Conflict):
        ask(row)
    with pytest.raises(DatabaseError, match="extension_request_one_open"), transaction.atomic():
        ExtensionRequest.objects.create(
            assignment=row, wanted_on=WANTED, reason="x", by=person_make("clerk"), at=later(1)
        )
    answer(row, granted=False, text="Không.")
    ask(row)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"wanted_on": DUE}, "wanted_on"),
        ({"wanted_on": dt.date(2150, 1, 1)}, "wanted_on"),
        ({"wanted_on": WANTED, "at": later(60)}, "wanted_on"),
        ({"reason": " "}, "reason"),
        ({"reason": "x" * 1001}, "reason"),
    ],
)
def test_a_wrong_request_names_its_field(
    row: Assignment, changes: dict[str, Any], field: str
) -> None:
    with pytest.raises(InvalidInput) as caught:
        ask(row, **changes)
    assert list(caught.value.fields) == [field]


def test_time_cannot_be_asked_for_where_there_is_no_date() -> None:
    with pytest.raises(NotPermitted):
        ask(give(task_make(), due_on=None))


def test_a_date_that_passed_before_the_answer_is_not_given(row: Assignment) -> None:
    ask(row)
    with pytest.raises(InvalidInput) as caught:
        answer(row, granted=True, at=later(60))
    assert list(caught.value.fields) == ["is_granted"]


@pytest.mark.parametrize("who", ["secretary", "city_secretary"])
def test_only_whoever_gives_tasks_gives_time(row: Assignment, who: str) -> None:
    ask(row)
    with pytest.raises(NotPermitted):
        do(extension_answer, row, who, is_granted=True)


def test_without_a_request_there_is_nothing_to_answer(row: Assignment) -> None:
    with pytest.raises(DomainError) as caught:
        answer(row, granted=True)
    assert caught.value.code == "wrong_state"


def test_a_report_of_completion_makes_the_request_needless(row: Assignment) -> None:
    request = ask(row)
    report(row, at=later(2))
    request.refresh_from_db()
    assert (request.state, request.answered_at) == ("lapsed", later(2))
    with pytest.raises(NotPermitted):
        ask(row)
    whole()


# Taking back


def test_a_withdrawal_ends_clocks_and_requests_and_keeps_the_history(row: Assignment) -> None:
    ask(row)
    found = do(assignment_withdraw, row, "propaganda", reason="Giao nhầm đơn vị.", at=later(4))
    assert (found.state, found.withdrawn_reason) == ("withdrawn", "Giao nhầm đơn vị.")
    assert [state for state, _from, _to in clocks(row)] == ["cancelled"]
    assert row.extensions.get().state == "lapsed"
    assert told("directive_withdrawn") == [(WARD, "secretary")]
    assert actions(row)[-1] == "assignment.withdrawn"
    with pytest.raises(NotPermitted):
        report(row)
    with pytest.raises(NotPermitted):
        do(assignment_withdraw, row, "propaganda", reason="Lần nữa.")
    whole()


def test_a_withdrawal_needs_a_reason_and_the_right(row: Assignment) -> None:
    with pytest.raises(InvalidInput):
        do(assignment_withdraw, row, "propaganda", reason=" ")
    with pytest.raises(NotPermitted):
        do(assignment_withdraw, row, "secretary", reason="Không muốn làm.")


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
