"""Figures of reports against the target of their task, and of many units together. Pure.

A value has the stored form of its indicator (``directives.validators.value_checked``): a whole
number, a percentage without the sign, ``yes`` or ``no``, an ISO date.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

COUNT, PERCENTAGE, YES_NO, DATE = "count", "percentage", "yes_no", "date"


def is_met(indicator: str, value: str, target: str) -> bool | None:
    """Whether a figure reaches the target: as much or more, the same answer, that day or earlier;
    None without a figure or a target."""
    if not value or not target:
        return None
    if indicator == YES_NO:
        return value == target
    if indicator == DATE:
        return dt.date.fromisoformat(value) <= dt.date.fromisoformat(target)
    return Decimal(value) >= Decimal(target)


@dataclass(frozen=True)
class Together:
    """The figures of several units: ``sum`` of numbers, ``average`` of percentages (one decimal),
    ``yes`` of answers, ``first`` and ``last`` of dates; None where the indicator has none."""

    reported: int
    sum: int | None = None
    average: Decimal | None = None
    yes: int | None = None
    first: dt.date | None = None
    last: dt.date | None = None


def together(indicator: str, values: Sequence[str]) -> Together:
    """What these figures say together; those that are "" count for nothing."""
    said = [value for value in values if value]
    n = len(said)
    if not said:
        return Together(0)
    if indicator == COUNT:
        return Together(n, sum=sum(int(value) for value in said))
    if indicator == PERCENTAGE:
        average = sum((Decimal(value) for value in said), Decimal(0)) / n
        return Together(n, average=average.quantize(Decimal("0.1"), rounding=ROUND_HALF_UP))
    if indicator == YES_NO:
        return Together(n, yes=said.count("yes"))
    days = sorted(dt.date.fromisoformat(value) for value in said)
    return Together(n, first=days[0], last=days[-1])


def bar(indicator: str, value: str, most: Decimal) -> tuple[float, float] | None:
    """Length and full length of the bar of a figure: of 100 per cent, or of the highest number
    (``most``); None where there is nothing to draw."""
    if not value or indicator not in (COUNT, PERCENTAGE):
        return None
    full = Decimal(100) if indicator == PERCENTAGE else most
    return float(value), float(full or 1)
