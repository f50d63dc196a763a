"""The overview as pages show it: cells with shade, sign and words; the map; tables for files."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.errors import Text
from communes.hexmap import HexMap, HexUnit, LegendItem, hexmap_cells
from communes.selectors import unit_json
from directives.enums import AssignmentState, Verdict
from directives.overview import Cell, level, share
from directives.selectors_overview import Column, Heat, HeatRow, OneTask, Scope

# Shape beside colour: how far a task is, read from empty to full.
SIGNS = {
    AssignmentState.ASSIGNED: "○",
    AssignmentState.RECEIVED: "◔",
    AssignmentState.IN_PROGRESS: "◑",
    AssignmentState.REPORTED_DONE: "◕",
    AssignmentState.RETURNED: "↩",
    AssignmentState.CONFIRMED: "●",
}
SHADES = {
    AssignmentState.ASSIGNED: 1,
    AssignmentState.RECEIVED: 1,
    AssignmentState.IN_PROGRESS: 2,
    AssignmentState.RETURNED: 2,
    AssignmentState.REPORTED_DONE: 4,
    AssignmentState.CONFIRMED: 5,
}
LATE_SIGN = "▲"
BELOW_SIGN = "↓"
RANGES = ("0–19%", "20–39%", "40–59%", "60–79%", "80–100%")
NOTHING: Text = gettext_lazy("nothing asked")
_PLACE = "00000000-0000-0000-0000-000000000000"


@dataclass(frozen=True, slots=True)
class ShownCell:
    """``css``: the class of the shade; ``late``: how many are late, shown with a sign."""

    css: str
    text: str
    words: str
    href: str = ""
    late: int = 0


@dataclass(frozen=True)
class ShownRow:
    """The last of ``cells`` is the row's total."""

    unit: Any
    href: str
    cells: list[ShownCell]


EMPTY = ShownCell("heat--0", "", "")


def scope_query(scope: Scope, **more: str) -> dict[str, str]:
    """A scope as the query of an address, without what is not chosen."""
    query = {name: value for name, value in vars(scope).items() if value and name != "period"}
    if scope.period is not None:
        query["period"] = f"{scope.period:%Y-%m}"
    return query | {name: value for name, value in more.items() if value}


def heat_rows(heat: Heat, scope: Scope, measure: str) -> list[ShownRow]:
    """The rows of the table; each name leads to the unit."""
    kept = {name: value for name, value in scope_query(scope).items() if name == "directive"}
    query = f"?{urlencode(kept)}" if kept else ""
    address = reverse("directives_staff:overview_unit", args=["00000"])
    task = reverse("directives_staff:assignment", args=[_PLACE])
    state = {
        name: (f"heat--{SHADES[name]}", SIGNS[name], capfirst(str(name.label))) for name in SIGNS
    }
    return [
        ShownRow(
            row.unit,
            address.replace("00000", row.unit.code) + query,
            [
                *(_shown(heat, row, column, measure, state, task) for column in heat.columns),
                total_shown(row.total, measure),
            ],
        )
        for row in heat.rows
    ]


def _shown(
    heat: Heat, row: HeatRow, column: Column, measure: str, state: dict[Any, Any], task: str
) -> ShownCell:
    one = heat.tasks.get((row.unit.pk, column.pk))
    if one is not None:
        return _task_shown(one, state, task)
    cell = row.cells.get(column.pk)
    return cell_shown(cell, measure) if cell is not None else EMPTY


def _task_shown(one: OneTask, state: dict[Any, Any], address: str) -> ShownCell:
    css, sign, words = state[one.state]
    if one.rounds is not None:
        rounds = one.rounds
        css = f"heat--{level(share(rounds.accepted, rounds.due), 1)}"
        sign, words = f"{rounds.accepted}/{rounds.due}", f"{words}; {rounds_words(rounds)}"
    if one.is_below:
        sign, words = f"{sign}{BELOW_SIGN}", f"{words}, {Verdict.BELOW.label}"
    href = address.replace(_PLACE, str(one.public_id))
    if not one.is_late:
        return ShownCell(css, sign, words, href)
    return ShownCell(f"{css} heat--late", f"{sign}{LATE_SIGN}", f"{words}, {_('late')}", href)


def cell_shown(cell: Cell, measure: str) -> ShownCell:
    """A share in whole per cent, shaded by it."""
    percent = cell.share_late if measure == "late" else cell.share_done
    if not cell.total:
        return EMPTY
    return ShownCell(
        f"heat--{level(percent, cell.total)}{' heat--late' if cell.late else ''}",
        f"{percent}%" if cell.parts or measure == "late" else "–",
        cell_words(cell),
        late=cell.late,
    )


def total_shown(cell: Cell, measure: str) -> ShownCell:
    """The same in the column or row of totals."""
    shown = cell_shown(cell, measure)
    return replace(shown, css=f"{shown.css} heat-total")


def cell_words(cell: Cell) -> str:
    words = _("%(done)s of %(total)s done, %(late)s late") % {
        "done": cell.done,
        "total": cell.total,
        "late": cell.late,
    }
    return f"{words}; {rounds_words(cell)}" if cell.going_on else words


def rounds_words(cell: Cell) -> str:
    """How many reports of periods are due so far and how many of them were accepted."""
    if not cell.due:
        return _("no report of a period is due yet")
    return _("%(accepted)s of %(due)s reports of periods accepted") % {
        "accepted": cell.accepted,
        "due": cell.due,
    }


def columns_shown(heat: Heat, scope: Scope, more: dict[str, str]) -> list[dict[str, Any]]:
    """Heads of the columns: a document or a group is opened by its name, a task is named and leads
    to its ``figures``."""
    opens = "" if scope.group else "group" if scope.directive else "directive"
    return [
        {
            "short": column.short,
            "title": column.title,
            "href": f"?{urlencode(scope_query(scope, **more) | {opens: column.key})}"
            if opens
            else "",
            "figures": reverse("directives_staff:task_figures", args=[scope.directive, column.key])
            if scope.group
            else "",
        }
        for column in heat.columns
    ]


def totals_shown(heat: Heat, measure: str) -> list[ShownCell]:
    """The last row of the table, with everything together at its end."""
    cells = [cell_shown(heat.totals[column.pk], measure) for column in heat.columns]
    return [*cells, total_shown(heat.total, measure)]


def legend(heat: Heat) -> list[tuple[str, str, str]]:
    """Class, sign and words of everything that a cell can show."""
    rest = [("heat--late", LATE_SIGN, _("late")), ("heat--0", "", str(NOTHING))]
    if heat.tasks:
        signs = [(f"heat--{SHADES[s]}", SIGNS[s], capfirst(str(s.label))) for s in SIGNS]
        return [*signs, *rest, ("heat--4", BELOW_SIGN, str(Verdict.BELOW.label))]
    return [*((f"heat--{n}", "", words) for n, words in enumerate(RANGES, start=1)), *rest]


def heat_map(heat: Heat, scope: Scope, measure: str) -> HexMap:
    """The wards and communes, shaded by the same measure as the table."""
    kept = {"directive": scope.directive} if scope.directive else {}
    units = [_map_cell(row, measure, kept) for row in heat.rows if row.unit.grid_col is not None]
    shades = [LegendItem(n, words) for n, words in enumerate(RANGES, start=1)]
    return hexmap_cells(units, [LegendItem(0, NOTHING), *shades])


def _map_cell(row: HeatRow, measure: str, kept: dict[str, str]) -> HexUnit:
    percent = row.total.share_late if measure == "late" else row.total.share_done
    address = reverse("directives_staff:overview_unit", args=[row.unit.code])
    return HexUnit(
        code=row.unit.code,
        name=row.unit.name,
        kind=row.unit.kind,
        col=row.unit.grid_col or 0,
        row=row.unit.grid_row or 0,
        href=f"{address}?{urlencode(kept)}" if kept else address,
        value=f"{percent}%",
        level=level(percent, row.total.total),
        label=cell_words(row.total),
    )


def heat_head(heat: Heat) -> list[str]:
    """The head of the table as a file: of a column its share done and what is late."""
    head = [
        _("Unit code"),
        _("Unit name"),
        _("Former district"),
        _("Asked"),
        _("Done"),
        _("Late"),
        _("Reports of periods due"),
        _("Reports of periods accepted"),
    ]
    if heat.tasks:
        return [*head, *(f"{column.short} {column.title}" for column in heat.columns)]
    parts = (_("Asked"), _("Done"), _("Late"))
    return head + [f"{column.short}: {part}" for column in heat.columns for part in parts]


def heat_lines(heat: Heat) -> Iterator[list[str]]:
    for row in heat.rows:
        unit = row.unit
        rounds = [str(row.total.due), str(row.total.accepted)]
        yield [unit.code, unit.full_name, unit.former_district, *_three(row.total), *rounds] + [
            text for column in heat.columns for text in _in_file(heat, row, column)
        ]


def _in_file(heat: Heat, row: HeatRow, column: Column) -> list[str]:
    if not heat.tasks:
        return _three(row.cells.get(column.pk, Cell()))
    one = heat.tasks.get((row.unit.pk, column.pk))
    if one is None:
        return [""]
    words = capfirst(str(AssignmentState(one.state).label))
    if one.rounds is not None:
        words = f"{words}; {rounds_words(one.rounds)}"
    if one.is_below:
        words = f"{words}, {Verdict.BELOW.label}"
    return [f"{words}, {_('late')}" if one.is_late else words]


def _three(cell: Cell) -> list[str]:
    return [str(cell.total), str(cell.done), str(cell.late)]


def heat_json(heat: Heat) -> dict[str, Any]:
    """The table for programs: columns by key, of every unit what it was asked."""
    return {
        "columns": [
            {"key": c.key, "title": c.title, **_counts(heat.totals[c.pk])} for c in heat.columns
        ],
        "total": _counts(heat.total),
        "units": [
            {
                **unit_json(row.unit),
                **_counts(row.total),
                "cells": {
                    c.key: _counts(row.cells[c.pk]) for c in heat.columns if c.pk in row.cells
                },
            }
            for row in heat.rows
        ],
    }


def _counts(cell: Cell) -> dict[str, int]:
    return {
        "asked": cell.total,
        "done": cell.done,
        "late": cell.late,
        "periods_due": cell.due,
        "periods_accepted": cell.accepted,
        "share_done": cell.share_done,
    }


def groups_by_district(rows: Sequence[ShownRow]) -> list[tuple[str, list[ShownRow]]]:
    """Rows in their order under the names of their former districts."""
    found: list[tuple[str, list[ShownRow]]] = []
    for row in rows:
        name = row.unit.former_district
        if not found or found[-1][0] != name:
            found.append((name, []))
        found[-1][1].append(row)
    return found
