"""Periodic work on files."""

from celery import shared_task

from attachments.services import attachments_prune
from common.jobs import job
from common.time import now


@shared_task(name="attachments.prune_unclaimed", soft_time_limit=240, time_limit=300)
@job("attachments.prune_unclaimed")
def prune_unclaimed() -> int:
    """Remove uploads older than eight days that no letter took."""
    return attachments_prune(at=now())
