"""Geometry of the schematic map: pointy-top hexagons, odd rows shifted by half a cell."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

RADIUS = 20.0
GAP = 1.2
LEVELS = 5
MARGIN = 3.0
NAME_LINE = 9
# A line of a name that is squeezed to the width of its cell, in letters and in SVG units.
LONG_LINE = 12
LINE_WIDTH = 30


@dataclass(frozen=True)
class HexUnit:
    """A unit to draw. ``kind`` is ``ward`` or ``commune``; ``level`` 0 (no data) to 5.

    ``value`` is the short figure in the cell; ``label`` says what it means in words and is read
    after name and value.
    """

    code: str
    name: str
    kind: str
    col: int
    row: int
    href: str
    value: str
    level: int
    label: str


@dataclass(frozen=True)
class NameLine:
    """A line of a unit's name and its base line, in SVG units."""

    text: str
    y: str

    @property
    def is_long(self) -> bool:
        """Whether it would stick out of the cell."""
        return len(self.text) >= LONG_LINE


@dataclass(frozen=True)
class HexCell:
    """A drawn cell: the unit, its outline and the places of its texts, in SVG units."""

    unit: HexUnit
    points: str
    x: str
    value_y: str
    lines: tuple[NameLine, ...]


@dataclass(frozen=True)
class LegendItem:
    """One level of shading and what it means."""

    level: int
    label: str | Promise


@dataclass(frozen=True)
class HexMap:
    """All cells in reading order and the size of the drawing."""

    cells: Sequence[HexCell]
    width: str
    height: str
    legend: Sequence[LegendItem] = ()
    line_width: int = LINE_WIDTH

    @property
    def legend_points(self) -> str:
        """Outline of the small hexagon in the legend, centred in a box of 24 by 24."""
        return _outline(12.0, 12.0, 10.5)


@dataclass(frozen=True)
class GridRow:
    """A row of the map as places from the left, each what was put there; None where no unit lies.
    Odd rows are shifted by half a place."""

    places: Sequence[Any]
    is_shifted: bool


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _outline(x: float, y: float, radius: float) -> str:
    corners = (math.radians(60 * i - 90) for i in range(6))
    return " ".join(
        f"{_number(x + radius * math.cos(a))},{_number(y + radius * math.sin(a))}" for a in corners
    )


def _centre(col: int, row: int) -> tuple[float, float]:
    width = math.sqrt(3) * RADIUS
    x = MARGIN + width * (col + 0.5 + (0.5 if row % 2 else 0.0))
    y = MARGIN + RADIUS + 1.5 * RADIUS * row
    return x, y


def _name_lines(name: str) -> tuple[str, ...]:
    """Break a name on two lines of about equal length when it is long."""
    words = name.split()
    if len(name) <= NAME_LINE or len(words) == 1:
        return (name,)
    cut = min(
        range(1, len(words)),
        key=lambda i: max(len(" ".join(words[:i])), len(" ".join(words[i:]))),
    )
    return " ".join(words[:cut]), " ".join(words[cut:])


def _cell(unit: HexUnit, first_col: int, first_row: int) -> HexCell:
    x, y = _centre(unit.col - first_col, unit.row - first_row)
    lines = _name_lines(unit.name)
    top = y - (8.0 if lines[1:] else 5.0)
    return HexCell(
        unit=unit,
        points=_outline(x, y, RADIUS - GAP),
        x=_number(x),
        value_y=_number(y + 9.5),
        lines=tuple(NameLine(text, _number(top + 5.6 * i)) for i, text in enumerate(lines)),
    )


def hexmap_cells(units: Iterable[HexUnit], legend: Sequence[LegendItem] = ()) -> HexMap:
    """Lay units on the map, from the top row down and from left to right.

    The grid starts at the smallest column and an even row, so that the shift of odd rows stays.
    Raises ``ValueError`` when two units share a cell or a level is out of 0 to 5.
    """
    ordered = sorted(units, key=lambda unit: (unit.row, unit.col))
    if len({(unit.row, unit.col) for unit in ordered}) != len(ordered):
        raise ValueError("two units share a cell of the map")
    if any(not 0 <= unit.level <= LEVELS for unit in ordered):
        raise ValueError("a level is out of range")
    if not ordered:
        return HexMap(cells=(), width="0", height="0", legend=legend)
    first_col = min(unit.col for unit in ordered)
    first_row = ordered[0].row - ordered[0].row % 2
    cells = [_cell(unit, first_col, first_row) for unit in ordered]
    columns = max(unit.col for unit in ordered) - first_col + 1
    rows = max(unit.row for unit in ordered) - first_row + 1
    return HexMap(
        cells=cells,
        width=_number(2 * MARGIN + math.sqrt(3) * RADIUS * (columns + 0.5)),
        height=_number(2 * MARGIN + RADIUS * (1.5 * rows + 0.5)),
        legend=legend,
    )


def grid_rows(items: Iterable[tuple[int, int, Any]]) -> list[GridRow]:
    """Things with their column and row on the map, as rows of places from the top down."""
    found = {(col, row): item for col, row, item in items}
    if not found:
        return []
    cols, rows = [col for col, _row in found], [row for _col, row in found]
    width = range(min(cols), max(cols) + 1)
    return [
        GridRow([found.get((col, row)) for col in width], is_shifted=row % 2 == 1)
        for row in range(min(rows), max(rows) + 1)
    ]
