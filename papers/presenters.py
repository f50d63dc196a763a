"""What officers' templates show of papers, as plain values."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.access import Access
from common.time import local_date
from common.ui import Crumb, TimelineItem
from papers.catalogue import KINDS, kind_title
from papers.enums import CORRECTED, UNISSUED, PaperState
from papers.models import Paper, PaperEvent
from papers.policies import may_decide, may_read, may_recall, may_write, possible
from papers.selectors import Choice, correction_of
from petitions.models import Case, CaseEvent
from petitions.staff.present import case_head, event_title

TONES = {
    PaperState.DRAFT: "neutral",
    PaperState.SUBMITTED: "warning",
    PaperState.ISSUED: "success",
    PaperState.REPLACED: "neutral",
    PaperState.VOIDED: "danger",
}


@dataclass(frozen=True)
class PaperLine:
    """One line of the list."""

    paper: Paper
    title: str
    href: str
    state: str
    tone: str
    correction: Paper | None


def paper_lines(papers: Iterable[Paper]) -> list[PaperLine]:
    """The lines of a list; no query for those of ``papers_known`` and ``papers_asked``."""
    return [
        PaperLine(
            paper=paper,
            title=kind_title(KINDS[paper.kind]),
            href=reverse("papers_staff:paper", args=[paper.case.code, paper.public_id]),
            state=str(PaperState(paper.state).label),
            tone=TONES[PaperState(paper.state)],
            correction=correction_of(paper),
        )
        for paper in papers
    ]


def papers_head(case: Case, *here: Crumb) -> dict[str, Any]:
    """The head of every page about papers."""
    head = case_head(case)
    own = Crumb(_("Papers (official)"), reverse("papers_staff:list", args=[case.code]))
    return head | {"crumbs": [*head["crumbs"], own, *here]}


def steps_of(access: Access, case: Case, paper: Paper) -> dict[str, bool]:
    """What the reader may do with the paper now; the services decide again."""
    writes = may_write(access, case, paper) is None
    decides = may_decide(access, case, paper) is None
    state = paper.state
    return {
        "may_read": may_read(access, case, paper) is None,
        "may_edit": writes and state == PaperState.DRAFT,
        "may_submit": writes and state == PaperState.DRAFT,
        "may_recall": may_recall(access, case, paper) is None and state == PaperState.SUBMITTED,
        "may_discard": writes and state in UNISSUED,
        "may_issue": decides and state == PaperState.SUBMITTED,
        "may_void": decides and state == PaperState.ISSUED,
        "may_again": writes
        and state == PaperState.VOIDED
        and possible(case, KINDS[paper.kind]) is None,
        "may_correct": writes and state in CORRECTED and correction_of(paper) is None,
    }


def refusals_of(choices: Iterable[Choice]) -> dict[str, list[str]]:
    """Titles of the kinds that cannot be written now, by the reason."""
    found: dict[str, list[str]] = {}
    for one in choices:
        if one.why_not is not None:
            found.setdefault(str(one.why_not), []).append(kind_title(one.kind))
    return found


def taken_by(event: CaseEvent | None) -> str:
    """The step of the case that goes by the number of the paper, with its Hà Nội date; "" for none."""
    return f"{event_title(event)}, {local_date(event.at):%d/%m/%Y}" if event else ""


def history_of(events: Iterable[PaperEvent]) -> list[TimelineItem]:
    """The history in words, newest first."""
    return [
        TimelineItem(
            title=_event_title(event),
            at=event.at,
            actor=event.actor.full_name if event.actor else "",
        )
        for event in events
    ]


def _event_title(event: PaperEvent) -> str:
    number = {"number": event.data.get("number", "")}
    titles = {
        "drafted": _("Paper drafted"),
        "edited": _("Draft of the paper changed"),
        "submitted": _("Put before the head"),
        "recalled": _("Taken back to be written anew"),
        "returned": _("Given back to be written anew"),
        "discarded": _("Laid aside"),
        "issued": _("Issued as %(number)s") % number,
        "voided": _("Declared void"),
        "again": _("Its words were taken for another paper"),
        "replaced": _("Replaced by %(number)s") % {"number": event.data.get("by", "")},
        "read": _("Sealed paper read"),
    }
    return titles.get(event.action.rpartition(".")[2], event.action)
