"""Many issuers at once: real connections, real locks."""

import datetime as dt

import pytest

from common.time import local_moment
from papers.invariants import paper_numbers_are_gapless
from papers.models import IssuedFile, Paper
from papers.services.issuing import paper_issue
from papers.services.receipts import receipt_issue
from petitions.models import CaseEvent, Letter
from petitions.services.intake import petition_file
from receptions.invariants import reception_numbers_taken_have_files
from receptions.models import Refusal
from receptions.services.refusals import refusal_issue
from tests.concurrency.test_sweeps import parallel
from tests.papers.making import case_of, step, submitted
from tests.people import filing_make, person_make
from tests.receptions.cast import DAY
from tests.receptions.cast_day import day_with
from tests.receptions.test_numbered_papers import prepared, stepped

pytestmark = pytest.mark.django_db(transaction=True)
ISSUERS = 8
DAYS = (DAY + dt.timedelta(days=1), DAY + dt.timedelta(days=4))


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


def test_a_receipt_asked_for_at_one_moment_is_one_file(reference_data: None) -> None:
    filed = petition_file(filing=filing_make())
    letter = Letter.objects.select_related("case__unit").get(code=filed.code)
    done = parallel([lambda: receipt_issue(letter=letter)] * 4)
    assert all(isinstance(one, IssuedFile) for one in done), done
    assert {one.pk for one in done} == {IssuedFile.objects.get().pk}
    assert CaseEvent.objects.filter(action__endswith="receipt_issued").count() == 1


def test_refusals_of_several_sessions_number_without_gaps(reference_data: None) -> None:
    for name in ("clerk", "chair", "secretary"):
        person_make(name)
    days = [DAY, *DAYS]
    sessions = [day_with(1, day=day) for day in days]
    moments = [local_moment(day, 9) for day in days]
    for one, at in zip(sessions, moments, strict=True):
        prepared(one, at=at)
    done = parallel(
        [
            lambda one=one, at=at: stepped(one, refusal_issue, "chair", at=at)
            for one, at in zip(sessions, moments, strict=True)
        ]
    )
    assert all(isinstance(one, Refusal) for one in done), done
    assert sorted(one.number[:2] for one in done) == ["01", "02", "03"]
    assert list(reception_numbers_taken_have_files()) == []
