"""Petitions and conclusions of the unit beside a task that concerns them."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from directives.models import Assignment, Task, TaskField
from directives.related import related_of
from petitions.models import Case, SubjectField
from petitions.services.intake import petition_file
from tests.directives.giving import AT, MONDAY, give, task_make
from tests.people import OTHER_WARD, access_make, filing_make, person_make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _on_the_day(time_machine: Any) -> None:
    time_machine.move_to(AT, tick=False)


def filed(**changes: Any) -> str:
    return petition_file(filing=filing_make(**changes), at=AT - dt.timedelta(days=2)).code


def land_task() -> Assignment:
    task = task_make()
    TaskField.objects.create(task=task, field=SubjectField.objects.get(code="land_compensation"))
    return give(task)


def test_open_petitions_of_the_field_in_that_unit() -> None:
    row, code = land_task(), filed()
    filed(field="environment", kind="recommendation")
    filed(unit=OTHER_WARD, kind="recommendation")
    Case.objects.filter(code=code).update(due_on=MONDAY - dt.timedelta(days=1))
    found = related_of(access_make("clerk"), row, MONDAY)
    assert found
    assert [case.code for case in found.cases] == [code]
    assert (found.counts.open, found.counts.overdue) == (1, 1)
    assert found.fields[0].href.endswith("?unit=00004&field=land_compensation&open=1")


def test_a_task_without_fields_has_none_and_a_document_s_own_count() -> None:
    assert related_of(access_make("clerk"), give(task_make()), MONDAY) is None
    SubjectField.objects.filter(code="environment").update(directive="1699-CV/TU")
    filed(field="environment", kind="recommendation")
    found = related_of(access_make("clerk"), give(task_make()), MONDAY)
    assert found
    assert found.counts.open == 1


@pytest.mark.parametrize("end", ["explain", "dialogue", "oversight", "complaints"])
def test_every_task_of_the_directive_on_land_has_the_unit_s_land_petitions(
    client: Client, end: str
) -> None:
    """36-CT/TU names no unit: the City gives its tasks where land is taken."""
    task = Task.objects.get(code=f"36-ct-tu-1-{end}")
    assert not task.assignments.exists()
    row, code = give(task), filed()
    planning = filed(field="land_planning", subject="Khiếu nại quy hoạch")
    filed(field="environment", kind="recommendation")
    found = related_of(access_make("clerk"), row, MONDAY)
    assert found
    assert {case.code for case in found.cases} == {code, planning}
    assert found.counts
    assert found.counts.open == 2
    client.force_login(person_make("clerk"))
    page = client.get(f"/can-bo/chi-dao/viec/{row.public_id}/").content.decode()
    assert "Đơn và kết luận liên quan" in page
    assert code in page


def test_figures_without_cases_and_neither() -> None:
    row = land_task()
    filed()
    city = related_of(access_make("propaganda"), row, MONDAY)
    assert city
    assert city.counts.open == 1
    assert city.cases == []
    assert city.fields[0].href == ""
    front = related_of(access_make("front"), row, MONDAY)
    assert front
    assert front.counts is None
    assert front.cases == []


def test_no_denunciation_is_part_of_it() -> None:
    row = land_task()
    filed()
    before = related_of(access_make("chair"), row, MONDAY)
    filed(kind="denunciation", respondent={"name": "Ông Thử", "unit": "00025"})
    after = related_of(access_make("chair"), row, MONDAY)
    assert after == before


def test_the_page_shows_the_panel_in_a_fixed_number_of_queries(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    row, code = land_task(), filed()
    client.force_login(person_make("clerk"))
    url = f"/can-bo/chi-dao/viec/{row.public_id}/"
    assert code in client.get(url).content.decode()
    with django_assert_max_num_queries(60) as few:
        client.get(url)
    for n in range(4):
        filed(subject=f"Khiếu nại số {n}")
    with django_assert_max_num_queries(len(few)):
        text = client.get(url).content.decode()
    assert "Đơn và kết luận liên quan" in text
