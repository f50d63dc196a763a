"""Directives as pages show them: rows with addresses, words and tones."""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format, localize
from django.utils.translation import gettext

from communes.models import Unit
from directives.enums import AssignmentState, Indicator
from directives.models import Assignment, Directive, DirectiveRelation, TaskGroup, UnitPlan
from directives.selectors import PlanShare

TONES = {
    AssignmentState.ASSIGNED: "neutral",
    AssignmentState.RECEIVED: "neutral",
    AssignmentState.IN_PROGRESS: "progress",
    AssignmentState.REPORTED_DONE: "info",
    AssignmentState.RETURNED: "warning",
    AssignmentState.CONFIRMED: "success",
    AssignmentState.WITHDRAWN: "neutral",
}


def directive_line(directive: Directive, share: PlanShare, done: int, total: int) -> dict[str, Any]:
    return {
        "directive": directive,
        "href": reverse("directives_staff:detail", args=[directive.slug]),
        "share": share,
        "done": done,
        "total": total,
    }


def successor_lines(rows: Iterable[DirectiveRelation]) -> list[dict[str, str]]:
    """What replaces a document: its number, and its address for whoever may open it."""
    return [
        {
            "number": row.source.number,
            "href": reverse("directives_staff:detail", args=[row.source.slug])
            if row.is_seen
            else "",
        }
        for row in rows
    ]


def unit_line(directive: Directive, unit: Unit, plan: UnitPlan | None) -> dict[str, Any]:
    """A row of the table of units; ``unit`` carries the counts of ``units_asked``."""
    return {
        "unit": unit,
        "href": reverse("directives_staff:unit", args=[directive.slug, unit.code]),
        "plan": plan,
    }


def group_words(group: TaskGroup) -> str:
    """A group of tasks beside those of other documents."""
    return f"{group.directive.number}, {group.number}. {group.title}"


def assignment_line(assignment: Assignment) -> dict[str, Any]:
    """``target``: the aim of the task in words, "" without one."""
    task = assignment.task
    return {
        "assignment": assignment,
        "task": task,
        "group": task.group,
        "target": report_value(task.indicator, task.target) if task.target else "",
        "href": reverse("directives_staff:assignment", args=[assignment.public_id]),
        "tone": TONES[AssignmentState(assignment.state)],
    }


def report_value(indicator: str, value: str) -> str:
    """The figure of a report in words: yes or no, a share, a count or a date."""
    if indicator == Indicator.YES_NO:
        return {"yes": gettext("Yes"), "no": gettext("No")}.get(value, value)
    if indicator == Indicator.PERCENTAGE:
        return f"{localize(Decimal(value))}%"
    if indicator == Indicator.DATE:
        return date_format(dt.date.fromisoformat(value), "d/m/Y")
    return value
