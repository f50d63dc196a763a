"""Models of the demo: on every step of their way, made once, whole by every statement."""

import datetime as dt
import io

import pytest
from django.core.management import call_command

from hanoi_portal.demo.accounts import Cast, accounts_make
from hanoi_portal.demo.exemplars import exemplars_make
from mobilisation.models import Exemplar, ExemplarPicture, IndexYear
from notifications.models import OutboxMessage

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 23, 4, 0, tzinfo=dt.UTC)


def test_every_step_is_there_and_a_second_run_adds_none() -> None:
    accounts_make(seed=1, password="hanoi-demo-2026", now=NOW)
    made = exemplars_make(Cast.read(), seed=1, now=NOW)
    assert made == Exemplar.objects.count() > 20
    states = set(Exemplar.objects.values_list("state", flat=True))
    assert states == {"draft", "registered", "recognised", "refused", "published"}
    assert Exemplar.objects.filter(source__isnull=False).count() == 4
    assert ExemplarPicture.objects.exists()
    assert IndexYear.objects.filter(target__isnull=False).exists()
    assert not Exemplar.objects.filter(changed_at__gt=NOW).exists()
    assert not OutboxMessage.objects.filter(state="pending").exists()
    call_command("check_data", stdout=io.StringIO())
    call_command("verify_history", stdout=io.StringIO())
    assert exemplars_make(Cast.read(), seed=1, now=NOW) == 0
