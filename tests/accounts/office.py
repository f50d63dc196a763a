"""A ward's office with absences, for tests."""

import datetime as dt
from typing import Any

from accounts.access import Access, access_of
from accounts.backends import PortalBackend
from accounts.models import Absence
from accounts.services_absences import AbsencePlan, absence_record
from deadlines.models import Clock
from escalation.sweep import sweep_run
from tests.people import Story, person_make

# A Monday morning in Hà Nội.
NOW = dt.datetime(2026, 11, 30, 2, 0, tzinfo=dt.UTC)
MONDAY = dt.date(2026, 11, 30)


def day(number: int) -> dt.date:
    """The local date so many days after the Monday."""
    return MONDAY + dt.timedelta(days=number)


def access_today(name: str) -> Access:
    """The access as a request reads it, with what the person stands in for."""
    user = PortalBackend().get_user(person_make(name).pk)
    assert user is not None
    return access_of(user)


def away(
    name: str,
    deputy: str = "",
    *,
    first: int = 0,
    last: int = 4,
    by: str = "",
    reason: str = "leave",
) -> Absence:
    """Somebody of the cast is absent between two days counted from the Monday."""
    plan = AbsencePlan(
        from_on=day(first),
        to_on=day(last),
        reason=reason,
        deputy=person_make(deputy).username if deputy else "",
    )
    person = person_make(name).username
    return absence_record(access=access_today(by or name), plan=plan, person=person, at=NOW)


def overdue(tale: Story, time_machine: Any) -> None:
    """Two weeks after the limit, with everybody of the ladder in office."""
    for name in ("clerk", "chair", "board_head", "city_chair", "inspector"):
        person_make(name)
    clock = Clock.objects.get(case_clock__case=tale.case, state="running")
    moment = NOW + (clock.due_on - NOW.date()) + dt.timedelta(days=14)
    time_machine.move_to(moment, tick=False)
    sweep_run(at=moment)
