"""The schema of tasks goes back to its first form and forward again with rows in it."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import DatabaseError

from common.history_check import table_check
from directives.models import (
    Assignment,
    AssignmentEvent,
    AssignmentImport,
    ProgressReport,
    UnitPlan,
)
from directives.services import (
    Plan,
    assignment_receive,
    assignment_withdraw,
    plan_record,
    report_review,
)
from directives.services.imports import imports_run
from tests.directives.bringing import brought, started
from tests.directives.giving import AT, give, later, monthly, report, task_make
from tests.migrating import migrate_app, whole_again
from tests.people import OTHER_WARD, WARD, access_make

pytestmark = pytest.mark.django_db(transaction=True)
FIRST, THIRD = "0001_initial", "0003_kinds_of_reports"


def migrate(name: str = "") -> None:
    migrate_app("directives", name)


@pytest.fixture(autouse=True)
def _whole_again(reference_data: Any, time_machine: Any) -> Iterator[None]:
    """Whatever happens, the next test finds the schema of today."""
    time_machine.move_to(later(1), tick=False)
    yield
    whole_again("directives")


def received(row: Assignment) -> None:
    assignment_receive(
        access=access_make("secretary"), public_id=row.public_id, version=1, at=later(1)
    )


def worked_on() -> dict[str, Assignment]:
    """Tasks in the states that have a word in every form of the schema, or come to have one."""
    task, rhythm = task_make(), monthly()
    found = {"received": give(task), "done": give(task_make()), "period": give(rhythm)}
    received(found["received"])
    report(found["done"])
    report(found["period"], period=found["period"].periods.get().public_id, state="in_progress")
    planned = Assignment.objects.get(task__code="1699-cv-tu-1-plan", unit__code=WARD)
    plan_record(
        access=access_make("secretary"),
        public_id=planned.public_id,
        version=1,
        plan=Plan("12-KH/ĐU", later(0).date(), "Kế hoạch"),
        at=later(1),
    )
    started(brought([task.code, OTHER_WARD, "", "31/12/2026", "Gấp"]))
    imports_run(at=AT)
    return found


def test_back_to_the_first_form_and_forward_with_rows() -> None:
    rows = worked_on()
    count, events = Assignment.objects.count(), AssignmentEvent.objects.count()
    migrate(FIRST)
    migrate()
    assert (Assignment.objects.count(), AssignmentEvent.objects.count()) == (count, events)
    states = {name: Assignment.objects.get(pk=row.pk).state for name, row in rows.items()}
    assert states == {"received": "assigned", "done": "reported_done", "period": "in_progress"}
    kinds = {report.assignment_id: report.kind for report in ProgressReport.objects.all()}
    assert kinds == {rows["done"].pk: "completion", rows["period"].pk: "progress"}
    assert UnitPlan.objects.get().number == "12-KH/ĐU"
    assert not AssignmentImport.objects.exists()
    assert list(table_check(AssignmentEvent)) == []


def test_back_by_one_step_keeps_everything_but_files_and_notes() -> None:
    worked_on()
    before = dict(Assignment.objects.values_list("pk", "state"))
    migrate(THIRD)
    migrate()
    assert dict(Assignment.objects.values_list("pk", "state")) == before
    assert not Assignment.objects.exclude(note="").exists()


def numbers() -> list[tuple[int, int, str]]:
    rows = Assignment.objects.filter(reports__isnull=False).order_by("pk")
    return list(rows.values_list("periods_told", "periods_accepted", "reports__said_text"))


def test_numbers_of_periods_and_what_was_said_are_filled() -> None:
    for answer in (None, True, False):
        row = give(monthly())
        period = row.periods.get().public_id
        said = "Thiếu Người" if answer else ""
        report(row, state="in_progress", period=period, difficulties=said)
        if answer is not None:
            report_review(
                access=access_make("propaganda"),
                public_id=row.public_id,
                version=Assignment.objects.get(pk=row.pk).version,
                is_accepted=answer,
                text="Chưa rõ.",
                period=period,
                at=later(2),
            )
    migrate("0012_kinds_of_documents")
    migrate()
    assert numbers() == [(1, 0, ""), (1, 1, "thieu nguoi"), (0, 0, "")]


def test_what_was_withdrawn_has_no_word_in_the_form_before() -> None:
    row = give(task_make())
    assignment_withdraw(
        access=access_make("propaganda"), public_id=row.public_id, version=1, reason="Nhầm."
    )
    with pytest.raises(DatabaseError, match="withdrawn"):
        migrate(FIRST)
    migrate()
    assert Assignment.objects.get(pk=row.pk).state == "withdrawn"
