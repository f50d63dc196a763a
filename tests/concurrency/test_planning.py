"""Two planners at the same moment: a leader is in one place, a day is planned once."""

import datetime as dt
from typing import Any

import pytest

from accounts.enums import Role
from accounts.models import Membership
from common.errors import Conflict, Stale
from common.history_check import table_check
from common.time import local_moment
from communes.models import Unit
from receptions.models import ReceptionSession, Registration, SessionEvent
from receptions.services.handovers import session_hand_over
from receptions.services.misses import session_miss, visitors_move
from receptions.services.patterns import pattern_make
from receptions.services.sessions import session_postpone
from receptions.services.tellings import visitor_told
from tests.concurrency.test_registrations import together
from tests.people import WARD, access_make, person_make
from tests.receptions.cast import DAY, NOW, register, secretary, session_draft, session_public
from tests.receptions.cast_plan import pattern_make_one

pytestmark = pytest.mark.django_db(transaction=True)
DAYS = [dt.date(2026, 12, 10), dt.date(2026, 12, 25)]


def refused(results: list[Any]) -> list[str]:
    return [error.code for error in results if isinstance(error, Conflict)]


def test_one_pattern_made_twice_at_once_makes_each_day_once(reference_data: None) -> None:
    pattern = pattern_make_one()
    values = {"access": secretary(), "public_id": pattern.public_id, "version": 1}
    results = together([lambda: pattern_make(**values, days=DAYS, at=NOW) for _n in range(4)])
    assert sorted(len(made.sessions) for made in results) == [0, 0, 0, 2]
    assert ReceptionSession.objects.count() == 2


def test_two_patterns_of_one_leader_at_once(reference_data: None) -> None:
    patterns = [pattern_make_one(), pattern_make_one(planned_content="Lịch khác")]
    works = [
        lambda p=p: pattern_make(
            access=secretary(), public_id=p.public_id, version=1, days=DAYS, at=NOW
        )
        for p in patterns
    ]
    results = together(works)
    # Whoever comes second is refused by the database, or sees that the leader is taken.
    made = [one for one in results if not isinstance(one, Conflict)]
    assert sum(len(one.sessions) for one in made) == 2
    assert set(refused(results)) <= {"session_leader_in_one_place"}
    assert ReceptionSession.objects.count() == 2


def test_two_sessions_moved_to_one_hour(reference_data: None) -> None:
    sessions = [session_draft(day=DAY + dt.timedelta(days=n)) for n in (1, 4)]
    there = dt.date(2026, 12, 22)

    def move(session: ReceptionSession) -> Any:
        return session_postpone(
            access=secretary(), public_id=session.public_id, version=1, reason="Họp", at=NOW,
            starts_at=local_moment(there, 8), ends_at=local_moment(there, 10),
        )  # fmt: skip

    results = together([lambda s=s: move(s) for s in sessions])
    assert refused(results) == ["session_leader_in_one_place"]


def test_a_hand_over_and_a_new_session_at_once(reference_data: None) -> None:
    session = session_public()
    Membership.objects.filter(user=person_make("secretary")).update(valid_to=dt.date(2026, 12, 5))
    Membership.objects.create(
        user=person_make("chair"), unit=Unit.objects.get(code=WARD), role=Role.SECRETARY,
        valid_from=dt.date(2026, 12, 6),
    )  # fmt: skip
    chair = access_make("chair")
    results = together(
        [
            lambda: session_hand_over(
                access=chair, public_id=session.public_id, version=session.version, at=NOW
            ),
            lambda: session_draft("chair", duty_holder="people_committee_chair"),
        ]
    )
    assert refused(results) == ["session_leader_in_one_place"]


def test_a_missed_hour_stays_taken(reference_data: None) -> None:
    session = session_public()
    results = together(
        [
            lambda: session_miss(
                access=secretary(), public_id=session.public_id, version=session.version,
                reason="Bận", at=local_moment(DAY, 9),
            ),
            session_draft,
        ]
    )  # fmt: skip
    assert refused(results) == ["session_leader_in_one_place"]
    session.refresh_from_db()
    assert session.status == "missed"


def test_visitors_move_once_and_a_call_is_ticked_once(reference_data: None) -> None:
    session, to = session_public(), session_public(day=dt.date(2026, 12, 17))
    made = [register(session, number) for number in (1, 2)]
    at = local_moment(DAY, 9)
    session = session_miss(
        access=secretary(), public_id=session.public_id, version=session.version,
        reason="Bận", at=at,
    )  # fmt: skip
    values = {"access": access_make("clerk"), "at": at}
    moving = values | {
        "public_id": session.public_id, "version": session.version, "to": to.public_id,
    }  # fmt: skip
    results = together([lambda: visitors_move(**moving) for _n in range(3)])
    assert [isinstance(one, Stale) for one in results].count(True) == 2
    assert Registration.objects.filter(session=to).count() == 2
    calls = values | {"session_id": to.public_id, "code": made[0].code, "since": at}
    results = together([lambda: visitor_told(**calls) for _n in range(3)])
    assert [getattr(one, "code", "") == "wrong_state" for one in results].count(True) == 2
    assert next(table_check(SessionEvent), None) is None
