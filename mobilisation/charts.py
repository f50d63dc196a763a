"""Line charts as plain geometry: values over years or months, with a line of targets. No Django."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

WIDTH, HEIGHT = 640, 300
LEFT, RIGHT, TOP, BOTTOM = 92, 28, 34, 44
STEPS = 4
# Room above and below the values, as a share of their range, and the least range drawn.
AIR = Decimal("0.15")
FLAT = Decimal("0.02")
# A target so near above a value takes the place of its words, which then stand so far below.
NEAR, BELOW = 32, 24


@dataclass(frozen=True)
class Reading:
    """A place on the axis with its label, and what is known there."""

    label: str
    value: Decimal | None = None
    target: Decimal | None = None


@dataclass(frozen=True)
class Dot:
    """A drawn value, in SVG units; ``raw`` is the number itself."""

    x: str
    y: str
    raw: Decimal
    label_y: str


@dataclass(frozen=True)
class Tick:
    """A line of the grid with its number, or a label below."""

    at: str
    raw: Decimal | None = None
    label: str = ""


@dataclass(frozen=True)
class Chart:
    """A line chart in SVG units. ``lines``: pieces of unbroken years, as points."""

    dots: Sequence[Dot]
    lines: Sequence[str]
    target_dots: Sequence[Dot]
    target_lines: Sequence[str]
    rows: Sequence[Tick]
    columns: Sequence[Tick]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    label_x: int = LEFT - 8
    label_y: int = HEIGHT - BOTTOM + 28


def line_chart(readings: Sequence[Reading], scale: Decimal) -> Chart | None:
    """The chart of values between 0 and ``scale``, None when nothing is known at all.

    The axis shows the part of the scale in which the values lie; a place without a value breaks
    the line.
    """
    known = [n for r in readings for n in (r.value, r.target) if n is not None]
    if not known:
        return None
    grid = _grid(min(known), max(known), scale)
    low, high = grid[0], grid[-1]
    places = [_x(number, len(readings)) for number in range(len(readings))]
    values = [r.value for r in readings]
    targets = [r.target for r in readings]
    return Chart(
        dots=_beside(_dots(places, values, low, high), _dots(places, targets, low, high)),
        lines=_lines(places, values, low, high),
        target_dots=_dots(places, targets, low, high),
        target_lines=_lines(places, targets, low, high),
        rows=[Tick(_y(n, low, high), raw=n) for n in grid],
        columns=[Tick(x, label=r.label) for x, r in zip(places, readings, strict=True)],
    )


def _grid(least: Decimal, most: Decimal, scale: Decimal) -> list[Decimal]:
    """Round numbers from below the least value to above the greatest, on the scale."""
    air = max((most - least) * AIR, scale * FLAT)
    low, high = max(least - air, Decimal(0)), min(most + air, scale)
    step = _round_step((high - low) / STEPS)
    first = (low / step).to_integral_value(ROUND_FLOOR)
    last = (high / step).to_integral_value(ROUND_CEILING)
    return [step * n for n in range(int(first), int(last) + 1)]


def _round_step(least: Decimal) -> Decimal:
    """The next of 1, 2, 5 by powers of ten."""
    power = Decimal(10) ** least.adjusted()
    return next(power * n for n in (1, 2, 5, 10) if power * n >= least)


def _x(number: int, count: int) -> str:
    inner = WIDTH - LEFT - RIGHT
    share = Decimal(2 * number + 1) / Decimal(2 * count)
    return f"{LEFT + inner * share:.1f}"


def _y(value: Decimal, low: Decimal, high: Decimal) -> str:
    inner = HEIGHT - TOP - BOTTOM
    return f"{TOP + inner * (high - value) / (high - low):.1f}"


def _dots(
    places: Sequence[str], values: Sequence[Decimal | None], low: Decimal, high: Decimal
) -> list[Dot]:
    found = []
    for x, value in zip(places, values, strict=True):
        if value is not None:
            y = _y(value, low, high)
            found.append(Dot(x, y, value, f"{Decimal(y) - 10:.1f}"))
    return found


def _beside(dots: Sequence[Dot], targets: Sequence[Dot]) -> list[Dot]:
    """Words stand below a value whose target lies where they would be."""
    above = {dot.x: Decimal(dot.y) for dot in targets}
    return [
        replace(dot, label_y=f"{Decimal(dot.y) + BELOW:.1f}")
        if 0 < Decimal(dot.y) - above.get(dot.x, Decimal(dot.y)) < NEAR
        else dot
        for dot in dots
    ]


def _lines(
    places: Sequence[str], values: Sequence[Decimal | None], low: Decimal, high: Decimal
) -> list[str]:
    pieces: list[list[str]] = [[]]
    for x, value in zip(places, values, strict=True):
        if value is None:
            pieces.append([])
        else:
            pieces[-1].append(f"{x},{_y(value, low, high)}")
    return [" ".join(piece) for piece in pieces if len(piece) > 1]
