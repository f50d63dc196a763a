"""Months that may miss their minimum are put up the Party line, each step once."""

import datetime as dt
from typing import Any

import pytest

from accounts.enums import Role
from accounts.models import Membership
from common.time import local_moment
from communes.models import Unit
from notifications.models import OutboxMessage
from receptions.models import QuotaWarning, ReceptionSession
from receptions.quotas import Span
from receptions.selectors_quota import Ledger, QuotaLine
from receptions.services.quota_warnings import quotas_warn
from receptions.tasks import warn_quotas
from tests.people import OTHER_WARD, WARD, person_make

pytestmark = pytest.mark.django_db
CHAIR, SECRETARY = "people_committee_chair", "party_secretary"
NOVEMBER = dt.date(2026, 11, 1)


def on(day: int, month: int = 11) -> dt.datetime:
    return local_moment(dt.date(2026, month, day), 7, 40)


def held(who: str, duty: str, *days: dt.date, status: str = "held", **changes: Any) -> None:
    """Sessions as they stand afterwards, without walking through their steps."""
    for day in days:
        values = {
            "unit": Unit.objects.get(code=WARD),
            "leader": person_make(who),
            "duty_holder": duty,
            "kind": "periodic",
            "starts_at": local_moment(day, 8),
            "ends_at": local_moment(day, 11),
            "place": "Trụ sở",
            "capacity": 5,
            "planned_content": "Tiếp công dân định kỳ.",
            "status": status,
            "published_at": local_moment(day - dt.timedelta(days=14)),
        }
        ReceptionSession.objects.create(**(values | changes))


def steps(unit: str = WARD, month: dt.date = NOVEMBER) -> dict[str, list[int]]:
    rows = QuotaWarning.objects.filter(unit__code=unit, month=month).order_by("step")
    found: dict[str, list[int]] = {}
    for duty, step in rows.values_list("duty_holder", "step"):
        found.setdefault(duty, []).append(step)
    return found


def told(step: int) -> set[tuple[str, str]]:
    rows = OutboxMessage.objects.filter(template="quota_warning", params__step=step)
    return set(rows.values_list("unit__code", "position"))


def line(duty: str, month: dt.date = NOVEMBER, unit: str = WARD) -> QuotaLine:
    ledger = Ledger.read(Unit.objects.filter(code=unit), month, month, dt.date(2027, 1, 5))
    return next(one for one in ledger.lines(month) if one.duty_holder == duty)


@pytest.fixture
def people() -> None:
    for name in (
        "clerk", "chair", "secretary", "party_office", "internal_affairs", "city_secretary",
        "city_chair",
    ):  # fmt: skip
        person_make(name)


def test_step_by_step_up_the_line(people: None) -> None:
    held("secretary", SECRETARY, dt.date(2026, 11, 9), dt.date(2026, 11, 25))
    quotas_warn(at=on(9))
    assert steps() == {}
    quotas_warn(at=on(16))
    assert steps() == {CHAIR: [1]}
    assert told(1) >= {(WARD, "head"), (WARD, "clerk")}
    assert not {position for code, position in told(1) if code == WARD} & {"secretary", "handler"}
    quotas_warn(at=on(23))
    assert steps() == {CHAIR: [1, 2]}
    assert (WARD, "secretary") in told(2)
    quotas_warn(at=on(27))
    assert steps() == {CHAIR: [1, 2, 3]}
    assert told(3) == {
        ("BNC", "internal_affairs"),
        ("VPTU", "party_office"),
        ("TU", "city_secretary"),
    }
    warning = QuotaWarning.objects.get(unit__code=WARD, step=3)
    assert warning.missing == 2


def test_a_secretary_is_warned_through_the_party_office(people: None) -> None:
    held("chair", CHAIR, dt.date(2026, 11, 9), dt.date(2026, 11, 20))
    quotas_warn(at=on(23))
    assert steps() == {SECRETARY: [1, 2]}
    assert ("VPTU", "party_office") in told(2)
    assert (WARD, "secretary") in told(1)
    assert (WARD, "secretary") not in told(2)


def test_a_second_and_a_late_run_tell_nothing_again(people: None) -> None:
    first = quotas_warn(at=on(27))
    rows, notices = QuotaWarning.objects.count(), OutboxMessage.objects.count()
    assert first == rows > 0
    assert quotas_warn(at=on(27)) == 0
    assert warn_quotas.name == "receptions.warn_quotas"
    assert (QuotaWarning.objects.count(), OutboxMessage.objects.count()) == (rows, notices)


def test_the_city_gets_one_notice_for_all_duties(people: None) -> None:
    quotas_warn(at=on(27))
    rows = OutboxMessage.objects.filter(
        template="quota_warning", unit__code="BNC", channel="app", params__step=3
    )
    assert [row.params["posts"] for row in rows] == [QuotaWarning.objects.filter(step=3).count()]
    assert rows[0].params["href"] == "/can-bo/tiep-dan/giam-sat/?month=2026-11&problems=1"


def test_a_unit_without_anybody_goes_to_whoever_is_above() -> None:
    person_make("internal_affairs")
    quotas_warn(at=on(16))
    assert steps(OTHER_WARD) == {CHAIR: [1, 2], SECRETARY: [1, 2]}
    assert told(1) == told(2) == set()
    quotas_warn(at=on(30))
    assert told(3) == {("BNC", "internal_affairs")}


def test_with_nobody_at_all_the_secretary_of_the_city_keeps_it() -> None:
    quotas_warn(at=on(30))
    assert told(3) == {("TU", "city_secretary")}


def test_the_first_days_look_back_at_the_last_month(people: None) -> None:
    """The last day went by without the session that was published for it."""
    for who, duty in (("chair", CHAIR), ("secretary", SECRETARY)):
        held(who, duty, dt.date(2026, 11, 10))
        held(who, duty, dt.date(2026, 11, 30), status="published")
    quotas_warn(at=on(30))
    assert steps() == {}
    quotas_warn(at=on(1, 12))
    assert steps() == {CHAIR: [1, 2, 3], SECRETARY: [1, 2, 3]}


def test_what_was_only_not_recorded_stays_with_the_duty_holder(people: None) -> None:
    for who, duty in (("chair", CHAIR), ("secretary", SECRETARY)):
        held(who, duty, dt.date(2026, 11, 10), dt.date(2026, 11, 18), status="published")
    quotas_warn(at=on(30))
    assert steps() == {CHAIR: [1], SECRETARY: [1]}


def test_a_month_that_recovers_and_falls_below_again_is_told_again(people: None) -> None:
    held("secretary", SECRETARY, dt.date(2026, 11, 9), dt.date(2026, 11, 25))
    quotas_warn(at=on(23))
    assert steps() == {CHAIR: [1, 2]}
    first = OutboxMessage.objects.filter(template="quota_warning").count()
    # Two days are announced: the month is on course, and nobody hears of it again.
    held("chair", CHAIR, dt.date(2026, 11, 26), dt.date(2026, 11, 27), status="published")
    assert quotas_warn(at=on(24)) == 0
    assert not QuotaWarning.objects.filter(ended_at=None, unit__code=WARD).exists()
    # One is called off: the line hears of it as the first time, and once only.
    day = ReceptionSession.objects.filter(duty_holder=CHAIR, status="published").first()
    ReceptionSession.objects.filter(pk=day.pk).update(status="cancelled", cancel_reason="Bận họp")
    assert quotas_warn(at=on(25)) > 0
    assert steps() == {CHAIR: [1, 1, 2, 2, 3]}
    assert OutboxMessage.objects.filter(template="quota_warning").count() > first
    assert quotas_warn(at=on(25)) == 0


def test_a_step_that_still_stands_is_not_told_again_when_a_higher_one_ended(people: None) -> None:
    held("secretary", SECRETARY, dt.date(2026, 11, 9), dt.date(2026, 11, 25))
    quotas_warn(at=on(27))
    assert steps() == {CHAIR: [1, 2, 3]}
    held("chair", CHAIR, dt.date(2026, 11, 10), dt.date(2026, 11, 20), status="published")
    assert quotas_warn(at=on(27)) == 0
    rows = QuotaWarning.objects.filter(unit__code=WARD).order_by("step")
    assert [row.ended_at is None for row in rows] == [True, False, False]


def test_the_end_of_a_year_without_the_next_calendar(people: None) -> None:
    """Days off of 2031 are not known: the run goes on and counts weekdays."""
    assert quotas_warn(at=local_moment(dt.date(2030, 12, 31), 7)) > 0
    assert steps(month=dt.date(2030, 12, 1))[CHAIR] == [1, 2, 3]


def test_a_leader_leaves_and_the_duty_goes_on() -> None:
    chair = person_make("chair")
    Membership.objects.filter(user=chair).update(valid_to=dt.date(2026, 11, 14))
    follower = person_make("other_chair")
    Membership.objects.create(
        user=follower,
        unit=Unit.objects.get(code=WARD),
        role=Role.HEAD,
        valid_from=dt.date(2026, 11, 20),
    )
    held("chair", CHAIR, dt.date(2026, 11, 10))
    held("other_chair", CHAIR, dt.date(2026, 11, 25))
    found = line(CHAIR)
    assert (found.tally.required, found.tally.held, found.tally.missing) == (2, 2, 0)
    assert [(h.person.username, h.first.day, h.last.day) for h in found.holders] == [
        ("chair", 1, 14),
        ("other_chair", 20, 30),
    ]
    assert found.vacant == (Span(dt.date(2026, 11, 15), dt.date(2026, 11, 19)),)
    assert found.person == follower
    follower.is_active = False
    follower.save()
    vacant = line(CHAIR)
    assert [h.person.username for h in vacant.holders] == ["chair"]
    assert vacant.person is None
    assert vacant.tally.required == 2


def test_a_person_with_both_posts_holds_each_day_for_one_duty() -> None:
    person = person_make("secretary")
    Membership.objects.create(
        user=person, unit=Unit.objects.get(code=WARD), role=Role.HEAD,
        valid_from=dt.date(2026, 1, 1),
    )  # fmt: skip
    held("secretary", SECRETARY, dt.date(2026, 11, 10), dt.date(2026, 11, 11))
    held("secretary", CHAIR, dt.date(2026, 11, 12))
    held("secretary", CHAIR, dt.date(2026, 11, 13), is_delegated=True)
    assert line(SECRETARY).tally[3:] == (2, 0, 0)
    assert line(CHAIR).tally[3:] == (1, 1, 1)
    assert line(CHAIR).person == line(SECRETARY).person == person


def test_a_unit_merged_away_owes_its_part_and_then_nothing() -> None:
    Unit.objects.filter(code=WARD).update(valid_to=dt.date(2026, 11, 20))
    assert line(SECRETARY).tally.required == 1
    ledger = Ledger.read(
        Unit.objects.filter(code=WARD), dt.date(2026, 12, 1), dt.date(2026, 12, 1), NOVEMBER
    )
    assert ledger.lines(dt.date(2026, 12, 1)) == []


def test_marks_of_late_missed_and_forgotten_sessions() -> None:
    held("chair", CHAIR, dt.date(2026, 11, 10), published_at=local_moment(dt.date(2026, 11, 6)))
    held("chair", CHAIR, dt.date(2026, 11, 11), kind="ad_hoc",
         published_at=local_moment(dt.date(2026, 11, 10)))  # fmt: skip
    held("chair", CHAIR, dt.date(2026, 11, 17), status="missed")
    held("chair", CHAIR, dt.date(2026, 11, 18), status="published")
    assert line(CHAIR).marks == (1, 1, 1)
    assert line(CHAIR).tally.held == 1
