"""The checks after a fault see what they are for."""

import datetime as dt

import pytest

from common.time import local_date, local_moment, now
from deadlines.models import Clock
from escalation.sweep import sweep_run
from notifications.delivery import outbox_deliver
from notifications.models import OutboxMessage
from tests.concurrency.test_sweeps import file_many
from tests.escalation.test_sweep import BREACH
from tests.faults.whole import (
    assert_history_once,
    assert_mails,
    assert_steps_once,
    assert_told,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _swept() -> None:
    """Two cases of which nothing is due any more."""
    file_many(2)
    sweep_run(at=BREACH)
    outbox_deliver(at=BREACH)
    day = local_date(max(now(), BREACH)) + dt.timedelta(days=1)
    outbox_deliver(at=local_moment(day, 10))  # after the quiet hours


def test_a_whole_state_passes() -> None:
    assert assert_steps_once(BREACH) == 6
    assert_history_once()
    assert_told()


def test_a_step_that_was_not_taken_is_seen() -> None:
    file_many(1)
    with pytest.raises(AssertionError):
        assert_steps_once(BREACH)


def test_a_step_without_its_event_is_seen() -> None:
    clock = Clock.objects.earliest("id")
    clock.escalations.filter(step=0).delete()
    with pytest.raises(AssertionError):
        assert_history_once()
    with pytest.raises(AssertionError):
        assert_steps_once(BREACH)


def test_a_notice_that_is_missing_or_waits_is_seen() -> None:
    OutboxMessage.objects.filter(channel="email", state="sent").update(
        state="pending", sent_at=None
    )
    with pytest.raises(AssertionError):
        assert_told()
    OutboxMessage.objects.filter(channel="app", event__contains=":breach:").delete()
    with pytest.raises(AssertionError):
        assert_told()


def test_a_mail_that_did_not_arrive_or_says_two_things_is_seen() -> None:
    with pytest.raises(AssertionError, match="did not arrive"):
        assert_mails({})
    OutboxMessage.objects.filter(channel="email").delete()
    assert assert_mails({"a": ("<1@x>", "one"), "b": ("<1@x>", "one")}) == 0
    with pytest.raises(AssertionError, match="two texts"):
        assert_mails({"a": ("<1@x>", "one"), "b": ("<1@x>", "two")})
