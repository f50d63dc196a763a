"""The land projects and signals of the demo: once, through the services, in good order."""

import datetime as dt
from typing import Any

import pytest
from django.core.management import call_command

from early_warning.models import LandProject, ProjectCase, ProjectStage, Signal
from hanoi_portal.demo.accounts import Cast, accounts_make
from hanoi_portal.demo.warnings import warnings_make
from notifications.models import MessageState, OutboxMessage
from petitions.services.intake import petition_file
from tests.early_warning.hot import NOW, cluster
from tests.people import filing_make

pytestmark = pytest.mark.django_db


def test_projects_and_signals_are_made_once(time_machine: Any) -> None:
    time_machine.move_to(NOW, tick=False)
    accounts_make(seed=7, password="thu-nghiem", now=NOW)
    cluster(14)
    about = filing_make(
        kind="recommendation", unit="09856", content="Đường vành đai Sen Vàng đi qua vườn nhà tôi."
    )
    petition_file(filing=about, at=NOW - dt.timedelta(days=50))
    made = warnings_make(Cast.read(), seed=7, now=NOW)
    assert made == LandProject.objects.count() >= 5
    assert warnings_make(Cast.read(), seed=7, now=NOW) == 0
    assert ProjectCase.objects.count() == 1
    assert ProjectStage.objects.exclude(done_on=None).exists()
    assert Signal.objects.exists()
    mails = OutboxMessage.objects.filter(template__startswith="signal", channel="email")
    assert set(mails.values_list("state", flat=True)) <= {MessageState.SUPPRESSED}
    call_command("check_data")
