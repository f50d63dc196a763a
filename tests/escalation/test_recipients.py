"""From a place on the ladder to a position: climbing, conflict guard, city bodies, absences."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from accounts.enums import Role
from accounts.models import Membership
from communes.models import Unit
from escalation.enums import Place
from escalation.recipients import Holder, Positions, Recipient
from tests.accounts.office import MONDAY, NOW, away
from tests.people import person_make

WARD, BTCD, UBND, TTTP = (
    Unit(pk=pk, code=code) for pk, code in ((1, "00004"), (2, "BTCD"), (3, "UBND"), (4, "TTTP"))
)
UNITS = (WARD, BTCD, UBND, TTTP)
ALL = {
    (1, "clerk"),
    (1, "handler"),
    (1, "head"),
    (2, "board_officer"),
    (2, "board_head"),
    (3, "city_chair"),
    (4, "inspector"),
}
AT_WARD = Holder(1, "handler")


def positions(*missing: tuple[int, str]) -> Positions:
    by_code = {unit.code: unit for unit in UNITS}
    return Positions({unit.pk: unit for unit in UNITS}, by_code, frozenset(ALL - set(missing)))


@pytest.mark.parametrize(
    ("place", "code", "position"),
    [
        (Place.HANDLER, "00004", "handler"),
        (Place.HEAD, "00004", "head"),
        (Place.BOARD, "BTCD", "board_head"),
        (Place.CHAIR, "UBND", "city_chair"),
        (Place.INSPECTOR, "TTTP", "inspector"),
    ],
)
def test_a_wards_ladder(place: Place, code: str, position: str) -> None:
    found = positions().find(place, AT_WARD)
    assert found.unit is not None
    assert (found.unit.code, found.position, found.nobody_found) == (code, position, False)


@pytest.mark.parametrize(
    ("holder", "place", "expected"),
    [
        (Holder(2, "clerk"), Place.HANDLER, (2, "board_officer")),
        (Holder(2, "clerk"), Place.HEAD, (2, "board_head")),
        (Holder(2, "clerk"), Place.BOARD, (3, "city_chair")),
        (Holder(3, "handler"), Place.HEAD, (3, "city_chair")),
        (Holder(3, "handler"), Place.BOARD, (2, "board_head")),
        (Holder(4, "handler"), Place.HEAD, (4, "inspector")),
        (Holder(4, "handler"), Place.INSPECTOR, (3, "city_chair")),
    ],
)
def test_city_bodies_have_their_own_positions_and_do_not_judge_themselves(
    holder: Holder, place: Place, expected: tuple[int, str]
) -> None:
    assert positions().find(place, holder).key == expected


@pytest.mark.parametrize(
    ("kind", "code", "role"),
    [
        ("department", "SXD", "agency_head"),
        ("city_body", "CATP", "agency_head"),
        ("service_unit", "TTPTQD", "service_head"),
        ("department", "SXD", "head"),
        ("city_body", "VPTU", "party_office"),
        ("city_body", "BNC", "internal_affairs"),
        ("city_body", "BTGDV", "propaganda"),
        ("city_body", "MTTQ", "city_front"),
    ],
)
def test_a_body_without_cases_is_reached_through_its_head(kind: str, code: str, role: str) -> None:
    body = Unit(pk=9, code=code, kind=kind)
    units = {unit.pk: unit for unit in (*UNITS, body)}
    by_code = {unit.code: unit for unit in units.values()}
    found = Positions(units, by_code, frozenset({*ALL, (9, role)}))
    assert found.find(Place.HEAD, Holder(9, role)).key == (9, role)
    concluded = Holder(1, "clerk", forwarder_id=9, climbs=frozenset({Place.CONCLUDER}))
    assert found.find(Place.CONCLUDER, concluded).key == (9, role)


def test_an_empty_position_goes_one_level_up_and_says_so() -> None:
    found = positions((1, "head")).find(Place.HEAD, AT_WARD)
    assert (found.key, found.nobody_found) == ((2, Role.BOARD_HEAD), True)


def test_nobody_at_all_keeps_the_topmost_place() -> None:
    nobody = positions(*ALL)
    found = nobody.find(Place.HEAD, AT_WARD)
    assert (found.key, found.nobody_found) == ((4, Role.INSPECTOR), True)


def test_a_barred_unit_is_passed_over_without_calling_it_empty() -> None:
    found = positions().find(Place.HEAD, Holder(1, "handler", frozenset({1})))
    assert (found.key, found.nobody_found) == ((2, Role.BOARD_HEAD), False)


def test_the_accused_unit_is_next_on_the_ladder() -> None:
    found = positions().find(Place.BOARD, Holder(1, "handler", frozenset({2})))
    assert found.key == (3, Role.CITY_CHAIR)


def test_when_every_place_is_barred_nobody_gets_it() -> None:
    found = positions().find(Place.HANDLER, Holder(1, "handler", frozenset({1, 2, 3, 4})))
    assert (found.unit, found.nobody_found) == (None, True)


def test_being_told_needs_exactly_that_position() -> None:
    assert positions((1, "handler")).held_at(Place.HANDLER, AT_WARD) is None


@pytest.fixture
def ladder(db: None, time_machine: Any) -> Callable[[Place], Recipient]:
    """Where a step of the ward goes today, read from the database."""
    time_machine.move_to(NOW, tick=False)
    for name in ("clerk", "handler", "chair", "secretary", "board_head", "city_chair"):
        person_make(name)
    ward = Unit.objects.get(code="00004")

    def step(place: Place) -> Recipient:
        return Positions.read(MONDAY).find(place, Holder(ward.pk, "handler"))

    return step


def told(found: Recipient) -> tuple[str, str, bool]:
    assert found.unit is not None
    return (found.unit.code, found.position, found.nobody_found)


def test_a_level_with_no_holder(ladder: Callable[[Place], Recipient]) -> None:
    Membership.objects.filter(role="head").update(valid_to=MONDAY - dt.timedelta(days=1))
    assert told(ladder(Place.HEAD)) == ("BTCD", "board_head", True)


def test_an_absent_head_with_a_deputy_keeps_the_level(ladder: Callable[[Place], Recipient]) -> None:
    away("chair", "secretary")
    assert told(ladder(Place.HEAD)) == ("00004", "head", False)


def test_an_absent_head_with_a_deputy_of_a_deputy(ladder: Callable[[Place], Recipient]) -> None:
    away("chair", "secretary")
    away("secretary", "clerk")
    assert told(ladder(Place.HEAD)) == ("00004", "head", False)


def test_deputies_in_a_loop_are_nobody(ladder: Callable[[Place], Recipient]) -> None:
    away("chair", "secretary")
    away("secretary", "chair")
    assert told(ladder(Place.HEAD)) == ("BTCD", "board_head", True)


def test_an_absent_head_without_a_deputy_goes_one_level_up_and_says_so(
    ladder: Callable[[Place], Recipient],
) -> None:
    away("chair")
    assert told(ladder(Place.HEAD)) == ("BTCD", "board_head", True)
    away("board_head")
    assert told(ladder(Place.HEAD)) == ("UBND", "city_chair", True)


def test_an_absent_handler_passes_the_step_to_the_head(
    ladder: Callable[[Place], Recipient],
) -> None:
    away("handler")
    assert told(ladder(Place.HANDLER)) == ("00004", "head", True)
