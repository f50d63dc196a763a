"""Periodic work of early warning."""

from celery import shared_task

from common.jobs import job
from early_warning.services import looks_remind, signals_look


@shared_task(name="early_warning.look", soft_time_limit=240, time_limit=300)
@job("early_warning.look")
def look() -> int:
    """Look for signals and remind of looks that have passed; returns how many are new."""
    found = signals_look()
    looks_remind()
    return found.new + found.again
