"""What must hold between refusals, records and the register."""

import pytest

from receptions.invariants import refusals_belong_to_somebody_refused, register_is_gapless
from receptions.models import Registration, VisitRecord
from receptions.services.visits import Visit, session_record
from tests.people import access_make
from tests.receptions.cast_day import MORNING, day_with, refuse, row_of

pytestmark = pytest.mark.django_db


def test_a_refusal_without_its_state_is_found_and_the_other_way_round() -> None:
    session = day_with(2)
    refused = refuse(session, 1)
    assert list(refusals_belong_to_somebody_refused()) == []
    Registration.objects.filter(pk=refused.pk).update(status="registered")
    Registration.objects.filter(queue_number=2).update(status="refused")
    codes = [row_of(session, number).code for number in (1, 2)]
    assert list(refusals_belong_to_somebody_refused()) == codes


def test_a_gap_in_the_register_is_found() -> None:
    session = day_with(2)
    for number in (1, 2):
        session_record(
            access=access_make("clerk"),
            session_id=session.public_id,
            code=row_of(session, number).code,
            visit=Visit("Hỏi thủ tục", "answered"),
            at=MORNING,
        )
    assert list(register_is_gapless()) == []
    VisitRecord.objects.filter(register_number=2).update(register_number=3)
    assert list(register_is_gapless()) == ["00004 2026"]
