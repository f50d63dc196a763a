"""``/api/v1/escalations/``: what climbed to a position, and its answer."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from escalation.models import Escalation, EscalationState
from escalation.sweep import sweep_run
from tests.escalation.test_sweep import BREACH, FILED
from tests.people import Story, person_make

pytestmark = pytest.mark.django_db
URL = "/api/v1/escalations/"
ANSWER = "Đã giao cán bộ hoàn thành trong tuần này."
ByToken = Callable[[str], Client]


@pytest.fixture
def breach(story: Callable[..., Story]) -> tuple[Story, Escalation]:
    """A case of the ward whose limit has passed."""
    for name in ("clerk", "chair"):
        person_make(name)
    tale = story(at=FILED)
    sweep_run(at=BREACH)
    return tale, Escalation.objects.get(step_code="breach")


def post(client: Client, row: Any, **body: Any) -> Any:
    path = f"{URL}{getattr(row, 'public_id', row)}/answer/"
    return client.post(path, {"answer": ANSWER} | body, content_type="application/json")


def test_the_position_sees_what_climbed_to_it(
    breach: tuple[Story, Escalation], by_token: ByToken
) -> None:
    tale, row = breach
    body = by_token("chair").get(URL).json()
    assert (body["next"], body["previous"]) == (None, None)
    (item,) = body["results"]
    assert (item["id"], item["code"]) == (str(row.public_id), tale.filed.code)
    assert (item["level"], item["step"], item["position"]) == (1, "breach", "head")
    assert item["due_at"] == row.due_at.isoformat()
    assert item["unit"]["code"] == "00004"
    assert item["basis"]
    assert str(row.pk) not in (item["id"], item["code"])


def test_others_do_not(breach: tuple[Story, Escalation], by_token: ByToken) -> None:
    assert Client().get(URL).status_code == 401
    assert by_token("other_chair").get(URL).json()["results"] == []
    for who in ("clerk", "admin"):
        assert by_token(who).get(URL).status_code == 403


def test_an_answer_is_kept_and_leaves_the_list(
    breach: tuple[Story, Escalation], by_token: ByToken
) -> None:
    tale, row = breach
    client = by_token("chair")
    answer = post(client, row, version=tale.case.version)
    assert answer.status_code == 200
    assert (answer.json()["state"], answer.json()["answer"]) == ("acknowledged", ANSWER)
    row.refresh_from_db()
    assert row.acknowledged_by == person_make("chair")
    assert client.get(URL).json()["results"] == []
    again = post(client, row)
    assert (again.status_code, again.json()["code"]) == (409, "conflict")


def test_a_stale_version_changes_nothing(
    breach: tuple[Story, Escalation], by_token: ByToken
) -> None:
    _tale, row = breach
    answer = post(by_token("chair"), row, version=7)
    assert (answer.status_code, answer.json()["code"]) == (409, "stale")
    row.refresh_from_db()
    assert row.state == EscalationState.OPEN


@pytest.mark.parametrize("who", ["other_chair", "clerk", "city_chair"])
def test_other_positions_find_nothing(
    breach: tuple[Story, Escalation], by_token: ByToken, who: str
) -> None:
    client = by_token(who)
    found = [post(client, row) for row in (breach[1], uuid.uuid4(), "abc")]
    assert {answer.status_code for answer in found} == {404}
    assert len({answer.content for answer in found}) == 1


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"answer": " "}, "answer"),
        ({"answer": "x" * 2001}, "answer"),
        ({"version": "x"}, "version"),
        ({"by": "chair"}, "by"),
    ],
)
def test_wrong_input_is_named(
    breach: tuple[Story, Escalation], by_token: ByToken, body: dict[str, Any], field: str
) -> None:
    answer = post(by_token("chair"), breach[1], **body)
    assert answer.status_code == 400
    assert list(answer.json()["fields"]) == [field]


def test_few_queries_whatever_the_number(
    story: Callable[..., Story], by_token: ByToken, django_assert_max_num_queries: Any
) -> None:
    person_make("chair")
    for _ in range(4):
        story(at=FILED)
    sweep_run(at=BREACH)
    client = by_token("chair")
    client.get(URL)
    with django_assert_max_num_queries(6):  # each owner of clocks is asked once
        first = client.get(URL, {"page_size": 3}).json()
    assert len(first["results"]) == 3
    assert len(client.get(first["next"]).json()["results"]) == 1
