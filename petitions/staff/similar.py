"""Similar letters and computed marks, as the page of a case and the API show them."""

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.access import Access
from petitions.flags import Mark, marks
from petitions.kin import linked_ids
from petitions.models import Case, Letter, Outcome
from petitions.policies import may_read_letters
from petitions.selectors_flags import facts_of
from petitions.selectors_similar import Similar, similar_letters
from petitions.workflow import status_label


def similar_panel(
    access: Access, case: Case, letters: Sequence[Letter], outcomes: Sequence[Outcome]
) -> dict[str, Any]:
    """Context of ``_similar.html`` and of the marks; five queries, whatever is found."""
    found = similar_letters(access, case)
    tied = linked_ids(case)
    facts = facts_of(access, case, letters, outcomes, found)
    return {
        # What a person has linked already needs no suggestion.
        "similar": [_line(one) for one in found if one.case.pk not in tied],
        "similar_withheld": may_read_letters(access, case) is not None,
        "marks": [_mark(mark) for mark in marks(facts)],
    }


def _line(one: Similar) -> dict[str, Any]:
    return {
        "code": one.case.code,
        "subject": one.case.subject,
        "href": reverse("cases:case", args=[one.case.code]),
        "status": _(status_label(one.case.status)),
        "reasons": one.reasons,
    }


def _mark(mark: Mark) -> dict[str, str]:
    return {"label": _(mark.label), "reason": _(mark.reason) % mark.values}
