"""Reading papers on behalf of a person: through the case, which decides who sees them."""

import uuid
from dataclasses import dataclass
from typing import Any

from django.db.models import (
    Exists,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    TextField,
    prefetch_related_objects,
)
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast

from accounts.access import Access
from common.errors import NotVisible, Text
from papers.catalogue import KINDS
from papers.enums import UNISSUED, PaperState
from papers.kinds import PaperKind
from papers.models import ISSUED, READ, Paper, PaperEvent
from papers.policies import may_draft, possible
from petitions.models import Case, CaseEvent
from petitions.policies import may_review_openings

CODE_PREFIX = "VB"
# Steps of the case of a paper that went by its number.
_TAKING = CaseEvent.objects.alias(by=KeyTextTransform("paper", "data")).filter(
    case=OuterRef("case"), by=Cast(OuterRef("public_id"), TextField())
)


def listed(rows: QuerySet[Paper]) -> QuerySet[Paper]:
    """With what a line of a list shows, without the words."""
    return (
        rows.select_related("drafted_by", "issued_by", "replaces")
        .prefetch_related("corrections")
        .defer("box", "replaces__box")
    )


def paper_get(case: Case, public_id: uuid.UUID) -> Paper:
    """A paper of a case that the caller has got as visible. Raises NotVisible."""
    rows = Paper.objects.select_related(
        "drafted_by", "issued_by", "unit", "replaces", "file", "case__unit"
    )
    paper = rows.filter(case=case, public_id=public_id).first()
    if paper is None:
        raise NotVisible
    return paper


def drafts_of(case: Case) -> dict[str, Paper]:
    """The newest paper of each kind that is begun and not issued, by kind; not those that will
    replace another one. As ``papers_at_hand``."""
    return {paper.kind: paper for paper in papers_at_hand(case) if paper.state in UNISSUED}


def papers_at_hand(case: Case) -> list[Paper]:
    """Papers that are begun, but for corrections, and those in force that no step of the case has
    taken, the oldest first. As ``papers_known``."""
    known: list[Any] = papers_known(case)  # with ``is_taken``
    return [
        paper
        for paper in known
        if (paper.state in UNISSUED and paper.replaces_id is None)
        or (paper.state == PaperState.ISSUED and not paper.is_taken)
    ]


def papers_known(case: Case) -> list[Paper]:
    """All papers of a case that the caller has got as visible, the oldest first, with what a list
    shows. Two queries an object of a case: its page asks for them in many places."""
    rows = listed(Paper.objects.annotate(is_taken=Exists(_TAKING))).order_by("id")
    prefetch_related_objects([case], Prefetch("papers", rows, to_attr="papers_known"))
    return list(vars(case)["papers_known"])


def correction_of(paper: Paper) -> Paper | None:
    """The paper that replaces this one, or will when it is issued. No query for those of
    ``papers_known``."""
    live = [one for one in paper.corrections.all() if one.state != PaperState.VOIDED]
    return live[0] if live else None


def paper_events(access: Access, case: Case, paper: Paper) -> QuerySet[PaperEvent]:
    """The history of a paper; who read a sealed one is shown as openings are."""
    rows = PaperEvent.objects.filter(paper=paper).select_related("actor").order_by("-sequence")
    if may_review_openings(access, case):
        return rows
    return rows.filter(~Q(action=READ) | Q(actor_id=access.user_id))


def signed_by(paper: Paper) -> str:
    """Whose certificate signed the issued file, by its history; "" when none did. One query."""
    if not paper.is_issued:
        return ""
    events = PaperEvent.objects.filter(paper=paper, action=ISSUED)
    return str((events.values_list("data", flat=True).first() or {}).get("signed_by", ""))


@dataclass(frozen=True)
class Choice:
    """A kind of paper, why it cannot be written now, or None, and the draft that there is."""

    kind: PaperKind
    why_not: Text | None
    draft: Paper | None


def choices_for(access: Access, case: Case) -> list[Choice]:
    """Every kind that this kind of petition knows, the possible ones first."""
    drafts = drafts_of(case)
    found = [
        Choice(kind, possible(case, kind) or may_draft(access, case, kind), drafts.get(kind.code))
        for kind in KINDS.values()
        if kind.suits(case)
    ]
    return sorted(found, key=lambda one: one.why_not is not None)
