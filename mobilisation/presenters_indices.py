"""Indices and satisfaction figures as pages and files show them."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.formats import localize
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.errors import Text
from common.sheets import Sheet
from common.ui import TimelineItem
from communes.models import Unit
from mobilisation.charts import Reading, line_chart
from mobilisation.enums_models import IN_PERCENT, SCALES, IndexKind
from mobilisation.models import IndexEvent, IndexYear
from mobilisation.presenters import timeline
from mobilisation.satisfaction import Score
from mobilisation.selectors_indices import Series

FIELDS: dict[str, Text] = {
    "value": gettext_lazy("Value"),
    "country_value": gettext_lazy("Value of the whole country"),
    "rank": gettext_lazy("Rank"),
    "ranked_of": gettext_lazy("Of how many"),
    "target": gettext_lazy("Target of the year"),
    "source": gettext_lazy("Source"),
    "published_on": gettext_lazy("Published on"),
    "is_public": gettext_lazy("Shown on the public page"),
}
ACTIONS: dict[str, Text] = {
    "index.entered": gettext_lazy("Entered"),
    "index.corrected": gettext_lazy("Corrected"),
}
HIDDEN = "…"
TOP_SCORE = Decimal(5)


def number_words(kind: str, value: Decimal | None) -> str:
    """A value in the language's own digits, with % where the index has it; "" when unknown."""
    if value is None:
        return ""
    digits = str(localize(value.normalize() if value else Decimal(0), use_l10n=True))
    plain = f"{value.normalize():f}" if "E" in digits else digits
    return f"{plain}%" if kind in IN_PERCENT else plain


def rank_words(row: IndexYear) -> str:
    """``3/63``, or the rank alone where it is not known of how many; "" when unknown."""
    if row.rank is None:
        return ""
    return f"{row.rank}/{row.ranked_of}" if row.ranked_of else str(row.rank)


def series_block(series: Series, *, edits: bool = False) -> dict[str, Any]:
    """An index with its chart and its table, the latest year first."""
    kind = series.kind.value
    readings = series.readings
    return {
        "kind": kind,
        "label": series.kind.label,
        "scale": number_words(kind, SCALES[kind]),
        "chart": _drawn(kind, readings),
        "rows": [index_line(row) for row in reversed(series.rows)],
        "latest": index_line(series.latest) if series.latest is not None else None,
        "edits": edits,
    }


def index_line(row: IndexYear) -> dict[str, Any]:
    """An index of a year in words. ``reached``: against the target, None where there is none."""
    reached = None if row.value is None or row.target is None else row.value >= row.target
    return {
        "row": row,
        "value": number_words(row.kind, row.value),
        "country": number_words(row.kind, row.country_value),
        "target": number_words(row.kind, row.target),
        "rank": rank_words(row),
        "reached": reached,
    }


def latest_words(found: Iterable[Series]) -> str:
    """The last year of each index in a line, "" when nothing is known."""
    known = ((one.kind.name, one.latest) for one in found if one.latest is not None)
    return "; ".join(
        f"{name} {row.year}: {number_words(row.kind, row.value) or '–'}" for name, row in known
    )


def _drawn(kind: str, readings: Sequence[Reading]) -> dict[str, Any] | None:
    chart = line_chart(readings, SCALES[kind])
    if chart is None:
        return None
    return chart_block(
        chart, lambda value: number_words(kind, _short(value)), _summary(kind, readings)
    )


def chart_block(chart: Any, say: Any, summary: str) -> dict[str, Any]:
    """A chart with its numbers in words; ``summary`` is read instead of it."""
    return {
        "chart": chart,
        "summary": summary,
        "rows": [(tick, say(tick.raw)) for tick in chart.rows],
        "dots": [(dot, say(dot.raw)) for dot in chart.dots],
    }


def _short(value: Decimal) -> Decimal:
    """At most four digits after the point for small scales, two for the others."""
    return value.quantize(Decimal("0.0001") if value < 2 else Decimal("0.01"))


def _summary(kind: str, readings: Iterable[Reading]) -> str:
    said = [f"{r.label}: {number_words(kind, r.value)}" for r in readings if r.value is not None]
    return "; ".join(said) or str(_("targets only"))


def score_rows(scores: Mapping[int, Score], labels: Mapping[int, str]) -> list[dict[str, Any]]:
    """A table of satisfaction: by label the number of ratings, their mean, the share content."""
    return [
        {
            "label": labels[key],
            "count": HIDDEN if score.is_hidden else score.count,
            "mean": _or_mark(score, score.mean),
            "content": _or_mark(score, score.content, "%"),
        }
        for key, score in scores.items()
    ]


def _or_mark(score: Score, value: Decimal | None, unit: str = "") -> str:
    if score.is_hidden:
        return HIDDEN
    return "–" if value is None else f"{localize(value)}{unit}"


def score_chart(scores: Mapping[int, Score]) -> dict[str, Any] | None:
    """The means by month as a chart; what is hidden or missing breaks the line."""
    readings = [Reading(str(month), score.mean) for month, score in scores.items()]
    chart = line_chart(readings, TOP_SCORE)
    if chart is None:
        return None
    said = [f"{r.label}: {localize(r.value)}" for r in readings if r.value is not None]
    return chart_block(
        chart, lambda value: str(localize(value.quantize(Decimal("0.01")))), "; ".join(said)
    )


def month_labels(year: int) -> dict[int, str]:
    return {month: f"{month}/{year}" for month in range(1, 13)}


def event_items(events: Sequence[IndexEvent]) -> list[TimelineItem]:
    """The history of an index in words, the newest first as given."""
    return timeline(events, ACTIONS, _changes, _("Reference data of the portal"))


def _changes(data: Mapping[str, Any]) -> Iterable[str]:
    for name, (old, new) in data.get("fields", {}).items():
        label = FIELDS.get(name, name)
        yield f"{label}: {_said(old)} → {_said(new)}"


def _said(value: Any) -> str:
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    try:
        return f"{dt.date.fromisoformat(str(value)):%d/%m/%Y}"
    except ValueError:
        return str(value)


def index_sheet(rows: Iterable[IndexYear]) -> Sheet:
    """Indices as a table for spreadsheet programs; numbers with a point."""
    head = [
        _("Unit code"), _("Unit"), _("Index"), _("Year"), _("Value"), _("Scale"), _("Rank"),
        _("Of how many"), _("Value of the whole country"), _("Target of the year"), _("Source"),
        _("Published on"),
    ]  # fmt: skip
    return Sheet(str(_("Indices")), [str(word) for word in head], [_cells(row) for row in rows])


def _cells(row: IndexYear) -> list[str | int | None]:
    unit: Unit = row.unit
    return [
        unit.code, unit.full_name, IndexKind(row.kind).name, row.year, _digits(row.value),
        _digits(row.scale), row.rank, row.ranked_of, _digits(row.country_value),
        _digits(row.target), row.source, row.published_on.isoformat() if row.published_on else "",
    ]  # fmt: skip


def _digits(value: Decimal | None) -> str:
    return "" if value is None else f"{value.normalize():f}"
