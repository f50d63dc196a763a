"""Many issuers at once: real connections, real locks."""

import pytest

from papers.invariants import paper_numbers_are_gapless
from papers.models import Paper
from papers.services.issuing import paper_issue
from tests.concurrency.test_sweeps import parallel
from tests.papers.making import case_of, step, submitted
from tests.people import person_make

pytestmark = pytest.mark.django_db(transaction=True)
ISSUERS = 8


def test_numbers_stay_gapless_with_failures_among_them(
    reference_data: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("clerk", "chair"):
        person_make(name)
    papers = [submitted(case_of(subject=f"Đơn {number}")) for number in range(ISSUERS)]
    stale = [lambda: step(paper_issue, papers[0], version=1)] * 2
    done = parallel([*(lambda one=one: step(paper_issue, one) for one in papers), *stale])
    assert all(isinstance(one, Paper) for one in done[:ISSUERS]), done
    assert sorted(one.number for one in done[:ISSUERS]) == list(range(1, ISSUERS + 1))
    assert not any(isinstance(one, Paper) for one in done[ISSUERS:])
    twice = parallel([lambda: step(paper_issue, papers[0])] * 2)
    assert {type(error).__name__ for error in twice} == {"Conflict"}
    assert list(paper_numbers_are_gapless()) == []
