"""Periodic work on petitions."""

from celery import shared_task

from common.jobs import job
from common.time import now
from petitions.services.drafts import drafts_prune


@shared_task(name="petitions.prune_drafts", soft_time_limit=60, time_limit=90)
@job("petitions.prune_drafts")
def prune_drafts() -> int:
    """Delete sent drafts after a day, others when untouched for a week."""
    return drafts_prune(at=now())
