"""What a brief of one page says about a unit or the whole City; a fixed number of queries."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from accounts.access import Access
from accounts.roles import Permission
from common.time import local_moment, month_after
from communes.models import Unit
from directives.enums import OVER, AssignmentState, ExtensionState, PeriodState
from directives.models import (
    Assignment,
    AssignmentPeriod,
    ExtensionRequest,
    ProgressReport,
    TaskGroup,
)
from directives.overview import Cell, Told, summed
from directives.selectors_late import PERIOD, TASK, LateFilter, late_counts, late_rows
from directives.selectors_likeness import open_count
from directives.selectors_overview import (
    HeatRow,
    Scope,
    cells_by,
    groups_named,
    ordered,
    rows_by_unit,
    scoped,
)
from directives.selectors_time import told_by_month

LATE_SHOWN = 8
ENDS_SHOWN = 5
SAID_SHOWN = 6
SAID_DAYS = 45


@dataclass(frozen=True)
class GroupLine:
    group: TaskGroup
    cell: Cell


@dataclass(frozen=True)
class Brief:
    """``unit``: None for the whole City. ``late`` are the longest overdue, tasks before periods;
    ``said``: difficulties and proposals of reports of the last 45 days; ``alike``: groups of
    reports that read alike, None for whoever is not shown them."""

    unit: Unit | None
    on: dt.date
    total: Cell
    groups: list[GroupLine]
    late_counts: dict[str, int]
    late: list[tuple[str, Any]]
    told: Told
    told_before: Told
    month: dt.date
    asked: list[ExtensionRequest]
    waiting: int
    said: list[ProgressReport]
    alike: int | None
    worst: list[HeatRow]

    @property
    def ends(self) -> tuple[GroupLine | None, GroupLine | None]:
        """The groups with the highest and the lowest share done, when they differ."""
        ranked = sorted(self.groups, key=lambda line: line.cell.share_done)
        if not ranked or ranked[0].cell.share_done == ranked[-1].cell.share_done:
            return None, None
        return ranked[-1], ranked[0]


def brief_read(access: Access, unit: Unit | None, on: dt.date) -> Brief:
    """The brief of a unit, or of the City without one, on a Hà Nội date."""
    rows = scoped(access, Scope(), unit)
    cells = cells_by(rows, ("unit", "task__group"), on)
    chosen = LateFilter(unit=unit.code if unit else "")
    groups = _groups(cells)
    month = month_after(on, -1)
    months = told_by_month(rows, month_after(month, -1), month, on)
    return Brief(
        unit=unit,
        on=on,
        total=summed(line.cell for line in groups),
        groups=groups,
        late_counts=late_counts(access, chosen, on),
        late=_late(access, chosen, on),
        told=months.get(month, Told()),
        told_before=months.get(month_after(month, -1), Told()),
        month=month,
        asked=_asked(rows),
        waiting=_waiting(rows),
        said=_said(rows, on),
        alike=_alike(access, unit),
        worst=_worst(cells) if unit is None else [],
    )


def _groups(cells: Mapping[tuple[int, int], Cell]) -> list[GroupLine]:
    """By group of tasks, in the order of the documents, over the units; one query."""
    found: dict[int, Cell] = defaultdict(Cell)
    for (_unit, group), cell in cells.items():
        found[group].add(cell)
    return [GroupLine(group, found[group.pk]) for group in groups_named(found)]


def _worst(cells: Mapping[tuple[int, int], Cell]) -> list[HeatRow]:
    """The units with the highest share late; no query."""
    rows = ordered(rows_by_unit(cells), "late")
    return [row for row in rows if row.total.late][:ENDS_SHOWN]


def _late(access: Access, chosen: LateFilter, on: dt.date) -> list[tuple[str, Any]]:
    """The longest overdue of both kinds."""
    found = [
        (kind, row)
        for kind in (TASK, PERIOD)
        for row in late_rows(access, kind, chosen, on).order_by("due_on", "pk")[:LATE_SHOWN]
    ]
    return sorted(found, key=lambda pair: pair[1].due_on)[:LATE_SHOWN]


def _asked(rows: QuerySet[Assignment]) -> list[ExtensionRequest]:
    """Requests for more time that wait, the oldest first."""
    asked = ExtensionRequest.objects.filter(state=ExtensionState.ASKED, assignment__in=rows)
    return list(asked.select_related("assignment__unit", "assignment__task").order_by("pk")[:5])


def _waiting(rows: QuerySet[Assignment]) -> int:
    """Reports that wait for the City's answer: of a task that is over nobody answers any."""
    whole = rows.filter(state=AssignmentState.REPORTED_DONE).count()
    going_on = rows.exclude(state__in=OVER)
    periods = AssignmentPeriod.objects.filter(state=PeriodState.REPORTED, assignment__in=going_on)
    return whole + periods.count()


def _said(rows: QuerySet[Assignment], on: dt.date) -> list[ProgressReport]:
    """What units found hard or proposed of late, the newest first."""
    since = local_moment(on - dt.timedelta(days=SAID_DAYS))
    reports = ProgressReport.objects.filter(at__gte=since, assignment__in=rows)
    said = reports.exclude(said_text="")
    read = said.select_related("assignment__unit", "assignment__task")
    return list(read.order_by("-id")[:SAID_SHOWN])


def _alike(access: Access, unit: Unit | None) -> int | None:
    if Permission.DIRECTIVE_VIEW not in access.city:
        return None
    return open_count(access, unit=unit.code if unit else "")
