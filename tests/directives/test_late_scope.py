"""What counts as late is of the same documents everywhere, and a tile leads to as many rows."""

from typing import Any

import pytest
from django.test import Client

from directives.models import Assignment, Directive
from directives.selectors_brief import brief_read
from directives.selectors_late import EVERY, PERIOD, TASK, LateFilter, late_counts
from directives.selectors_overview import Scope
from tests.directives.giving import give, later, monthly, report, task_make
from tests.directives.overseeing import GROUP, HOME, PASSED, cells
from tests.people import OTHER_WARD, WARD, access_make, person_make

pytestmark = pytest.mark.django_db
DAY = 36  # two reports of months are owed


@pytest.fixture
def city(client: Client, time_machine: Any) -> Client:
    """One assignment late by itself, one by two periods, one by both, one that is done."""
    time_machine.move_to(later(1), tick=False)
    give(task_make(title="Trễ hạn"), WARD, due_on=PASSED)
    give(monthly(title="Trễ kỳ"), OTHER_WARD)
    both = give(monthly(title="Trễ cả hai"), WARD)
    Assignment.objects.filter(pk=both.pk).update(due_on=PASSED)
    report(give(task_make(title="Đã xong"), WARD, due_on=PASSED))
    time_machine.move_to(later(DAY), tick=False)
    client.force_login(person_make("propaganda"))
    return client


def late_total() -> int:
    return sum(cell.late for cell in cells(Scope(), day=DAY).values())


def counts(**chosen: str) -> dict[str, int]:
    return late_counts(access_make("propaganda"), LateFilter(**chosen), later(DAY).date())


@pytest.mark.usefixtures("city")
@pytest.mark.parametrize("state", ["in_force", "replaced"])
def test_table_list_and_brief_count_the_same_documents(state: str) -> None:
    Directive.objects.filter(slug="1699-cv-tu").update(state=state)
    brief = brief_read(access_make("propaganda"), None, later(DAY).date())
    assert counts() == {EVERY: 3, TASK: 2, PERIOD: 2}
    assert late_total() == brief.total.late == brief.late_counts[EVERY] == 3


@pytest.mark.usefixtures("city")
def test_a_replaced_document_counts_as_long_as_something_is_owed() -> None:
    Directive.objects.filter(slug="1699-cv-tu").update(state="replaced")
    assert cells(Scope(), day=DAY)[WARD].total > 0
    rows = Assignment.objects.exclude(state="confirmed")
    rows.update(state="withdrawn", withdrawn_reason="Được thay thế.")
    assert cells(Scope(), day=DAY) == {}
    assert counts() == {EVERY: 0, TASK: 0, PERIOD: 0}


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ({}, 3),
        ({"directive": "1699-cv-tu", "group": GROUP}, 3),
        ({"addressee": "front"}, 0),
        ({"kind": "commune"}, 0),
    ],
)
def test_the_tile_leads_to_as_many_rows(city: Client, query: dict[str, str], rows: int) -> None:
    page = city.get(HOME, query)
    assert page.context["total"].late == rows
    listed = city.get(page.context["links"]["late"])
    assert len(listed.context["rows"]) == rows
    assert listed.context["kind"] == "all"


def test_all_that_is_late_says_what_of_it(city: Client) -> None:
    rows = city.get(f"{HOME}cham/", {"kind": "all"}).context["rows"]
    assert [(row["task"].title, row["what"]) for row in rows] == [
        ("Trễ hạn", "toàn bộ nhiệm vụ"),
        ("Trễ cả hai", "toàn bộ nhiệm vụ"),
        ("Trễ kỳ", "01/11/2026 – 30/11/2026"),
    ]
    file = city.get(f"{HOME}tep/cham/", {"kind": "all", "format": "csv"})
    assert b"".join(file.streaming_content).decode().count("\r\n") == 4
    answer = city.get("/api/v1/assignments/late/", {"kind": "all"}).json()
    assert len(answer["results"]) == 3
