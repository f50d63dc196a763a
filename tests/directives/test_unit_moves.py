"""What a reform of units moves of directives by itself."""

import datetime as dt

import pytest

from communes.models import Unit
from communes.moves import UnitMove
from deadlines.models import OPEN_STATES, Clock
from directives.services.unit_moves import assignments_move
from tests.directives.giving import give, later, monthly, task_make
from tests.people import OTHER_WARD, WARD

pytestmark = pytest.mark.django_db


def test_limits_answer_to_the_body_that_took_over_the_one_in_charge() -> None:
    lead, heir = (Unit.objects.get(code=code) for code in ("BNC", "MTTQ"))
    row = give(task_make(lead_unit=lead), WARD)
    period = give(monthly(lead_unit=lead), WARD).periods.get()
    other = give(task_make(), OTHER_WARD)
    day: dt.datetime = later(3)
    assignments_move(UnitMove(sources=[lead], targets=[heir], on=day.date(), at=day, number="Số 9"))
    told = Clock.objects.filter(state__in=OPEN_STATES).values_list(
        "forwarder_unit__code", flat=True
    )
    assert told.get(assignment_clock__assignment=row) == "MTTQ"
    assert told.get(period_clock__period=period) == "MTTQ"
    assert told.get(assignment_clock__assignment=other) == "BTGDV"
