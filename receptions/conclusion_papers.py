"""Minutes, conclusion notices and written notices as papers: the words that are printed."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.utils import translation

from common.papers import paper_pdf
from common.time import HANOI, local_date
from communes.models import Unit
from papers.heads import MARK_RECEPTIONS, PAPER_LANGUAGE
from papers.marks import UNMARKED, Mark
from receptions.clocks import is_party
from receptions.enums import SessionStatus, SignedHow, VisitOutcome
from receptions.models import (
    ConclusionNotice,
    ConclusionTask,
    Minutes,
    MinutesAddendum,
    ReceptionSession,
    VisitClock,
    VisitRecord,
)
from receptions.notice_recipients import recipients_of
from receptions.paper_heads import (
    BASES,
    DRAFT,
    NOTICE_BASES,
    capacity,
    heading,
    replaced_words,
    sign_of,
)
from receptions.paper_subjects import visit_notices_voided
from receptions.selectors import person_open, representatives_beside, topic_shown

RECEIVER, WRITER = "Người tiếp công dân", "Người ghi biên bản"
_SIGNED = {
    SignedHow.PAPER: "Đã ký trên bản giấy",
    SignedHow.TICK: "Đã xác nhận trên màn hình, có mặt người tiếp",
    SignedHow.REFUSED: "Không ký",
}


# What notices lack that were issued before their basis and signature followed the capacity.
_OLD = {"basis": "khoản 2 Điều 25 Nghị định số 154/2026/NĐ-CP", "stands_for": "", "signing": []}


def notice_facts(
    session: ReceptionSession, notice: ConclusionNotice, tasks: Sequence[ConclusionTask]
) -> dict[str, Any]:
    """What a notice prints, in Vietnamese words, as it is kept from the issue on. Names no visitor:
    it goes to units that must not know who came."""
    on = local_date(notice.issued_at) if notice.issued_at else None
    return {
        **heading(session, on),
        **capacity(session),
        "number": _number(notice, session.unit),
        "basis": BASES[notice.is_party],
        "received_on": f"{local_date(session.starts_at):%d/%m/%Y}",
        "leader": session.leader.full_name,
        "visit": str(notice.visit.registration.queue_number) if notice.visit else "",
        "replaces": notice.replaces.shown_number if notice.replaces else "",
        "replaces_on": _issued(notice.replaces),
        "opening": notice.opening,
        "rows": [_row(task) for task in tasks],
        "recipients": _recipients(notice, tasks),
    }


def notice_pdf(
    notice: ConclusionNotice,
    tasks: Sequence[ConclusionTask] | None = None,
    *,
    for_citizen: bool = False,
    mark: Mark = UNMARKED,
) -> bytes:
    """The notice as PDF: issued from what was kept, a draft from its rows and marked as one.
    ``tasks``: the rows of a draft as the reader reads them.

    ``for_citizen``: an extract where rows are internal (Article 25 of Decree 30/2020).
    """
    facts = dict(notice.facts)
    if not notice.is_issued:
        shown = list(notice.tasks.select_related("unit")) if tasks is None else tasks
        facts = notice_facts(notice.session, notice, shown)
    rows = [row for row in facts["rows"] if not (for_citizen and row["internal"])]
    facts = (
        _OLD
        | facts
        | {
            "rows": rows,
            "mark": "" if notice.is_issued else DRAFT,
            "extract": len(rows) < len(facts["rows"]),
        }
    )
    return paper_pdf("conclusion_notice", facts | mark.facts, at=mark.at)


def misnamed(session: ReceptionSession, notices: Iterable[ConclusionNotice]) -> set[int]:
    """Keys of the issued notices that name another receiver, or another capacity, than was recorded
    when the session was held: a notice may be issued before, and does not change. One that was
    replaced is not among them. One query at most."""
    standing = [notice for notice in notices if notice.is_issued and not _is_replaced(notice)]
    if session.status != SessionStatus.HELD or not standing:
        return set()
    now = {"leader": session.leader.full_name, **capacity(session)}
    return {
        notice.pk
        for notice in standing
        if any(notice.facts.get(name, now[name]) != now[name] for name in ("leader", "signing"))
    }


def _is_replaced(notice: ConclusionNotice) -> bool:
    later = getattr(notice, "replaced_by", None)
    return later is not None and later.is_issued


def minutes_pdf(
    session: ReceptionSession,
    minutes: Minutes,
    person: dict[str, Any],
    people: int,
    addenda: Sequence[MinutesAddendum] = (),
    *,
    mark: Mark = UNMARKED,
) -> bytes:
    """The minutes with both sides' words and the corrections behind them. ``person``: the opened
    visitor; callers have checked the right."""
    signed_at = minutes.visitor_signed_at
    how = _SIGNED.get(SignedHow(minutes.visitor_signed)) if minutes.visitor_signed else ""
    return paper_pdf(
        "minutes",
        {
            **heading(session, local_date(session.starts_at)),
            **capacity(session),
            "place": session.place,
            "leader": session.leader.full_name,
            "visitor": person.get("full_name", ""),
            "identity_number": person.get("identity_number", ""),
            "address": person.get("address", ""),
            "representatives": ", ".join(representatives_beside(person)),
            "people": str(people),
            "text": minutes.text,
            "mark": "" if minutes.is_signed else DRAFT,
            **_receiver(session, minutes),
            "visitor_signed": f"{how} ({_moment(signed_at)})" if how else "",
            "visitor_note": minutes.visitor_note,
            "addenda": [
                {"text": row.text, "by": row.written_by.full_name, "at": _moment(row.written_at)}
                for row in addenda
            ],
            **mark.facts,
        },
        at=mark.at,
    )


def _receiver(session: ReceptionSession, minutes: Minutes) -> dict[str, str]:
    """Who signed for the body: whoever chairs need not, the officer who wrote it down may."""
    signer = minutes.receiver
    return {
        "receiver": signer.full_name if signer else "",
        "receiver_role": RECEIVER if signer in (None, session.leader) else WRITER,
        "receiver_signed": _moment(minutes.receiver_signed_at),
    }


def _row(task: ConclusionTask) -> dict[str, Any]:
    return {
        "what": task.what,
        "unit": task.unit.full_name,
        "person": task.person,
        "due": f"{task.due_on:%d/%m/%Y}",
        "internal": task.is_internal,
    }


def _recipients(notice: ConclusionNotice, tasks: Sequence[ConclusionTask]) -> list[str]:
    typed = [line.strip(" -;.") for line in notice.recipients.splitlines()]
    return recipients_of(
        (task.unit.full_name for task in tasks),
        of_visit=notice.visit is not None,
        typed=[line for line in typed if line],
    )


def _number(notice: ConclusionNotice, unit: Unit) -> str:
    if notice.number is None:
        return ""
    shown = f"{notice.number:02d}{sign_of(unit, party=notice.is_party)}"
    # The Party has this one book; of the State's, papers of cases bear other marks.
    return shown if notice.is_party else f"{shown}-{MARK_RECEPTIONS}"


def _issued(notice: ConclusionNotice | None) -> str:
    return f"{local_date(notice.issued_at):%d/%m/%Y}" if notice and notice.issued_at else ""


def _moment(at: dt.datetime | None) -> str:
    if at is None:
        return ""
    return f"{at.astimezone(HANOI):%H:%M, %d/%m/%Y}"


def visit_notice_pdf(
    session: ReceptionSession,
    visit: VisitRecord,
    sent: VisitClock | None,
    mark: Mark = UNMARKED,
) -> bytes:
    """The written notice to the visitor, in the capacity in which the leader received: issued as
    ``mark`` says; made elsewhere under a typed number once it was sent; else a draft and marked as
    one. Callers have checked the right."""
    party = is_party(session)
    on = local_date(mark.at) if mark.at else sent.sent_on if sent else None
    person = person_open(visit.registration)
    with translation.override(PAPER_LANGUAGE):
        # The record says what was brought forward; the registration what was meant to be.
        matter = visit.content or topic_shown(visit.registration)
    facts = {
        **heading(session, on),
        **capacity(session),
        "number": sent.paper_number if sent and on else "",
        "mark": "" if on else DRAFT,
        "replaces": replaced_words(visit_notices_voided(visit), mark.at),
        "sign": sign_of(session.unit, party=party),
        "basis": NOTICE_BASES[party],
        "received_on": f"{local_date(session.starts_at):%d/%m/%Y}",
        "place": session.place,
        "leader": session.leader.full_name,
        "visitor": person.get("full_name", ""),
        "address": person.get("address", ""),
        "matter": matter,
        "lines": _told(visit),
        "recipients": ["Như trên", *_bodies(visit), "Lưu: hồ sơ tiếp công dân"],
    }
    return paper_pdf("visit_notice", facts | mark.facts, at=mark.at)


def _told(visit: VisitRecord) -> list[str]:
    """What became of the matter, by outcome (Article 28(1) of the Law on Citizen Reception)."""
    sent_to = visit.sent_to.full_name if visit.sent_to else "cơ quan có thẩm quyền"
    paper = f" (văn bản số {visit.paper_number})" if visit.paper_number else ""
    lines = {
        VisitOutcome.TAKEN_IN: (
            "Nội dung Ông (bà) trình bày đã được tiếp nhận; cần có thêm thời gian nghiên cứu, xem"
            " xét trước khi trả lời."
        ),
        VisitOutcome.FORWARDED: (
            f"Nội dung Ông (bà) trình bày đã được chuyển đến {sent_to}{paper} để xem xét, giải"
            " quyết theo thẩm quyền."
        ),
        VisitOutcome.CONCLUSION: _concluded(visit),
    }
    # A record that was corrected since to an outcome that owes nothing: what was issued goes on.
    told = lines.get(VisitOutcome(visit.outcome), lines[VisitOutcome.TAKEN_IN])
    return [line for line in (told, _answered_by(visit)) if line]


def _concluded(visit: VisitRecord) -> str:
    unit = visit.responsible_unit.full_name if visit.responsible_unit else "cơ quan có trách nhiệm"
    return (
        f"Người chủ trì đã kết luận về nội dung Ông (bà) trình bày và giao {unit} thực hiện, gửi kết"
        " quả giải quyết cho Ông (bà)."
    )


def _answered_by(visit: VisitRecord) -> str:
    """Until when, and whom the visitor may ask (Article 25(3) of Decree 154/2026)."""
    parts = []
    if visit.due_on is not None:
        parts.append(f"Thời hạn: chậm nhất hết ngày {visit.due_on:%d/%m/%Y}.")
    if visit.responsible_person and visit.outcome == VisitOutcome.TAKEN_IN:
        parts.append(f"Người liên hệ để biết kết quả: {visit.responsible_person.rstrip('.')}.")
    return " ".join(parts)


def _bodies(visit: VisitRecord) -> list[str]:
    found = (visit.sent_to, visit.responsible_unit)
    return list(dict.fromkeys(unit.full_name for unit in found if unit is not None))
