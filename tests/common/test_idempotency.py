"""Keys of repeated requests are kept for a week."""

import datetime as dt
from typing import Any

import pytest
import time_machine

from common.idempotency import once
from common.models import IdempotencyKey
from common.tasks import prune_idempotency_keys

pytestmark = pytest.mark.django_db
START = dt.datetime(2026, 11, 2, 3, tzinfo=dt.UTC)


def work(salt: bytes) -> dict[str, Any]:
    return {"n": IdempotencyKey.objects.count()}


def test_keys_older_than_a_week_are_forgotten() -> None:
    with time_machine.travel(START, tick=False):
        once("test", "old", {}, work)
    with time_machine.travel(START + dt.timedelta(days=3), tick=False):
        once("test", "young", {}, work)
        assert prune_idempotency_keys() == 0
    with time_machine.travel(START + dt.timedelta(days=7, minutes=1), tick=False):
        assert prune_idempotency_keys() == 1
        assert prune_idempotency_keys() == 0
        young = once("test", "young", {}, work)[0]
        assert young == {"n": 2}
        assert once("test", "old", {}, work)[0] == {"n": 2}
