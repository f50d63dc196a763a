"""Answering an escalation: by the position it went to, once, in the history."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest

from common.errors import Conflict, InvalidInput, NotVisible, Stale
from common.history_check import table_check
from escalation.models import Escalation, EscalationState
from escalation.services import Answer, escalation_acknowledge
from escalation.sweep import sweep_run
from petitions.models import CaseEvent
from tests.escalation.test_sweep import BREACH, FILED
from tests.people import Story, access_make, person_make

pytestmark = pytest.mark.django_db
ANSWER = "Đã giao cán bộ hoàn thành trong tuần này."


@pytest.fixture
def breach(story: Callable[..., Story]) -> tuple[Story, Escalation]:
    """A case of the ward whose limit has passed."""
    for name in ("clerk", "chair"):
        person_make(name)
    tale = story(at=FILED)
    sweep_run(at=BREACH)
    return tale, Escalation.objects.get(step_code="breach")


def test_the_answer_is_kept_and_the_history_tells_of_it(
    breach: tuple[Story, Escalation],
) -> None:
    tale, row = breach
    chair = access_make("chair")
    answered = escalation_acknowledge(access=chair, public_id=row.public_id, answer=Answer(ANSWER))
    assert (answered.state, answered.answer) == (EscalationState.ACKNOWLEDGED, ANSWER)
    assert answered.acknowledged_by_id == chair.user_id
    event = CaseEvent.objects.filter(case=tale.case).order_by("-sequence")[0]
    assert (event.action, event.actor_id) == ("petitions.case.acknowledged", chair.user_id)
    assert ANSWER not in str(event.data)
    assert not list(table_check(CaseEvent))


def test_the_second_answer_is_a_conflict(breach: tuple[Story, Escalation]) -> None:
    tale, row = breach
    chair = access_make("chair")
    escalation_acknowledge(access=chair, public_id=row.public_id, answer=Answer(ANSWER))
    with pytest.raises(Conflict):
        escalation_acknowledge(access=chair, public_id=row.public_id, answer=Answer("Khác"))
    assert CaseEvent.objects.filter(action__endswith="acknowledged").count() == 1
    assert tale.case.version == 1


@pytest.mark.parametrize("who", ["other_chair", "clerk", "city_chair", "admin"])
def test_other_positions_do_not_see_it(breach: tuple[Story, Escalation], who: str) -> None:
    _tale, row = breach
    with pytest.raises(NotVisible):
        escalation_acknowledge(
            access=access_make(who), public_id=row.public_id, answer=Answer(ANSWER)
        )


@pytest.mark.parametrize("answer", ["", "   ", "x" * 2001])
def test_an_answer_says_something_and_not_too_much(
    breach: tuple[Story, Escalation], answer: str
) -> None:
    _tale, row = breach
    with pytest.raises(InvalidInput) as error:
        escalation_acknowledge(
            access=access_make("chair"), public_id=row.public_id, answer=Answer(answer)
        )
    assert set(error.value.fields) == {"answer"}


def test_a_stale_version_changes_nothing(breach: tuple[Story, Escalation]) -> None:
    _tale, row = breach
    with pytest.raises(Stale):
        escalation_acknowledge(
            access=access_make("chair"), public_id=row.public_id, answer=Answer(ANSWER), version=7
        )
    row.refresh_from_db()
    assert row.state == EscalationState.OPEN


def test_the_page_answers_and_keeps_what_was_typed(
    breach: tuple[Story, Escalation], client: Any
) -> None:
    _tale, row = breach
    client.force_login(person_make("chair"))
    url = f"/can-bo/leo-thang/{row.public_id}/"
    assert client.get(url).status_code == 200
    long = "x" * 2001
    refused = client.post(url, {"step": "answer", "answer": long})
    assert refused.status_code == 200
    assert long in refused.content.decode()
    answer = client.post(url, {"step": "answer", "answer": ANSWER})
    assert (answer.status_code, answer["Location"]) == (302, "/can-bo/leo-thang/")
    assert client.get(url).status_code == 302


def test_the_page_is_only_for_the_position(breach: tuple[Story, Escalation], client: Any) -> None:
    _tale, row = breach
    url = f"/can-bo/leo-thang/{row.public_id}/"
    assert client.get(url).status_code == 302
    client.force_login(person_make("other_chair"))
    assert client.get(url).status_code == 404
    assert client.get(f"/can-bo/leo-thang/{uuid.uuid4()}/").status_code == 404
    client.force_login(person_make("clerk"))
    assert client.get("/can-bo/leo-thang/").status_code == 404
