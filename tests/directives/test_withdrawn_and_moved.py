"""What of a document is asked no more, and what follows a new body in charge."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from communes.models import Unit
from deadlines.models import OPEN_STATES, Clock
from directives import services
from directives.models import Assignment, Directive, Task, UnitPlan
from directives.selectors import PlanShare, plan_shares
from directives.services import assignment_withdraw, task_change
from escalation.models import Escalation
from escalation.sweep import sweep_run
from tests.directives.giving import give, later, report
from tests.directives.keeping import do, group_of, in_force, plan, sound, task_of
from tests.people import OTHER_WARD, WARD, access_make, person_make

pytestmark = pytest.mark.django_db
PUBLIC, API = "/chi-dao/1699-cv-tu/", "/api/v1/directives/1699-cv-tu/"


@pytest.fixture(autouse=True)
def _on_the_day(time_machine: Any) -> None:
    time_machine.move_to(later(1), tick=False)


# Tasks that were withdrawn


def withdraw_task(task: Task) -> None:
    directive = task.group.directive
    do(services.task_withdraw, directive, code=task.code, version=task.version, reason="Nhầm.")


def test_the_public_reads_only_what_is_asked(client: Client) -> None:
    tasks = list(Task.objects.filter(group__directive__slug="1699-cv-tu").select_related("group"))
    gone, kept = (next(t for t in tasks if t.code.endswith(end)) for end in ("1-study", "1-plan"))
    before = client.get(PUBLIC).content.decode()
    assert gone.title in before
    withdraw_task(gone)
    after = client.get(PUBLIC).content.decode()
    assert gone.title not in after
    assert kept.title in after


def test_a_group_without_tasks_shows_its_text_alone(client: Client) -> None:
    head = "Nội dung theo dõi"
    before = client.get(PUBLIC).content.decode().count(head)
    group = Task.objects.get(code="1699-cv-tu-6-reception").group
    for task in group.tasks.all():
        withdraw_task(task)
    after = client.get(PUBLIC).content.decode()
    assert before > 0
    assert after.count(head) == before - 1
    assert group.title in after


def test_programs_of_officers_are_told_what_was_withdrawn(client: Client) -> None:
    gone = Task.objects.get(code="1699-cv-tu-1-study")
    withdraw_task(gone)
    client.force_login(person_make("secretary"))
    groups = client.get(API).json()["groups"]
    told = {task["code"]: task["withdrawn_at"] for group in groups for task in group["tasks"]}
    assert told[gone.code] == later(1).isoformat()
    assert told["1699-cv-tu-1-plan"] is None


# Shares of plans


def planned(directive: Directive, *codes: str) -> None:
    for unit in Unit.objects.filter(code__in=codes):
        UnitPlan.objects.create(
            unit=unit, directive=directive, number="01-KH/ĐU", issued_on=later(0).date(),
            title="Kế hoạch", by=person_make("secretary"), recorded_at=later(0),
        )  # fmt: skip


def taken_back(row: Assignment) -> None:
    assignment_withdraw(
        access=access_make("propaganda"), public_id=row.public_id, version=1, reason="Giao nhầm."
    )


def asked(number: str, *codes: str) -> tuple[Directive, list[Assignment]]:
    """A document in force with two tasks that these units were given."""
    directive = in_force(number=number)
    group = group_of(directive)
    tasks = [task_of(group), task_of(group)]
    for task in tasks:
        give(task, *codes)
    rows = Assignment.objects.filter(task__in=tasks).order_by("unit__code", "task")
    return directive, list(rows)


def test_the_plan_of_a_unit_that_is_asked_no_more_does_not_count() -> None:
    directive, rows = asked("21-CV/TU", WARD, OTHER_WARD)
    planned(directive, WARD, "00025")
    assert plan_shares([directive]) == [PlanShare(units=2, with_plan=1, is_asked=False)]
    for row in rows[:2]:
        assert row.unit.code == WARD
        taken_back(row)
    assert plan_shares([directive]) == [PlanShare(units=1, with_plan=0, is_asked=False)]
    planned(directive, OTHER_WARD)
    assert plan_shares([directive]) == [PlanShare(units=1, with_plan=1, is_asked=False)]


def test_a_plan_counts_for_its_own_document_only() -> None:
    first, rows = asked("21-CV/TU", WARD)
    second, _rows = asked("22-CV/TU", WARD)
    planned(first, WARD)
    for row in rows:
        taken_back(row)
    for access in (None, access_make("propaganda"), access_make("secretary")):
        shares = plan_shares([first, second], access)
        assert shares == [
            PlanShare(units=0, with_plan=0, is_asked=False),
            PlanShare(units=1, with_plan=0, is_asked=False),
        ]


# A new body in charge


def leads(task: Task, *, are_open: bool = True) -> set[str]:
    """The bodies to which the clocks of a task climb."""
    rows = Clock.objects.filter(assignment_clock__assignment__task=task) | Clock.objects.filter(
        period_clock__period__assignment__task=task
    )
    rows = rows.filter(state__in=OPEN_STATES) if are_open else rows.exclude(state__in=OPEN_STATES)
    return set(rows.values_list("forwarder_unit__code", flat=True))


def led_by(task: Task, lead: str, **changes: Any) -> None:
    task.refresh_from_db()
    asks = plan(lead_unit=lead, **changes)
    do(task_change, task.group.directive, code=task.code, version=task.version, plan=asks)


def test_limits_that_run_climb_to_the_new_body_in_charge() -> None:
    for name in ("propaganda", "city_front", "secretary", "chair"):
        person_make(name)
    group = group_of(in_force())
    task, other = task_of(group), task_of(group)
    row = give(task, WARD, OTHER_WARD)
    give(other)
    led_by(task, "MTTQ")
    assert leads(task) == {"MTTQ"}
    assert leads(other) == {"BTGDV"}
    sweep_run(at=later(60))
    risen = Escalation.objects.filter(clock__assignment_clock__assignment=row)
    assert risen.get(step_code="lead_body").unit == Unit.objects.get(code="MTTQ")
    led_by(task, "")
    assert leads(task) == {"BTGDV"}
    sound()


def test_the_reports_of_its_periods_follow_and_what_is_over_stays() -> None:
    rhythm = {"rhythm": "monthly", "starts_on": dt.date(2026, 11, 1)}
    task = task_of(group_of(in_force()), **rhythm)
    row = give(task)
    give(task, OTHER_WARD)
    period = row.periods.get().public_id
    report(row, state="in_progress", period=period)
    led_by(task, "MTTQ", **rhythm)
    assert leads(task) == {"MTTQ"}
    assert leads(task, are_open=False) == {"BTGDV"}
