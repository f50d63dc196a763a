"""Documents in the register, as whoever keeps it enters them."""

import datetime as dt
from typing import Any

from common.history_check import table_check
from directives import invariants, services
from directives.models import AssignmentEvent, Directive, DirectiveEvent, Task, TaskGroup
from directives.services import Record, TaskPlan
from tests.directives.giving import AT, MONDAY
from tests.people import access_make

NUMBER, SLUG = "21-CV/TU", "21-cv-tu"
START = dt.date(2026, 12, 1)


def record(**changes: Any) -> Record:
    values: dict[str, Any] = {
        "number": NUMBER,
        "kind": "official_letter",
        "issued_on": MONDAY,
        "issuer": "Ban Thường vụ Thành ủy Hà Nội",
        "subject": "Đối thoại với nhân dân",
    }
    return Record(**(values | changes))


def plan(**changes: Any) -> TaskPlan:
    values: dict[str, Any] = {
        "title": "Tổ chức đối thoại với nhân dân",
        "expected_result": "Có đối thoại, có kết luận.",
        "evidence": "Biên bản đối thoại",
        "indicator": "count",
        "addressee": "authority",
    }
    return TaskPlan(**(values | changes))


def entered(who: str = "propaganda", **changes: Any) -> Directive:
    """A draft."""
    return services.directive_create(access=access_make(who), record=record(**changes), at=AT)


def do(service: Any, directive: Directive, who: str = "propaganda", **values: Any) -> Any:
    """A step of a document as it is now."""
    current = Directive.objects.get(pk=directive.pk)
    return service(
        **({"access": access_make(who), "slug": current.slug, "version": current.version} | values)
    )


def in_force(**changes: Any) -> Directive:
    directive = entered(**changes)
    do(services.directive_publish, directive, at=AT)
    directive.refresh_from_db()
    return directive


def group_of(directive: Directive, title: str = "Đối thoại") -> TaskGroup:
    made = do(services.group_create, directive, title=title, text="Đối thoại định kỳ.")
    assert isinstance(made, TaskGroup)
    return made


def task_of(group: TaskGroup, **changes: Any) -> Task:
    directive = group.directive
    made = do(services.task_create, directive, group=group.code, plan=plan(**changes))
    assert isinstance(made, Task)
    return made


def history(directive: Directive) -> list[str]:
    rows = DirectiveEvent.objects.filter(directive=directive).order_by("sequence")
    return [action.rpartition(".")[2] for action in rows.values_list("action", flat=True)]


def last(directive: Directive) -> Any:
    """What the newest event says."""
    return DirectiveEvent.objects.filter(directive=directive).latest("sequence").data


def sound() -> None:
    """Every statement about documents holds, every chain is whole."""
    assert list(table_check(DirectiveEvent)) == []
    assert list(table_check(AssignmentEvent)) == []
    assert list(invariants.directive_version_is_in_history()) == []
    assert list(invariants.replaced_has_a_successor()) == []
    assert list(invariants.version_is_number_of_events()) == []
    assert list(invariants.open_task_with_date_has_one_running_clock()) == []
    assert list(invariants.owed_period_has_one_running_clock()) == []
    assert list(invariants.withdrawn_was_told()) == []
