"""Periodic work on reports."""

from celery import shared_task

from common.db import advisory_lease
from common.jobs import job
from common.time import now
from reports.party_line import party_list_send
from reports.services.batches import batches_run


@shared_task(name="reports.send_party_list", soft_time_limit=120, time_limit=180)
@job("reports.send_party_list")
def send_party_list() -> int:
    """Tell that last month's lists of overdue petitions are ready; a second run tells nobody."""
    return party_list_send(at=now())


@shared_task(name="reports.run_batches", soft_time_limit=240, time_limit=300)
def run_batches() -> int:
    """Make files of ordered registers, and clear those whose week is over. One worker at a time:
    the other ones go on with mails and clocks."""
    with advisory_lease("reports.run_batches") as is_mine:
        return _run_batches() if is_mine else 0


@job("reports.run_batches")
def _run_batches() -> int:
    return batches_run()
