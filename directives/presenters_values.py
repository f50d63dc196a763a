"""Figures that units report on a task, as pages, files and the API show them."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format, localize
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from common.time import local_date
from directives.enums import Verdict
from directives.exports import day_cell
from directives.indicators import bar
from directives.overview import share
from directives.periods import Period
from directives.presenters import report_value
from directives.selectors_values import TaskValues, UnitValue

TONES = {Verdict.MET: "success", Verdict.BELOW: "warning", Verdict.NONE: "neutral"}


def value_line(row: UnitValue, most: Decimal) -> dict[str, Any]:
    """A unit's row; ``most`` is the length of the longest bar."""
    task, report = row.assignment.task, row.report
    period = report.period if report is not None else None
    return {
        "unit": row.assignment.unit,
        "href": reverse("directives_staff:assignment", args=[row.assignment.public_id]),
        "value": report_value(task.indicator, row.value) if row.value else "",
        "bar": bar(task.indicator, row.value, most),
        "verdict": Verdict(row.verdict).label if row.verdict else "",
        "tone": TONES[Verdict(row.verdict)] if row.verdict else "neutral",
        "standing": standing_words(row),
        "reported_on": local_date(report.at) if report is not None else None,
        "period": Period(period.starts_on, period.ends_on).words if period else "",
    }


def standing_words(row: UnitValue) -> str:
    """Whether the City has confirmed the figure."""
    if row.report is None:
        return ""
    return _("confirmed by the City") if row.is_confirmed else _("reported, not confirmed yet")


def together_words(values: TaskValues) -> str:
    """The figures of all units in one: sum, average, share of yes, or from which day to which."""
    found = values.together
    if found.sum is not None:
        return _("Sum: %(value)s") % {"value": localize(found.sum)}
    if found.average is not None:
        return _("Average: %(value)s%%") % {"value": localize(found.average)}
    if found.yes is not None:
        parts = {"n": found.yes, "of": found.reported, "share": share(found.yes, found.reported)}
        return _("Yes: %(n)s of %(of)s (%(share)s%%)") % parts
    if found.first is not None and found.last is not None:
        days = {
            "first": date_format(found.first, "d/m/Y"),
            "last": date_format(found.last, "d/m/Y"),
        }
        return _("From %(first)s to %(last)s") % days
    return ""


def values_head() -> list[str]:
    return [
        _("Unit code"), _("Unit name"), _("Former district"), _("State"), _("Figure"), _("Target"),
        _("Against the target"), _("Standing of the figure"), _("Reported on"),
    ]  # fmt: skip


def values_lines(values: TaskValues) -> Iterator[list[str]]:
    task = values.task
    target = report_value(task.indicator, task.target) if task.target else ""
    for row in values.rows:
        unit, line = row.assignment.unit, value_line(row, values.most)
        yield [
            unit.code,
            unit.full_name,
            unit.former_district,
            capfirst(row.assignment.get_state_display()),
            line["value"],
            target,
            str(line["verdict"]),
            line["standing"],
            day_cell(line["reported_on"]),
        ]
