"""Who owes a day, by post and kind of unit, and that somebody there can plan and hold it."""

import datetime as dt
from typing import Any

import pytest

from accounts.enums import Role
from accounts.models import Membership
from accounts.roles import GRANTS, Permission
from common.errors import InvalidInput, NotPermitted, NotVisible
from common.reference import csv_rows
from common.time import local_moment
from communes.models import Unit
from notifications.models import OutboxMessage
from petitions.receivers import desk_of
from receptions.holders import desks_of, holder_on
from receptions.models import QuotaWarning, ReceptionSession, Registration
from receptions.quotas import DUTY_OF_POST, duty_in, owed_by, roles_of
from receptions.selectors_plan import duties_plannable
from receptions.selectors_quota import Ledger, QuotaLine
from receptions.services.holding import session_hold
from receptions.services.misses import session_miss, visitors_move
from receptions.services.quota_warnings import quotas_warn, receivers
from receptions.services.reference import QUOTAS
from receptions.services.registrations import Options, registration_create_for
from receptions.services.sessions import session_publish
from tests.people import WARD, access_make, person_make
from tests.receptions.cast import DAY, NOW, register, session_draft, session_public, visitor
from tests.receptions.cast_plan import follow

pytestmark = pytest.mark.django_db
JUNE, JULY, DECEMBER = dt.date(2026, 6, 1), dt.date(2026, 7, 1), dt.date(2026, 12, 1)
CHAIR, SECRETARY = "people_committee_chair", "party_secretary"
AGENCY, SERVICE = "head_of_agency", "head_of_public_service_unit"
# Unit, duty, rule and days in June 2026 and in July 2026, when the law had changed; by hand.
OWED = [
    (WARD, CHAIR, ("TD-UB-XA-OLD", 4), ("TD-UB-XA", 2)),
    (WARD, SECRETARY, ("TD-DANG-XA", 2), ("TD-DANG-XA", 2)),
    ("TU", SECRETARY, ("TD-DANG-TP", 1), ("TD-DANG-TP", 1)),
    ("UBND", CHAIR, ("TD-UB-TP", 1), ("TD-UB-TP", 1)),
    ("BTCD", AGENCY, ("TD-CQ", 1), ("TD-CQ", 1)),
    ("TTTP", AGENCY, ("TD-CQ", 1), ("TD-CQ", 1)),
    ("SXD", AGENCY, ("TD-CQ", 1), ("TD-CQ", 1)),
    ("TTPTQD", SERVICE, None, ("TD-DVSN", 1)),
]
# What else nobody may owe by being of the City.
NOT_OWED = ("VPTU", "BNC", "BTGDV", "UBKT", "VPHDND", "MTTQ", "BTL", "CATP")


def lines(unit: str, month: dt.date) -> list[QuotaLine]:
    ledger = Ledger.read(Unit.objects.filter(code=unit), month, month, dt.date(2027, 1, 5))
    return ledger.lines(month)


@pytest.mark.parametrize(("unit", "duty", "june", "july"), OWED)
def test_the_ledger_of_a_unit_under_both_laws(
    unit: str, duty: str, june: tuple[str, int] | None, july: tuple[str, int]
) -> None:
    for month, expected in ((JUNE, june), (JULY, july)):
        found = [
            (line.rule.code, line.tally.required)
            for line in lines(unit, month)
            if line.duty_holder == duty
        ]
        assert found == ([expected] if expected else []), month
    assert {line.duty_holder for line in lines(unit, JULY)} == {
        duty for code, duty, _june, _july in OWED if code == unit
    }


def test_every_rule_of_the_file_is_owed_by_somebody() -> None:
    used = {rule[0] for _unit, _duty, *both in OWED for rule in both if rule}
    assert used == {row["code"] for row in csv_rows(QUOTAS)}


def test_every_unit_that_owes_has_a_post_that_plans_and_holds() -> None:
    """A day owed that nobody may plan or hold would be missing for ever."""
    needed = {Permission.RECEPTION_PLAN, Permission.RECEPTION_HOLD}
    owing = 0
    for unit in Unit.objects.exclude(kind="city"):
        for duty in owed_by(unit.code, unit.kind, unit.line):
            owing += 1
            posts = [GRANTS[role].unit for role in roles_of(unit.kind, duty)]
            assert posts, unit.code
            assert all(needed <= grant for grant in posts), unit.code
    assert owing == 2 * 126 + 4 + Unit.objects.filter(kind="department").count() + 1


def test_every_post_with_a_duty_may_receive() -> None:
    for posts in DUTY_OF_POST.values():
        for role in posts:
            assert Permission.RECEPTION_HOLD in GRANTS[role].unit, role


def test_bodies_of_other_lines_owe_what_a_head_there_owes() -> None:
    for code in NOT_OWED:
        assert not lines(code, JULY), code
        unit = Unit.objects.get(code=code)
        assert owed_by(unit.code, unit.kind, unit.line) == ()
    follow("service_head", dt.date(2026, 7, 1), Role.AGENCY_HEAD, "CATP")
    assert [line.duty_holder for line in lines("CATP", JULY)] == [AGENCY]


def test_the_head_of_a_department_is_no_chair_of_a_committee() -> None:
    assert duty_in("ward", Role.HEAD) == CHAIR
    # Who holds this post there by mistake would be told of nothing: ``desk_of`` knows another.
    assert duty_in("department", Role.HEAD) is None
    assert duty_in("service_unit", Role.HEAD) is None
    assert duty_in("department", Role.AGENCY_HEAD) == AGENCY
    assert duty_in("service_unit", Role.SERVICE_HEAD) == SERVICE
    assert duty_in("ward", Role.AGENCY_HEAD) is None
    follow("chair", dt.date(2026, 7, 1), Role.AGENCY_HEAD, "SXD")
    found = Unit.objects.get(code="SXD")
    assert holder_on(found.pk, AGENCY, DAY) == person_make("chair")
    assert holder_on(found.pk, CHAIR, DAY) is None
    assert duties_plannable(found.pk) == [(person_make("chair"), AGENCY)]


def test_posts_with_a_duty_in_bodies_are_those_that_are_told() -> None:
    for kind in ("department", "service_unit"):
        unit = Unit.objects.filter(kind=kind).first()
        assert unit is not None
        assert [role.value for role in DUTY_OF_POST[kind]] == [desk_of(unit)]


@pytest.mark.parametrize(
    ("code", "above"), [("BNC", "city_secretary"), ("SXD", "city_chair"), ("BTCD", "city_chair")]
)
def test_who_stands_above_a_head_is_of_the_same_line(code: str, above: str) -> None:
    follow("service_head", dt.date(2026, 7, 1), Role.AGENCY_HEAD, code)
    (line,) = lines(code, DECEMBER)
    codes = {unit.code: unit.pk for unit in Unit.objects.filter(code__in=("TU", "UBND", "VPTU"))}
    held = {(codes["TU"], "city_secretary"), (codes["UBND"], "city_chair"),
            (codes["VPTU"], "party_office")}  # fmt: skip
    assert [role for _unit, role in receivers(line, 2, held, codes)] == [above]


@pytest.mark.parametrize(
    ("who", "unit", "duty"), [("agency_head", "TTTP", AGENCY), ("service_head", "TTPTQD", SERVICE)]
)
def test_a_head_plans_publishes_and_holds_the_day(who: str, unit: str, duty: str) -> None:
    session = session_public(who, unit=unit, duty_holder=duty)
    assert [line.tally.held for line in lines(unit, DECEMBER)] == [0]
    session_hold(
        access=access_make(who),
        public_id=session.public_id,
        version=session.version,
        at=local_moment(DAY, 11),
    )
    (line,) = lines(unit, DECEMBER)
    assert (line.tally.held, line.tally.missing) == (1, 0)
    assert line.person == person_make(who)


def test_an_inspector_is_not_the_head_of_the_inspectorate() -> None:
    person_make("inspector")
    unit = Unit.objects.get(code="TTTP")
    assert holder_on(unit.pk, AGENCY, DAY) is None
    with pytest.raises(NotPermitted):
        session_draft("inspector", unit="TTTP", duty_holder=AGENCY)
    person_make("agency_head")
    with pytest.raises(InvalidInput) as caught:
        session_draft("agency_head", unit="TTTP", duty_holder=CHAIR)
    assert "leader" in caught.value.fields


def test_an_inspector_registers_at_the_counter_of_the_day() -> None:
    session = session_public("agency_head", unit="TTTP", duty_holder=AGENCY)
    made = _walk_in("inspector", session)
    assert made.queue_number == 1


def test_a_head_is_warned_and_a_vacant_post_is_put_above() -> None:
    for name in ("agency_head", "inspector", "city_chair", "city_secretary"):
        person_make(name)
    quotas_warn(at=local_moment(dt.date(2026, 11, 23), 7))

    def told(unit: str) -> set[tuple[str, str]]:
        steps = QuotaWarning.objects.filter(unit__code=unit).values_list("step", flat=True)
        assert steps, unit
        rows = OutboxMessage.objects.filter(template="quota_warning", params__step__in=list(steps))
        return set(rows.values_list("unit__code", "position"))

    assert {("TTTP", "agency_head"), ("TTTP", "inspector")} <= told("TTTP")
    assert QuotaWarning.objects.filter(unit__code="SXD", step=2).exists()
    assert ("UBND", "city_chair") in told("SXD")


def _walk_in(who: str, session: ReceptionSession) -> Registration:
    made = registration_create_for(
        access=access_make(who),
        session_id=session.public_id,
        topic="Đến trực tiếp",
        visitor=visitor(1),
        options=Options(walk_in=True),
        at=local_moment(DAY, 9),
    )
    return session.registrations.get(code=made.code)


def _officer_plans(**changes: Any) -> ReceptionSession:
    """The secretary's session, planned and published by the officer of the office."""
    person_make("city_secretary")
    draft = session_draft("city_secretary", unit="TU", **changes)
    return session_publish(
        access=access_make("reception_officer"),
        public_id=draft.public_id,
        version=draft.version,
        at=NOW,
    )


def test_the_office_prepares_the_secretarys_reception_but_does_not_hold_it() -> None:
    session = _officer_plans()
    assert _walk_in("reception_officer", session).queue_number == 1
    with pytest.raises(NotPermitted):
        session_hold(
            access=access_make("reception_officer"),
            public_id=session.public_id,
            version=session.version,
            at=local_moment(DAY, 11),
        )


def test_the_office_moves_visitors_of_a_missed_session() -> None:
    missed, coming = _officer_plans(), _officer_plans(day=dt.date(2026, 12, 17))
    register(missed)
    missed.refresh_from_db()
    session_miss(
        access=access_make("city_secretary"),
        public_id=missed.public_id,
        version=missed.version,
        reason="Họp đột xuất",
        at=local_moment(DAY, 11),
    )
    missed.refresh_from_db()
    moved = visitors_move(
        access=access_make("reception_officer"),
        public_id=missed.public_id,
        version=missed.version,
        to=coming.public_id,
        at=local_moment(DAY, 12),
    )
    assert [row.session_id for row in moved] == [coming.pk]


def test_the_office_is_told_beside_the_leader() -> None:
    _officer_plans()
    rows = OutboxMessage.objects.filter(template="session_published", channel="app")
    assert set(rows.values_list("unit__code", "position")) == {
        ("TU", "city_secretary"),
        ("TU", "reception_officer"),
    }
    assert desks_of(Unit.objects.get(code=WARD)) == ["clerk"]


def test_the_office_plans_where_it_holds_a_position_only() -> None:
    person_make("chair")
    assert Membership.objects.filter(user=person_make("reception_officer")).count() == 1
    draft = session_draft("chair", duty_holder=CHAIR)
    with pytest.raises(NotVisible):
        session_publish(
            access=access_make("reception_officer"),
            public_id=draft.public_id,
            version=draft.version,
            at=NOW,
        )
