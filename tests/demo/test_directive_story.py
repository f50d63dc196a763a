"""The documents of the demo whose tasks have dates: everything that can become of one, in order."""

import datetime as dt
import io
from typing import Any

import pytest
from django.core.management import call_command

from deadlines.models import Clock, ClockState
from directives.models import (
    Assignment,
    AssignmentEvent,
    AssignmentPeriod,
    Directive,
    ExtensionRequest,
    StudySession,
)
from escalation.models import Escalation
from hanoi_portal.demo.accounts import Cast, accounts_make
from hanoi_portal.demo.directive_story import directive_story_make
from hanoi_portal.demo.story_texts import NUMBERS, PLAN
from notifications.models import MessageState, OutboxMessage

pytestmark = pytest.mark.django_db
# The day the portal shows itself, the last and the first day of a period, the middle of one.
MOMENTS = [(2026, 11, 30, 3), (2026, 12, 31, 16), (2026, 9, 1, 1), (2026, 7, 15, 8)]


@pytest.mark.parametrize("moment", MOMENTS)
def test_whole_in_the_past_and_never_mailed(moment: Any, time_machine: Any) -> None:
    now = dt.datetime(*moment, tzinfo=dt.UTC)
    time_machine.move_to(now, tick=False)
    accounts_make(seed=1, password="hanoi-demo-2026", now=now)
    assert directive_story_make(Cast.read(), seed=1, now=now) == 14 * 4 + 6 + 4
    assert directive_story_make(Cast.read(), seed=1, now=now) == 0
    assert not AssignmentEvent.objects.filter(at__gt=now).exists()
    running = Clock.objects.filter(state=ClockState.RUNNING)
    assert not running.filter(next_action_at__lte=now).exists()
    assert not OutboxMessage.objects.filter(state=MessageState.PENDING).exists()
    for row in Assignment.objects.filter(task__group__directive__number__in=NUMBERS):
        moments = list(row.events.order_by("sequence").values_list("at", flat=True))
        assert moments == sorted(moments), row
    call_command("check_data", stdout=io.StringIO())
    call_command("verify_history", stdout=io.StringIO())


def test_everything_that_can_become_of_a_task(time_machine: Any) -> None:
    now = dt.datetime(*MOMENTS[0], tzinfo=dt.UTC)
    time_machine.move_to(now, tick=False)
    accounts_make(seed=1, password="hanoi-demo-2026", now=now)
    directive_story_make(Cast.read(), seed=1, now=now)
    states = dict(Directive.objects.filter(number__in=NUMBERS).values_list("number", "state"))
    assert sorted(states.values()) == ["in_force", "replaced", "withdrawn"]
    rows = Assignment.objects.filter(task__group__directive__number=PLAN["number"])
    found = set(rows.values_list("state", flat=True))
    assert found == {"assigned", "received", "in_progress", "reported_done", "confirmed"}
    assert rows.filter(escalation_level__gte=3).exists()
    assert rows.exclude(owner=None).exists()
    periods = set(AssignmentPeriod.objects.values_list("state", flat=True))
    assert periods == {"open", "reported", "accepted", "returned"}
    asked = set(ExtensionRequest.objects.values_list("state", flat=True))
    assert asked == {"asked", "granted", "refused"}
    assert StudySession.objects.exists()
    assert Escalation.objects.filter(clock__rule_code__in=("CD-NV", "CD-BC")).exists()
    done = {
        action.rpartition(".")[2]
        for action in AssignmentEvent.objects.values_list("action", flat=True)
    }
    assert {"escalated", "returned", "confirmed", "withdrawn", "refused", "granted"} <= done
