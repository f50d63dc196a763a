"""Loading the minimum reception days from the file of the app."""

import datetime as dt
from pathlib import Path
from typing import Any

from common.reference import LoadReport, csv_rows, rows_sync
from receptions.models import DutyQuota
from receptions.services.adoption import conclusions_adopt

QUOTAS = Path(__file__).resolve().parent.parent / "data" / "quotas.csv"


def reference_load(report: LoadReport) -> None:
    """Bring ``DutyQuota`` to the state of ``data/quotas.csv``, and conclusions of before the
    notices into notices; a second load changes nothing."""
    rows = [_row(raw) for raw in csv_rows(QUOTAS)]
    rows_sync(DutyQuota, rows, key="code", kind="reception quotas", report=report)
    conclusions_adopt(report)


def _row(raw: dict[str, str]) -> dict[str, Any]:
    return raw | {
        "minimum_days": int(raw["minimum_days"]),
        "valid_from": dt.date.fromisoformat(raw["valid_from"]),
        "valid_to": dt.date.fromisoformat(raw["valid_to"]) if raw["valid_to"] else None,
    }
