"""Reports over time, as pages and files show them."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from directives.overview import Told


def month_lines(told: Mapping[dt.date, Told]) -> list[dict[str, Any]]:
    """A line a month, the newest first, with the shares of what was due."""
    return [
        {"month": month, "told": one, "shares": one.shares()}
        for month, one in sorted(told.items(), reverse=True)
    ]


def compared_line(name: str, one: Told, other: Told) -> dict[str, Any]:
    """Two months of the same; ``change`` in points of the share in time, 0 where one has none."""
    before, after = one.shares()[0], other.shares()[0]
    is_known = bool(one.due and other.due)
    change = after - before if is_known else 0
    return {
        "name": name,
        "one": one,
        "other": other,
        "before": before,
        "after": after,
        "is_known": is_known,
        "change": change,
        "words": (f"{change:+d}" if change else "0") if is_known else "–",
        "tone": "success" if change > 0 else "danger" if change < 0 else "neutral",
    }


def time_head() -> list[str]:
    return [_("Month"), _("In time"), _("Sent late"), _("No report"), _("Not due yet")]


def time_line(month: dt.date, told: Told) -> list[str]:
    return [f"{month:%m/%Y}", *map(str, told)]
