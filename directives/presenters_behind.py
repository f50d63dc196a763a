"""What stands behind a report, in words, with marks for what is missing.

1699-CV/TU criticises carrying out that is formal: whoever confirms sees what a report rests on
first. Marks point out; whether it is enough a person judges.
"""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from directives.enums import Indicator
from directives.models import Task
from directives.presenters import report_value
from directives.selectors_behind import Behind


def behind_line(behind: Behind) -> dict[str, Any]:
    """Text, figure and aim in words, files, study sessions, plan and marks of a report."""
    task, report = behind.assignment.task, behind.report
    value = report.value if report is not None else ""
    return {
        "text": report.text if report is not None else "",
        "value": report_value(task.indicator, value) if value else "",
        "target": report_value(task.indicator, task.target) if task.target else "",
        "files": behind.files,
        "studies": behind.studies,
        "plan": behind.plan,
        "asks_plan": task.is_plan,
        "marks": _marks(behind, value),
    }


def _marks(behind: Behind, value: str) -> list[str]:
    task = behind.assignment.task
    lacks_plan = task.is_plan and behind.plan is None
    return [
        words
        for words, holds in (
            (_("no plan yet"), lacks_plan),
            (_("no evidence yet"), not _has_evidence(behind)),
            (_("below the aim"), is_below(task, value)),
        )
        if holds
    ]


def _has_evidence(behind: Behind) -> bool:
    """A file, a study session or the plan; of what the portal counts or another register shows
    the evidence stands there."""
    task = behind.assignment.task
    if task.is_counted or task.evidence_source:
        return True
    has_plan = task.is_plan and behind.plan is not None
    return bool(behind.files or behind.studies or has_plan)


def is_below(task: Task, value: str) -> bool:
    """Whether a stored figure misses the aim of its task: less, "no" for "yes", a later date.
    Without an aim or a figure that was typed nothing is said."""
    if not task.target or not value:
        return False
    if task.indicator == Indicator.YES_NO:
        return task.target == "yes" and value == "no"
    if task.indicator == Indicator.DATE:
        return value > task.target
    return Decimal(value) < Decimal(task.target)
