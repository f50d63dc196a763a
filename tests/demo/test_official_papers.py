"""Official papers of the demo: every state, once a seed, whole and never mailed."""

import datetime as dt
import io

import pytest
from django.core.management import call_command

from hanoi_portal.demo.accounts import Cast, accounts_make
from hanoi_portal.demo.official_papers import PEOPLE, official_papers_make
from notifications.models import MessageState, OutboxMessage
from papers.enums import PaperState
from papers.models import Paper, PaperEvent
from petitions.models import CaseEvent

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 23, 4, 0, tzinfo=dt.UTC)


def test_papers_in_every_state_once_a_seed() -> None:
    accounts_make(seed=1, password="hanoi-demo-2026", now=NOW)
    cast = Cast.read()
    assert official_papers_make(cast, seed=1, now=NOW) == Paper.objects.count() == 7
    assert official_papers_make(cast, seed=1, now=NOW) == 0
    assert set(Paper.objects.values_list("state", flat=True)) == set(PaperState.values)
    # The step of the workflow took the notice that was put right.
    notice = Paper.objects.get(kind="acceptance", state=PaperState.ISSUED)
    accepted = CaseEvent.objects.get(action="petitions.case.accept")
    assert accepted.data["paper"] == str(notice.public_id)
    assert notice.replaces is not None
    sealed = Paper.objects.get(case__kind="denunciation")
    assert (sealed.book, sealed.state) == ("paper-tc:ĐX", PaperState.ISSUED)


def test_they_lie_in_the_past_and_are_never_mailed() -> None:
    accounts_make(seed=1, password="hanoi-demo-2026", now=NOW)
    official_papers_make(Cast.read(), seed=1, now=NOW)
    for rows in (PaperEvent, CaseEvent):
        assert not rows.objects.filter(at__gt=NOW).exists()
    assert not OutboxMessage.objects.filter(state=MessageState.PENDING).exists()
    assert not OutboxMessage.objects.filter(params__icontains=PEOPLE["denunciation"]).exists()
    call_command("check_data", stdout=io.StringIO())
    call_command("verify_history", stdout=io.StringIO())
