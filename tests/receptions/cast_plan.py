"""Patterns and posts for the tests of planning."""

import datetime as dt
from typing import Any

from accounts.enums import Role
from accounts.models import Membership
from communes.models import Unit
from receptions.enums import DutyHolder, SessionKind
from receptions.models import SessionPattern
from receptions.services.patterns import PatternPlan, pattern_create
from tests.people import WARD, person_make
from tests.receptions.cast import secretary


def pattern_plan(**changes: Any) -> PatternPlan:
    values: dict[str, Any] = {
        "duty_holder": DutyHolder.PARTY_SECRETARY.value,
        "kind": SessionKind.PERIODIC.value,
        "days": [25, 10],
        "weekday": None,
        "starts": dt.time(8),
        "ends": dt.time(11, 30),
        "mode": "place",
        "place": "Phòng tiếp công dân",
        "capacity": 6,
        "slot_minutes": 30,
        "participants": "Văn phòng, địa chính",
        "planned_content": "Tiếp công dân định kỳ.",
        "valid_from": dt.date(2026, 11, 1),
        "valid_to": None,
    }
    return PatternPlan(**(values | changes))


def pattern_make_one(**changes: Any) -> SessionPattern:
    person_make("secretary")
    return pattern_create(
        access=secretary(), unit=Unit.objects.get(code=WARD), plan=pattern_plan(**changes)
    )


def follow(name: str, first: dt.date, role: Role = Role.SECRETARY, unit: str = WARD) -> None:
    Membership.objects.create(
        user=person_make(name), unit=Unit.objects.get(code=unit), role=role, valid_from=first
    )
