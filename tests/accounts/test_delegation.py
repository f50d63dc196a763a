"""Rights handed over: named, in one unit, between two days, never more than the giver holds."""

import datetime as dt
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest

from accounts.models import AccountEvent, Delegation, Membership
from accounts.roles import DELEGABLE, Permission
from accounts.services_delegation import DelegationPlan, delegation_give, delegation_revoke
from accounts.services_elevation import elevation_begin
from common.errors import Conflict, InvalidInput, NotVisible
from common.history_check import table_check
from communes.models import Unit
from notifications.models import OutboxMessage
from notifications.rendering import words_of
from tests.accounts.factors import confirmed
from tests.accounts.office import MONDAY, NOW, access_today, day
from tests.people import OTHER_WARD, WARD, Story, person_make
from tests.strict import StrictClient

pytestmark = pytest.mark.django_db
Tell = Callable[..., Story]
PAGE = "/can-bo/quyen/uy-quyen/"
P = Permission


@pytest.fixture(autouse=True)
def _monday(time_machine: Any) -> None:
    time_machine.move_to(NOW, tick=False)
    for name in ("clerk", "handler", "chair", "other_chair", "admin"):
        person_make(name)


def give(by: str = "chair", to: str = "handler", unit: str = WARD, **changes: Any) -> Delegation:
    values: dict[str, Any] = {
        "holder": to,
        "permissions": [P.CASE_DECIDE.value],
        "valid_from": MONDAY,
        "valid_to": day(4),
        "ground": "Quyết định ủy quyền số 12",
    }
    plan = DelegationPlan(**(values | changes))
    unit_row = Unit.objects.get(code=unit)
    return delegation_give(access=access_today(by), unit=unit_row, plan=plan)


def holds(permission: Permission, name: str = "handler", unit: str = WARD) -> bool:
    return access_today(name).has(permission, Unit.objects.get(code=unit).pk)


def test_it_holds_between_its_days_and_in_its_unit(time_machine: Any) -> None:
    give(valid_from=day(1), valid_to=day(3))
    found = []
    for number in range(5):
        time_machine.move_to(NOW + dt.timedelta(days=number), tick=False)
        found.append(holds(P.CASE_DECIDE))
    assert found == [False, True, True, True, False]
    assert not holds(P.CASE_DECIDE, unit=OTHER_WARD)


def test_nothing_but_what_is_named() -> None:
    before = access_today("handler")
    give()
    after = access_today("handler")
    gained = {p for p in P if after.has(p) and not before.has(p)}
    assert gained == {P.CASE_DECIDE}
    assert after.positions == before.positions
    assert not holds(P.IDENTITY_OPEN)


def test_identities_only_when_named() -> None:
    give(
        permissions=[p.value for p in DELEGABLE if p not in {P.IDENTITY_OPEN, P.DENUNCIATION_VIEW}]
    )
    assert not holds(P.IDENTITY_OPEN)
    assert not holds(P.DENUNCIATION_VIEW)
    give(permissions=[P.IDENTITY_OPEN.value])
    assert holds(P.IDENTITY_OPEN)
    assert not holds(P.DENUNCIATION_VIEW)


def test_who_loses_the_position_has_nothing_to_hand_over(time_machine: Any) -> None:
    give()
    assert holds(P.CASE_DECIDE)
    Membership.objects.filter(user=person_make("chair")).update(valid_to=MONDAY)
    time_machine.move_to(NOW + dt.timedelta(days=1), tick=False)
    assert not holds(P.CASE_DECIDE)


def test_a_closed_account_hands_over_nothing() -> None:
    give()
    chair = person_make("chair")
    chair.is_active = False
    chair.save()
    assert not holds(P.CASE_DECIDE)


def test_who_leaves_the_unit_keeps_nothing() -> None:
    give()
    Membership.objects.filter(user=person_make("handler")).update(
        unit=Unit.objects.get(code=OTHER_WARD)
    )
    assert not holds(P.CASE_DECIDE)
    assert not holds(P.CASE_DECIDE, unit=OTHER_WARD)


def test_received_rights_are_not_passed_on() -> None:
    give()
    with pytest.raises(NotVisible):
        give(by="handler", to="clerk")


@pytest.mark.parametrize("by", ["clerk", "handler", "secretary", "other_chair", "admin"])
def test_only_who_decides_by_position_gives(by: str) -> None:
    person_make(by)
    with pytest.raises(NotVisible):
        give(by=by, to="chair")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"to": "chair"}, "holder"),
        ({"to": "other_chair"}, "holder"),
        ({"to": "nobody"}, "holder"),
        ({"permissions": []}, "permissions"),
        ({"permissions": [P.LETTER_REGISTER.value]}, "permissions"),
        ({"permissions": [P.ACCOUNT_KEEP.value]}, "permissions"),
        ({"permissions": ["made.up"]}, "permissions"),
        ({"valid_from": day(-1)}, "valid_from"),
        ({"valid_to": day(-1)}, "valid_to"),
        ({"valid_to": day(400)}, "valid_to"),
        ({"ground": " "}, "ground"),
    ],
)
def test_what_cannot_be_is_refused_by_name(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        give(**changes)
    assert set(caught.value.fields) == {field}
    assert not Delegation.objects.exists()


def test_an_administrator_never_gets_rights_over_cases() -> None:
    Membership.objects.create(
        user=person_make("handler"),
        unit=Unit.objects.get(code="CITY"),
        role="admin",
        valid_from=dt.date(2026, 1, 1),
    )
    with pytest.raises(InvalidInput):
        give()


def test_taking_back() -> None:
    row = give()
    with pytest.raises(NotVisible):
        delegation_revoke(access=access_today("other_chair"), public_id=row.public_id)
    with pytest.raises(NotVisible):
        delegation_revoke(access=access_today("handler"), public_id=row.public_id)
    delegation_revoke(access=access_today("chair"), public_id=row.public_id)
    assert not holds(P.CASE_DECIDE)
    with pytest.raises(Conflict):
        delegation_revoke(access=access_today("chair"), public_id=row.public_id)
    actions = AccountEvent.objects.filter(action__startswith="accounts.delegation").order_by("id")
    assert [(e.user.username, e.action.rpartition(".")[2]) for e in actions] == [
        ("chair", "given"),
        ("handler", "received"),
        ("chair", "revoked"),
        ("handler", "over"),
    ]
    assert list(table_check(AccountEvent)) == []


def told_of(template: str) -> list[str]:
    rows = OutboxMessage.objects.filter(template=template, channel="app")
    return sorted(row.recipient.username for row in rows)


def test_the_holder_and_the_superior_are_told() -> None:
    for name in ("city_chair", "internal_affairs", "board_head"):
        person_make(name)
    give(permissions=[P.IDENTITY_OPEN.value])
    assert told_of("delegation_received") == ["handler"]
    assert told_of("delegation_given") == ["city_chair"]
    row = OutboxMessage.objects.get(template="delegation_given", channel="app")
    assert "Cán bộ" not in str(row.params)
    text = words_of(row.template, row.params).text
    assert "từ 30/11/2026 đến 04/12/2026: mở danh tính được giữ bí mật" in text


def test_the_watching_bodies_are_told_when_the_superior_hands_over() -> None:
    for name in ("city_chair", "internal_affairs", "board_head"):
        person_make(name)
    Membership.objects.create(
        user=person_make("clerk"),
        unit=Unit.objects.get(code="UBND"),
        role="handler",
        valid_from=dt.date(2026, 1, 1),
    )
    give(by="city_chair", to="clerk", unit="UBND")
    assert told_of("delegation_given") == ["admin", "board_head", "internal_affairs"]


def test_the_holder_decides_and_the_history_names_the_holder(story: Tell) -> None:
    tale = story().accepted()
    tale.do("handler", "start_verification")
    tale.do("handler", "draft_outcome", text="Dự thảo kết quả giải quyết.")
    give(to="clerk")
    from petitions.services.actions import case_act

    case_act(
        access=access_today("clerk"),
        code=tale.filed.code,
        action="decide",
        version=tale.case.version,
        inputs={"number": "46/QĐ-UBND"},
    )
    assert tale.case.events.order_by("-sequence")[0].actor == person_make("clerk")


def test_the_accused_never_gets_in_by_delegation(story: Tell) -> None:
    """A case that is hidden from a person or a unit stays hidden, whatever was handed over."""
    tale = story(
        kind="denunciation", respondent={"name": "Ông X", "unit": WARD, "position": "officer"}
    )
    give(permissions=[P.CASE_VIEW.value, P.DENUNCIATION_VIEW.value, P.IDENTITY_OPEN.value])
    client = StrictClient()
    client.force_login(person_make("handler"))
    assert client.get(f"/can-bo/vu-viec/{tale.filed.code}/").status_code == 404


def test_the_page(client: StrictClient) -> None:
    client.force_login(person_make("chair"))
    confirmed(client, person_make("chair"))
    page = client.get(PAGE).content.decode()
    assert f"{PAGE}{WARD}/moi/" in page
    typed = {
        "holder": "handler",
        "rights": ["case.decide", "case.assign"],
        "valid_from": "2026-11-30",
        "valid_to": "2026-12-04",
        "ground": "Quyết định số 12/QĐ-UBND",
    }
    answer = client.post(f"{PAGE}{WARD}/moi/", typed | {"rights": ["account.keep"]})
    assert answer.status_code == 422
    assert "Quyết định số 12/QĐ-UBND" in unescape(answer.content.decode())
    assert client.post(f"{PAGE}{WARD}/moi/", typed).url == PAGE
    row = Delegation.objects.get()
    assert row.permissions == ["case.assign", "case.decide"]
    assert "Quyết định và ký" in unescape(client.get(PAGE).content.decode())
    assert client.post(f"{PAGE}{row.public_id}/thu-hoi/").url == PAGE
    assert "Đã hết hiệu lực" in unescape(client.get(PAGE).content.decode())


def test_an_elevated_administrator_takes_back_by_the_page(client: StrictClient) -> None:
    row = give()
    client.force_login(person_make("admin"))
    confirmed(client, person_make("admin"))
    assert client.get(PAGE).status_code == 404
    text = "Nghi ngờ tài khoản bị chiếm đoạt"
    elevation_begin(access=access_today("admin"), ground="incident", text=text, minutes=15)
    page = client.get(PAGE).content.decode()
    gone = f"{PAGE}{row.public_id}/thu-hoi/"
    assert gone in page
    assert f'href="{PAGE}"' in page  # the menu leads there
    assert client.post(gone, follow=True).status_code == 200
    assert not holds(P.CASE_DECIDE)
    assert gone not in client.get(PAGE).content.decode()


def test_a_stranger_finds_no_form(client: StrictClient) -> None:
    client.force_login(person_make("handler"))
    confirmed(client, person_make("handler"))
    assert client.get(f"{PAGE}{WARD}/moi/").status_code == 404
