"""A few absences with deputies, so that the page shows what it is for."""

import datetime as dt
from typing import NamedTuple

from django.db import transaction

from accounts.enums import AbsenceReason, Role
from accounts.models import Absence
from accounts.services_absences import AbsencePlan, absence_record
from common.time import local_date
from communes.models import Unit
from hanoi_portal.demo.accounts import Cast


class _Plan(NamedTuple):
    """``first`` and ``last``: days from the day that the data leads up to."""

    unit: str
    person: Role
    deputy: Role
    first: int
    last: int
    reason: AbsenceReason
    recorded_by: Role | None = None


# Every deputy, or the deputy's own, is there: no position of the demo is empty.
_PLANS = (
    _Plan("00004", Role.HANDLER, Role.CLERK, -1, 3, AbsenceReason.LEAVE),
    _Plan("00004", Role.SECRETARY, Role.HEAD, 6, 8, AbsenceReason.MISSION),
    _Plan("00008", Role.HEAD, Role.SECRETARY, -2, 4, AbsenceReason.MISSION),
    _Plan("00008", Role.SECRETARY, Role.HANDLER, 1, 2, AbsenceReason.OTHER),
    _Plan("00025", Role.CLERK, Role.HANDLER, 0, 2, AbsenceReason.ILLNESS, Role.HEAD),
    _Plan("BTCD", Role.BOARD_OFFICER, Role.BOARD_HEAD, 7, 11, AbsenceReason.LEAVE),
)


@transaction.atomic
def absences_make(cast: Cast, *, now: dt.datetime) -> int:
    """Record the absences around a UTC moment unless there are some; returns how many."""
    if Absence.objects.exists():
        return 0
    for plan in _PLANS:
        _make(cast, cast.units[plan.unit], plan, now)
    return len(_PLANS)


def _make(cast: Cast, unit: Unit, plan: _Plan, now: dt.datetime) -> None:
    today = local_date(now)
    person = cast.post(unit.pk, plan.person)
    by = cast.post(unit.pk, plan.recorded_by or plan.person)
    recorded_at = now + dt.timedelta(days=min(plan.first, 0) - 1)
    wanted = AbsencePlan(
        from_on=today + dt.timedelta(days=plan.first),
        to_on=today + dt.timedelta(days=plan.last),
        reason=plan.reason,
        deputy=cast.post(unit.pk, plan.deputy).user.username,
    )
    absence_record(access=by.access, plan=wanted, person=person.user.username, at=recorded_at)
