"""A place is kept while the form is filled in, and nobody can empty a session with it."""

import datetime as dt

import pytest

from common.errors import Conflict
from common.time import local_moment
from receptions.models import PlaceHold
from receptions.services.holds import HOLDS_MAX, hold_leave, hold_place, hold_renew
from receptions.services.places import places_settle_due
from receptions.services.registrations import Options
from tests.receptions.cast import DAY, NOW, register, session_public, sums_hold, taken

pytestmark = pytest.mark.django_db
MINUTE = dt.timedelta(minutes=1)


def test_a_held_place_is_counted_and_becomes_the_registration() -> None:
    session = session_public(capacity=2)
    hold = hold_place(session_id=session.public_id, key="a", at=NOW)
    assert hold is not None
    assert (hold.until - NOW, taken(session)) == (15 * MINUTE, 1)
    assert bytes(hold.key_hmac) != b"a"
    assert len(hold.key_hmac) == 32
    register(session, 1)
    with pytest.raises(Conflict):
        register(session, 2)
    assert register(session, 3, options=Options(hold_key="a")).status == "registered"
    assert taken(session) == 2
    assert not PlaceHold.objects.exists()
    assert sums_hold()


def test_a_second_opening_gives_the_same_hold() -> None:
    session = session_public()
    holds = [hold_place(session_id=session.public_id, key="a", at=NOW) for _ in range(5)]
    assert len({hold.pk for hold in holds if hold}) == 1
    assert taken(session) == 1


def test_browsers_without_end_hold_half_of_the_places_at_most() -> None:
    session = session_public(capacity=4)
    held = [hold_place(session_id=session.public_id, key=f"k{n}", at=NOW) for n in range(20)]
    assert [hold is not None for hold in held].count(True) == 2
    assert register(session, 1).status == register(session, 2).status == "registered"
    with pytest.raises(Conflict):
        register(session, 3)


def test_the_only_place_can_be_held() -> None:
    session = session_public(capacity=1)
    assert hold_place(session_id=session.public_id, key="a", at=NOW)
    assert hold_place(session_id=session.public_id, key="b", at=NOW) is None


def test_one_browser_holds_three_places_in_all() -> None:
    for days in range(HOLDS_MAX):
        session = session_public(day=DAY + dt.timedelta(days=days))
        assert hold_place(session_id=session.public_id, key="a", at=NOW)
    more = session_public(day=DAY + dt.timedelta(days=9))
    assert hold_place(session_id=more.public_id, key="a", at=NOW) is None
    assert hold_place(session_id=more.public_id, key="b", at=NOW)
    # Those that ended do not count.
    assert hold_place(session_id=more.public_id, key="a", at=NOW + 15 * MINUTE)


def test_it_is_renewed_once() -> None:
    session = session_public()
    hold_place(session_id=session.public_id, key="a", at=NOW)
    later = NOW + 10 * MINUTE
    renewed = hold_renew(session_id=session.public_id, key="a", at=later)
    assert renewed is not None
    assert renewed.until == later + 15 * MINUTE
    assert hold_renew(session_id=session.public_id, key="a", at=later) is None
    assert hold_renew(session_id=session.public_id, key="b", at=later) is None


def test_an_ended_hold_cannot_be_renewed_and_is_free_for_who_comes_next() -> None:
    session = session_public(capacity=1)
    hold_place(session_id=session.public_id, key="a", at=NOW)
    with pytest.raises(Conflict):
        register(session, 1)
    end = NOW + 15 * MINUTE
    # Lazily, under the lock of whoever comes; the job does the same for the others.
    assert register(session, 1, at=end).status == "registered"
    assert hold_renew(session_id=session.public_id, key="a", at=end) is None
    assert taken(session) == 1
    assert sums_hold()


def test_leaving_gives_it_back_at_once() -> None:
    session = session_public(capacity=1)
    hold_place(session_id=session.public_id, key="a", at=NOW)
    assert hold_leave(session_id=session.public_id, key="b", at=NOW) is False
    assert hold_leave(session_id=session.public_id, key="a", at=NOW) is True
    assert hold_leave(session_id=session.public_id, key="a", at=NOW) is False
    assert taken(session) == 0
    assert register(session, 1).status == "registered"


def test_who_waits_gets_a_hold_that_ended() -> None:
    session = session_public(capacity=1)
    hold_place(session_id=session.public_id, key="a", at=NOW)
    register(session, 1, waiting_list=True)
    assert places_settle_due(at=NOW + 14 * MINUTE) == 0
    assert places_settle_due(at=NOW + 15 * MINUTE) == 1
    assert session.registrations.get().status == "registered"
    assert taken(session) == 1
    assert places_settle_due(at=NOW + 15 * MINUTE) == 0
    assert sums_hold()


def test_no_place_is_held_in_a_full_or_begun_session() -> None:
    session = session_public(capacity=1)
    register(session, 1)
    assert hold_place(session_id=session.public_id, key="a", at=NOW) is None
    with pytest.raises(Conflict):
        hold_place(session_id=session.public_id, key="a", at=local_moment(DAY, 8))
