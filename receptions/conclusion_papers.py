"""Minutes and conclusion notices as papers: the words that are printed."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.utils import translation

from common.papers import paper_pdf
from common.time import HANOI, local_date
from communes.models import Unit
from receptions.clocks import is_party
from receptions.enums import SignedHow
from receptions.models import ConclusionNotice, ConclusionTask, Minutes, ReceptionSession
from receptions.papers import PAPER_LANGUAGE, date_words, place_of
from receptions.selectors import representatives_beside

DRAFT = "DỰ THẢO"
_POSTS = {
    "party_secretary": "Bí thư",
    "people_committee_chair": "Chủ tịch",
    "head_of_agency": "Thủ trưởng",
    "head_of_public_service_unit": "Thủ trưởng",
}
_SIGNED = {
    SignedHow.PAPER: "Đã ký trên bản giấy",
    SignedHow.TICK: "Đã xác nhận trên màn hình, có mặt người tiếp",
    SignedHow.REFUSED: "Không ký",
}


def notice_facts(
    session: ReceptionSession, notice: ConclusionNotice, tasks: Sequence[ConclusionTask]
) -> dict[str, Any]:
    """What a notice prints, in Vietnamese words, as it is kept from the issue on. Names no visitor:
    it goes to units that must not know who came."""
    on = local_date(notice.issued_at) if notice.issued_at else None
    party = is_party(session)
    return {
        "party": party,
        "parent": _parent(session.unit, party=party),
        "issuer": _issuer(session.unit, party=party),
        "number": _number(notice, session.unit, party=party),
        "dated": _dated(session.unit, on),
        "received_on": f"{local_date(session.starts_at):%d/%m/%Y}",
        "leader": session.leader.full_name,
        "post": _post(session),
        "delegated": session.is_delegated,
        "visit": str(notice.visit.registration.queue_number) if notice.visit else "",
        "replaces": notice.replaces.shown_number if notice.replaces else "",
        "replaces_on": _issued(notice.replaces),
        "opening": notice.opening,
        "rows": [_row(task) for task in tasks],
        "recipients": _recipients(notice, tasks),
    }


def notice_pdf(notice: ConclusionNotice, *, for_citizen: bool = False) -> bytes:
    """The notice as PDF: issued from what was kept, a draft from its rows and marked as one.

    ``for_citizen``: an extract where rows are internal (Article 25 of Decree 30/2020).
    """
    facts = dict(notice.facts)
    if not notice.is_issued:
        tasks = list(notice.tasks.select_related("unit"))
        facts = notice_facts(notice.session, notice, tasks)
    rows = [row for row in facts["rows"] if not (for_citizen and row["internal"])]
    facts |= {
        "rows": rows,
        "mark": "" if notice.is_issued else DRAFT,
        "extract": len(rows) < len(facts["rows"]),
    }
    return paper_pdf("conclusion_notice", facts)


def minutes_pdf(
    session: ReceptionSession, minutes: Minutes, person: dict[str, Any], people: int
) -> bytes:
    """The minutes with both sides' words and the corrections behind them. ``person``: the opened
    visitor; callers have checked the right."""
    signed_at = minutes.visitor_signed_at
    how = _SIGNED.get(SignedHow(minutes.visitor_signed)) if minutes.visitor_signed else ""
    addenda = minutes.addenda.select_related("written_by") if minutes.pk else ()
    receiver = minutes.receiver
    return paper_pdf(
        "minutes",
        {
            "parent": _parent(session.unit, party=False),
            "issuer": _issuer(session.unit, party=is_party(session)),
            "party": is_party(session),
            "dated": _dated(session.unit, local_date(session.starts_at)),
            "place": session.place,
            "leader": session.leader.full_name,
            "post": _post(session),
            "visitor": person.get("full_name", ""),
            "identity_number": person.get("identity_number", ""),
            "address": person.get("address", ""),
            "representatives": ", ".join(representatives_beside(person)),
            "people": str(people),
            "text": minutes.text,
            "mark": "" if minutes.is_signed else DRAFT,
            "receiver": receiver.full_name if receiver else "",
            "receiver_signed": _moment(minutes.receiver_signed_at),
            "visitor_signed": f"{how} ({_moment(signed_at)})" if how else "",
            "visitor_note": minutes.visitor_note,
            "addenda": [
                {"text": row.text, "by": row.written_by.full_name, "at": _moment(row.written_at)}
                for row in addenda
            ],
        },
    )


def _row(task: ConclusionTask) -> dict[str, Any]:
    return {
        "what": task.what,
        "unit": task.unit.full_name,
        "person": task.person,
        "due": f"{task.due_on:%d/%m/%Y}",
        "internal": task.is_internal,
    }


def _recipients(notice: ConclusionNotice, tasks: Sequence[ConclusionTask]) -> list[str]:
    units = dict.fromkeys(task.unit.full_name for task in tasks)
    visitor = ["Công dân được tiếp"] if notice.visit else ["Công dân được tiếp tại buổi tiếp"]
    typed = [line.strip(" -;.") for line in notice.recipients.splitlines()]
    named = dict.fromkeys([*units, *visitor, *(line for line in typed if line)])
    return [*named, "Lưu: hồ sơ tiếp công dân"]


def _issuer(unit: Unit, *, party: bool) -> str:
    if not unit.is_commune_level:
        return unit.full_name
    body = "Đảng ủy" if party else "Ủy ban nhân dân"
    return f"{body} {unit.full_name[:1].lower()}{unit.full_name[1:]}"


def _parent(unit: Unit, *, party: bool) -> str:
    if unit.is_commune_level:
        return "Đảng bộ thành phố Hà Nội" if party else "Thành phố Hà Nội"
    return "" if party else "Thành phố Hà Nội"


def _number(notice: ConclusionNotice, unit: Unit, *, party: bool) -> str:
    """Party papers put a hyphen before the kind, the State's a slash (Decree 30/2020)."""
    if notice.number is None:
        return ""
    body = unit.code if not unit.is_commune_level else "ĐU" if party else "UBND"
    return f"{notice.number}{'-' if party else '/'}TB{'/' if party else '-'}{body}"


def _post(session: ReceptionSession) -> str:
    return f"{_POSTS[session.duty_holder]} {_issuer(session.unit, party=is_party(session))}"


def _dated(unit: Unit, on: dt.date | None) -> str:
    with translation.override(PAPER_LANGUAGE):
        words = date_words(on) if on else "ngày … tháng … năm …"
    return f"{place_of(unit)}, {words}"


def _issued(notice: ConclusionNotice | None) -> str:
    return f"{local_date(notice.issued_at):%d/%m/%Y}" if notice and notice.issued_at else ""


def _moment(at: dt.datetime | None) -> str:
    if at is None:
        return ""
    return f"{at.astimezone(HANOI):%H:%M, %d/%m/%Y}"
