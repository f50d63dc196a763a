"""The statements of ``check_data`` on directives and units hold, and notice what is broken."""

from collections.abc import Callable

import pytest

from accounts.access import Access
from communes import invariants as units
from communes.models import Unit
from directives import invariants
from directives.models import Assignment, ReportFingerprint, UnitPlan
from directives.services import Plan, Report, plan_record, report_submit

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan_task(access: Callable[[str], Access]) -> Assignment:
    task = Assignment.objects.get(task__code="1699-cv-tu-1-plan", unit__code="00004")
    plan_record(
        access=access("secretary"),
        public_id=task.public_id,
        version=1,
        plan=Plan("15-KH/ĐU", task.task.group.directive.issued_on, "Kế hoạch"),
    )
    report_submit(
        access=access("secretary"),
        public_id=task.public_id,
        version=2,
        report=Report("Đã ban hành.", "reported_done"),
    )
    return task


def test_live_data_is_whole(plan_task: Assignment) -> None:
    assert list(invariants.done_was_reported()) == []
    assert list(invariants.version_is_number_of_events()) == []
    assert list(invariants.plan_has_history()) == []
    assert list(units.tree_has_one_root()) == []
    assert list(units.no_two_units_share_a_cell()) == []
    assert list(units.neighbours_see_each_other()) == []


def test_what_is_broken_is_named(plan_task: Assignment) -> None:
    key = [str(plan_task.public_id)]
    Assignment.objects.filter(pk=plan_task.pk).update(version=9)
    assert list(invariants.version_is_number_of_events()) == key
    ReportFingerprint.objects.all().delete()
    plan_task.reports.all().delete()
    assert list(invariants.done_was_reported()) == key
    UnitPlan.objects.update(number="99")
    assert list(invariants.plan_has_history()) == ["00004 99"]
    Unit.objects.filter(code="00004").update(neighbours=[], grid_col=8, grid_row=5)
    assert "00008 00004" in list(units.neighbours_see_each_other())
    assert list(units.no_two_units_share_a_cell()) == ["8,5"]
