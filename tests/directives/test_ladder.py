"""What is late climbs: whoever was asked, the body in charge, the City's secretary; once each."""

import datetime as dt
from typing import Any

import pytest
from django.db import transaction

from accounts.models import Membership
from common.errors import NotPermitted, Stale
from common.history_check import table_check
from common.time import local_moment
from communes.models import Unit
from deadlines.models import Clock
from deadlines.recalculation import Move
from directives import invariants
from directives.escalations import DirectiveDates, DirectiveOwner
from directives.models import Assignment, AssignmentEvent
from directives.selectors_late import standings
from directives.services import owner_appoint, report_review
from escalation import steps
from escalation.enums import AnswerStep, Place, StepKind
from escalation.ladder import SHIPPED
from escalation.models import Escalation, EscalationState
from escalation.recipients import Holder, Positions
from escalation.selectors import open_for
from escalation.services import Answer, escalation_acknowledge
from escalation.sweep import sweep_run
from notifications.models import OutboxMessage
from notifications.rendering import render
from tests.directives.giving import DUE, give, monthly, report, task_make
from tests.people import OTHER_WARD, WARD, access_make, person_make

pytestmark = pytest.mark.django_db
BREACH = local_moment(DUE + dt.timedelta(days=1))
LONG_AFTER = BREACH + dt.timedelta(days=30)
CITY = ("propaganda", "party_office", "city_secretary", "city_front", "board_head", "inspector")


@pytest.fixture(autouse=True)
def _people(db: None) -> None:
    for name in ("clerk", "handler", "chair", "secretary", "front", "other_clerk", *CITY):
        person_make(name)


def climbed(row: Assignment) -> list[tuple[str, str, str]]:
    rows = Escalation.objects.filter(clock__assignment_clock__assignment=row).order_by("step")
    return [(r.step_code, r.unit.code if r.unit else "", r.position) for r in rows]


def mailed(row: Assignment, step: str) -> set[tuple[str, str]]:
    """Who got the notice of a step: unit and position, or the person."""
    clock = Clock.objects.get(assignment_clock__assignment=row)
    found = OutboxMessage.objects.filter(event=f"clock:{clock.public_id}:{step}", channel="app")
    return {
        (m.unit.code, m.position) if m.unit else ("person", m.recipient.username) for m in found
    }


@pytest.mark.parametrize(
    ("addressee", "position"),
    [("authority", "head"), ("party_committee", "secretary"), ("front", "front")],
)
def test_a_late_task_climbs_by_whom_it_was_given_to(addressee: str, position: str) -> None:
    row = give(task_make(), addressee=addressee)
    sweep_run(at=LONG_AFTER)
    assert climbed(row) == [
        ("due_in_3", WARD, "clerk"),
        ("breach", WARD, position),
        ("lead_body", "BTGDV", "propaganda"),
        ("city_secretary", "TU", "city_secretary"),
    ]
    assert mailed(row, "breach") == {(WARD, position), (WARD, "clerk")}
    assert mailed(row, "lead_body") == {
        ("BTGDV", "propaganda"), (WARD, position), ("VPTU", "party_office"),
    }  # fmt: skip
    assert mailed(row, "city_secretary") == {
        ("TU", "city_secretary"), ("BTGDV", "propaganda"), ("VPTU", "party_office"),
    }  # fmt: skip
    row.refresh_from_db()
    assert (row.escalation_level, row.version) == (3, 1)
    events = AssignmentEvent.objects.filter(assignment=row).order_by("sequence")
    assert [event.action.rpartition(".")[2] for event in events] == [
        "created", "reminded", "escalated", "escalated", "escalated",
    ]  # fmt: skip
    assert events.last().data["position"] == "city_secretary"  # type: ignore[union-attr]
    assert list(table_check(AssignmentEvent)) == []
    assert list(invariants.version_is_number_of_events()) == []


def test_who_holds_tasks_and_periods_is_told_of_both_at_once() -> None:
    task, row = give(task_make()), give(monthly())
    period = row.periods.get()
    sweep_run(at=LONG_AFTER)
    found = standings([task], [period])
    risen = [found[key].escalation for key in (("task", task.pk), ("period", period.pk))]
    assert [one.unit.code if one and one.unit else "" for one in risen] == ["TU", "TU"]
    assert found == standings([task], []) | standings([], [period])


def test_steps_come_on_working_mornings_after_the_last_day() -> None:
    row = give(task_make())
    sweep_run(at=BREACH - dt.timedelta(seconds=1))
    assert [code for code, _unit, _position in climbed(row)] == ["due_in_3"]
    sweep_run(at=BREACH)
    assert [code for code, _unit, _position in climbed(row)][-1] == "breach"
    third = local_moment(dt.date(2026, 12, 16), 8)
    sweep_run(at=third - dt.timedelta(seconds=1))
    assert len(climbed(row)) == 2
    sweep_run(at=third)
    assert climbed(row)[-1][0] == "lead_body"


def test_the_owner_is_reminded_and_the_head_still_hears_of_the_breach() -> None:
    row = give(task_make())
    owner_appoint(access=access_make("clerk"), public_id=row.public_id, version=1, owner="handler")
    sweep_run(at=BREACH)
    assert mailed(row, "due_in_3") == {("person", "handler")}
    assert mailed(row, "breach") == {(WARD, "secretary"), ("person", "handler")}


def test_nobody_outside_the_line_of_directives_hears() -> None:
    """Neither the reception board nor the inspectorate, even where every post is vacant."""
    row = give(task_make(), OTHER_WARD)
    Membership.objects.filter(role__in=("secretary", "head", "clerk")).delete()
    Membership.objects.filter(role__in=("propaganda", "city_secretary")).delete()
    sweep_run(at=LONG_AFTER)
    assert {unit for _step, unit, _position in climbed(row)} == {"TU"}
    rows = Escalation.objects.filter(clock__assignment_clock__assignment=row)
    assert set(rows.values_list("nobody_found", flat=True)) == {True}


def test_a_vacant_front_leads_to_the_body_in_charge_not_to_the_authority() -> None:
    row = give(task_make(lead_unit=Unit.objects.get(code="MTTQ")), addressee="front")
    Membership.objects.filter(role="front").delete()
    sweep_run(at=BREACH)
    assert climbed(row)[-1] == ("breach", "MTTQ", "city_front")


def test_a_body_in_charge_that_is_late_itself_is_not_told_twice() -> None:
    row = give(task_make(), "BTGDV")
    sweep_run(at=LONG_AFTER)
    assert "lead_body" not in [code for code, _unit, _position in climbed(row)]
    assert climbed(row)[-1] == ("city_secretary", "TU", "city_secretary")


def test_two_sweeps_and_a_killed_one_tell_once(monkeypatch: pytest.MonkeyPatch) -> None:
    row = give(task_make())

    def killed(self: Any, batch: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(DirectiveOwner, "on_steps", killed)
        with transaction.atomic():
            sweep_run(at=BREACH)
    assert climbed(row) == []
    sweep_run(at=BREACH)
    first = climbed(row), OutboxMessage.objects.count(), AssignmentEvent.objects.count()
    sweep_run(at=BREACH)
    assert (climbed(row), OutboxMessage.objects.count(), AssignmentEvent.objects.count()) == first


def test_a_late_report_of_a_period_climbs_too() -> None:
    row = give(monthly())
    (period,) = row.periods.all()
    sweep_run(at=local_moment(period.due_on + dt.timedelta(days=1)))
    found = Escalation.objects.get(clock__period_clock__period=period, kind="escalation")
    assert (found.step_code, found.position) == ("breach", "secretary")
    event = AssignmentEvent.objects.filter(assignment=row).latest("sequence")
    assert event.action == "directives.period.escalated"
    assert event.data["period"] == "2026-11-01"
    report(row, state="in_progress", period=period.public_id, at=local_moment(dt.date(2026, 12, 9)))
    found.refresh_from_db()
    assert found.state == EscalationState.SETTLED
    row.refresh_from_db()
    assert row.escalation_level == 0


def test_a_report_settles_what_is_open_and_a_return_begins_anew() -> None:
    row = give(task_make())
    sweep_run(at=BREACH)
    report(row, at=BREACH + dt.timedelta(hours=9))
    row.refresh_from_db()
    assert row.escalation_level == 0
    assert {r.state for r in Escalation.objects.all()} == {EscalationState.SETTLED}
    sweep_run(at=LONG_AFTER)
    assert len(climbed(row)) == 2
    until = dt.date(2026, 12, 24)
    report_review(
        access=access_make("propaganda"), public_id=row.public_id, version=2, is_accepted=False,
        text="Chưa đủ.", until=until, at=BREACH + dt.timedelta(days=2),
    )  # fmt: skip
    sweep_run(at=local_moment(until + dt.timedelta(days=1)))
    assert [code for code, _unit, _position in climbed(row)].count("breach") == 2


@pytest.mark.parametrize(
    ("who", "days"), [("secretary", 0), ("propaganda", 5), ("city_secretary", 14)]
)
def test_whoever_it_climbed_to_sees_and_answers_it(who: str, days: int, time_machine: Any) -> None:
    row = give(task_make())
    moment = BREACH + dt.timedelta(days=days, hours=9)
    time_machine.move_to(moment, tick=False)
    sweep_run(at=moment)
    access = access_make(who)
    (item,) = open_for(access)
    assert item.href == f"/can-bo/chi-dao/viec/{row.public_id}/"
    assert item.code == f"1699-CV/TU (1.{row.task.position})"
    with pytest.raises(NotPermitted):
        take = Answer("Làm thay.", AnswerStep.TAKE_OVER)
        escalation_acknowledge(access=access, public_id=item.escalation.public_id, answer=take)
    with pytest.raises(Stale):
        escalation_acknowledge(
            access=access, public_id=item.escalation.public_id, answer=Answer("x"), version=7
        )
    escalation_acknowledge(
        access=access, public_id=item.escalation.public_id, answer=Answer("Đã đôn đốc."), version=1
    )
    event = AssignmentEvent.objects.filter(assignment=row).latest("sequence")
    assert event.action == "directives.assignment.answered"
    assert (event.data["position"], event.actor_id) == (who, access.user_id)
    assert open_for(access) == []


def test_the_front_answers_for_its_own_task(time_machine: Any) -> None:
    give(task_make(), addressee="front")
    time_machine.move_to(BREACH + dt.timedelta(hours=9), tick=False)
    sweep_run(at=BREACH)
    (item,) = open_for(access_make("front"))
    assert item.may_answer


def test_what_somebody_works_on_is_busy_for_the_sweep_not_lost() -> None:
    row = give(task_make())
    clock = Clock.objects.get(assignment_clock__assignment=row)
    claim = DirectiveOwner().claim([clock.pk])
    assert claim.subjects[clock.pk].pk == row.pk
    assert claim.busy == frozenset()
    assert DirectiveOwner().claim([0]).subjects == {}
    assert DirectiveOwner().hold(0, None) is False


def test_one_query_more_or_less_for_many_tasks(django_assert_max_num_queries: Any) -> None:
    for _n in range(8):
        give(task_make())
    positions = Positions.read(DUE)
    clocks = list(Clock.objects.filter(assignment_clock__isnull=False))
    with django_assert_max_num_queries(17), transaction.atomic():
        outcome = steps.batch_perform(clocks, BREACH, positions)
    assert outcome.escalations == 8


def test_a_date_that_moved_is_told_in_the_history() -> None:
    row = give(task_make())
    clock = Clock.objects.get(assignment_clock__assignment=row)
    dates = DirectiveDates()
    dates.lock([clock.pk])
    move = Move(
        clock_id=clock.pk, public_id=str(clock.public_id), rule_code="CD-NV", before=DUE, after=DUE + dt.timedelta(days=1),
        kept=False,
    )  # fmt: skip
    dates.moved([move], "lịch nghỉ đổi", BREACH)
    event = AssignmentEvent.objects.filter(assignment=row).latest("sequence")
    assert event.action == "directives.assignment.due_date_moved"
    assert (event.data["from_on"], event.data["to_on"]) == ("2026-12-11", "2026-12-12")


@pytest.mark.parametrize("of", ["assignment", "period"])
@pytest.mark.parametrize("step", ["breach", "lead_body", "city_secretary"])
def test_the_words_of_a_step(of: str, step: str) -> None:
    params = {
        "code": "1699-CV/TU (1.2)", "unit": "Phường Ba Đình", "due_on": "2026-12-11", "of": of,
        "step": step, "level": 2, "href": "/can-bo/chi-dao/viec/x/", "limit": "", "basis": "",
    }  # fmt: skip
    subject, body = render("escalation", params)
    assert subject == "Nhiệm vụ theo văn bản chỉ đạo đã quá hạn"
    assert "1699-CV/TU (1.2)" in body
    assert "Thanh tra" not in body
    assert ("gửi đến hết ngày" in body) == (of == "period")
    subject, body = render("reminder", params | {"step": "due_in_3"})
    assert subject == "Nhiệm vụ theo văn bản chỉ đạo sắp đến hạn"
    assert "11/12/2026" in body


def test_the_ladders_of_directives_have_their_own_rungs() -> None:
    """An empty place below leads only to rungs that the ladder has."""
    everybody = Positions.read(DUE)
    ward, lead = everybody.by_code[WARD], everybody.by_code["VPTU"]
    for name in ("directive", "directive_party", "directive_front"):
        rungs = frozenset(step.to for step in SHIPPED[name])
        assert Place.BOARD not in rungs
        holder = Holder(ward.pk, "clerk", forwarder_id=lead.pk, climbs=rungs)
        assert everybody.find(Place.LEAD, holder).key == (lead.pk, "party_office")
        assert SHIPPED[name][0].kind is StepKind.REMINDER
