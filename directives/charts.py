"""Geometry of the bars of the comparison over time. Pure."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from directives.overview import Told

BAR, GAP, HEIGHT, LEFT, TOP = 26, 10, 160, 34, 8
# From the bottom up; the class says the shade, a hatch says it without colour.
PARTS = ("on-time", "late", "missing")


@dataclass(frozen=True)
class Part:
    """One share of a bar, in SVG units."""

    name: str
    y: str
    height: str


@dataclass(frozen=True)
class Bar:
    """A month. ``told`` says it in figures."""

    month: dt.date
    told: Told
    x: int
    parts: tuple[Part, ...]

    @property
    def middle(self) -> int:
        return self.x + BAR // 2


@dataclass(frozen=True)
class Chart:
    bars: tuple[Bar, ...]

    @property
    def width(self) -> int:
        return LEFT + len(self.bars) * (BAR + GAP) + GAP

    @property
    def height(self) -> int:
        return TOP + HEIGHT + 40

    @property
    def lines(self) -> list[tuple[int, str]]:
        """The lines of the scale: per cent and height."""
        return [(percent, _y(percent)) for percent in (0, 25, 50, 75, 100)]

    @property
    def label_y(self) -> int:
        return TOP + HEIGHT + 14


def chart_of(months: Mapping[dt.date, Told]) -> Chart:
    """A bar a month, from left to right; months without anything due stay empty."""
    return Chart(
        tuple(
            Bar(month, told, LEFT + GAP + n * (BAR + GAP), tuple(_parts(told)))
            for n, (month, told) in enumerate(sorted(months.items()))
        )
    )


def _parts(told: Told) -> list[Part]:
    found, below = [], 0.0
    for name, count in zip(PARTS, (told.on_time, told.late, told.missing), strict=True):
        if count:
            size = 100 * count / told.due
            found.append(Part(name, _y(below + size), _number(size * HEIGHT / 100)))
            below += size
    return found


def _y(percent: float) -> str:
    return _number(TOP + HEIGHT * (1 - percent / 100))


def _number(value: float) -> str:
    return f"{value:.1f}".rstrip("0").rstrip(".")
