"""The head of a paper: body, what stands above it, place and date, who signs (Decree 30/2020)."""

import datetime as dt

from django.utils import translation
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts.enums import Role
from accounts.models import Membership
from communes.models import Unit

PAPER_LANGUAGE = "vi"
CITY_PLACE = "Hà Nội"
# Above these two bodies nothing stands.
_LEADS_CITY = ("TU", "UBND")
# The kind of a letter without a named kind ("công văn"): its number bears no abbreviation of one.
LETTER_SIGN = "CV"
# The last letters of a number say which book of the unit it was taken from: no two books of the
# portal, nor one of them and the office's own, ever give the same number (ADR 0017). A new book
# of papers needs a mark here. Neutral words: "hồ sơ", "vụ việc", "tiếp dân".
MARK_CASES, MARK_SEALED, MARK_RECEPTIONS = "HS", "VV", "TD"
# The posts that decide, as they stand above a signature.
_POSTS = {
    Role.HEAD: "Chủ tịch",
    Role.CITY_CHAIR: "Chủ tịch",
    Role.BOARD_HEAD: "Trưởng ban",
    Role.INSPECTOR: "Chánh Thanh tra",
}
_POST_OF_BODY = {"BTCD": "Trưởng ban", "TTTP": "Chánh Thanh tra", "UBND": "Chủ tịch"}


def date_words(day: dt.date) -> str:
    """A date as Decree 30/2020 writes it: zeros before days below 10 and months below 3."""
    month = f"{day.month:02}" if day.month < 3 else str(day.month)
    parts = {"day": f"{day.day:02}", "month": month, "year": day.year}
    return _("day %(day)s month %(month)s year %(year)s") % parts


def place_of(unit: Unit) -> str:
    """Where a paper is dated: a ward or commune by its own name, a body of the City in Hà Nội
    (Decree 30/2020)."""
    return unit.name if unit.is_commune_level else CITY_PLACE


def dated(unit: Unit, on: dt.date | None) -> str:
    """Place and date as Decree 30/2020 writes them; dots without a date."""
    with translation.override(PAPER_LANGUAGE):
        words = date_words(on) if on else "ngày … tháng … năm …"
    return f"{place_of(unit)}, {words}"


def issuer_of(unit: Unit, *, party: bool = False) -> str:
    """The body in whose name somebody acts."""
    if not unit.is_commune_level:
        return unit.full_name
    body = "Đảng ủy" if party else "Ủy ban nhân dân"
    return f"{body} {unit.full_name[:1].lower()}{unit.full_name[1:]}"


def parent_of(unit: Unit, *, party: bool = False) -> str:
    """What stands above the body: the City Party Committee above its commissions, the People's
    Committee of the City above its departments; above these two nothing (Guidance 36-HD/VPTW,
    Decree 30/2020)."""
    if unit.is_commune_level:
        return "Đảng bộ thành phố Hà Nội" if party else "Thành phố Hà Nội"
    if unit.code in _LEADS_CITY:
        return ""
    if party:
        return "Thành ủy Hà Nội"
    if unit.line == "state":
        return "Ủy ban nhân dân thành phố Hà Nội"
    return "Thành phố Hà Nội"


def number_shown(number: int, sign: str, unit: Unit, mark: str) -> str:
    """Number and sign as printed: zeros before numbers below 10, the abbreviations of kind and
    body behind, then the mark of the book (``05/TB-UBND-HS``); an official letter without its kind
    (``05/UBND-HS``, Decree 30/2020, annex I)."""
    kind = "" if sign == LETTER_SIGN else f"{sign}-"
    body = "UBND" if unit.is_commune_level else unit.code
    return f"{number:02d}/{kind}{body}-{mark}"


def head_post(unit: Unit) -> str:
    """The post of the unit's head, as it stands above a signature."""
    return "Chủ tịch" if unit.is_commune_level else _POST_OF_BODY.get(unit.code, "Thủ trưởng")


def signing_of(unit: Unit, user_id: int, on: dt.date) -> list[str]:
    """The lines above a signature: the head's own post, else that a colleague to whom deciding was
    handed over signs by authority (TUQ., Decree 30/2020), with the own post. One query."""
    own, leads = _held(unit, user_id, on)
    return own if leads else [f"TUQ. {head_post(unit)}", *own]


def own_post(unit: Unit, user_id: int, on: dt.date) -> list[str]:
    """The line above the signature of who signs for the own work; none without a post in the unit
    on the Hà Nội date. One query."""
    return _held(unit, user_id, on)[0]


def _held(unit: Unit, user_id: int, on: dt.date) -> tuple[list[str], bool]:
    """The own post, at most one line, and whether it is one that decides."""
    held = list(Membership.objects.current(on).filter(user=user_id, unit=unit).order_by("pk"))
    for membership in held:
        if membership.role in _POSTS:
            return [_POSTS[Role(membership.role)]], True
    with translation.override(PAPER_LANGUAGE):
        return [capfirst(str(membership.get_role_display())) for membership in held[:1]], False
