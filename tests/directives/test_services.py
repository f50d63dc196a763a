"""Assignments, reports, plans and the answers to them."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from accounts.access import Access
from common.errors import InvalidInput, NotPermitted, NotVisible, Stale
from common.history_check import table_check
from common.time import now, today
from communes.models import Unit
from directives.enums import AssignmentState
from directives.models import Assignment, AssignmentEvent, Directive, Task, UnitPlan
from directives.services import (
    Plan,
    Report,
    assignments_give,
    plan_record,
    report_review,
    report_submit,
)
from notifications.models import OutboxMessage

pytestmark = pytest.mark.django_db
AccessOf = Callable[[str], Access]


def the(task: str, unit: str = "00004") -> Assignment:
    return Assignment.objects.get(task__code=f"1699-cv-tu-{task}", unit__code=unit)


def report(access: Access, row: Assignment, **changes: Any) -> Assignment:
    version = changes.pop("version", row.version)
    said = Report(**({"text": "Đã tổ chức hai buổi học tập."} | changes))
    return report_submit(access=access, public_id=row.public_id, version=version, report=said)


def test_reference_data_gives_every_task_to_all_126_units() -> None:
    assert set(Directive.objects.values_list("slug", flat=True)) == {
        "07-ct-tu",
        "36-ct-tu",
        "1699-cv-tu",
        "123-kh-ubnd",
        "12-ct-tu",
    }
    directive = Directive.objects.get(slug="1699-cv-tu")
    assert directive.groups.count() == 6
    assert {r.target.number for r in directive.relations.all()} == {"07-CT/TU", "36-CT/TU"}
    given = Task.objects.filter(group__directive=directive)
    assert Assignment.objects.count() == 126 * given.count()
    carried_out = Directive.objects.get(slug="123-kh-ubnd").relations.get()
    assert (carried_out.kind, carried_out.target.number) == ("carries_out", "36-CT/TU")
    assert set(Assignment.objects.values_list("addressee", flat=True)) == {
        "party_committee",
        "authority",
        "front",
    }
    assert AssignmentEvent.objects.count() == Assignment.objects.count()


def test_what_is_not_public_says_so() -> None:
    for slug in ("07-ct-tu", "36-ct-tu"):
        directive = Directive.objects.get(slug=slug)
        assert not directive.is_text_public
        assert "chưa được công bố" in directive.text_note


def test_giving_a_task_again_changes_nothing() -> None:
    units = list(Unit.objects.commune_level())
    given = Task.objects.filter(assignments__isnull=False).distinct()
    assert assignments_give(tasks=given, units=units, at=now()) == 0


def test_a_report_changes_state_history_and_outbox(access: AccessOf) -> None:
    row = report(access("secretary"), the("1-study"), state="reported_done", value="02")
    row.refresh_from_db()
    assert (row.state, row.version) == ("reported_done", 2)
    written = row.reports.get()
    assert (written.value, written.text) == ("2", "Đã tổ chức hai buổi học tập.")
    event = AssignmentEvent.objects.filter(assignment=row).latest("sequence")
    assert event.action == "directives.assignment.reported"
    assert event.data == {"version": 2, "from": "assigned", "to": "reported_done"}
    notice = OutboxMessage.objects.get(template="directive_report", channel="app")
    assert notice.unit.code == "BTGDV"
    assert notice.position == "propaganda"
    assert list(table_check(AssignmentEvent)) == []


def test_a_stale_report_changes_nothing(access: AccessOf) -> None:
    row = the("1-study")
    report(access("clerk"), row)
    with pytest.raises(Stale) as caught:
        report(access("secretary"), row)
    assert caught.value.extra == {"version": 2, "state": "in_progress"}
    assert row.reports.count() == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"text": "  "}, "text"),
        ({"text": "x" * 4001}, "text"),
        ({"state": "confirmed"}, "state"),
        ({"state": ""}, "state"),
        ({"value": "nhiều"}, "value"),
        ({"value": "-1"}, "value"),
        ({"value": "1.5"}, "value"),
    ],
)
def test_a_wrong_report_names_its_field(
    access: AccessOf, changes: dict[str, str], field: str
) -> None:
    with pytest.raises(InvalidInput) as caught:
        report(access("secretary"), the("1-study"), **changes)
    assert list(caught.value.fields) == [field]


@pytest.mark.parametrize(
    ("typed", "stored"), [("92,5", "92.5"), ("100 %", "100"), ("0", "0"), ("", "")]
)
def test_a_percentage_is_read_as_it_is_written(access: AccessOf, typed: str, stored: str) -> None:
    row = report(access("chair"), the("3-service"), value=typed)
    assert row.reports.get().value == stored


@pytest.mark.parametrize("typed", ["101", "-1", "NaN", "1e9", "x"])
def test_what_is_no_percentage_is_refused(access: AccessOf, typed: str) -> None:
    with pytest.raises(InvalidInput):
        report(access("chair"), the("3-service"), value=typed)


@pytest.mark.parametrize("who", ["other_clerk", "other_chair"])
def test_another_unit_does_not_see_the_assignment(access: AccessOf, who: str) -> None:
    with pytest.raises(NotVisible):
        report(access(who), the("1-study"))


@pytest.mark.parametrize("who", ["propaganda", "city_secretary", "city_front", "admin"])
def test_the_city_sees_but_does_not_report(access: AccessOf, who: str) -> None:
    with pytest.raises(NotPermitted):
        report(access(who), the("1-study"))


@pytest.mark.parametrize("public_id", ["x", "", "6f1d0a52-98c1-4c43-9a37-2f6f0f3b8f10"])
def test_a_wrong_identifier_is_not_visible(access: AccessOf, public_id: str) -> None:
    with pytest.raises(NotVisible):
        report_submit(access=access("clerk"), public_id=public_id, version=1, report=Report("x"))


def test_the_city_confirms_what_is_done(access: AccessOf) -> None:
    row = report(access("secretary"), the("1-study"), state="reported_done")
    row = report_review(
        access=access("propaganda"), public_id=row.public_id, version=2, is_accepted=True
    )
    assert row.state == AssignmentState.CONFIRMED
    assert (
        OutboxMessage.objects.get(template="directive_confirmed", channel="app").position
        == "secretary"
    )
    with pytest.raises(NotPermitted):
        report(access("secretary"), row)


def test_the_city_returns_with_a_reason_only(access: AccessOf) -> None:
    row = report(access("front"), the("4-opinion"), state="reported_done")
    answer = {"access": access("party_office"), "public_id": row.public_id, "version": 2}
    with pytest.raises(InvalidInput):
        report_review(**answer, is_accepted=False, text=" ")
    row = report_review(**answer, is_accepted=False, text="Chưa có báo cáo kỳ này.")
    assert row.state == AssignmentState.RETURNED
    assert row.reports.get().review == "Chưa có báo cáo kỳ này."
    assert (
        OutboxMessage.objects.get(template="directive_returned", channel="app").position == "front"
    )


@pytest.mark.parametrize("who", ["secretary", "internal_affairs", "city_chair"])
def test_only_who_assigns_answers_reports(access: AccessOf, who: str) -> None:
    row = report(access("secretary"), the("1-study"), state="reported_done")
    with pytest.raises(NotPermitted):
        report_review(access=access(who), public_id=row.public_id, version=2, is_accepted=True)


def record(access: Access, row: Assignment, **changes: Any) -> UnitPlan:
    version = changes.pop("version", row.version)
    values: dict[str, Any] = {
        "number": "15-KH/ĐU",
        "issued_on": dt.date(2025, 9, 12),
        "title": "Kế hoạch thực hiện Công văn 1699-CV/TU",
    }
    looked = UnitPlan.objects.filter(unit=row.unit).first()
    paper = Plan(**(values | changes))
    return plan_record(
        access=access,
        public_id=row.public_id,
        version=version,
        plan=paper,
        plan_version=looked.version if looked else 0,
    )


def test_a_plan_is_recorded_once_and_can_be_corrected(access: AccessOf) -> None:
    row = the("1-plan")
    record(access("secretary"), row)
    row.refresh_from_db()
    assert (row.state, row.version) == ("in_progress", 2)
    record(access("clerk"), row, number="16-KH/ĐU")
    assert UnitPlan.objects.get().number == "16-KH/ĐU"
    actions = AssignmentEvent.objects.filter(assignment=row).values_list("action", flat=True)
    assert list(actions.order_by("sequence")) == [
        "directives.assignment.created",
        "directives.plan.recorded",
        "directives.plan.recorded",
    ]


def test_a_plan_belongs_to_the_task_about_a_plan(access: AccessOf) -> None:
    with pytest.raises(NotPermitted):
        record(access("secretary"), the("1-study"))


def test_a_plan_is_not_of_the_future(access: AccessOf) -> None:
    with pytest.raises(InvalidInput) as caught:
        record(access("secretary"), the("1-plan"), issued_on=today() + dt.timedelta(days=1))
    assert "issued_on" in caught.value.fields


def test_history_cannot_be_edited() -> None:
    event = AssignmentEvent.objects.all()[0]
    with pytest.raises(DatabaseError, match="append_only"), transaction.atomic():
        AssignmentEvent.objects.filter(pk=event.pk).update(action="x")
