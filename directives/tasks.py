"""Periodic work on directives."""

from celery import shared_task

from common.jobs import job
from directives.services.imports import imports_run
from directives.services.periods import periods_open


@shared_task(name="directives.open_periods", soft_time_limit=240, time_limit=300)
@job("directives.open_periods")
def open_periods() -> int:
    """Make the periods of reports that have begun, each with its clock."""
    return periods_open()


@shared_task(name="directives.run_imports", soft_time_limit=240, time_limit=300)
@job("directives.run_imports")
def run_imports() -> int:
    """Give what confirmed files of assignments still hold."""
    return imports_run()
