"""Accounts of the demo: five people in each ward and commune, the city's bodies, one password."""

import datetime as dt
import random
from dataclasses import dataclass

from django.contrib.auth.hashers import make_password
from django.db import transaction

from accounts.access import Access, access_from
from accounts.enums import Role
from accounts.models import AccountEvent, Membership, User
from common.history import NewEvent
from communes.enums import UnitKind
from communes.models import Unit
from hanoi_portal.demo.people import full_name

VALID_FROM = dt.date(2025, 7, 1)
COMMUNE_POSTS = {
    "clerk": (Role.CLERK, "Công chức văn phòng, tiếp công dân"),
    "handler": (Role.HANDLER, "Công chức chuyên môn"),
    "chair": (Role.HEAD, "Chủ tịch Ủy ban nhân dân"),
    "secretary": (Role.SECRETARY, "Bí thư Đảng ủy"),
    "front": (Role.FRONT, "Chủ tịch Ủy ban Mặt trận Tổ quốc"),
}
CITY_POSTS = {
    "board.BTCD": (Role.BOARD_OFFICER, "BTCD", "Chuyên viên tiếp công dân"),
    "head.BTCD": (Role.BOARD_HEAD, "BTCD", "Trưởng ban"),
    "chair.UBND": (Role.CITY_CHAIR, "UBND", "Chủ tịch Ủy ban nhân dân Thành phố"),
    "secretary.TU": (Role.CITY_SECRETARY, "TU", "Bí thư Thành ủy"),
    "office.VPTU": (Role.PARTY_OFFICE, "VPTU", "Chuyên viên Văn phòng Thành ủy"),
    "affairs.BNC": (Role.INTERNAL_AFFAIRS, "BNC", "Chuyên viên Ban Nội chính"),
    "propaganda.BTGDV": (Role.PROPAGANDA, "BTGDV", "Chuyên viên Ban Tuyên giáo và Dân vận"),
    "front.MTTQ": (Role.CITY_FRONT, "MTTQ", "Ủy viên Thường trực"),
    "inspector.TTTP": (Role.INSPECTOR, "TTTP", "Thanh tra viên"),
    "head.TTTP": (Role.AGENCY_HEAD, "TTTP", "Chánh Thanh tra Thành phố"),
    "reception.TU": (Role.RECEPTION_OFFICER, "TU", "Chuyên viên Văn phòng Thành ủy"),
    "reception.UBND": (Role.RECEPTION_OFFICER, "UBND", "Chuyên viên Văn phòng UBND Thành phố"),
    "head.SNNMT": (Role.AGENCY_HEAD, "SNNMT", "Giám đốc Sở"),
    "head.SXD": (Role.AGENCY_HEAD, "SXD", "Giám đốc Sở"),
    "head.SNV": (Role.AGENCY_HEAD, "SNV", "Giám đốc Sở"),
    "head.STC": (Role.AGENCY_HEAD, "STC", "Giám đốc Sở"),
    "head.STP": (Role.AGENCY_HEAD, "STP", "Giám đốc Sở"),
    "head.SYT": (Role.AGENCY_HEAD, "SYT", "Giám đốc Sở"),
    "head.SGDDT": (Role.AGENCY_HEAD, "SGDDT", "Giám đốc Sở"),
    "head.SQHKT": (Role.AGENCY_HEAD, "SQHKT", "Giám đốc Sở"),
    "head.TTPTQD": (Role.SERVICE_HEAD, "TTPTQD", "Giám đốc Trung tâm"),
    "admin": (Role.ADMIN, "CITY", "Quản trị hệ thống"),
}


@dataclass(frozen=True)
class Post:
    """Somebody's post: who, with which rights."""

    user: User
    access: Access


class Cast:
    """Who holds which post, from memory."""

    def __init__(self, posts: dict[tuple[int, str], Post], units: dict[str, Unit]) -> None:
        self._posts = posts
        self.units = units

    @classmethod
    def read(cls) -> "Cast":
        """Everybody of the demo; two queries."""
        names = demo_usernames()
        rows = Membership.objects.filter(user__username__in=names).select_related("user", "unit")
        posts = {
            (row.unit_id, row.role): Post(row.user, access_from(row.user_id, [row]))
            for row in rows.order_by("id")
        }
        return cls(posts, {unit.code: unit for unit in Unit.objects.all()})

    def post(self, unit_id: int, role: str) -> Post:
        """Raises KeyError when nobody of the demo holds it."""
        return self._posts[unit_id, str(role)]


def demo_usernames() -> list[str]:
    """Usernames of all demo accounts for the units in the database."""
    codes = Unit.objects.commune_level().order_by("code").values_list("code", flat=True)
    return [f"{post}.{code}" for code in codes for post in COMMUNE_POSTS] + list(CITY_POSTS)


@transaction.atomic
def accounts_make(*, seed: int, password: str, now: dt.datetime) -> int:
    """Make the demo accounts that are missing, in bulk; returns how many.

    The password is hashed once: one salt for all is good enough for accounts whose password
    is printed on the screen.
    """
    wanted = _wanted()
    known = set(User.objects.filter(username__in=wanted).values_list("username", flat=True))
    User.objects.filter(username__in=wanted, is_demo=False).update(is_demo=True)
    hashed = make_password(password)
    users = User.objects.bulk_create(
        [
            _user(name, role, hashed, seed)
            for name, (role, _, _) in wanted.items()
            if name not in known
        ]
    )
    memberships = [
        Membership(user=user, unit=unit, role=role, title=title, valid_from=VALID_FROM)
        for user in users
        for role, unit, title in [wanted[user.username]]
    ]
    Membership.objects.bulk_create(memberships)
    AccountEvent.append_many([_event(row, now) for row in memberships], fresh=True)
    return len(users)


def _wanted() -> dict[str, tuple[Role, Unit, str]]:
    units = {unit.code: unit for unit in Unit.objects.order_by("code")}
    wanted = {
        f"{post}.{code}": (
            role,
            unit,
            f"{title} {'phường' if unit.kind == UnitKind.WARD else 'xã'}",
        )
        for code, unit in units.items()
        if unit.is_commune_level
        for post, (role, title) in COMMUNE_POSTS.items()
    }
    return wanted | {
        name: (role, units[code], title) for name, (role, code, title) in CITY_POSTS.items()
    }


def _user(username: str, role: Role, hashed: str, seed: int) -> User:
    rng = random.Random(f"{seed}:account:{username}")
    return User(
        username=username,
        full_name=full_name(rng, male=rng.random() < 0.6),
        email=f"{username.lower()}@example.com",
        is_staff=role == Role.ADMIN,
        is_demo=True,
        password=hashed,
    )


def _event(row: Membership, now: dt.datetime) -> NewEvent:
    data = {"unit": row.unit.code, "role": row.role, "from": row.valid_from.isoformat()}
    return NewEvent(row.user_id, "accounts.membership.added", data, None, now)
