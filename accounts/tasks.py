"""Daily care of accounts."""

from celery import shared_task

from accounts.services import tokens_tell
from accounts.services_locks import locks_prune
from accounts.services_reset import resets_prune
from accounts.services_sign_ins import sign_ins_expire
from common.jobs import job
from common.time import today


@shared_task(name="accounts.daily_care", soft_time_limit=240, time_limit=300)
@job("accounts.daily_care")
def daily_care() -> int:
    """Tell owners of tokens that end soon; close sign-ins whose time is over; forget old failures
    and links."""
    return tokens_tell(today()) + sign_ins_expire() + locks_prune() + resets_prune()
