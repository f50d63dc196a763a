"""``manage.py load_reference``: bring reference data to what the files say."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from common.reference import LoadReport
from communes.services import units_load
from deadlines.recalculation import reference_load as deadlines_load
from directives.services import directives_load
from early_warning.services import rules_load
from mobilisation.services import models_load
from petitions.services.reference import fields_load
from receptions.services import reference_load as receptions_load

LOADERS = (
    units_load, fields_load, deadlines_load, receptions_load, directives_load, models_load,
    rules_load,
)  # fmt: skip


class Command(BaseCommand):
    help = "Load units, fields, deadline rules, calendar, quotas, directives, rules; idempotent."

    def handle(self, *args: Any, **options: Any) -> None:
        """All or nothing; prints what changed, kind by kind."""
        report = LoadReport()
        with transaction.atomic():
            for load in LOADERS:
                load(report)
        if options["verbosity"]:
            lines = report.lines() + ([] if report.has_changes else ["nothing changed"])
            self.stdout.write("\n".join(lines))
