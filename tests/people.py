"""The fixed cast of the tests: one person a position, two wards, the city."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.access import Access, access_from
from accounts.enums import Role
from accounts.models import Membership, User
from accounts.services import api_token_create
from communes.models import Unit
from petitions.models import Case
from petitions.services.actions import case_act
from petitions.services.intake import Filed, Filing, petition_file

WARD, OTHER_WARD = "00004", "00008"
CAST: dict[str, tuple[Role, str]] = {
    "clerk": (Role.CLERK, WARD),
    "handler": (Role.HANDLER, WARD),
    "chair": (Role.HEAD, WARD),
    "secretary": (Role.SECRETARY, WARD),
    "front": (Role.FRONT, WARD),
    "other_clerk": (Role.CLERK, OTHER_WARD),
    "other_chair": (Role.HEAD, OTHER_WARD),
    "board_officer": (Role.BOARD_OFFICER, "BTCD"),
    "board_head": (Role.BOARD_HEAD, "BTCD"),
    "city_chair": (Role.CITY_CHAIR, "UBND"),
    "city_secretary": (Role.CITY_SECRETARY, "TU"),
    "party_office": (Role.PARTY_OFFICE, "VPTU"),
    "internal_affairs": (Role.INTERNAL_AFFAIRS, "BNC"),
    "propaganda": (Role.PROPAGANDA, "BTGDV"),
    "city_front": (Role.CITY_FRONT, "MTTQ"),
    "inspector": (Role.INSPECTOR, "TTTP"),
    # Heads of bodies that hold no cases, and the office behind the city secretary
    "agency_head": (Role.AGENCY_HEAD, "TTTP"),
    "service_head": (Role.SERVICE_HEAD, "TTPTQD"),
    "reception_officer": (Role.RECEPTION_OFFICER, "TU"),
    "admin": (Role.ADMIN, "CITY"),
}
PASSWORD = "mat-khau-thu-nghiem"
PERSON: dict[str, Any] = {
    "full_name": "Vũ Thị Thử Nghiệm",
    "identity_number": "001099012345",
    "address": "Số 5, ngõ 12, phố Tưởng Tượng",
    "phone": "0912345678",
    "email": "thu.nghiem@example.com",
    "representative": True,
}


def person_make(name: str) -> User:
    """The user of the cast with this name, made on first use."""
    role, unit_code = CAST[name]
    user, created = User.objects.get_or_create(
        username=name,
        defaults={
            "full_name": f"Cán bộ {name}",
            "email": f"{name}@example.com",
            "is_demo": True,  # works without a second factor, as in the demo
        },
    )
    if created:
        user.is_staff = role == Role.ADMIN
        user.set_password(PASSWORD)
        user.save()
        Membership.objects.create(
            user=user,
            unit=Unit.objects.get(code=unit_code),
            role=role,
            valid_from=dt.date(2025, 7, 1),
        )
    return user


def access_make(name: str) -> Access:
    user = person_make(name)
    return access_from(user.pk, list(user.memberships.all()))


def filing_make(**changes: Any) -> Filing:
    """A valid complaint to the ward, with changes."""
    values: dict[str, Any] = {
        "kind": "complaint",
        "subject": "Khiếu nại mức bồi thường khi thu hồi đất",
        "content": "Gia đình tôi có thửa đất số 12 bị thu hồi, mức bồi thường chưa đúng.",
        "request": "Đề nghị xem xét lại mức bồi thường.",
        "field": "land_compensation",
        "unit": WARD,
        "petitioners": [PERSON],
        "respondent": {
            "name": "Ủy ban nhân dân phường",
            "unit": WARD,
            "position": "unknown",
        },
    }
    values |= changes
    if values["kind"] in ("recommendation", "feedback") and "respondent" not in changes:
        values["respondent"] = None
    return Filing(**values)


class Story:
    """A case that walks through its states with the right people."""

    def __init__(self, filed: Filed) -> None:
        self.filed = filed

    @property
    def case(self) -> Case:
        return Case.objects.get(code=self.filed.code)

    def do(self, who: str, action: str, at: dt.datetime | None = None, **inputs: Any) -> Case:
        return case_act(
            access=access_make(who),
            code=self.filed.code,
            action=action,
            version=self.case.version,
            inputs=inputs,
            at=at,
        )

    def accepted(self, at: dt.datetime | None = None) -> "Story":
        """Signed, classified, assigned, proposed and accepted by the ward."""
        self.do("clerk", "receive", at, is_signed=True)
        self.do("clerk", "classify", at, field="land_compensation")
        self.do("clerk", "assign", at, assignee=person_make("handler").username)
        self.do("handler", "propose", at, proposal="accept", text="Đủ điều kiện thụ lý.")
        self.do("chair", "accept", at, number="12/TB-UBND")
        return self

    def decided(self, at: dt.datetime | None = None) -> "Story":
        self.accepted(at)
        self.do("handler", "start_verification", at)
        self.do("handler", "draft_outcome", at, text="Dự thảo kết quả giải quyết.")
        self.do("chair", "decide", at, number="45/QĐ-UBND")
        return self

    def closed(self, at: dt.datetime | None = None) -> "Story":
        """Closed by two people, from a state in which nothing is left to do."""
        self.do("clerk", "propose_closing", at, ground="nothing_to_do", evidence="Số 9/UBND")
        self.do("chair", "close", at)
        return self


@pytest.fixture
def story(db: None) -> Callable[..., Story]:
    """Make a filed petition: ``story(kind="denunciation", at=...)``."""

    def make(at: dt.datetime | None = None, **changes: Any) -> Story:
        return Story(petition_file(filing=filing_make(**changes), at=at))

    return make


@pytest.fixture
def person(db: None) -> Callable[[str], User]:
    return person_make


@pytest.fixture
def access(db: None) -> Callable[[str], Access]:
    return access_make


@pytest.fixture
def by_token(db: None) -> Callable[[str], Client]:
    """A client with the API token of somebody of the cast."""

    def make(name: str) -> Client:
        token = api_token_create(user=person_make(name))
        return Client(headers={"Authorization": f"Token {token}"})

    return make
