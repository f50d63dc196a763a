"""A unit that exists takes over the unit of the accused: nothing about them stays with it."""

import datetime as dt
from typing import Any

import pytest

from accounts.access import access_of
from common.invariants import invariants_broken
from communes.models import Unit
from continuity.validators import Target
from deadlines.models import OPEN_STATES, Clock
from escalation.models import Escalation
from notifications.models import OutboxMessage
from petitions.models import Case, CaseEvent, Forwarding
from petitions.services.intake import petition_file
from tests.continuity.reforming import AT, merged
from tests.people import OTHER_WARD, WARD, Story, filing_make, person_make

pytestmark = pytest.mark.django_db
BEFORE = AT - dt.timedelta(days=4)
THIRD = "00025"


@pytest.fixture(autouse=True)
def _on_the_day(time_machine: Any) -> None:
    time_machine.move_to(AT, tick=False)
    for name in ("clerk", "chair", "handler", "secretary", "other_clerk", "other_chair"):
        person_make(name)


def denounce(addressed: str = WARD, accused: str = OTHER_WARD) -> Story:
    """By default the ward that goes on holds it; the accused sits in the one that it takes in."""
    respondent = {"name": "Chủ tịch phường", "unit": accused, "position": "chair"}
    filing = filing_make(kind="denunciation", unit=addressed, respondent=respondent)
    return Story(petition_file(filing=filing, at=BEFORE))


def take_over() -> Unit:
    merged(targets=[Target(WARD)])
    return Unit.objects.get(code=WARD)


def hidden_from_the_ward(case: Case) -> bool:
    people = [access_of(person_make(name)) for name in ("clerk", "chair", "other_chair")]
    return not any(Case.objects.visible_to(one).filter(pk=case.pk).exists() for one in people)


def test_what_the_ward_holds_about_the_accused_goes_to_a_neutral_body() -> None:
    story = denounce()
    step = Escalation.objects.create(
        clock=Clock.objects.get(case_clock__case=story.case), unit=story.case.unit, step=1,
        step_code="thử", kind="reminder", level=1, position="clerk", due_at=BEFORE,
        created_at=BEFORE,
    )  # fmt: skip
    assert story.case.unit.code == WARD
    ward = take_over()
    case = story.case
    assert (case.unit.code, case.assignee) == ("BTCD", None)
    assert ward.pk in case.barred_units
    live = Clock.objects.filter(case_clock__case=case, state__in=OPEN_STATES)
    assert {clock.holder_unit for clock in live} == {case.unit}
    step.refresh_from_db()
    assert (step.unit.code, step.position) == ("BTCD", "board_officer")
    assert hidden_from_the_ward(case)
    event = CaseEvent.objects.filter(case=case).latest("sequence")
    assert (event.data["from"], event.data["to"]) == (WARD, "BTCD")
    assert OutboxMessage.objects.filter(template="petition_arrived", unit=case.unit).exists()
    # The step was written by hand, ahead of its clock.
    assert invariants_broken().keys() <= {"escalation.steps_behind_the_clock"}


def test_a_closed_case_leaves_too_and_nobody_is_told() -> None:
    story = denounce()
    propose(story, "clerk", "chair", proposal="decline", ground="no_basis")
    story.do("chair", "decline", BEFORE, number="9/TB", ground="no_basis", text="Không có cơ sở.")
    assert story.case.closed_at is not None
    take_over()
    assert story.case.unit.code == "BTCD"
    told = OutboxMessage.objects.filter(template__in=["petition_moved", "petition_arrived"])
    assert not told.filter(created_at__gte=AT).exists()


def test_what_was_offered_to_the_ward_is_offered_to_a_neutral_body() -> None:
    story = denounce(addressed="TTTP")
    forward(story, "inspector", to=WARD)
    version = story.case.version
    ward = take_over()
    case = story.case
    assert case.unit.code == "TTTP"
    assert case.forwarded_to is not None
    assert case.forwarded_to.code == "BTCD"
    assert Forwarding.objects.get(case=case).to_unit == case.forwarded_to
    assert ward.pk in case.barred_units
    assert hidden_from_the_ward(case)
    event = CaseEvent.objects.filter(case=case).latest("sequence")
    assert event.action == "petitions.case.offer_moved"
    assert event.data == {"version": version + 1, "from": WARD, "to": "BTCD", "basis": "12/NQ-HĐND"}
    assert case.version == version + 1


def test_what_the_ward_sent_to_a_neutral_body_is_not_held_there_meanwhile() -> None:
    """The body that is to accept it cannot be the one that waits for an answer."""
    story = denounce()
    forward(story, "clerk", "chair", to="BTCD")
    take_over()
    case = story.case
    assert case.forwarded_to is not None
    assert (case.unit.code, case.forwarded_to.code) == ("TTTP", "BTCD")
    assert not invariants_broken()


def test_another_denunciation_of_the_ward_stays_there() -> None:
    story = denounce(accused=THIRD)
    version = story.case.version
    ward = take_over()
    assert (story.case.unit, story.case.version) == (ward, version)


def propose(story: Story, clerk: str, head: str, **proposal: str) -> None:
    story.do(clerk, "receive", BEFORE, is_signed=True)
    story.do(head, "propose", BEFORE, text="Đề xuất xử lý đơn.", **proposal)


def forward(story: Story, clerk: str, head: str = "", *, to: str) -> None:
    """Sent on, waiting to be accepted."""
    head = head or clerk
    propose(story, clerk, head, proposal="forward")
    story.do(head, "forward", BEFORE, unit=to, number="5/PC", text="Chuyển đơn.")
