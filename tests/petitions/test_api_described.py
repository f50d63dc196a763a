"""The API says itself what may be sent: filters in its schema, choices with each action."""

from collections.abc import Callable
from typing import Any

import pytest
import yaml
from django.test import Client

from accounts.models import User
from accounts.services import api_token_create
from common.filters import PASSIVE
from petitions.filters import _READERS
from petitions.references import fields_all
from petitions.selectors import ORDERINGS
from tests.people import Story, person_make

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk(person: Callable[[str], User]) -> Client:
    token = api_token_create(user=person("clerk"))
    return Client(headers={"Authorization": f"Token {token}"})


def test_every_filter_of_cases_is_described() -> None:
    schema = yaml.safe_load(Client().get("/api/schema/").content)
    described = {p["name"]: p for p in schema["paths"]["/api/v1/cases/"]["get"]["parameters"]}
    assert set(described) == set(_READERS) | PASSIVE - {"format"}
    assert described["ordering"]["schema"]["enum"] == sorted(ORDERINGS)
    assert not any(path.startswith("/api/{") for path in schema["paths"])


def test_every_operation_says_which_scope_a_token_needs() -> None:
    paths = yaml.safe_load(Client().get("/api/schema/").content)["paths"]

    def not_allowed(path: str, method: str = "get") -> dict[str, Any]:
        return dict(paths[path][method]["responses"]["403"])

    assert "`cases.read` (`scope_missing`)" in not_allowed("/api/v1/cases/")["description"]
    written = not_allowed("/api/v1/cases/{code}/actions/{action}/", "post")
    assert "`cases.write`" in written["description"]
    assert "scope" in written["content"]["application/json"]["schema"]["properties"]
    assert "403" not in paths["/api/v1/units/"]["get"]["responses"]
    secured = [
        (path, method)
        for path, operations in paths.items()
        for method, one in operations.items()
        if method in {"get", "post"}
        and {"token": []} in one.get("security", [])
        and {} not in one["security"]
    ]
    assert all("scope_missing" in not_allowed(*one)["description"] for one in secured)
    assert len(secured) > 15


def test_an_action_names_its_choices(clerk: Client, story: Callable[..., Story]) -> None:
    person_make("handler")
    tale = story()
    tale.do("clerk", "receive", is_signed=True)
    url = f"/api/v1/cases/{tale.filed.code}/available-actions/"
    fields = {
        (row["action"], field["name"]): field["choices"]
        for row in clerk.get(url).json()["results"]
        for field in row["fields"]
    }
    first = fields_all()[0]
    assert fields["classify", "field"][0] == {"value": first.code, "label": first.label_vi}
    officers = {choice["value"] for choice in fields["assign", "assignee"]}
    assert person_make("handler").username in officers


def test_grounds_of_refusal_are_named(clerk: Client, story: Callable[..., Story]) -> None:
    tale = story()
    tale.do("clerk", "receive", is_signed=True)
    tale.do("clerk", "classify", field="land_compensation")
    tale.do("clerk", "assign", assignee=person_make("handler").username)
    rows = clerk.get(f"/api/v1/cases/{tale.filed.code}/available-actions/").json()["results"]
    (propose,) = [row for row in rows if row["action"] == "propose"]
    choices = {field["name"]: field["choices"] for field in propose["fields"]}
    assert {"accept", "decline"} <= {choice["value"] for choice in choices["proposal"]}
    assert all(choice["label"] for listed in choices.values() if listed for choice in listed)
