"""The periodic sweep, and what the portal tells its keepers."""

from typing import Any

import structlog
from celery import shared_task

from common.db import advisory_lease
from common.jobs import job
from common.time import now
from escalation.alarms import calendar_alarm_send
from escalation.sweep import runs_prune, sweep_run

log = structlog.get_logger(__name__)
# A large backlog is taken by two workers; more would wait for each other's disk.
AT_ONCE = 2


@shared_task(name="escalation.run_sweep", soft_time_limit=240, time_limit=300)
def run_sweep() -> dict[str, Any]:
    """Sweep what is due now. A third beat or worker finds both leases taken and leaves it at that;
    without leases many runs would do no harm either, each step is taken once."""
    for slot in range(AT_ONCE):
        with advisory_lease(f"escalation.sweep.{slot}") as is_mine:
            if is_mine:
                return _sweep()
    return {}


@job("escalation.run_sweep")
def _sweep() -> dict[str, Any]:
    return sweep_run(at=now()).as_dict()


@shared_task(name="escalation.prune_runs", soft_time_limit=50, time_limit=60)
@job("escalation.prune_runs")
def prune_runs() -> int:
    """Forget runs that found nothing to do, after a month; the others stay."""
    return runs_prune(at=now())


@shared_task(name="escalation.check_calendar", soft_time_limit=50, time_limit=60)
@job("escalation.check_calendar")
def check_calendar() -> list[str]:
    """Tell the administrators of days off that are missing; twice a day tells once."""
    alarms = calendar_alarm_send(at=now())
    for alarm in alarms:
        log.warning("calendar.alarm", kind=alarm.kind.value, year=alarm.year)
    return [f"{alarm.kind}:{alarm.year}" for alarm in alarms]
