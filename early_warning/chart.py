"""Geometry of the chart of petitions by week with the stages as marks. No database, no Django."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

HEIGHT, BASE, TOP = 150.0, 120.0, 22.0
LEFT, WIDE = 30.0, 760.0


@dataclass(frozen=True)
class Bar:
    """A week: ``count`` petitions; places in SVG units."""

    monday: dt.date
    count: int
    x: str
    y: str
    width: str
    height: str


@dataclass(frozen=True)
class StageMark:
    """A stage on the day it was done; ``number`` is its place in the order."""

    number: int
    day: dt.date
    x: str


@dataclass(frozen=True)
class Tick:
    """A label of the axis of weeks."""

    label: str
    x: str


@dataclass(frozen=True)
class Chart:
    bars: tuple[Bar, ...]
    marks: tuple[StageMark, ...]
    ticks: tuple[Tick, ...]
    top: int
    width: str = f"{LEFT + WIDE + 10:.0f}"
    height: str = f"{HEIGHT:.0f}"
    base: str = f"{BASE:.0f}"
    ceiling: str = f"{TOP:.0f}"
    left: str = f"{LEFT:.0f}"
    right: str = f"{LEFT + WIDE:.0f}"


def chart_of(
    weeks: Sequence[tuple[dt.date, int]], stages: Sequence[tuple[int, dt.date]]
) -> Chart | None:
    """Bars of weeks (Monday, count) and marks of stages (number, local date); None without
    weeks."""
    if not weeks:
        return None
    top = max(*(count for _monday, count in weeks), 1)
    step = WIDE / len(weeks)
    first = weeks[0][0]
    return Chart(
        bars=tuple(_bar(n, monday, count, step, top) for n, (monday, count) in enumerate(weeks)),
        marks=tuple(
            StageMark(number, day, _plain(LEFT + (day - first).days / 7 * step))
            for number, day in stages
        ),
        ticks=_ticks(weeks, step),
        top=top,
    )


def _bar(place: int, monday: dt.date, count: int, step: float, top: int) -> Bar:
    height = (BASE - TOP) * count / top
    return Bar(
        monday=monday,
        count=count,
        x=_plain(LEFT + place * step + step * 0.1),
        y=_plain(BASE - height),
        width=_plain(step * 0.8),
        height=_plain(height),
    )


def _ticks(weeks: Sequence[tuple[dt.date, int]], step: float) -> tuple[Tick, ...]:
    """The first week of every month, not too many."""
    firsts = [
        (place, monday)
        for place, (monday, _count) in enumerate(weeks)
        if monday.day <= 7 or place == 0
    ]
    every = max(1, len(firsts) // 8)
    return tuple(
        Tick(f"{monday:%d/%m/%y}", _plain(LEFT + place * step)) for place, monday in firsts[::every]
    )


def _plain(number: float) -> str:
    return f"{number:.1f}".rstrip("0").rstrip(".")
