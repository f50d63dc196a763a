"""The API of the register: entering, correcting, giving."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from directives.models import Directive, Task
from tests.directives.giving import give
from tests.directives.keeping import SLUG, entered, group_of, in_force, task_of
from tests.people import OTHER_WARD, WARD

pytestmark = pytest.mark.django_db
ROOT = "/api/v1/directives/"
SignIn = Callable[[str], Client]
RECORD = {
    "number": "21-CV/TU",
    "kind": "official_letter",
    "issued_on": "2026-11-16",
    "issuer": "Ban Thường vụ Thành ủy Hà Nội",
    "subject": "Đối thoại với nhân dân",
}


@pytest.fixture
def sign_in(client: Client, person: Callable[[str], User]) -> SignIn:
    def enter(name: str) -> Client:
        client.force_login(person(name))
        return client

    return enter


def send(client: Client, path: str, body: dict[str, Any]) -> Any:
    return client.post(ROOT + path, body, content_type="application/json")


def test_a_document_is_entered_and_corrected(sign_in: SignIn) -> None:
    client = sign_in("propaganda")
    made = send(client, "", RECORD | {"source": "Cổng thông tin", "valid_until": "2030-12-31"})
    assert made.status_code == 201
    body = made.json()
    assert (RECORD | {"slug": SLUG, "state": "draft", "version": 1}).items() <= body.items()
    assert (body["source"], body["valid_until"]) == ("Cổng thông tin", "2030-12-31")
    changed = send(client, f"{SLUG}/change/", RECORD | {"subject": "Tiếp dân", "version": 1})
    assert changed.status_code == 200
    assert (changed.json()["subject"], changed.json()["version"]) == ("Tiếp dân", 2)
    stale = send(client, f"{SLUG}/change/", RECORD | {"version": 1})
    assert (stale.status_code, stale.json()["version"]) == (409, 2)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"number": ""}, "number"),
        ({"number": "1699-CV/TU"}, "number"),
        ({"kind": "x"}, "kind"),
        ({"issued_on": "16/11/2026"}, "issued_on"),
        ({"confidentiality": "internal", "is_public": True}, "is_public"),
        ({"state": "in_force"}, "state"),
    ],
)
def test_wrong_input_is_named(sign_in: SignIn, changes: dict[str, Any], field: str) -> None:
    answer = send(sign_in("propaganda"), "", RECORD | changes)
    assert (answer.status_code, list(answer.json()["fields"])) == (400, [field])
    assert not Directive.objects.filter(slug=SLUG).exists()


@pytest.mark.parametrize("who", ["clerk", "internal_affairs", "city_secretary"])
def test_others_neither_enter_nor_correct_nor_give(sign_in: SignIn, who: str) -> None:
    client = sign_in(who)
    giving = {"tasks": ["1699-cv-tu-1-plan"], "units": ["BNC"]}
    assert send(client, "", RECORD).status_code == 403
    assert send(client, "1699-cv-tu/change/", RECORD | {"version": 1}).status_code == 403
    assert send(client, "1699-cv-tu/assignments/", giving).status_code == 403
    entered()
    assert send(client, f"{SLUG}/change/", RECORD | {"version": 1}).status_code == 404
    assert send(client, f"{SLUG}/assignments/", giving).status_code == 404


@pytest.fixture
def task(db: None) -> Task:
    return task_of(group_of(in_force()))


def test_tasks_are_given_once(sign_in: SignIn, task: Task) -> None:
    client = sign_in("propaganda")
    give(task, WARD)
    body = {"tasks": [task.code], "units": [WARD, OTHER_WARD], "addressee": "front"}
    seen = send(client, f"{SLUG}/assignments/", body | {"is_preview": True})
    assert (seen.status_code, seen.json()) == (200, {"new": 1, "existing": 1})
    assert task.assignments.count() == 1
    given = send(client, f"{SLUG}/assignments/", body)
    assert given.status_code == 201
    row = task.assignments.get(unit__code=OTHER_WARD)
    assert given.json() == {"new": 1, "existing": 1, "ids": [str(row.public_id)]}
    assert row.addressee == "front"
    assert send(client, f"{SLUG}/assignments/", body).json()["new"] == 0


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"tasks": ["1699-cv-tu-1-plan"]}, "tasks"),
        ({"tasks": []}, "tasks"),
        ({"units": ["99999"]}, "units"),
        ({"units": ["CITY"]}, "units"),
        ({"due_on": "2020-01-06"}, "due_on"),
        ({"addressee": "x"}, "addressee"),
    ],
)
def test_wrong_giving_is_named(
    sign_in: SignIn, task: Task, changes: dict[str, Any], field: str
) -> None:
    body = {"tasks": [task.code], "units": [WARD]} | changes
    answer = send(sign_in("propaganda"), f"{SLUG}/assignments/", body)
    assert (answer.status_code, list(answer.json()["fields"])) == (400, [field])
    assert not task.assignments.exists()


def test_tasks_of_a_draft_are_not_given(sign_in: SignIn) -> None:
    made = task_of(group_of(entered()))
    answer = send(
        sign_in("propaganda"), f"{SLUG}/assignments/", {"tasks": [made.code], "units": [WARD]}
    )
    assert (answer.status_code, list(answer.json()["fields"])) == (400, ["tasks"])


def numbers(client: Client, **query: str) -> list[str]:
    return [row["number"] for row in client.get(ROOT, query).json()["results"]]


def test_the_list_is_searched_and_filtered(sign_in: SignIn) -> None:
    entered()
    client = sign_in("propaganda")
    assert numbers(client, q="doi thoai voi") == ["21-CV/TU"]
    assert numbers(client, kind="directive") == ["36-CT/TU", "07-CT/TU", "12-CT/TU"]
    assert numbers(client, state="draft", q="21-cv") == ["21-CV/TU"]
    page = client.get(ROOT, {"page_size": "1"}).json()
    assert [row["number"] for row in page["results"]] == ["21-CV/TU"]
    assert page["results"][0]["state"] == "draft"
    assert numbers(client, q="x" * 5) == []
    following = client.get(page["next"]).json()
    assert [row["number"] for row in following["results"]] == ["1699-CV/TU"]


@pytest.mark.parametrize("query", [{"kind": "x"}, {"state": "x"}, {"who": "x"}, {"q": "x" * 121}])
def test_a_filter_that_is_none_is_refused_by_name(sign_in: SignIn, query: dict[str, str]) -> None:
    answer = sign_in("propaganda").get(ROOT, query)
    assert answer.status_code == 400
    assert list(answer.json()["fields"]) == list(query)
