"""Receptions are locked in one order by everybody who locks several."""

import datetime as dt

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from communes.models import Unit
from receptions.models import ReceptionSession
from receptions.services.urging import _lock_sessions
from tests.people import WARD
from tests.receptions.test_quota_warnings import CHAIR, held

pytestmark = pytest.mark.django_db


def test_receptions_are_locked_in_the_order_of_everybody() -> None:
    """Whoever publishes or moves visitors locks several by their ``public_id``; another order here
    could wait for them while they wait."""
    held("chair", CHAIR, dt.date(2026, 11, 4), dt.date(2026, 11, 5))
    last, first = "ffffffff-ffff-4fff-8fff-ffffffffffff", "00000000-0000-4000-8000-000000000000"
    ids = list(ReceptionSession.objects.order_by("pk").values_list("pk", flat=True))
    for pk, public_id in zip(ids, (last, first), strict=True):
        ReceptionSession.objects.filter(pk=pk).update(public_id=public_id)
    with CaptureQueriesContext(connection) as seen, transaction.atomic():
        _lock_sessions(ids, Unit.objects.get(code=WARD), dt.date(2026, 11, 27))
    locking = [q["sql"] for q in seen.captured_queries if "FOR NO KEY UPDATE" in q["sql"]]
    assert len(locking) == 1
    assert 'ORDER BY "receptions_receptionsession"."public_id"' in locking[0]
