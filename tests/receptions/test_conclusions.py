"""Conclusion notices: drafted, issued under a number, fixed, replaced."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.db.models import QuerySet

from accounts.enums import Role
from accounts.models import Membership
from attachments.services import attachment_read
from common.errors import Conflict, DomainError, InvalidInput, NotPermitted, NotVisible, Stale
from common.invariants import invariants_broken
from common.reference import LoadReport
from common.time import local_moment, now
from communes.models import Unit
from deadlines.models import ClockState
from notifications.models import OutboxMessage
from papers.selectors_proofs import file_of
from papers.subjects import SubjectKind, subject_of
from petitions.models import RegisterCounter
from receptions import invariants
from receptions.holders import follower_of
from receptions.models import ConclusionNotice, ConclusionTask, SessionEvent
from receptions.services.adoption import conclusions_adopt
from receptions.services.conclusions import notice_change, notice_discard, notice_issue
from receptions.services.notice_text import NoticeText
from tests.papers.signers import pair, signed_at, signing_on
from tests.people import OTHER_WARD, WARD, access_make, person_make
from tests.receptions.cast import DAY, session_public
from tests.receptions.concluding import (
    DURING,
    UNTIL,
    clock_of,
    drafted,
    issued,
    record,
    row,
    task_of,
    visit_of,
)
from tests.receptions.test_minutes import signed

pytestmark = pytest.mark.django_db


def conclusion(**changes: Any) -> dict[str, Any]:
    values = {
        "conclusion": "Kiểm tra thực địa và trả lời bằng văn bản.",
        "responsible_unit": Unit.objects.get(code=OTHER_WARD),
        "responsible_person": "Trần Văn Mẫu, địa chính",
        "due_on": UNTIL,
    }
    return values | changes


def test_an_issued_notice_gives_every_row_a_clock_and_tells_the_units() -> None:
    notice = issued(row(), row(code=WARD, is_internal=True))
    assert (notice.number, notice.year, notice.shown_number) == (1, 2026, "01-TB/ĐU")
    first, second = task_of(notice, 1), task_of(notice, 2)
    clock = clock_of(first)
    assert (clock.rule_code, clock.started_on, clock.due_on) == ("TCD-KL", DAY, UNTIL)
    assert (clock.ladder, clock.is_internal) == ("conclusion_party", True)
    assert "khoản 2 Điều 25 Nghị định 154/2026" in clock.basis
    assert clock.holder_unit.code == OTHER_WARD
    assert clock.forwarder_unit_id == notice.unit_id
    assert clock_of(second).holder_unit.code == WARD
    told = OutboxMessage.objects.filter(template="reception_task", channel="app")
    assert {(m.unit.code if m.unit else "", m.position) for m in told} == {
        (OTHER_WARD, "clerk"),
        (WARD, "clerk"),
    }
    assert {m.params["href"] for m in told} == {
        f"/can-bo/tiep-dan/viec-duoc-giao/{task.public_id}/" for task in (first, second)
    }
    event = SessionEvent.objects.get(action="receptions.conclusion.issued")
    assert event.data == {"notice": 1, "year": 2026, "rows": 2, "replaces": None}


def test_a_date_on_a_day_off_stays_that_date() -> None:
    sunday = dt.date(2026, 12, 20)
    clock = clock_of(task_of(issued(row(due_on=sunday))))
    assert (clock.due_on, clock.legal_due_on) == (sunday, sunday)


def test_numbers_are_gapless_in_unit_and_year() -> None:
    session = session_public()
    numbers = [issued(session=session).number for _ in range(3)]
    failed = drafted(session=session)
    with pytest.raises(InvalidInput):
        notice_issue(
            access=access_make("secretary"),
            public_id=failed.public_id,
            version=1,
            at=local_moment(UNTIL + dt.timedelta(days=1), 9),
        )
    assert [*numbers, issued(session=session).number] == [1, 2, 3, 4]


def test_the_states_paper_has_another_number_than_the_partys() -> None:
    session = session_public("chair", duty_holder="people_committee_chair")
    notice = issued(session=session, who="chair")
    assert notice.shown_number == "01/TB-UBND-TD"
    assert notice.facts["issuer"] == "Ủy ban nhân dân phường Ba Đình"
    assert clock_of(task_of(notice)).ladder == "conclusion"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"what": " "}, "row0_what"),
        ({"unit": None}, "row0_unit"),
        ({"due_on": None}, "row0_due_on"),
        ({"due_on": DAY - dt.timedelta(days=1)}, "row0_due_on"),
        ({"due_on": dt.date(2199, 1, 1)}, "row0_due_on"),
        ({"person": "x" * 121}, "row0_person"),
    ],
)
def test_what_is_wrong_in_a_row_is_named(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        drafted(row(**changes))
    assert field in caught.value.fields
    assert not ConclusionNotice.objects.exists()


def test_a_notice_without_rows_is_none() -> None:
    with pytest.raises(InvalidInput) as caught:
        drafted(text=NoticeText([]))
    assert "rows" in caught.value.fields


def test_only_who_receives_issues() -> None:
    draft = drafted(who="clerk")
    with pytest.raises(NotPermitted):
        notice_issue(access=access_make("clerk"), public_id=draft.public_id, version=1, at=DURING)
    with pytest.raises(NotVisible):
        notice_issue(
            access=access_make("other_chair"), public_id=draft.public_id, version=1, at=DURING
        )
    with pytest.raises(NotPermitted):
        drafted(session=draft.session, who="front")


def test_an_old_form_changes_nothing() -> None:
    draft = drafted()
    access = access_make("clerk")
    text = NoticeText([row(what="Việc khác")])
    notice_change(access=access, public_id=draft.public_id, version=1, text=text, at=DURING)
    assert [t.what for t in draft.tasks.all()] == ["Việc khác"]
    for version in (1, 3):
        with pytest.raises(Stale):
            notice_change(
                access=access, public_id=draft.public_id, version=version, text=text, at=DURING
            )


def test_an_issued_notice_does_not_change_by_service_or_by_hand() -> None:
    notice = issued()
    access = access_make("secretary")
    for act in (notice_issue, notice_discard):
        with pytest.raises(Conflict):
            act(access=access, public_id=notice.public_id, version=notice.version, at=DURING)
    with pytest.raises(Conflict):
        notice_change(
            access=access,
            public_id=notice.public_id,
            version=notice.version,
            text=NoticeText([row()]),
            at=DURING,
        )
    task = task_of(notice)
    forbidden: list[tuple[QuerySet[Any], dict[str, Any]]] = [
        (ConclusionNotice.objects.all(), {"opening": "Khác"}),
        (ConclusionNotice.objects.filter(pk=notice.pk), {"number": 9}),
        (ConclusionTask.objects.all(), {"what": "Khác"}),
        (ConclusionTask.objects.all(), {"unit": notice.unit}),
        (ConclusionTask.objects.filter(pk=task.pk), {"is_internal": True}),
    ]
    for rows, values in forbidden:
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.update(**values)
    assert ConclusionTask.objects.filter(pk=task.pk).update(escalation_level=1) == 1


def test_a_draft_is_thrown_away_with_its_rows() -> None:
    draft = drafted()
    notice_discard(access=access_make("clerk"), public_id=draft.public_id, version=1, at=DURING)
    assert not ConclusionNotice.objects.exists()
    assert not ConclusionTask.objects.exists()


def test_a_mistake_is_put_right_by_a_new_notice() -> None:
    old = issued(row(), row(what="Việc thứ hai"))
    new = issued(row(due_on=UNTIL + dt.timedelta(days=7)), session=old.session,
                 replaces=old.public_id)  # fmt: skip
    assert new.facts["replaces"] == old.shown_number
    ended = ConclusionTask.objects.filter(notice=old)
    assert {t.state for t in ended} == {"cancelled"}
    assert all(new.shown_number in t.cancel_reason for t in ended)
    assert not any(link.clock.closed_on is None for t in ended for link in t.clocks.all())
    with pytest.raises(Conflict):
        drafted(session=old.session, replaces=old.public_id)


def test_a_recorded_conclusion_is_a_notice_with_one_row() -> None:
    visit = visit_of("conclusion", **conclusion())
    notice = ConclusionNotice.objects.get(visit=visit)
    task = task_of(notice)
    assert (notice.number, task.what, task.due_on) == (1, visit.conclusion, UNTIL)
    assert task.person == "Trần Văn Mẫu, địa chính"


def test_a_clerks_record_leaves_a_draft_for_the_leader() -> None:
    visit = visit_of("conclusion", who="clerk", **conclusion())
    notice = ConclusionNotice.objects.get(visit=visit)
    assert not notice.is_issued
    waiting = OutboxMessage.objects.get(template="conclusion_waiting", channel="app")
    assert waiting.recipient_id == person_make("secretary").pk
    assert not OutboxMessage.objects.filter(template="reception_task").exists()


def test_a_corrected_record_replaces_its_notice_and_an_equal_one_does_not() -> None:
    visit = visit_of("conclusion", **conclusion())
    record(visit, "conclusion", **conclusion())
    assert ConclusionNotice.objects.count() == 1
    record(visit, "conclusion", **conclusion(conclusion="Đối thoại với các hộ."))
    old, new = ConclusionNotice.objects.order_by("id")
    assert (new.replaces, new.number) == (old, 2)
    assert (task_of(old).state, task_of(new).state) == ("cancelled", "assigned")


def test_a_record_without_a_conclusion_ends_the_tasks() -> None:
    visit = visit_of("conclusion", **conclusion())
    record(visit, "answered")
    task = ConclusionTask.objects.get()
    assert task.state == "cancelled"
    assert SessionEvent.objects.filter(action="receptions.conclusion.withdrawn").count() == 1


def test_the_conclusion_is_the_written_notice() -> None:
    visit = visit_of("conclusion", **conclusion())
    clock = visit.clocks.get().clock
    assert (clock.rule_code, clock.state) == ("DANG-NOTICE", ClockState.MET)


def test_a_notice_of_the_whole_session_is_nobodys_written_notice() -> None:
    """Whom it answers cannot be told; the visit's own notice does."""
    visit = visit_of("conclusion", who="clerk", **conclusion())
    assert visit.clocks.get().clock.state == ClockState.RUNNING
    issued(session=visit.registration.session)
    assert visit.clocks.get().clock.state == ClockState.RUNNING
    own = ConclusionNotice.objects.get(visit=visit)
    notice_issue(
        access=access_make("secretary"), public_id=own.public_id, version=own.version, at=DURING
    )
    assert visit.clocks.get().clock.state == ClockState.MET


@pytest.mark.parametrize("outcome", ["conclusion", "answered"])
def test_a_draft_written_by_hand_outlives_a_correction(outcome: str) -> None:
    visit = visit_of("conclusion", who="clerk", **conclusion())
    draft = ConclusionNotice.objects.get(visit=visit)
    rows = [row(what=what) for what in ("Một", "Hai", "Ba")]
    notice_change(
        access=access_make("clerk"), public_id=draft.public_id, version=1,
        text=NoticeText(rows), at=DURING,
    )  # fmt: skip
    more = conclusion(conclusion="Đối thoại với các hộ.") if outcome == "conclusion" else {}
    record(visit, outcome, **more)
    draft.refresh_from_db()
    assert (draft.state, draft.tasks.count(), draft.version) == ("draft", 3, 2)
    told = OutboxMessage.objects.get(template="conclusion_draft_left", channel="app")
    assert told.recipient_id == draft.drafted_by_id
    assert SessionEvent.objects.filter(action="receptions.conclusion.left").count() == 1


def test_a_draft_of_the_record_follows_every_correction() -> None:
    visit = visit_of("conclusion", who="clerk", **conclusion())
    for what in ("Đối thoại với các hộ.", "Kiểm tra lại."):
        record(visit, "conclusion", "clerk", **conclusion(conclusion=what))
        assert ConclusionTask.objects.get().what == what
    assert not OutboxMessage.objects.filter(template="conclusion_draft_left").exists()


def test_what_waits_is_told_to_who_holds_the_post_now() -> None:
    session = session_public()
    old = Membership.objects.get(user=session.leader, role=Role.SECRETARY)
    Membership.objects.filter(pk=old.pk).update(valid_to=DAY - dt.timedelta(days=1))
    visit_of("conclusion", who="clerk", session=session, **conclusion())
    waiting = OutboxMessage.objects.get(template="conclusion_waiting", channel="app")
    # Vacant: the desk.
    assert (waiting.recipient_id, waiting.position) == (None, "clerk")
    new = person_make("chair")
    Membership.objects.create(user=new, unit=old.unit, role=Role.SECRETARY, valid_from=DAY)
    assert follower_of(session, DAY) == {"recipient_id": new.pk}
    assert follower_of(session, DAY - dt.timedelta(days=1)) == {"recipient_id": session.leader_id}


def test_a_session_that_was_called_off_has_no_conclusion() -> None:
    session = session_public()
    type(session).objects.update(status="cancelled", cancel_reason="Bão")
    with pytest.raises(DomainError):
        drafted(session=session)


def test_old_conclusions_become_notices_once() -> None:
    visit = visit_of("conclusion", who="clerk", **conclusion())
    ConclusionTask.objects.all().delete()
    ConclusionNotice.objects.all().delete()
    report = LoadReport()
    conclusions_adopt(report)
    conclusions_adopt(report)
    notice = ConclusionNotice.objects.get(visit=visit)
    assert (notice.number, notice.drafted_by_id) == (1, visit.recorded_by_id)
    clock = clock_of(task_of(notice))
    assert (clock.started_on, clock.due_on) == (DAY, UNTIL)
    assert OutboxMessage.objects.filter(state="pending", template="reception_task").count() == 0


def test_an_old_conclusion_is_signed_at_the_moment_of_signing(
    settings: Any, tmp_path: Path, time_machine: Any
) -> None:
    """Its notice bears the day of its record, before the certificate began; the signature does not."""
    visit = visit_of("conclusion", who="clerk", **conclusion())
    ConclusionTask.objects.all().delete()
    ConclusionNotice.objects.all().delete()
    begun = DURING + dt.timedelta(days=30)
    signing_on(settings, tmp_path, pair(since=begun))
    time_machine.move_to(begun + dt.timedelta(days=1), tick=False)
    conclusions_adopt(LoadReport())
    notice = ConclusionNotice.objects.get(visit=visit)
    file = file_of(subject_of(SubjectKind.CONCLUSION, notice.public_id))
    assert file is not None
    assert (notice.issued_at, file.issued_at) == (visit.recorded_at, visit.recorded_at)
    assert signed_at(attachment_read(file.file)) == now()


def test_an_old_conclusion_under_seal_is_adopted_under_seal() -> None:
    visit_of("conclusion", who="clerk", entry={"kind": "denunciation"}, **conclusion())
    ConclusionTask.objects.all().delete()
    ConclusionNotice.objects.all().delete()
    conclusions_adopt(LoadReport())
    assert ConclusionNotice.objects.get().is_sealed


def test_old_conclusions_of_the_past_are_late_and_told_to_nobody(time_machine: Any) -> None:
    visit_of("conclusion", who="clerk", **conclusion())
    ConclusionTask.objects.all().delete()
    ConclusionNotice.objects.all().delete()
    time_machine.move_to(local_moment(UNTIL + dt.timedelta(days=30)), tick=False)
    conclusions_adopt(LoadReport())
    clock = clock_of(ConclusionTask.objects.get())
    assert (clock.next_action_at, clock.step_moments) == (None, [])


def test_what_must_hold_holds_and_is_seen_when_it_does_not() -> None:
    assert invariants.SHOWN  # registered by being imported
    notice = issued(row(), row(what="Hai"))
    signed(visit_of("taken_in", session=notice.session))
    assert not [name for name in invariants_broken() if name.startswith("receptions.")]
    ConclusionTask.objects.filter(pk=task_of(notice).pk).update(due_on=UNTIL + dt.timedelta(days=1))
    RegisterCounter.objects.filter(book="conclusion_party").update(last=5)
    seen = set(invariants_broken())
    assert {
        "receptions.open_task_has_one_running_clock",
        "receptions.conclusion_numbers_are_gapless",
    } <= seen
