"""A late swap and the cases: dates follow, the citizen reads why, nothing escalates at once."""

import datetime as dt
from collections.abc import Callable, Iterator

import pytest

from common.history_check import table_check
from common.invariants import invariants_broken
from deadlines.calendars import calendar_cache_clear, calendar_file
from deadlines.clock import Day
from deadlines.recalculation import calendar_change
from escalation.models import Escalation
from escalation.sweep import sweep_run
from petitions.models import CaseEvent, Letter
from petitions.recalculations import MOVED_EVENT
from petitions.staff.present import event_title
from petitions.timeline import public_record
from tests.people import Story

pytestmark = pytest.mark.django_db
FILED = dt.datetime(2026, 11, 16, 2, tzinfo=dt.UTC)
SWAPPED_AT = dt.datetime(2026, 11, 20, 10, tzinfo=dt.UTC)
SWAP = [
    Day(dt.date(2026, 11, 23), "swapped_off", "Nghỉ hoán đổi với 28/11", "Công văn", "verified"),
    Day(dt.date(2026, 11, 28), "swapped_working", "Làm bù cho 23/11", "Công văn", "verified"),
]


@pytest.fixture(autouse=True)
def _fresh_calendar() -> Iterator[None]:
    calendar_cache_clear()
    yield
    calendar_cache_clear()


def change(days: list[Day]) -> None:
    calendar_change(days, reason="hoán đổi ngày 23/11", at=SWAPPED_AT)


def test_the_case_follows_and_everybody_reads_why(story: Callable[..., Story]) -> None:
    tale = story(at=FILED)
    version = tale.case.version
    assert tale.case.due_on == dt.date(2026, 11, 26)
    change([*calendar_file(), *SWAP])
    case = tale.case
    assert (case.due_on, case.version) == (dt.date(2026, 11, 27), version)
    event = CaseEvent.objects.get(case=case, action=MOVED_EVENT)
    assert event.data == {
        "rule": "KN-ACC",
        "from_on": "2026-11-26",
        "to_on": "2026-11-27",
        "reason": "hoán đổi ngày 23/11",
    }
    assert event_title(event) != event.action
    letter = Letter.objects.select_related("case__unit").get(case=case)
    told = [entry.detail for entry in public_record(letter).entries]
    assert any("26/11/2026" in text and "27/11/2026" in text for text in told)
    assert list(table_check(CaseEvent)) == []
    assert {n for n in invariants_broken() if n.startswith(("petitions.", "deadlines."))} == set()


def test_a_calendar_change_causes_no_burst_of_escalations(story: Callable[..., Story]) -> None:
    for _ in range(3):
        story(at=FILED)
    sweep_run(at=SWAPPED_AT)
    before = Escalation.objects.count()
    change([*calendar_file(), *SWAP])
    result = sweep_run(at=SWAPPED_AT)
    assert (result.reminders, result.escalations) == (0, 0)
    assert Escalation.objects.count() == before


def test_an_overdue_case_that_is_not_late_any_more_is_not_escalated_again(
    story: Callable[..., Story],
) -> None:
    tale = story(at=FILED)
    late = dt.datetime(2026, 11, 26, 18, tzinfo=dt.UTC)
    sweep_run(at=late)
    taken = Escalation.objects.count()
    assert tale.case.escalation_level == 1
    calendar_change([*calendar_file(), *SWAP], reason="hoán đổi ngày 23/11", at=late)
    assert tale.case.due_on == dt.date(2026, 11, 27)
    sweep_run(at=late)
    assert Escalation.objects.count() == taken
    # The new date passes, too: that is a breach of its own.
    sweep_run(at=late + dt.timedelta(days=1))
    assert Escalation.objects.filter(step_code="breach").count() == 2
