"""Positions with absent holders: who is there, whom a notice reaches."""

import pytest
from django.core.mail import EmailMessage
from pytest_django import DjangoAssertNumQueries

from accounts.models import Membership, User
from accounts.selectors import position_holders, positions_held
from accounts.services_absences import absence_end
from communes.models import Unit
from notifications.delivery import outbox_deliver
from notifications.services import NewMessage, outbox_write
from tests.accounts.office import MONDAY, NOW, access_today, away, day
from tests.people import WARD, person_make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _monday(time_machine: object) -> None:
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def head() -> tuple[int, str]:
    """The position of the ward's chair."""
    person_make("chair")
    return Unit.objects.get(code=WARD).pk, "head"


def acting(pair: tuple[int, str]) -> list[str]:
    keys = position_holders([pair], MONDAY)[pair]
    names = dict(User.objects.values_list("pk", "username"))
    return [names[key] for key in keys]


def test_a_deputy_holds_the_position_in_the_days_of_the_absence(head: tuple[int, str]) -> None:
    away("chair", "secretary", first=0, last=1)
    for number, name in ((-1, "chair"), (0, "secretary"), (1, "secretary"), (2, "chair")):
        assert head in positions_held(day(number))
        assert position_holders([head], day(number)) == {head: [person_make(name).pk]}


def test_without_a_deputy_nobody_is_there_but_the_notice_waits_for_the_holder(
    head: tuple[int, str],
) -> None:
    away("chair")
    assert head not in positions_held(MONDAY)
    assert head in positions_held(day(5))
    assert acting(head) == ["chair"]


def test_the_deputy_of_an_absent_deputy(head: tuple[int, str]) -> None:
    away("chair", "secretary")
    away("secretary", "handler", first=0, last=0)
    assert acting(head) == ["handler"]
    assert head in positions_held(MONDAY)
    assert position_holders([head], day(1)) == {head: [person_make("secretary").pk]}


def test_a_loop_of_deputies_is_nobody(head: tuple[int, str]) -> None:
    away("chair", "secretary")
    away("secretary", "handler")
    away("handler", "chair")
    assert positions_held(MONDAY) == frozenset()
    assert acting(head) == ["chair"]


def test_a_second_holder_keeps_the_position_and_nobody_is_named_twice() -> None:
    unit = Unit.objects.get(code=WARD)
    pair = (unit.pk, "handler")
    second = person_make("other_clerk")
    person_make("handler")
    Membership.objects.create(user=second, unit=unit, role="handler", valid_from=day(-9))
    away("handler", "other_clerk")
    assert acting(pair) == ["other_clerk"]


def test_whoever_left_the_unit_or_was_switched_off_does_not_stand_in(
    head: tuple[int, str],
) -> None:
    away("chair", "secretary")
    Membership.objects.filter(user__username="secretary").update(valid_to=day(-1))
    assert head not in positions_held(MONDAY)
    Membership.objects.filter(user__username="secretary").update(valid_to=None)
    User.objects.filter(username="secretary").update(is_active=False)
    assert head not in positions_held(MONDAY)


def test_back_early_means_there_again(head: tuple[int, str]) -> None:
    absence = away("chair", "secretary", first=-2, last=4)
    absence_end(access=access_today("chair"), public_id=absence.public_id)
    assert acting(head) == ["chair"]


def test_other_positions_are_not_told(head: tuple[int, str]) -> None:
    away("chair", "secretary")
    board = person_make("board_head").memberships.get()
    pairs = [(board.unit_id, board.role), (head[0], "inspector")]
    assert position_holders(pairs, MONDAY) == {(board.unit_id, board.role): [board.user_id]}
    assert position_holders([], MONDAY) == {}


def test_few_queries_however_many_positions(
    head: tuple[int, str], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for name in ("clerk", "handler", "secretary", "board_head", "inspector"):
        person_make(name)
    away("chair", "secretary")
    away("secretary", "handler")
    pairs = set(Membership.objects.values_list("unit_id", "role"))
    with django_assert_num_queries(1):
        positions_held(MONDAY)
    with django_assert_num_queries(1):
        position_holders(pairs, MONDAY)


def test_a_notice_to_the_position_reaches_the_deputys_mailbox(
    head: tuple[int, str], mailoutbox: list[EmailMessage]
) -> None:
    away("chair", "secretary")
    message = NewMessage(
        key="absence-test",
        template="petition_arrived",
        params={"code": "HN-00000-00000-00"},
        unit_id=head[0],
        position="head",
    )
    outbox_write([message], at=NOW)
    outbox_deliver(at=NOW)
    assert [mail.to for mail in mailoutbox] == [["secretary@example.com"]]
