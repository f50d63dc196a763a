"""The receipt of a petition as PDF, in Vietnamese whoever asks."""

import datetime as dt

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from common.papers import paper_pdf
from common.time import HANOI, local_date
from communes.models import Unit
from communes.selectors import unit_by_code
from papers.heads import PAPER_LANGUAGE, date_words, dated, issuer_of, parent_of
from papers.marks import Mark
from petitions.models import CaseEvent, Letter
from petitions.timeline import FILED_EVENT


def receipt_pdf(letter: Letter, unit: Unit, at: dt.datetime, mark: Mark) -> bytes:
    """What came in, when, at which ``unit``; issued at the UTC moment ``at``. One query.

    The same for every petition: neither kind nor sender nor limit, so that nothing that is lacking
    tells a denunciation (Articles 47 and 56 of the Law on Denunciations). It names neither the body
    that was addressed nor whom it is against.
    """
    with translation.override(PAPER_LANGUAGE):
        facts = {
            "parent": parent_of(unit),
            "issuer": issuer_of(unit),
            "dated": dated(unit, local_date(at)),
            "code": letter.code,
            "received": _moment(letter.submitted_at),
            "files": letter.attachments.count(),
            "track": settings.PUBLIC_BASE_URL + reverse("petitions:track"),
        }
    return paper_pdf("filing_receipt", facts | mark.facts, at=mark.at)


def received_by(letter: Letter) -> Unit:
    """The unit that the letter came in at, whoever holds its case now. One query."""
    filed = CaseEvent.objects.filter(case=letter.case_id, action=FILED_EVENT)
    data = filed.order_by("sequence").values_list("data", flat=True).first() or {}
    return unit_by_code(str(data.get("unit", ""))) or letter.case.unit


def _moment(at: dt.datetime) -> str:
    local = at.astimezone(HANOI)
    return f"{local:%H} giờ {local:%M} phút, {date_words(local.date())}"
