"""Groups and tasks of a document: made, changed, withdrawn, taken from another."""

import datetime as dt
from typing import Any

import pytest
from django.db.models import Q

from common.errors import InvalidInput, NotPermitted, NotVisible, Stale
from common.history_check import table_check
from communes.models import Unit
from deadlines.models import OPEN_STATES, Clock
from directives import selectors_register as found
from directives import services
from directives.models import Assignment, Directive, DirectiveEvent, Task, TaskGroup
from directives.related import related_of
from hanoi_portal.models import TaskChange
from petitions.references import field_by_code
from tests.directives.giving import AT, give, later, running
from tests.directives.keeping import (
    SLUG,
    START,
    do,
    entered,
    group_of,
    history,
    in_force,
    last,
    plan,
    task_of,
)
from tests.directives.stepping import told
from tests.people import OTHER_WARD, WARD, access_make

pytestmark = pytest.mark.django_db


def change(task: Task, **changes: Any) -> Task:
    current = Task.objects.get(pk=task.pk)
    version = changes.pop("version", current.version)
    directive = task.group.directive
    made = do(
        services.task_change, directive, code=task.code, version=version, plan=plan(**changes)
    )
    assert isinstance(made, Task)
    return made


def test_groups_are_numbered_in_their_order() -> None:
    directive = entered()
    groups = [group_of(directive, title) for title in ("Một", "Hai")]
    assert [(g.number, g.code) for g in groups] == [(1, f"{SLUG}-1"), (2, f"{SLUG}-2")]
    assert history(directive) == ["created", "group_added", "group_added"]
    directive.refresh_from_db()
    assert directive.version == 3


def test_a_group_is_corrected() -> None:
    directive = entered()
    group = group_of(directive)
    do(services.group_change, directive, code=group.code, title="Mới", text="Đối thoại định kỳ.")
    group.refresh_from_db()
    assert group.title == "Mới"
    assert last(directive) == {
        "group": group.code, "fields": {"title": ["Đối thoại", "Mới"]}, "version": 3,
    }  # fmt: skip
    with pytest.raises(Stale):
        do(services.group_change, directive, version=2, code=group.code, title="A", text="B")
    with pytest.raises(NotVisible):
        do(services.group_change, directive, code="1699-cv-tu-1", title="A", text="B")
    with pytest.raises(InvalidInput) as caught:
        do(services.group_change, directive, code=group.code, title="", text="B")
    assert list(caught.value.fields) == ["title"]


def test_a_task_says_who_what_and_when() -> None:
    directive = entered()
    group = group_of(directive)
    first = task_of(group)
    task = task_of(
        group,
        rhythm="quarterly",
        starts_on=START,
        ends_on=dt.date(2027, 12, 31),
        report_days=7,
        target="3",
        lead_unit="MTTQ",
        supporting_units=["BNC", "VPTU"],
    )
    task.refresh_from_db()
    assert (first.code, task.code) == (f"{SLUG}-1-1", f"{SLUG}-1-2")
    assert (task.rhythm, task.starts_on, task.report_days) == ("quarterly", START, 7)
    assert (task.target, task.lead_unit and task.lead_unit.code) == ("3", "MTTQ")
    assert set(task.supporting_units.values_list("code", flat=True)) == {"BNC", "VPTU"}
    assert history(directive)[-2:] == ["task_added", "task_added"]
    assert list(table_check(DirectiveEvent)) == []


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": "x" * 241}, "title"),
        ({"expected_result": " "}, "expected_result"),
        ({"evidence": ""}, "evidence"),
        ({"indicator": "x"}, "indicator"),
        ({"addressee": "x"}, "addressee"),
        ({"rhythm": "weekly"}, "rhythm"),
        ({"source": "x"}, "source"),
        ({"starts_on": START}, "starts_on"),
        ({"ends_on": START}, "ends_on"),
        ({"rhythm": "monthly"}, "starts_on"),
        ({"rhythm": "monthly", "starts_on": START, "due_on": START}, "due_on"),
        ({"rhythm": "monthly", "starts_on": START, "ends_on": dt.date(2026, 11, 1)}, "ends_on"),
        ({"report_days": 91}, "report_days"),
        ({"report_days": -1}, "report_days"),
        ({"target": "ba"}, "target"),
        ({"lead_unit": "XX"}, "lead_unit"),
        ({"lead_unit": "CITY"}, "lead_unit"),
        ({"supporting_units": ["BNC", "XX"]}, "supporting_units"),
        ({"lead_unit": "BNC", "supporting_units": ["BNC"]}, "supporting_units"),
        ({"subject_fields": ["environment", "xx"]}, "subject_fields"),
        ({"evidence_source": "xx"}, "evidence_source"),
    ],
)
def test_a_wrong_task_names_its_field(changes: dict[str, Any], field: str) -> None:
    directive = entered()
    group = group_of(directive)
    with pytest.raises(InvalidInput) as caught:
        task_of(group, **changes)
    assert list(caught.value.fields) == [field]
    assert not group.tasks.exists()


def test_a_task_is_changed_with_before_and_after() -> None:
    directive = entered()
    task = task_of(group_of(directive), supporting_units=["BNC"])
    change(task, title="Đối thoại hai kỳ", lead_unit="MTTQ", supporting_units=["VPTU"])
    task.refresh_from_db()
    assert (task.version, task.title) == (2, "Đối thoại hai kỳ")
    assert last(directive) == {
        "task": task.code,
        "fields": {
            "title": ["Tổ chức đối thoại với nhân dân", "Đối thoại hai kỳ"],
            "lead_unit": [None, "MTTQ"],
            "supporting_units": [["BNC"], ["VPTU"]],
        },
    }
    versions = TaskChange.objects.filter(pgh_obj_id=task.pk)
    assert versions.count() == 2
    with pytest.raises(Stale) as caught:
        change(task, version=1)
    assert caught.value.extra["version"] == 2
    directive.refresh_from_db()
    assert directive.version == 3  # a task has versions of its own


def leads(row: Assignment) -> set[str]:
    """Bodies in charge that the running clocks of an assignment and its periods name."""
    rows = Clock.objects.filter(state__in=OPEN_STATES).filter(
        Q(assignment_clock__assignment=row) | Q(period_clock__period__assignment=row)
    )
    return set(rows.values_list("forwarder_unit__code", flat=True))


@pytest.mark.parametrize("rhythm", ["once", "monthly"])
def test_another_body_in_charge_is_climbed_to_by_limits_that_run(rhythm: str) -> None:
    directive = in_force()
    group = group_of(directive)
    asked = {"rhythm": rhythm, "starts_on": None if rhythm == "once" else dt.date(2026, 11, 1)}
    task, other = task_of(group, lead_unit="BNC", **asked), task_of(group, lead_unit="BNC", **asked)
    rows, left = [give(task, WARD), give(task, OTHER_WARD)], give(other, WARD)
    closed = give(task, "00025")
    Clock.objects.filter(
        Q(assignment_clock__assignment=closed) | Q(period_clock__period__assignment=closed)
    ).update(state="cancelled", closed_on=AT.date(), next_action_at=None)
    change(task, lead_unit="MTTQ", **asked)
    assert [leads(row) for row in rows] == [{"MTTQ"}, {"MTTQ"}]
    assert leads(left) == {"BNC"}
    kept = Clock.objects.exclude(state__in=OPEN_STATES).values_list("forwarder_unit__code")
    assert set(kept) == {("BNC",)}
    change(task, lead_unit="", **asked)
    assert leads(rows[0]) == {"BTGDV"}


def about(task: Task) -> set[str]:
    return set(task.topics.values_list("field__code", flat=True))


def test_a_task_is_about_subject_fields_of_petitions() -> None:
    directive = in_force()
    task = task_of(group_of(directive), subject_fields=["environment", "environment"])
    assert about(task) == {"environment"}
    changed = change(task, subject_fields=["land_compensation", "public_service"])
    assert changed.version == 2
    assert about(task) == {"land_compensation", "public_service"}
    assert last(directive)["fields"] == {
        "subject_fields": [["environment"], ["land_compensation", "public_service"]]
    }
    related = related_of(access_make("clerk"), give(task, WARD), AT.date())
    assert related
    names = {str(field_by_code(code)) for code in ("land_compensation", "public_service")}
    assert {one.label for one in related.fields} == names


def test_nothing_to_change_makes_no_version() -> None:
    directive = entered()
    links = {"supporting_units": ["BNC"], "subject_fields": ["environment"]}
    task = task_of(group_of(directive), **links)
    assert change(task, **links).version == 1
    assert history(directive)[-1] == "task_added"


def test_what_units_report_by_stays() -> None:
    directive = in_force()
    task = task_of(group_of(directive))
    give(task, WARD)
    with pytest.raises(InvalidInput) as caught:
        change(task, indicator="percentage", rhythm="monthly", starts_on=START)
    assert set(caught.value.fields) == {"indicator", "rhythm", "starts_on"}
    change(task, title="Đối thoại hai kỳ", due_on=START)


def test_bodies_named_after_a_task_was_given_are_told_once() -> None:
    task = task_of(group_of(in_force()))
    change(task, lead_unit="VPTU")
    assert told("directive_lead") == []
    give(task, WARD)
    for words in ("Một", "Hai"):
        change(task, title=words, lead_unit="VPTU", supporting_units=["TTPTQD", "BNC"])
    assert [unit for unit, _position in told("directive_lead")] == ["VPTU"]
    assert sorted(unit for unit, _position in told("directive_support")) == ["BNC", "TTPTQD"]


def test_a_task_of_another_document_is_not_there() -> None:
    directive = entered()
    for service, values in (
        (services.task_change, {"plan": plan()}),
        (services.task_withdraw, {"reason": "Thử."}),
    ):
        with pytest.raises(NotVisible):
            do(service, directive, code="1699-cv-tu-1-plan", version=1, **values)
    with pytest.raises(NotVisible):
        do(services.task_create, directive, group="1699-cv-tu-1", plan=plan())
    with pytest.raises(NotVisible):
        found.task_get(directive, "1699-cv-tu-1-plan")
    with pytest.raises(NotVisible):
        found.group_get(directive, "1699-cv-tu-1")


def test_a_withdrawn_task_is_taken_back_and_given_no_more() -> None:
    directive = in_force()
    group = group_of(directive)
    task, other = task_of(group), task_of(group)
    row, kept = give(task, WARD, OTHER_WARD), give(other, WARD)
    with pytest.raises(InvalidInput) as caught:
        do(services.task_withdraw, directive, code=task.code, version=1, reason="")
    assert list(caught.value.fields) == ["reason"]
    with pytest.raises(Stale):
        do(services.task_withdraw, directive, code=task.code, version=2, reason="Thử.")
    do(services.task_withdraw, directive, code=task.code, version=1, reason="Thử.", at=later(1))
    task.refresh_from_db()
    row.refresh_from_db()
    kept.refresh_from_db()
    assert (task.withdrawn_at, task.version) == (later(1), 2)
    assert (row.state, running(row), kept.state) == ("withdrawn", 0, "assigned")
    assert last(directive) == {"task": task.code, "reason": "Thử.", "assignments": 2}
    assert [t.pk for t in found.tasks_live(directive)] == [other.pk]
    with pytest.raises(NotVisible):
        do(services.task_withdraw, directive, code=task.code, version=2, reason="Thử.")
    assert task_of(group).position == 3


def test_another_document_is_a_template() -> None:
    source = Directive.objects.get(slug="1699-cv-tu")
    Task.objects.filter(code="1699-cv-tu-1-plan").update(
        lead_unit=Unit.objects.get(code="MTTQ"), due_on=START
    )
    gone = Task.objects.get(code="1699-cv-tu-1-study")
    do(services.task_withdraw, source, code=gone.code, version=1, reason="Thử.")
    directive = entered()
    group_of(directive)
    count = do(services.breakdown_copy, directive, source="1699-cv-tu")
    wanted = Task.objects.live().filter(group__directive=source)
    assert count == wanted.count()
    copies = list(TaskGroup.objects.filter(directive=directive).order_by("number"))
    assert [g.number for g in copies] == list(range(1, 8))
    titles = [t.title for t in found.tasks_live(directive)]
    assert titles == [t.title for t in found.tasks_live(source)]
    plan_task = Task.objects.get(group__directive=directive, is_plan=True)
    assert plan_task.lead_unit is not None
    assert (plan_task.lead_unit.code, plan_task.due_on) == ("MTTQ", None)
    assert about(plan_task) == {"land_compensation", "land_planning"}
    for task in Task.objects.filter(group__directive=directive).exclude(rhythm="once"):
        assert task.starts_on == directive.issued_on
    assert last(directive) == {"from": "1699-cv-tu", "groups": 6, "tasks": count, "version": 3}
    with pytest.raises(Stale):
        do(services.breakdown_copy, directive, version=2, source="1699-cv-tu")


def test_only_a_draft_takes_a_template_that_has_groups() -> None:
    directive = entered()
    for source in ("07-ct-tu", SLUG, "99-ct-tu"):
        with pytest.raises(InvalidInput) as caught:
            do(services.breakdown_copy, directive, source=source)
        assert list(caught.value.fields) == ["source"]
    do(services.directive_publish, directive, at=AT)
    with pytest.raises(InvalidInput):
        do(services.breakdown_copy, directive, source="1699-cv-tu")


def test_what_would_be_given_is_counted_and_refused_alike() -> None:
    directive = in_force()
    task = task_of(group_of(directive))
    give(task, WARD)
    city = access_make("propaganda")
    units = list(Unit.objects.filter(code__in=[WARD, OTHER_WARD]))
    seen = services.assignments_preview(access=city, tasks=[task], units=units, at=AT)
    assert (seen.new, seen.existing) == (1, 1)
    assert task.assignments.count() == 1
    with pytest.raises(InvalidInput) as caught:
        services.assignments_preview(access=city, tasks=[], units=units)
    assert list(caught.value.fields) == ["tasks"]
    with pytest.raises(NotPermitted):
        services.assignments_preview(access=access_make("clerk"), tasks=[task], units=units)
