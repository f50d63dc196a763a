"""Administrators with rights for a while, for tests."""

import datetime as dt
from typing import Any

import pytest

from accounts.models import ApiToken, Elevation, Membership, User
from accounts.services_elevation import elevation_begin
from communes.models import Unit
from notifications.models import OutboxMessage
from tests.accounts.factors import confirmed
from tests.accounts.office import access_today
from tests.people import person_make
from tests.strict import StrictClient

PAGE, PEOPLE = "/can-bo/quyen/nang-quyen/", "/can-bo/quyen/can-bo/"
LIST = PAGE + "danh-sach/"
TYPED = {"ground": "accounts", "text": "Mở vai trò cho cán bộ mới", "minutes": "15"}


def take(name: str = "admin", **changes: Any) -> Elevation:
    values = {"ground": "accounts", "text": "Mở vai trò cho cán bộ mới", "minutes": 15} | changes
    return elevation_begin(access=access_today(name), **values)


@pytest.fixture
def admin(client: StrictClient) -> StrictClient:
    client.force_login(person_make("admin"))
    return confirmed(client, person_make("admin"))


def told_of(template: str) -> list[str]:
    rows = OutboxMessage.objects.filter(template=template, channel="app")
    return sorted(row.recipient.username for row in rows)


def second_admin() -> User:
    other = User.objects.create_user(
        "admin2", full_name="Quản trị viên hai", email="a2@example.com"
    )
    Membership.objects.create(
        user=other, unit=Unit.objects.get(code="CITY"), role="admin", valid_from=dt.date(2026, 1, 1)
    )
    return other


def open_tokens(user: User) -> int:
    return ApiToken.objects.filter(user=user, revoked_at=None).count()
