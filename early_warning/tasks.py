"""Periodic work of early warning."""

from celery import shared_task

from common.jobs import job
from early_warning.services import looks_remind, signals_look, unowned_remind


@shared_task(name="early_warning.look", soft_time_limit=240, time_limit=300)
@job("early_warning.look")
def look() -> int:
    """Look for signals, remind of looks that have passed and of signals that nobody takes over;
    returns how many are new."""
    found = signals_look()
    looks_remind()
    unowned_remind()
    return found.new + found.again
