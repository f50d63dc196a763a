"""The date of a task that units have already, set or changed by whoever gives tasks."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from common.errors import InvalidInput, NotPermitted
from common.time import local_moment
from communes.models import Unit
from deadlines.models import Clock
from directives.models import Assignment, AssignmentEvent, ExtensionRequest, Task
from directives.services import (
    DueLook,
    NewDue,
    assignment_withdraw,
    due_preview,
    due_set,
    extension_answer,
    extension_ask,
)
from escalation.sweep import sweep_run
from tests.directives.giving import (
    DUE,
    MONDAY,
    actions,
    clocks,
    give,
    later,
    monthly,
    report,
    task_make,
    units,
)
from tests.directives.stepping import do, told, whole
from tests.people import OTHER_WARD, WARD, access_make, person_make

pytestmark = pytest.mark.django_db
Enter = Callable[[str], Client]
THIRD = "00025"
NEW = dt.date(2026, 12, 4)  # Friday, before DUE
REASON = "Thường trực Thành ủy yêu cầu hoàn thành sớm."
PLAN = "1699-cv-tu-1-plan"


@pytest.fixture
def task() -> Task:
    return task_make()


@pytest.fixture
def enter(client: Client, time_machine: Any) -> Enter:
    time_machine.move_to(later(1), tick=False)

    def sign_in(name: str) -> Client:
        client.force_login(person_make(name))
        return client

    return sign_in


def set_due(task: Task, day: dt.date | None = NEW, **changes: Any) -> DueLook:
    over = changes.pop("over", False)
    values = {"who": "propaganda", "reason": REASON, "at": later(1)} | changes
    return due_set(
        access=access_make(values.pop("who")), task=task, new=NewDue(day, over), **values
    )


def now_of(row: Assignment) -> Assignment:
    return Assignment.objects.get(pk=row.pk)


def granted(row: Assignment, until: dt.date) -> None:
    do(extension_ask, row, "secretary", wanted_on=until, reason="Cần thêm thời gian.")
    do(extension_answer, row, "propaganda", is_granted=True)


def test_a_task_of_1699_gets_a_date_and_can_be_late() -> None:
    task = Task.objects.get(code=PLAN)
    look = set_due(task)
    assert len(look.changed) == 126
    row = Assignment.objects.get(task=task, unit__code=WARD)
    assert (row.due_on, row.version) == (NEW, 2)
    assert clocks(row) == [("running", MONDAY + dt.timedelta(days=1), NEW)]
    event = AssignmentEvent.objects.filter(assignment=row).latest("sequence")
    assert event.action == "directives.assignment.due_set"
    assert event.data == {"version": 2, "from": "", "to": NEW.isoformat(), "reason": REASON}
    assert (WARD, "secretary") in told("directive_due_set")
    assert len(told("directive_due_set")) == 126
    assert set_due(task).counts() == {"changed": 0, "same": 126, "over": 0, "longer": 0}
    whole()


def test_a_date_that_passed_climbs_from_the_new_clock(task: Task) -> None:
    row = give(task, due_on=None)
    assert clocks(row) == []
    person_make("secretary")
    set_due(task)
    sweep_run(at=local_moment(NEW + dt.timedelta(days=1), 9))
    assert now_of(row).escalation_level == 1
    assert "assignment.escalated" in actions(row)
    set_due(task, DUE, at=local_moment(NEW + dt.timedelta(days=2), 9))
    assert now_of(row).escalation_level == 0
    assert [state for state, _from, _to in clocks(row)] == ["missed", "running"]
    whole()


def test_what_is_done_stays_and_what_was_granted_stays_unless_chosen(task: Task) -> None:
    moved = give(task, WARD, OTHER_WARD, THIRD)
    done, longer = (Assignment.objects.get(task=task, unit__code=c) for c in (OTHER_WARD, THIRD))
    report(done, "other_chair")
    # The third ward has nobody: its extension is written as the service would.
    ExtensionRequest.objects.create(
        assignment=longer, wanted_on=DUE, reason="Bão.", by=person_make("clerk"), at=later(1),
        state="granted", answered_at=later(1), answered_by=person_make("propaganda"),
    )  # fmt: skip
    new = NewDue(NEW)
    look = due_preview(access=access_make("propaganda"), task=task, new=new, at=later(1))
    assert ([moved], [done], [longer]) == (look.changed, look.over, look.longer)
    assert set_due(task).counts() == {"changed": 1, "same": 0, "over": 1, "longer": 1}
    assert (now_of(moved).due_on, now_of(done).due_on, now_of(longer).due_on) == (NEW, DUE, DUE)
    assert set_due(task, over=True).counts()["changed"] == 1
    assert now_of(longer).due_on == NEW
    # The date that was granted holds no more: nothing stands against an earlier one.
    assert set_due(task, NEW - dt.timedelta(days=1)).counts()["changed"] == 2
    whole()


def test_a_later_date_than_the_granted_one_moves_it_too(task: Task) -> None:
    row = give(task)
    granted(row, DUE + dt.timedelta(days=7))
    set_due(task, DUE + dt.timedelta(days=10), at=later(2))
    assert now_of(row).due_on == DUE + dt.timedelta(days=10)
    whole()


@pytest.mark.parametrize(
    ("day", "state"),
    [(DUE + dt.timedelta(days=9), "lapsed"), (NEW, "asked"), (None, "lapsed")],
)
def test_a_request_for_no_more_than_the_new_date_lapses(
    task: Task, day: dt.date | None, state: str
) -> None:
    row = give(task)
    wanted = DUE + dt.timedelta(days=7)
    do(extension_ask, row, "secretary", wanted_on=wanted, reason="Cần thêm thời gian.")
    set_due(task, day)
    assert row.extensions.get().state == state
    whole()


def test_without_a_date_nothing_runs(task: Task) -> None:
    row = give(task)
    set_due(task, None)
    assert now_of(row).due_on is None
    assert [state for state, _from, _to in clocks(row)] == ["cancelled"]
    whole()


def test_only_the_chosen_units_that_have_the_task(task: Task) -> None:
    row = give(task, WARD, OTHER_WARD)
    set_due(task, units=units(WARD, THIRD))
    other = Assignment.objects.get(task=task, unit__code=OTHER_WARD)
    assert (now_of(row).due_on, other.due_on) == (NEW, DUE)
    assert not Assignment.objects.filter(task=task, unit__code=THIRD).exists()
    do(assignment_withdraw, row, "propaganda", reason="Giao nhầm.")
    assert set_due(task, DUE).counts() == {"changed": 0, "same": 1, "over": 0, "longer": 0}
    whole()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"day": MONDAY}, "due_on"),
        ({"day": dt.date(2099, 1, 1)}, "due_on"),
        ({"reason": " "}, "reason"),
        ({"units": []}, "units"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_changes(
    task: Task, changes: dict[str, Any], field: str
) -> None:
    row = give(task)
    with pytest.raises(InvalidInput) as caught:
        set_due(task, **changes)
    assert list(caught.value.fields) == [field]
    assert (now_of(row).version, Clock.objects.count()) == (1, 1)


def test_a_task_with_a_rhythm_has_the_dates_of_its_periods() -> None:
    task = monthly()
    give(task)
    with pytest.raises(InvalidInput) as caught:
        set_due(task)
    assert list(caught.value.fields) == ["task"]


def test_only_whoever_gives_tasks_sets_dates(task: Task) -> None:
    give(task)
    for who in ("secretary", "city_secretary"):
        with pytest.raises(NotPermitted):
            set_due(task, who=who)


def test_all_units_take_no_more_queries_than_two() -> None:
    counts = []
    two = units(WARD, OTHER_WARD)
    for every in (two, two, list(Unit.objects.commune_level())):  # the first warms what is kept
        task = task_make()
        give(task, *(unit.code for unit in every), due_on=None)
        with CaptureQueriesContext(connection) as caught:
            set_due(task)
        counts.append(len(caught))
    assert counts[1] == counts[2]


# Pages and API


def path(task: Task) -> str:
    return f"/can-bo/chi-dao/1699-cv-tu/nhiem-vu/{task.code}/thoi-han/"


def test_the_page_shows_what_changes_before_it_does(enter: Enter, task: Task) -> None:
    row = give(task, WARD, OTHER_WARD)
    report(Assignment.objects.get(task=task, unit__code=OTHER_WARD), "other_chair")
    client = enter("propaganda")
    sent = {"which": "having", "due_on": "2026-12-05", "reason": REASON}
    page = client.post(path(task), sent | {"do": "preview"})
    shown = page.content.decode()
    assert len(page.context["preview"].changed) == 1
    assert "Đã báo cáo hoàn thành hoặc đã được xác nhận: 1" in shown
    assert "Đây là ngày nghỉ" in shown  # a Saturday
    assert now_of(row).due_on == DUE
    assert client.post(path(task), sent | {"do": "set"}).status_code == 302
    assert now_of(row).due_on == dt.date(2026, 12, 5)
    history = client.get(f"/can-bo/chi-dao/viec/{row.public_id}/").content.decode()
    assert "thời hạn cũ: 11/12/2026; thời hạn mới: 05/12/2026" in history
    assert REASON in history


@pytest.mark.parametrize(
    "sent",
    [{"due_on": ""}, {"due_on": "2026-12-05", "is_none": "on"}, {"due_on": "2026-11-01"}],
)
def test_either_a_date_to_come_or_none(enter: Enter, task: Task, sent: dict[str, str]) -> None:
    give(task)
    page = enter("propaganda").post(path(task), {"which": "having", "reason": REASON} | sent)
    assert page.status_code == 422
    assert "due_on" in page.context["form"].errors


def test_the_page_of_one_unit_leads_to_its_date(enter: Enter, task: Task) -> None:
    row = give(task)
    address = f"{path(task)}?unit={WARD}"
    client = enter("propaganda")
    assert address in client.get(f"/can-bo/chi-dao/viec/{row.public_id}/").content.decode()
    form = client.get(address).context["form"]
    assert (form["which"].value(), form["units"].value()) == ("chosen", [WARD])
    unit = enter("secretary").get(f"/can-bo/chi-dao/viec/{row.public_id}/").content.decode()
    assert "thoi-han" not in unit


def test_the_api_sets_a_date_and_counts(enter: Enter, task: Task) -> None:
    row = give(task, WARD, OTHER_WARD)
    client = enter("propaganda")
    address = f"/api/v1/directives/1699-cv-tu/tasks/{task.code}/due-date/"
    body = {"units": [WARD], "due_on": NEW.isoformat(), "reason": REASON}
    expected = {"changed": 1, "same": 0, "over": 0, "longer": 0}

    def send(more: dict[str, Any]) -> Any:
        return client.post(address, body | more, content_type="application/json")

    assert send({"is_preview": True}).json() == expected
    assert now_of(row).due_on == DUE
    assert send({}).json() == expected
    assert send({"units": None, "due_on": None}).json() == expected | {"changed": 2}
    assert send({"units": ["khong-co"]}).status_code == 400
    assert enter("secretary").post(address, body, "application/json").status_code == 403
