"""What elevated administrators do with accounts: roles, locks, lost factors, tokens, closing."""

import datetime as dt
from html import unescape
from typing import Any

import pytest

from accounts.models import AccountEvent, ApiToken, Membership, SignIn, User
from accounts.selectors_powers import HELD, PERSON, key_of, token_of
from accounts.services import TokenPlan, api_token_create
from common.errors import NotVisible
from common.history_check import table_check
from communes.models import Unit
from hanoi_portal.models import MembershipChange
from notifications.models import OutboxMessage
from tests.accounts.elevated import (
    PEOPLE,
    admin,
    open_tokens,
    second_admin,
    take,
    told_of,
)
from tests.accounts.factors import officer, set_up_app, sign_in
from tests.people import WARD, person_make
from tests.strict import StrictClient

__all__ = ["admin"]
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _moment(time_machine: Any) -> None:
    time_machine.move_to("2026-11-30T02:00:00Z", tick=False)


@pytest.mark.parametrize(
    ("unit", "others", "told"),
    [
        (WARD, 1, ["admin2", "chair"]),
        (WARD, 0, ["board_head", "chair", "internal_affairs"]),
        ("CITY", 1, ["admin2"]),
        ("CITY", 0, ["board_head", "internal_affairs"]),
    ],
)
def test_a_role_is_never_given_untold(
    admin: StrictClient, unit: str, others: int, told: list[str]
) -> None:
    """Else an administrator gives a second account whatever the first may not hold."""
    for name in ("internal_affairs", "board_head", "chair", "other_chair"):
        person_make(name)
    if others:
        second_admin()
    take()
    page = f"{PEOPLE}{token_of(PERSON, person_make('clerk').pk)}/"
    role = "admin" if unit == "CITY" else "head"
    admin.post(page, {"unit": unit, "role": role, "valid_from": "2026-12-01"})
    assert told_of("role_given") == told
    row = OutboxMessage.objects.filter(template="role_given").first()
    assert row is not None
    assert "Cán bộ" not in str(row.params)


def test_a_person_is_found_by_name_and_shown_with_the_lock(admin: StrictClient) -> None:
    take()
    user = person_make("clerk")
    page = f"{PEOPLE}{token_of(PERSON, user.pk)}/"
    found = unescape(admin.post(PEOPLE, {"name": "CAN bo clerk"}).content.decode())
    assert page in found
    nobody = unescape(admin.post(PEOPLE, {"name": "khong ai ca"}).content.decode())
    assert page not in nobody
    shown = unescape(admin.get(page).content.decode())
    assert "không bị khóa" in shown
    assert "chưa thiết lập" in shown
    assert 'value="unlock"' not in shown
    for _ in range(5):
        sign_in(StrictClient(), "clerk", "x")
    shown = unescape(admin.get(page).content.decode())
    assert "đang khóa do nhập sai nhiều lần" in shown
    assert 'value="unlock"' in shown


def test_a_role_with_dates_and_its_end(admin: StrictClient) -> None:
    take()
    clerk = person_make("clerk")
    page = f"{PEOPLE}{token_of(PERSON, clerk.pk)}/"
    role = {
        "unit": WARD,
        "role": "handler",
        "title": "Chuyên viên",
        "valid_from": "2026-12-01",
        "valid_to": "2026-12-31",
    }
    assert admin.post(page, role).url == page
    held = Membership.objects.get(user=clerk, role="handler")
    given = AccountEvent.objects.filter(user=clerk, action__startswith="accounts.membership.")
    assert [(row.action, row.data["from"], row.data["to"]) for row in given] == [
        ("accounts.membership.added", "2026-12-01", "2026-12-31")
    ]
    assert [row.pgh_label for row in MembershipChange.objects.filter(pgh_obj_id=held.pk)] == [
        "insert"
    ]
    assert held.title == "Chuyên viên"
    assert (held.valid_from, held.valid_to) == (dt.date(2026, 12, 1), dt.date(2026, 12, 31))
    answer = admin.post(page, role)
    assert answer.status_code == 422
    assert "đã giữ vai trò đó" in unescape(answer.content.decode())
    end = f"{page}vai-tro/{token_of(HELD, held.pk)}/"
    assert admin.post(end, {"valid_to": "2026-12-15"}).url == page
    held.refresh_from_db()
    assert held.valid_to == dt.date(2026, 12, 15)
    shown = unescape(admin.get(page).content.decode())
    assert f"Giao vai trò ({Unit.objects.get(code=WARD)} · " in shown
    assert "00004" not in shown.partition("Lịch sử tài khoản")[2]
    assert "Cán bộ admin" in shown
    assert "Cán bộ clerk" in unescape(admin.get(PEOPLE + f"?unit={WARD}").content.decode())


@pytest.mark.parametrize(("unit", "count"), [("SXD", 0), ("BTCD", 0), (WARD, 1)])
def test_a_chair_of_a_committee_is_of_a_ward_or_commune(
    admin: StrictClient, unit: str, count: int
) -> None:
    """Elsewhere nothing would ever be told to this position."""
    take()
    clerk = person_make("clerk")
    role = {"unit": unit, "role": "head", "valid_from": "2026-12-01"}
    answer = admin.post(f"{PEOPLE}{token_of(PERSON, clerk.pk)}/", role)
    assert Membership.objects.filter(user=clerk, role="head").count() == count
    assert ("Chỉ xã, phường mới có chức vụ này." in answer.text) == (not count)


def test_nobody_gives_the_own_account_anything(admin: StrictClient) -> None:
    take()
    me = person_make("admin")
    page = f"{PEOPLE}{token_of(PERSON, me.pk)}/"
    role = {"unit": WARD, "role": "head", "valid_from": "2026-12-01"}
    assert admin.post(page, role).status_code == 403
    assert Membership.objects.filter(user=me).count() == 1


@pytest.mark.parametrize("what", ["unlock", "sign_out", "factor", "close"])
def test_nobody_keeps_the_own_account(admin: StrictClient, what: str) -> None:
    """Two people are needed for every help with an account (ADR 0011)."""
    take()
    me = person_make("admin")
    api_token_create(user=me)
    typed = {"do": what, "ground": "Tự mình làm cho nhanh", "close-ground": "Tự mình đóng lại"}
    page = f"{PEOPLE}{token_of(PERSON, me.pk)}/"
    answer = admin.post(page + "lam/", typed, follow=True)
    assert "phải do quản trị viên khác làm" in unescape(answer.content.decode())
    assert open_tokens(me) == 1
    assert not AccountEvent.objects.filter(user=me, action="accounts.sign_in.ended").exists()
    assert User.objects.get(pk=me.pk).is_active


def test_a_lost_second_factor(admin: StrictClient) -> None:
    user = officer("chair")
    other = StrictClient()
    sign_in(other, "chair")
    set_up_app(other)
    assert other.get("/can-bo/").status_code == 200
    take()
    do = f"{PEOPLE}{token_of(PERSON, user.pk)}/lam/"
    admin.post(do, {"do": "factor", "ground": "ngắn"})
    assert other.get("/can-bo/").status_code == 200
    admin.post(do, {"do": "factor", "ground": "Đến trực tiếp, xuất trình thẻ công chức"})
    assert other.get("/can-bo/").status_code == 302
    assert SignIn.objects.filter(user=user, ended_as="admin").count() == 1
    assert sign_in(other, "chair").url == "/can-bo/"
    assert other.get("/can-bo/").url == "/tai-khoan/lop-2/"
    event = AccountEvent.objects.get(action="accounts.second_factor.cleared")
    assert (event.actor, event.user) == (person_make("admin"), user)


def test_a_lock_is_ended(admin: StrictClient) -> None:
    user = person_make("clerk")
    other = StrictClient()
    for _ in range(5):
        sign_in(other, "clerk", "x")
    assert sign_in(other, "clerk").status_code == 200
    take()
    admin.post(f"{PEOPLE}{token_of(PERSON, user.pk)}/lam/", {"do": "unlock"})
    assert sign_in(other, "clerk").url == "/can-bo/"


@pytest.mark.parametrize(
    "typed",
    [
        {"do": "sign_out"},
        {"do": "factor", "ground": "Đến trực tiếp, xuất trình thẻ công chức"},
        {"do": "close", "close-ground": "Nghỉ hưu từ ngày 30/11/2026"},
    ],
    ids=["sign_out", "factor", "close"],
)
def test_putting_somebody_out_ends_the_tokens_too(
    admin: StrictClient, typed: dict[str, str]
) -> None:
    """Whoever stole an account would have made a token first."""
    user = person_make("clerk")
    for _ in range(2):
        api_token_create(user=user)
    api_token_create(user=person_make("chair"))
    take()
    admin.post(f"{PEOPLE}{token_of(PERSON, user.pk)}/lam/", typed)
    assert (open_tokens(user), open_tokens(person_make("chair"))) == (0, 1)
    events = AccountEvent.objects.filter(user=user, action="accounts.token.revoked")
    assert [event.actor for event in events] == [person_make("admin")] * 2
    assert list(table_check(AccountEvent)) == []


def test_an_administrator_sees_and_revokes_one_token(admin: StrictClient) -> None:
    user = person_make("clerk")
    api_token_create(user=user, plan=TokenPlan("Phần mềm văn bản"))
    api_token_create(user=user, plan=TokenPlan("Báo cáo"))
    take()
    page = f"{PEOPLE}{token_of(PERSON, user.pk)}/"
    assert "Phần mềm văn bản" in unescape(admin.get(page).content.decode())
    row = ApiToken.objects.get(name="Phần mềm văn bản")
    assert admin.post(page + "lam/", {"do": "token", "number": str(row.public_id)}).url == page
    assert list(ApiToken.objects.filter(revoked_at=None).values_list("name", flat=True)) == [
        "Báo cáo"
    ]
    for number in ("x", str(row.public_id)):
        assert admin.post(page + "lam/", {"do": "token", "number": number}).status_code == 404


def test_an_account_is_closed_and_opened_again(admin: StrictClient) -> None:
    user = person_make("clerk")
    other = StrictClient()
    sign_in(other, "clerk")
    take()
    page = f"{PEOPLE}{token_of(PERSON, user.pk)}/"
    admin.post(page + "lam/", {"do": "close", "close-ground": "ngắn"})
    assert other.get("/can-bo/").status_code == 200
    admin.post(page + "lam/", {"do": "close", "close-ground": "Nghỉ hưu từ ngày 30/11/2026"})
    assert other.get("/can-bo/").status_code == 302
    assert sign_in(other, "clerk").status_code == 200
    assert Membership.objects.filter(user=user).count() == 1
    shown = unescape(admin.get(page).content.decode())
    assert "Nghỉ hưu từ ngày 30/11/2026" in shown
    admin.post(page + "lam/", {"do": "reopen", "close-ground": "Được điều động trở lại đơn vị"})
    assert sign_in(other, "clerk").url == "/can-bo/"
    told = AccountEvent.objects.filter(
        user=user, action__in=["accounts.closed", "accounts.reopened"]
    )
    assert told.count() == 2


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"do": "factor", "ground": "Gặp rồi"}, "ground"),
        ({"do": "close", "close-ground": "Nghỉ hưu"}, "close-ground"),
        ({"do": "close", "close-ground": "a" * 301}, "close-ground"),
        ({"do": "close", "ground": "Ghi vào ô của biểu mẫu khác"}, "close-ground"),
        ({"do": "reopen", "close-ground": "Mở lại theo quyết định"}, "close-ground"),
    ],
    ids=["short", "short reason", "long", "other form", "done already"],
)
def test_a_refused_ground_stays_on_the_page(
    admin: StrictClient, typed: dict[str, str], field: str
) -> None:
    user = person_make("clerk")
    take()
    page = f"{PEOPLE}{token_of(PERSON, user.pk)}/"
    answer = admin.post(page + "lam/", typed)
    assert answer.status_code == 422
    shown = unescape(answer.content.decode())
    assert f'href="#id_{field}"' in shown or "đã được thực hiện" in shown
    assert "<title>Lỗi: " in shown
    assert typed.get(field, "") in shown
    assert User.objects.get(pk=user.pk).is_active
    # The form of a role on that page still goes to where roles are given.
    assert f'action="{page}"' in shown


@pytest.mark.parametrize("what", ["", "đóng", "unlock\0", "delete"])
def test_a_step_that_is_none_says_so(admin: StrictClient, what: str) -> None:
    take()
    page = f"{PEOPLE}{token_of(PERSON, person_make('clerk').pk)}/lam/"
    assert admin.post(page, {"do": what}).status_code == 400


@pytest.mark.parametrize("day", ["", "31/02/2026", "2026-11-01"])
def test_a_last_day_that_cannot_be_stays_beside_its_role(admin: StrictClient, day: str) -> None:
    take()
    clerk = person_make("clerk")
    page = f"{PEOPLE}{token_of(PERSON, clerk.pk)}/"
    held = clerk.memberships.get()
    answer = admin.post(f"{page}vai-tro/{token_of(HELD, held.pk)}/", {"valid_to": day})
    assert answer.status_code == 422
    shown = unescape(answer.content.decode())
    assert 'href="#end_valid_to"' in shown
    assert f'value="{day}"' in shown or not day
    held.refresh_from_db()
    assert held.valid_to is None


def test_people_in_addresses_are_sealed() -> None:
    token = token_of(PERSON, 7)
    assert key_of(PERSON, token) == 7
    for wrong in (token[:-2], "7", token_of(HELD, 7), "á"):
        with pytest.raises(NotVisible):
            key_of(PERSON, wrong)
