"""Tasks of conclusions under several sweeps and issuers at once: real connections, real locks."""

import datetime as dt
from collections import Counter

import pytest
from django.db import transaction

from common.history_check import table_check
from communes.models import Unit
from escalation.models import Escalation
from escalation.sweep import SweepResult, sweep_run
from notifications.models import OutboxMessage
from papers.models import IssuedFile
from papers.services.proving import file_issue, proved
from receptions.invariants_conclusions import issued_notice_has_its_file
from receptions.models import ConclusionNotice, ReceptionSession, SessionEvent
from receptions.services.conclusions import notice_issue
from tests.concurrency.test_sweeps import parallel
from tests.people import WARD, access_make, person_make
from tests.receptions.cast import session_public
from tests.receptions.concluding import DURING, drafted, issued, row
from tests.receptions.test_conclusion_ladder import BREACH

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _people(reference_data: None) -> None:
    for name in ("clerk", "secretary", "other_clerk", "other_chair", "board_head"):
        person_make(name)


def test_three_sweeps_at_once_tell_of_each_task_once() -> None:
    for number in range(4):
        session = session_public(day=dt.date(2026, 12, 7 + number))
        issued(*[row(what=f"Việc {n}") for n in range(3)], session=session)
    results = parallel([lambda: sweep_run(at=BREACH, batch_size=2)] * 3)
    assert all(isinstance(result, SweepResult) for result in results), results
    sweep_run(at=BREACH)  # what was in use in the first three
    assert Escalation.objects.count() == 3 * 12
    told = Counter(
        SessionEvent.objects.filter(
            action__in=("receptions.task.reminded", "receptions.task.escalated")
        ).values_list("session", "data__notice", "data__row", "data__step")
    )
    assert len(told) == 3 * 12
    assert set(told.values()) == {1}
    mails = OutboxMessage.objects.filter(template__in=("reminder", "escalation"), channel="email")
    assert mails.count() == len(set(mails.values_list("event", "recipient_key")))
    assert next(table_check(SessionEvent), None) is None


def test_a_session_in_use_is_left_and_taken_by_the_next_run() -> None:
    issued()
    with transaction.atomic():
        ReceptionSession.objects.select_for_update().get()
        (result,) = parallel([lambda: sweep_run(at=BREACH)])
    assert result.skipped["busy"] == 1
    assert not Escalation.objects.exists()
    sweep_run(at=BREACH)
    assert Escalation.objects.count() == 3


def test_numbers_stay_gapless_when_many_issue_at_once() -> None:
    drafts = [
        drafted(session=session_public(day=dt.date(2026, 12, 8 + number))) for number in range(3)
    ]
    drafts += [drafted(session=draft.session) for draft in drafts]
    access = access_make("secretary")

    def issue(draft: ConclusionNotice) -> None:
        notice_issue(access=access, public_id=draft.public_id, version=1, at=DURING)

    assert parallel([lambda draft=draft: issue(draft) for draft in drafts]) == [None] * 6
    numbers = ConclusionNotice.objects.order_by("number").values_list("number", flat=True)
    assert list(numbers) == [1, 2, 3, 4, 5, 6]
    again = parallel([lambda: issue(drafts[0])] * 2)
    assert {type(error).__name__ for error in again} == {"Conflict"}
    assert IssuedFile.objects.filter(state="issued").count() == 6
    assert list(issued_notice_has_its_file()) == []


def test_of_two_files_of_one_subject_one_is_in_force() -> None:
    unit = Unit.objects.get(code=WARD)

    def issue(number: int) -> None:
        with proved():
            file_issue(
                subject="minutes:7", unit=unit, number=str(number), by=None, at=DURING,
                render=lambda mark: f"%PDF {number} {mark.verify}".encode(),
            )  # fmt: skip

    assert parallel([lambda number=number: issue(number) for number in range(4)]) == [None] * 4
    assert IssuedFile.objects.count() == 4
    in_force = IssuedFile.objects.get(state="issued")
    assert IssuedFile.objects.filter(replaces=None).count() == 1
    assert not hasattr(in_force, "replaced_by")
