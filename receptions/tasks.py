"""Periodic work on reception days."""

from celery import shared_task

from common.jobs import job
from common.time import now
from receptions.services.days_off import days_off_tell
from receptions.services.online import online_remind
from receptions.services.online_telling import online_tell_due
from receptions.services.places import places_settle_due
from receptions.services.quota_warnings import quotas_warn
from receptions.services.reminding import visitors_remind


@shared_task(name="receptions.remind_online_steps", soft_time_limit=60, time_limit=90)
@job("receptions.remind_online_steps")
def remind_online_steps() -> int:
    """Tell desks what an online reception still needs; each step once."""
    return online_remind()


@shared_task(name="receptions.settle_places", soft_time_limit=50, time_limit=55)
@job("receptions.settle_places")
def settle_places() -> int:
    """Give back holds that ended, places due to return and registrations never confirmed."""
    return places_settle_due()


@shared_task(name="receptions.warn_quotas", soft_time_limit=120, time_limit=180)
@job("receptions.warn_quotas")
def warn_quotas() -> int:
    """Put months that may miss their minimum before the Party line; each step is told once."""
    return quotas_warn(at=now())


@shared_task(name="receptions.tell_ahead", soft_time_limit=120, time_limit=180)
@job("receptions.tell_ahead")
def tell_ahead() -> int:
    """Remind visitors, tell those who come online how, and desks of days that became days off;
    each once for each day of a session."""
    return visitors_remind() + online_tell_due() + days_off_tell()
