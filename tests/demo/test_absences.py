"""Absences of the demo: made once, and no position is left empty by them."""

import datetime as dt
import io

import pytest
from django.core.management import call_command

from accounts.models import Absence, Membership
from accounts.selectors import positions_held
from common.time import local_date
from hanoi_portal.demo.absences import absences_make
from hanoi_portal.demo.accounts import Cast, accounts_make

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 23, 4, 0, tzinfo=dt.UTC)


def test_some_are_absent_with_deputies_and_no_position_is_empty() -> None:
    accounts_make(seed=1, password="hanoi-demo-2026", now=NOW)
    made = absences_make(Cast.read(), now=NOW)
    assert made == Absence.objects.exclude(deputy=None).count() > 0
    assert Absence.objects.current(local_date(NOW)).exists()
    posts = set(Membership.objects.values_list("unit_id", "role"))
    for number in range(-3, 14):
        assert positions_held(local_date(NOW) + dt.timedelta(days=number)) == posts
    assert not Absence.objects.filter(recorded_at__gte=NOW).exists()
    call_command("check_data", stdout=io.StringIO())
    call_command("verify_history", stdout=io.StringIO())


def test_a_second_run_adds_none() -> None:
    accounts_make(seed=1, password="hanoi-demo-2026", now=NOW)
    absences_make(Cast.read(), now=NOW)
    before = Absence.objects.count()
    assert absences_make(Cast.read(), now=NOW) == 0
    assert Absence.objects.count() == before
