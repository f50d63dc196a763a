"""What is told of papers: that one waits, came back or is issued; neither its kind nor a word of it.

Of a denunciation this says no more than any other notice about a case.
"""

import datetime as dt

from django.urls import reverse

from accounts.access import Access, access_of
from accounts.models import User
from accounts.selectors import holds_position
from common.time import local_date
from notifications.services import NewMessage, outbox_write
from papers.models import Paper
from petitions.models import Case
from petitions.services.telling import decider_of


def head_tell(access: Access, case: Case, paper: Paper, at: dt.datetime) -> None:
    """Whoever decides in the unit learns that a paper waits, unless it was that person who put it
    there."""
    position = decider_of(case)
    if holds_position(access.actor_id, case.unit_id, position, local_date(at)):
        return
    notice = NewMessage(
        _key(paper, "waiting"),
        "paper_waiting",
        _params(case, paper),
        unit_id=case.unit_id,
        position=position,
        is_secret=case.is_denunciation,
    )
    outbox_write([notice], at=at)


def writer_tell(access: Access, case: Case, paper: Paper, template: str, at: dt.datetime) -> None:
    """Who drafted the paper learns of the step of somebody else, while the case is still seen."""
    if paper.drafted_by_id == access.actor_id or not _still_sees(paper.drafted_by_id, case):
        return
    key = _key(paper, template)
    notice = NewMessage(key, template, _params(case, paper), recipient_id=paper.drafted_by_id)
    outbox_write([notice], at=at)


def _still_sees(user_id: int, case: Case) -> bool:
    """Whoever left the unit, or is barred by now, is told nothing."""
    writer = User.objects.get(pk=user_id)
    return Case.objects.visible_to(access_of(writer)).filter(pk=case.pk).exists()


def _key(paper: Paper, fact: str) -> str:
    return f"paper:{paper.public_id}:{paper.version}:{fact}"


def _params(case: Case, paper: Paper) -> dict[str, str]:
    href = reverse("papers_staff:paper", args=[case.code, paper.public_id])
    return {"code": case.code, "unit": case.unit.full_name, "href": href}
