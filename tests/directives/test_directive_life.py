"""A directive's life: drafts, what is internal, what was withdrawn or replaced, its history."""

import datetime as dt
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from common.errors import NotVisible
from common.history_check import table_check
from common.reference import LoadReport
from common.text import fold
from common.time import now
from directives import invariants, selectors
from directives.models import (
    Assignment,
    AssignmentPeriod,
    Directive,
    DirectiveEvent,
    DirectiveRelation,
    ProgressReport,
    Task,
    TaskGroup,
)
from directives.services import directives_load, reference
from tests.directives.giving import give, monthly, report, task_make
from tests.people import access_make, person_make

pytestmark = pytest.mark.django_db
WITHDRAWN = {"withdrawn_at": now(), "withdrawn_reason": "Hết hiệu lực."}


def directive_make(**changes: Any) -> Directive:
    values: dict[str, Any] = {
        "slug": "12-kh-tu",
        "number": "12-KH/TU",
        "kind": "plan",
        "issued_on": dt.date(2026, 11, 2),
        "issuer": "Ban Thường vụ Thành ủy Hà Nội",
        "subject": "Đối thoại với nhân dân",
    }
    return Directive.objects.create(**(values | changes))


def asked(directive: Directive) -> Assignment:
    """A task of a directive at the ward."""
    group = TaskGroup.objects.create(
        code="12-kh-tu-1", directive=directive, number=1, title="Đối thoại", text="Đối thoại"
    )
    return give(task_make(group=group))


# Who sees what


@pytest.mark.parametrize(
    ("who", "sees"),
    [("propaganda", True), ("party_office", True), ("city_secretary", False), ("clerk", False)],
)
def test_a_draft_is_seen_by_whoever_gives_tasks(who: str, sees: bool) -> None:
    directive_make(state="draft", is_public=True)
    visible = Directive.objects.visible_to(access_make(who))
    assert visible.filter(slug="12-kh-tu").exists() is sees


def test_the_public_sees_no_draft(client: Client) -> None:
    directive_make(state="draft", is_public=True)
    assert client.get("/chi-dao/12-kh-tu/").status_code == 404
    assert "12-KH/TU" not in client.get("/chi-dao/").content.decode()


def test_staff_pages_say_a_draft_is_not_there(client: Client) -> None:
    directive_make(state="draft")
    client.force_login(person_make("internal_affairs"))
    assert client.get("/can-bo/chi-dao/12-kh-tu/").status_code == 404
    client.force_login(person_make("propaganda"))
    assert client.get("/can-bo/chi-dao/12-kh-tu/").status_code == 200


def test_an_internal_document_is_seen_by_the_units_that_were_asked() -> None:
    directive = directive_make(confidentiality="internal")
    assert not Directive.objects.published().filter(pk=directive.pk).exists()
    ward = access_make("clerk")
    with pytest.raises(NotVisible):
        selectors.directive_get_for(ward, "12-kh-tu")
    asked(directive)
    assert selectors.directive_get_for(ward, "12-kh-tu") == directive
    with pytest.raises(NotVisible):
        selectors.directive_get_for(access_make("other_clerk"), "12-kh-tu")


def test_what_was_withdrawn_stays_readable() -> None:
    directive = directive_make(is_public=True)
    asked(directive)
    Directive.objects.filter(pk=directive.pk).update(state="withdrawn", **WITHDRAWN)
    assert selectors.directive_get_public("12-kh-tu").state == "withdrawn"
    assert selectors.directive_get_for(access_make("clerk"), "12-kh-tu").pk == directive.pk


# What the database refuses


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("directive_internal_never_public", {"confidentiality": "internal", "is_public": True}),
        ("directive_withdrawn_says_why", {"state": "withdrawn"}),
        ("directive_withdrawn_says_why", {"state": "withdrawn", "withdrawn_at": now()}),
        ("directive_withdrawn_says_why", WITHDRAWN),
        ("directive_state_known", {"state": "x"}),
        ("directive_confidentiality_known", {"confidentiality": "secret"}),
        ("directive_valid_range", {"valid_until": dt.date(2026, 11, 1)}),
        (
            "directive_valid_range",
            {"valid_from": dt.date(2026, 12, 1), "valid_until": dt.date(2026, 11, 30)},
        ),
    ],
)
def test_a_directive_says_nothing_that_contradicts_itself(
    name: str, changes: dict[str, Any]
) -> None:
    with pytest.raises(DatabaseError, match=name), transaction.atomic():
        directive_make(**changes)


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("task_rhythm_known", {"rhythm": "weekly", "starts_on": "2026-11-01"}),
        ("task_source_known", {"source": "x"}),
        ("task_rhythm_has_dates", {"rhythm": "monthly"}),
        (
            "task_rhythm_has_dates",
            {"rhythm": "monthly", "starts_on": "2026-11-01", "due_on": "2026-12-01"},
        ),
        ("task_ends_after_start", {"starts_on": "2026-11-02", "ends_on": "2026-11-01"}),
        ("task_report_days_at_most_90", {"report_days": 91}),
    ],
)
def test_a_task_has_dates_that_fit_its_rhythm(name: str, changes: dict[str, Any]) -> None:
    with pytest.raises(DatabaseError, match=name), transaction.atomic():
        task_make(**changes)


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("assignment_received_has_moment", {"state": "received"}),
        ("assignment_received_by_somebody", {"received_at": now()}),
        ("assignment_withdrawn_says_why", {"state": "withdrawn"}),
        ("assignment_withdrawn_says_why", {"withdrawn_reason": "x"}),
    ],
)
def test_states_of_an_assignment_carry_what_they_need(name: str, changes: dict[str, Any]) -> None:
    row = give(task_make())
    with pytest.raises(DatabaseError, match=name), transaction.atomic():
        Assignment.objects.filter(pk=row.pk).update(**changes)


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("progress_report_completion_is_done", {"kind": "completion"}),
        ("progress_report_completion_is_done", {"state": "reported_done"}),
        ("progress_report_period_has_its_kind", {"kind": "period"}),
        ("progress_report_kind_known", {"kind": "x"}),
    ],
)
def test_kinds_of_reports_fit_their_state(name: str, changes: dict[str, Any]) -> None:
    row = give(task_make())
    report(row, state="in_progress")
    with pytest.raises(DatabaseError, match=name), transaction.atomic():
        ProgressReport.objects.filter(assignment=row).update(**changes)


# What comes with the portal


def test_reference_directives_have_a_history_and_are_found_without_accents() -> None:
    for directive in Directive.objects.all():
        event = DirectiveEvent.objects.get(directive=directive)
        assert event.action == "directives.directive.created"
        assert fold(directive.subject) in directive.search_text
        assert fold(directive.number) in directive.search_text
    assert list(table_check(DirectiveEvent)) == []
    assert list(invariants.directive_version_is_in_history()) == []


def test_a_corrected_record_is_a_version_with_before_and_after(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    read = reference.csv_rows

    def corrected(path: Any) -> list[dict[str, str]]:
        rows = read(path)
        if path.name == "directives.csv":
            rows[0]["signer_vi"] = "Phó Bí thư Thường trực"
        return rows

    monkeypatch.setattr(reference, "csv_rows", corrected)
    for _again in range(2):
        directives_load(LoadReport())
    directive = Directive.objects.get(slug="07-ct-tu")
    assert directive.version == 2
    event = DirectiveEvent.objects.get(directive=directive, sequence=2)
    assert event.action == "directives.directive.changed"
    assert event.data == {"fields": {"signer": ["", "Phó Bí thư Thường trực"]}}
    assert DirectiveEvent.objects.count() == 6
    assert list(table_check(DirectiveEvent)) == []


def test_loading_again_changes_nothing() -> None:
    before = list(Assignment.objects.order_by("pk").values())
    found = LoadReport()
    directives_load(found)
    assert not found.has_changes
    assert list(Assignment.objects.order_by("pk").values()) == before


def test_receptions_are_counted_by_the_portal() -> None:
    counted = Task.objects.filter(source="receptions")
    assert [task.code for task in counted] == ["1699-cv-tu-6-reception"]


# What was withdrawn does not count


def test_figures_leave_out_what_was_withdrawn() -> None:
    city, row = access_make("propaganda"), give(task_make())
    directive = row.task.group.directive
    before = selectors.done_counts(city)[directive.pk]
    progress = selectors.directive_progress(city, directive)[0].total
    unit = selectors.units_asked(city, directive).get(pk=row.unit_id)
    Assignment.objects.filter(pk=row.pk).update(state="withdrawn", withdrawn_reason="Giao nhầm.")
    assert selectors.done_counts(city)[directive.pk][1] == before[1] - 1
    assert selectors.directive_progress(city, directive)[0].total == progress - 1
    again = selectors.units_asked(city, directive).get(pk=row.unit_id)
    assert (again.total, again.begun) == (unit.total - 1, unit.begun)


def test_received_is_not_begun() -> None:
    city, row = access_make("propaganda"), give(task_make())
    directive = row.task.group.directive
    before = selectors.directive_progress(city, directive)[0].begun
    Assignment.objects.filter(pk=row.pk).update(
        state="received", received_at=now(), received_by=person_make("clerk")
    )
    assert selectors.directive_progress(city, directive)[0].begun == before


def test_the_pages_show_every_state(client: Client) -> None:
    row = give(task_make())
    client.force_login(person_make("clerk"))
    for state, word, more in (
        ("received", "Đã ghi nhận", {"received_at": now(), "received_by": person_make("clerk")}),
        ("returned", "Trả lại", {}),
        ("withdrawn", "Đã thu hồi", {"withdrawn_reason": "Giao nhầm."}),
    ):
        Assignment.objects.filter(pk=row.pk).update(state=state, **more)
        page = client.get(f"/can-bo/chi-dao/viec/{row.public_id}/").content.decode()
        assert word in page
        unit = client.get("/can-bo/chi-dao/1699-cv-tu/00004/").content.decode()
        assert word in unit


# Statements notice what is broken


def test_a_missing_or_wrong_clock_is_named() -> None:
    row = give(task_make())
    assert list(invariants.open_task_with_date_has_one_running_clock()) == []
    Assignment.objects.filter(pk=row.pk).update(due_on=dt.date(2027, 1, 5))
    assert list(invariants.open_task_with_date_has_one_running_clock()) == [str(row.public_id)]
    Assignment.objects.filter(pk=row.pk).update(due_on=None)
    assert list(invariants.open_task_with_date_has_one_running_clock()) == [str(row.public_id)]


def test_a_broken_period_is_named() -> None:
    row = give(monthly())
    (period,) = row.periods.all()
    key = [str(period.public_id)]
    AssignmentPeriod.objects.filter(pk=period.pk).update(state="accepted", reported_at=now())
    assert list(invariants.owed_period_has_one_running_clock()) == key
    assert list(invariants.reported_period_has_a_report()) == key
    Task.objects.filter(pk=row.task_id).update(rhythm="once")
    assert list(invariants.periods_belong_to_a_rhythm()) == key


def test_broken_lives_are_named() -> None:
    row = give(task_make())
    Assignment.objects.filter(pk=row.pk).update(state="withdrawn", withdrawn_reason="x")
    assert list(invariants.withdrawn_was_told()) == [str(row.public_id)]
    directive = directive_make(version=3, state="replaced")
    assert list(invariants.directive_version_is_in_history()) == ["12-kh-tu"]
    assert list(invariants.replaced_has_a_successor()) == ["12-kh-tu"]
    successor = directive_make(slug="13-kh-tu", number="13-KH/TU")
    DirectiveRelation.objects.create(source=successor, kind="replaces", target=directive)
    assert list(invariants.replaced_has_a_successor()) == []


def test_an_open_request_of_work_that_is_over_is_named() -> None:
    row = give(task_make())
    row.extensions.create(
        wanted_on=dt.date(2027, 1, 5), reason="x", by=person_make("clerk"), at=now()
    )
    assert list(invariants.open_extension_is_of_open_work()) == []
    Assignment.objects.filter(pk=row.pk).update(state="confirmed")
    assert list(invariants.open_extension_is_of_open_work()) == [str(row.public_id)]
