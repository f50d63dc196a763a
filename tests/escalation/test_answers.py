"""Confirming with a step: it holds the next one back, for a while, and no longer."""

import datetime as dt
from collections.abc import Callable

import pytest
import time_machine

from common.errors import Conflict, DomainError, InvalidInput, NotPermitted
from common.time import local_moment
from deadlines.models import Clock
from escalation.enums import AnswerStep
from escalation.models import Escalation, EscalationState
from escalation.registry import owner_choices
from escalation.services import Answer, escalation_acknowledge
from escalation.sweep import sweep_run
from notifications.models import OutboxMessage
from petitions.escalation_answers import case_raise, raise_places
from petitions.models import CaseEvent
from tests.escalation.test_sweep import BREACH, FILED
from tests.people import Story, access_make, person_make

pytestmark = pytest.mark.django_db
Make = Callable[..., Story]
MORNING_AFTER = BREACH + dt.timedelta(hours=9)
TEXT = "Đang chờ kết quả đo đạc."


@pytest.fixture(autouse=True)
def _people(db: None) -> None:
    for name in ("clerk", "handler", "chair", "board_head", "city_chair", "inspector"):
        person_make(name)


@pytest.fixture
def late(story: Make) -> tuple[Story, Escalation]:
    tale = story(at=FILED)
    sweep_run(at=BREACH)
    return tale, Escalation.objects.get(step_code="breach")


def acknowledge(row: Escalation, who: str = "chair", **given: object) -> Escalation:
    answer = Answer(TEXT, **given)  # type: ignore[arg-type]
    with time_machine.travel(MORNING_AFTER, tick=False):
        return escalation_acknowledge(
            access=access_make(who), public_id=row.public_id, answer=answer, at=MORNING_AFTER
        )


def test_a_date_holds_the_next_step_until_the_working_morning_after_it(
    late: tuple[Story, Escalation],
) -> None:
    _tale, row = late
    until = dt.date(2026, 12, 2)
    done = acknowledge(row, until=until)
    assert (done.answer_step, done.answer_until) == (AnswerStep.ANSWER, until)
    held = local_moment(dt.date(2026, 12, 3), 8)
    clock = Clock.objects.get(pk=row.clock_id)
    assert (clock.held_until, clock.next_action_at) == (held, held)
    assert sweep_run(at=held - dt.timedelta(minutes=1)).examined == 0
    assert sweep_run(at=held).escalations == 1
    assert Clock.objects.get(pk=row.clock_id).held_until is None


def test_without_a_date_or_an_answer_the_next_step_comes_when_it_comes(
    late: tuple[Story, Escalation],
) -> None:
    _tale, row = late
    acknowledge(row)
    clock = Clock.objects.get(pk=row.clock_id)
    assert clock.held_until is None
    assert clock.next_action_at == clock.step_moments[3]


@pytest.mark.parametrize("days", [-1, 8])
def test_a_date_in_the_past_or_beyond_five_working_days_is_refused(
    late: tuple[Story, Escalation], days: int
) -> None:
    _tale, row = late
    with pytest.raises(InvalidInput) as error:
        acknowledge(row, until=MORNING_AFTER.date() + dt.timedelta(days=days))
    assert set(error.value.fields) == {"until"}
    row.refresh_from_db()
    assert row.state == EscalationState.OPEN


def test_the_threshold_of_45_days_waits_for_no_answer(story: Make) -> None:
    tale = story(at=FILED)
    clock = Clock.objects.get(case_clock__case=tale.case)
    sweep_run(at=clock.step_moments[7])
    last = Escalation.objects.filter(clock=clock, step_code="inspector").get()
    at = clock.step_moments[8] - dt.timedelta(days=2)
    answer = Answer(TEXT, until=at.date() + dt.timedelta(days=3))
    with time_machine.travel(at, tick=False):
        escalation_acknowledge(
            access=access_make("inspector"), public_id=last.public_id, answer=answer, at=at
        )
    clock.refresh_from_db()
    assert clock.next_action_at == clock.step_moments[8]


def test_the_head_takes_it_over_or_gives_it_on(late: tuple[Story, Escalation]) -> None:
    tale, row = late
    tale.do("clerk", "receive", MORNING_AFTER, is_signed=True)
    steps = {c.step: c for c in owner_choices(access_make("chair"), row.clock_id)}
    assert {AnswerStep.TAKE_OVER, AnswerStep.REASSIGN} <= set(steps)
    assert ("handler", "Cán bộ handler") in steps[AnswerStep.REASSIGN].officers
    acknowledge(row, step=AnswerStep.REASSIGN, officer="handler")
    assert tale.case.assignee == person_make("handler")
    events = CaseEvent.objects.filter(case=tale.case).order_by("-sequence")
    assert [e.action for e in events[:2]] == [
        "petitions.case.acknowledged",
        "petitions.case.assign",
    ]
    assert events[0].data["answer_step"] == "reassign"


def test_taking_over_makes_the_head_the_handler(late: tuple[Story, Escalation]) -> None:
    tale, row = late
    tale.do("clerk", "receive", MORNING_AFTER, is_signed=True)
    acknowledge(row, step=AnswerStep.TAKE_OVER)
    assert tale.case.assignee == person_make("chair")


def test_a_step_that_fails_leaves_the_escalation_open(late: tuple[Story, Escalation]) -> None:
    tale, row = late
    tale.do("clerk", "receive", MORNING_AFTER, is_signed=True)
    with pytest.raises(InvalidInput) as error:
        acknowledge(row, step=AnswerStep.REASSIGN, officer="nobody-here")
    assert set(error.value.fields) == {"officer"}
    row.refresh_from_db()
    assert (row.state, row.answer) == (EscalationState.OPEN, "")


def test_an_officer_puts_a_case_before_the_head_with_a_reason(story: Make) -> None:
    tale = story(at=FILED)
    row = case_raise(
        access=access_make("clerk"), code=tale.filed.code, place="head", reason="Hai ngành khác ý."
    )
    assert (row.position, row.is_manual, row.level) == ("head", True, 1)
    assert row.raised_by == person_make("clerk")
    event = CaseEvent.objects.filter(case=tale.case).latest("sequence")
    assert (event.action, event.actor) == ("petitions.case.escalated", person_make("clerk"))
    assert "Hai ngành" not in str(event.data)
    assert tale.case.escalation_level == 1
    told = OutboxMessage.objects.filter(template="escalation", position="head")
    assert told.exists()
    with pytest.raises(Conflict):
        case_raise(access=access_make("clerk"), code=tale.filed.code, place="head", reason="Nữa.")


def test_the_sweep_goes_on_beside_what_was_raised_by_hand(story: Make) -> None:
    tale = story(at=FILED)
    case_raise(
        access=access_make("clerk"), code=tale.filed.code, place="head", reason="Cần chỉ đạo."
    )
    assert sweep_run(at=BREACH).escalations == 1
    assert Escalation.objects.filter(kind="escalation").count() == 2


def test_who_may_put_it_before_whom(story: Make) -> None:
    tale = story(at=FILED)
    places = {
        name: [p.value for p in raise_places(access_make(name), tale.case)]
        for name in ("clerk", "chair", "city_chair", "secretary", "handler")
    }
    assert places == {
        "clerk": ["head"],
        "chair": ["board", "chair"],
        "city_chair": ["head", "chair", "inspector"],
        "secretary": [],
        "handler": [],
    }
    with pytest.raises(NotPermitted):
        case_raise(
            access=access_make("secretary"), code=tale.filed.code, place="head", reason="Xem."
        )
    with pytest.raises(InvalidInput):
        case_raise(access=access_make("clerk"), code=tale.filed.code, place="chair", reason="Xem.")


def test_a_case_without_an_open_limit_cannot_be_put_before_anybody(story: Make) -> None:
    tale = story(at=FILED)
    Clock.objects.update(state="cancelled", closed_on=FILED.date(), next_action_at=None)
    with pytest.raises(DomainError) as error:
        case_raise(access=access_make("clerk"), code=tale.filed.code, place="head", reason="Xem.")
    assert error.value.code == "no_limit"


def test_the_accused_unit_is_passed_over_when_raised_by_hand(story: Make) -> None:
    tale = story(at=FILED, kind="denunciation")
    unit = tale.case.unit_id
    clock = Clock.objects.get(case_clock__case=tale.case)
    assert unit not in clock.barred_units
    barred = set(clock.barred_units)
    row = case_raise(
        access=access_make("city_chair"),
        code=tale.filed.code,
        place="inspector",
        reason="Cần thanh tra.",
    )
    assert row.unit_id not in barred


def test_no_answer_holds_the_breach_back(story: Make) -> None:
    """Putting it before the head shortly before the limit, and his date, postpone no breach."""
    tale = story(at=FILED)
    early = BREACH - dt.timedelta(days=1)
    row = case_raise(
        access=access_make("clerk"), code=tale.filed.code, place="head", reason="Xem.", at=early
    )
    with time_machine.travel(early, tick=False):
        answer = Answer(TEXT, until=early.date() + dt.timedelta(days=4))
        escalation_acknowledge(
            access=access_make("chair"), public_id=row.public_id, answer=answer, at=early
        )
    assert sweep_run(at=BREACH).escalations == 1


def test_raising_and_answering_again_holds_nothing(late: tuple[Story, Escalation]) -> None:
    tale, row = late
    acknowledge(row, until=dt.date(2026, 11, 30))
    clock = Clock.objects.get(pk=row.clock_id)
    again = case_raise(
        access=access_make("clerk"),
        code=tale.filed.code,
        place="head",
        reason="Lần nữa.",
        at=MORNING_AFTER,
    )
    acknowledge(again, until=dt.date(2026, 12, 3))
    assert Clock.objects.get(pk=clock.pk).next_action_at == clock.next_action_at


def test_an_answer_to_an_earlier_step_holds_nothing(late: tuple[Story, Escalation]) -> None:
    _tale, row = late
    clock = Clock.objects.get(pk=row.clock_id)
    sweep_run(at=clock.step_moments[4])
    before = Clock.objects.get(pk=clock.pk).next_action_at
    acknowledge(row, until=dt.date(2026, 12, 3))
    assert Clock.objects.get(pk=clock.pk).next_action_at == before
