"""Periodic delivery of the outbox."""

from celery import shared_task

from common.jobs import job
from notifications.delivery import outbox_deliver


@shared_task(name="notifications.deliver_outbox", soft_time_limit=240, time_limit=300)
@job("notifications.deliver_outbox")
def deliver_outbox() -> dict[str, int | bool]:
    """Send what is due; runs every few seconds and may run twice at once."""
    return outbox_deliver().as_dict()
