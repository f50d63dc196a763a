"""Giving tasks to units: in one step, once, with clocks, with notices."""

import datetime as dt
import time
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from common.errors import InvalidInput, NotPermitted
from common.history_check import table_check
from common.time import now
from communes.models import Unit
from communes.selectors import unit_by_code
from deadlines.calendars import calendar_current
from deadlines.models import Clock
from directives import invariants
from directives.models import Assignment, AssignmentEvent, Directive
from directives.services import assignment_withdraw, assignments_create
from notifications.models import OutboxMessage
from tests.directives.giving import (
    AT,
    DUE,
    MONDAY,
    actions,
    all_told,
    clocks,
    give,
    later,
    monthly,
    running,
    task_make,
    units,
)
from tests.people import OTHER_WARD, WARD, access_make

pytestmark = pytest.mark.django_db


def create(who: str = "propaganda", **changes: Any) -> list[Assignment]:
    values: dict[str, Any] = {"tasks": [task_make()], "units": units(WARD), "at": AT}
    return assignments_create(access=access_make(who), **(values | changes))


def test_a_task_with_a_date_starts_its_clock_and_tells_the_unit() -> None:
    row = give(task_make())
    assert (row.state, row.due_on, row.version) == ("assigned", DUE, 1)
    assert clocks(row) == [("running", MONDAY, DUE)]
    clock = Clock.objects.get(assignment_clock__assignment=row)
    assert (clock.rule_code, clock.ladder, clock.is_internal) == ("CD-NV", "directive_party", True)
    assert (clock.holder_position, clock.forwarder_unit.code) == ("clerk", "BTGDV")
    assert clock.basis.startswith("Không có thời hạn luật định")
    assert actions(row) == ["assignment.created"]
    assert AssignmentEvent.objects.get(assignment=row).data == {
        "task": row.task.code, "addressee": "party_committee", "due_on": "2026-12-11",
    }  # fmt: skip
    sent = OutboxMessage.objects.filter(channel="app")
    assert all_told("directive_assigned", sent) == [(WARD, "secretary")]
    assert list(table_check(AssignmentEvent)) == []


@pytest.mark.parametrize(
    ("addressee", "position", "ladder"),
    [
        ("authority", "head", "directive"),
        ("party_committee", "secretary", "directive_party"),
        ("front", "front", "directive_front"),
    ],
)
def test_whom_in_the_unit_can_be_said_when_giving(
    addressee: str, position: str, ladder: str
) -> None:
    row = give(task_make(), addressee=addressee)
    assert row.addressee == addressee
    assert Clock.objects.get(assignment_clock__assignment=row).ladder == ladder
    sent = OutboxMessage.objects.filter(channel="app")
    assert all_told("directive_assigned", sent) == [(WARD, position)]


def test_the_date_of_the_task_holds_unless_another_is_said() -> None:
    task = task_make(due_on=dt.date(2026, 12, 31))
    assert give(task, due_on=None).due_on == dt.date(2026, 12, 31)
    assert give(task, OTHER_WARD, due_on=DUE).due_on == DUE


def test_without_a_date_no_clock_runs() -> None:
    assert running(give(task_make(), due_on=None)) == 0


def test_the_body_in_charge_of_a_task_stands_on_its_ladder() -> None:
    row = give(task_make(lead_unit=Unit.objects.get(code="MTTQ")))
    clock = Clock.objects.get(assignment_clock__assignment=row)
    assert clock.forwarder_unit.code == "MTTQ"


def test_a_body_of_the_city_has_its_one_position() -> None:
    row = give(task_make(), "MTTQ")
    clock = Clock.objects.get(assignment_clock__assignment=row)
    assert clock.holder_position == "city_front"
    sent = OutboxMessage.objects.filter(channel="app")
    assert all_told("directive_assigned", sent) == [("MTTQ", "city_front")]


def test_giving_twice_gives_what_is_missing() -> None:
    task = task_make()
    give(task)
    rows = create(tasks=[task], units=units(WARD, OTHER_WARD), due_on=DUE)
    assert [row.unit.code for row in rows] == [OTHER_WARD]
    assert create(tasks=[task], units=units(WARD, OTHER_WARD)) == []


def test_what_was_withdrawn_can_be_given_again() -> None:
    row = give(task_make())
    assignment_withdraw(
        access=access_make("propaganda"), public_id=row.public_id, version=1, reason="Giao nhầm."
    )
    again = give(row.task)
    assert again.pk != row.pk
    with pytest.raises(DatabaseError, match="assignment_once"), transaction.atomic():
        Assignment.objects.create(
            task=row.task, unit=row.unit, addressee="front", assigned_at=now()
        )


@pytest.mark.parametrize("who", ["secretary", "city_secretary", "city_front", "internal_affairs"])
def test_only_bodies_that_assign_give_tasks(who: str) -> None:
    with pytest.raises(NotPermitted):
        create(who)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"units": []}, "units"),
        ({"tasks": []}, "tasks"),
        ({"addressee": "nobody"}, "addressee"),
        ({"due_on": MONDAY - dt.timedelta(days=1)}, "due_on"),
        ({"due_on": dt.date(2150, 1, 1)}, "due_on"),
    ],
)
def test_what_is_wrong_names_its_field(changes: dict[str, Any], field: str) -> None:
    before = Assignment.objects.count()
    with pytest.raises(InvalidInput) as caught:
        create(**changes)
    assert list(caught.value.fields) == [field]
    assert Assignment.objects.count() == before


def test_a_rhythm_has_no_date_of_its_own() -> None:
    with pytest.raises(InvalidInput) as caught:
        create(tasks=[monthly()], due_on=DUE)
    assert list(caught.value.fields) == ["due_on"]


def test_the_date_of_a_task_may_have_passed() -> None:
    with pytest.raises(InvalidInput) as caught:
        create(tasks=[task_make(due_on=MONDAY - dt.timedelta(days=3))])
    assert list(caught.value.fields) == ["due_on"]
    assert create(tasks=[task_make(due_on=MONDAY)])


@pytest.mark.parametrize("state", ["draft", "replaced", "withdrawn"])
def test_only_what_is_in_force_is_given(state: str) -> None:
    said = {"withdrawn_at": now(), "withdrawn_reason": "Hết hiệu lực."}
    values = {"state": state} | (said if state == "withdrawn" else {})
    Directive.objects.filter(slug="1699-cv-tu").update(**values)
    with pytest.raises(InvalidInput) as caught:
        create()
    assert list(caught.value.fields) == ["tasks"]


def test_a_task_that_was_withdrawn_is_not_given() -> None:
    with pytest.raises(InvalidInput) as caught:
        create(tasks=[task_make(withdrawn_at=now())])
    assert list(caught.value.fields) == ["tasks"]


def test_all_126_units_at_once_in_a_second_and_as_many_queries_as_for_two() -> None:
    access = access_make("propaganda")
    calendar_current()
    unit_by_code(WARD)
    two, every = units(WARD, OTHER_WARD), list(Unit.objects.commune_level())
    queries = []
    for asked, task in ((two, task_make()), (every, task_make()), (every, monthly())):
        began = time.perf_counter()
        with CaptureQueriesContext(
            connection,
        ) as caught:
            rows = assignments_create(
                access=access, tasks=[task], units=asked, at=AT,
                due_on=None if task.is_periodic else DUE,
            )  # fmt: skip
        assert len(rows) == len(asked)
        assert time.perf_counter() - began < 1
        queries.append(len(caught))
    assert queries[0] == queries[1]
    assert queries[2] <= queries[1] + 8
    assert list(invariants.open_task_with_date_has_one_running_clock()) == []
    assert list(invariants.owed_period_has_one_running_clock()) == []
    assert list(invariants.version_is_number_of_events()) == []


def test_a_quiet_gift_mails_nothing() -> None:
    give(task_make(), quiet=True)
    states = OutboxMessage.objects.filter(channel="email").values_list("state", flat=True)
    assert set(states) == {"suppressed"}


def test_a_clock_that_starts_later_counts_from_that_day() -> None:
    row = give(task_make(), at=later(4))
    assert clocks(row)[0][1] == MONDAY + dt.timedelta(days=4)
