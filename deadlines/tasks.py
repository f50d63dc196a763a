"""Periodic work on clocks."""

from celery import shared_task

from common.jobs import job
from common.time import now
from deadlines.recalculation import latest_change_settle


@shared_task(name="deadlines.settle_calendar_change", soft_time_limit=240, time_limit=280)
@job("deadlines.settle_calendar_change")
def settle_calendar_change() -> int:
    """Count clocks once more that were started while the days off changed; twice is harmless."""
    return latest_change_settle(at=now()).moved
