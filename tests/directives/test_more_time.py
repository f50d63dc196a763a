"""Asking for more time, and taking a task back."""

import datetime as dt
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from common.errors import Conflict, DomainError, InvalidInput, NotPermitted, NotVisible
from directives.models import (
    Assignment,
    AssignmentEvent,
    ExtensionRequest,
)
from directives.services import (
    assignment_withdraw,
    extension_answer,
    extension_ask,
    report_review,
)
from notifications.models import OutboxMessage
from tests.directives.giving import (
    DUE,
    MONDAY,
    actions,
    clocks,
    give,
    later,
    monthly,
    period_clocks,
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


# More time for a period


@pytest.fixture
def rhythm(db: None) -> Assignment:
    return give(monthly())


PERIOD_DUE = dt.date(2026, 12, 5)


def test_more_time_for_a_period_moves_its_report_alone(rhythm: Assignment) -> None:
    period = rhythm.periods.get()
    asked = ask(rhythm, period=period.public_id)
    assert (asked.period, period.due_on) == (period, PERIOD_DUE)
    answer(rhythm, granted=True)
    period.refresh_from_db()
    assert (period.due_on, period.ends_on, period.state) == (WANTED, dt.date(2026, 11, 30), "open")
    assert period_clocks(period) == [
        ("cancelled", MONDAY, PERIOD_DUE), ("running", MONDAY + dt.timedelta(days=3), WANTED),
    ]  # fmt: skip
    assert (Assignment.objects.get(pk=rhythm.pk).due_on, clocks(rhythm)) == (None, [])
    event = AssignmentEvent.objects.filter(assignment=rhythm).latest("sequence")
    assert event.data == {
        "version": 3, "period": "2026-11-01", "from": PERIOD_DUE.isoformat(),
        "to": WANTED.isoformat(),
    }  # fmt: skip
    message = OutboxMessage.objects.get(template="directive_extension_answered", channel="app")
    assert message.params["due_on"] == WANTED.isoformat()
    whole()


def test_a_period_that_was_late_stays_missed_and_gets_its_time(rhythm: Assignment) -> None:
    period = rhythm.periods.get()
    ask(rhythm, period=period.public_id, at=later(23), wanted_on=dt.date(2026, 12, 18))
    answer(rhythm, granted=True, at=later(24))
    assert [state for state, _from, _to in period_clocks(period)] == ["missed", "running"]
    report(rhythm, state="in_progress", period=period.public_id, at=later(30))
    assert [state for state, _from, _to in period_clocks(period)] == ["missed", "met"]


def test_a_date_for_a_period_lies_after_its_own(rhythm: Assignment) -> None:
    period = rhythm.periods.get()
    with pytest.raises(InvalidInput) as caught:
        ask(rhythm, period=period.public_id, wanted_on=PERIOD_DUE)
    assert list(caught.value.fields) == ["wanted_on"]


def test_only_for_a_period_that_is_owed_and_of_this_task(rhythm: Assignment) -> None:
    period = rhythm.periods.get()
    with pytest.raises(NotPermitted):
        ask(rhythm)  # the task itself has no date
    with pytest.raises(NotVisible):
        ask(give(monthly()), period=period.public_id)
    report(rhythm, state="in_progress", period=period.public_id)
    with pytest.raises(NotPermitted):
        ask(rhythm, period=period.public_id)


def test_the_report_of_its_period_makes_the_request_needless(rhythm: Assignment) -> None:
    period = rhythm.periods.get()
    request = ask(rhythm, period=period.public_id)
    report(rhythm, at=later(1))  # of completion: the period stays owed, the request open
    request.refresh_from_db()
    assert request.state == "asked"
    report(rhythm, state="in_progress", period=period.public_id, at=later(2))
    request.refresh_from_db()
    assert (request.state, request.answered_at) == ("lapsed", later(2))
    whole()


def test_a_confirmed_task_leaves_no_request_open(rhythm: Assignment) -> None:
    request = ask(rhythm, period=rhythm.periods.get().public_id)
    report(rhythm)
    do(report_review, rhythm, "propaganda", is_accepted=True)
    request.refresh_from_db()
    assert request.state == "lapsed"


def test_pages_ask_and_answer_for_a_period(rhythm: Assignment, client: Client) -> None:
    period = rhythm.periods.get()
    path = f"/can-bo/chi-dao/viec/{rhythm.public_id}/"
    client.force_login(person_make("secretary"))
    form = {
        "extension-version": 1,
        "extension-period": str(period.public_id),
        "extension-wanted_on": WANTED.isoformat(),
        "extension-reason": "Chờ số liệu.",
    }
    page = client.get(path).content.decode()
    assert f'value="{period.public_id}"' in page
    assert client.post(f"{path}gia-han/", form).status_code == 302
    client.force_login(person_make("propaganda"))
    assert "báo cáo kỳ" in client.get(path).content.decode()
    waits = client.get("/can-bo/chi-dao/cho-xem-xet/", {"kind": "extension"})
    line = waits.context["rows"][0]
    assert (line["due_on"], line["assignment"]) == (PERIOD_DUE, rhythm)
    assert "11/2026" in line["what"]


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
