"""The overview as table, figures and map."""

import datetime as dt
from collections.abc import Callable, Sequence
from operator import methodcaller
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.access import Access
from accounts.roles import Permission
from common.text import fold
from communes.hexmap import HexMap, HexUnit, hexmap_cells
from communes.models import Unit
from communes.shades import legend, level
from deadlines.calendars import soon_period
from reports.selectors import MEASURES, Overview, UnitFigures

LABELS = {
    "open": gettext_lazy("Open cases"),
    "soon": gettext_lazy("Due within 3 working days"),
    "overdue": gettext_lazy("Overdue"),
    "escalated": gettext_lazy("Escalated"),
}
TONES = {"open": "neutral", "soon": "warning", "overdue": "danger", "escalated": "danger"}
SORTS: dict[str, Callable[[UnitFigures], Any]] = {
    "unit": lambda row: fold(row.unit.name),
    **{name: methodcaller("sort_key", name) for name in MEASURES},
}


HIDDEN = "…"  # a number that stays hidden, small or not


def totals(shown: Overview) -> list[dict[str, Any]]:
    """One tile a measure."""
    return [
        {
            "label": LABELS[name],
            "value": HIDDEN if value is None else value,
            "tone": TONES[name] if value else "neutral",
        }
        for name, value in shown.sums.items()
    ]


def table(access: Access, rows: Sequence[UnitFigures], sort: str) -> list[dict[str, Any]]:
    """Rows in the asked order; figures link to the inbox where the person sees its cases."""
    ordered = sorted(rows, key=lambda row: (SORTS[sort](row), fold(row.unit.name)))
    return [
        {
            "unit": row.unit,
            "cells": [
                {
                    "label": LABELS[name],
                    "value": HIDDEN if getattr(row, name) is None else getattr(row, name),
                    "href": inbox_href(access, row.unit, name),
                }
                for name in MEASURES
            ],
        }
        for row in ordered
    ]


def inbox_href(access: Access, unit: Unit, measure: str) -> str:
    """The inbox narrowed to a unit and a measure, or "" for whoever does not see its cases."""
    if not access.has(Permission.CASE_VIEW, unit.pk):
        return ""
    query = {"unit": unit.code, **_inbox_filters(measure)}
    return f"{reverse('cases:inbox')}?{urlencode(query)}"


def _inbox_filters(measure: str) -> dict[str, str]:
    """The inbox's filters that give the cases of a measure."""
    if measure == "open":
        return {"open": "1"}
    if measure == "soon":
        day, bound = soon_period()
        after = bound + dt.timedelta(days=1)
        return {"due_after": day.isoformat(), "due_before": after.isoformat()}
    return {measure: "1", "open": "1"}


def columns(measure: str, sort: str) -> list[dict[str, Any]]:
    """Head cells of the table: each sorts it and keeps the map."""
    labels = {"unit": gettext_lazy("Unit name")} | LABELS
    return [
        {
            "label": label,
            "href": f"?{urlencode({'do': measure, 'sort': name})}#table",
            "is_current": name == sort,
            "is_number": name != "unit",
            "direction": "ascending" if name == "unit" else "descending",
        }
        for name, label in labels.items()
    ]


def overview_map(access: Access, rows: Sequence[UnitFigures], measure: str) -> HexMap:
    """The wards and communes shaded by a measure, darkest for the highest."""
    top = max((getattr(row, measure) or 0 for row in rows), default=0)
    units = [_cell(access, row, measure, top) for row in rows if row.unit.grid_col is not None]
    hides_small = any(getattr(row, measure) is None for row in rows)
    return hexmap_cells(units, legend(top, hides_small=hides_small))


def _cell(access: Access, row: UnitFigures, measure: str, top: int) -> HexUnit:
    value = getattr(row, measure)
    words = _("hidden") if value is None else ngettext("%(n)d case", "%(n)d cases", value)
    return HexUnit(
        code=row.unit.code,
        name=row.unit.name,
        kind=row.unit.kind,
        col=row.unit.grid_col or 0,
        row=row.unit.grid_row or 0,
        href=inbox_href(access, row.unit, measure) or f"#u-{row.unit.code}",
        value=HIDDEN if value is None else str(value),
        level=0 if value is None else level(value, top),
        label=f"{LABELS[measure]}: {words % {'n': value}}",
    )
