"""Two workers warn about the same month, two people urge the same unit."""

import datetime as dt

import pytest

from common.errors import Conflict
from common.time import local_moment
from communes.models import Unit
from notifications.models import OutboxMessage
from receptions.models import QuotaUrging, QuotaWarning
from receptions.services.quota_warnings import quotas_warn
from receptions.services.urging import quota_urge
from tests.concurrency.test_sweeps import parallel
from tests.people import WARD, access_make, person_make

pytestmark = pytest.mark.django_db(transaction=True)
AT = local_moment(dt.date(2026, 11, 27), 7, 40)


def test_runs_at_once_tell_each_step_once(reference_data: None) -> None:
    for name in ("clerk", "chair", "secretary", "party_office", "internal_affairs"):
        person_make(name)
    counts = parallel([lambda: quotas_warn(at=AT)] * 2)
    assert sum(counts) == QuotaWarning.objects.count() > 0
    assert 0 in counts
    steps = OutboxMessage.objects.filter(template="quota_warning", channel="app")
    keys = list(steps.values_list("unit__code", "position", "params__step"))
    assert len(keys) == len(set(keys)) > 0


def test_urging_at_once_is_urging_once(reference_data: None) -> None:
    person_make("chair")
    access, unit = access_make("internal_affairs"), Unit.objects.get(code=WARD)

    def urge() -> object:
        return quota_urge(
            access=access,
            unit=unit,
            duty="people_committee_chair",
            month=dt.date(2026, 11, 1),
            at=AT,
        )

    results = parallel([urge] * 3)
    assert sum(isinstance(found, Conflict) for found in results) == 2
    assert QuotaUrging.objects.count() == 1
