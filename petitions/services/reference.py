"""Loading the subject fields."""

from pathlib import Path

from django.db import transaction

from common.reference import LoadReport, csv_rows, rows_sync
from petitions.models import SubjectField
from petitions.references import field_cache_clear

DATA = Path(__file__).parent.parent / "data"


@transaction.atomic
def fields_load(report: LoadReport) -> None:
    """Bring the subject fields to what the file says, in its order; none is ever deleted."""
    rows = [
        {**row, "position": position}
        for position, row in enumerate(csv_rows(DATA / "fields.csv"), start=1)
    ]
    rows_sync(SubjectField, rows, key="code", kind="fields", report=report)
    transaction.on_commit(field_cache_clear)
