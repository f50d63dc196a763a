"""What standing in opens, and that it opens nothing else."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.access import Access, access_of
from accounts.backends import PortalBackend
from accounts.models import User
from accounts.roles import Permission
from accounts.services_absences import absence_end
from communes.models import Unit
from escalation.models import Escalation
from escalation.services import Answer, escalation_acknowledge
from petitions.models import Case
from tests.accounts.office import NOW, access_today, away, overdue
from tests.people import WARD, Story, access_make, person_make

pytestmark = pytest.mark.django_db
Tell = Callable[..., Story]


@pytest.fixture(autouse=True)
def _monday(time_machine: Any) -> None:
    time_machine.move_to(NOW, tick=False)


def ward() -> int:
    return Unit.objects.get(code=WARD).pk


def gained(name: str) -> set[tuple[Permission, int]]:
    """What a person may do in units beyond the own memberships; nothing else may differ."""
    before, access = access_make(name), access_today(name)
    assert (access.city, access.unit_ids) == (before.city, before.unit_ids)
    assert before.positions <= access.positions
    return rights(access) - rights(before)


def rights(access: Access) -> set[tuple[Permission, int]]:
    return {(permission, unit) for permission in Permission for unit in access.units(permission)}


def test_a_deputy_of_the_head_sees_and_answers_and_decides_nothing() -> None:
    away("chair", "front")
    assert access_today("front").positions == {(ward(), "front"), (ward(), "head")}
    assert gained("front") == {(Permission.CASE_VIEW, ward())}


@pytest.mark.parametrize(
    ("absent", "deputy", "expected"),
    [
        ("chair", "clerk", {Permission.ESCALATION_ANSWER}),
        ("chair", "handler", {Permission.ESCALATION_ANSWER}),
        ("secretary", "handler", {Permission.ESCALATION_ANSWER}),
        ("clerk", "front", {Permission.CASE_VIEW}),
        ("handler", "clerk", set()),
        ("front", "handler", {Permission.ESCALATION_ANSWER}),
    ],
)
def test_a_deputy_gets_no_right_that_the_absent_person_lacks(
    absent: str, deputy: str, expected: set[Permission]
) -> None:
    away(absent, deputy)
    assert gained(deputy) == {(permission, ward()) for permission in expected}


def test_by_chain_only_who_is_there_stands_in() -> None:
    away("chair", "secretary")
    away("secretary", "handler")
    assert access_today("handler").positions == {
        (ward(), role) for role in ("handler", "secretary", "head")
    }
    assert access_today("secretary").positions == {(ward(), "secretary")}


def test_the_absent_person_keeps_the_own_access() -> None:
    before = access_today("chair")
    away("chair", "secretary")
    assert access_today("chair") == before


def test_standing_in_ends_with_the_absence(time_machine: Any) -> None:
    absence = away("chair", "handler", first=1, last=4)
    assert gained("handler") == set()
    time_machine.shift(86400)
    assert gained("handler") != set()
    absence_end(access=access_today("chair"), public_id=absence.public_id)
    assert gained("handler") == set()


def test_a_switched_off_account_lends_nothing() -> None:
    away("chair", "handler")
    User.objects.filter(username="chair").update(is_active=False)
    assert gained("handler") == set()


def test_one_query_with_and_without_absences(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    away("chair", "handler")
    for name in ("handler", "chair", "clerk"):
        user = PortalBackend().get_user(person_make(name).pk)
        assert user is not None
        with django_assert_num_queries(1):
            access_of(user)
            access_of(user)


def test_a_denunciation_stays_hidden_from_the_deputy(story: Tell) -> None:
    tale = story(
        kind="denunciation", respondent={"name": "Ông X", "unit": "00008", "position": "officer"}
    )
    assert tale.case.unit.code == WARD
    assert Case.objects.visible_to(access_today("chair")).exists()
    away("chair", "handler")
    assert not Case.objects.visible_to(access_today("handler")).exists()


def test_the_deputy_answers_what_climbed_to_the_head(
    client: Client, story: Tell, time_machine: Any
) -> None:
    tale = story().accepted()
    away("chair", "front", last=300)
    overdue(tale, time_machine)
    escalation = Escalation.objects.get(step_code="breach")
    assert (escalation.position, escalation.nobody_found) == ("head", False)
    client.force_login(person_make("front"))
    assert tale.filed.code in client.get("/can-bo/leo-thang/").content.decode()
    assert client.get(f"/can-bo/vu-viec/{tale.filed.code}/").status_code == 200
    answer = {"step": "answer", "answer": "Đã yêu cầu cán bộ hoàn thành trong tuần."}
    client.post(f"/can-bo/leo-thang/{escalation.public_id}/", answer)
    escalation.refresh_from_db()
    assert escalation.acknowledged_by == person_make("front")


def test_without_an_absence_the_same_person_is_refused(
    client: Client, story: Tell, time_machine: Any
) -> None:
    tale = story().accepted()
    person_make("front")
    overdue(tale, time_machine)
    client.force_login(person_make("front"))
    # What climbs to the Front are tasks of directives; the head's cases are not in its list.
    assert tale.filed.code not in client.get("/can-bo/leo-thang/").content.decode()
    assert client.get(f"/can-bo/vu-viec/{tale.filed.code}/").status_code == 404


def test_the_head_still_answers_from_afar(story: Tell, time_machine: Any) -> None:
    tale = story().accepted()
    away("chair", "handler", last=300)
    overdue(tale, time_machine)
    public_id = Escalation.objects.get(step_code="breach").public_id
    done = escalation_acknowledge(
        access=access_today("chair"), public_id=public_id, answer=Answer("Tôi chỉ đạo từ xa.")
    )
    assert done.acknowledged_by == person_make("chair")
