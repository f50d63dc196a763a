"""The receipt of a petition as PDF, in Vietnamese whoever asks."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.text import capfirst

from common.papers import paper_pdf
from common.time import HANOI, local_date
from communes.models import Unit
from communes.selectors import unit_by_code
from deadlines.models import ClockState
from papers.heads import PAPER_LANGUAGE, date_words, dated, issuer_of, parent_of
from papers.marks import Mark
from petitions.enums import Kind, PartyRole
from petitions.models import CaseClock, CaseEvent, Letter, Party
from petitions.replay import FIRST
from petitions.selectors import identity_read
from petitions.timeline import FILED_EVENT


def receipt_pdf(letter: Letter, unit: Unit, at: dt.datetime, mark: Mark) -> bytes:
    """What came in, when, at which ``unit``; issued at the UTC moment ``at``. Three queries.

    Whatever it is about, it names neither the body that was addressed nor whom it is against. Of a
    denunciation it says neither the kind, nor who wrote it, nor a limit, which would tell the kind
    (Articles 47 and 56 of the Law on Denunciations).
    """
    is_secretive = letter.kind == Kind.DENUNCIATION
    with translation.override(PAPER_LANGUAGE):
        facts = {
            "parent": parent_of(unit),
            "issuer": issuer_of(unit),
            "dated": dated(unit, local_date(at)),
            "code": letter.code,
            "pairs": [
                *([] if is_secretive else _told(letter)),
                ("Thời điểm nhận đơn", _moment(letter.submitted_at)),
                ("Số tệp gửi kèm", str(letter.attachments.count())),
                *([] if is_secretive else _first_answer(letter)),
            ],
            "track": settings.PUBLIC_BASE_URL + reverse("petitions:track"),
        }
    return paper_pdf("filing_receipt", facts | mark.facts, at=mark.at)


def received_by(letter: Letter) -> Unit:
    """The unit that the letter came in at, whoever holds its case now. One query."""
    filed = CaseEvent.objects.filter(case=letter.case_id, action=FILED_EVENT)
    data = filed.order_by("sequence").values_list("data", flat=True).first() or {}
    return unit_by_code(str(data.get("unit", ""))) or letter.case.unit


def _told(letter: Letter) -> list[tuple[str, Any]]:
    return [("Người gửi đơn", _petitioner(letter)), ("Loại đơn", capfirst(_kind(letter)))]


def _kind(letter: Letter) -> str:
    return str(Kind(letter.kind).label)


def _petitioner(letter: Letter) -> str:
    rows = Party.objects.filter(letter=letter, role=PartyRole.PETITIONER)
    party = rows.select_related("identity").order_by("number").first()
    if party is None or party.identity.is_protected:
        return ""
    data = identity_read(party.identity)
    name = f"Ông (bà) {data.get('full_name') or data.get('name') or ''}"
    others = letter.people - 1
    return f"{name} và {others} người khác" if others > 0 else name


def _moment(at: dt.datetime) -> str:
    local = at.astimezone(HANOI)
    return f"{local:%H} giờ {local:%M} phút, {date_words(local.date())}"


def _first_answer(letter: Letter) -> list[tuple[str, str]]:
    """By when the unit first answers, with the article, as the page after sending shows it."""
    links = CaseClock.objects.filter(case=letter.case_id, stage__in=FIRST)
    open_or_done = links.exclude(clock__state=ClockState.CANCELLED)
    link = open_or_done.select_related("clock").order_by("id").first()
    if link is None:
        return []
    clock = link.clock
    return [
        ("Cơ quan trả lời lần đầu", f"chậm nhất {date_words(clock.due_on)}, theo {clock.basis}")
    ]
