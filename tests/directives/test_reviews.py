"""Several reports answered at once: each in a step of its own, each with its own result."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from common.errors import NotPermitted
from directives.models import Assignment, AssignmentPeriod
from directives.services import periods_open
from directives.services.reviews import Answer, reports_review
from tests.directives.giving import DUE, give, later, monthly, report, task_make
from tests.people import OTHER_WARD, access_make

pytestmark = pytest.mark.django_db
WAITING, API = "/can-bo/chi-dao/cho-xem-xet/", "/api/v1/directives/reviews/"
Enter = Callable[[str], Client]


@pytest.fixture(autouse=True)
def _on_the_day(time_machine: Any) -> None:
    time_machine.move_to(later(2), tick=False)


@pytest.fixture
def done(db: None) -> list[Assignment]:
    """Two wards that reported the whole as done."""
    task = task_make()
    rows = [give(task), give(task, OTHER_WARD)]
    return [report(rows[0]), report(rows[1], "other_chair")]


def pick(row: Assignment, period: AssignmentPeriod | None = None) -> str:
    return f"{row.public_id}:{row.version}" + (f":{period.public_id}" if period else "")


def states(*rows: Assignment) -> list[str]:
    return [Assignment.objects.get(pk=row.pk).state for row in rows]


def test_ticked_reports_are_confirmed_in_one_step(enter: Enter, done: list[Assignment]) -> None:
    client = enter("propaganda")
    page = client.get(WAITING).content.decode()
    for row in done:
        assert f'value="{pick(row)}"' in page
    answer = client.post(WAITING, {"pick": list(map(pick, done)), "decision": "accept"})
    assert (answer.status_code, answer["Location"]) == (302, WAITING)
    assert states(*done) == ["confirmed", "confirmed"]
    assert "Đã trả lời 2 báo cáo" in client.get(WAITING).content.decode()


def test_what_is_returned_needs_its_reason(enter: Enter, done: list[Assignment]) -> None:
    client = enter("propaganda")
    sent = {"pick": [pick(done[0])], "decision": "return"}
    refused = client.post(WAITING, sent)
    assert refused.status_code == 422
    assert list(refused.context["answer"].errors) == ["text"]
    assert f'value="{pick(done[0])}" checked' in refused.content.decode()
    client.post(WAITING, sent | {"text": "Thiếu biên bản.", "until": "2026-12-20"})
    row = Assignment.objects.get(pk=done[0].pk)
    assert (row.state, f"{row.due_on}") == ("returned", "2026-12-20")
    assert states(done[1]) == ["reported_done"]


def test_one_that_changed_leaves_the_others(enter: Enter, done: list[Assignment]) -> None:
    client = enter("propaganda")
    old = pick(done[0])
    Assignment.objects.filter(pk=done[0].pk).update(version=9)
    answer = client.post(
        WAITING, {"pick": [old, pick(done[1])], "decision": "accept", "text": "Tốt."}
    )
    assert answer.status_code == 422
    assert states(*done) == ["reported_done", "confirmed"]
    (failed,) = answer.context["failed"]
    assert failed["assignment"].pk == done[0].pk
    page = answer.content.decode()
    assert failed["words"] in page
    assert "Tốt." in page


@pytest.mark.parametrize("picked", [[], ["x"], ["1:2"], [f"{uuid.uuid4()}:x"], ["::"]])
def test_nothing_ticked_is_said(enter: Enter, done: list[Assignment], picked: list[str]) -> None:
    answer = enter("propaganda").post(WAITING, {"pick": picked, "decision": "accept"})
    assert answer.status_code == 422
    assert "Đánh dấu ít nhất một báo cáo" in answer.content.decode()


def test_two_periods_of_one_task_on_one_version(enter: Enter, time_machine: Any) -> None:
    row = give(monthly())
    time_machine.move_to(later(20), tick=False)
    periods_open()
    first, second = row.periods.order_by("starts_on")
    for period in (first, second):
        row = report(row, period=period.public_id, state="in_progress", at=later(20))
    client = enter("propaganda")
    sent = {"pick": [pick(row, first), pick(row, second)], "decision": "accept"}
    assert client.post(WAITING + "?kind=period", sent).status_code == 302
    assert {period.state for period in row.periods.all()} == {"accepted"}


def test_requests_for_more_time_are_not_answered_at_once(enter: Enter) -> None:
    assert enter("propaganda").get(WAITING + "?kind=extension").context["can_answer"] is False


def test_others_answer_nothing(enter: Enter, done: list[Assignment]) -> None:
    sent = {"pick": [pick(done[0])], "decision": "accept"}
    assert enter("secretary").post(WAITING, sent).status_code == 403
    with pytest.raises(NotPermitted):
        reports_review(
            access=access_make("secretary"), answers=[Answer(done[0].public_id, 2, True)]
        )
    assert states(done[0]) == ["reported_done"]


def send(client: Client, *reviews: dict[str, Any]) -> Any:
    return client.post(API, {"reviews": list(reviews)}, content_type="application/json")


def of(row: Assignment, **more: Any) -> dict[str, Any]:
    return {"assignment": str(row.public_id), "version": row.version, "is_accepted": True} | more


def test_the_api_answers_each_with_its_own_words(enter: Enter, done: list[Assignment]) -> None:
    unknown = {"assignment": str(uuid.UUID(int=1)), "version": 1, "is_accepted": True}
    returned = of(done[1], is_accepted=False, text="Thiếu biên bản.", until=f"{DUE}")
    answer = send(enter("propaganda"), of(done[0]), unknown, returned)
    assert answer.status_code == 200
    first, second, third = answer.json()["results"]
    assert (first["is_done"], first["state"], first["version"]) == (True, "confirmed", 3)
    assert (second["is_done"], second["code"], second["state"]) == (False, "not_found", None)
    assert (third["is_done"], third["state"]) == (True, "returned")
    again = send(enter("propaganda"), of(done[0]))
    assert (again.status_code, again.json()["results"][0]["is_done"]) == (200, False)
    assert again.json()["results"][0]["code"] == "forbidden"


def test_the_api_refuses_whoever_answers_none_and_what_it_does_not_know(
    enter: Enter, done: list[Assignment]
) -> None:
    assert send(enter("secretary"), of(done[0])).status_code == 403
    assert send(enter("propaganda"), of(done[0], is_staff=True)).status_code == 400
    assert send(enter("propaganda")).status_code == 400
    assert states(*done) == ["reported_done", "reported_done"]
