"""Figures of the reception calendar as pages, files and the API show them."""

from collections.abc import Sequence
from dataclasses import asdict
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.formats import localize
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from common.sheets import Sheet
from communes.models import Unit
from directives.presenters import report_value
from directives.receptions_figures import NOTHING, Counted, Figures
from directives.selectors_figures import PeriodFigures, UnitFigures
from receptions.posts import post_label


def share_words(share: Decimal | None) -> str:
    """``92,5%``, "–" where nothing was owed."""
    return "–" if share is None else f"{localize(share.normalize() + 0)}%"


def figures_cells(row: Figures) -> dict[str, Any]:
    """The figures with their shares in words."""
    return asdict(row) | {
        "share": share_words(row.share),
        "in_time_share": share_words(row.in_time_share),
    }


def unit_figures(row: UnitFigures, indicator: str) -> dict[str, Any]:
    """A unit's row of the table of a task."""
    return {
        "unit": row.assignment.unit,
        "href": reverse("directives_staff:assignment", args=[row.assignment.public_id]),
        "cells": figures_cells(row.counted.total),
        "value": value_words(row.counted, indicator),
        "frozen_on": row.counted.on if row.counted.is_frozen else None,
    }


def figures_total(rows: Sequence[UnitFigures]) -> dict[str, Any]:
    """All units together."""
    return figures_cells(sum((row.counted.total for row in rows), NOTHING))


def period_figures(
    rows: Sequence[PeriodFigures], unit: Unit, indicator: str
) -> list[dict[str, Any]]:
    """A unit's figures by period with each post of it."""
    return [
        {
            "words": row.period.words,
            "is_running": row.is_running,
            "frozen_on": row.counted.on if row.counted.is_frozen else None,
            "value": value_words(row.counted, indicator),
            "cells": figures_cells(row.counted.total),
            "posts": [
                {
                    "label": capfirst(post_label(unit, duty)),
                    **figures_cells(one),
                }
                for duty, one in row.counted.posts.items()
            ],
        }
        for row in rows
    ]


def value_words(counted: Counted, indicator: str) -> str:
    """The figure that answers the task, "" where there is none."""
    value = counted.value(indicator)
    return report_value(indicator, value) if value else ""


def figures_sheet(rows: Sequence[UnitFigures], indicator: str) -> Sheet:
    """The table of a task for spreadsheet programs."""
    head = [
        _("Unit code"), _("Unit"), _("Days owed"), _("Days held that count"), _("Days missing"),
        _("Share of the days owed"), _("Dialogues held"), _("Tasks of conclusions due"),
        _("Reported in time"), _("Late"), _("Figure"), _("Read on"),
    ]  # fmt: skip
    return Sheet(str(_("Reception days")), [str(word) for word in head], [
        _line(row, indicator) for row in rows
    ])  # fmt: skip


def _line(row: UnitFigures, indicator: str) -> list[str | int | None]:
    unit, total = row.assignment.unit, row.counted.total
    share = "" if total.share is None else f"{total.share.normalize():f}"
    return [
        unit.code, unit.full_name, total.required, total.held, total.missing, share,
        total.dialogues, total.due, total.in_time, total.late, row.counted.value(indicator),
        row.counted.on.isoformat(),
    ]  # fmt: skip


def counted_json(counted: Counted, indicator: str) -> dict[str, Any]:
    """Figures in an answer of the API."""
    total = counted.total
    return {
        **asdict(total),
        "share": None if total.share is None else float(total.share),
        "value": counted.value(indicator),
        "read_on": counted.on.isoformat(),
        "is_frozen": counted.is_frozen,
        "posts": {duty: asdict(one) for duty, one in counted.posts.items()},
    }
