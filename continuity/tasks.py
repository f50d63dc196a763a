"""Periodic work on continuity."""

from celery import shared_task

from common.jobs import job
from continuity.services import gaps_watch, reforms_due


@shared_task(name="continuity.watch", soft_time_limit=240, time_limit=300)
@job("continuity.watch")
def watch() -> int:
    """Tell of what is new without a holder or untouched."""
    return gaps_watch()


@shared_task(name="continuity.carry_out_reforms", soft_time_limit=240, time_limit=300)
@job("continuity.carry_out_reforms")
def carry_out_reforms() -> int:
    """Carry out the approved reforms whose day has come."""
    return reforms_due()
