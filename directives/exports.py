"""Tables of directives as files: their head, their rows read one by one. Nothing here is more than
the pages show; names of files say the document and the day."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts.access import Access
from common.sheet_reader import ROWS_MAX
from common.time import local_date, today
from communes.models import Unit
from directives import selectors
from directives.enums import Addressee, AssignmentState
from directives.import_cells import TITLES
from directives.models import Assignment, Directive, Task
from directives.presenters import report_value
from directives.presenters_register import state_shown
from directives.selectors_register import REGISTER_ORDER, breakdown, register_list, tasks_live
from directives.selectors_values import verdict_of, with_figure
from directives.selectors_work import DESK_ORDER, NEVER

CHUNK = 500  # rows that are held at once


@dataclass(frozen=True)
class Table:
    """A file to be: ``stem`` of its name, the name of its sheet, head and rows."""

    stem: str
    name: str
    head: Sequence[str]
    rows: Iterator[Sequence[str]]


def register_table(access: Access, asked: dict[str, str]) -> Table:
    """The register as it was searched (``register_list``)."""
    head = [
        _("Number"),
        _("Kind of document"),
        _("Issued on"),
        _("Issued by"),
        _("Signed by"),
        _("Subject of the document"),
        _("State"),
        _("Tasks"),
        _("Tasks done"),
    ]
    rows = register_list(access, **asked).order_by(*REGISTER_ORDER.order())
    return Table(f"chi-dao-{day_stem()}", _("Directives"), head, _register_rows(access, rows))


def _register_rows(access: Access, rows: QuerySet[Directive]) -> Iterator[Sequence[str]]:
    counts = selectors.done_counts(access)
    for row in rows.iterator(CHUNK):
        done, total = counts.get(row.pk, (0, 0))
        yield (
            row.number,
            capfirst(row.get_kind_display()),
            day_cell(row.issued_on),
            row.issuer,
            row.signer,
            row.subject,
            state_shown(row, today())["state"],
            str(total),
            str(done),
        )


def breakdown_table(directive: Directive) -> Table:
    """Groups and tasks of a document in order, also what was withdrawn."""
    head = [
        _("Group"),
        TITLES["task"],
        _("Task"),
        _("Expected result"),
        _("Evidence asked"),
        _("Indicator"),
        _("Target"),
        _("Addressee"),
        _("How often it is reported on"),
        _("Due by"),
        _("Reports from"),
        _("Reports until"),
        _("In charge"),
        _("Support"),
        _("Fields of petitions"),
        _("Withdrawn"),
    ]
    rows = (
        (f"{group.number}. {group.title}", *_task_cells(task))
        for group in breakdown(directive)
        for task in group.tasks.all()
    )
    words = [str(title) for title in head]
    return Table(f"noi-dung-{directive.slug}-{day_stem()}", _("Groups and tasks"), words, rows)


def _task_cells(task: Task) -> tuple[str, ...]:
    return (
        task.code,
        task.title,
        task.expected_result,
        task.evidence,
        capfirst(task.get_indicator_display()),
        report_value(task.indicator, task.target) if task.target else "",
        capfirst(task.get_addressee_display()),
        capfirst(task.get_rhythm_display()),
        day_cell(task.due_on),
        day_cell(task.starts_on),
        day_cell(task.ends_on),
        task.lead_unit.full_name if task.lead_unit else "",
        "; ".join(unit.full_name for unit in task.supporting_units.all()),
        "; ".join(str(topic.field) for topic in task.topics.all()),
        _moment(task.withdrawn_at),
    )


def assignments_table(
    access: Access, directive: Directive, asked: dict[str, str], state: str = ""
) -> Table:
    """What each unit was asked and how far it is, by unit, of the units that were searched
    (``units_asked``)."""
    rows = with_figure(selectors.assignment_list_for(access, directive))
    if any(asked.values()):
        rows = rows.filter(unit__in=selectors.units_asked(access, directive, **asked).values("pk"))
    if state:
        rows = rows.filter(state=state)
    ordered = rows.order_by(*selectors.ASSIGNMENT_ORDER.order(), "pk")
    lines = (_assignment_cells(row) for row in ordered.iterator(CHUNK))
    return Table(f"giao-viec-{directive.slug}-{day_stem()}", directive.number, _head(), lines)


def desk_table(unit: Unit, rows: QuerySet[Assignment]) -> Table:
    """What is asked of a unit as its desk lists it (``desk_filtered``)."""
    head = [*_head(), _("Next due")]
    lines = (
        (*_assignment_cells(row), _next_due(row))
        for row in with_figure(rows).order_by(*DESK_ORDER.order()).iterator(CHUNK)
    )
    return Table(f"viec-duoc-giao-{unit.code}-{day_stem()}", unit.full_name, head, lines)


def _head() -> list[str]:
    return [
        _("Document"),
        str(TITLES["unit"]),
        str(TITLES["name"]),
        str(TITLES["task"]),
        _("Task"),
        _("Addressee"),
        _("State"),
        _("Due by"),
        _("Given on"),
        _("Received on"),
        _("Reported on"),
        _("Figure"),
        _("Target"),
        _("Against the target"),
        _("Level"),
        _("Note of the issuer"),
        _("Reason of the withdrawal"),
    ]


def _assignment_cells(row: Assignment) -> tuple[str, ...]:
    return (
        row.task.group.directive.number,
        row.unit.code,
        row.unit.full_name,
        row.task.code,
        row.task.title,
        capfirst(str(Addressee(row.addressee).label)),
        capfirst(str(AssignmentState(row.state).label)),
        day_cell(row.due_on),
        _moment(row.assigned_at),
        _moment(row.received_at),
        _moment(row.reported_at),
        *_figure_cells(row),
        str(row.escalation_level or ""),
        row.note,
        row.withdrawn_reason,
    )


def _figure_cells(row: Assignment) -> tuple[str, str, str]:
    """Figure, target and whether it is met; ``row`` as ``with_figure`` reads it."""
    task, figure = row.task, row.figure
    shown = [
        report_value(task.indicator, value) if value else "" for value in (figure, task.target)
    ]
    verdict = verdict_of(task, figure)
    return shown[0], shown[1], str(verdict.label) if verdict else ""


def import_template(directive: Directive) -> Table:
    """The file to fill in: a row for each task and commune-level unit that lacks it, at most
    ``ROWS_MAX``; read back by ``import_cells``."""
    names = ("task", "title", "unit", "name", "addressee", "due_on", "note")
    head = [str(TITLES[name]) for name in names]
    stem = f"mau-giao-viec-{directive.slug}"
    return Table(stem, directive.number, head, _lacking(directive))


def _lacking(directive: Directive) -> Iterator[Sequence[str]]:
    tasks = tasks_live(directive)
    live = Assignment.objects.live().filter(task__in=tasks)
    given = set(live.values_list("task_id", "unit_id"))
    left = ROWS_MAX
    for unit in Unit.objects.commune_level().in_force(today()).order_by("code"):
        for task in tasks:
            if (task.pk, unit.pk) in given:
                continue
            if not left:
                return
            left -= 1
            who = capfirst(task.get_addressee_display())
            day = "" if task.is_periodic else day_cell(task.due_on)
            yield (task.code, task.title, unit.code, unit.full_name, who, day, "")


def _next_due(row: Assignment) -> str:
    due: dt.date = row.next_due
    return "" if due == NEVER else day_cell(due)


def day_stem() -> str:
    """Today as names of files end."""
    return f"{today():%Y-%m-%d}"


def day_cell(day: dt.date | None) -> str:
    """A local date as a cell shows it, "" for none."""
    return f"{day:%d/%m/%Y}" if day else ""


def _moment(at: dt.datetime | None) -> str:
    return day_cell(local_date(at)) if at else ""
