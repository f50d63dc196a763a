"""The periodic sweep."""

from typing import Any

from celery import shared_task

from common.db import advisory_lease
from common.time import now
from escalation.sweep import sweep_run


@shared_task(name="escalation.run_sweep", soft_time_limit=240, time_limit=300)
def run_sweep() -> dict[str, Any]:
    """Sweep what is due now. A second beat or worker finds the lease taken and leaves it at that;
    without the lease two runs would do no harm either, each step is taken once."""
    with advisory_lease("escalation.sweep") as is_mine:
        return sweep_run(at=now()).as_dict() if is_mine else {}
