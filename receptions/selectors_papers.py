"""Papers to one visitor that were declared void, with the day on which they had been handed over."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from papers.models import IssuedFile
from receptions.models import ReceptionSession, SessionEvent

VOIDED = ("receptions.refusal.voided", "receptions.visit.notice_voided")


@dataclass(frozen=True)
class Voided:
    """``sent_on``: Hà Nội date of a hand-over before it was declared void."""

    file: IssuedFile
    sent_on: dt.date | None


def papers_voided(session: ReceptionSession, files: Sequence[IssuedFile]) -> list[Voided]:
    """Void papers of one session as the page tells of them; one query where there are any."""
    if not files:
        return []
    events = SessionEvent.objects.filter(session=session, action__in=VOIDED)
    kept = (data for data in events.values_list("data", flat=True) if data["on"])
    days = {data["paper"]: dt.date.fromisoformat(data["on"]) for data in kept}
    return [Voided(file, days.get(file.shown_number)) for file in files]
