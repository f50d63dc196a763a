"""The documents of the demo whose tasks have dates: everything that can become of one, in order."""

import datetime as dt
from typing import Any

import pytest

from common.history_check import table_check
from deadlines.models import Clock, ClockState
from directives.models import (
    Assignment,
    AssignmentEvent,
    AssignmentPeriod,
    Directive,
    DirectiveEvent,
    ExtensionRequest,
    StudySession,
)
from escalation.models import Escalation
from hanoi_portal.demo.accounts import Cast, accounts_make
from hanoi_portal.demo.directive_story import directive_story_make
from hanoi_portal.demo.story_texts import NUMBERS, PLAN
from notifications.models import MessageState, OutboxMessage
from tests.directives.stepping import whole

pytestmark = pytest.mark.django_db


# In the middle and at the end of periods.
@pytest.mark.parametrize("moment", [(2026, 11, 30, 3), (2026, 7, 15, 8)])
def test_everything_that_can_become_of_a_task(moment: Any, time_machine: Any) -> None:
    now = dt.datetime(*moment, tzinfo=dt.UTC)
    time_machine.move_to(now, tick=False)
    accounts_make(seed=1, password="hanoi-demo-2026", now=now)
    assert directive_story_make(Cast.read(), seed=1, now=now) == 7 * 4 + 3 + 2
    assert directive_story_make(Cast.read(), seed=1, now=now) == 0
    past_and_never_mailed(now)
    every_state()
    whole()
    assert list(table_check(DirectiveEvent)) == []


def past_and_never_mailed(now: dt.datetime) -> None:
    assert not AssignmentEvent.objects.filter(at__gt=now).exists()
    running = Clock.objects.filter(state=ClockState.RUNNING)
    assert not running.filter(next_action_at__lte=now).exists()
    assert not OutboxMessage.objects.filter(state=MessageState.PENDING).exists()
    for row in Assignment.objects.filter(task__group__directive__number__in=NUMBERS):
        moments = list(row.events.order_by("sequence").values_list("at", flat=True))
        assert moments == sorted(moments), row


def every_state() -> None:
    states = Directive.objects.filter(number__in=NUMBERS).values_list("state", flat=True)
    assert sorted(states) == ["in_force", "replaced", "withdrawn"]
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
    actions = AssignmentEvent.objects.values_list("action", flat=True)
    done = {action.rpartition(".")[2] for action in actions}
    assert {"escalated", "returned", "confirmed", "withdrawn", "refused", "granted"} <= done
