"""Periodic work on what belongs to no app."""

from celery import shared_task

from common.idempotency import idempotency_prune
from common.jobs import job
from common.roots import root_make


@shared_task(name="common.prune_idempotency_keys", soft_time_limit=240, time_limit=300)
@job("common.prune_idempotency_keys")
def prune_idempotency_keys() -> int:
    """Forget the keys of requests older than a week."""
    return idempotency_prune()


@shared_task(name="common.make_history_root", soft_time_limit=780, time_limit=840)
@job("common.make_history_root")
def make_history_root() -> bool:
    """The hash over everything that was appended to the histories; whether one was made."""
    return root_make() is not None
