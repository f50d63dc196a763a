"""Tasks and written notices on the ladder: who hears, once, whatever breaks on the way."""

import datetime as dt
from typing import Any

import pytest
from django.db import transaction

from accounts.models import Membership
from common.errors import NotVisible
from common.history_check import table_check
from common.time import local_moment
from deadlines.models import Clock
from escalation import steps
from escalation.ladders import ladder_of
from escalation.models import Escalation, EscalationState
from escalation.selectors import open_for
from escalation.services import Answer, escalation_acknowledge
from escalation.sweep import sweep_run
from escalation.words import STEPS
from notifications.models import OutboxMessage
from receptions.escalations import ReceptionOwner
from receptions.models import ConclusionTask, SessionEvent, VisitClock
from receptions.selectors_conclusions import task_get_for
from tests.people import OTHER_WARD, WARD, access_make, person_make
from tests.receptions.cast import session_public
from tests.receptions.concluding import UNTIL, clock_of, issued, row, step, task_of, visit_of

pytestmark = pytest.mark.django_db
BREACH = local_moment(UNTIL + dt.timedelta(days=1))
LONG_AFTER = BREACH + dt.timedelta(days=40)


@pytest.fixture(autouse=True)
def _people(db: None) -> None:
    for name in ("clerk", "chair", "secretary", "other_clerk", "other_chair",
                 "board_head", "city_chair"):  # fmt: skip
        person_make(name)


def told(task: ConclusionTask) -> list[tuple[str, str, str]]:
    rows = Escalation.objects.filter(clock__conclusion_clock__task=task).order_by("step")
    return [(r.step_code, r.unit.code if r.unit else "", r.position) for r in rows]


def test_a_task_climbs_from_the_unit_over_its_party_line_to_whoever_concluded() -> None:
    other_secretary = person_make("secretary")
    unit = task_of(issued()).unit
    task = ConclusionTask.objects.get()
    Membership.objects.create(
        user=other_secretary, unit=unit, role="secretary", valid_from=dt.date(2025, 7, 1)
    )
    sweep_run(at=LONG_AFTER)
    assert told(task) == [
        ("due_in_3", OTHER_WARD, "clerk"),
        ("due_in_1", OTHER_WARD, "head"),
        ("breach", OTHER_WARD, "head"),
        ("unit_secretary", OTHER_WARD, "secretary"),
        ("concluder", WARD, "secretary"),
        ("board_urges", "BTCD", "board_head"),
        ("city_chair", "UBND", "city_chair"),
    ]
    task.refresh_from_db()
    assert task.escalation_level == 5
    events = SessionEvent.objects.filter(action="receptions.task.escalated")
    assert [event.data["level"] for event in events.order_by("sequence")] == [1, 2, 3, 4, 5]
    assert next(table_check(SessionEvent), None) is None


def test_a_vacant_post_or_a_unit_without_people_leads_up_not_into_nothing() -> None:
    task = task_of(issued())
    Membership.objects.filter(unit=task.unit).delete()
    sweep_run(at=BREACH)
    rows = Escalation.objects.filter(clock__conclusion_clock__task=task).select_related("unit")
    assert {(r.unit.code if r.unit else "", r.nobody_found) for r in rows} == {(WARD, True)}
    assert set(rows.values_list("position", flat=True)) == {"secretary"}


def test_the_leaders_own_unit_is_not_told_twice() -> None:
    task = task_of(issued(row(code=WARD)))
    sweep_run(at=LONG_AFTER)
    codes = [code for code, _unit, _position in told(task)]
    assert "concluder" not in codes
    assert ("unit_secretary", WARD, "secretary") in told(task)


def test_two_sweeps_and_a_killed_one_tell_once(monkeypatch: pytest.MonkeyPatch) -> None:
    task = task_of(issued())

    def killed(self: Any, batch: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(ReceptionOwner, "on_steps", killed)
        with transaction.atomic():
            sweep_run(at=BREACH)
    assert told(task) == []
    assert not OutboxMessage.objects.filter(template="escalation").exists()
    sweep_run(at=BREACH)
    first = told(task), OutboxMessage.objects.count(), SessionEvent.objects.count()
    sweep_run(at=BREACH)
    sweep_run(at=BREACH - dt.timedelta(hours=3))
    assert (told(task), OutboxMessage.objects.count(), SessionEvent.objects.count()) == first
    assert [name for name, _unit, _position in told(task)] == ["due_in_3", "due_in_1", "breach"]


def test_one_query_more_or_less_for_many_tasks(django_assert_max_num_queries: Any) -> None:
    session = session_public()
    issued(*[row(what=f"Việc {n}") for n in range(8)], session=session)
    positions = steps.Positions.read(UNTIL)
    clocks = list(Clock.objects.filter(conclusion_clock__isnull=False))
    with django_assert_max_num_queries(17), transaction.atomic():
        outcome = steps.batch_perform(clocks, BREACH, positions)
    assert outcome.escalations == 8


def test_a_report_stops_the_ladder_and_acceptance_settles_it() -> None:
    task = task_of(issued())
    sweep_run(at=BREACH)
    late = BREACH + dt.timedelta(hours=9)
    step(task, "report", "other_clerk", at=late, text="Đã làm xong, xin lỗi vì chậm.")
    sweep_run(at=LONG_AFTER)
    assert told(task)[-1][0] == "breach"
    assert Escalation.objects.filter(state=EscalationState.OPEN, kind="escalation").count() == 1
    step(task, "accept", "secretary", at=LONG_AFTER)
    assert not Escalation.objects.filter(state=EscalationState.OPEN).exists()
    task.refresh_from_db()
    assert (task.state, task.escalation_level) == ("done", 0)


def test_a_returned_report_lets_the_ladder_go_on() -> None:
    task = task_of(issued())
    step(task, "report", "other_clerk", at=local_moment(UNTIL, 9), text="Đã xong.")
    sweep_run(at=LONG_AFTER)
    step(task, "return", "secretary", at=LONG_AFTER, text="Chưa xong.")
    sweep_run(at=LONG_AFTER)
    assert told(task)[-1][0] == "city_chair"


def test_whoever_was_told_sees_the_task_and_answers() -> None:
    task = task_of(issued())
    board = access_make("board_head")
    with pytest.raises(NotVisible):
        task_get_for(board, task.public_id)
    sweep_run(at=LONG_AFTER)
    assert task_get_for(board, task.public_id) == task
    waiting = open_for(access_make("other_chair"))
    assert waiting[0].code == "01-TB/ĐU (1)"
    assert waiting[0].href == f"/can-bo/tiep-dan/viec-duoc-giao/{task.public_id}/"
    escalation_acknowledge(
        access=access_make("other_chair"),
        public_id=waiting[0].escalation.public_id,
        answer=Answer("Đã giao cán bộ địa chính, xong trước thứ Sáu."),
        at=LONG_AFTER,
    )
    assert SessionEvent.objects.filter(action="receptions.task.answered").count() == 1


def test_mails_say_that_it_is_a_task() -> None:
    issued()
    sweep_run(at=BREACH)
    message = OutboxMessage.objects.filter(template="escalation", channel="email").first()
    assert message is not None
    assert message.params["of"] == "task"


def test_the_written_notice_of_a_secretarys_reception_is_his() -> None:
    visit = visit_of("taken_in")
    clock = VisitClock.objects.get(visit=visit).clock
    assert clock.rule_code == "DANG-NOTICE"
    sweep_run(at=local_moment(clock.due_on + dt.timedelta(days=1)))
    rows = Escalation.objects.filter(clock=clock).order_by("step")
    assert [(r.step_code, r.position) for r in rows] == [
        ("due_in_3", "clerk"),
        ("due_in_1", "secretary"),
        ("breach", "secretary"),
    ]
    event = SessionEvent.objects.get(action="receptions.visit.escalated")
    assert event.data["number"] == 1


def test_a_session_in_use_is_busy_and_comes_with_the_next_run() -> None:
    clock = clock_of(task_of(issued()))
    claim = ReceptionOwner().claim([clock.pk, 10_000_000])
    assert set(claim.subjects) == {clock.pk}
    assert claim.busy == frozenset()


def denunciation_of(tale: Any) -> dict[str, Any]:
    return {"petition": (tale.filed.code, tale.filed.secret)}


def test_nothing_on_the_ladder_tells_that_a_visit_was_about_a_denunciation(story: Any) -> None:
    """Of the very unit that received: its people see the steps of both visits alike."""
    tale = story(kind="denunciation", respondent={"name": "Ông X", "unit": WARD})
    session = session_public()
    secret = visit_of("taken_in", session=session, registration=denunciation_of(tale))
    plain = visit_of("taken_in", session=session, registration={"number": 2})
    assert tale.case.barred_units == [session.unit_id]
    clocks = [VisitClock.objects.get(visit=visit).clock for visit in (secret, plain)]
    sweep_run(at=local_moment(clocks[0].due_on + dt.timedelta(days=30)))
    taken = [
        [
            (r.step_code, r.unit_id, r.position, r.nobody_found)
            for r in Escalation.objects.filter(clock=clock).order_by("step")
        ]
        for clock in clocks
    ]
    assert taken[0] == taken[1]
    assert len(open_for(access_make("secretary"))) == 2
    params = OutboxMessage.objects.filter(template="escalation").values_list("params", flat=True)
    assert {bool(p["limit"]) for p in params if p["of"] == "visit"} == {True}


def test_a_task_about_a_denunciation_never_reaches_the_denounced_body(story: Any) -> None:
    tale = story(kind="denunciation", respondent={"name": "Ông X", "unit": "BTCD"})
    visit = visit_of("taken_in", registration=denunciation_of(tale))
    notice = issued(session=visit.registration.session, code=visit.registration.code)
    sweep_run(at=LONG_AFTER)
    assert "BTCD" not in {unit for _step, unit, _position in told(task_of(notice))}
    assert open_for(access_make("other_chair"))
    assert open_for(access_make("city_chair"))


def test_the_ladders_of_receptions_have_words() -> None:
    clock = clock_of(task_of(issued()))
    assert {s.code for s in ladder_of(clock)} <= set(STEPS)


def test_no_mail_carries_the_code_of_a_registration() -> None:
    """It is half of the visitor's key."""
    visit = visit_of("taken_in")
    sweep_run(at=LONG_AFTER)
    rows = OutboxMessage.objects.filter(template__in=("reminder", "escalation"))
    assert {message.params["code"] for message in rows} == {"10/12/2026 (1)"}
    assert not any(visit.registration.code in str(message.params) for message in rows)
