"""Loading the fields of models and the indices that were published before the portal began."""

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db import transaction

from common.history import NewEvent
from common.reference import LoadReport, csv_rows, rows_sync
from communes.models import Unit
from mobilisation.enums_models import SCALES
from mobilisation.models import ExemplarField, IndexEvent, IndexYear
from mobilisation.services._step import ROOM
from mobilisation.services.indices import ENTERED

DATA = Path(__file__).resolve().parent.parent / "data"
YES = "yes"


@transaction.atomic
def models_load(report: LoadReport) -> None:
    """Bring the fields to what the file says, and enter indices that are not there yet: what a
    person has entered or corrected is never touched."""
    fields = [
        raw | {"position": position}
        for position, raw in enumerate(csv_rows(DATA / "exemplar_fields.csv"), start=1)
    ]
    rows_sync(ExemplarField, fields, key="code", kind="fields of models", report=report)
    _indices(report)


def _indices(report: LoadReport) -> None:
    known = set(IndexYear.objects.values_list("kind", "year", "unit__code"))
    units = {unit.code: unit for unit in Unit.objects.filter(kind="city")}
    raws = csv_rows(DATA / "indices.csv")
    new = [raw for raw in raws if (raw["kind"], int(raw["year"]), raw["unit"]) not in known]
    rows = IndexYear.objects.bulk_create([_index(raw, units[raw["unit"]]) for raw in new])
    IndexEvent.append_many(
        [NewEvent(row.pk, f"{ROOM}.{ENTERED}", {"version": 1}) for row in rows], fresh=True
    )
    report.add("indices", [f"{row.kind} {row.year}" for row in rows])
    report.keep("indices", len(raws) - len(new))


def _index(raw: dict[str, str], unit: Unit) -> IndexYear:
    numbers: dict[str, Any] = {
        name: Decimal(raw[name]) if raw[name] else None
        for name in ("value", "country_value", "target")
    }
    ranks = {name: int(raw[name]) if raw[name] else None for name in ("rank", "ranked_of")}
    return IndexYear(
        kind=raw["kind"],
        year=int(raw["year"]),
        unit=unit,
        scale=SCALES[raw["kind"]],
        source=raw["source"],
        published_on=dt.date.fromisoformat(raw["published_on"]) if raw["published_on"] else None,
        is_public=raw["is_public"] == YES,
        **numbers,
        **ranks,
    )
