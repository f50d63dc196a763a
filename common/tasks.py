"""Periodic work on what belongs to no app."""

from celery import shared_task

from common.idempotency import idempotency_prune
from common.jobs import job


@shared_task(name="common.prune_idempotency_keys", soft_time_limit=240, time_limit=300)
@job("common.prune_idempotency_keys")
def prune_idempotency_keys() -> int:
    """Forget the keys of requests older than a week."""
    return idempotency_prune()
