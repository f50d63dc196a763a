"""Places under load: one winner, sums that hold, nothing lost or doubled."""

import datetime as dt
import random
from collections.abc import Callable
from typing import Any

import pytest

from common.errors import Conflict, DomainError
from common.history_check import table_check
from receptions.models import PlaceReturn, Registration, SessionEvent
from receptions.services.holds import hold_leave, hold_place
from receptions.services.places import places_settle_due
from receptions.services.registrations import LIVE_MAX, Options, registration_cancel
from tests.concurrency.test_registrations import together
from tests.receptions.cast import DAY, NOW, register, session_public, sums_hold, taken

pytestmark = pytest.mark.django_db(transaction=True)
MINUTE = dt.timedelta(minutes=1)


def test_fifty_clients_for_the_last_place(reference_data: None) -> None:
    session = session_public(capacity=2)
    register(session, 99)
    results = together([lambda n=n: register(session, n) for n in range(50)])
    losers = [r for r in results if isinstance(r, Conflict)]
    assert (len(losers), {error.code for error in losers}) == (49, {"full"})
    (winner,) = [r for r in results if not isinstance(r, Exception)]
    assert (winner.queue_number, winner.status) == (2, "registered")
    assert (taken(session), session.last_number) == (2, 2)
    assert sums_hold()


def test_fifty_who_would_wait_have_one_winner_and_nobody_waits_twice(reference_data: None) -> None:
    session = session_public(capacity=1)
    # Each sends twice, as after a lost answer without a key.
    works = [lambda n=n: register(session, n, waiting_list=True) for n in range(25)] * 2
    results = together(works)
    made = [r for r in results if not isinstance(r, Exception)]
    refused = [r for r in results if isinstance(r, Exception)]
    assert {getattr(error, "code", error) for error in refused} == {"registered_already"}
    assert (len(made), len(refused)) == (25, 25)
    assert [r.status for r in made].count("registered") == 1
    people = Registration.objects.values_list("person_hmac", flat=True)
    assert len({bytes(person) for person in people}) == len(people) == 25
    assert sums_hold()


def test_one_visitor_in_many_sessions_at_once_keeps_to_three(reference_data: None) -> None:
    sessions = [session_public(day=DAY + dt.timedelta(days=n)) for n in range(6)]
    results = together([lambda s=s: register(s, 1) for s in sessions])
    assert [isinstance(r, Conflict) for r in results].count(False) == LIVE_MAX


def test_many_browsers_hold_half_at_most(reference_data: None) -> None:
    session = session_public(capacity=6)
    results = together(
        [
            lambda n=n: hold_place(session_id=session.public_id, key=f"k{n}", at=NOW)
            for n in range(20)
        ]
    )
    assert len([r for r in results if r is not None]) == 3
    assert taken(session) == 3
    assert sums_hold()


def test_one_hold_is_taken_by_one_registration(reference_data: None) -> None:
    session = session_public(capacity=1)
    hold_place(session_id=session.public_id, key="a", at=NOW)
    mine = Options(hold_key="a")
    results = together([lambda n=n: register(session, n, options=mine) for n in range(8)])
    assert [isinstance(r, Conflict) for r in results].count(False) == 1
    assert taken(session) == 1
    assert sums_hold()


def test_a_place_comes_back_once_however_many_look(reference_data: None) -> None:
    session = session_public(capacity=1)
    made = register(session, 1)
    registration_cancel(code=made.code, secret=made.secret, at=NOW)
    due = PlaceReturn.objects.get().due_at
    jobs: list[Callable[[], Any]] = [lambda: places_settle_due(at=due)] * 4
    results = together([*jobs, *[lambda n=n: register(session, n, at=due) for n in range(2, 8)]])
    assert len([r for r in results if isinstance(r, Conflict)]) == 5
    assert not [r for r in results if isinstance(r, Exception) and not isinstance(r, Conflict)]
    assert taken(session) == 1
    assert sums_hold()


@pytest.mark.parametrize("seed", range(3))
def test_everything_at_once_keeps_the_sum(reference_data: None, seed: int) -> None:
    """Registering, cancelling, holding, leaving, ending and the job race; the job's clock runs
    ahead, so that holds end and places return under the others' hands."""
    rng = random.Random(seed)
    session = session_public(capacity=5)
    made = [register(session, n, waiting_list=True) for n in range(100, 108)]

    def cancel(one: Any) -> Callable[[], Any]:
        return lambda: registration_cancel(code=one.code, secret=one.secret, at=NOW)

    works: list[Callable[[], Any]] = [cancel(one) for one in made[:6]] * 2
    works += [lambda n=n: register(session, n, waiting_list=n % 2 == 0) for n in range(12)]
    for n in range(6):
        key = f"k{n}"
        works.append(lambda key=key: hold_place(session_id=session.public_id, key=key, at=NOW))
        works.append(lambda key=key: hold_leave(session_id=session.public_id, key=key, at=NOW))
    works += [lambda: places_settle_due(at=NOW + 60 * MINUTE)] * 4
    rng.shuffle(works)
    results = together(works)
    unexpected = [r for r in results if isinstance(r, Exception) and not isinstance(r, DomainError)]
    assert not unexpected
    assert sums_hold()
    assert next(table_check(SessionEvent), None) is None
    places_settle_due(at=NOW + 60 * MINUTE)
    assert taken(session) == Registration.objects.filter(has_place=True).count()
    assert sums_hold()
