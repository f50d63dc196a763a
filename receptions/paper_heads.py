"""In which capacity a leader received, as papers print it: heading, number, post, who signs."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.utils import translation

from accounts.models import Membership
from common.time import local_date
from communes.models import Unit
from papers.heads import PAPER_LANGUAGE, dated, issuer_of, parent_of
from papers.models import IssuedFile
from receptions.clocks import is_party
from receptions.enums import DutyHolder
from receptions.models import ReceptionSession
from receptions.posts import Post, post_in
from receptions.quotas import duty_in

# What a conclusion rests on: the Party's rule where the secretary received, else the law's.
BASES = {
    True: (
        "Quy định số 11-QĐi/TW ngày 18/02/2019 của Bộ Chính trị (được sửa đổi, bổ sung theo Kết"
        " luận số 215-KL/TW ngày 23/11/2025)"
    ),
    False: (
        "Luật Tiếp công dân số 42/2013/QH13 (được sửa đổi, bổ sung bởi Luật số 136/2025/QH15) và"
        " khoản 2 Điều 25 Nghị định số 154/2026/NĐ-CP"
    ),
}
# And the written notice to the citizen.
NOTICE_BASES = {
    True: BASES[True],
    False: (
        "khoản 1 Điều 28 Luật Tiếp công dân số 42/2013/QH13 (được sửa đổi, bổ sung bởi Luật số"
        " 136/2025/QH15) và khoản 3 Điều 25 Nghị định số 154/2026/NĐ-CP"
    ),
}
# How the Party (Guidance 36-HD/VPTW) and the State (Decree 30/2020) write that somebody signs in
# the place of the head, or by order.
_FOR = {True: ("K/T", "T/L"), False: ("KT.", "TL.")}


# Across a paper that nobody has issued yet, and its date.
DRAFT = "DỰ THẢO"
DATE_DOTS = "ngày … tháng … năm …"


def replaced_words(voided: Sequence[IssuedFile], at: dt.datetime | None) -> str:
    """What a paper issued at a UTC moment (None: a draft) says of the void one in whose place it
    stands, the latest before it; "" without one."""
    before = [file for file in voided if at is None or file.issued_at < at]
    if not before:
        return ""
    on = f"{local_date(before[0].issued_at):%d/%m/%Y}"
    return f"Văn bản này thay thế văn bản số {before[0].shown_number} ngày {on} đã được hủy."


def sign_of(unit: Unit, *, party: bool) -> str:
    """What stands behind the number; Party papers put a hyphen before the kind, the State's a
    slash (Decree 30/2020)."""
    body = unit.code if not unit.is_commune_level else "ĐU" if party else "UBND"
    return f"{'-' if party else '/'}TB{'/' if party else '-'}{body}"


def post_of(session: ReceptionSession) -> str:
    """The post of the duty holder with the body: "Bí thư Đảng ủy phường …"."""
    title = post_in(session.unit, session.duty_holder)
    return f"{title.before} {issuer_of(session.unit, party=is_party(session))}"


def capacity(session: ReceptionSession) -> dict[str, Any]:
    """Who received and in which capacity: ``post`` the own one, ``stands_for`` the duty holder's
    where somebody stands in, ``signing`` the lines above the signature. One query at most."""
    alone = post_in(session.unit, session.duty_holder).alone
    if not session.is_delegated:
        return {"post": post_of(session), "stands_for": "", "signing": [alone]}
    held = _held(session)
    leads = held is not None and duty_in(session.unit.kind, held.role) is not None
    instead, by_order = _FOR[is_party(session)]
    own = _own_post(session.unit, held)
    return {
        "post": own.before,
        "stands_for": post_of(session),
        "signing": [f"{instead if leads or held is None else by_order} {alone}", own.alone],
    }


def heading(session: ReceptionSession, on: dt.date | None) -> dict[str, Any]:
    """The heading of a paper in the capacity of the session, dated a Hà Nội date or dots."""
    party = is_party(session)
    return {
        "party": party,
        "parent": parent_of(session.unit, party=party),
        "issuer": issuer_of(session.unit, party=party),
        "dated": dated(session.unit, on),
    }


def _held(session: ReceptionSession) -> Membership | None:
    """The position of a stand-in in the unit on the day, one that leads before any other."""
    day = local_date(session.starts_at)
    rows = Membership.objects.current(day).filter(user=session.leader_id, unit_id=session.unit_id)
    kind = session.unit.kind
    return min(rows, key=lambda row: (duty_in(kind, row.role) is None, row.pk), default=None)


def _own_post(unit: Unit, held: Membership | None) -> Post:
    """The post of a stand-in with the body and as it stands above the signature; dots to fill in
    where none is known."""
    if held is None:
        return Post("", "", "……")
    duty = duty_in(unit.kind, held.role)
    if duty is not None:
        issuer = issuer_of(unit, party=duty == DutyHolder.PARTY_SECRETARY)
        title = post_in(unit, duty.value)
        own, alone = f"{title.before} {issuer}", f"{title.before} {_body(unit, issuer)}"
        return Post(own, own, alone)
    with translation.override(PAPER_LANGUAGE):
        shown = str(held.get_role_display())
    shown = f"{shown[:1].upper()}{shown[1:]}"
    return Post(shown, shown, shown)


def _body(unit: Unit, issuer: str) -> str:
    """The body without the name of its ward or commune."""
    name = f" {unit.full_name[:1].lower()}{unit.full_name[1:]}"
    return issuer.removesuffix(name)
