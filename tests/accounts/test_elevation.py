"""Administrators take rights with a ground, for minutes, in the open."""

import datetime as dt
from html import unescape
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts.access import access_of
from accounts.backends import PortalBackend
from accounts.models import AccountEvent, Elevation, User
from accounts.roles import ELEVATED, GRANTS, TOLD_OF_ELEVATION, Permission
from accounts.services import api_token_create
from accounts.services_elevation import elevation_end
from common.errors import Conflict, InvalidInput, NotVisible
from notifications.models import OutboxMessage
from notifications.rendering import words_of
from tests.accounts.elevated import (
    LIST,
    PAGE,
    PEOPLE,
    TYPED,
    admin,
    second_admin,
    take,
    told_of,
)
from tests.accounts.office import access_today
from tests.people import CAST, person_make
from tests.strict import StrictClient

__all__ = ["admin"]
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _moment(time_machine: Any) -> None:
    time_machine.move_to("2026-11-30T02:00:00Z", tick=False)


def test_the_rights_end_by_themselves(time_machine: Any) -> None:
    assert not access_today("admin").has(Permission.ACCOUNT_KEEP)
    take()
    assert access_today("admin").has(Permission.ACCOUNT_KEEP)
    time_machine.shift(899)
    assert access_today("admin").has(Permission.ACCOUNT_KEEP)
    time_machine.shift(1)
    assert not access_today("admin").has(Permission.ACCOUNT_KEEP)
    take()  # and may be taken again
    assert Elevation.objects.filter(ended_at=None).count() == 1


def test_they_never_hold_cases_or_identities() -> None:
    take()
    access = access_today("admin")
    gained = {p for p in Permission if access.has(p)}
    plain = GRANTS[CAST["admin"][0]]
    assert gained - plain.unit - plain.city == ELEVATED
    assert {Permission.ACCOUNT_KEEP, Permission.REFERENCE_INSPECT} == ELEVATED


@pytest.mark.parametrize("name", [name for name in CAST if name != "admin"])
def test_only_administrators_take_them(name: str) -> None:
    with pytest.raises(NotVisible):
        take(name)


@pytest.mark.parametrize(
    "changes", [{"ground": "curiosity"}, {"text": "  ngắn  "}, {"minutes": 600}]
)
def test_without_ground_words_and_limit_nothing_happens(changes: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput) as caught:
        take(**changes)
    assert set(caught.value.fields) == set(changes)
    assert not Elevation.objects.exists()


def test_once_at_a_time_and_at_most_an_hour() -> None:
    row = take()
    with pytest.raises(Conflict):
        take()
    with pytest.raises(IntegrityError), transaction.atomic():
        Elevation.objects.filter(pk=row.pk).update(ends_at=row.begun_at + dt.timedelta(hours=2))


def test_it_is_told_and_stands_in_the_history() -> None:
    for name in ("internal_affairs", "board_head", "clerk"):
        person_make(name)
    second_admin()
    take()
    assert told_of("elevation_begun") == ["admin2", "board_head", "internal_affairs"]
    event = AccountEvent.objects.get(action="accounts.elevation.begun")
    assert (event.data["ground"], event.data["minutes"]) == ("accounts", 15)
    elevation_end(access=access_today("admin"))
    assert AccountEvent.objects.filter(action="accounts.elevation.ended").count() == 1
    assert not access_today("admin").has(Permission.ACCOUNT_KEEP)


def test_who_watches_is_told_the_name_and_reads_the_list(client: StrictClient) -> None:
    watcher = person_make("internal_affairs")
    take()
    client.force_login(watcher)
    bell = unescape(client.get("/can-bo/thong-bao/").content.decode())
    assert "Cán bộ admin, trong 15 phút" in bell
    assert LIST in bell
    told = OutboxMessage.objects.filter(template="elevation_begun")
    assert all("Cán bộ admin" not in str(row.params) for row in told)
    mail = words_of("elevation_begun", told[0].params)
    assert "Cán bộ admin" not in mail.subject
    page = unescape(client.get(LIST).content.decode())
    assert "Mở vai trò cho cán bộ mới" in page
    assert "đang hiệu lực" in page


def test_the_same_people_are_told_and_read() -> None:
    assert {r for r, grant in GRANTS.items() if Permission.ELEVATION_VIEW in grant.city} == set(
        TOLD_OF_ELEVATION
    )


def test_a_token_is_never_elevated(client: StrictClient) -> None:
    from django.test import RequestFactory
    from rest_framework.request import Request

    from accounts.api_auth import ApiTokenAuthentication

    token = api_token_create(user=person_make("admin"))
    take()
    request = RequestFactory().get("/", headers={"Authorization": f"Token {token}"})
    found = ApiTokenAuthentication().authenticate(Request(request))
    assert found is not None
    assert not access_of(found[0]).has(Permission.ACCOUNT_KEEP)


def test_the_page_the_banner_and_the_end(admin: StrictClient) -> None:
    assert admin.get(PEOPLE).url == PAGE
    assert admin.post(PAGE, TYPED).url == PAGE
    page = unescape(admin.get("/can-bo/").content.decode())
    assert "Đang nâng quyền tạm thời, còn 15 phút." in page
    assert admin.get(PEOPLE).status_code == 200
    assert "Mở vai trò cho cán bộ mới" in unescape(admin.get(LIST).content.decode())
    assert admin.post(PAGE + "ket-thuc/").url == PAGE
    assert "Đang nâng quyền" not in unescape(admin.get("/can-bo/").content.decode())
    assert admin.get(PEOPLE).url == PAGE


def test_taking_them_asks_for_the_password(client: StrictClient) -> None:
    client.force_login(person_make("admin"))
    assert "/tai-khoan/xac-nhan/" in client.post(PAGE, TYPED).url
    assert not Elevation.objects.exists()


def test_a_refused_form_keeps_what_was_typed(admin: StrictClient) -> None:
    answer = admin.post(PAGE, TYPED | {"text": "Ngắn"})
    assert answer.status_code == 422
    assert "Ghi một câu nêu rõ" in unescape(answer.content.decode())


def test_an_inactive_person_is_nobody() -> None:
    user = person_make("admin")
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert PortalBackend().get_user(user.pk) is None
