"""Closed accounts, tasks that are done already, and faults: a reform goes on."""

import datetime as dt
from typing import Any

import pytest

from accounts.models import Membership
from common.time import local_moment
from communes.models import Unit
from continuity.services import carrying, reforms_due
from continuity.services.preview import preview
from continuity.validators import Target
from directives.enums import OVER
from directives.models import Assignment, AssignmentEvent
from directives.services import report_review
from tests.continuity.reforming import AT, MONDAY, approve, choose, draft, merged, submit
from tests.directives.giving import give, later, report, task_make
from tests.people import OTHER_WARD, WARD, access_make, person_make

pytestmark = pytest.mark.django_db
LAST = MONDAY - dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def _on_the_day(time_machine: Any) -> None:
    time_machine.move_to(AT, tick=False)
    for name in ("clerk", "chair", "handler", "secretary", "other_clerk", "other_chair"):
        person_make(name)


def close(name: str) -> None:
    person = person_make(name)
    person.is_active = False
    person.save(update_fields=["is_active"])


def test_the_post_of_a_closed_account_ends_by_itself() -> None:
    close("other_chair")
    reform = draft()
    seen = preview(reform, AT)
    assert not seen.is_blocked
    assert "other_chair" not in {line.membership.user.username for line in seen.lines}
    goes_on, ends = seen.amounts[:2]
    assert (goes_on.number, ends.number) == (5, 1)
    assert approve(submit(reform)).state == "done"
    row = Membership.objects.get(user=person_make("other_chair"))
    assert (row.unit.code, row.valid_to) == (OTHER_WARD, LAST)
    assert row.user.events.filter(action="accounts.membership.ended").exists()


def test_the_closed_account_of_a_head_is_no_second_holder() -> None:
    """Where the unit exists already that takes over."""
    close("other_chair")
    reform = approve(submit(draft(targets=[Target(OTHER_WARD)])))
    assert reform.state == "done"
    held = Membership.objects.filter(unit__code=OTHER_WARD, role="head", valid_to=None)
    assert {row.user.username for row in held} == {"chair", "other_chair"}


def test_a_successor_who_begins_when_the_head_has_left_is_no_second_head() -> None:
    last = MONDAY + dt.timedelta(days=10)
    Membership.objects.filter(user=person_make("chair")).update(valid_to=last)
    Membership.objects.create(
        user=person_make("handler"), unit=Unit.objects.get(code=WARD), role="head",
        valid_from=last + dt.timedelta(days=1),
    )  # fmt: skip
    assert approve(submit(choose(draft(), other_chair=""))).state == "done"


def test_a_task_that_the_unit_has_done_is_not_asked_again() -> None:
    task = task_make()
    give(task, WARD, OTHER_WARD)
    done = confirmed(Assignment.objects.get(task=task, unit__code=WARD))
    merged(targets=[Target(WARD)])
    done.refresh_from_db()
    assert (done.state, done.unit.code) == ("confirmed", WARD)
    gone = Assignment.objects.get(task=task, unit__code=OTHER_WARD)
    assert gone.state == "withdrawn"
    assert Unit.objects.get(code=WARD).full_name in gone.withdrawn_reason
    event = AssignmentEvent.objects.filter(assignment=gone).latest("sequence")
    assert event.data["from"] == "assigned"


def test_a_task_that_only_the_ended_unit_has_done_goes_on_in_the_other() -> None:
    task = task_make()
    give(task, WARD, OTHER_WARD)
    confirmed(Assignment.objects.get(task=task, unit__code=WARD))
    merged()
    live = Assignment.objects.filter(task=task).exclude(state__in=OVER).get()
    assert live.unit.code not in (WARD, OTHER_WARD)


def test_a_refusal_of_the_database_stops_one_reform_alone(monkeypatch: Any) -> None:
    tomorrow = MONDAY + dt.timedelta(days=1)
    at = local_moment(tomorrow, 0, 30)
    reform = approve(submit(choose(draft(effective_on=tomorrow), other_chair="")))

    def crash(*_given: Any) -> None:
        Unit.objects.create(code=WARD)

    with monkeypatch.context() as fault:
        fault.setattr(carrying, "carry_out", crash)
        assert reforms_due(at) == 0
    reform.refresh_from_db()
    assert reform.state == "approved"
    assert "lỗi kỹ thuật" in reform.blocked
    assert reforms_due(at) == 1


def confirmed(row: Assignment) -> Assignment:
    report(row)
    row.refresh_from_db()
    report_review(
        access=access_make("propaganda"), public_id=row.public_id, version=row.version,
        is_accepted=True, at=later(2),
    )  # fmt: skip
    return row
