"""What other registers hold about a task stands on its page and in the API."""

from typing import Any

import pytest
from django.test import Client

from accounts.access import Access
from directives import evidence
from directives.evidence import Evidence
from directives.models import Assignment
from tests.directives.giving import give, task_make
from tests.people import person_make

pytestmark = pytest.mark.django_db


@pytest.fixture
def _registers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two registers: one knows something, the other has nothing to do with the task."""
    monkeypatch.setattr(evidence, "_tellers", {})

    def known(access: Access, assignment: Assignment) -> list[Evidence]:
        unit = assignment.unit.full_name
        return [Evidence(f"2 chương trình của {unit}", "/can-bo/", "một sắp hết hạn")]

    evidence.register("first", known)
    evidence.register("second", lambda access, assignment: [])


@pytest.mark.usefixtures("_registers")
def test_the_page_of_a_task_shows_what_registers_hold(client: Client) -> None:
    row = give(task_make())
    client.force_login(person_make("clerk"))
    page = client.get(f"/can-bo/chi-dao/viec/{row.public_id}/").content.decode()
    assert f'<a href="/can-bo/">2 chương trình của {row.unit.full_name}</a>' in page
    assert "một sắp hết hạn" in page


@pytest.mark.usefixtures("_registers")
def test_the_api_gives_it_too(client: Client) -> None:
    row = give(task_make())
    client.force_login(person_make("clerk"))
    found: Any = client.get(f"/api/v1/assignments/{row.public_id}/").json()["evidence"]
    assert [line["url"] for line in found] == ["/can-bo/"]
    assert found[0]["note"] == "một sắp hết hạn"


def test_without_registers_there_is_no_section(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evidence, "_tellers", {})
    row = give(task_make())
    client.force_login(person_make("clerk"))
    page = client.get(f"/can-bo/chi-dao/viec/{row.public_id}/").content.decode()
    assert 'id="evidence"' not in page


def test_a_register_under_the_same_name_takes_the_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evidence, "_tellers", {})
    evidence.register("one", lambda access, assignment: [Evidence("cũ")])
    evidence.register("one", lambda access, assignment: [Evidence("mới")])
    found = evidence.evidence_of(Access(), Assignment())
    assert [row.label for row in found] == ["mới"]
