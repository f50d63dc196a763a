"""What a step of the workflow has to do with papers: which one it takes its number from, which
ones can be written beside it."""

from accounts.access import Access
from common.time import local_date
from papers.catalogue import KINDS, kind_title
from papers.enums import PaperState
from papers.kinds import PaperKind
from papers.models import Paper
from papers.policies import may_draft, possible
from papers.selectors import papers_at_hand
from papers.selectors_issued import papers_replaced_by, standing
from petitions.issued_papers import IssuedPaper, ending, source
from petitions.models import Case, CaseEvent
from petitions.workflow import Action


def _carrying(case: Case, action: str) -> list[PaperKind]:
    return [kind for kind in KINDS.values() if action in kind.steps and kind.suits(case)]


def kinds_for_step(access: Access, case: Case, action: str) -> list[PaperKind]:
    """Kinds that carry the step and that the person may begin now."""
    return [
        kind
        for kind in _carrying(case, action)
        if possible(case, kind) is None and may_draft(access, case, kind) is None
    ]


def papers_of_step(case: Case, action: str) -> list[Paper]:
    """Papers in force that carry the step and that no step has taken, the newest of each kind. One
    query an object of a case."""
    codes = [kind.code for kind in _carrying(case, action)]
    found = [paper for paper in papers_at_hand(case) if paper.state == PaperState.ISSUED]
    newest = {
        paper.kind: paper
        for paper in found
        if paper.kind in codes and paper.unit_id == case.unit_id
    }
    return list(newest.values())


@source
def papers_to_take(case: Case, action: Action) -> list[IssuedPaper]:
    """Papers in force that fit the step, but none that an earlier step took: a case that is
    suspended twice has two decisions. In the order of the catalogue, of a kind the newest first: the
    slip that forwards a denunciation comes before the notice of it. At most two queries."""
    kinds = [kind.code for kind in _carrying(case, action)]
    rows = Paper.objects.filter(
        case=case, unit=case.unit_id, state=PaperState.ISSUED, kind__in=kinds
    )
    papers = rows.defer("box").order_by("-id") if kinds else []
    found = [_taken_over(one) for one in sorted(papers, key=lambda one: kinds.index(one.kind))]
    taken = _taken(case) if found else set()
    return [one for one in found if one.key not in taken]


@ending
def papers_ended(case: Case) -> dict[str, str]:
    """Issued papers that are void or were replaced, in words by key. At most two queries."""
    rows = Paper.objects.filter(case=case, state__in=(PaperState.VOIDED, PaperState.REPLACED))
    found = list(rows.filter(number__isnull=False).defer("box"))
    later = papers_replaced_by(found) if found else {}
    return {str(paper.public_id): standing(paper, later.get(paper.pk, "")) for paper in found}


def step_that_took(paper: Paper) -> CaseEvent | None:
    """The step of the case that goes by the number of this paper. One query, for an issued one."""
    if not paper.is_issued:
        return None
    events = CaseEvent.objects.filter(case=paper.case_id, data__paper=str(paper.public_id))
    return events.order_by("-sequence").first()


def _taken(case: Case) -> set[str]:
    rows = CaseEvent.objects.filter(case=case, data__has_key="paper")
    return set(rows.values_list("data__paper", flat=True))


def _taken_over(paper: Paper) -> IssuedPaper:
    assert paper.issued_at is not None
    assert paper.issued_by_id is not None
    return IssuedPaper(
        key=str(paper.public_id),
        title=kind_title(KINDS[paper.kind]),
        number=paper.shown_number,
        on=local_date(paper.issued_at),
        signer_id=paper.issued_by_id,
    )
