"""Two wards become one: nothing is lost, nothing doubled, nothing stands still."""

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, OperationalError

from accounts.access import access_of
from accounts.models import AccountEvent, Membership
from accounts.roles import Permission
from common.errors import Conflict, DomainError
from common.invariants import invariants_broken
from communes.models import Unit, UnitSuccession
from communes.selectors import unit_by_code
from continuity.services import carrying, reforms
from continuity.services.preview import preview
from deadlines.models import OPEN_STATES, Clock
from directives.models import Assignment, AssignmentEvent
from mobilisation.policies import may_begin
from mobilisation.policies_models import may_found
from mobilisation.selectors import units_kept
from notifications.models import OutboxMessage
from petitions.models import Case, CaseEvent
from petitions.services.intake import petition_file
from receptions.models import Registration
from tests.continuity.reforming import (
    AT,
    MONDAY,
    NEW,
    NEW_NAME,
    approve,
    choose,
    draft,
    merged,
    submit,
)
from tests.directives.giving import give, monthly, report, task_make
from tests.people import OTHER_WARD, WARD, Story, access_make, filing_make, person_make
from tests.receptions.cast import register, session_public

pytestmark = pytest.mark.django_db
BEFORE = AT - dt.timedelta(days=3)


@pytest.fixture(autouse=True)
def _on_the_day(time_machine: Any) -> None:
    time_machine.move_to(AT, tick=False)
    for name in ("clerk", "chair", "handler", "secretary", "other_clerk", "other_chair"):
        person_make(name)


def file(**changes: Any) -> Story:
    return Story(petition_file(filing=filing_make(**changes), at=BEFORE))


def denounce(addressed: str, accused: str) -> Story:
    respondent = {"name": "Chủ tịch phường", "unit": accused, "position": "chair"}
    return file(kind="denunciation", unit=addressed, respondent=respondent)


def new() -> Unit:
    return Unit.objects.get(code=NEW)


def test_the_old_units_end_and_the_new_one_begins() -> None:
    merged()
    old, unit = Unit.objects.get(code=WARD), new()
    assert old.valid_to == MONDAY - dt.timedelta(days=1)
    assert unit.valid_from == MONDAY
    assert unit.full_name == NEW_NAME
    assert unit.kind == "ward"
    assert old.full_name in unit.formed_from
    assert sorted(unit.keeps) == sorted(
        Unit.objects.filter(code__in=[WARD, OTHER_WARD]).values_list("pk", flat=True)
    )
    assert UnitSuccession.objects.filter(successor=unit, keeps_files=True).count() == 2
    near = unit_by_code(unit.neighbours[0])
    assert near is not None
    assert NEW in near.neighbours
    assert WARD not in near.neighbours


def test_open_cases_clocks_and_history_move() -> None:
    story = file().accepted(BEFORE)
    before = story.case
    running = Clock.objects.filter(case_clock__case=before, state__in=OPEN_STATES)
    dates = {(clock.pk, clock.due_on) for clock in running}
    reform = merged()
    case = story.case
    assert case.unit == new()
    assert case.status == before.status
    assert case.assignee == before.assignee
    assert case.version == before.version + 1
    assert {(c.pk, c.due_on) for c in running.filter(holder_unit=new())} == dates
    event = CaseEvent.objects.filter(case=case).latest("sequence")
    assert event.data == {
        "version": case.version, "from": WARD, "to": NEW, "basis": reform.number,
    }  # fmt: skip
    assert reform.counts["cases"] == 1
    assert not invariants_broken()
    assert story.do("handler", "start_verification", AT).status == "verifying"


def test_the_petitioner_is_told_without_personal_data() -> None:
    story = file()
    merged()
    row = OutboxMessage.objects.get(template="petition_moved")
    assert row.params == {"code": story.filed.code, "unit": NEW_NAME}
    assert row.address_box is not None


def test_two_chairs_must_be_decided_first() -> None:
    reform = draft()
    with pytest.raises(DomainError) as refused:
        submit(reform)
    assert refused.value.code == "blocked"
    assert submit(choose(reform, other_chair="")).state == "submitted"


def test_people_keep_their_posts_in_the_new_unit() -> None:
    merged()
    rows = Membership.objects.filter(unit=new()).values_list("user__username", "role")
    assert sorted(rows) == [
        ("chair", "head"), ("clerk", "clerk"), ("handler", "handler"), ("other_chair", "handler"),
        ("other_clerk", "clerk"), ("secretary", "secretary"),
    ]  # fmt: skip
    old = Membership.objects.filter(unit__code__in=[WARD, OTHER_WARD])
    assert {row.valid_to for row in old} == {MONDAY - dt.timedelta(days=1)}
    assert AccountEvent.objects.filter(action="accounts.membership.added").count() == 6


def test_somebody_in_both_units_holds_the_post_once() -> None:
    clerk = person_make("clerk")
    unit = Unit.objects.get(code=OTHER_WARD)
    Membership.objects.create(user=clerk, unit=unit, role="clerk", valid_from=dt.date(2026, 1, 1))
    merged()
    assert Membership.objects.filter(user=clerk, unit=new(), role="clerk").count() == 1


def test_a_denunciation_of_a_merged_unit_stays_hidden_from_the_new_one() -> None:
    story = denounce(WARD, WARD)  # goes to the reception board
    assert story.case.unit.code == "BTCD"
    merged()
    case = story.case
    assert new().pk in case.barred_units
    for name in ("clerk", "chair", "other_chair"):
        access = access_of(person_make(name))
        assert not Case.objects.visible_to(access).filter(pk=case.pk).exists(), name
    assert Case.objects.visible_to(access_make("board_head")).filter(pk=case.pk).exists()


def test_a_denunciation_held_beside_the_accused_finds_a_neutral_body() -> None:
    """The ward handles it; the accused sits in the ward that it is merged with."""
    story = denounce(WARD, OTHER_WARD)
    assert story.case.unit.code == WARD
    reform = merged()
    case = story.case
    assert case.unit.code == "BTCD"
    assert {WARD, OTHER_WARD, NEW} == set(
        Unit.objects.filter(
            pk__in=[*case.barred_units, Unit.objects.get(code=WARD).pk]
        ).values_list("code", flat=True)
    )
    assert (
        not Clock.objects.filter(case_clock__case=case, state__in=OPEN_STATES)
        .exclude(holder_unit=case.unit)
        .exists()
    )
    access = access_of(person_make("chair"))
    assert not Case.objects.visible_to(access).filter(pk=case.pk).exists()
    assert reform.counts["cases"] == 0
    told = OutboxMessage.objects.filter(template="petition_arrived", unit=case.unit)
    assert all(row.params["secret"] for row in told)
    assert not invariants_broken()


def test_sessions_and_registrations_move_with_the_holder_of_the_duty() -> None:
    session = session_public("secretary")
    register(session)
    merged()
    session.refresh_from_db()
    assert session.unit == new()
    assert session.leader == person_make("secretary")
    assert not session.is_delegated
    assert Registration.objects.get().session == session


def test_the_same_task_is_asked_once() -> None:
    task = task_make()
    give(task, WARD, OTHER_WARD)
    assert Assignment.objects.filter(task=task).count() == 2
    merged()
    live = Assignment.objects.filter(task=task).live().get()
    assert live.unit == new()
    gone = Assignment.objects.get(task=task, state="withdrawn")
    assert NEW_NAME in gone.withdrawn_reason
    assert AssignmentEvent.objects.filter(
        assignment=live, action="directives.assignment.unit_moved"
    ).exists()
    assert not Clock.objects.filter(
        state__in=OPEN_STATES, holder_unit__valid_to__isnull=False
    ).exists()
    assert not invariants_broken()


def test_reports_that_come_every_month_go_on_once() -> None:
    task = monthly()
    told = give(task, WARD, OTHER_WARD)
    report(told, state="in_progress", period=told.periods.get().public_id)
    merged()
    live = Assignment.objects.filter(task=task).live().get()
    assert live.unit == new()
    period = live.periods.get()
    holders = Clock.objects.filter(state__in=OPEN_STATES, period_clock__period=period)
    owed = period.state in ("open", "returned")
    assert list(holders.values_list("holder_unit__code", flat=True)) == [NEW] * owed
    assert not invariants_broken()


def test_one_ward_takes_over_another() -> None:
    from continuity.validators import Target

    story = file(unit=OTHER_WARD)
    merged(targets=[Target(WARD)])
    ward = Unit.objects.get(code=WARD)
    assert ward.valid_to is None
    assert story.case.unit == ward
    assert ward.keeps == [Unit.objects.get(code=OTHER_WARD).pk]
    assert not invariants_broken()


def test_carried_out_once() -> None:
    reform = merged()
    assert reform.state == "done"
    with pytest.raises(DomainError):
        approve(reform)
    assert Unit.objects.filter(code=NEW).count() == 1


def test_approving_looks_ahead_once(monkeypatch: Any) -> None:
    reform = submit(choose(draft(), other_chair=""))
    looked = []

    def counted(*given: Any) -> Any:
        looked.append(given)
        return preview(*given)

    for module in (reforms, carrying):
        monkeypatch.setattr(module, "preview", counted)
    assert approve(reform).state == "done"
    assert len(looked) == 1


@pytest.mark.parametrize("fault", [IntegrityError, OperationalError])
def test_what_the_database_refuses_in_a_race_is_said_in_words(
    monkeypatch: Any, fault: type[Exception]
) -> None:
    reform = submit(choose(draft(), other_chair=""))
    end = carrying._end

    def raced(move: Any) -> None:
        end(move)
        raise fault("deadlock detected")

    monkeypatch.setattr(carrying, "_end", raced)
    with pytest.raises(Conflict) as refused:
        approve(reform)
    assert "cùng lúc" in str(refused.value.message)
    reform.refresh_from_db()
    assert (reform.state, reform.approved_by) == ("submitted", None)
    assert not Unit.objects.filter(code=NEW).exists()
    monkeypatch.undo()
    assert approve(reform).state == "done"


def test_whoever_prepared_it_does_not_approve_it() -> None:
    reform = submit(choose(draft(), other_chair=""))
    with pytest.raises(DomainError) as refused:
        approve(reform, "admin")
    assert refused.value.status == 403


def test_new_work_begins_in_the_new_unit_alone() -> None:
    """Rights go on in the old units, where nothing new can begin."""
    merged()
    access = access_of(person_make("chair"))
    old = set(Unit.objects.filter(code__in=[WARD, OTHER_WARD]).values_list("pk", flat=True))
    assert access.units(Permission.CASE_DECIDE) == old | {new().pk}
    assert access.standing(Permission.CASE_DECIDE) == {new().pk}
    assert {unit for unit, _role in access.positions} == {new().pk}
    reporter = access_of(person_make("secretary"))
    registers = (may_begin, may_found)
    assert all(may(reporter, new().pk) is None for may in registers)
    assert all(may(reporter, unit) is not None for may in registers for unit in old)
    assert units_kept(reporter) == [new()]
