"""Loading the units: compared with the files, never deleted."""

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db import transaction

from common.reference import LoadReport, csv_rows, rows_sync
from common.text import fold
from common.time import today
from communes.enums import UnitKind
from communes.models import OFFICE_HOURS, Unit
from communes.selectors import reformed_codes, unit_cache_clear, unit_ids_with_petitions

DATA = Path(__file__).parent / "data"
KIND = "units"
ROOT = "CITY"

Rows = Sequence[Mapping[str, str]]


@transaction.atomic
def units_load(
    report: LoadReport, *, units: Rows | None = None, bodies: Rows | None = None
) -> None:
    """Bring the table of units to what the files say; ``units`` and ``bodies`` replace the files.

    A unit that the files no longer name is ended yesterday, local date; when petitions were
    addressed to it or are held by it, it is kept as it is, with a warning. What a reform decided
    (a unit that was merged, split, formed or renamed) goes before the files.
    """
    body_rows = csv_rows(DATA / "bodies.csv") if bodies is None else bodies
    unit_rows = csv_rows(DATA / "units.csv") if units is None else units
    kept = reformed_codes()
    unit_rows = [row for row in unit_rows if row["code"] not in kept]
    body_rows = [row for row in body_rows if row["code"] not in kept]
    roots = [_body(row, None) for row in body_rows if row["code"] == ROOT]
    root = rows_sync(Unit, roots, key="code", kind=KIND, report=report)[ROOT].pk
    rows = [_body(row, root) for row in body_rows if row["code"] != ROOT]
    rows += [_commune(row, root) for row in unit_rows]
    rows_sync(Unit, rows, key="code", kind=KIND, report=report)
    _end_missing({ROOT, *kept, *(row["code"] for row in rows)}, report)
    transaction.on_commit(unit_cache_clear)


def _body(row: Mapping[str, str], root: int | None) -> dict[str, Any]:
    return {
        "code": row["code"],
        "kind": UnitKind(row["kind"]),
        "name": row["name_vi"],
        "full_name": row["name_vi"],
        "name_en": row["name_en"],
        "slug": row["slug"],
        "line": row["line"],
        "duty": row["duty_vi"],
        "parent_id": root,
        "search_text": fold(f"{row['name_vi']} {row['name_en']} {row['code']}"),
        "basis": row["basis"],
        "working_hours": row.get("working_hours") or OFFICE_HOURS,
        "valid_to": None,
    }


def _commune(row: Mapping[str, str], root: int) -> dict[str, Any]:
    known = (
        row["full_name_vi"],
        row["former_district_vi"],
        row["code"],
        row["formed_from_vi"],
    )
    return {
        "code": row["code"],
        "kind": UnitKind(row["kind"]),
        "name": row["name_vi"],
        "full_name": row["full_name_vi"],
        "slug": row["slug"],
        "parent_id": root,
        "former_district": row["former_district_vi"],
        "formed_from": row["formed_from_vi"],
        "latitude": Decimal(row["latitude"]),
        "longitude": Decimal(row["longitude"]),
        "area_km2": Decimal(row["area_km2"]),
        "population": int(row["population"]),
        "neighbours": row["neighbours"].split(),
        "grid_col": int(row["grid_col"]),
        "grid_row": int(row["grid_row"]),
        "search_text": fold(" ".join(known)),
        "basis": row["basis"],
        "valid_from": dt.date.fromisoformat(row["valid_from"]),
        "valid_to": None,
    }


def _end_missing(named: set[str], report: LoadReport) -> None:
    missing = list(Unit.objects.filter(valid_to=None).exclude(code__in=named))
    held = unit_ids_with_petitions([unit.pk for unit in missing]) if missing else set()
    ended = [unit for unit in missing if unit.pk not in held]
    for unit in ended:
        unit.valid_to = max(unit.valid_from, today() - dt.timedelta(days=1))
    Unit.objects.bulk_update(ended, ["valid_to"])
    report.end(KIND, [unit.code for unit in ended])
    for unit in missing:
        if unit.pk in held:
            report.warn(f"unit {unit.code} is not in the file but has petitions: kept")
