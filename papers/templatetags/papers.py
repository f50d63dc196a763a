"""What pages of other apps show of papers: ``{% load papers %}``."""

from typing import Any

from django import template

from papers.presenters import paper_lines
from papers.selectors import papers_of
from petitions.models import Case

register = template.Library()
SHOWN = 5


@register.inclusion_tag("papers/staff/_of_case.html")
def papers_of_case(case: Case) -> dict[str, Any]:
    """The newest papers of a case that the reader sees, and the way to all. Two queries."""
    rows = paper_lines(case, papers_of(case)[:SHOWN])
    return {"case": case, "rows": rows}
