"""What is late, as pages and files show it."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from common.time import local_date
from communes.selectors import unit_json
from directives.enums import Verdict
from directives.models import Assignment, AssignmentEvent, AssignmentPeriod
from directives.periods import Period
from directives.presenters_work import ACTIONS
from directives.receivers import lead_of, position_of
from directives.selectors_late import PERIOD, TASK, Standing, late_shown, standings
from directives.selectors_values import figures_of, verdict_of
from escalation.models import Escalation
from escalation.words import position_words


def late_lines(kind: str, rows: Sequence[Any], on: dt.date) -> list[dict[str, Any]]:
    """Rows of one kind with days late (calendar days), who must act, what happened last and
    whether the figure is below its target; six queries at most."""
    shown = late_shown(kind, rows)
    tasks = [row for row in shown if isinstance(row, Assignment)]
    periods = [row for row in shown if isinstance(row, AssignmentPeriod)]
    found = standings(tasks, periods)
    kinds = [TASK if isinstance(row, Assignment) else PERIOD for row in shown]
    lines = [late_line(row, found[one, row.pk], on) for one, row in zip(kinds, shown, strict=True)]
    figures = figures_of({line["assignment"].pk for line in lines})
    for line in lines:
        figure = figures.get(line["assignment"].pk, "")
        line["is_below"] = verdict_of(line["task"], figure) == Verdict.BELOW
    return lines


def late_line(
    row: Assignment | AssignmentPeriod, standing: Standing, on: dt.date
) -> dict[str, Any]:
    """``row`` is a task past its date or a period whose report is owed."""
    assignment, what = _whole(row)
    assert row.due_on is not None
    return {
        "assignment": assignment,
        "unit": assignment.unit,
        "task": assignment.task,
        "directive": assignment.task.group.directive,
        "what": what,
        "href": reverse("directives_staff:assignment", args=[assignment.public_id]),
        "unit_href": reverse("directives_staff:overview_unit", args=[assignment.unit.code]),
        "due_on": row.due_on,
        "days": (on - row.due_on).days,
        "who": who_acts(assignment),
        "risen": risen_words(standing.escalation),
        "last": event_words(standing.last),
        "body": lead_of(assignment.task),
    }


def _whole(row: Assignment | AssignmentPeriod) -> tuple[Assignment, str]:
    """The task, and what of it is late."""
    if isinstance(row, Assignment):
        return row, _("the whole task")
    return row.assignment, Period(row.starts_on, row.ends_on).words


def who_acts(assignment: Assignment) -> str:
    """The owner, else the position of the unit that the task was given to."""
    if assignment.owner is not None:
        return assignment.owner.full_name
    return capfirst(position_words(position_of(assignment.unit, assignment.addressee)))


def risen_words(row: Escalation | None) -> str:
    """To whom it was put before, "" as long as it lies with the unit."""
    if row is None or row.unit is None:
        return ""
    return _("%(position)s, %(unit)s, level %(level)s, since %(day)s") % {
        "position": capfirst(position_words(row.position)),
        "unit": row.unit.full_name,
        "level": row.level,
        "day": date_format(local_date(row.created_at), "d/m/Y"),
    }


def event_words(event: AssignmentEvent | None) -> str:
    """What was done last and on which Hà Nội date."""
    if event is None:
        return ""
    words = ACTIONS.get(event.action.removeprefix("directives."), event.action)
    return f"{words}, {date_format(local_date(event.at), 'd/m/Y')}"


def late_head() -> list[str]:
    return [
        _("Unit code"),
        _("Unit name"),
        _("Document"),
        _("Task"),
        _("What it is about"),
        _("Due by"),
        _("Days late"),
        _("Who must act"),
        _("Reported up to"),
        _("Last step"),
        _("Body in charge"),
        _("Against the target"),
    ]


def late_cells(line: dict[str, Any]) -> list[str]:
    """A row of the list as a file has it; without a person's name where there is an owner."""
    assignment = line["assignment"]
    position = position_words(position_of(assignment.unit, assignment.addressee))
    return [
        line["unit"].code,
        line["unit"].full_name,
        line["directive"].number,
        line["task"].title,
        line["what"],
        f"{line['due_on']:%d/%m/%Y}",
        str(line["days"]),
        capfirst(position),
        line["risen"],
        line["last"],
        line["body"].full_name if line["body"] else "",
        str(Verdict.BELOW.label) if line["is_below"] else "",
    ]


def late_json(line: dict[str, Any]) -> dict[str, Any]:
    """The same for programs."""
    assignment = line["assignment"]
    return {
        "assignment": str(assignment.public_id),
        "unit": unit_json(line["unit"]),
        "directive": line["directive"].slug,
        "task": {"code": line["task"].code, "title": line["task"].title},
        "what": line["what"],
        "due_on": line["due_on"].isoformat(),
        "days_late": line["days"],
        "position": position_of(assignment.unit, assignment.addressee),
        "reported_up_to": line["risen"],
        "last_step": line["last"],
        "lead": line["body"].code if line["body"] else None,
        "is_below_target": line["is_below"],
    }
