"""Signals and land projects as files: what the lists show, names of persons left out; names of files
say the list and the day."""

import datetime as dt
from collections.abc import Iterator, Sequence

from django.db.models import QuerySet
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts.access import Access
from common.time import local_date
from directives.exports import CHUNK, Table, day_cell, day_stem
from early_warning.enums import STAGES
from early_warning.models import LandProject, ProjectStage, Signal
from early_warning.presenters import signal_line, unit_names
from early_warning.selectors import LIST_ORDER, SignalFilter, signals_filtered
from early_warning.selectors_projects import LIST_ORDER as PROJECT_ORDER
from early_warning.selectors_projects import ProjectFilter, projects_filtered


def signals_table(access: Access, chosen: SignalFilter, on: dt.date, at: dt.datetime) -> Table:
    """Signals as they were filtered; ``on`` and ``at`` as in ``signals_filtered``."""
    head = [
        _("Unit code"),
        _("Unit"),
        _("Signal"),
        _("Kind of signal"),
        _("What it is about"),
        _("Why"),
        _("Level"),
        _("State"),
        _("Found on"),
        _("Next look on"),
        _("No longer holds since"),
    ]
    rows = signals_filtered(access, chosen, on, at).order_by(*LIST_ORDER.order())
    lines = (_signal_cells(row, on) for row in rows.iterator(CHUNK))
    return Table(f"canh-bao-som-{day_stem()}", _("Early-warning signals"), head, lines)


def _signal_cells(row: Signal, on: dt.date) -> Sequence[str]:
    line = signal_line(row, on)
    return (
        row.unit.code,
        row.unit.full_name,
        line["title"],
        line["kind"],
        line["matter"],
        line["sentence"],
        str(row.level),
        capfirst(row.get_state_display()),
        day_cell(local_date(row.found_at)),
        day_cell(row.next_look_on),
        day_cell(row.lapsed_on),
    )


def projects_table(access: Access, chosen: ProjectFilter) -> Table:
    """Land projects as they were filtered, with what is recorded of each stage."""
    head = [
        _("Project"),
        _("Units"),
        _("Place"),
        _("Hectares"),
        _("Households"),
        _("Decision"),
        _("Date of the decision"),
        _("Investor"),
        *(capfirst(str(stage.label)) for stage in STAGES),
    ]
    rows = projects_filtered(access, chosen).order_by(*PROJECT_ORDER.order())
    return Table(f"du-an-dat-{day_stem()}", _("Land projects"), head, _project_rows(rows))


def _project_rows(rows: QuerySet[LandProject]) -> Iterator[Sequence[str]]:
    for row in rows.distinct().iterator(CHUNK):
        stages = {one.stage: one for one in row.stages.all()}
        yield (
            row.name,
            "; ".join(unit_names(row)),
            row.area,
            str(row.hectares or ""),
            str(row.households or ""),
            row.decision_number,
            day_cell(row.decision_on),
            row.investor,
            *(_stage_cell(stages.get(stage)) for stage in STAGES),
        )


def _stage_cell(stage: ProjectStage | None) -> str:
    """The day it was done, that it was left out, else the day it is planned for."""
    if stage is None:
        return ""
    if stage.done_on is not None:
        return day_cell(stage.done_on)
    if stage.skipped_reason:
        return _("left out")
    return _("planned %(day)s") % {"day": day_cell(stage.planned_on)} if stage.planned_on else ""
