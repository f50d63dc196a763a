"""Registers of the demo: made once, the same for the same seed, and all in order."""

import datetime as dt
import io

import pytest
from django.core.management import call_command

from hanoi_portal.demo.accounts import Cast, accounts_make
from hanoi_portal.demo.registers import registers_make
from mobilisation.models import DemocracyRule, OpinionReport, Programme

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 23, 4, 0, tzinfo=dt.UTC)


def test_registers_are_made_once_and_hold_together() -> None:
    accounts_make(seed=1, password="hanoi-demo-2026", now=NOW)
    made = registers_make(Cast.read(), seed=1, now=NOW)
    counted = [model.objects.count() for model in (Programme, DemocracyRule, OpinionReport)]
    assert made == sum(counted)
    assert all(counted)
    assert OpinionReport.objects.filter(secrecy="confidential", unit__code="00004").exists()
    assert registers_make(Cast.read(), seed=1, now=NOW) == 0
    call_command("check_data", stdout=io.StringIO())
    call_command("verify_history", stdout=io.StringIO())
