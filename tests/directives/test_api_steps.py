"""``/api/v1/assignments/``: the list of a unit, one task, and its steps."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from directives.models import Assignment, ProgressReport, StudySession, UnitPlan
from tests.directives.giving import DUE, actions, give, later, monthly, report, task_make, upload
from tests.people import OTHER_WARD, person_make

pytestmark = pytest.mark.django_db
ROOT = "/api/v1/assignments/"
WANTED = (DUE + dt.timedelta(days=10)).isoformat()
SignIn = Callable[[str], Client]


@pytest.fixture(autouse=True)
def _on_the_day(time_machine: Any) -> None:
    time_machine.move_to(later(1), tick=False)


@pytest.fixture
def enter(client: Client) -> SignIn:
    def sign_in(name: str) -> Client:
        client.force_login(person_make(name))
        return client

    return sign_in


@pytest.fixture
def row(db: None) -> Assignment:
    return give(task_make())


def step(client: Client, row: Assignment, name: str, **body: Any) -> Any:
    body = {"version": Assignment.objects.get(pk=row.pk).version} | body
    return client.post(f"{ROOT}{row.public_id}/{name}/", body, content_type="application/json")


def test_the_tasks_of_a_unit_by_urgency(
    enter: SignIn, row: Assignment, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    soon = give(task_make(), due_on=dt.date(2026, 11, 20))
    give(task_make(), OTHER_WARD)
    client = enter("clerk")
    with django_assert_max_num_queries(11):
        body = client.get(ROOT).json()
    assert [found["id"] for found in body["results"]][:2] == [
        str(soon.public_id),
        str(row.public_id),
    ]
    assert len(body["results"]) == 2 + 9
    assert body["results"][0]["next_due_on"] == "2026-11-20"
    assert body["results"][-1]["next_due_on"] is None


def test_filters_of_the_list(enter: SignIn, row: Assignment, time_machine: Any) -> None:
    client = enter("clerk")
    step(client, row, "owner", owner="clerk")
    found = {
        "mine": client.get(ROOT, {"mine": "1"}),
        "soon": client.get(ROOT, {"due": "soon"}),
        "state": client.get(ROOT, {"state": "confirmed"}),
        "directive": client.get(ROOT, {"directive": "36-ct-tu"}),
    }
    counts = {name: len(answer.json()["results"]) for name, answer in found.items()}
    assert counts == {"mine": 1, "soon": 0, "state": 0, "directive": 0}


@pytest.mark.parametrize(
    "query",
    [{"unit": OTHER_WARD}, {"state": "done"}, {"due": "x"}, {"colour": "red"}, {"directive": "\0"}],
)
def test_a_wrong_filter_is_named(enter: SignIn, db: None, query: dict[str, str]) -> None:
    answer = enter("clerk").get(ROOT, query)
    assert (answer.status_code, list(answer.json()["fields"])) == (400, list(query))


def test_one_task_with_everything_about_it(enter: SignIn) -> None:
    row = give(monthly())
    client = enter("clerk")
    period = str(row.periods.get().public_id)
    sent = step(
        client,
        row,
        "reports",
        text="Hai buổi.",
        state="in_progress",
        value="2",
        period=period,
        difficulties="Thiếu hội trường.",
        proposals="Bố trí kinh phí.",
        attachments=[upload()],
    )
    assert sent.status_code == 201
    step(client, row, "studies", held_on="2026-11-16", people=42, material="Chỉ thị")
    body = client.get(f"{ROOT}{row.public_id}/").json()
    assert [(found["id"], found["state"]) for found in body["periods"]] == [(period, "reported")]
    written = body["reports"][0]
    assert (written["kind"], written["period"]) == ("period", period)
    assert written["difficulties"] == "Thiếu hội trường."
    assert written["files"] == ["bien-ban.txt"]
    assert body["studies"][0]["people"] == 42
    assert (body["version"], body["plan"], body["extensions"]) == (3, None, [])


def test_a_unit_receives_and_appoints(by_token: SignIn, row: Assignment) -> None:
    client = by_token("clerk")
    person_make("handler")
    received = step(client, row, "receipt")
    assert (received.status_code, received.json()["state"]) == (200, "received")
    assert step(client, row, "receipt").status_code == 403
    appointed = step(client, row, "owner", owner="handler")
    assert (appointed.status_code, appointed.json()["owner"]) == (200, "handler")
    wrong = step(client, row, "owner", owner="propaganda")
    assert (wrong.status_code, list(wrong.json()["fields"])) == (400, ["owner"])


def test_a_study_session_and_its_withdrawal(by_token: SignIn, row: Assignment) -> None:
    client = by_token("clerk")
    body = {"held_on": "2026-11-16", "people": 42, "material": "Chỉ thị", "attachment": upload()}
    answer = step(client, row, "studies", **body)
    assert answer.status_code == 201
    study = StudySession.objects.get()
    assert answer.json()["study"]["id"] == str(study.public_id)
    assert answer.json()["version"] == 2
    assert study.attachment is not None
    gone = step(client, row, f"studies/{study.public_id}/withdrawal")
    assert gone.status_code == 200
    assert gone.json()["study"]["withdrawn_at"] is not None
    assert step(client, row, f"studies/{study.public_id}/withdrawal").status_code == 422
    assert step(client, row, "studies/abc/withdrawal").status_code == 404


def test_more_time_is_asked_for_and_given(by_token: SignIn, row: Assignment) -> None:
    unit, city = by_token("clerk"), by_token("propaganda")
    wrong = step(unit, row, "extension", wanted_on=DUE.isoformat(), reason="Đang sửa hội trường.")
    assert (wrong.status_code, list(wrong.json()["fields"])) == (400, ["wanted_on"])
    asked = step(unit, row, "extension", wanted_on=WANTED, reason="Đang sửa hội trường.")
    assert (asked.status_code, asked.json()["extension"]["state"]) == (201, "asked")
    again = step(unit, row, "extension", wanted_on=WANTED, reason="Đang sửa hội trường.")
    assert (again.status_code, again.json()["code"]) == (409, "conflict")
    assert step(unit, row, "extension/answer", is_granted=True).status_code == 403
    no_reason = step(city, row, "extension/answer", is_granted=False)
    assert (no_reason.status_code, list(no_reason.json()["fields"])) == (400, ["answer"])
    given = step(city, row, "extension/answer", is_granted=True)
    assert (given.status_code, given.json()["extension"]["state"]) == (200, "granted")
    assert city.get(f"{ROOT}{row.public_id}/").json()["due_on"] == WANTED


def test_a_task_is_withdrawn(by_token: SignIn, row: Assignment) -> None:
    assert step(by_token("clerk"), row, "withdrawal", reason="Giao nhầm.").status_code == 403
    done = step(by_token("propaganda"), row, "withdrawal", reason="Giao nhầm.")
    assert (done.status_code, done.json()["state"]) == (200, "withdrawn")


def test_a_period_is_returned(by_token: SignIn) -> None:
    row = give(monthly())
    period = row.periods.get()
    report(row, "clerk", state="in_progress", period=period.public_id)
    answer = step(
        by_token("propaganda"),
        row,
        "review",
        is_accepted=False,
        text="Thiếu số liệu.",
        period=str(period.public_id),
    )
    assert answer.status_code == 200
    period.refresh_from_db()
    assert period.state == "returned"
    assert ProgressReport.objects.get().review == "Thiếu số liệu."


def test_a_plan_with_origin_and_file(by_token: SignIn) -> None:
    row = give(task_make(is_plan=True))
    body = {"number": "12-KH/ĐU", "issued_on": "2026-09-01", "title": "Kế hoạch thực hiện"}
    more = {"approved_by": "Đảng ủy", "origin": "reviewed", "attachment": upload("kh.txt")}
    answer = step(by_token("secretary"), row, "plan", **body, **more)
    assert answer.json()["plan"]["origin"] == "reviewed"
    plan = UnitPlan.objects.get()
    assert (plan.approved_by, plan.attachment is not None) == ("Đảng ủy", True)
    wrong = step(by_token("secretary"), row, "plan", **body, origin="old")
    assert (wrong.status_code, list(wrong.json()["fields"])) == (400, ["origin"])


STEPS: list[tuple[str, str, dict[str, Any]]] = [
    ("receipt", "clerk", {}),
    ("owner", "clerk", {"owner": ""}),
    ("studies", "clerk", {"held_on": "2026-11-16", "people": 1, "material": "x"}),
    ("extension", "clerk", {"wanted_on": WANTED, "reason": "x"}),
    ("extension/answer", "propaganda", {"is_granted": True}),
    ("withdrawal", "propaganda", {"reason": "x"}),
]


@pytest.mark.parametrize(("name", "who", "body"), STEPS)
def test_a_stale_step_changes_nothing(
    by_token: SignIn, row: Assignment, name: str, who: str, body: dict[str, Any]
) -> None:
    answer = step(by_token(who), row, name, **body, version=9)
    assert (answer.status_code, answer.json()["code"]) == (409, "stale")
    assert answer.json()["version"] == 1
    assert actions(row) == ["assignment.created"]


@pytest.mark.parametrize(("name", "who", "body"), STEPS)
def test_another_unit_finds_nothing(
    by_token: SignIn, client: Client, row: Assignment, name: str, who: str, body: dict[str, Any]
) -> None:
    assert step(by_token("other_clerk"), row, name, **body).status_code == 404
    assert step(client, row, name, **body).status_code == 401
    assert actions(row) == ["assignment.created"]
