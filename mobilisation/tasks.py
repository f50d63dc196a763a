"""Periodic work on the registers."""

from celery import shared_task

from common.jobs import job
from mobilisation.services.warnings import programmes_warn


@shared_task(name="mobilisation.warn_programmes", soft_time_limit=60, time_limit=90)
@job("mobilisation.warn_programmes")
def warn_programmes() -> int:
    """Tell units which of their coordination programmes run out within 30 days."""
    return programmes_warn()
