"""Many citizens and few places: real connections, real locks."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from common.errors import Conflict
from common.history_check import table_check
from common.idempotency import once
from receptions.models import PlaceReturn, Registration, SessionEvent
from receptions.services.registrations import registration_cancel, registration_create
from receptions.services.sessions import session_cancel
from tests.receptions.cast import (
    DAY,
    NOW,
    register,
    secretary,
    session_draft,
    session_public,
    visitor,
)

pytestmark = pytest.mark.django_db(transaction=True)


def together(works: list[Callable[[], Any]]) -> list[Any]:
    """Run each work in a thread with a connection of its own; errors come back as values."""
    start = threading.Barrier(len(works))
    results: list[Any] = [None] * len(works)

    def run(index: int) -> None:
        try:
            start.wait(10)
            results[index] = works[index]()
        except Exception as error:  # noqa: BLE001 -- handed to the test
            results[index] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(index,)) for index in range(len(works))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results


def test_the_last_place_has_one_winner(reference_data: None) -> None:
    session = session_public(capacity=1)
    works = [lambda n=n: register(session, n) for n in range(20)]
    results = together(works)
    losers = [r for r in results if isinstance(r, Conflict)]
    assert len(losers) == 19
    assert {error.code for error in losers} == {"full"}
    session.refresh_from_db()
    assert (session.places_taken, session.last_number) == (1, 1)
    assert Registration.objects.count() == 1


def test_numbers_have_no_twin_and_everybody_else_waits_once(reference_data: None) -> None:
    session = session_public(capacity=5)
    works = [lambda n=n: register(session, n, waiting_list=True) for n in range(20)]
    results = together(works)
    assert sorted(r.queue_number for r in results) == list(range(1, 21))
    assert [r.status for r in results].count("registered") == 5
    assert next(table_check(SessionEvent), None) is None


def test_a_freed_place_passes_on_once(reference_data: None) -> None:
    session = session_public(capacity=2)
    made = [register(session, n, waiting_list=True) for n in range(1, 7)]
    together(
        [lambda r=r: registration_cancel(code=r.code, secret=r.secret, at=NOW) for r in made[:3]]
    )
    session.refresh_from_db()
    states = list(Registration.objects.order_by("queue_number").values_list("status", flat=True))
    assert states[:3] == ["cancelled"] * 3
    assert states[3:] == ["registered", "registered", "waiting"]
    assert session.places_taken == Registration.objects.filter(has_place=True).count() == 2


def test_the_same_cancellation_twice_frees_one_place(reference_data: None) -> None:
    session = session_public(capacity=2)
    made = [register(session, n) for n in (1, 2)]
    cancel = lambda: registration_cancel(code=made[0].code, secret=made[0].secret, at=NOW)  # noqa: E731
    together([cancel] * 4)
    session.refresh_from_db()
    # Nobody waits: one place, and no second, is on its way back.
    assert (session.places_taken, PlaceReturn.objects.count()) == (2, 1)


def test_registering_while_it_is_called_off(reference_data: None) -> None:
    session = session_public(capacity=50)
    access = secretary()

    def call_off() -> Any:
        return session_cancel(
            access=access,
            public_id=session.public_id,
            version=session.version,
            reason="Bận họp",
            at=NOW,
        )

    results = together([call_off, *[lambda n=n: register(session, n) for n in range(8)]])
    session.refresh_from_db()
    assert session.status == "cancelled"
    refused = [result for result in results if isinstance(result, Exception)]
    assert {getattr(each, "code", repr(each)) for each in refused} <= {"closed", "not_found"}
    assert Registration.objects.count() == 8 - len(refused)
    assert session.places_taken == Registration.objects.count()


def test_one_request_sent_many_times_is_one_registration(reference_data: None) -> None:
    session = session_public()

    def send() -> Any:
        def work(salt: bytes) -> dict[str, Any]:
            return registration_create(
                session_id=session.public_id, visitor=visitor(1), topic="Một", salt=salt, at=NOW
            ).answer

        return once("registration", "one-key", {"topic": "Một"}, work)

    results = together([send] * 6)
    assert len({(answer["code"], salt) for answer, salt in results}) == 1
    assert Registration.objects.count() == 1


def test_two_planners_cannot_double_book_a_leader(reference_data: None) -> None:
    secretary()
    results = together([lambda: session_draft(day=DAY)] * 4)
    assert [isinstance(r, Conflict) for r in results].count(False) == 1
