"""How the post is called in which a leader receives: on screens in the reader's language, on papers
in Vietnamese. No query."""

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from communes.models import Unit
from receptions.enums import DutyHolder


class Post(NamedTuple):
    """A post on screens, and on papers before the name of the body and alone above a signature."""

    label: Promise | str
    before: str
    alone: str


_SECRETARY = Post(DutyHolder.PARTY_SECRETARY.label, "Bí thư", "Bí thư")
_CHAIR = Post(DutyHolder.PEOPLE_COMMITTEE_CHAIR.label, "Chủ tịch", "Chủ tịch")
_HEAD = Post(DutyHolder.HEAD_OF_AGENCY.label, "Thủ trưởng", "Thủ trưởng")
_SERVICE = Post(DutyHolder.HEAD_OF_PUBLIC_SERVICE_UNIT.label, "Thủ trưởng", "Thủ trưởng")
_GENERAL = {
    DutyHolder.PARTY_SECRETARY: _SECRETARY,
    DutyHolder.PEOPLE_COMMITTEE_CHAIR: _CHAIR,
    DutyHolder.HEAD_OF_AGENCY: _HEAD,
    DutyHolder.HEAD_OF_PUBLIC_SERVICE_UNIT: _SERVICE,
}
_OF_UNIT: dict[tuple[str, str], Post] = {
    ("TU", DutyHolder.PARTY_SECRETARY): _SECRETARY._replace(
        label=_("secretary of the City Party Committee")
    ),
    ("UBND", DutyHolder.PEOPLE_COMMITTEE_CHAIR): _CHAIR._replace(
        label=_("chair of the City People's Committee")
    ),
    ("BTCD", DutyHolder.HEAD_OF_AGENCY): Post(
        _("head of the reception board"), "Trưởng", "Trưởng ban"
    ),
    ("TTTP", DutyHolder.HEAD_OF_AGENCY): Post(
        _("Chief Inspector of the City"), "Chánh", "Chánh Thanh tra"
    ),
}
# Heads of agencies and public service units, by how the body is named.
_HEADS = {
    "Sở": Post(_("director of the department"), "Giám đốc", "Giám đốc"),
    "Trung tâm": Post(_("director of the centre"), "Giám đốc", "Giám đốc"),
    "Ban": Post(_("head of the commission"), "Trưởng", "Trưởng ban"),
    "Văn phòng": Post(_("chief of the office"), "Chánh", "Chánh Văn phòng"),
    "Thanh tra": Post(_("chief inspector"), "Chánh", "Chánh Thanh tra"),
    "Ủy ban Kiểm tra": Post(_("chair of the inspection commission"), "Chủ nhiệm", "Chủ nhiệm"),
}
_BY_NAME = (DutyHolder.HEAD_OF_AGENCY, DutyHolder.HEAD_OF_PUBLIC_SERVICE_UNIT)


def post_in(unit: Unit, duty: str) -> Post:
    """The post of a duty holder in a unit."""
    own = _OF_UNIT.get((unit.code, duty))
    if own is None and duty in _BY_NAME:
        named = (post for name, post in _HEADS.items() if unit.full_name.startswith(f"{name} "))
        own = next(named, None)
    return own or _GENERAL[DutyHolder(duty)]


def post_label(unit: Unit, duty: str) -> str:
    """How the post is called on screens."""
    return str(post_in(unit, duty).label)
