"""``/api/v1/directives/`` and ``assignments/{id}/reports/``."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from directives.models import Assignment, Directive, UnitPlan

pytestmark = pytest.mark.django_db
ROOT = "/api/v1/directives/"
PersonOf = Callable[[str], User]


@pytest.fixture
def sign_in(client: Client, person: PersonOf) -> Callable[[str], Client]:
    def enter(name: str) -> Client:
        client.force_login(person(name))
        return client

    return enter


SignIn = Callable[[str], Client]


@pytest.mark.parametrize("path", ["", "1699-cv-tu/", "1699-cv-tu/assignments/"])
def test_nobody_gets_401(client: Client, path: str) -> None:
    assert client.get(ROOT + path).status_code == 401


def test_the_list_names_what_comes_with_the_portal(sign_in: SignIn) -> None:
    body = sign_in("propaganda").get(ROOT).json()
    assert [row["slug"] for row in body["results"]] == [
        "1699-cv-tu", "123-kh-ubnd", "36-ct-tu", "07-ct-tu", "12-ct-tu",
    ]  # fmt: skip
    assert body["next"] is None


def test_a_directive_with_groups_and_progress(
    sign_in: SignIn, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = sign_in("propaganda")
    with django_assert_max_num_queries(12):
        body = client.get(ROOT + "1699-cv-tu/").json()
    assert [group["number"] for group in body["groups"]] == [1, 2, 3, 4, 5, 6]
    assert body["groups"][4]["progress"]["assigned"] == 126
    fields = {t["code"]: t["subject_fields"] for g in body["groups"] for t in g["tasks"]}
    assert fields["1699-cv-tu-2-models"] == ["public_service"]
    assert fields["1699-cv-tu-1-study"] == []
    assert {row["kind"] for row in body["relations"]} == {"continues"}
    assert body["units"] == {"asked": 126, "with_plan": 0}


def test_a_unit_is_not_told_of_directives_that_it_cannot_see(sign_in: SignIn) -> None:
    Directive.objects.filter(slug="07-ct-tu").update(is_public=False)
    client = sign_in("secretary")
    assert client.get(ROOT + "07-ct-tu/").status_code == 404
    body = client.get(ROOT + "1699-cv-tu/").json()
    assert "07-ct-tu" not in {row["slug"] for row in body["relations"]}
    body = sign_in("propaganda").get(ROOT + "1699-cv-tu/").json()
    assert "07-ct-tu" in {row["slug"] for row in body["relations"]}


def test_a_unit_sees_only_its_own_progress(sign_in: SignIn) -> None:
    client = sign_in("secretary")
    body = client.get(ROOT + "1699-cv-tu/").json()
    assert body["groups"][4]["progress"]["assigned"] == 1
    rows = client.get(ROOT + "1699-cv-tu/assignments/?page_size=200").json()["results"]
    assert {row["unit"]["code"] for row in rows} == {"00004"}
    none = client.get(ROOT + "1699-cv-tu/assignments/?unit=00008").json()
    assert none["results"] == []


def test_all_assignments_by_pages(
    sign_in: SignIn, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = sign_in("city_secretary")
    seen: list[str] = []
    href = ROOT + "1699-cv-tu/assignments/?page_size=200"
    while href:
        with django_assert_max_num_queries(6):
            body = client.get(href).json()
        seen += [row["id"] for row in body["results"]]
        href = body["next"]
    assert len(seen) == len(set(seen)) == Assignment.objects.count()


def test_filters_by_unit_group_and_state(sign_in: SignIn) -> None:
    client = sign_in("propaganda")
    path = ROOT + "1699-cv-tu/assignments/"
    rows = client.get(path, {"unit": "00008", "group": "4", "state": "assigned"}).json()["results"]
    assert len(rows) == 3
    assert set(rows[0]) >= {"id", "unit", "addressee", "group", "task", "state", "due_on"}
    assert rows[0]["due_on"] is None


@pytest.mark.parametrize(
    "query",
    [{"unit": "99999"}, {"group": "x"}, {"state": "done"}, {"colour": "red"}, {"cursor": "%%"}],
)
def test_a_wrong_filter_is_named(sign_in: SignIn, query: dict[str, str]) -> None:
    answer = sign_in("propaganda").get(ROOT + "1699-cv-tu/assignments/", query)
    assert answer.status_code == 400
    assert list(answer.json()["fields"]) == list(query)


def test_an_unknown_directive_is_not_found(sign_in: SignIn) -> None:
    assert sign_in("propaganda").get(ROOT + "99-ct-tu/").status_code == 404


def post(client: Client, row: Assignment, **changes: Any) -> Any:
    body: dict[str, Any] = {"text": "Đã triển khai.", "state": "in_progress", "version": 1}
    return client.post(
        f"/api/v1/assignments/{row.public_id}/reports/",
        body | changes,
        content_type="application/json",
    )


@pytest.fixture
def own(db: None) -> Assignment:
    return Assignment.objects.get(task__code="1699-cv-tu-5-democracy", unit__code="00004")


def test_a_unit_reports_once_per_version(sign_in: SignIn, own: Assignment) -> None:
    client = sign_in("clerk")
    answer = post(client, own, value="3")
    assert answer.status_code == 201
    assert answer.json()["state"] == "in_progress"
    assert answer.json()["version"] == 2
    stale = post(client, own)
    assert stale.status_code == 409
    assert stale.json()["code"] == "stale"
    assert stale.json()["version"] == 2
    assert own.reports.count() == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"text": ""}, "text"),
        ({"state": "confirmed"}, "state"),
        ({"version": "x"}, "version"),
        ({"percent": 5}, "percent"),
        ({"value": "ba"}, "value"),
        ({"text": 5.5, "state": None}, "state"),
    ],
)
def test_wrong_input_is_named(
    sign_in: SignIn, own: Assignment, changes: dict[str, Any], field: str
) -> None:
    answer = post(sign_in("clerk"), own, **changes)
    assert answer.status_code == 400
    assert field in answer.json()["fields"]
    assert own.reports.count() == 0


@pytest.mark.parametrize(
    ("who", "status"), [("other_clerk", 404), ("propaganda", 403), ("board_officer", 403)]
)
def test_others_do_not_report(sign_in: SignIn, own: Assignment, who: str, status: int) -> None:
    assert post(sign_in(who), own).status_code == status


def test_a_malformed_identifier_is_not_found(sign_in: SignIn) -> None:
    answer = sign_in("clerk").post(
        "/api/v1/assignments/abc/reports/",
        {"text": "x", "state": "in_progress", "version": 1},
        content_type="application/json",
    )
    assert answer.status_code == 404


PLAN = {"number": "12-KH/ĐU", "issued_on": "2026-09-01", "title": "Kế hoạch thực hiện 1699"}


def step(client: Client, row: Assignment, name: str, **body: Any) -> Any:
    path = f"/api/v1/assignments/{row.public_id}/{name}/"
    return client.post(path, {"version": 1} | body, content_type="application/json")


@pytest.fixture
def plan_task(db: None) -> Assignment:
    found = Assignment.objects.filter(task__is_plan=True, unit__code="00004").order_by("id")
    return found[0]


def test_a_unit_records_and_corrects_its_plan(
    by_token: SignIn, plan_task: Assignment, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = by_token("secretary")
    with django_assert_max_num_queries(16):
        answer = step(client, plan_task, "plan", **PLAN)
    assert answer.status_code == 200
    body = answer.json()
    assert (body["state"], body["version"]) == ("in_progress", 2)
    assert PLAN.items() <= body["plan"].items()
    stale = step(client, plan_task, "plan", **PLAN)
    assert (stale.status_code, stale.json()["code"], stale.json()["version"]) == (409, "stale", 2)
    again = step(client, plan_task, "plan", **PLAN | {"number": "13-KH/ĐU", "version": 2})
    assert (again.status_code, again.json()["plan_version"]) == (409, 1)  # the plan was not read
    more = {"number": "13-KH/ĐU", "version": 2, "plan_version": 1}
    again = step(client, plan_task, "plan", **PLAN | more)
    assert again.json()["plan"]["version"] == 2
    assert again.json()["plan"]["number"] == "13-KH/ĐU"
    assert UnitPlan.objects.get().number == "13-KH/ĐU"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"number": " "}, "number"),
        ({"issued_on": "2226-01-01"}, "issued_on"),
        ({"issued_on": "x"}, "issued_on"),
        ({"title": "x" * 301}, "title"),
        ({"version": 0}, "version"),
        ({"state": "done"}, "state"),
    ],
)
def test_wrong_plans_are_named(
    by_token: SignIn, plan_task: Assignment, changes: dict[str, Any], field: str
) -> None:
    answer = step(by_token("secretary"), plan_task, "plan", **PLAN | changes)
    assert (answer.status_code, list(answer.json()["fields"])) == (400, [field])
    assert not UnitPlan.objects.exists()


def test_plans_belong_to_the_unit(
    by_token: SignIn, plan_task: Assignment, own: Assignment, client: Client
) -> None:
    asked = ("other_chair", "propaganda", "board_officer")
    found = [step(by_token(who), plan_task, "plan", **PLAN).status_code for who in asked]
    assert found == [404, 403, 403]
    assert step(client, plan_task, "plan", **PLAN).status_code == 401
    other_task = step(by_token("secretary"), own, "plan", **PLAN)
    assert other_task.status_code == 403


def test_the_city_confirms_or_returns(by_token: SignIn, own: Assignment) -> None:
    post(by_token("clerk"), own, state="reported_done", value="3")
    city = by_token("propaganda")
    no_reason = step(city, own, "review", is_accepted=False, version=2)
    assert (no_reason.status_code, list(no_reason.json()["fields"])) == (400, ["text"])
    stale = step(city, own, "review", is_accepted=True)
    assert (stale.status_code, stale.json()["code"]) == (409, "stale")
    found = [
        step(by_token(who), own, "review", is_accepted=True, version=2).status_code
        for who in ("clerk", "other_chair", "city_secretary")
    ]
    assert found == [403, 404, 403]
    done = step(city, own, "review", is_accepted=True, version=2)
    assert (done.status_code, done.json()["state"], done.json()["version"]) == (200, "confirmed", 3)
