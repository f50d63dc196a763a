"""The ward of the demo that shows a reception day in every state."""

import datetime as dt
import io

import pytest
from django.core.management import call_command

from common.time import local_date, local_moment
from communes.models import Unit
from deadlines.models import Clock, ClockState
from hanoi_portal.demo.accounts import Cast, accounts_make
from hanoi_portal.demo.reception_days import ReceptionDays
from hanoi_portal.demo.reception_story import NEIGHBOUR, STORY_UNIT, ReceptionStory
from notifications.models import MessageState, OutboxMessage
from receptions.enums import RegistrationStatus, SessionStatus, TaskState
from receptions.models import ConclusionTask, Minutes, ReceptionSession, SessionEvent

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 23, 4, 0, tzinfo=dt.UTC)


def _made(now: dt.datetime = NOW) -> ReceptionStory:
    """The ward with all its sessions."""
    accounts_make(seed=1, password="hanoi-demo-2026", now=now)
    cast = Cast.read()
    unit = Unit.objects.get(code=STORY_UNIT)
    assert ReceptionDays(cast, seed=1, now=now).make(unit, ()) > 4
    return ReceptionStory(cast, unit, seed=1, now=now)


def _on(day: dt.date) -> ReceptionSession:
    return ReceptionSession.objects.get(
        unit__code=STORY_UNIT,
        starts_at__gte=local_moment(day),
        starts_at__lt=local_moment(day + dt.timedelta(days=1)),
    )


def test_every_state_of_a_day_is_there_once_and_in_order() -> None:
    story = _made()
    coming, held = _on(story.coming_on), _on(story.held_on)
    assert (coming.status, local_date(NOW)) == (SessionStatus.PUBLISHED, story.coming_on)
    rows = list(coming.registrations.order_by("queue_number"))
    assert [(row.people, row.is_online) for row in rows] == [
        (8, False),
        (1, False),
        (1, True),
        (1, False),
    ]
    waiting = [row.status == RegistrationStatus.WAITING for row in rows]
    assert waiting == [False, False, False, True]
    assert held.status == SessionStatus.HELD
    assert Minutes.objects.get().is_signed
    delegated = _on(story.delegated_on)
    assert (delegated.status, delegated.is_delegated) == (SessionStatus.HELD, True)
    assert _on(story.missed_on).status == SessionStatus.MISSED


def test_the_notice_has_a_done_a_running_and_a_late_task_that_climbed() -> None:
    story = _made()
    tasks = ConclusionTask.objects.filter(notice__session=_on(story.held_on)).order_by("position")
    done, running, late = tasks
    assert (done.state, done.due_on < local_date(NOW)) == (TaskState.DONE, True)
    assert (running.state, running.due_on > local_date(NOW)) == (TaskState.ASSIGNED, True)
    assert (late.state, late.unit.code) == (TaskState.ASSIGNED, NEIGHBOUR)
    assert late.due_on < local_date(NOW)
    assert (running.escalation_level, late.escalation_level > 0) == (0, True)


@pytest.mark.parametrize(
    "now",
    [
        NOW,
        local_moment(dt.date(2026, 11, 21), 10),  # a Saturday
        local_moment(dt.date(2026, 11, 23), 16),  # the afternoon
        local_moment(dt.date(2026, 11, 30), 6, 15),  # early, when UTC is on the day before
        local_moment(dt.date(2027, 2, 15), 9),  # the first working day after Tết
    ],
)
def test_the_data_hold_at_any_hour_and_nothing_is_mailed(now: dt.datetime) -> None:
    story = _made(now)
    assert _on(story.coming_on).ends_at > now
    assert not SessionEvent.objects.filter(at__gt=now).exists()
    due = Clock.objects.filter(state=ClockState.RUNNING, next_action_at__lte=now)
    assert not due.exists()
    assert not OutboxMessage.objects.filter(state=MessageState.PENDING).exists()
    call_command("check_data", stdout=io.StringIO())
    call_command("verify_history", stdout=io.StringIO())
