"""Periodic work on petitions."""

from celery import shared_task

from common.jobs import job
from common.time import now
from petitions.services.drafts import drafts_prune
from petitions.services.recovery import recoveries_prune


@shared_task(name="petitions.prune_drafts", soft_time_limit=60, time_limit=90)
@job("petitions.prune_drafts")
def prune_drafts() -> int:
    """Delete sent drafts after a day, others when untouched for a week, and askings for a lost
    receipt after a day."""
    moment = now()
    return drafts_prune(at=moment) + recoveries_prune(at=moment)
