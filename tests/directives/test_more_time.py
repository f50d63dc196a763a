"""Asking for more time, and taking a task back."""

import datetime as dt
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from common.errors import Conflict, DomainError, InvalidInput, NotPermitted
from directives.models import (
    Assignment,
    AssignmentEvent,
    ExtensionRequest,
)
from directives.services import (
    assignment_withdraw,
    extension_answer,
    extension_ask,
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
