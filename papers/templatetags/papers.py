"""What pages of other apps show of papers: ``{% load papers %}``."""

from typing import Any

from django import template

from accounts.access import access_of
from papers.catalogue import KINDS, kind_title
from papers.policies import may_give_receipt
from papers.presenters import paper_lines
from papers.references import kinds_for_step, papers_of_step
from papers.selectors import drafts_of, papers_known
from papers.selectors_unit import papers_waiting
from petitions.models import Case, Letter

register = template.Library()
SHOWN = 5


@register.inclusion_tag("papers/staff/_of_case.html")
def papers_of_case(case: Case) -> dict[str, Any]:
    """The newest papers of a case that the reader sees, and the way to all. Two queries a page."""
    rows = paper_lines(papers_known(case)[: -SHOWN - 1 : -1])
    return {"case": case, "rows": rows}


@register.inclusion_tag("papers/staff/_waiting.html", takes_context=True)
def papers_to_issue(context: template.Context) -> dict[str, Any]:
    """How many papers wait for whoever is signed in to issue them. One query, none for those who
    issue nothing."""
    return {"count": papers_waiting(access_of(context["request"].user))}


@register.inclusion_tag("papers/staff/_for_step.html", takes_context=True)
def papers_for_step(context: template.Context, case: Case, action: str) -> dict[str, Any]:
    """The way to the issued papers that carry a step of the workflow; of the other kinds buttons
    that begin one, where the reader may write it now, or the way to the draft that there is. Two
    queries a page."""
    issued = papers_of_step(case, action)
    known = {paper.kind for paper in issued}
    kinds = kinds_for_step(access_of(context["request"].user), case, action)
    kinds = [kind for kind in kinds if kind.code not in known]
    drafts = drafts_of(case) if kinds else {}
    return {
        "case": case,
        "issued": [(paper, kind_title(KINDS[paper.kind])) for paper in issued],
        "kinds": [(kind.code, kind_title(kind), drafts.get(kind.code)) for kind in kinds],
        "csrf_token": context.get("csrf_token", ""),
    }


@register.inclusion_tag("papers/staff/_receipt.html", takes_context=True)
def receipt_of_letter(context: template.Context, case: Case, letter: Letter) -> dict[str, Any]:
    """A button for the receipt of a petitioner's own letter, for whoever gives it. No query."""
    access = access_of(context["request"].user)
    may = letter.origin_id is None and may_give_receipt(access, case) is None
    return {
        "code": case.code if may else "",
        "letter": letter.code,
        "csrf_token": context.get("csrf_token", ""),
    }


@register.inclusion_tag("papers/staff/_receipt.html", takes_context=True)
def receipt_of_code(context: template.Context, code: str) -> dict[str, Any]:
    """The same for a letter that was registered a moment ago. One query."""
    access = access_of(context["request"].user)
    case = Case.objects.visible_to(access).filter(code=code).first()
    may = case is not None and may_give_receipt(access, case) is None
    return {
        "code": code if may else "",
        "letter": code,
        "csrf_token": context.get("csrf_token", ""),
    }
