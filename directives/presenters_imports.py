"""Files of assignments as pages show them: their rows, what is wrong with a cell in words."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from directives.enums import ImportState
from directives.import_cells import TITLES
from directives.models import AssignmentImport, Directive, ImportRow

TONES = {
    ImportState.CHECKED: "info",
    ImportState.RUNNING: "progress",
    ImportState.DONE: "success",
    ImportState.FAILED: "danger",
    ImportState.CANCELLED: "neutral",
}
FAULTS = {
    "empty": _("Nothing is filled in."),
    "formula": _("This is a formula: put the value itself."),
    "merged": _("This cell is merged with others: unmerge it."),
    "hidden": _("This row or column is hidden: show or remove it."),
    "error": _("This cell holds an error of the spreadsheet."),
    "long": _("The text is too long."),
    "too_long": _("At most %(n)s characters."),
    "unreadable": _("This cell holds characters that cannot be read."),
    "unknown_task": _("No task of this document that can be given has this code."),
    "unknown_unit": _("No unit has this code or name."),
    "several_units": _("Several units have this name: put the code (%(codes)s)."),
    "other_name": _("Code and name disagree: the code is that of %(name)s."),
    "ended_unit": _("This unit ended on %(date)s."),
    "future_unit": _("This unit begins on %(date)s."),
    "unknown_addressee": _("Put one of: %(names)s."),
    "not_a_date": _("Put a date such as 31/12/2026."),
    "passed": _("This date has passed."),
    "beyond_calendar": _("The days off of this year are not known yet: a date before %(date)s."),
    "periodic": _("A task with a rhythm has the dates of its periods: leave this empty."),
    "task_date_passed": _("The date of the task, %(date)s, has passed: put another."),
    "repeated": _("The same task and unit as in row %(row)s."),
    "refused": "%(why)s",
}


def import_line(directive: Directive, row: AssignmentImport) -> dict[str, Any]:
    """A file in the list of a document."""
    return {
        "import": row,
        "name": row.attachment.name,
        "tone": TONES[ImportState(row.state)],
        "state": capfirst(row.get_state_display()),
        "href": reverse("directives_staff:import", args=[directive.slug, row.public_id]),
    }


def fault_lines(rows: Iterable[ImportRow]) -> list[dict[str, Any]]:
    """A line for every faulty cell: row, column, what stands there, what is wrong."""
    return [
        {
            "row": row.number,
            "column": TITLES[column],
            "cell": row.cells.get(column, ""),
            "words": fault_words(code, params),
        }
        for row in rows
        for column, (code, params) in sorted(row.faults.items(), key=_place)
    ]


def _place(fault: tuple[str, Any]) -> int:
    return list(TITLES).index(fault[0])


def fault_words(code: str, params: dict[str, Any]) -> str:
    """What is wrong with a cell, in words."""
    shown = {name: _param(name, value) for name, value in params.items()}
    return str(FAULTS[code]) % shown


def _param(name: str, value: Any) -> str:
    if name == "date":
        return f"{dt.date.fromisoformat(value):%d/%m/%Y}"
    return ", ".join(value) if isinstance(value, list) else str(value)
