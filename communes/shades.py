"""Counts as shades of the map: 1 for none, then four equal steps up to the highest."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from communes.hexmap import LegendItem


def level(value: int, top: int) -> int:
    """The shade of a count: 1 for none, then four equal steps up to the highest of the city."""
    if value == 0 or top == 0:
        return 1
    return min(5, 2 + (value - 1) * 4 // top)


def legend(top: int, *, hides_small: bool = False) -> list[LegendItem]:
    """The counts that each shade in use stands for."""
    spans: dict[int, list[int]] = {}
    for value in range(top + 1):
        spans.setdefault(level(value, top), []).append(value)
    found = [LegendItem(shade, _span(span)) for shade, span in sorted(spans.items())]
    return [LegendItem(0, gettext_lazy("hidden")), *found] if hides_small else found


def _span(values: list[int]) -> str:
    if values[0] == values[-1]:
        return str(values[0])
    return _("%(low)d to %(high)d") % {"low": values[0], "high": values[-1]}
